//! Collects what the readers of all layouts read: checks, counts and keeps it.

use std::collections::BTreeMap;
use std::path::Path;

use hashbrown::{HashMap, HashSet};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::document::Document;
use super::fields::FieldMap;
use super::fragment::{Fragment, Origin};
use super::gazetteer::{CustomGazetteer, hash};
use super::lang::Languages;
use super::layout::Layout;
use super::report::{FAULTS_KEPT, Fault};
use super::spool::Spool;
use crate::entity::{Entity, Name};
use crate::error::Result;

/// The longest id that is taken, in bytes.
const LONGEST_ID: usize = 500;

/// Takes the records of one custom gazetteer.
pub(super) struct Importer<'a> {
    /// The columns or properties of fields whose own names do not say so.
    pub(super) columns: &'a FieldMap,
    /// The prefix for ids that have none.
    pub(super) prefix: String,
    gazetteer: CustomGazetteer,
    spool: Spool,
    /// The name of the current file.
    file: String,
    languages: Languages,
}

impl<'a> Importer<'a> {
    /// Begins the gazetteer of a path; temporary files lie in `temp_dir`.
    pub(super) fn new(path: &str, columns: &'a FieldMap, temp_dir: &Path) -> Result<Importer<'a>> {
        let gazetteer = CustomGazetteer {
            path: path.to_owned(),
            records: 0,
            faulty: 0,
            faults: Vec::new(),
            skipped: BTreeMap::new(),
            entities: 0,
            names: 0,
            layouts: Vec::new(),
            fingerprint: String::new(),
            files: Vec::new(),
            fragments: Spool::create(temp_dir)?.finish()?,
            identities: HashSet::new(),
            parents: HashSet::new(),
            unit_codes: HashMap::new(),
            conflicts: Default::default(),
        };
        Ok(Importer {
            columns,
            prefix: String::new(),
            gazetteer,
            spool: Spool::create(temp_dir)?,
            file: String::new(),
            languages: Languages::default(),
        })
    }

    /// Ends the import.
    pub(super) fn finish(mut self, fingerprint: String) -> Result<CustomGazetteer> {
        self.gazetteer.fragments = self.spool.finish()?;
        self.gazetteer.fingerprint = fingerprint;
        Ok(self.gazetteer)
    }

    /// Begins a file.
    pub(super) fn begin(&mut self, document: &Document<'_>) {
        let stem = document.base().split('.').next().unwrap_or_default().to_lowercase();
        self.prefix = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        self.file.clone_from(&document.name);
        self.gazetteer.files.push(document.name.clone());
    }

    pub(super) fn add_layout(&mut self, layout: Layout) {
        if !self.gazetteer.layouts.contains(&layout) {
            self.gazetteer.layouts.push(layout);
        }
    }

    /// Counts a record.
    pub(super) fn count_record(&mut self) {
        self.gazetteer.records += 1;
    }

    /// Counts a fault.
    pub(super) fn fault(&mut self, line: u64, reason: impl Into<String>) {
        self.gazetteer.faulty += 1;
        if self.gazetteer.faults.len() < FAULTS_KEPT {
            self.gazetteer.faults.push(Fault { file: self.file.clone(), line, reason: reason.into() });
        }
    }

    /// Counts something that is skipped on purpose.
    pub(super) fn skip(&mut self, what: &'static str) {
        *self.gazetteer.skipped.entry(what).or_default() += 1;
    }

    /// Records the id of the administrative unit with a code.
    pub(super) fn add_unit_code(&mut self, code: String, id: &str) {
        self.gazetteer.unit_codes.entry(code).or_insert_with(|| id.to_owned());
    }

    /// A language as a BCP 47 tag; empty, and counted, if there is no such language.
    pub(super) fn language(&mut self, raw: &str) -> String {
        match self.languages.tag(raw) {
            Some(tag) => tag.to_owned(),
            None => {
                self.skip("unknown languages, their names kept without one");
                String::new()
            }
        }
    }

    /// A name with the current file as its source.
    pub(super) fn name(&self, text: &str) -> Name {
        Name { text: text.to_owned(), source: self.prefix.clone(), ..Name::default() }
    }

    /// Takes the outcome of reading one record: a fragment, nothing, or a fault.
    pub(super) fn take(&mut self, line: u64, read: Result<Option<Fragment>>) -> Result<()> {
        match read {
            Ok(Some(fragment)) => self.add(line, fragment),
            Ok(None) => Ok(()),
            Err(e) => {
                self.fault(line, e.to_string());
                Ok(())
            }
        }
    }

    /// Takes a fragment. What is invalid about it is a fault.
    ///
    /// # Errors
    /// Returns an error if the fragment cannot be written to the temporary file.
    pub(super) fn add(&mut self, line: u64, mut fragment: Fragment) -> Result<()> {
        let entity = &mut fragment.entity;
        if !is_id(&entity.id) {
            let shown: String = entity.id.chars().take(60).collect();
            self.fault(line, format!("invalid id '{shown}'; an id is short and has no spaces"));
            return Ok(());
        }
        self.check_names(line, entity);
        if fragment.complete && entity.names.is_empty() {
            self.fault(line, "the record has no name");
            return Ok(());
        }
        for links in [&mut entity.details.same_as, &mut entity.details.close_match] {
            links.retain(|other| *other != entity.id && is_id(other));
        }
        let gazetteer = &mut self.gazetteer;
        if fragment.complete {
            gazetteer.entities += 1;
            gazetteer.identities.extend(entity.details.same_as.iter().map(|id| hash(id)));
        }
        gazetteer.names += entity.names.len() as u64;
        gazetteer.parents.extend(entity.parent.iter().flat_map(|ids| ids.split(' ')).map(hash));
        fragment.origin = Origin { gazetteer: 0, file: (gazetteer.files.len() - 1) as u32, line };
        self.spool.push(&fragment)
    }

    /// Brings names into NFC and drops empty, too long and repeated ones.
    fn check_names(&mut self, line: u64, entity: &mut Entity) {
        for name in &mut entity.names {
            let trimmed = name.text.trim();
            if is_nfc_quick(trimmed.chars()) != IsNormalized::Yes || trimmed.len() != name.text.len() {
                name.text = trimmed.nfc().collect();
            }
        }
        let too_long = entity.names.iter().filter(|name| name.text.len() > Name::MAX_BYTES).count();
        for _ in 0..too_long {
            self.fault(line, format!("a name is longer than {} bytes", Name::MAX_BYTES));
        }
        let mut seen: HashSet<&Name> = HashSet::with_capacity(entity.names.len());
        let keep: Vec<bool> = entity
            .names
            .iter()
            .map(|name| !name.text.is_empty() && name.text.len() <= Name::MAX_BYTES && seen.insert(name))
            .collect();
        drop(seen);
        let mut keep = keep.into_iter();
        entity.names.retain(|_| keep.next().unwrap_or_default());
    }
}

/// Whether a text can be an id: a prefix, a colon and more, without spaces.
fn is_id(id: &str) -> bool {
    let parts = id.split_once(':');
    id.len() <= LONGEST_ID
        && parts.is_some_and(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty())
        && !id.contains(|c: char| c.is_whitespace() || c.is_control())
}
