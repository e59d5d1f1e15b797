//! The index: what a build writes once and every use maps.
//!
//! An index directory holds `manifest.json` and, named in it, one generation:
//!
//! | file | what |
//! |---|---|
//! | `entities.bin` | one [`places::EntityRecord`] an entity, in the order of their ids |
//! | `names.bin` | one [`places::NameRecord`] a name, those of one entity together, its main name first |
//! | `text.bin` | every string once: a length (LEB128), then UTF-8 |
//! | `tags.bin` | where the strings are that many names share: languages, sources, users |
//! | `keys.fst` | an automaton from every key to its postings |
//! | `ends.fst` | the same keys read from their ends, for names that are misspelt at the beginning |
//! | `postings.bin` | for a key of several names: their number, then theirs, the most prominent first |
//! | `words.fst` | an automaton from words to their uses besides names |
//! | `sums.json` | the hashes of the files in `search/` |
//! | `search/` | every key's words and phonetic keys: folders `0`, `1` …, each a tantivy index of one segment, the most prominent keys first |
//!
//! [`build`] writes them, [`store`] puts a build in place; [`places`], [`names`], [`words`] and [`search`] read them; [`Index`] is all of
//! them, opened. [`manifest`] records which generation is complete. Nothing here knows how a name is looked up.

pub mod build;
pub mod manifest;
pub mod names;
pub mod places;
pub mod search;
pub mod store;
pub mod words;

use std::path::Path;

use crate::error::{Error, Result};
use crate::fold::Key;
use manifest::Manifest;
use names::{Names, Postings, Slot};
use places::{EntityRef, NameRef, Places};
use search::Search;
use words::Words;

/// An opened index. Opening maps the files and reads none of them; an index may be shared between threads.
pub struct Index {
    /// What the index records about itself.
    pub manifest: Manifest,
    /// Entities and their names, by number.
    pub places: Places,
    /// Keys to names.
    pub names: Names,
    /// What words are besides names of places.
    pub words: Words,
    /// Names by word, phonetic key and consonant skeleton.
    pub search: Search,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("manifest", &self.manifest).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in a directory.
    ///
    /// # Errors
    /// An error of kind [`StaleIndex`](crate::ErrorKind::StaleIndex) if there is no index, it was made by another version, or it is
    /// damaged.
    pub fn open(dir: &Path) -> Result<Index> {
        match Manifest::read(dir)? {
            Some(manifest) => Index::open_manifest(dir, manifest),
            None => Err(Error::stale_index(format!("there is no index in {}", dir.display()))),
        }
    }

    /// Opens the generation that a manifest names.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub(crate) fn open_manifest(dir: &Path, manifest: Manifest) -> Result<Index> {
        if manifest.folding != crate::fold::fingerprint() {
            return Err(Error::stale_index(format!(
                "the index in {} was made by another version of allonym",
                dir.display()
            )));
        }
        if !manifest.is_whole(dir) {
            return Err(Error::stale_index(format!(
                "the index in {} is damaged (a file is missing or cut short)",
                dir.display()
            )));
        }
        let folder = manifest.folder(dir);
        let names = Names::open(&folder)?;
        Ok(Index {
            places: Places::open(&folder)?,
            words: Words::open(&folder)?,
            search: Search::open(&folder.join("search"), names.len())?,
            names,
            manifest,
        })
    }

    /// The entity with an id such as `gn:146970`.
    pub fn get(&self, id: &str) -> Option<EntityRef<'_>> {
        self.places.find(id)
    }

    /// The entity with a number, from 0 on in the order of ids.
    pub fn entity(&self, number: u32) -> Option<EntityRef<'_>> {
        self.places.entity(number)
    }

    /// Every entity, in the order of ids.
    pub fn entities(&self) -> impl Iterator<Item = EntityRef<'_>> {
        (0..self.places.len()).map_while(|number| self.places.entity(number))
    }

    /// The names that fold to a key, the most prominent entity's first.
    pub fn exact(&self, key: &Key) -> Postings<'_> {
        self.names.get(key)
    }

    /// The names behind a slot of the key automaton.
    pub fn names_at(&self, slot: Slot) -> impl Iterator<Item = NameRef<'_>> {
        self.names.postings(slot).filter_map(|posting| self.places.name(posting.name()))
    }

    /// The entities that have a name with the same key as `name`.
    pub fn named(&self, name: &str) -> impl Iterator<Item = EntityRef<'_>> {
        self.names.get(&Key::of(name)).filter_map(|posting| self.places.name(posting.name())?.entity())
    }

    /// Whether an entity lies in one of several containers, all given by number.
    pub fn is_within(&self, number: u32, containers: &[u32]) -> bool {
        self.places.entity(number).is_some_and(|entity| containers.iter().any(|&c| entity.is_within(c)))
    }
}
