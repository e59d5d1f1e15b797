//! Sorting more records than memory should hold: sorted runs are spilled into files and merged as they are read.
//!
//! A record is a key and a value, both bytes; records are sorted by key, then by value. Crates for this sort values of
//! one type, each with its own memory; millions of short strings want to lie packed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Bytes that a sorter keeps in memory before it spills them.
const SPILL: usize = 24 << 20;
/// Bytes read at once from each run: there may be hundreds.
const READ: usize = 1 << 16;

/// Takes records in any order and spills them in sorted runs.
pub struct Sorter {
    /// How the files of its runs are named, a number behind.
    base: PathBuf,
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    runs: Vec<PathBuf>,
}

#[derive(Clone, Copy)]
struct Entry {
    /// The first bytes of the key as a number: most comparisons need no more.
    start: u64,
    at: u32,
    key: u16,
    value: u32,
}

impl Sorter {
    /// Begins to sort; the runs go into `folder` under names that begin with `name`.
    pub fn new(folder: &Path, name: &str) -> Sorter {
        Sorter { base: folder.join(name), bytes: Vec::new(), entries: Vec::new(), runs: Vec::new() }
    }

    /// Takes a record. Keys are cut at 65,535 bytes.
    ///
    /// # Errors
    /// Where a run cannot be written.
    pub fn push(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let key = &key[..key.len().min(usize::from(u16::MAX))];
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.entries.push(Entry { start: start(key), at, key: key.len() as u16, value: value.len() as u32 });
        if self.bytes.len() + self.entries.len() * size_of::<Entry>() >= SPILL { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> Result<()> {
        let bytes = &self.bytes;
        let parts = |entry: &Entry| {
            let (at, middle) = (entry.at as usize, entry.at as usize + usize::from(entry.key));
            (&bytes[at..middle], &bytes[middle..middle + entry.value as usize])
        };
        self.entries.sort_unstable_by(|a, b| a.start.cmp(&b.start).then_with(|| parts(a).cmp(&parts(b))));
        let path = self.base.with_added_extension(self.runs.len().to_string());
        let write = || -> std::io::Result<()> {
            let mut file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
            for entry in &self.entries {
                let (key, value) = parts(entry);
                file.write_all(&entry.key.to_le_bytes())?;
                file.write_all(&entry.value.to_le_bytes())?;
                file.write_all(key)?;
                file.write_all(value)?;
            }
            file.flush()
        };
        write().map_err(|e| Error::io("write", &path, e))?;
        self.runs.push(path);
        self.bytes.clear();
        self.entries.clear();
        Ok(())
    }

    /// Spills what is left and tells where the runs are.
    ///
    /// # Errors
    /// Where the last run cannot be written.
    pub fn finish(mut self) -> Result<Vec<PathBuf>> {
        if !self.entries.is_empty() {
            self.spill()?;
        }
        Ok(self.runs)
    }
}

fn start(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = key.len().min(8);
    first[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(first)
}

/// Runs, read as one.
pub struct Merge {
    heads: BinaryHeap<Head>,
    record: Record,
}

#[derive(Default)]
struct Record {
    start: u64,
    bytes: Vec<u8>,
    key: usize,
}

impl Record {
    fn parts(&self) -> (&[u8], &[u8]) {
        self.bytes.split_at(self.key)
    }
}

/// The next record of a run.
struct Head {
    record: Record,
    file: BufReader<File>,
    path: PathBuf,
}

impl Head {
    /// Reads the next record; false at the end of the run.
    fn read(&mut self) -> Result<bool> {
        self.step().map_err(|e| Error::io("read", &self.path, e))
    }

    fn step(&mut self) -> std::io::Result<bool> {
        let mut lengths = [0; 6];
        match self.file.read_exact(&mut lengths) {
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(false),
            read => read?,
        }
        let [k0, k1, value @ ..] = lengths;
        self.record.key = usize::from(u16::from_le_bytes([k0, k1]));
        self.record.bytes.resize(self.record.key + u32::from_le_bytes(value) as usize, 0);
        self.file.read_exact(&mut self.record.bytes)?;
        self.record.start = start(self.record.parts().0);
        Ok(true)
    }
}

impl Ord for Head {
    /// The least is on top of the heap.
    fn cmp(&self, other: &Head) -> Ordering {
        let (one, two) = (&self.record, &other.record);
        two.start.cmp(&one.start).then_with(|| two.parts().cmp(&one.parts()))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Head) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Head) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Head {}

impl Merge {
    /// Opens runs.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn open(runs: &[PathBuf]) -> Result<Merge> {
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for path in runs {
            let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
            let file = BufReader::with_capacity(READ, file);
            let mut head = Head { record: Record::default(), file, path: path.clone() };
            if head.read()? {
                heads.push(head);
            }
        }
        Ok(Merge { heads, record: Record::default() })
    }

    /// The next key and value; none at the end.
    ///
    /// # Errors
    /// Where a run cannot be read.
    pub fn next(&mut self) -> Result<Option<(&[u8], &[u8])>> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        std::mem::swap(&mut head.record, &mut self.record);
        if !head.read()? {
            PeekMut::pop(head);
        }
        Ok(Some(self.record.parts()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_as_one_in_order() {
        let folder = std::env::temp_dir().join(format!("allonym-runs-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let words = ["baku", "", "a", "bakuvian", "baku", "aaaaaaaab", "aaaaaaaaa", "shusha", "a\0", "ağdam"];
        let mut expected = Vec::new();
        let mut runs = Vec::new();
        for name in ["one", "two"] {
            let mut sorter = Sorter::new(&folder, name);
            for (number, word) in words.iter().enumerate() {
                let value = format!("{name}{number}");
                sorter.push(word.as_bytes(), value.as_bytes()).expect("a record");
                expected.push((word.as_bytes().to_vec(), value.into_bytes()));
                if number % 3 == 2 {
                    sorter.spill().expect("a run");
                }
            }
            runs.extend(sorter.finish().expect("the last run"));
        }
        expected.sort();
        let mut merge = Merge::open(&runs).expect("runs");
        let mut found = Vec::new();
        while let Some((key, value)) = merge.next().expect("a record") {
            found.push((key.to_vec(), value.to_vec()));
        }
        std::fs::remove_dir_all(&folder).expect("a folder to remove");
        assert_eq!(runs.len(), 8);
        assert_eq!(found, expected);
    }
}
