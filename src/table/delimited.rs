//! Delimited text: records and cells by their bytes.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// How a delimited table is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between cells.
    pub delimiter: u8,
    /// What stands around cells that hold it; none where every byte counts.
    pub quote: Option<u8>,
}

impl Dialect {
    /// Reads records as they are in this dialect.
    pub fn parser(self) -> Reader {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(self.quote.unwrap_or(b'"'))
            .quoting(self.quote.is_some())
            .build()
    }

    /// Appends a delimiter and a cell, quoted where it must be.
    pub fn push(self, out: &mut Vec<u8>, text: &str) {
        out.push(self.delimiter);
        let breaks = |b: u8| b == self.delimiter || matches!(b, b'\n' | b'\r');
        match self.quote {
            None => out.extend(text.bytes().map(|b| if breaks(b) { b' ' } else { b })),
            Some(quote) if text.bytes().any(|b| breaks(b) || b == quote) => {
                out.push(quote);
                for byte in text.bytes() {
                    if byte == quote {
                        out.push(quote);
                    }
                    out.push(byte);
                }
                out.push(quote);
            }
            Some(_) => out.extend_from_slice(text.as_bytes()),
        }
    }

    /// Where the delimiters of a record are, those in quoted cells left out.
    pub fn delimiters(self, record: &[u8]) -> impl Iterator<Item = usize> {
        // A quote opens a cell at its beginning alone, and again where it is doubled.
        let (mut quoted, mut may_open) = (false, true);
        record.iter().enumerate().filter_map(move |(at, &byte)| {
            let quote = Some(byte) == self.quote;
            let ends = byte == self.delimiter && !quoted;
            let closes = quote && quoted;
            quoted = quote && !quoted && may_open || quoted && !closes;
            may_open = ends || closes;
            ends.then_some(at)
        })
    }

    /// Where a cell lies in a record, its quotes included.
    pub fn cell_at(self, record: &[u8], column: usize) -> Option<(usize, usize)> {
        let mut marks = self.delimiters(record);
        let from = match column {
            0 => 0,
            n => marks.nth(n - 1)? + 1,
        };
        Some((from, marks.next().unwrap_or(record.len())))
    }

    /// The most frequent of the usual delimiters in the first line; a comma where there is none.
    pub fn sniff(text: &[u8], quote: Option<u8>) -> u8 {
        let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        let count = |delimiter: u8| Dialect { delimiter, quote }.delimiters(line).count();
        [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|&d| count(d)).filter(|&d| count(d) > 0).unwrap_or(b',')
    }
}

/// The length of a record without its line ending.
pub fn content(record: &[u8]) -> usize {
    let end = record.iter().rposition(|&b| b != b'\n' && b != b'\r').map_or(0, |at| at + 1);
    // Only one line ending belongs to the record; others would be blank lines.
    match &record[end..] {
        [] => end,
        [b'\r', b'\n', ..] | [.., b'\r', b'\n'] => record.len() - 2,
        _ => record.len() - 1,
    }
}

/// Space that the parser writes cells into.
#[derive(Default)]
pub struct Scratch {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Scratch {
    /// Parses the first record of `input`; gives how many bytes it takes, or none where it does not end there.
    pub fn record(&mut self, parser: &mut Reader, input: &[u8], ended: bool) -> Option<usize> {
        if self.text.is_empty() {
            self.text.resize(1024, 0);
            self.ends.resize(32, 0);
        } else {
            self.ends.resize(self.ends.capacity().max(32), 0);
        }
        let (mut read, mut written, mut count) = (0, 0, 0);
        let mut closed = false;
        loop {
            let rest = if closed { &[][..] } else { &input[read..] };
            let (result, r, w, e) = parser.read_record(rest, &mut self.text[written..], &mut self.ends[count..]);
            read += r;
            written += w;
            count += e;
            match result {
                ReadRecordResult::InputEmpty if ended && !closed => closed = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    self.ends.truncate(0);
                    return None;
                }
                ReadRecordResult::OutputFull => {
                    let length = self.text.len() * 2;
                    self.text.resize(length, 0);
                }
                ReadRecordResult::OutputEndsFull => {
                    let length = self.ends.len() * 2;
                    self.ends.resize(length, 0);
                }
                ReadRecordResult::Record => {
                    self.ends.truncate(count);
                    return Some(read);
                }
            }
        }
    }

    /// How many cells the record has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell, unquoted; empty where there is none.
    pub fn cell(&self, number: usize) -> &[u8] {
        let Some(&end) = self.ends.get(number) else { return &[] };
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..end]
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|n| self.cell(n))
    }
}
