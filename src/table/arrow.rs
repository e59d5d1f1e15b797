//! Arrow record batches in and out: the columns of names are read as text, everything else stays as it is.

use std::io::Write;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field as Column, Schema, SchemaRef};
use serde_json::Value as Json;

use super::rows::{self, taken_already};
use super::syntax::{self, Syntax};
use super::values::Values;
use super::{Decisions, Options, Summary};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// The columns that hold numbers, by how their names end.
const NUMBERS: [&str; 5] = ["score", "lat", "lon", "population", "distance"];

/// Puts answers behind record batches, one batch after another; each distinct value is resolved once. The added columns
/// are text, but for scores, coordinates and counts, which are 64-bit floating-point numbers (text with [`Options::multi`],
/// where a cell may hold several). Answers do not depend on how rows are cut into batches.
pub struct Normalizer<'g, 'o> {
    options: &'o Options,
    decisions: &'o Decisions,
    values: Values<'g, 'o>,
    /// The cells of each value, in the order of the added columns of one column.
    parsed: Vec<Box<[Json]>>,
    wanted: Vec<usize>,
    added: Vec<String>,
    schema: SchemaRef,
    summary: Summary,
}

impl<'g, 'o> Normalizer<'g, 'o> {
    /// A normalizer of batches of a schema. `review` keeps what reviewers should see.
    ///
    /// # Errors
    /// Where a column is missing or would be doubled.
    pub fn new(
        gazetteer: &'g Gazetteer,
        given: &Schema,
        options: &'o Options,
        decisions: &'o Decisions,
        review: bool,
    ) -> Result<Normalizer<'g, 'o>> {
        let names = options.columns.iter().chain(options.context_columns());
        let wanted: Vec<usize> = names.map(|name| column_at(given, name)).collect::<Result<_>>()?;
        let added: Vec<String> = options.columns.iter().flat_map(|column| options.added(column)).collect();
        let is_taken = |(n, name): &(usize, &String)| given.index_of(name).is_ok() || added[..*n].contains(name);
        if let Some((_, name)) = added.iter().enumerate().find(is_taken) {
            return Err(taken_already(name));
        }
        let new = added.iter().map(|name| {
            let kind = if is_number(options, name) { DataType::Float64 } else { DataType::Utf8 };
            Arc::new(Column::new(name, kind, true))
        });
        let in_place = |(at, field): (usize, &Arc<Column>)| match options.in_place
            && wanted[..options.columns.len()].contains(&at)
        {
            true => Arc::new(Column::new(field.name(), DataType::Utf8, true)),
            false => field.clone(),
        };
        let fields: Vec<Arc<Column>> = given.fields().iter().enumerate().map(in_place).chain(new).collect();
        Ok(Normalizer {
            options,
            decisions,
            values: Values::new(gazetteer, options, decisions, Syntax::Lines, review),
            parsed: Vec::new(),
            wanted,
            added,
            schema: Arc::new(Schema::new_with_metadata(fields, given.metadata().clone())),
            summary: Summary::default(),
        })
    }

    /// What the batches are like that come out.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// A batch with its answers.
    ///
    /// # Errors
    /// Where a column cannot be read as text, or the index is damaged.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        let texts: Vec<StringArray> = self.wanted.iter().map(|&at| text(batch, at)).collect::<Result<_>>()?;
        let cell = |column: &'_ StringArray, row: usize| if column.is_null(row) { 0..0 } else { range(column, row) };
        let cells = |row: usize| texts.iter().map(move |column| &column.value_data()[cell(column, row)]);
        let numbers = self.values.resolve((0..batch.num_rows()).map(cells))?;
        for number in self.parsed.len()..self.values.len() {
            let cells = syntax::cells(self.values.get(number as u32).cells());
            self.parsed.push(cells.map(|cell| serde_json::from_slice(cell).unwrap_or_default()).collect());
        }
        let count = self.options.columns.len();
        for row in numbers.chunks(count) {
            self.summary.rows += 1;
            for &number in row {
                self.values.count(number, self.summary.rows);
                self.values.get(number).count(&mut self.summary);
            }
        }
        let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
        if self.options.in_place {
            for (column, kept) in texts.iter().take(count).enumerate() {
                let label = |row: usize| {
                    let label = self.values.get(numbers[row * count + column]).label();
                    let label = label.and_then(|label| serde_json::from_slice(label).ok());
                    label.or_else(|| kept.is_valid(row).then(|| kept.value(row).to_owned()))
                };
                columns[self.wanted[column]] = Arc::new((0..kept.len()).map(label).collect::<StringArray>());
            }
        }
        let width = self.added.len() / count;
        for (at, name) in self.added.iter().enumerate() {
            let (column, field) = (at / width, at % width);
            let cells = numbers.iter().skip(column).step_by(count);
            let cells = cells.map(|&number| self.parsed[number as usize].get(field).unwrap_or(&Json::Null));
            columns.push(match is_number(self.options, name) {
                true => Arc::new(cells.map(Json::as_f64).collect::<Float64Array>()),
                false => Arc::new(cells.map(as_text).collect::<StringArray>()),
            });
        }
        RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|e| Error::data("the table cannot be put together").because(e))
    }

    /// What became of the table; the doubts go to `review`.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn finish(mut self, review: Option<&mut dyn Write>) -> Result<Summary> {
        self.summary.distinct = self.values.len() as u64;
        self.summary.unknown_context = self.values.unknown_context();
        self.summary.unused_decisions = self.decisions.unused();
        if let Some(review) = review {
            self.values.review(review)?;
        }
        Ok(self.summary)
    }
}

fn is_number(options: &Options, name: &str) -> bool {
    !options.multi && NUMBERS.iter().any(|end| ends_with(name, end))
}

/// Whether a column's name is `..score` or, of a further candidate, `..score_2`.
fn ends_with(name: &str, end: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name.ends_with(end) || name.strip_suffix('_').is_some_and(|name| name.ends_with(end))
}

fn as_text(cell: &Json) -> Option<std::borrow::Cow<'_, str>> {
    match cell {
        Json::Null => None,
        Json::String(text) => Some(text.into()),
        other => Some(other.to_string().into()),
    }
}

/// Where a column is, by its name.
///
/// # Errors
/// With the names that there are, where it is none of them.
pub fn column_at(schema: &Schema, name: &str) -> Result<usize> {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    rows::column_at(&names, name)
}

/// A column, once its bytes are known to be what they should be: tables come from other programs' memory, which nobody has looked
/// at yet.
///
/// # Errors
/// Where offsets run backwards, or text is no UTF-8.
pub fn valid(batch: &RecordBatch, at: usize) -> Result<&ArrayRef> {
    let column = batch.column(at);
    column.to_data().validate_full().map_err(|e| {
        let name = batch.schema_ref().field(at).name();
        Error::data(format!("the column '{name}' is damaged: {e}")).because(e)
    })?;
    Ok(column)
}

/// A column as text; dictionaries, large and view strings and numbers alike.
///
/// # Errors
/// Where its type has no text, or it is not [`valid`].
pub fn text(batch: &RecordBatch, at: usize) -> Result<StringArray> {
    let wrong = |e: arrow_schema::ArrowError| {
        let name = batch.schema_ref().field(at).name();
        Error::data(format!("the column '{name}' cannot be read as text: {e}")).because(e)
    };
    let column = valid(batch, at)?;
    if column.data_type().is_nested() {
        let (name, held) = (batch.schema_ref().field(at).name(), column.data_type());
        return Err(Error::data(format!("the column '{name}' cannot be read as text: it holds {held}")));
    }
    let column = arrow_cast::cast(column, &DataType::Utf8).map_err(wrong)?;
    Ok(column
        .as_any()
        .downcast_ref::<StringArray>()
        .cloned()
        .unwrap_or_else(|| StringArray::new_null(batch.num_rows())))
}

/// Whether a column holds text, plain, large, in views or in a dictionary.
pub fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        kind => matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null),
    }
}

/// Where a value lies among the bytes of its column.
fn range(column: &StringArray, row: usize) -> std::ops::Range<usize> {
    let offsets = column.value_offsets();
    offsets[row] as usize..offsets[row + 1] as usize
}
