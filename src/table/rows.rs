//! Records of a delimited table, with their bytes as they are.

use std::io::{Read, Write};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::error::{Error, Result};

/// Bytes that are read at once; a longer record makes the block longer.
const BLOCK: usize = 4 << 20;
/// A record longer than this is taken for a missing quote.
const MAX_RECORD: usize = 1 << 28;

/// Cuts an input into blocks of whole records.
pub struct Rows<R> {
    input: R,
    delimiter: u8,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are handed out already.
    used: usize,
    ended: bool,
    read: u64,
    row: u64,
}

/// What is wanted of each record.
pub struct Shape {
    /// Cells of the header.
    pub columns: usize,
    /// Whether records may have another number.
    pub flexible: bool,
    /// The cells to read: value, country, unit; `usize::MAX` for none.
    pub wanted: Vec<usize>,
}

impl<R: Read> Rows<R> {
    /// Begins to read; the delimiter is told from the first line where it is not given.
    pub fn open(input: R, delimiter: Option<u8>) -> Result<Rows<R>> {
        let mut rows = Rows { input, delimiter: b',', buffer: Vec::new(), used: 0, ended: false, read: 0, row: 0 };
        rows.fill()?;
        if rows.buffer.starts_with(&[0xff, 0xfe]) || rows.buffer.starts_with(&[0xfe, 0xff]) {
            return Err(Error::data("the table is UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8 does)"));
        }
        rows.delimiter = delimiter.unwrap_or_else(|| sniff(&rows.buffer));
        Ok(rows)
    }

    /// The delimiter in use.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    fn fill(&mut self) -> Result<()> {
        self.buffer.drain(..self.used);
        self.used = 0;
        let goal = self.buffer.len() + BLOCK;
        let had = self.buffer.len();
        let mut limited = (&mut self.input).take((goal - had) as u64);
        let n = limited.read_to_end(&mut self.buffer).map_err(|e| Error::stream("read the table", e))?;
        self.read += n as u64;
        self.ended = n < goal - had;
        Ok(())
    }

    fn parser(&self) -> Reader {
        ReaderBuilder::new().delimiter(self.delimiter).build()
    }

    /// Reads the header.
    ///
    /// # Errors
    /// Where there is none.
    pub fn header(&mut self) -> Result<Header> {
        loop {
            let bom = if self.buffer.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
            let mut parser = self.parser();
            let mut scratch = Scratch::default();
            match scratch.record(&mut parser, &self.buffer[bom..], self.ended) {
                Some(length) => {
                    let end = with_line_feed(&self.buffer, bom + length);
                    let names = scratch.cells().map(|c| String::from_utf8_lossy(c).into_owned()).collect();
                    let raw = self.buffer[..end].to_vec();
                    self.used = end;
                    return Ok(Header { names, raw });
                }
                None if self.ended => {
                    return Err(Error::data("the table is empty; its first row should name the columns"));
                }
                None => self.fill()?,
            }
            if self.buffer.len() > MAX_RECORD {
                return Err(too_long(1));
            }
        }
    }

    /// The next whole records, or none at the end.
    ///
    /// # Errors
    /// Where a record is ragged or endless, or reading fails.
    pub fn block(&mut self, shape: &Shape) -> Result<Option<Block<'_>>> {
        if self.ended && self.used == self.buffer.len() {
            return Ok(None);
        }
        if !(self.ended) {
            self.fill()?;
        }
        let mut found = Vec::new();
        let mut cells = Vec::new();
        loop {
            let start = self.used;
            let mut parser = self.parser();
            let mut scratch = Scratch::default();
            let mut at = start;
            found.clear();
            cells.clear();
            let mut row = self.row;
            while let Some(length) = scratch.record(&mut parser, &self.buffer[at..], self.ended) {
                let end = at + length;
                // The line feed of CR LF may lie in the next block.
                if !self.ended && end == self.buffer.len() {
                    break;
                }
                let end = with_line_feed(&self.buffer, end);
                row += 1;
                let count = scratch.ends.len();
                if count != shape.columns && !shape.flexible {
                    return Err(Error::data(format!(
                        "row {row} has {count} cells where the header has {}; --flexible takes such rows as they are",
                        shape.columns
                    )));
                }
                let first = cells.len();
                let from = shape.wanted.iter().map(|&w| scratch.cell(w));
                let ranges = from.map(|cell| {
                    let begin = cells.len();
                    cells.extend_from_slice(cell);
                    begin..cells.len()
                });
                let ranges: Vec<_> = ranges.collect();
                let utf8 = std::str::from_utf8(&cells[first..]).is_ok();
                found.push(Found {
                    start: at,
                    end,
                    cells: [0, 1, 2].map(|n| ranges.get(n).cloned().unwrap_or(0..0)),
                    missing: shape.columns.saturating_sub(count) as u32,
                    surplus: count.saturating_sub(shape.columns) as u32,
                    utf8,
                    surplus_at: scratch.raw_end(&self.buffer[at..end], shape.columns, count, self.delimiter),
                });
                at = end;
            }
            if !found.is_empty() || self.ended {
                self.row = row;
                let rest = if self.ended { at..self.buffer.len() } else { at..at };
                self.used = rest.end;
                return Ok(Some(Block { buffer: &self.buffer, cells, found, rest }));
            }
            if self.buffer.len() - start > MAX_RECORD {
                return Err(too_long(self.row + 1));
            }
            self.fill()?;
        }
    }
}

fn too_long(row: u64) -> Error {
    Error::data(format!("row {row} is longer than {} MB; a quote is probably not closed", MAX_RECORD >> 20))
}

/// The most frequent of the usual delimiters in the first line; a comma where there is none.
fn sniff(text: &[u8]) -> u8 {
    let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let count = |d: u8| delimiters(line, d).count();
    [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|&d| count(d)).filter(|&d| count(d) > 0).unwrap_or(b',')
}

/// Where the delimiters of a record are, those in quoted cells left out.
fn delimiters(record: &[u8], delimiter: u8) -> impl Iterator<Item = usize> {
    // A quote opens a cell at its beginning alone, and again where it is doubled.
    let (mut quoted, mut may_open) = (false, true);
    record.iter().enumerate().filter_map(move |(at, &byte)| {
        let ends = byte == delimiter && !quoted;
        let closes = byte == b'"' && quoted;
        quoted = byte == b'"' && !quoted && may_open || quoted && !closes;
        may_open = ends || closes;
        ends.then_some(at)
    })
}

/// The end of a record, its line feed included.
fn with_line_feed(buffer: &[u8], end: usize) -> usize {
    match (buffer.get(end.wrapping_sub(1)), buffer.get(end)) {
        (Some(b'\r'), Some(b'\n')) => end + 1,
        _ => end,
    }
}

/// Space that the parser writes cells into.
#[derive(Default)]
struct Scratch {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Scratch {
    /// Parses the first record of `input`; gives how many bytes it takes, or none where it does not end there.
    fn record(&mut self, parser: &mut Reader, input: &[u8], ended: bool) -> Option<usize> {
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

    fn cell(&self, number: usize) -> &[u8] {
        let Some(&end) = self.ends.get(number) else { return &[] };
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..end]
    }

    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|n| self.cell(n))
    }

    /// Where in a record with too many cells those begin that the header does not have.
    fn raw_end(&self, record: &[u8], columns: usize, count: usize, delimiter: u8) -> usize {
        if count <= columns {
            return record.len();
        }
        delimiters(record, delimiter).nth(columns - 1).unwrap_or(record.len())
    }
}

/// The first row.
pub struct Header {
    names: Vec<String>,
    raw: Vec<u8>,
}

impl Header {
    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|n| n == name)
    }

    /// The number of a column.
    ///
    /// # Errors
    /// Where there is none of that name, or more than one.
    pub fn find(&self, name: &str) -> Result<usize> {
        let mut found = self.names.iter().enumerate().filter(|(_, n)| *n == name).map(|(at, _)| at);
        match (found.next(), found.next()) {
            (Some(at), None) => Ok(at),
            (Some(_), Some(_)) => {
                Err(Error::usage(format!("there is more than one column '{name}'; rename all but one")))
            }
            (None, _) => {
                let near = self.names.iter().max_by(|a, b| {
                    let like = |n: &str| strsim::jaro_winkler(&n.to_lowercase(), &name.to_lowercase());
                    like(a).total_cmp(&like(b))
                });
                let near = near.filter(|n| strsim::jaro_winkler(&n.to_lowercase(), &name.to_lowercase()) > 0.8);
                let hint = near.map(|n| format!(" (did you mean '{n}'?)")).unwrap_or_default();
                let short = |n: &String| n.chars().take(40).collect::<String>();
                let mut some: Vec<String> = self.names.iter().take(20).map(short).collect();
                if self.names.len() > some.len() {
                    some.push(format!("and {} more", self.names.len() - some.len()));
                }
                Err(Error::usage(format!("there is no column '{name}'{hint}; the columns are {}", some.join(", "))))
            }
        }
    }

    /// Writes the row with further cells, each of which begins with a delimiter.
    pub fn write_with(&self, cells: &[u8], out: &mut impl Write) -> std::io::Result<()> {
        let text = content(&self.raw);
        out.write_all(&self.raw[..text])?;
        out.write_all(cells)?;
        out.write_all(if text < self.raw.len() { &self.raw[text..] } else { b"\n" })
    }
}

/// The length of a record without its line ending.
fn content(record: &[u8]) -> usize {
    let end = record.iter().rposition(|&b| b != b'\n' && b != b'\r').map_or(0, |at| at + 1);
    // Only one line ending belongs to the record; others would be blank lines.
    match &record[end..] {
        [] => end,
        [b'\r', b'\n', ..] | [.., b'\r', b'\n'] => record.len() - 2,
        _ => record.len() - 1,
    }
}

struct Found {
    start: usize,
    end: usize,
    cells: [std::ops::Range<usize>; 3],
    missing: u32,
    surplus: u32,
    surplus_at: usize,
    utf8: bool,
}

/// Whole records.
pub struct Block<'a> {
    buffer: &'a [u8],
    cells: Vec<u8>,
    found: Vec<Found>,
    rest: std::ops::Range<usize>,
}

impl Block<'_> {
    /// The records, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.found.iter().map(|found| Row { block: self, found })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Bytes behind the last record of the table: blank lines.
    pub fn rest(&self) -> &[u8] {
        &self.buffer[self.rest.clone()]
    }
}

/// One record.
pub struct Row<'a> {
    block: &'a Block<'a>,
    found: &'a Found,
}

impl<'a> Row<'a> {
    /// Value, country and unit, unquoted; empty where not wanted or not there.
    pub fn cells(&self) -> [&'a [u8]; 3] {
        [0, 1, 2].map(|n| &self.block.cells[self.found.cells[n].clone()])
    }

    /// Whether it has not as many cells as the header.
    pub fn is_ragged(&self) -> bool {
        self.found.missing > 0 || self.found.surplus > 0
    }

    /// Whether the cells that were read are UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.found.utf8
    }

    /// Writes the record as it is, with further cells behind those that the header has.
    pub fn write_with(&self, cells: &[u8], delimiter: u8, out: &mut impl Write) -> std::io::Result<()> {
        let record = &self.block.buffer[self.found.start..self.found.end];
        let text = content(record).min(self.found.surplus_at);
        out.write_all(&record[..text])?;
        for _ in 0..self.found.missing {
            out.write_all(&[delimiter])?;
        }
        out.write_all(cells)?;
        out.write_all(&record[text..])
    }
}
