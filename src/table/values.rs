//! The distinct values of a column, each with its context: resolved once, over all cores.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use rayon::prelude::*;

use super::Summary;
use super::rows::Block;
use crate::candidate::{Candidate, Verdict};
use crate::error::Result;
use crate::gazetteer::Gazetteer;
use crate::label::Label;
use crate::lookup::Query;

/// Values and what they were resolved to.
pub struct Values<'g> {
    gazetteer: &'g Gazetteer,
    delimiter: u8,
    label: Label,
    hasher: DefaultHashBuilder,
    /// Numbers of values, found by the hash of their bytes.
    numbers: HashTable<u32>,
    /// The bytes of each value: its three cells, each ended by a byte that UTF-8 does not use.
    keys: Vec<u8>,
    ends: Vec<usize>,
    resolved: Vec<Value>,
    unknown_context: u64,
}

/// What a value was resolved to, ready to be written.
pub struct Value {
    status: Status,
    cells: Box<[u8]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Of(Verdict),
    Empty,
}

impl Value {
    /// The added cells, each with its delimiter before it.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// Counts a row with this value.
    pub fn count(&self, summary: &mut Summary) {
        match self.status {
            Status::Of(Verdict::Resolved) => summary.resolved += 1,
            Status::Of(Verdict::Ambiguous) => summary.ambiguous += 1,
            Status::Of(Verdict::Unmatched) => summary.unmatched += 1,
            Status::Empty => summary.empty += 1,
        }
    }
}

impl<'g> Values<'g> {
    /// None yet.
    pub fn new(gazetteer: &'g Gazetteer, delimiter: u8, label: Label) -> Values<'g> {
        Values {
            gazetteer,
            delimiter,
            label,
            hasher: DefaultHashBuilder::default(),
            numbers: HashTable::new(),
            keys: Vec::new(),
            ends: Vec::new(),
            resolved: Vec::new(),
            unknown_context: 0,
        }
    }

    /// How many different values there are.
    pub fn len(&self) -> usize {
        self.resolved.len()
    }

    /// How many of them have a context that is not known.
    pub fn unknown_context(&self) -> u64 {
        self.unknown_context
    }

    /// A value by its number.
    pub fn get(&self, number: u32) -> &Value {
        &self.resolved[number as usize]
    }

    /// The numbers of a block's values, in the order of its rows; new values are resolved.
    pub fn resolve(&mut self, block: &Block<'_>) -> Result<Vec<u32>> {
        let mut numbers = Vec::with_capacity(block.len());
        let mut key = Vec::new();
        for row in block.rows() {
            key.clear();
            for cell in row.cells() {
                key.extend_from_slice(cell);
                key.push(0xff);
            }
            numbers.push(self.number(&key));
        }
        let fresh: Vec<usize> = (self.resolved.len()..self.ends.len()).collect();
        let resolve = |&number: &usize| self.value(self.key(number));
        let fresh: Result<Vec<(Value, bool)>> = fresh.par_iter().with_max_len(64).map(resolve).collect();
        for (value, known) in fresh? {
            self.unknown_context += u64::from(!known);
            self.resolved.push(value);
        }
        Ok(numbers)
    }

    fn key(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.keys[start..self.ends[number]]
    }

    fn number(&mut self, key: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(key);
        if let Some(&number) = self.numbers.find(hash, |&n| self.key(n as usize) == key) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.keys.extend_from_slice(key);
        self.ends.push(self.keys.len());
        let (keys, ends, hasher) = (&self.keys, &self.ends, &self.hasher);
        let hash_of = |&n: &u32| {
            let start = (n as usize).checked_sub(1).map_or(0, |before| ends[before]);
            hasher.hash_one(&keys[start..ends[n as usize]])
        };
        self.numbers.insert_unique(hash, number, hash_of);
        number
    }

    /// Resolves one value; says whether its context is known.
    fn value(&self, key: &[u8]) -> Result<(Value, bool)> {
        let mut cells = key.split(|&b| b == 0xff).map(String::from_utf8_lossy);
        let [name, country, unit] = [(); 3].map(|()| cells.next().unwrap_or_default());
        let name = name.trim();
        if name.is_empty() {
            return Ok((self.written(Status::Empty, None, ""), true));
        }
        if name.len() > Query::MAX_BYTES {
            return Ok((self.written(Status::Of(Verdict::Unmatched), None, name), true));
        }
        let mut query = Query::new(name);
        query.limit = 1;
        let mut known = true;
        if !country.trim().is_empty() {
            match self.gazetteer.country(&country) {
                Some(country) => query.countries.push(country),
                None => known = false,
            }
        }
        if !unit.trim().is_empty() {
            query.within = self.gazetteer.units(&unit, &query.countries);
            known &= !query.within.is_empty();
        }
        let mut answer = self.gazetteer.lookup(&query)?;
        let mut verdict = answer.verdict;
        if answer.candidates.is_empty() && (!query.countries.is_empty() || !query.within.is_empty()) {
            // The context contradicts the name: what the name alone may mean is shown, as a doubt.
            query.countries.clear();
            query.within.clear();
            answer = self.gazetteer.lookup(&query)?;
            verdict = if answer.candidates.is_empty() { Verdict::Unmatched } else { Verdict::Ambiguous };
        }
        Ok((self.written(Status::Of(verdict), answer.candidates.first(), name), known))
    }

    fn written(&self, status: Status, candidate: Option<&Candidate<'_>>, name: &str) -> Value {
        let mut cells = Vec::new();
        let record = candidate.map(|c| c.labelled(&self.label, name));
        let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
        let status_word = match status {
            Status::Of(verdict) => verdict.as_str(),
            Status::Empty => "empty",
        };
        let texts = match &record {
            Some(r) => [
                r.id.to_owned(),
                r.label.to_string(),
                status_word.to_owned(),
                format!("{:.3}", r.score),
                r.matched.name.to_owned(),
                r.matched.how.as_str().to_owned(),
                r.country.clone().unwrap_or_default(),
                number(r.lat),
                number(r.lon),
            ],
            None => {
                let mut texts: [String; 9] = Default::default();
                status_word.clone_into(&mut texts[2]);
                texts
            }
        };
        texts.iter().for_each(|text| push_cell(&mut cells, text, self.delimiter));
        Value { status, cells: cells.into_boxed_slice() }
    }
}

/// Appends a delimiter and a cell, quoted where it must be.
pub fn push_cell(out: &mut Vec<u8>, text: &str, delimiter: u8) {
    out.push(delimiter);
    let quoted = text.bytes().any(|b| b == delimiter || matches!(b, b'"' | b'\n' | b'\r'));
    if quoted {
        out.push(b'"');
        out.extend(text.replace('"', "\"\"").bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}
