//! Distinct values, numbered in the order in which they occur.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Ends each cell of a key; it never occurs in UTF-8.
const MARK: u8 = 0xff;

/// Keys and their numbers, from 0 on. A key is a value and its context: their cells, each ended by a mark.
#[derive(Debug, Default)]
pub struct Interner {
    hasher: DefaultHashBuilder,
    /// The numbers of the keys, by the hash of their bytes.
    numbers: HashTable<u32>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Interner {
    /// How many distinct keys there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of a key, which is new if it did not occur before.
    pub fn intern(&mut self, key: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(key);
        if let Some(&number) = self.numbers.find(hash, |&n| self.key(n as usize) == key) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.bytes.extend_from_slice(key);
        self.ends.push(self.bytes.len());
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        self.numbers.insert_unique(hash, number, |&n| hasher.hash_one(slice(bytes, ends, n as usize)));
        number
    }

    /// The cells of a key. Invalid UTF-8 is read as U+FFFD.
    pub fn cells(&self, number: usize) -> impl Iterator<Item = String> {
        let cells = self.key(number).split(|&b| b == MARK);
        cells.map(|cell| String::from_utf8_lossy(cell).into_owned())
    }

    fn key(&self, number: usize) -> &[u8] {
        slice(&self.bytes, &self.ends, number)
    }
}

fn slice<'b>(bytes: &'b [u8], ends: &[usize], number: usize) -> &'b [u8] {
    let start = number.checked_sub(1).map_or(0, |before| ends[before]);
    &bytes[start..ends[number]]
}

/// Appends a cell to a key.
pub fn push_cell(key: &mut Vec<u8>, cell: &[u8]) {
    key.extend_from_slice(cell);
    key.push(MARK);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_have_one_number() {
        let mut interner = Interner::default();
        let key = |cells: [&str; 2]| {
            let mut key = Vec::new();
            cells.iter().for_each(|cell| push_cell(&mut key, cell.as_bytes()));
            key
        };
        assert_eq!(interner.intern(&key(["Paris", "FR"])), 0);
        assert_eq!(interner.intern(&key(["Paris", "US"])), 1);
        assert_eq!(interner.intern(&key(["ParisF", "R"])), 2, "cells do not run together");
        assert_eq!(interner.intern(&key(["Paris", "FR"])), 0);
        assert_eq!(interner.cells(1).take(2).collect::<Vec<_>>(), ["Paris", "US"]);
        assert_eq!(interner.len(), 3);
    }
}
