//! Entities in, a generation out.
//!
//! [`Builder::add`] takes entities in the order of their ids and keeps only their records; [`Builder::finish`] folds the
//! names over all cores, sorts the keys, and writes the automaton and tantivy's index side by side.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::mpsc;

use hashbrown::HashMap;
use rayon::prelude::*;
use zerocopy::IntoBytes;
use zerocopy::little_endian::{I16, I32, U16, U32};

use super::manifest::{Counts, FileSum, SUMS, sum};
use super::names::{SPELLED, Slot};
use super::places::{DEGREE, EntityRecord, MACHINE, NO_YEAR, NONE, NameRecord, WEAK, read_text};
use super::search::{Document, Writer};
use super::words::{Sense, Senses};
use crate::entity::{Entity, Name, NameKind, Script, id_order};
use crate::error::{Error, Result};
use crate::fold::{self, Folded, Key};

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

/// Memory that tantivy may fill before it complains; one segment is written, whatever its size.
const SEARCH_MEMORY: usize = 1 << 30;

/// Collects entities and writes a generation.
pub struct Builder {
    entities: Vec<EntityRecord>,
    names: Vec<NameRecord>,
    text: Vec<u8>,
    tags: Interner<u16>,
    parents: Interner<u32>,
    last_id: String,
    words: BTreeMap<String, Senses>,
}

impl Default for Builder {
    fn default() -> Builder {
        // Offset 0 is the empty string, tag 0 and parent 0 are none.
        let mut builder = Builder {
            entities: Vec::new(),
            names: Vec::new(),
            text: vec![0],
            tags: Interner::default(),
            parents: Interner::default(),
            last_id: String::new(),
            words: BTreeMap::new(),
        };
        builder.tags.known.insert(String::new(), 0);
        builder.tags.all.push(0);
        builder
    }
}

/// Strings that are kept once and numbered.
#[derive(Default)]
struct Interner<N> {
    known: HashMap<String, N>,
    all: Vec<u32>,
}

impl Builder {
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
        let first_name = self.names.len() as u32;
        for name in &entity.names {
            let record = self.name(number, name).map_err(|e| Error::data(format!("the entity {}: {e}", entity.id)))?;
            self.names.push(record);
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
            first_name: U32::new(first_name),
            names: U32::new(entity.names.len() as u32),
            details: U32::new(details),
        });
        Ok(())
    }

    /// Takes a word or phrase that is something else beside a name; `weight` says how strongly, from 1.
    pub fn add_word(&mut self, word: &str, sense: Sense, weight: u8) {
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

    fn text(&mut self, text: &str) -> Result<u32> {
        let at = u32::try_from(self.text.len()).map_err(|_| Error::data("more than 4 GB of names cannot be kept"))?;
        let mut length = text.len();
        while length >= 0x80 {
            self.text.push(length as u8 | 0x80);
            length >>= 7;
        }
        self.text.push(length as u8);
        self.text.extend_from_slice(text.as_bytes());
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

    /// Writes everything into an existing, empty folder.
    ///
    /// # Errors
    /// Where a parent is no entity, the parents go in a circle, or the folder cannot be written to.
    pub fn finish(mut self, folder: &Path, watch: Watch<'_>) -> Result<(Counts, Vec<FileSum>)> {
        self.resolve_parents()?;
        self.add_up_prominence();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            fs::write(&path, bytes).map_err(|e| Error::io("write", &path, e))
        };
        write("entities.bin", self.entities.as_bytes())?;
        write("names.bin", self.names.as_bytes())?;
        write("text.bin", &self.text)?;
        let tags: Vec<U32> = self.tags.all.iter().map(|&at| U32::new(at)).collect();
        write("tags.bin", tags.as_bytes())?;
        let words = fst::raw::Fst::from_iter_map(self.words.iter().map(|(word, senses)| (word, senses.bits())));
        let words = words.map_err(|e| Error::index("the words cannot be written").because(e))?;
        write("words.fst", words.as_bytes())?;

        let keys = self.keys(watch);
        let key_count = self.write_keys(&keys, folder, watch)?;
        let counts = Counts { entities: self.entities.len() as u64, names: self.names.len() as u64, keys: key_count };
        let files =
            ["entities.bin", "names.bin", "text.bin", "tags.bin", "words.fst", "keys.fst", "ends.fst", "postings.bin"];
        let sums: Result<Vec<_>> = files.iter().map(|name| sum(folder, name)).collect();
        write_search_sums(folder)?;
        Ok((counts, sums?))
    }

    fn id(&self, entity: usize) -> &str {
        read_text(&self.text, self.entities[entity].id.get())
    }

    fn resolve_parents(&mut self) -> Result<()> {
        let find = |at: u32| {
            let id = read_text(&self.text, at);
            let found = self.entities.binary_search_by(|e| id_order(read_text(&self.text, e.id.get()), id));
            found.map_err(|_| id.to_owned())
        };
        let resolved: Vec<Result<usize, String>> = self.parents.all.iter().map(|&at| find(at)).collect();
        for entity in 0..self.entities.len() {
            let parent = self.entities[entity].parent.get();
            if parent == NONE {
                continue;
            }
            match &resolved[parent as usize] {
                Ok(number) => self.entities[entity].parent = U32::new(*number as u32),
                Err(id) => {
                    return Err(Error::data(format!(
                        "the entity {} says that it lies in {id}, which is no entity",
                        self.id(entity)
                    )));
                }
            }
        }
        for entity in 0..self.entities.len() {
            let mut above = self.entities[entity].parent.get();
            for _ in 0..16 {
                if above == NONE {
                    break;
                }
                above = self.entities[above as usize].parent.get();
            }
            if above != NONE {
                return Err(Error::data(format!("the containers of {} go in a circle", self.id(entity))));
            }
        }
        Ok(())
    }

    /// A unit without a population of its own is as prominent as its towns together.
    fn add_up_prominence(&mut self) {
        let mut sums = vec![0u64; self.entities.len()];
        for entity in 0..self.entities.len() {
            let record = &self.entities[entity];
            if record.feature[0] != b'P' {
                continue;
            }
            let population = u64::from(record.population.get());
            let mut above = record.parent.get();
            while above != NONE {
                sums[above as usize] += population;
                above = self.entities[above as usize].parent.get();
            }
        }
        for (record, sum) in self.entities.iter_mut().zip(sums) {
            if record.population.get() == 0 {
                record.prominence = U32::new(u32::try_from(sum).unwrap_or(u32::MAX));
            }
        }
    }

    /// Folds every name, over all cores; sorted by key, then by prominence.
    fn keys(&self, watch: Watch<'_>) -> Keys {
        const BATCH: usize = 1 << 14;
        let total = self.names.len() as u64;
        let done = std::sync::atomic::AtomicU64::new(0);
        let parts: Vec<Keys> = (0..self.names.len().div_ceil(BATCH))
            .into_par_iter()
            .map(|batch| {
                let range = batch * BATCH..((batch + 1) * BATCH).min(self.names.len());
                let mut keys = Keys::default();
                let mut folded = Folded::default();
                for number in range.clone() {
                    let text = read_text(&self.text, self.names[number].text.get());
                    folded.read(text);
                    keys.push(&folded.key(), number as u32);
                    if self.names[number].flags & MACHINE == 0 {
                        for key in fold::spellings(text) {
                            keys.push(key.as_str(), number as u32 | SPELLED);
                        }
                    }
                }
                let before = done.fetch_add(range.len() as u64, std::sync::atomic::Ordering::Relaxed);
                watch(Progress { stage: "folding names", done: before + range.len() as u64, total });
                keys
            })
            .collect();
        let mut keys = Keys::default();
        for part in parts {
            keys.append(part);
        }
        let letters = &keys.letters;
        keys.entries.par_sort_unstable_by(|a, b| {
            let rank = |entry: &Entry| {
                let entity = self.names[(entry.posting & !SPELLED) as usize].entity.get();
                (
                    std::cmp::Reverse(self.entities[entity as usize].prominence.get()),
                    entry.posting & !SPELLED,
                    entry.posting,
                )
            };
            entry_key(letters, a).cmp(entry_key(letters, b)).then_with(|| rank(a).cmp(&rank(b)))
        });
        keys
    }

    /// Writes the automaton, the postings and tantivy's index; returns how many keys there are.
    fn write_keys(&self, keys: &Keys, folder: &Path, watch: Watch<'_>) -> Result<u64> {
        let mut groups: Vec<Group> = Vec::with_capacity(keys.entries.len());
        for (at, entry) in keys.entries.iter().enumerate() {
            let key = entry_key(&keys.letters, entry);
            if key.is_empty() {
                continue; // a name of signs alone: kept, found by its id
            }
            match groups.last_mut() {
                Some(group) if entry_key(&keys.letters, &keys.entries[group.first as usize]) == key => group.count += 1,
                _ => groups.push(Group { first: at as u32, count: 1, slot: Slot(0), prominence: 0 }),
            }
        }
        let mut postings: Vec<U32> = vec![U32::new(0)];
        for group in &mut groups {
            let entries = &keys.entries[group.range()];
            group.prominence = self.prominence(entries[0].posting);
            group.slot = match entries {
                [one] => Slot(u64::from(one.posting) << 1 | 1),
                many => {
                    let at = postings.len() as u64;
                    postings.push(U32::new(many.len() as u32));
                    postings.extend(many.iter().map(|entry| U32::new(entry.posting)));
                    Slot(at << 1)
                }
            };
        }
        let path = folder.join("postings.bin");
        fs::write(&path, postings.as_bytes()).map_err(|e| Error::io("write", &path, e))?;

        let key = |group: &Group| entry_key(&keys.letters, &keys.entries[group.first as usize]);
        let automata = || -> Result<()> {
            write_automaton(groups.iter().map(|group| (key(group), group.slot)), &folder.join("keys.fst"))?;
            let backwards = |group: &Group| -> Vec<u8> {
                std::str::from_utf8(key(group)).unwrap_or_default().chars().rev().collect::<String>().into_bytes()
            };
            let mut ends: Vec<(Vec<u8>, Slot)> =
                groups.par_iter().map(|group| (backwards(group), group.slot)).collect();
            ends.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
            write_automaton(ends.iter().map(|(key, slot)| (&key[..], *slot)), &folder.join("ends.fst"))
        };
        let (automata, search) = rayon::join(automata, || self.write_search(keys, &groups, folder, watch));
        automata?;
        search?;
        Ok(groups.len() as u64)
    }

    fn prominence(&self, posting: u32) -> u32 {
        let entity = self.names[(posting & !SPELLED) as usize].entity.get();
        self.entities[entity as usize].prominence.get()
    }

    fn write_search(&self, keys: &Keys, groups: &[Group], folder: &Path, watch: Watch<'_>) -> Result<()> {
        let dir = folder.join("search");
        fs::create_dir(&dir).map_err(|e| Error::io("create", &dir, e))?;
        let mut order: Vec<u32> = (0..groups.len() as u32).collect();
        order.par_sort_unstable_by_key(|&g| (std::cmp::Reverse(groups[g as usize].prominence), g));
        let mut writer = Writer::create(&dir, SEARCH_MEMORY)?;
        let total = order.len() as u64;
        // One thread works the sounds out, the other indexes them.
        let (send, receive) = mpsc::sync_channel::<Vec<Sounds>>(16);
        std::thread::scope(|scope| {
            scope.spawn(move || {
                for batch in order.chunks(1024) {
                    let sounds: Vec<Sounds> = batch.iter().map(|&g| self.sounds(keys, &groups[g as usize])).collect();
                    if send.send(sounds).is_err() {
                        return;
                    }
                }
            });
            let mut done = 0;
            for batch in receive {
                for s in &batch {
                    let (words, sounds, bones, slot) = (&s.words, &s.sounds, &s.bones, s.slot);
                    writer.add(&Document { words, sounds, bones, slot })?;
                }
                done += batch.len() as u64;
                watch(Progress { stage: "indexing keys", done, total });
            }
            writer.finish(&dir)
        })
    }

    /// What tantivy is to know of a key.
    fn sounds(&self, keys: &Keys, group: &Group) -> Sounds {
        let entries = &keys.entries[group.range()];
        let mut folded = Folded::default();
        folded.read(std::str::from_utf8(entry_key(&keys.letters, &entries[0])).unwrap_or_default());
        let words: Vec<&str> = folded.words().iter().map(|word| folded.letters(word)).collect();
        let mut sounds: Vec<String> = Vec::new();
        let mut bones: Vec<String> = Vec::new();
        let mut last = "";
        // The spellings behind one key differ in little: a few tell all the sounds.
        for entry in entries.iter().take(16) {
            let record = &self.names[(entry.posting & !SPELLED) as usize];
            let text = read_text(&self.text, record.text.get());
            let silent =
                record.flags & MACHINE != 0 || record.kind == NameKind::Code as u8 || entry.posting & SPELLED != 0;
            if silent || text == last {
                continue;
            }
            last = text;
            let sound = fold::sound(text);
            let bone = fold::bones_of(&sound);
            for (all, one) in [(&mut sounds, sound), (&mut bones, bone)] {
                if one.len() > 1 && !all.contains(&one) {
                    all.push(one);
                }
            }
        }
        Sounds { words: words.join(" "), sounds, bones, slot: group.slot }
    }
}

/// Writes down the sums of the search engine's files.
fn write_search_sums(folder: &Path) -> Result<()> {
    let search = folder.join("search");
    let entries = fs::read_dir(&search).map_err(|e| Error::io("read", &search, e))?;
    let mut names: Vec<String> = entries.flatten().map(|e| format!("search/{}", e.file_name().display())).collect();
    names.retain(|name| !name.ends_with(".lock"));
    names.sort();
    let sums: Result<Vec<_>> = names.iter().map(|name| sum(folder, name)).collect();
    let json = serde_json::to_vec(&sums?).map_err(|e| Error::index("no sums could be made").because(e))?;
    let path = folder.join(SUMS);
    fs::write(&path, json).map_err(|e| Error::io("write", &path, e))
}

/// Writes an automaton of keys, which come sorted.
fn write_automaton<'k>(keys: impl Iterator<Item = (&'k [u8], Slot)>, path: &Path) -> Result<()> {
    let refused = |e: fst::Error| match e {
        fst::Error::Io(io) => Error::io("write", path, io),
        other => Error::index(format!("{} cannot be written", path.display())).because(other),
    };
    let file = fs::File::create(path).map_err(|e| Error::io("write", path, e))?;
    let mut builder = fst::raw::Builder::new(std::io::BufWriter::with_capacity(1 << 20, file)).map_err(refused)?;
    for (key, slot) in keys {
        builder.insert(key, slot.0).map_err(refused)?;
    }
    builder.finish().map_err(refused)
}

struct Sounds {
    words: String,
    sounds: Vec<String>,
    bones: Vec<String>,
    slot: Slot,
}

/// A key and the names behind it: a run of entries.
struct Group {
    first: u32,
    count: u32,
    slot: Slot,
    prominence: u32,
}

impl Group {
    fn range(&self) -> std::ops::Range<usize> {
        self.first as usize..(self.first + self.count) as usize
    }
}

/// Keys, packed: millions of little strings would take more memory than their letters.
#[derive(Default)]
struct Keys {
    letters: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy)]
struct Entry {
    at: u32,
    len: u16,
    posting: u32,
}

fn entry_key<'a>(letters: &'a [u8], entry: &Entry) -> &'a [u8] {
    &letters[entry.at as usize..entry.at as usize + entry.len as usize]
}

impl Keys {
    fn push(&mut self, key: &str, posting: u32) {
        // Folding may make a name longer, at most threefold: a key of Name::MAX_BYTES fits.
        let key = &key.as_bytes()[..key.len().min(u16::MAX as usize)];
        self.entries.push(Entry { at: self.letters.len() as u32, len: key.len() as u16, posting });
        self.letters.extend_from_slice(key);
    }

    fn append(&mut self, other: Keys) {
        let offset = self.letters.len() as u32;
        self.letters.extend_from_slice(&other.letters);
        self.entries.extend(other.entries.iter().map(|e| Entry { at: e.at + offset, ..*e }));
    }
}
