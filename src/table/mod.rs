//! A column of names in, the same table with id columns out; each distinct value resolved once.
//!
//! [`rows`] cuts the input into records without touching their bytes, [`values`] resolves the distinct values over all
//! cores, and [`normalize`] puts the answers behind the records, in their order.

mod rows;
mod values;

use std::io::{Read, Write};

use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::label::Label;
use rows::{Rows, Shape};
use values::Values;

/// What to do with a table.
#[derive(Clone, Debug)]
pub struct Options {
    /// The column that holds the names.
    pub column: String,
    /// A column that says in which country the place is: names in any language or ISO codes.
    pub country_column: Option<String>,
    /// A column that says in which unit the place is: names in any language.
    pub admin_column: Option<String>,
    /// What the added columns begin with; the column's name and `_` where it is not given.
    pub prefix: Option<String>,
    /// The delimiter; told from the header where it is not given.
    pub delimiter: Option<u8>,
    /// Whether rows may have fewer cells than the header (they are filled up) or more (those stay at the end).
    pub flexible: bool,
    /// Which name stands for an entity.
    pub label: Label,
}

impl Options {
    /// Options for one column, everything else as usual.
    pub fn new(column: impl Into<String>) -> Options {
        Options {
            column: column.into(),
            country_column: None,
            admin_column: None,
            prefix: None,
            delimiter: None,
            flexible: false,
            label: Label::Source,
        }
    }
}

/// The columns that are added, in their order, behind the prefix.
pub const ADDED: [&str; 9] = ["id", "label", "status", "score", "variant", "how", "country", "lat", "lon"];

/// What became of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Rows below the header.
    pub rows: u64,
    /// Rows whose value was resolved.
    pub resolved: u64,
    /// Rows whose value may mean several places.
    pub ambiguous: u64,
    /// Rows whose value is no known name.
    pub unmatched: u64,
    /// Rows without a value.
    pub empty: u64,
    /// Different values, each with its context.
    pub distinct: u64,
    /// Rows that have not as many cells as the header.
    pub ragged: u64,
    /// Rows whose value or context is no UTF-8; what is not was read as U+FFFD.
    pub not_utf8: u64,
    /// Distinct values whose country or unit is none that is known; it was left out of account.
    pub unknown_context: u64,
}

impl Summary {
    /// Whether every value was resolved or empty.
    pub fn is_certain(&self) -> bool {
        self.ambiguous == 0 && self.unmatched == 0
    }
}

/// Reads a table and writes it with the columns [`ADDED`] behind its own.
///
/// `watch` is told from time to time how many bytes were read and rows written. Memory holds one block of the table and
/// the distinct values.
///
/// # Errors
/// Where a column is missing or doubled, a row is ragged (unless the options allow it), the input is not in an encoding
/// that is read, or reading or writing fails.
pub fn normalize(
    gazetteer: &Gazetteer,
    input: impl Read,
    mut output: impl Write,
    options: &Options,
    mut watch: impl FnMut(u64, u64),
) -> Result<Summary> {
    let refused = |e| Error::stream("write the table", e);
    let mut rows = Rows::open(input, options.delimiter)?;
    let header = rows.header()?;
    let prefix = options.prefix.clone().unwrap_or_else(|| format!("{}_", options.column));
    let added: Vec<String> = ADDED.iter().map(|name| format!("{prefix}{name}")).collect();
    let mut wanted = vec![header.find(&options.column)?];
    for context in [&options.country_column, &options.admin_column] {
        wanted.push(match context {
            Some(name) => header.find(name)?,
            None => usize::MAX,
        });
    }
    if let Some(taken) = added.iter().find(|name| header.has(name)) {
        return Err(Error::usage(format!(
            "the table has a column '{taken}' already; name another prefix with --prefix"
        )));
    }
    let delimiter = rows.delimiter();
    let mut cells = Vec::new();
    added.iter().for_each(|name| values::push_cell(&mut cells, name, delimiter));
    header.write_with(&cells, &mut output).map_err(refused)?;

    let shape = Shape { columns: header.len(), flexible: options.flexible, wanted };
    let mut values = Values::new(gazetteer, delimiter, options.label.clone());
    let mut summary = Summary::default();
    while let Some(block) = rows.block(&shape)? {
        let numbers = values.resolve(&block)?;
        for (row, number) in block.rows().zip(numbers) {
            let value = values.get(number);
            value.count(&mut summary);
            summary.rows += 1;
            summary.ragged += u64::from(row.is_ragged());
            summary.not_utf8 += u64::from(!row.is_utf8());
            row.write_with(value.cells(), delimiter, &mut output).map_err(refused)?;
        }
        output.write_all(block.rest()).map_err(refused)?;
        watch(rows.bytes_read(), summary.rows);
    }
    output.flush().map_err(refused)?;
    summary.distinct = values.len() as u64;
    summary.unknown_context = values.unknown_context();
    Ok(summary)
}
