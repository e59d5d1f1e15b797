//! Entities in, a generation out.
//!
//! [`Builder::add`] takes entities in the order of their ids. It keeps their records; names and strings go to their files as
//! they come, and workers fold the names meanwhile ([`folding`]) into sorted runs. [`Builder::finish`] merges these and
//! writes what names are found in ([`keys`]). Only the records, 48 bytes an entity, and four bytes a name are in memory
//! all at once.

mod folding;
mod keys;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use folding::{Folding, Manner};
use hashbrown::HashMap;
use zerocopy::IntoBytes;
use zerocopy::little_endian::{I16, I32, U16, U32};

use super::manifest::{Counts, FileSum, SUMS, sum};
use super::places::{self, DEGREE, EntityRecord, MACHINE, NO_YEAR, NONE, NameRecord, WEAK, read_text};
use super::words::{WordUse, WordUses};
use crate::entity::{Entity, Name, NameKind, Script, id_order};
use crate::error::{Error, ErrorKind, Result};
use crate::fold::Key;

/// How far a build is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// What is being done.
    pub stage: &'static str,
    /// How much of it is done.
    pub done: u64,
    /// How much there is, 0 where unknown.
    pub total: u64,
}

/// Told how far a build is, from several threads.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Sync);

/// The folder of temporary files during a build.
const SPILL: &str = "runs";

/// Collects entities and writes a generation.
pub struct Builder {
    folder: PathBuf,
    entities: Vec<EntityRecord>,
    names: Written,
    text: Written,
    tags: Interner<u16>,
    parents: Interner<u32>,
    last_id: String,
    words: BTreeMap<String, WordUses>,
    folding: Folding,
}

/// A file that is written from its beginning to its end.
struct Written {
    path: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
}

impl Written {
    fn create(path: PathBuf) -> Result<Written> {
        let file = File::create(&path).map_err(|e| Error::io("write", &path, e))?;
        Ok(Written { path, file: BufWriter::with_capacity(1 << 20, file), bytes: 0 })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|e| Error::io("write", &self.path, e))
    }

    fn flush(&mut self) -> Result<()> {
        self.file.flush().map_err(|e| Error::io("write", &self.path, e))
    }
}

/// Strings that are kept once and numbered.
#[derive(Default)]
struct Interner<N> {
    known: HashMap<String, N>,
    all: Vec<u32>,
}

impl Builder {
    /// Begins to build into an existing, empty folder.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn create(folder: &Path) -> Result<Builder> {
        let spill = folder.join(SPILL);
        fs::create_dir(&spill).map_err(|e| Error::io("create", &spill, e))?;
        // Offset 0 is the empty string, tag 0 and parent 0 are none.
        let mut text = Written::create(folder.join("text.bin"))?;
        text.write(&[0])?;
        let mut tags = Interner::default();
        tags.known.insert(String::new(), 0);
        tags.all.push(0);
        Ok(Builder {
            folder: folder.to_owned(),
            entities: Vec::new(),
            names: Written::create(folder.join("names.bin"))?,
            text,
            tags,
            parents: Interner::default(),
            last_id: String::new(),
            words: BTreeMap::new(),
            folding: Folding::new(&spill),
        })
    }

    /// Takes the next entity.
    ///
    /// # Errors
    /// Where it does not come after the last in the order of ids, has no name, or has one that is too long.
    pub fn add(&mut self, entity: &Entity) -> Result<()> {
        if !self.entities.is_empty() && !id_order(&self.last_id, &entity.id).is_lt() {
            let trouble = if self.last_id == entity.id { "is there twice" } else { "is out of order" };
            return Err(Error::data(format!("the entity {} {trouble}", entity.id)));
        }
        if entity.names.is_empty() {
            return Err(Error::data(format!("the entity {} has no name", entity.id)));
        }
        self.last_id.clone_from(&entity.id);
        let number = self.entities.len() as u32;
        let first_name = self.name_count();
        if first_name + entity.names.len() as u64 > MOST_NAMES || self.entities.len() as u64 >= MOST_NAMES {
            return Err(Error::data("more than two thousand million names cannot be kept"));
        }
        for name in &entity.names {
            let record = self.name(number, name).map_err(|e| match e.kind() {
                ErrorKind::Data => Error::data(format!("the entity {}: {e}", entity.id)),
                _ => e,
            })?;
            self.names.write(record.as_bytes())?;
            let made = name.machine;
            let manner = Manner { spelled: !made, phonetic: !made && name.kind != NameKind::Code };
            self.folding.add(&name.text, manner)?;
        }
        let parent = match &entity.parent {
            Some(id) => self.parent(id)?,
            None => NONE,
        };
        let details = match entity.details.is_empty() {
            true => NONE,
            false => {
                let json = serde_json::to_string(&entity.details)
                    .map_err(|e| Error::data(format!("the entity {} cannot be kept", entity.id)).because(e))?;
                self.text(&json)?
            }
        };
        let id = self.text(&entity.id)?;
        let degrees = |d: f64| I32::new((d * DEGREE).round() as i32);
        self.entities.push(EntityRecord {
            id: U32::new(id),
            feature: entity.feature.to_bytes(),
            country: entity.country.map_or([0; 2], |c| c.to_bytes()),
            kind: entity.kind as u8,
            point: entity.point.map_or(0, |p| if p.derived { 2 } else { 1 }),
            parent: U32::new(parent),
            lat: degrees(entity.point.map_or(0.0, |p| p.lat)),
            lon: degrees(entity.point.map_or(0.0, |p| p.lon)),
            population: U32::new(entity.population),
            prominence: U32::new(entity.population),
            first_name: U32::new(first_name as u32),
            names: U32::new(entity.names.len() as u32),
            details: U32::new(details),
        });
        Ok(())
    }

    /// Takes a word or phrase that is something else beside a name; `weight` says how strongly, from 1.
    pub fn add_word(&mut self, word: &str, sense: WordUse, weight: u8) {
        let key = Key::of(word);
        if !key.is_empty() {
            let senses = self.words.entry(key.as_str().to_owned()).or_default();
            *senses = senses.with(sense, weight);
        }
    }

    fn name(&mut self, entity: u32, name: &Name) -> Result<NameRecord> {
        if name.text.is_empty() || name.text.len() > Name::MAX_BYTES {
            return Err(Error::data(format!(
                "a name of {} bytes cannot be kept (1 to {} can)",
                name.text.len(),
                Name::MAX_BYTES
            )));
        }
        let flags = if name.machine { MACHINE } else { 0 } | if name.weak { WEAK } else { 0 };
        Ok(NameRecord {
            entity: U32::new(entity),
            text: U32::new(self.text(&name.text)?),
            lang: U16::new(self.tag(&name.lang)?),
            source: U16::new(self.tag(&name.source)?),
            by: U16::new(self.tag(&name.by)?),
            since: I16::new(name.since.unwrap_or(NO_YEAR)),
            until: I16::new(name.until.unwrap_or(NO_YEAR)),
            kind: name.kind as u8,
            flags,
            script: Script::of(&name.text).to_bytes(),
        })
    }

    /// How many names there are so far.
    fn name_count(&self) -> u64 {
        self.names.bytes / size_of::<NameRecord>() as u64
    }

    fn text(&mut self, text: &str) -> Result<u32> {
        let at = u32::try_from(self.text.bytes)
            .map_err(|_| Error::data("more than 4 GB of names and ids cannot be kept"))?;
        let mut length = text.len();
        while length >= 0x80 {
            self.text.write(&[length as u8 | 0x80])?;
            length >>= 7;
        }
        self.text.write(&[length as u8])?;
        self.text.write(text.as_bytes())?;
        Ok(at)
    }

    fn tag(&mut self, tag: &str) -> Result<u16> {
        if let Some(&number) = self.tags.known.get(tag) {
            return Ok(number);
        }
        let number = u16::try_from(self.tags.all.len())
            .map_err(|_| Error::data("more than 65,536 different languages, sources and users cannot be kept"))?;
        let at = self.text(tag)?;
        self.tags.known.insert(tag.to_owned(), number);
        self.tags.all.push(at);
        Ok(number)
    }

    fn parent(&mut self, id: &str) -> Result<u32> {
        if let Some(&number) = self.parents.known.get(id) {
            return Ok(number);
        }
        let number = self.parents.all.len() as u32;
        let at = self.text(id)?;
        self.parents.known.insert(id.to_owned(), number);
        self.parents.all.push(at);
        Ok(number)
    }

    /// Writes everything.
    ///
    /// # Errors
    /// If a parent is not an entity, parents form a cycle, or the folder cannot be written to.
    pub fn finish(mut self, watch: Watch<'_>) -> Result<(Counts, Vec<FileSum>)> {
        self.names.flush()?;
        self.text.flush()?;
        let text = places::map(&self.text.path)?;
        resolve_parents(&mut self.entities, &self.parents.all, &text)?;
        drop(text);
        add_up_prominence(&mut self.entities);
        let folder = self.folder;
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            fs::write(&path, bytes).map_err(|e| Error::io("write", &path, e))
        };
        write("entities.bin", self.entities.as_bytes())?;
        let tags: Vec<U32> = self.tags.all.iter().map(|&at| U32::new(at)).collect();
        write("tags.bin", tags.as_bytes())?;
        let words = fst::raw::Fst::from_iter_map(self.words.iter().map(|(word, senses)| (word, senses.bits())));
        let words = words.map_err(|e| Error::index("the words cannot be written").because(e))?;
        write("words.fst", words.as_bytes())?;

        let runs = self.folding.finish()?;
        let entities = self.entities.len() as u64;
        let prominence: Vec<u32> = of_names(&self.entities);
        drop((self.entities, self.parents));
        let spill = folder.join(SPILL);
        let keys = keys::write(runs, &prominence, &folder, &spill, watch)?;
        fs::remove_dir_all(&spill).map_err(|e| Error::io("remove", &spill, e))?;
        let counts = Counts { entities, names: prominence.len() as u64, keys };
        let files =
            ["entities.bin", "names.bin", "text.bin", "tags.bin", "words.fst", "keys.fst", "ends.fst", "postings.bin"];
        let sums: Result<Vec<_>> = files.iter().map(|name| sum(&folder, name)).collect();
        write_search_sums(&folder)?;
        Ok((counts, sums?))
    }
}

/// How many names can be numbered: the highest bit of a posting says something else.
const MOST_NAMES: u64 = 1 << 31;

/// The prominence of each name's entity, by the name's number.
fn of_names(entities: &[EntityRecord]) -> Vec<u32> {
    let each = |entity: &EntityRecord| std::iter::repeat_n(entity.prominence.get(), entity.names.get() as usize);
    entities.iter().flat_map(each).collect()
}

/// Puts the numbers of the parents where the numbers of their ids are; `ids` tells where these lie in the text.
fn resolve_parents(entities: &mut [EntityRecord], ids: &[u32], text: &[u8]) -> Result<()> {
    let find = |&at: &u32| {
        let id = read_text(text, at);
        entities.binary_search_by(|e| id_order(read_text(text, e.id.get()), id)).map_err(|_| id)
    };
    let resolved: Vec<Result<usize, &str>> = ids.iter().map(find).collect();
    let id = |entity: &EntityRecord| read_text(text, entity.id.get());
    for entity in entities.iter_mut().filter(|entity| entity.parent.get() != NONE) {
        match resolved[entity.parent.get() as usize] {
            Ok(number) => entity.parent = U32::new(number as u32),
            Err(parent) => {
                let entity = id(entity);
                return Err(Error::data(format!("the parent of {entity} is {parent}, which is not an entity")));
            }
        }
    }
    for entity in &*entities {
        let above = std::iter::successors(Some(entity), |e| entities.get(e.parent.get() as usize));
        if above.take(18).count() == 18 {
            return Err(Error::data(format!("the containers of {} go in a circle", id(entity))));
        }
    }
    Ok(())
}

/// A unit without a population of its own is as prominent as its towns together.
fn add_up_prominence(entities: &mut [EntityRecord]) {
    let mut sums = vec![0u64; entities.len()];
    for record in entities.iter().filter(|record| record.feature[0] == b'P') {
        let population = u64::from(record.population.get());
        let mut above = record.parent.get();
        while above != NONE {
            sums[above as usize] += population;
            above = entities[above as usize].parent.get();
        }
    }
    for (record, sum) in entities.iter_mut().zip(sums) {
        if record.population.get() == 0 {
            record.prominence = U32::new(u32::try_from(sum).unwrap_or(u32::MAX));
        }
    }
}

/// Writes down the sums of the search engine's files.
fn write_search_sums(folder: &Path) -> Result<()> {
    let search = folder.join("search");
    let files = |dir: &Path| -> Result<Vec<PathBuf>> {
        let entries = fs::read_dir(dir).map_err(|e| Error::io("read", dir, e))?;
        Ok(entries.flatten().map(|entry| entry.path()).collect())
    };
    let mut names = Vec::new();
    for segment in files(&search)? {
        for file in files(&segment)? {
            let name = file.strip_prefix(folder).unwrap_or(&file);
            names.push(name.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"));
        }
    }
    names.retain(|name| !name.ends_with(".lock"));
    names.sort();
    let sums: Result<Vec<_>> = names.iter().map(|name| sum(folder, name)).collect();
    let json = serde_json::to_vec(&sums?).map_err(|e| Error::index("no sums could be made").because(e))?;
    let path = folder.join(SUMS);
    fs::write(&path, json).map_err(|e| Error::io("write", &path, e))
}
