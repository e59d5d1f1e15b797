//! Pieces that wait: in memory where they are few, in compressed files that go with the process where they are many.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::io::{self, BufReader, Seek, Write};
use std::path::{Path, PathBuf};

use rayon::slice::ParallelSliceMut;
use tempfile::SpooledTempFile;

use super::piece::{Piece, id_of, next_bytes, write_bytes};
use crate::entity::id_order;
use crate::error::{Error, Result};

/// How much of a spool stays in memory, in bytes after compression.
const IN_MEMORY: usize = 8 << 20;
/// How many bytes are sorted at once.
const RUN: usize = 64 << 20;
/// The fastest level of zstd: half the time goes to writing otherwise.
const LEVEL: i32 = 1;

/// Says of a failure that it is one of waiting records.
fn refused(dir: &Path, cause: io::Error) -> Error {
    Error::io("keep records for sorting in", dir, cause)
}

/// Pieces in the order in which they were read.
pub struct Spool {
    dir: PathBuf,
    out: zstd::Encoder<'static, SpooledTempFile>,
    buffer: Vec<u8>,
}

impl Spool {
    /// Begins a spool whose files, where there are any, lie in `dir`.
    ///
    /// # Errors
    /// Where zstd refuses.
    pub fn create(dir: &Path) -> Result<Spool> {
        let file = tempfile::spooled_tempfile_in(IN_MEMORY, dir);
        let out = zstd::Encoder::new(file, LEVEL).map_err(|e| refused(dir, e))?;
        Ok(Spool { dir: dir.to_owned(), out, buffer: Vec::new() })
    }

    /// Takes a piece.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn push(&mut self, piece: &Piece) -> Result<()> {
        self.buffer.clear();
        piece.write(&mut self.buffer);
        self.out.write_all(&self.buffer).map_err(|e| refused(&self.dir, e))
    }

    fn push_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        write_bytes(&mut self.out, bytes).map_err(|e| refused(&self.dir, e))
    }

    /// Ends the writing.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    pub fn finish(self) -> Result<Spooled> {
        let file = self.out.finish().map_err(|e| refused(&self.dir, e))?;
        Ok(Spooled { dir: self.dir, file: std::sync::Mutex::new(file) })
    }
}

/// Pieces that can be read, again and again.
pub struct Spooled {
    dir: PathBuf,
    file: std::sync::Mutex<SpooledTempFile>,
}

impl Spooled {
    /// Where its files would be.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Calls `take` with every piece.
    ///
    /// # Errors
    /// Where a piece cannot be read, or `take` fails.
    pub fn each(&self, mut take: impl FnMut(Piece) -> Result<()>) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.rewind().map_err(|e| refused(&self.dir, e))?;
        let decoder = zstd::Decoder::new(&mut *file).map_err(|e| refused(&self.dir, e))?;
        let mut reader = BufReader::with_capacity(1 << 16, decoder);
        let mut buffer = Vec::new();
        while next_bytes(&mut reader, &mut buffer).map_err(|e| refused(&self.dir, e))? {
            take(Piece::read(&buffer).map_err(|e| refused(&self.dir, e))?)?;
        }
        Ok(())
    }

    /// Reads the pieces once, one after another.
    fn into_reader(self) -> Result<Reader> {
        let refused = |e| refused(&self.dir, e);
        let mut file = self.file.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.rewind().map_err(refused)?;
        let decoder = zstd::Decoder::new(file).map_err(refused)?;
        Ok(Reader { reader: BufReader::with_capacity(1 << 16, decoder), buffer: Vec::new() })
    }
}

/// A run that is being read, at one of its pieces.
struct Reader {
    reader: BufReader<zstd::Decoder<'static, BufReader<SpooledTempFile>>>,
    buffer: Vec<u8>,
}

impl Reader {
    fn advance(&mut self) -> io::Result<bool> {
        next_bytes(&mut self.reader, &mut self.buffer)
    }
}

/// Sorts pieces by id, and pieces of one id by when they came; memory stays what one run takes.
pub struct Sorter {
    dir: PathBuf,
    bytes: Vec<u8>,
    /// Where each piece's bytes are in `bytes`.
    pieces: Vec<(u32, u32)>,
    runs: Vec<Spooled>,
}

impl Sorter {
    /// Begins; files, where there are any, lie in `dir`.
    pub fn new(dir: &Path) -> Sorter {
        Sorter { dir: dir.to_owned(), bytes: Vec::new(), pieces: Vec::new(), runs: Vec::new() }
    }

    /// Takes a piece.
    ///
    /// # Errors
    /// Where a run cannot be written.
    pub fn push(&mut self, piece: &Piece) -> Result<()> {
        let mut bytes = Vec::with_capacity(256);
        piece.write(&mut bytes);
        let head = bytes.iter().position(|byte| byte & 0x80 == 0).map_or(0, |at| at + 1);
        self.pieces.push((self.bytes.len() as u32, (bytes.len() - head) as u32));
        self.bytes.extend_from_slice(&bytes[head..]);
        match self.bytes.len() > RUN {
            true => self.write_run(),
            false => Ok(()),
        }
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let id = |&(at, length): &(u32, u32)| id_of(&bytes[at as usize..(at + length) as usize]);
        self.pieces.par_sort_by(|a, b| id_order(id(a), id(b)));
    }

    fn write_run(&mut self) -> Result<()> {
        self.sort();
        let mut run = Spool::create(&self.dir)?;
        for &(at, length) in &self.pieces {
            run.push_bytes(&self.bytes[at as usize..(at + length) as usize])?;
        }
        self.runs.push(run.finish()?);
        self.bytes.clear();
        self.pieces.clear();
        Ok(())
    }

    /// The pieces, sorted.
    ///
    /// # Errors
    /// Where a run cannot be written or read.
    pub fn finish(mut self) -> Result<Sorted> {
        let mut heap = BinaryHeap::new();
        self.sort();
        for (number, run) in std::mem::take(&mut self.runs).into_iter().enumerate() {
            let mut reader = run.into_reader()?;
            if reader.advance().map_err(|e| refused(&self.dir, e))? {
                heap.push(Run { number, reader });
            }
        }
        Ok(Sorted { dir: self.dir, heap, bytes: self.bytes, pieces: self.pieces.into_iter().peekable() })
    }
}

/// Pieces in the order of their ids.
pub struct Sorted {
    dir: PathBuf,
    heap: BinaryHeap<Run>,
    /// The last run, which was never written.
    bytes: Vec<u8>,
    pieces: std::iter::Peekable<std::vec::IntoIter<(u32, u32)>>,
}

impl Sorted {
    fn last_run(&mut self) -> Option<&[u8]> {
        let &(at, length) = self.pieces.peek()?;
        Some(&self.bytes[at as usize..(at + length) as usize])
    }

    fn read(&mut self) -> io::Result<Option<Piece>> {
        let in_memory = match (self.heap.peek(), self.pieces.peek()) {
            (Some(run), Some(&(at, length))) => {
                let id = id_of(&self.bytes[at as usize..(at + length) as usize]);
                id_order(id, id_of(&run.reader.buffer)).is_lt()
            }
            (None, Some(_)) => true,
            _ => false,
        };
        if in_memory {
            let piece = self.last_run().map(Piece::read).transpose();
            self.pieces.next();
            return piece;
        }
        let Some(mut run) = self.heap.pop() else { return Ok(None) };
        let piece = Piece::read(&run.reader.buffer)?;
        if run.reader.advance()? {
            self.heap.push(run);
        }
        Ok(Some(piece))
    }
}

impl Iterator for Sorted {
    type Item = Result<Piece>;

    fn next(&mut self) -> Option<Result<Piece>> {
        self.read().map_err(|e| refused(&self.dir, e)).transpose()
    }
}

/// A run in the heap: the one with the least id, and of these the earliest, is the greatest.
struct Run {
    number: usize,
    reader: Reader,
}

impl Ord for Run {
    fn cmp(&self, other: &Run) -> Ordering {
        let order = id_order(id_of(&other.reader.buffer), id_of(&self.reader.buffer));
        order.then(other.number.cmp(&self.number))
    }
}

impl PartialOrd for Run {
    fn partial_cmp(&self, other: &Run) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Run {
    fn eq(&self, other: &Run) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Run {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Entity;

    #[test]
    fn pieces_come_out_in_the_order_of_ids_through_any_number_of_runs() {
        let mut sorter = Sorter::new(&std::env::temp_dir());
        for number in (0..1000u64).map(|n| n * 7919 % 1000) {
            let entity = Entity { id: format!("x:{}", number / 2), population: number as u32, ..Entity::default() };
            sorter.push(&Piece { entity, ..Piece::default() }).expect("room");
            if number % 211 == 0 {
                sorter.write_run().expect("room");
            }
        }
        let sorted: Vec<Piece> = sorter.finish().expect("runs").collect::<Result<_>>().expect("pieces");
        assert_eq!(sorted.len(), 1000);
        assert!(sorted.windows(2).all(|pair| id_order(&pair[0].entity.id, &pair[1].entity.id).is_le()));
    }
}
