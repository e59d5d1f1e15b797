//! Columns of names in, the same table with id columns out; each distinct value resolved once.
//!
//! [`rows`] cuts the input into records without touching their bytes (`delimited` text or JSON `lines`), [`values`]
//! resolves the distinct values over all cores, each by [`answer`], which reads a cell with its context and takes it apart
//! with [`cell`]; [`decisions`] holds what people decided about doubts, and [`normalize`] puts the answers behind the
//! records, in their order.

mod answer;
#[cfg(feature = "arrow")]
mod arrow;
mod cell;
mod decisions;
mod delimited;
mod encoding;
mod field;
mod lines;
#[cfg(feature = "parquet")]
mod parquet;
mod review;
mod rows;
mod syntax;
mod values;

use std::io::{Read, Write};

use crate::entity::EntityType;
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::label::Label;
pub use answer::{Answer, Asker, Context};
#[cfg(feature = "arrow")]
pub use arrow::{Normalizer, column_at, is_text, text, valid};
pub use decisions::{Decisions, NONE, REVIEW, VALUE, is_decided};
pub use field::Field;
#[cfg(feature = "parquet")]
pub use parquet::normalize_parquet;
pub use review::{Open, Review};
use rows::{Rows, Shape, taken_already};
use syntax::Syntax;
use values::Values;

/// What to do with a table.
#[derive(Clone, Debug)]
pub struct Options {
    /// The columns that hold names.
    pub columns: Vec<String>,
    /// Columns that say in which country a place is: names in any language or ISO codes.
    pub country_columns: Vec<String>,
    /// Columns that say in which units, from the largest down: names in any language or codes.
    pub admin_columns: Vec<String>,
    /// The column with degrees north.
    pub lat_column: Option<String>,
    /// The column with degrees east.
    pub lon_column: Option<String>,
    /// The column that says what it is: `city`, `river`, `organization`, or a code of GeoNames.
    pub type_column: Option<String>,
    /// Only entities of these types; all where empty.
    pub types: Vec<EntityType>,
    /// What the added columns begin with; the column's name and `_` where it is not given. Before the column's name where
    /// there are several.
    pub prefix: Option<String>,
    /// The delimiter; told from the header where it is not given.
    pub delimiter: Option<u8>,
    /// What stands around cells that hold a delimiter; none where quotes are letters like others.
    pub quote: Option<u8>,
    /// The encoding by a name that web pages use (`latin1`, `windows-1251`, `utf-16le`); UTF-8 where it is not given, or
    /// UTF-16 where a byte order mark says so. What is not UTF-8 is written as UTF-8.
    pub encoding: Option<String>,
    /// Whether rows may have fewer cells than the header (they are filled up) or more (those stay at the end).
    pub flexible: bool,
    /// Which name stands for an entity.
    pub label: Label,
    /// Whether resolved cells are replaced by their label instead of columns being added.
    pub in_place: bool,
    /// Further fields to add.
    pub add: Vec<Field>,
    /// How many candidates are written, each beyond the first as three columns; at least 1.
    pub candidates: usize,
    /// Whether a cell may list several places, between semicolons, bars or line breaks.
    pub multi: bool,
}

impl Options {
    /// Options for one column, everything else as usual.
    pub fn new(column: impl Into<String>) -> Options {
        Options {
            columns: vec![column.into()],
            country_columns: Vec::new(),
            admin_columns: Vec::new(),
            lat_column: None,
            lon_column: None,
            type_column: None,
            types: Vec::new(),
            prefix: None,
            delimiter: None,
            quote: Some(b'"'),
            encoding: None,
            flexible: false,
            label: Label::Source,
            in_place: false,
            add: Vec::new(),
            candidates: 1,
            multi: false,
        }
    }

    /// The columns of context, in the order in which a value's key has them.
    fn context_columns(&self) -> impl Iterator<Item = &String> {
        let single = [&self.lat_column, &self.lon_column, &self.type_column];
        self.country_columns.iter().chain(&self.admin_columns).chain(single.into_iter().flatten())
    }

    /// The names of the columns that are added for a column.
    fn added(&self, column: &str) -> Vec<String> {
        let prefix = match &self.prefix {
            None => format!("{column}_"),
            Some(prefix) if self.columns.len() == 1 => prefix.clone(),
            Some(prefix) => format!("{prefix}{column}_"),
        };
        let usual = ADDED.iter().filter(|_| !self.in_place).map(|name| (*name).to_owned());
        let fields = self.add.iter().map(|field| field.as_str().to_owned());
        let more = (2..=self.candidates).flat_map(|n| ["id", "label", "score"].map(|name| format!("{name}_{n}")));
        usual.chain(fields).chain(more).map(|name| format!("{prefix}{name}")).collect()
    }
}

/// The columns that are added, in their order, behind the prefix.
pub const ADDED: [&str; 9] = ["id", "label", "status", "score", "variant", "how", "country", "lat", "lon"];

/// What became of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Rows below the header.
    pub rows: u64,
    /// Cells whose value was resolved.
    pub resolved: u64,
    /// Cells whose value a person decided.
    pub decided: u64,
    /// Cells whose value may mean several places.
    pub ambiguous: u64,
    /// Cells whose value is no known name.
    pub unmatched: u64,
    /// Cells without a value.
    pub empty: u64,
    /// Different values, each with its context.
    pub distinct: u64,
    /// Rows that have not as many cells as the header.
    pub ragged: u64,
    /// Rows whose value or context is no UTF-8; what is not was read as U+FFFD.
    pub not_utf8: u64,
    /// Distinct values whose context is none that is known; it was left out of account.
    pub unknown_context: u64,
    /// Whether the first row is one of HXL hashtags, which was passed through.
    pub hxl: bool,
    /// What the table was read as, where that is not UTF-8.
    pub encoding: Option<String>,
    /// Values that were decided about and did not occur.
    pub unused_decisions: Vec<String>,
}

impl Summary {
    /// Whether every value was resolved, decided or empty.
    pub fn is_certain(&self) -> bool {
        self.ambiguous == 0 && self.unmatched == 0
    }

    /// Cells that hold a value or might.
    pub fn cells(&self) -> u64 {
        self.resolved + self.decided + self.ambiguous + self.unmatched + self.empty
    }
}

/// Reads a table, delimited or of JSON Lines, and writes it with further columns behind its own: [`ADDED`] and those of
/// [`Options::add`] and [`Options::candidates`], for each of the columns.
///
/// # Errors
/// As for [`normalize_reviewed`].
pub fn normalize(gazetteer: &Gazetteer, input: impl Read, output: impl Write, options: &Options) -> Result<Summary> {
    normalize_reviewed(gazetteer, input, output, options, &Decisions::default(), None, |_, _| {})
}

/// The same as [`normalize`] with what people decide.
///
/// `decisions` are taken as they are. The doubts that remain go to `review`, as a table that [`Decisions::read`] takes when
/// it is filled in. `watch` is told from time to time how many bytes were read and rows written. Memory holds one block of
/// the table and the distinct values.
///
/// # Errors
/// Where a column is missing or doubled, a row is ragged (unless the options allow it), the input is not in an encoding
/// that is read, or reading or writing fails.
pub fn normalize_reviewed(
    gazetteer: &Gazetteer,
    input: impl Read,
    mut output: impl Write,
    options: &Options,
    decisions: &Decisions,
    review: Option<&mut dyn Write>,
    mut watch: impl FnMut(u64, u64),
) -> Result<Summary> {
    let refused = |e| Error::stream("write the table", e);
    let (input, encoding) = encoding::utf8(input, options.encoding.as_deref())?;
    let mut rows = Rows::open(input, options.delimiter, options.quote)?;
    let header = rows.header()?;
    let wanted: Vec<(usize, String)> = options
        .columns
        .iter()
        .chain(options.context_columns())
        .map(|name| Ok((header.find(name)?, name.clone())))
        .collect::<Result<_>>()?;
    let added: Vec<Vec<String>> = options.columns.iter().map(|column| options.added(column)).collect();
    let all: Vec<String> = added.iter().flatten().cloned().collect();
    if let Some(taken) = all.iter().enumerate().find(|(n, name)| header.has(name) || all[..*n].contains(name)) {
        return Err(taken_already(taken.1));
    }
    let syntax = rows.syntax();
    if let Syntax::Delimited(dialect) = syntax {
        let mut cells = Vec::new();
        all.iter().for_each(|name| dialect.push(&mut cells, name));
        header.write_with(&cells, &mut output).map_err(refused)?;
    }

    let shape = Shape { columns: header.len(), flexible: options.flexible, wanted, added: all };
    let keys: Vec<Vec<Vec<u8>>> =
        added.iter().map(|names| names.iter().map(|name| syntax.key(name)).collect()).collect();
    let mut values = Values::new(gazetteer, options, decisions, syntax, review.is_some());
    let mut summary = Summary { encoding, ..Summary::default() };
    let mut cells = Vec::new();
    while let Some(block) = rows.block(&shape)? {
        let mut block_rows = block.rows().peekable();
        if summary.rows == 0 && !summary.hxl && block_rows.peek().is_some_and(|row| row.is_hxl()) {
            summary.hxl = true;
            let Some(row) = block_rows.next() else { continue };
            cells.clear();
            shape.added.iter().for_each(|_| syntax.separate(&mut cells));
            row.write_with(&cells, &[], &mut output).map_err(refused)?;
        }
        let body: Vec<_> = block_rows.collect();
        let numbers = values.resolve(body.iter().map(|row| row.cells()))?;
        for (row, numbers) in body.iter().zip(numbers.chunks(options.columns.len())) {
            summary.rows += 1;
            summary.ragged += u64::from(row.is_ragged());
            summary.not_utf8 += u64::from(!row.is_utf8());
            let mut replaced = Vec::new();
            cells.clear();
            for &number in numbers {
                values.count(number, summary.rows);
            }
            for (column, &number) in numbers.iter().enumerate() {
                let value = values.get(number);
                value.count(&mut summary);
                syntax.put(&mut cells, &keys[column], value.cells());
                replaced.extend(value.label().map(|label| (column, label)));
            }
            row.write_with(&cells, &replaced, &mut output).map_err(refused)?;
        }
        output.write_all(block.rest()).map_err(refused)?;
        watch(rows.bytes_read(), summary.rows);
    }
    output.flush().map_err(refused)?;
    summary.distinct = values.len() as u64;
    summary.unknown_context = values.unknown_context();
    summary.unused_decisions = decisions.unused();
    if let Some(review) = review {
        values.review(review)?;
    }
    Ok(summary)
}
