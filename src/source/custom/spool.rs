//! Fragments between reading and merging: first in the order in which they were read, then sorted by id.

use std::io::{self, BufReader, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::SpooledTempFile;

use super::fragment::Fragment;
use super::packed::{next_record, put_number};
use crate::error::{Error, Result};
use crate::external_sort::{Merge, Sorter, Storage};

/// Bytes of a spool, compressed, that stay in memory.
const IN_MEMORY: usize = 8 << 20;
/// Bytes that are sorted at once.
const SORT_BUDGET: usize = 64 << 20;
/// The fastest level of zstd: otherwise half the time would go to writing.
const ZSTD_LEVEL: i32 = 1;

fn refused(dir: &Path, cause: io::Error) -> Error {
    Error::io("keep imported records in", dir, cause)
}

/// Takes fragments in the order in which they are read.
pub(super) struct Spool {
    dir: PathBuf,
    out: zstd::Encoder<'static, SpooledTempFile>,
    bytes: Vec<u8>,
    length: Vec<u8>,
}

impl Spool {
    /// An empty spool; once it is too large for memory, it continues in an unnamed file in `dir`.
    ///
    /// # Errors
    /// Returns an error if compression cannot be set up.
    pub(super) fn create(dir: &Path) -> Result<Spool> {
        let file = tempfile::spooled_tempfile_in(IN_MEMORY, dir);
        let out = zstd::Encoder::new(file, ZSTD_LEVEL).map_err(|e| refused(dir, e))?;
        Ok(Spool { dir: dir.to_owned(), out, bytes: Vec::new(), length: Vec::new() })
    }

    /// Takes a fragment.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub(super) fn push(&mut self, fragment: &Fragment) -> Result<()> {
        self.bytes.clear();
        fragment.write(&mut self.bytes);
        self.length.clear();
        put_number(&mut self.length, self.bytes.len() as u64);
        let written = self.out.write_all(&self.length).and_then(|()| self.out.write_all(&self.bytes));
        written.map_err(|e| refused(&self.dir, e))
    }

    /// Ends writing.
    ///
    /// # Errors
    /// Returns an error if the last bytes cannot be written.
    pub(super) fn finish(self) -> Result<Spooled> {
        let file = self.out.finish().map_err(|e| refused(&self.dir, e))?;
        Ok(Spooled { dir: self.dir, file: Mutex::new(file) })
    }
}

/// Fragments that can be read any number of times.
pub(super) struct Spooled {
    dir: PathBuf,
    file: Mutex<SpooledTempFile>,
}

impl Spooled {
    /// The directory of its temporary files.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Calls `take` with every fragment, in the order in which they were read.
    ///
    /// # Errors
    /// Returns an error if a fragment cannot be read, or the error of `take`.
    pub(super) fn each(&self, mut take: impl FnMut(Fragment) -> Result<()>) -> Result<()> {
        let refused = |e| refused(&self.dir, e);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.rewind().map_err(refused)?;
        let decoder = zstd::Decoder::new(&mut *file).map_err(refused)?;
        let mut reader = BufReader::with_capacity(1 << 16, decoder);
        let mut buffer = Vec::new();
        while next_record(&mut reader, &mut buffer).map_err(refused)? {
            take(Fragment::read(&buffer).map_err(refused)?)?;
        }
        Ok(())
    }
}

/// Sorts fragments by id, and fragments of one id in the order in which they come.
pub(super) struct FragmentSorter {
    dir: PathBuf,
    sorter: Sorter,
    count: u64,
    bytes: Vec<u8>,
}

impl FragmentSorter {
    /// A sorter whose temporary files lie in `dir`.
    pub(super) fn new(dir: &Path) -> FragmentSorter {
        let sorter = Sorter::new(dir, Storage::Zstd, SORT_BUDGET);
        FragmentSorter { dir: dir.to_owned(), sorter, count: 0, bytes: Vec::new() }
    }

    /// Takes a fragment.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub(super) fn push(&mut self, fragment: &Fragment) -> Result<()> {
        let mut key = sort_key(&fragment.entity.id);
        key.extend_from_slice(&self.count.to_be_bytes());
        self.count += 1;
        self.bytes.clear();
        fragment.write(&mut self.bytes);
        self.sorter.push(&key, &self.bytes)
    }

    /// The fragments, sorted.
    ///
    /// # Errors
    /// Returns an error if the sorted records cannot be written or read.
    pub(super) fn finish(self) -> Result<SortedFragments> {
        Ok(SortedFragments { dir: self.dir, merge: self.sorter.finish()?.merge()? })
    }
}

/// An id as bytes that sort as [`id_order`](crate::entity::id_order) sorts ids.
fn sort_key(id: &str) -> Vec<u8> {
    let (prefix, rest) = id.split_once(':').unwrap_or(("", id));
    let is_number = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    let mut key = Vec::with_capacity(id.len() + 12);
    key.extend_from_slice(prefix.as_bytes());
    key.extend_from_slice(&[0, u8::from(!is_number)]);
    if is_number {
        key.extend_from_slice(&(rest.len() as u16).to_be_bytes());
    }
    key.extend_from_slice(rest.as_bytes());
    key.push(0);
    key
}

/// Fragments in the order of their ids.
pub(super) struct SortedFragments {
    dir: PathBuf,
    merge: Merge,
}

impl Iterator for SortedFragments {
    type Item = Result<Fragment>;

    fn next(&mut self) -> Option<Result<Fragment>> {
        match self.merge.next() {
            Ok(Some((_, bytes))) => Some(Fragment::read(bytes).map_err(|e| refused(&self.dir, e))),
            Ok(None) => None,
            Err(e) => Some(Err(e)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Entity, id_order};

    #[test]
    fn keys_sort_as_ids_do() {
        let ids =
            ["a:1", "a:2", "a:10", "a:010", "a:b", "a:b1", "ab:1", "a-b:1", "é:1", "x", "10", ":9", "a:ab", "a:a"];
        for one in ids {
            for two in ids {
                assert_eq!(sort_key(one).cmp(&sort_key(two)), id_order(one, two), "{one} {two}");
            }
        }
    }

    #[test]
    fn fragments_are_sorted_by_id_and_those_of_one_id_keep_their_order() {
        let dir = std::env::temp_dir();
        let mut sorter = FragmentSorter { sorter: Sorter::new(&dir, Storage::Zstd, 4096), ..FragmentSorter::new(&dir) };
        for number in 0..1000u32 {
            let entity = Entity { id: format!("x:{}", number * 7919 % 500), population: number, ..Entity::default() };
            sorter.push(&Fragment { entity, ..Fragment::default() }).expect("room");
        }
        let sorted: Vec<Fragment> = sorter.finish().expect("runs").collect::<Result<_>>().expect("fragments");
        assert_eq!(sorted.len(), 1000);
        assert!(sorted.windows(2).all(|pair| {
            let (a, b) = (&pair[0].entity, &pair[1].entity);
            id_order(&a.id, &b.id).then(a.population.cmp(&b.population)).is_lt()
        }));
    }
}
