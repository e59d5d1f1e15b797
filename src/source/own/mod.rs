//! A user's own gazetteer: files of any common layout, put over the bundled data.
//!
//! [`Own::read`] recognizes the [`Layout`] of a file and turns its records into [pieces](piece), which wait in a
//! [spool]; [`merge`] finds out which of them are the same and what the data has already, and hands them on in the order
//! of ids. One file per layout.

mod cluster;
mod conflict;
mod features;
mod fields;
mod files;
mod geojson;
mod geonames;
mod lang;
mod layout;
mod lines;
mod linked_places;
mod lp_tsv;
pub(super) mod merge;
mod pcodes;
mod piece;
mod spool;
#[cfg(feature = "sqlite")]
mod sqlite;
mod table;
mod wof;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hashbrown::{HashMap, HashSet};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use xxhash_rust::xxh3::xxh3_64;

use crate::entity::Name;
use crate::error::Result;
pub use conflict::{ConflictKind, Conflicts};
pub use fields::{Columns, FIELDS, columns};
use lang::Languages;
pub use layout::Layout;
use piece::{Origin, Piece};
use spool::{Spool, Spooled};

/// How files are read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which column or property holds which field, where its name does not say so.
    pub columns: Columns,
    /// The layout of all files; recognized where none is named.
    pub layout: Option<Layout>,
    /// Where records wait that are too many for memory; the system's place for temporary files where none is named.
    pub waiting: Option<PathBuf>,
}

/// A record that was left out, or a fact that was, and why.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line of the file, from 1; 0 where it has none.
    pub line: u64,
    /// One sentence.
    pub reason: String,
}

/// How many faults and conflicts are kept to be shown; the others are counted.
const KEPT: usize = 50;

/// A path that was read: one file, an archive, or a folder of files.
pub struct Own {
    /// The path, for messages.
    pub path: String,
    /// How many records were read, faulty ones with them.
    pub rows: u64,
    /// How many faults there are.
    pub faulty: u64,
    /// The first of them.
    pub faults: Vec<Fault>,
    /// What was left out on purpose, and how often.
    pub left_out: BTreeMap<&'static str, u64>,
    /// How many records can be entities of their own.
    pub entities: u64,
    /// How many names were read.
    pub names: u64,
    /// The layouts that the files had.
    pub layouts: Vec<Layout>,
    /// Changes when the content, the columns or the layout do.
    pub(super) fingerprint: String,
    files: Vec<String>,
    pieces: Spooled,
    /// Hashes of the ids that whole records are the same as.
    links: HashSet<u64>,
    /// Hashes of the ids that records lie in.
    parents: HashSet<u64>,
    /// What codes of units stand for: `adm:AZ.09` for `gn:587081`.
    codes: HashMap<String, String>,
    conflicts: Mutex<Conflicts>,
}

/// What stands for an id in sets and maps.
fn hash(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

impl Own {
    /// Reads a file, an archive or a folder.
    ///
    /// Ids without a prefix get the file's name as theirs: row `12` of `people.csv` is `people:12`.
    ///
    /// # Errors
    /// Where a file cannot be read, is cut short, has no known layout or lacks what its layout needs. Faulty records are
    /// no error: they are left out and told in [`Own::faults`].
    pub fn read(path: &Path, options: &Options) -> Result<Own> {
        let waiting = options.waiting.clone().unwrap_or_else(std::env::temp_dir);
        let mut sink = Sink {
            spool: Spool::create(&waiting)?,
            columns: &options.columns,
            prefix: String::new(),
            file: String::new(),
            languages: Languages::default(),
            own: Own {
                path: path.display().to_string(),
                rows: 0,
                faulty: 0,
                faults: Vec::new(),
                left_out: BTreeMap::new(),
                entities: 0,
                names: 0,
                layouts: Vec::new(),
                fingerprint: String::new(),
                files: Vec::new(),
                pieces: Spool::create(&waiting)?.finish()?,
                links: HashSet::new(),
                parents: HashSet::new(),
                codes: HashMap::new(),
                conflicts: Mutex::default(),
            },
        };
        let mut sums: Vec<u8> = options.columns.iter().flat_map(|(a, b)| format!("{a}={b}\n").into_bytes()).collect();
        sums.extend(options.layout.map_or("", Layout::as_str).as_bytes());
        let sum = files::each(path, &waiting, &mut |document| sink.document(document, options.layout))?;
        sums.extend_from_slice(sum.as_bytes());
        let Sink { spool, mut own, .. } = sink;
        own.pieces = spool.finish()?;
        own.fingerprint = crate::digest::hash(&sums);
        Ok(own)
    }

    /// The share of its records that are faulty, from 0 to 1.
    pub fn share_faulty(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.faulty as f64 / self.rows as f64 }
    }

    /// What its records contradict; known once an index was built of them.
    pub fn conflicts(&self) -> Conflicts {
        self.conflicts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn file(&self, origin: Origin) -> &str {
        self.files.get(origin.file as usize).map_or(&self.path, String::as_str)
    }

    fn conflict(&self, kind: ConflictKind, origin: Origin, reason: impl FnOnce() -> String) {
        let mut conflicts = self.conflicts.lock().unwrap_or_else(PoisonError::into_inner);
        conflicts.add(kind, || Fault { file: self.file(origin).to_owned(), line: origin.line, reason: reason() });
    }
}

/// Where layouts put what they read.
struct Sink<'a> {
    own: Own,
    spool: Spool,
    /// Which column holds which field.
    columns: &'a Columns,
    /// The prefix of ids that have none.
    prefix: String,
    /// The name of the file that is being read.
    file: String,
    languages: Languages,
}

impl Sink<'_> {
    fn document(&mut self, document: &mut files::Document<'_>, named: Option<Layout>) -> Result<()> {
        let base = document.base().to_owned();
        let stem = base.split('.').next().unwrap_or_default().to_lowercase();
        self.prefix = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        self.file = document.name.clone();
        self.own.files.push(document.name.clone());
        let layout = match named {
            Some(layout) => layout,
            None => Layout::recognize(document)?,
        };
        if !self.own.layouts.contains(&layout) {
            self.own.layouts.push(layout);
        }
        let read = match layout {
            Layout::Table => table::read(document, self),
            Layout::GeoNames => geonames::places(document, self),
            Layout::GeoNamesNames => geonames::names(document, self),
            Layout::GeoNamesHierarchy => geonames::hierarchy(document, self),
            Layout::GeoNamesAdmin => geonames::units(document, self),
            Layout::Wof => wof::read(document, self),
            #[cfg(feature = "sqlite")]
            Layout::WofSqlite => sqlite::read(document, self),
            #[cfg(not(feature = "sqlite"))]
            Layout::WofSqlite => Err(crate::error::Error::usage("this allonym reads no SQLite; build it with --features sqlite")),
            Layout::LinkedPlaces => linked_places::read(document, self),
            Layout::LpTsv => lp_tsv::read(document, self),
            Layout::Pcodes => pcodes::read(document, self),
            Layout::GeoJson => geojson::read(document, self),
        };
        read.map_err(|e| e.in_file(&document.name))
    }

    /// Counts a record.
    fn row(&mut self) {
        self.own.rows += 1;
    }

    /// Counts a fault.
    fn fault(&mut self, line: u64, reason: impl Into<String>) {
        self.own.faulty += 1;
        if self.own.faults.len() < KEPT {
            self.own.faults.push(Fault { file: self.file.clone(), line, reason: reason.into() });
        }
    }

    /// Counts what is left out on purpose.
    fn leave_out(&mut self, what: &'static str) {
        *self.own.left_out.entry(what).or_default() += 1;
    }

    /// Says which unit a code stands for.
    fn code(&mut self, code: String, id: &str) {
        self.own.codes.entry(code).or_insert_with(|| id.to_owned());
    }

    /// A language as BCP 47 writes it; empty, and counted, where there is no such language.
    fn language(&mut self, raw: &str) -> String {
        match self.languages.tag(raw) {
            Some(tag) => tag.to_owned(),
            None => {
                self.leave_out("languages that are none, their names kept");
                String::new()
            }
        }
    }

    /// A name as its source has it.
    fn name(&self, text: &str) -> Name {
        Name { text: text.to_owned(), source: self.prefix.clone(), ..Name::default() }
    }

    /// Takes a piece; what cannot be kept of it is a fault.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn piece(&mut self, line: u64, mut piece: Piece) -> Result<()> {
        let entity = &mut piece.entity;
        let id = &entity.id;
        if !is_id(id) {
            let shown: String = id.chars().take(60).collect();
            self.fault(line, format!("'{shown}' is no id; it should be short and have no space in it"));
            return Ok(());
        }
        let mut names: Vec<Name> = Vec::with_capacity(entity.names.len());
        for mut name in std::mem::take(&mut entity.names) {
            if is_nfc_quick(name.text.chars()) != IsNormalized::Yes || name.text.trim().len() != name.text.len() {
                name.text = name.text.trim().nfc().collect();
            }
            if name.text.len() > Name::MAX_BYTES {
                self.fault(line, format!("a name is longer than {} bytes", Name::MAX_BYTES));
                continue;
            }
            if !name.text.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        entity.names = names;
        if piece.whole && entity.names.is_empty() {
            self.fault(line, "the record has no name");
            return Ok(());
        }
        let own_id = entity.id.clone();
        entity.details.same_as.retain(|id| *id != own_id && is_id(id));
        if piece.whole {
            self.own.entities += 1;
            self.own.links.extend(entity.details.same_as.iter().map(|id| hash(id)));
        }
        self.own.names += entity.names.len() as u64;
        self.own.parents.extend(entity.parent.iter().flat_map(|ids| ids.split(' ')).map(hash));
        piece.origin = Origin { own: 0, file: (self.own.files.len() - 1) as u32, line };
        self.spool.push(&piece)
    }
}

/// Whether a text can be an id: a prefix, a colon and more, without spaces.
fn is_id(id: &str) -> bool {
    let parts = id.split_once(':');
    id.len() <= 500
        && parts.is_some_and(|(prefix, rest)| !prefix.is_empty() && !rest.is_empty())
        && !id.contains(|c: char| c.is_whitespace() || c.is_control())
}
