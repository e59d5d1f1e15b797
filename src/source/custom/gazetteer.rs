//! A custom gazetteer that was read and waits to be merged.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use hashbrown::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::fragment::Origin;
use super::layout::Layout;
use super::report::{ConflictKind, Conflicts, Fault};
use super::spool::Spooled;

/// Hashes stand for ids in sets and maps: 8 bytes instead of a string.
pub(super) type IdHash = u64;

/// The hash of an id.
pub(super) fn hash(id: &str) -> IdHash {
    xxh3_64(id.as_bytes())
}

/// What was read from one path: a file, an archive or a folder of files.
#[non_exhaustive]
pub struct CustomGazetteer {
    /// The path, for messages.
    pub path: String,
    /// Number of records, including faulty ones.
    pub records: u64,
    /// Number of faulty records and names.
    pub faulty: u64,
    /// The first 50 faults.
    pub faults: Vec<Fault>,
    /// What was skipped on purpose, and how often.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Number of records that make an entity of their own.
    pub entities: u64,
    /// Number of names.
    pub names: u64,
    /// The layouts of the files, in the order in which they were met.
    pub layouts: Vec<Layout>,
    pub(super) fingerprint: String,
    pub(super) files: Vec<String>,
    pub(super) fragments: Spooled,
    /// The ids that complete records claim to be the same as.
    pub(super) identities: HashSet<IdHash>,
    /// The ids of containers.
    pub(super) parents: HashSet<IdHash>,
    /// The ids of administrative units by their codes: `adm:AZ.09` is `gn:587081`.
    pub(super) unit_codes: HashMap<String, String>,
    pub(super) conflicts: Mutex<Conflicts>,
}

impl CustomGazetteer {
    /// The share of records that are faulty, from 0 to 1.
    pub fn faulty_share(&self) -> f64 {
        if self.records == 0 { 0.0 } else { self.faulty as f64 / self.records as f64 }
    }

    /// The conflicts with other records and with the bundled data. They are known once an index has been built.
    pub fn conflicts(&self) -> Conflicts {
        self.lock_conflicts().clone()
    }

    /// A short text that changes when the content, the field map or the layout does.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(super) fn lock_conflicts(&self) -> std::sync::MutexGuard<'_, Conflicts> {
        self.conflicts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn report_conflict(&self, kind: ConflictKind, origin: Origin, reason: impl FnOnce() -> String) {
        let file = self.files.get(origin.file as usize).unwrap_or(&self.path);
        self.lock_conflicts().add(kind, || Fault { file: file.clone(), line: origin.line, reason: reason() });
    }
}

impl fmt::Debug for CustomGazetteer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomGazetteer")
            .field("path", &self.path)
            .field("layouts", &self.layouts)
            .field("records", &self.records)
            .field("faulty", &self.faulty)
            .field("entities", &self.entities)
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}
