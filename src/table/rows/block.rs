//! Whole records of a table, their wanted cells, and how they are written with answers.

use std::io::{self, Write};
use std::ops::Range;

use super::Shape;
use crate::delimited::Cells;
use crate::table::syntax::{Syntax, json_lines};

/// The records found in a buffer, and their wanted cells.
#[derive(Debug, Default)]
pub(super) struct Found {
    records: Vec<Record>,
    cells: Vec<u8>,
    /// The end of each wanted cell, record after record.
    ends: Vec<usize>,
}

#[derive(Debug)]
struct Record {
    start: usize,
    end: usize,
    /// Where its wanted cells begin.
    first: usize,
    /// Where cells are added, from its start on.
    insertion: usize,
    /// How many more cells than the header it has; negative for fewer.
    surplus: isize,
    utf8: bool,
}

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.records.clear();
        self.cells.clear();
        self.ends.clear();
    }

    pub(super) fn push<'c>(
        &mut self,
        range: Range<usize>,
        insertion: usize,
        surplus: isize,
        wanted: impl Iterator<Item = &'c [u8]>,
    ) {
        let first = self.cells.len();
        for cell in wanted {
            self.cells.extend_from_slice(cell);
            self.ends.push(self.cells.len());
        }
        let utf8 = std::str::from_utf8(&self.cells[first..]).is_ok();
        self.records.push(Record { start: range.start, end: range.end, first, insertion, surplus, utf8 });
    }
}

/// Whole records.
#[derive(Debug)]
pub struct Block<'a> {
    pub(super) syntax: Syntax,
    pub(super) buffer: &'a [u8],
    pub(super) shape: &'a Shape,
    pub(super) found: Found,
    pub(super) rest: Range<usize>,
}

impl Block<'_> {
    /// The records, in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.found.records.len()).map(|number| Row { block: self, number })
    }

    /// What follows the last record of the table: blank lines.
    pub fn rest(&self) -> &[u8] {
        &self.buffer[self.rest.clone()]
    }
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    block: &'a Block<'a>,
    number: usize,
}

impl<'a> Row<'a> {
    fn record(&self) -> &'a Record {
        &self.block.found.records[self.number]
    }

    fn bytes(&self) -> &'a [u8] {
        let record = self.record();
        &self.block.buffer[record.start..record.end]
    }

    /// The wanted cells, unquoted; empty if the record lacks them.
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

    /// Whether it has more or fewer cells than the header.
    pub fn is_ragged(&self) -> bool {
        self.record().surplus != 0
    }

    /// Whether the wanted cells are UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.record().utf8
    }

    /// Whether it is a row of HXL hashtags (<https://hxlstandard.org>): every cell that is not empty begins with `#`.
    pub fn is_hxl(&self) -> bool {
        let Syntax::Delimited(dialect) = self.block.syntax else { return false };
        let mut cells = Cells::default();
        if cells.parse(&mut dialect.parser(), self.bytes(), true).is_none() {
            return false;
        }
        let tag = |cell: &[u8]| matches!(cell.trim_ascii(), [b'#', b'a'..=b'z', ..]);
        let mut filled = cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).peekable();
        filled.peek().is_some() && filled.all(tag)
    }

    /// Writes the record with `added` cells behind those of the header, and with some wanted cells replaced, given by their
    /// position among the wanted ones. All other bytes stay as they are. A record that lacks cells is filled up only if cells
    /// are added.
    ///
    /// # Errors
    /// If writing fails.
    pub fn write_with(&self, added: &[u8], replaced: &[(usize, &[u8])], out: &mut impl Write) -> io::Result<()> {
        let (text, behind) = self.bytes().split_at(self.record().insertion);
        let mut at = 0;
        for (range, cell) in self.ranges(text, replaced) {
            out.write_all(&text[at..range.start])?;
            out.write_all(cell)?;
            at = range.end;
        }
        out.write_all(&text[at..])?;
        match self.block.syntax {
            _ if added.is_empty() => {}
            Syntax::Delimited(dialect) => {
                for _ in self.record().surplus..0 {
                    out.write_all(&[dialect.delimiter])?;
                }
                out.write_all(added)?;
            }
            // The first field of an object has no comma before it.
            Syntax::JsonLines if text.trim_ascii_end().ends_with(b"{") => out.write_all(&added[1..])?,
            Syntax::JsonLines => out.write_all(added)?,
        }
        out.write_all(behind)
    }

    /// The ranges of the replaced cells, in the order of the record.
    fn ranges<'c>(&self, text: &[u8], replaced: &[(usize, &'c [u8])]) -> Vec<(Range<usize>, &'c [u8])> {
        let range = |column: usize| {
            let (number, name) = &self.block.shape.wanted[column];
            match self.block.syntax {
                Syntax::Delimited(dialect) => dialect.cell_range(text, *number),
                Syntax::JsonLines => json_lines::value_range(self.bytes(), name),
            }
        };
        let found = replaced.iter().filter_map(|&(column, cell)| range(column).map(|(from, to)| (from..to, cell)));
        let mut ranges: Vec<_> = found.collect();
        ranges.sort_unstable_by_key(|(range, _)| range.start);
        ranges
    }
}
