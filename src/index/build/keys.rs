//! Sorted keys to the files that names are found in: the automata, the postings, tantivy's index.
//!
//! The keys come merged from their runs, once. What must lie in another order (the keys read from their ends, tantivy's
//! documents by prominence) is sorted through runs of its own; nothing here holds all keys.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use super::folding::{SORT_BUDGET, posting};
use super::{Progress, Watch};
use crate::error::{Error, Result};
use crate::external_sort::{Merge, Runs, Sorter, Storage};
use crate::fold::{self, Folded};
use crate::index::names::{SPELLED, Slot};
use crate::index::search::{Document, Writer};

/// Documents in one of tantivy's segments, at most: what is held in memory while it is written.
const SEGMENT: u64 = 1 << 21;
/// Where there are fewer documents, one segment is enough.
const DIVIDED: u64 = 1 << 16;
/// Names behind one key whose phonetic keys are indexed, at most: the phonetic keys of one key differ little.
const MAX_PHONETIC: usize = 16;
/// Keys that are handed from thread to thread at once.
const BATCH: usize = 1 << 12;

/// A key and what is found through it.
struct Group {
    key: Vec<u8>,
    slot: Slot,
    prominence: u32,
    phonetic_keys: Vec<String>,
}

/// Writes `keys.fst`, `ends.fst`, `postings.bin` and `search/`; returns how many keys there are.
///
/// `prominence` has that of each name's entity, by the name's number.
pub fn write(runs: Runs, prominence: &[u32], folder: &Path, spill: &Path, watch: Watch<'_>) -> Result<u64> {
    let (count, ends, documents) = write_keys(&runs, prominence, folder, spill, watch)?;
    drop(runs); // frees the disk
    let (ends, search) = rayon::join(
        || write_ends(&ends, &folder.join("ends.fst")),
        || write_search(&documents, count, &folder.join("search"), watch),
    );
    ends.and(search)?;
    Ok(count)
}

/// Merges the runs into the automaton and the postings; the keys' ends and tantivy's documents go into runs.
fn write_keys(
    runs: &Runs,
    prominence: &[u32],
    folder: &Path,
    spill: &Path,
    watch: Watch<'_>,
) -> Result<(u64, Runs, Runs)> {
    let path = folder.join("keys.fst");
    let (to_automaton, groups) = sync_channel::<Vec<Group>>(4);
    let (to_sorters, written) = sync_channel::<Vec<Group>>(4);
    std::thread::scope(|scope| {
        let path = &path;
        let automaton = scope.spawn(move || -> Result<u64> {
            let mut automaton = Automaton::create(path)?;
            let mut count = 0;
            for batch in groups {
                batch.iter().try_for_each(|group| automaton.insert(&group.key, group.slot))?;
                count += batch.len() as u64;
                if to_sorters.send(batch).is_err() {
                    break; // its own error is the one to tell
                }
            }
            automaton.finish().map(|()| count)
        });
        let sorters = scope.spawn(move || sort_groups(&written, spill));
        let merged =
            merge(runs, prominence, &folder.join("postings.bin"), watch, |batch| to_automaton.send(batch).is_ok());
        drop(to_automaton);
        let stopped = |_| Error::index("the keys could not be written: a thread stopped");
        let automaton = automaton.join().map_err(stopped)?;
        let (ends, documents) = sorters.join().map_err(stopped)??;
        merged?;
        Ok((automaton?, ends, documents))
    })
}

/// Reads the runs, writes the postings, and hands the keys on in order, until `take` says to stop.
fn merge(
    runs: &Runs,
    prominence: &[u32],
    path: &Path,
    watch: Watch<'_>,
    mut take: impl FnMut(Vec<Group>) -> bool,
) -> Result<()> {
    let failed = |e| Error::io("write", path, e);
    let mut postings = Postings::create(path).map_err(failed)?;
    let mut merge = runs.merge()?;
    let mut batch = Vec::with_capacity(BATCH);
    let mut key: Vec<u8> = Vec::new();
    let mut names: Vec<(u32, String)> = Vec::new();
    let (mut done, total) = (0, prominence.len() as u64);
    loop {
        let next = merge.next()?;
        if !names.is_empty() && next.is_none_or(|(next, _)| next != key) {
            let of = |posting: u32| prominence.get((posting & !SPELLED) as usize).copied().unwrap_or(0);
            names.sort_unstable_by_key(|&(posting, _)| (std::cmp::Reverse(of(posting)), posting & !SPELLED, posting));
            let slot = postings.write(&names).map_err(failed)?;
            let mut phonetic_keys: Vec<String> = Vec::new();
            for (_, key) in names.iter().take(MAX_PHONETIC) {
                if key.len() > 1 && !phonetic_keys.contains(key) {
                    phonetic_keys.push(key.clone());
                }
            }
            done += names.len() as u64;
            let prominence = of(names[0].0);
            names.clear();
            batch.push(Group { key: std::mem::take(&mut key), slot, prominence, phonetic_keys });
            if batch.len() == BATCH {
                watch(Progress { stage: "sorting keys", done: done.min(total), total });
                if !take(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
                    return Ok(());
                }
            }
        }
        let Some((next, entry)) = next else { break };
        if next.is_empty() {
            continue; // a name of signs alone: kept, found by its id
        }
        if names.is_empty() {
            key.extend_from_slice(next);
        }
        let (posting, phonetic) = posting(entry);
        names.push((posting, phonetic.to_owned()));
    }
    take(batch);
    postings.finish().map_err(failed)
}

/// Writes `postings.bin`.
struct Postings {
    file: BufWriter<File>,
    /// Numbers written so far.
    at: u64,
}

impl Postings {
    fn create(path: &Path) -> std::io::Result<Postings> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
        file.write_all(&[0; 4])?;
        Ok(Postings { file, at: 1 })
    }

    /// Keeps the names behind a key; a single one needs no list.
    fn write(&mut self, names: &[(u32, String)]) -> std::io::Result<Slot> {
        if let [(one, _)] = names {
            return Ok(Slot(u64::from(*one) << 1 | 1));
        }
        let slot = Slot(self.at << 1);
        self.file.write_all(&(names.len() as u32).to_le_bytes())?;
        for (posting, _) in names {
            self.file.write_all(&posting.to_le_bytes())?;
        }
        self.at += 1 + names.len() as u64;
        Ok(slot)
    }

    fn finish(mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Sorts the keys read from their ends, and tantivy's documents the most prominent first.
fn sort_groups(batches: &Receiver<Vec<Group>>, spill: &Path) -> Result<(Runs, Runs)> {
    let [mut ends, mut documents] = [(); 2].map(|()| Sorter::new(spill, Storage::Plain, SORT_BUDGET));
    let mut folded = Folded::default();
    let mut number = 0u64;
    let mut document = Vec::new();
    for batch in batches {
        for group in batch {
            let key = std::str::from_utf8(&group.key).unwrap_or_default();
            let slot = group.slot.0.to_le_bytes();
            ends.push(backwards(key).as_bytes(), &slot)?;
            document.clear();
            document.extend_from_slice(&slot);
            write_document(key, &group.phonetic_keys, &mut folded, &mut document);
            let order = [&(!group.prominence).to_be_bytes()[..], &number.to_be_bytes()].concat();
            documents.push(&order, &document)?;
            number += 1;
        }
    }
    Ok((ends.finish()?, documents.finish()?))
}

fn backwards(key: &str) -> String {
    if key.is_ascii() {
        let mut bytes = key.as_bytes().to_vec();
        bytes.reverse();
        return String::from_utf8(bytes).unwrap_or_default();
    }
    key.chars().rev().collect()
}

/// What tantivy indexes of a key, on three lines: its words, phonetic keys and consonant skeletons.
fn write_document(key: &str, phonetic_keys: &[String], folded: &mut Folded, document: &mut Vec<u8>) {
    if key.is_ascii() {
        document.extend_from_slice(key.as_bytes()); // its words have spaces between them as it is
    } else {
        folded.read(key);
        for (n, word) in folded.words().iter().enumerate() {
            document.extend_from_slice(if n > 0 { b" " } else { b"" });
            document.extend_from_slice(folded.letters(word).as_bytes());
        }
    }
    document.push(b'\n');
    document.extend_from_slice(phonetic_keys.join(" ").as_bytes());
    document.push(b'\n');
    let mut skeletons: Vec<String> = Vec::new();
    for skeleton in phonetic_keys.iter().map(|key| fold::skeleton(key)) {
        if skeleton.len() > 1 && !skeletons.contains(&skeleton) {
            skeletons.push(skeleton);
        }
    }
    document.extend_from_slice(skeletons.join(" ").as_bytes());
}

fn write_ends(runs: &Runs, path: &Path) -> Result<()> {
    let mut automaton = Automaton::create(path)?;
    let mut merge = runs.merge()?;
    while let Some((key, slot)) = merge.next()? {
        automaton.insert(key, slot_of(slot))?;
    }
    automaton.finish()
}

fn slot_of(bytes: &[u8]) -> Slot {
    Slot(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
}

/// Writes tantivy's segments, two halves side by side; each folder in `dir` is one of them, in the order of their numbers.
fn write_search(runs: &Runs, count: u64, dir: &Path, watch: Watch<'_>) -> Result<()> {
    let half = if count < DIVIDED { count } else { count.div_ceil(2) };
    let segments = half.div_ceil(SEGMENT).max(1);
    let done = AtomicU64::new(0);
    let write = |from: u64, to: u64, first: u64| -> Result<()> {
        let mut merge = runs.merge()?;
        for _ in 0..from {
            merge.next()?;
        }
        let bound = |n: u64| from + (to - from) * n / segments;
        for n in 0..segments {
            let dir = dir.join((first + n).to_string());
            fs::create_dir_all(&dir).map_err(|e| Error::io("create", &dir, e))?;
            write_segment(&mut merge, bound(n + 1) - bound(n), &dir, |more| {
                let done = done.fetch_add(more, Ordering::Relaxed) + more;
                watch(Progress { stage: "indexing keys", done, total: count });
            })?;
        }
        Ok(())
    };
    let second = || if half < count { write(half, count, segments) } else { Ok(()) };
    let (first, second) = rayon::join(|| write(0, half, 0), second);
    first.and(second)
}

fn write_segment(merge: &mut Merge, count: u64, dir: &Path, mut watch: impl FnMut(u64)) -> Result<()> {
    let mut writer = Writer::create(dir)?;
    for n in 1..=count {
        let Some((_, document)) = merge.next()? else { break };
        let (slot, text) = document.split_at_checked(size_of::<u64>()).unwrap_or_default();
        let mut lines = std::str::from_utf8(text).unwrap_or_default().split('\n');
        let mut line = || lines.next().unwrap_or_default();
        writer.add(&Document { words: line(), phonetic_keys: line(), skeletons: line(), slot: slot_of(slot) })?;
        if n % BATCH as u64 == 0 {
            watch(BATCH as u64);
        }
    }
    writer.finish(dir)
}

/// Writes an automaton of keys, which come sorted.
struct Automaton<'p> {
    builder: fst::raw::Builder<BufWriter<File>>,
    path: &'p Path,
}

impl<'p> Automaton<'p> {
    fn create(path: &'p Path) -> Result<Automaton<'p>> {
        let file = File::create(path).map_err(|e| Error::io("write", path, e))?;
        let builder = fst::raw::Builder::new(BufWriter::with_capacity(1 << 20, file)).map_err(|e| refused(path, e))?;
        Ok(Automaton { builder, path })
    }

    fn insert(&mut self, key: &[u8], slot: Slot) -> Result<()> {
        self.builder.insert(key, slot.0).map_err(|e| refused(self.path, e))
    }

    fn finish(self) -> Result<()> {
        self.builder.finish().map_err(|e| refused(self.path, e))
    }
}

fn refused(path: &Path, e: fst::Error) -> Error {
    match e {
        fst::Error::Io(io) => Error::io("write", path, io),
        other => Error::index(format!("{} cannot be written", path.display())).because(other),
    }
}
