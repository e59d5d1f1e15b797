//! Reads a table and writes it with the answers behind its records.

use std::fs::File;
use std::io::{self, Read, Seek, Write};

use super::rows::{Block, Header, Row, Rows, Shape, find_column, taken};
use super::syntax::{Syntax, encoding};
use super::values::Values;
use super::{ContextScope, Decisions, Options, Summary};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// Reads a table, delimited or JSON Lines, and writes it with further columns behind its own: for each column of names,
/// [`ADDED`](super::ADDED) and those of [`Options::add`] and [`Options::candidates`].
///
/// # Errors
/// As [`normalize_reviewed`].
pub fn normalize(gazetteer: &Gazetteer, input: impl Read, output: impl Write, options: &Options) -> Result<Summary> {
    normalize_reviewed(gazetteer, input, output, options, &Decisions::default(), None, |_, _| {})
}

/// Like [`normalize`], with decisions that people made.
///
/// The doubts that remain are written to `review`, as a table that [`Decisions::read`] takes once it is filled in. `watch` is
/// called from time to time with the number of bytes read and of rows written. Memory holds one block of the table, and its
/// distinct values.
///
/// # Errors
/// If a column is missing or would be duplicated, a row is ragged (unless the options allow it), the encoding is unknown, or
/// reading or writing fails.
pub fn normalize_reviewed(
    gazetteer: &Gazetteer,
    input: impl Read,
    output: impl Write,
    options: &Options,
    decisions: &Decisions,
    review: Option<&mut dyn Write>,
    watch: impl FnMut(u64, u64),
) -> Result<Summary> {
    let (input, encoding) = encoding::utf8(input, options.encoding.as_deref())?;
    let values = |table: &Table<_>| {
        Values::new(gazetteer, table.options.clone(), decisions, table.rows.syntax(), review.is_some())
    };
    let (mut summary, values) = match options.context {
        ContextScope::Row => {
            let mut table = Table::open(input, options)?;
            let mut values = values(&table)?;
            (table.write(&mut values, output, watch)?, values)
        }
        ContextScope::Column => {
            let kept = |e| Error::stream("keep the table in a temporary file", e);
            let mut copy = tempfile::tempfile().map_err(kept)?;
            let copied: Box<dyn Read + '_> = Box::new(Copied { input, copy: &mut copy });
            let mut table = Table::open(copied, options)?;
            let mut values = values(&table)?;
            table.observe(&mut values)?;
            drop(table);
            values.settle();
            copy.rewind().map_err(kept)?;
            (Table::open(Box::new(copy), options)?.write(&mut values, output, watch)?, values)
        }
    };
    summary.encoding = encoding;
    values.finish(&mut summary, review)?;
    Ok(summary)
}

/// A reader that copies what it reads.
struct Copied<'c, R> {
    input: R,
    copy: &'c mut File,
}

impl<R: Read> Read for Copied<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.copy.write_all(&buffer[..n])?;
        Ok(n)
    }
}

/// An opened table.
struct Table<R> {
    rows: Rows<R>,
    header: Header,
    /// The options, with the columns by their names in this table.
    options: Options,
    shape: Shape,
    /// For each column of names, what precedes each cell of its added columns.
    keys: Vec<Vec<Vec<u8>>>,
}

impl<R: Read> Table<R> {
    fn open(input: R, options: &Options) -> Result<Table<R>> {
        let mut rows = Rows::open(input, options.delimiter, options.quote)?;
        let header = rows.header()?;
        let names = header.names();
        let wanted: Vec<(usize, String)> = options
            .read_columns()
            .map(|column| find_column(names, column).map(|at| (at, names[at].clone())))
            .collect::<Result<_>>()?;
        let options = options.with_names(|column| Ok(names[find_column(names, column)?].clone()))?;
        let added: Vec<Vec<String>> = options.columns.iter().map(|column| options.added(column)).collect();
        let all = added.concat();
        if let Some((_, name)) =
            all.iter().enumerate().find(|(n, name)| names.contains(name) || all[..*n].contains(name))
        {
            return Err(taken(name));
        }
        let syntax = rows.syntax();
        let keys = added.iter().map(|names| names.iter().map(|name| syntax.key(name)).collect()).collect();
        let shape = Shape { columns: names.len(), flexible: options.flexible, wanted, added: all };
        Ok(Table { rows, header, options, shape, keys })
    }

    /// Looks up the distinct values of the whole table.
    fn observe(&mut self, values: &mut Values<'_, '_>) -> Result<()> {
        let mut first = true;
        while let Some(block) = self.rows.block(&self.shape)? {
            let (hxl, body) = split_hxl(&block, first);
            first &= body.is_empty() && hxl.is_none();
            values.observe(body.iter().map(Row::cells))?;
        }
        Ok(())
    }

    /// Writes the table with its answers. Values that were not observed are looked up.
    fn write(
        &mut self,
        values: &mut Values<'_, '_>,
        mut output: impl Write,
        mut watch: impl FnMut(u64, u64),
    ) -> Result<Summary> {
        let refused = |e| Error::stream("write the table", e);
        let syntax = self.rows.syntax();
        self.write_header(&mut output).map_err(refused)?;
        let width = self.options.columns.len();
        let mut summary = Summary::default();
        let (mut added, mut first) = (Vec::new(), true);
        while let Some(block) = self.rows.block(&self.shape)? {
            let (hxl, body) = split_hxl(&block, first);
            first &= body.is_empty() && hxl.is_none();
            if let Some(row) = hxl {
                summary.hxl = true;
                row.write_with(&empty_cells(syntax, self.shape.added.len()), &[], &mut output).map_err(refused)?;
            }
            let numbers = values.resolve(body.iter().map(Row::cells))?;
            for (row, numbers) in body.iter().zip(numbers.chunks(width)) {
                summary.rows += 1;
                summary.ragged += u64::from(row.is_ragged());
                summary.not_utf8 += u64::from(!row.is_utf8());
                added.clear();
                for (keys, &number) in self.keys.iter().zip(numbers) {
                    syntax.append(&mut added, keys, values.count(number, &mut summary).cells());
                }
                let replaced: Vec<(usize, &[u8])> = (0..)
                    .zip(numbers)
                    .filter_map(|(column, &number)| Some((column, values.get(number).label()?)))
                    .collect();
                row.write_with(&added, &replaced, &mut output).map_err(refused)?;
            }
            output.write_all(block.rest()).map_err(refused)?;
            watch(self.rows.bytes_read(), summary.rows);
        }
        output.flush().map_err(refused)?;
        Ok(summary)
    }

    fn write_header(&self, output: &mut impl Write) -> io::Result<()> {
        let Syntax::Delimited(_) = self.rows.syntax() else { return Ok(()) };
        let mut cells = Vec::new();
        self.shape.added.iter().for_each(|name| self.rows.syntax().push(&mut cells, name, false));
        self.header.write_with(&cells, output)
    }
}

/// The rows of a block; a row of HXL hashtags is kept apart if it is the `first` of the table.
fn split_hxl<'b>(block: &'b Block<'_>, first: bool) -> (Option<Row<'b>>, Vec<Row<'b>>) {
    let mut rows: Vec<Row<'b>> = block.rows().collect();
    let is_hxl = first && rows.first().is_some_and(Row::is_hxl);
    let hxl = is_hxl.then(|| rows.remove(0));
    (hxl, rows)
}

fn empty_cells(syntax: Syntax, count: usize) -> Vec<u8> {
    let mut cells = Vec::new();
    if let Syntax::Delimited(dialect) = syntax {
        cells.resize(count, dialect.delimiter);
    }
    cells
}
