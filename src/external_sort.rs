//! External merge sort: sorts more records than fit into memory.
//!
//! A record is a key and a value, both bytes; records are sorted by key, then by value. A [`Sorter`] collects records
//! packed one after another, sorts them when its memory is full and writes them to a run, a temporary file that has no
//! name and disappears with the process. [`Runs::merge`] reads all runs as one.
//!
//! Crates for this sort values of one type, each with an allocation of its own; this holds millions of short strings
//! without any overhead but 24 bytes a record.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};

/// Bytes read from a run at a time: there may be hundreds of runs.
const READ_BUFFER: usize = 1 << 16;
/// Bytes written to a run at a time.
const WRITE_BUFFER: usize = 1 << 20;
/// The fastest level of zstd: sorting waits for it.
const ZSTD_LEVEL: i32 = 1;

/// How runs are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// As they are: fastest.
    Plain,
    /// Compressed with zstd: for records that are mostly text.
    Zstd,
}

/// Takes records in any order and writes them to sorted runs.
pub(crate) struct Sorter {
    dir: PathBuf,
    storage: Storage,
    /// Bytes kept in memory before they are written to a run.
    budget: usize,
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    runs: Vec<Run>,
}

/// Where a record lies in the sorter's memory.
#[derive(Clone, Copy)]
struct Entry {
    /// The first bytes of the key: most comparisons need no more.
    prefix: u64,
    at: u32,
    key: u16,
    value: u32,
}

impl Entry {
    fn parts<'b>(&self, bytes: &'b [u8]) -> (&'b [u8], &'b [u8]) {
        let (start, middle) = (self.at as usize, self.at as usize + usize::from(self.key));
        (&bytes[start..middle], &bytes[middle..middle + self.value as usize])
    }
}

impl Sorter {
    /// A sorter that puts its runs into `dir` and keeps about `budget` bytes in memory.
    pub(crate) fn new(dir: &Path, storage: Storage, budget: usize) -> Sorter {
        Sorter { dir: dir.to_owned(), storage, budget, bytes: Vec::new(), entries: Vec::new(), runs: Vec::new() }
    }

    /// Takes a record. Keys are cut at 65,535 bytes.
    ///
    /// # Errors
    /// Returns an error if a run cannot be written.
    pub(crate) fn push(&mut self, key: &[u8], value: &[u8]) -> Result<()> {
        let key = &key[..key.len().min(usize::from(u16::MAX))];
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        self.entries.push(Entry { prefix: prefix(key), at, key: key.len() as u16, value: value.len() as u32 });
        if self.bytes.len() + self.entries.len() * size_of::<Entry>() >= self.budget { self.spill() } else { Ok(()) }
    }

    /// Sorts what is in memory and writes it to a run.
    fn spill(&mut self) -> Result<()> {
        let bytes = &self.bytes;
        self.entries.sort_unstable_by(|a, b| a.prefix.cmp(&b.prefix).then_with(|| a.parts(bytes).cmp(&b.parts(bytes))));
        let file = self.write_run().map_err(|e| refused(&self.dir, e))?;
        self.runs.push(Run { file: Arc::new(file), storage: self.storage });
        self.bytes.clear();
        self.entries.clear();
        Ok(())
    }

    fn write_run(&self) -> io::Result<File> {
        let file = tempfile::tempfile_in(&self.dir)?;
        match self.storage {
            Storage::Plain => {
                let mut out = BufWriter::with_capacity(WRITE_BUFFER, file);
                self.write_records(&mut out)?;
                out.into_inner().map_err(io::IntoInnerError::into_error)
            }
            Storage::Zstd => {
                let mut out = BufWriter::with_capacity(WRITE_BUFFER, zstd::Encoder::new(file, ZSTD_LEVEL)?);
                self.write_records(&mut out)?;
                out.into_inner().map_err(io::IntoInnerError::into_error)?.finish()
            }
        }
    }

    fn write_records(&self, out: &mut impl Write) -> io::Result<()> {
        for entry in &self.entries {
            let (key, value) = entry.parts(&self.bytes);
            out.write_all(&entry.key.to_le_bytes())?;
            out.write_all(&entry.value.to_le_bytes())?;
            out.write_all(key)?;
            out.write_all(value)?;
        }
        Ok(())
    }

    /// Writes the last run and returns all of them.
    ///
    /// # Errors
    /// Returns an error if the last run cannot be written.
    pub(crate) fn finish(mut self) -> Result<Runs> {
        if !self.entries.is_empty() {
            self.spill()?;
        }
        Ok(Runs { dir: self.dir, runs: self.runs })
    }
}

fn refused(dir: &Path, cause: io::Error) -> Error {
    Error::io("keep records for sorting in", dir, cause)
}

fn prefix(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = key.len().min(8);
    first[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(first)
}

/// Sorted runs of one or more sorters.
pub(crate) struct Runs {
    dir: PathBuf,
    runs: Vec<Run>,
}

struct Run {
    file: Arc<File>,
    storage: Storage,
}

impl Runs {
    /// These runs and those of another sorter.
    pub(crate) fn and(mut self, mut others: Runs) -> Runs {
        self.runs.append(&mut others.runs);
        self
    }

    /// Reads all runs as one. Several merges may read the same runs at the same time.
    ///
    /// # Errors
    /// Returns an error if a run cannot be read.
    pub(crate) fn merge(&self) -> Result<Merge> {
        let mut heads = BinaryHeap::with_capacity(self.runs.len());
        for run in &self.runs {
            heads.extend(run.open().map_err(|e| refused(&self.dir, e))?);
        }
        Ok(Merge { dir: self.dir.clone(), heads, record: Record::default() })
    }
}

impl Run {
    /// The run at its first record, or none if it is empty.
    fn open(&self) -> io::Result<Option<Head>> {
        let file = Cursor { file: Arc::clone(&self.file), at: 0 };
        let reader: Box<dyn Read + Send> = match self.storage {
            Storage::Plain => Box::new(file),
            Storage::Zstd => Box::new(zstd::Decoder::new(file)?),
        };
        let mut head = Head { record: Record::default(), reader: BufReader::with_capacity(READ_BUFFER, reader) };
        Ok(head.advance()?.then_some(head))
    }
}

/// Reads a shared file from a position of its own.
struct Cursor {
    file: Arc<File>,
    at: u64,
}

impl Read for Cursor {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let read = std::os::unix::fs::FileExt::read_at(&*self.file, buffer, self.at)?;
        #[cfg(windows)]
        let read = std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Records in the order of their keys.
pub(crate) struct Merge {
    dir: PathBuf,
    heads: BinaryHeap<Head>,
    record: Record,
}

impl Merge {
    /// The next key and value, or none at the end.
    ///
    /// # Errors
    /// Returns an error if a run cannot be read.
    pub(crate) fn next(&mut self) -> Result<Option<(&[u8], &[u8])>> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        std::mem::swap(&mut head.record, &mut self.record);
        if !head.advance().map_err(|e| refused(&self.dir, e))? {
            PeekMut::pop(head);
        }
        Ok(Some(self.record.parts()))
    }
}

#[derive(Default)]
struct Record {
    prefix: u64,
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
    reader: BufReader<Box<dyn Read + Send>>,
}

impl Head {
    /// Reads the next record; false at the end of the run.
    fn advance(&mut self) -> io::Result<bool> {
        let mut lengths = [0; 6];
        match self.reader.read_exact(&mut lengths) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            read => read?,
        }
        let [k0, k1, value @ ..] = lengths;
        self.record.key = usize::from(u16::from_le_bytes([k0, k1]));
        self.record.bytes.resize(self.record.key + u32::from_le_bytes(value) as usize, 0);
        self.reader.read_exact(&mut self.record.bytes)?;
        self.record.prefix = prefix(self.record.parts().0);
        Ok(true)
    }
}

impl Ord for Head {
    /// The least record is at the top of the heap.
    fn cmp(&self, other: &Head) -> Ordering {
        let (one, two) = (&self.record, &other.record);
        two.prefix.cmp(&one.prefix).then_with(|| two.parts().cmp(&one.parts()))
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

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = (Vec<u8>, Vec<u8>);

    fn read(runs: &Runs) -> Vec<Pair> {
        let mut merge = runs.merge().expect("runs");
        let mut found = Vec::new();
        while let Some((key, value)) = merge.next().expect("a record") {
            found.push((key.to_vec(), value.to_vec()));
        }
        found
    }

    fn sort(storage: Storage) {
        let dir = tempfile::tempdir().expect("a folder");
        let words = ["baku", "", "a", "bakuvian", "baku", "aaaaaaaab", "aaaaaaaaa", "shusha", "a\0", "ağdam"];
        let mut expected = Vec::new();
        let mut runs: Option<Runs> = None;
        for name in ["one", "two"] {
            let mut sorter = Sorter::new(dir.path(), storage, 1 << 20);
            for (number, word) in words.iter().enumerate() {
                let value = format!("{name}{number}");
                sorter.push(word.as_bytes(), value.as_bytes()).expect("a record");
                expected.push((word.as_bytes().to_vec(), value.into_bytes()));
                if number % 3 == 2 {
                    sorter.spill().expect("a run");
                }
            }
            let more = sorter.finish().expect("the last run");
            runs = Some(match runs {
                Some(runs) => runs.and(more),
                None => more,
            });
        }
        expected.sort();
        let runs = runs.expect("two sorters");
        assert_eq!(runs.runs.len(), 8);
        assert_eq!(std::fs::read_dir(dir.path()).expect("the folder").count(), 0, "runs have no names");
        let (one, two) = (read(&runs), read(&runs));
        assert_eq!(one, expected);
        assert_eq!(one, two, "runs can be read again");
    }

    #[test]
    fn runs_are_read_as_one_in_order() {
        sort(Storage::Plain);
        sort(Storage::Zstd);
    }

    #[test]
    fn a_full_memory_is_written_to_a_run() {
        let mut sorter = Sorter::new(&std::env::temp_dir(), Storage::Plain, 100);
        for number in (0..50u8).rev() {
            sorter.push(&[number], b"value").expect("a record");
        }
        let runs = sorter.finish().expect("runs");
        assert!(runs.runs.len() > 10);
        assert!(read(&runs).windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
