//! Cuts a table into records without changing their bytes.

mod block;
mod header;

use std::io::Read;

pub use block::{Block, Row};
pub use header::{Header, find_column, taken};

use super::syntax::{Syntax, json_lines};
use crate::delimited::{Cells, Dialect, content_length};
use crate::error::{Error, Result};
use block::Found;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Bytes read at once. A longer record makes the block longer.
const BLOCK: usize = 4 << 20;
/// A longer record, in bytes, is taken for an unclosed quote.
const MAX_RECORD: usize = 1 << 28;
/// How many JSON objects are read for the names of the fields.
const FIELDS_OF: usize = 1000;

/// Cuts an input into blocks of whole records.
#[derive(Debug)]
pub struct Rows<R> {
    input: R,
    syntax: Syntax,
    buffer: Vec<u8>,
    /// Bytes of the buffer that were returned already.
    used: usize,
    ended: bool,
    read: u64,
    row: u64,
}

/// What is wanted of each record.
#[derive(Debug)]
pub struct Shape {
    /// How many columns the header has.
    pub columns: usize,
    /// Whether records may have more or fewer cells.
    pub flexible: bool,
    /// The columns to read, by index and name.
    pub wanted: Vec<(usize, String)>,
    /// The names of the added columns, which the table must not have.
    pub added: Vec<String>,
}

impl<R: Read> Rows<R> {
    /// Starts reading. Detects JSON Lines by the first line, and the delimiter if none is given.
    ///
    /// # Errors
    /// If reading fails, or the input is not text.
    pub fn open(input: R, delimiter: Option<u8>, quote: Option<u8>) -> Result<Rows<R>> {
        let mut rows =
            Rows { input, syntax: Syntax::JsonLines, buffer: Vec::new(), used: 0, ended: false, read: 0, row: 0 };
        rows.fill()?;
        if rows.buffer.starts_with(b"PK\x03\x04") {
            return Err(Error::data(
                "this is a zip archive or a spreadsheet, not a table; unpack it or save it as CSV",
            ));
        }
        let text = rows.buffer.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&rows.buffer);
        let first = text.split(|&b| b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        if delimiter.is_some() || json_lines::names(first).is_none() {
            let sniffed = || Dialect::sniff(&rows.buffer, quote);
            rows.syntax = Syntax::Delimited(delimiter.map_or_else(sniffed, |delimiter| Dialect { delimiter, quote }));
        }
        Ok(rows)
    }

    /// The syntax of the table.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// How many bytes were read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    fn fill(&mut self) -> Result<()> {
        self.buffer.drain(..self.used);
        self.used = 0;
        let mut limited = (&mut self.input).take(BLOCK as u64);
        let n = limited.read_to_end(&mut self.buffer).map_err(|e| Error::stream("read the table", e))?;
        self.read += n as u64;
        self.ended = n < BLOCK;
        Ok(())
    }

    /// Reads the header.
    ///
    /// # Errors
    /// If there is none, or reading fails.
    pub fn header(&mut self) -> Result<Header> {
        let Syntax::Delimited(dialect) = self.syntax else { return Ok(self.fields()) };
        let mut cells = Cells::default();
        loop {
            let bom = if self.buffer.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            match cells.parse(&mut dialect.parser(), &self.buffer[bom..], self.ended) {
                Some(length) => {
                    self.used = with_line_feed(&self.buffer, bom + length);
                    let names = cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
                    return Ok(Header { names, raw: self.buffer[..self.used].to_vec() });
                }
                None if self.ended => {
                    return Err(Error::data("the table is empty; its first row must name the columns"));
                }
                None if self.buffer.len() > MAX_RECORD => return Err(too_long(1)),
                None => self.fill()?,
            }
        }
    }

    fn fields(&mut self) -> Header {
        if self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.used = BYTE_ORDER_MARK.len();
        }
        let mut names: Vec<String> = Vec::new();
        for line in self.buffer[self.used..].split(|&b| b == b'\n').take(FIELDS_OF) {
            for name in json_lines::names(line).unwrap_or_default() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Header { names, raw: Vec::new() }
    }

    /// The next whole records; `None` at the end.
    ///
    /// # Errors
    /// If a record is ragged, too long or not a JSON object, or reading fails.
    pub fn block<'a>(&'a mut self, shape: &'a Shape) -> Result<Option<Block<'a>>> {
        if self.ended && self.used == self.buffer.len() {
            return Ok(None);
        }
        if !self.ended {
            self.fill()?;
        }
        let mut found = Found::default();
        loop {
            found.clear();
            let (at, row) = match self.syntax {
                Syntax::Delimited(dialect) => self.delimited(dialect, shape, &mut found)?,
                Syntax::JsonLines => self.json_lines(shape, &mut found)?,
            };
            if !found.is_empty() || self.ended {
                self.row = row;
                let rest = if self.ended { at..self.buffer.len() } else { at..at };
                self.used = rest.end;
                return Ok(Some(Block { syntax: self.syntax, buffer: &self.buffer, shape, found, rest }));
            }
            if self.buffer.len() - self.used > MAX_RECORD {
                return Err(too_long(self.row + 1));
            }
            self.fill()?;
        }
    }

    /// Finds the whole records of the buffer. Returns where the last one ends, and its number.
    fn delimited(&self, dialect: Dialect, shape: &Shape, found: &mut Found) -> Result<(usize, u64)> {
        let mut parser = dialect.parser();
        let mut cells = Cells::default();
        let (mut at, mut row) = (self.used, self.row);
        while let Some(length) = cells.parse(&mut parser, &self.buffer[at..], self.ended) {
            // The line feed of CR LF may be in the next block.
            if !self.ended && at + length == self.buffer.len() {
                break;
            }
            let end = with_line_feed(&self.buffer, at + length);
            row += 1;
            let surplus = cells.len() as isize - shape.columns as isize;
            if surplus != 0 && !shape.flexible {
                return Err(ragged(row, cells.len(), shape.columns));
            }
            let record = &self.buffer[at..end];
            let behind_header = match surplus > 0 {
                true => dialect.delimiters(record).nth(shape.columns - 1).unwrap_or(record.len()),
                false => record.len(),
            };
            let wanted = shape.wanted.iter().map(|(number, _)| cells.get(*number));
            found.push(at..end, content_length(record).min(behind_header), surplus, wanted);
            at = end;
        }
        Ok((at, row))
    }

    /// The same for JSON Lines.
    fn json_lines(&self, shape: &Shape, found: &mut Found) -> Result<(usize, u64)> {
        let (mut at, mut row) = (self.used, self.row);
        let mut cells = vec![String::new(); shape.wanted.len()];
        let mut end = at;
        while end < self.buffer.len() {
            let rest = &self.buffer[end..];
            let length = match rest.iter().position(|&b| b == b'\n') {
                Some(feed) => feed + 1,
                None if self.ended => rest.len(),
                None => break,
            };
            let line = &rest[..length];
            end += length;
            if line.trim_ascii().is_empty() {
                continue;
            }
            row += 1;
            read_object(line, row, shape, &mut cells)?;
            let record = &self.buffer[at..end];
            let close = record.iter().rposition(|&b| b == b'}').unwrap_or(record.len());
            found.push(at..end, close, 0, cells.iter().map(String::as_bytes));
            at = end;
        }
        Ok((at, row))
    }
}

/// Reads the wanted cells of an object.
fn read_object(line: &[u8], row: u64, shape: &Shape, cells: &mut [String]) -> Result<()> {
    cells.iter_mut().for_each(String::clear);
    let mut existing = None;
    let read = json_lines::each_field(line, |name, value| {
        if let Some(n) = shape.wanted.iter().position(|(_, wanted)| wanted == name) {
            cells[n] = json_lines::text(value);
        } else if let Some(name) = shape.added.iter().find(|added| *added == name) {
            existing = Some(name);
        }
    });
    read.map_err(|e| Error::data(format!("line {row} is not a JSON object")).because(e))?;
    existing.map_or(Ok(()), |name| Err(taken(name)))
}

fn ragged(row: u64, cells: usize, columns: usize) -> Error {
    let sentence = format!("row {row} has {cells} cells, but the header has {columns}");
    Error::data(format!("{sentence}; the flexible option accepts such rows"))
}

fn too_long(row: u64) -> Error {
    Error::data(format!("row {row} is longer than {} MB; probably a quote is not closed", MAX_RECORD >> 20))
}

/// The end of a record, its line feed included.
fn with_line_feed(buffer: &[u8], end: usize) -> usize {
    match (buffer.get(end.wrapping_sub(1)), buffer.get(end)) {
        (Some(b'\r'), Some(b'\n')) => end + 1,
        _ => end,
    }
}
