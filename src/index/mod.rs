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
//! | `words.fst` | an automaton from words that are no names, or not only, to what they are |
//! | `sums.json` | the hashes of the files in `search/` |
//! | `search/` | every key's words, phonetic keys and consonant skeletons: folders `0`, `1` …, each a tantivy index of one segment, the most prominent keys first |
//!
//! [`build`] writes them; [`places`], [`names`] and [`search`] read them; [`manifest`] says which generation is whole.

pub mod build;
pub mod manifest;
pub mod names;
pub mod places;
pub mod search;
pub mod words;
