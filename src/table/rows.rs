//! Records of a table, with their bytes as they are.

use std::io::{Read, Write};

use super::delimited::{Dialect, Scratch, content};
use super::lines;
use super::syntax::Syntax;
use crate::error::{Error, Result};

/// Bytes that are read at once; a longer record makes the block longer.
const BLOCK: usize = 4 << 20;
/// A record longer than this is taken for a missing quote.
const MAX_RECORD: usize = 1 << 28;

/// Cuts an input into blocks of whole records.
pub struct Rows<R> {
    input: R,
    syntax: Syntax,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are handed out already.
    used: usize,
    ended: bool,
    read: u64,
    row: u64,
}

/// What is wanted of each record.
pub struct Shape {
    /// Columns of the header.
    pub columns: usize,
    /// Whether records may have another number of cells.
    pub flexible: bool,
    /// The columns to read, by number and name.
    pub wanted: Vec<(usize, String)>,
    /// Names that the table must not have, because they are added.
    pub added: Vec<String>,
}

impl<R: Read> Rows<R> {
    /// Begins to read; JSON Lines are told by their first brace, the delimiter from the first line where it is not given.
    ///
    /// # Errors
    /// Where reading fails.
    pub fn open(input: R, delimiter: Option<u8>, quote: Option<u8>) -> Result<Rows<R>> {
        let mut rows =
            Rows { input, syntax: Syntax::Lines, buffer: Vec::new(), used: 0, ended: false, read: 0, row: 0 };
        rows.fill()?;
        let text = rows.buffer.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&rows.buffer);
        let first = text.split(|&b| b == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
        if delimiter.is_some() || lines::names(first).is_none() {
            let delimiter = delimiter.unwrap_or_else(|| Dialect::sniff(&rows.buffer, quote));
            rows.syntax = Syntax::Delimited(Dialect { delimiter, quote });
        }
        Ok(rows)
    }

    /// How the records are written down.
    pub fn syntax(&self) -> Syntax {
        self.syntax
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

    /// Reads the header; JSON Lines have none, so that it is the fields of the first objects.
    ///
    /// # Errors
    /// Where there is none.
    pub fn header(&mut self) -> Result<Header> {
        let Syntax::Delimited(dialect) = self.syntax else { return Ok(self.fields()) };
        loop {
            let bom = if self.buffer.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
            let mut scratch = Scratch::default();
            match scratch.record(&mut dialect.parser(), &self.buffer[bom..], self.ended) {
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

    fn fields(&mut self) -> Header {
        if self.buffer.starts_with("\u{feff}".as_bytes()) {
            self.used = 3;
        }
        let mut names: Vec<String> = Vec::new();
        for line in self.buffer[self.used..].split(|&b| b == b'\n').take(1000) {
            for name in lines::names(line).unwrap_or_default() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Header { names, raw: Vec::new() }
    }

    /// The next whole records, or none at the end.
    ///
    /// # Errors
    /// Where a record is ragged, endless or no object, or reading fails.
    pub fn block<'a>(&'a mut self, shape: &'a Shape) -> Result<Option<Block<'a>>> {
        if self.ended && self.used == self.buffer.len() {
            return Ok(None);
        }
        if !self.ended {
            self.fill()?;
        }
        let mut found = Found::default();
        loop {
            let start = self.used;
            found.clear();
            let (at, row) = match self.syntax {
                Syntax::Delimited(dialect) => self.delimited(dialect, shape, &mut found)?,
                Syntax::Lines => self.lines(shape, &mut found)?,
            };
            if !found.records.is_empty() || self.ended {
                self.row = row;
                let rest = if self.ended { at..self.buffer.len() } else { at..at };
                self.used = rest.end;
                return Ok(Some(Block { syntax: self.syntax, buffer: &self.buffer, shape, found, rest }));
            }
            if self.buffer.len() - start > MAX_RECORD {
                return Err(too_long(self.row + 1));
            }
            self.fill()?;
        }
    }

    /// Finds the whole records of the buffer; gives where the last ends and its number.
    fn delimited(&self, dialect: Dialect, shape: &Shape, found: &mut Found) -> Result<(usize, u64)> {
        let mut parser = dialect.parser();
        let mut scratch = Scratch::default();
        let (mut at, mut row) = (self.used, self.row);
        while let Some(length) = scratch.record(&mut parser, &self.buffer[at..], self.ended) {
            let end = at + length;
            // The line feed of CR LF may lie in the next block.
            if !self.ended && end == self.buffer.len() {
                break;
            }
            let end = with_line_feed(&self.buffer, end);
            row += 1;
            let count = scratch.len();
            if count != shape.columns && !shape.flexible {
                return Err(Error::data(format!(
                    "row {row} has {count} cells where the header has {}; --flexible takes such rows as they are",
                    shape.columns
                )));
            }
            let record = &self.buffer[at..end];
            let surplus = count.checked_sub(shape.columns).filter(|&n| n > 0);
            let behind = surplus.and_then(|_| dialect.delimiters(record).nth(shape.columns - 1));
            found.record(
                at,
                end,
                content(record).min(behind.unwrap_or(record.len())),
                count as i64 - shape.columns as i64,
                shape.wanted.iter().map(|(number, _)| scratch.cell(*number)),
            );
            at = end;
        }
        Ok((at, row))
    }

    fn lines(&self, shape: &Shape, found: &mut Found) -> Result<(usize, u64)> {
        let (mut at, mut row) = (self.used, self.row);
        let mut cells = vec![String::new(); shape.wanted.len()];
        let mut end = at;
        while end < self.buffer.len() {
            let line = &self.buffer[end..];
            let length = match line.iter().position(|&b| b == b'\n') {
                Some(feed) => feed + 1,
                None if self.ended => line.len(),
                None => break,
            };
            end += length;
            let line = &line[..length];
            if line.trim_ascii().is_empty() {
                continue;
            }
            row += 1;
            cells.iter_mut().for_each(String::clear);
            let mut taken = None;
            let read = lines::each(line, |name, value| {
                if let Some(n) = shape.wanted.iter().position(|(_, wanted)| wanted == name) {
                    cells[n] = lines::text(value);
                } else if let Some(name) = shape.added.iter().find(|added| *added == name) {
                    taken = Some(name);
                }
            });
            if let Err(e) = read {
                return Err(Error::data(format!("line {row} is no JSON object; one a line is expected")).because(e));
            }
            if let Some(name) = taken {
                return Err(taken_already(name));
            }
            let record = &self.buffer[at..end];
            let close = record.iter().rposition(|&b| b == b'}').unwrap_or(record.len());
            found.record(at, end, close, 0, cells.iter().map(String::as_bytes));
            at = end;
        }
        Ok((at, row))
    }
}

/// The refusal to add a column that is there.
pub fn taken_already(name: &str) -> Error {
    Error::usage(format!("the table has a column '{name}' already; name another prefix with --prefix"))
}

fn too_long(row: u64) -> Error {
    Error::data(format!("row {row} is longer than {} MB; a quote is probably not closed", MAX_RECORD >> 20))
}

/// The end of a record, its line feed included.
fn with_line_feed(buffer: &[u8], end: usize) -> usize {
    match (buffer.get(end.wrapping_sub(1)), buffer.get(end)) {
        (Some(b'\r'), Some(b'\n')) => end + 1,
        _ => end,
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
        column_at(&self.names, name)
    }

    /// Writes the row with further cells, each of which begins with a delimiter.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn write_with(&self, cells: &[u8], out: &mut impl Write) -> std::io::Result<()> {
        let text = content(&self.raw);
        out.write_all(&self.raw[..text])?;
        out.write_all(cells)?;
        out.write_all(if text < self.raw.len() { &self.raw[text..] } else { b"\n" })
    }
}

/// Records that were found, and the cells that are wanted of them.
#[derive(Default)]
struct Found {
    records: Vec<Record>,
    cells: Vec<u8>,
    /// Where each wanted cell ends, record after record.
    ends: Vec<usize>,
}

struct Record {
    start: usize,
    end: usize,
    /// Where its cells begin among those of the block.
    first: usize,
    /// Where cells are added, from its start.
    behind: usize,
    /// How many cells it has more than the header, or fewer.
    surplus: i64,
    utf8: bool,
}

impl Found {
    fn clear(&mut self) {
        self.records.clear();
        self.cells.clear();
        self.ends.clear();
    }

    fn record<'c>(
        &mut self,
        start: usize,
        end: usize,
        behind: usize,
        surplus: i64,
        wanted: impl Iterator<Item = &'c [u8]>,
    ) {
        let first = self.cells.len();
        for cell in wanted {
            self.cells.extend_from_slice(cell);
            self.ends.push(self.cells.len());
        }
        let utf8 = std::str::from_utf8(&self.cells[first..]).is_ok();
        self.records.push(Record { start, end, first, behind, surplus, utf8 });
    }
}

/// Whole records.
pub struct Block<'a> {
    syntax: Syntax,
    buffer: &'a [u8],
    shape: &'a Shape,
    found: Found,
    rest: std::ops::Range<usize>,
}

impl Block<'_> {
    /// The records, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.found.records.len()).map(|number| Row { block: self, number })
    }

    /// Bytes behind the last record of the table: blank lines.
    pub fn rest(&self) -> &[u8] {
        &self.buffer[self.rest.clone()]
    }
}

/// One record.
pub struct Row<'a> {
    block: &'a Block<'a>,
    number: usize,
}

impl<'a> Row<'a> {
    fn record(&self) -> &'a Record {
        &self.block.found.records[self.number]
    }

    /// Its bytes.
    pub fn bytes(&self) -> &'a [u8] {
        let record = self.record();
        &self.block.buffer[record.start..record.end]
    }

    /// The wanted cells, unquoted; empty where they are not there.
    pub fn cells(&self) -> impl Iterator<Item = &'a [u8]> + Clone + use<'a> {
        let (found, width) = (&self.block.found, self.block.shape.wanted.len());
        let first = self.number * width;
        let mut from = self.record().first;
        found.ends[first..first + width].iter().map(move |&end| {
            let cell = &found.cells[from..end];
            from = end;
            cell
        })
    }

    /// Whether it has not as many cells as the header.
    pub fn is_ragged(&self) -> bool {
        self.record().surplus != 0
    }

    /// Whether the cells that were read are UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.record().utf8
    }

    /// Whether it is a row of HXL hashtags (<https://hxlstandard.org>): every cell that is not empty begins with `#`.
    pub fn is_hxl(&self) -> bool {
        let Syntax::Delimited(dialect) = self.block.syntax else { return false };
        let mut scratch = Scratch::default();
        if scratch.record(&mut dialect.parser(), self.bytes(), true).is_none() {
            return false;
        }
        let tag = |cell: &[u8]| matches!(cell.trim_ascii(), [b'#', b'a'..=b'z', ..]);
        let mut filled = scratch.cells().filter(|cell| !cell.trim_ascii().is_empty()).peekable();
        filled.peek().is_some() && filled.all(tag)
    }

    /// Writes the record with further cells behind those that the header has, and with other cells for those of some
    /// wanted columns (by their place among these); everything else stays as it is.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn write_with(&self, cells: &[u8], replaced: &[(usize, &[u8])], out: &mut impl Write) -> std::io::Result<()> {
        let (bytes, record) = (self.bytes(), self.record());
        let (text, behind) = bytes.split_at(record.behind);
        let mut places: Vec<(usize, usize, &[u8])> = Vec::with_capacity(replaced.len());
        for &(column, cell) in replaced {
            let (number, name) = &self.block.shape.wanted[column];
            let place = match self.block.syntax {
                Syntax::Delimited(dialect) => dialect.cell_at(text, *number),
                Syntax::Lines => lines::value_at(bytes, name),
            };
            places.extend(place.map(|(from, to)| (from, to, cell)));
        }
        places.sort_unstable_by_key(|&(from, ..)| from);
        let mut at = 0;
        for (from, to, cell) in places {
            out.write_all(&text[at..from])?;
            out.write_all(cell)?;
            at = to;
        }
        out.write_all(&text[at..])?;
        match self.block.syntax {
            Syntax::Delimited(dialect) => {
                for _ in record.surplus..0 {
                    out.write_all(&[dialect.delimiter])?;
                }
                out.write_all(cells)?;
            }
            // An object without fields takes the first without a comma before it.
            Syntax::Lines if text.trim_ascii_end().ends_with(b"{") => {
                out.write_all(cells.get(1..).unwrap_or_default())?
            }
            Syntax::Lines => out.write_all(cells)?,
        }
        out.write_all(behind)
    }
}

/// The number of a column among those of a table.
///
/// # Errors
/// Where there is none of that name, or more than one.
pub fn column_at<N: AsRef<str>>(names: &[N], name: &str) -> Result<usize> {
    let mut found = names.iter().enumerate().filter(|(_, n)| n.as_ref() == name).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => {
            Err(Error::missing_column(format!("there is more than one column '{name}'; rename all but one")))
        }
        (None, _) => {
            let like = |n: &N| strsim::jaro_winkler(&n.as_ref().to_lowercase(), &name.to_lowercase());
            let near = names.iter().max_by(|a, b| like(a).total_cmp(&like(b))).filter(|n| like(n) > 0.8);
            let hint = near.map(|n| format!(" (did you mean '{}'?)", n.as_ref())).unwrap_or_default();
            let short = |n: &N| n.as_ref().chars().take(40).collect::<String>();
            let mut some: Vec<String> = names.iter().take(20).map(short).collect();
            if names.len() > some.len() {
                some.push(format!("and {} more", names.len() - some.len()));
            }
            Err(Error::missing_column(format!(
                "there is no column '{name}'{hint}; the columns are {}",
                some.join(", ")
            )))
        }
    }
}
