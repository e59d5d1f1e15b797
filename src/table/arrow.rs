//! Arrow record batches: the columns with names are read as text, everything else stays as it is.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field as Column, Schema, SchemaRef};
use serde_json::Value as Json;

use super::rows::{find_column, taken};
use super::syntax::{Syntax, json_cells};
use super::values::Values;
use super::{Decisions, Options, Summary};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// The endings of the added columns that hold numbers.
const NUMBERS: [&str; 5] = ["score", "lat", "lon", "population", "distance"];

/// Adds answers to record batches, one batch after another; each distinct value is resolved once.
///
/// The added columns are text, except for scores, coordinates and counts, which are 64-bit floating-point numbers. With
/// [`Options::multi`] these are text, too, since a cell may hold several. How rows are divided into batches makes no
/// difference.
pub struct Normalizer<'g, 'o> {
    /// The options, with the columns by their names in the schema.
    options: Options,
    values: Values<'g, 'o>,
    /// The cells of each value, in the order of the columns added for one column.
    parsed: Vec<Box<[Json]>>,
    /// The columns that are read.
    wanted: Vec<usize>,
    added: Vec<String>,
    schema: SchemaRef,
    summary: Summary,
}

impl<'g, 'o> Normalizer<'g, 'o> {
    /// A normalizer for batches with a schema. `review` keeps what a reviewer should see.
    ///
    /// # Errors
    /// If a column is missing or would be duplicated.
    pub fn new(
        gazetteer: &'g Gazetteer,
        given: &Schema,
        options: &Options,
        decisions: &'o Decisions,
        review: bool,
    ) -> Result<Normalizer<'g, 'o>> {
        let wanted: Vec<usize> =
            options.read_columns().map(|column| column_at(given, column)).collect::<Result<_>>()?;
        let options = options.with_names(|column| Ok(given.field(column_at(given, column)?).name().clone()))?;
        let added: Vec<String> = options.columns.iter().flat_map(|column| options.added(column)).collect();
        let is_taken = |(n, name): &(usize, &String)| given.index_of(name).is_ok() || added[..*n].contains(name);
        if let Some((_, name)) = added.iter().enumerate().find(is_taken) {
            return Err(taken(name));
        }
        let new = added.iter().map(|name| {
            let kind = if is_number(&options, name) { DataType::Float64 } else { DataType::Utf8 };
            Arc::new(Column::new(name, kind, true))
        });
        let replaced = &wanted[..if options.in_place { options.columns.len() } else { 0 }];
        let kept = given.fields().iter().enumerate().map(|(at, field)| match replaced.contains(&at) {
            true => Arc::new(Column::new(field.name(), DataType::Utf8, true)),
            false => field.clone(),
        });
        let fields: Vec<Arc<Column>> = kept.chain(new).collect();
        Ok(Normalizer {
            values: Values::new(gazetteer, options.clone(), decisions, Syntax::JsonLines, review)?,
            options,
            parsed: Vec::new(),
            wanted,
            added,
            schema: Arc::new(Schema::new_with_metadata(fields, given.metadata().clone())),
            summary: Summary::default(),
        })
    }

    /// The schema of the batches that come out.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Looks up the values of a batch. To take the whole column as context ([`ContextScope::Column`]), call this for all
    /// batches before the first call of [`batch`](Self::batch).
    ///
    /// [`ContextScope::Column`]: super::ContextScope::Column
    ///
    /// # Errors
    /// If a column cannot be read as text, or the index is damaged.
    pub fn observe(&mut self, batch: &RecordBatch) -> Result<()> {
        let texts = self.texts(batch)?;
        self.values.observe((0..batch.num_rows()).map(cells(&texts))).map(|_| ())
    }

    /// A batch with its answers.
    ///
    /// # Errors
    /// If a column cannot be read as text, or the index is damaged.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<RecordBatch> {
        self.values.settle();
        let texts = self.texts(batch)?;
        let numbers = self.values.resolve((0..batch.num_rows()).map(cells(&texts)))?;
        for number in self.parsed.len()..self.values.len() {
            let cells = json_cells(self.values.get(number as u32).cells());
            self.parsed.push(cells.map(|cell| serde_json::from_slice(cell).unwrap_or_default()).collect());
        }
        for row in numbers.chunks(self.options.columns.len()) {
            self.summary.rows += 1;
            for &number in row {
                self.values.count(number, &mut self.summary);
            }
        }
        let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
        if self.options.in_place {
            self.replace(&texts, &numbers, &mut columns);
        }
        columns.extend(self.added_columns(&numbers));
        RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|e| Error::data("the table cannot be assembled").because(e))
    }

    /// What became of the table; the doubts are written to `review`.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(mut self, review: Option<&mut dyn Write>) -> Result<Summary> {
        self.values.finish(&mut self.summary, review)?;
        Ok(self.summary)
    }

    fn texts(&self, batch: &RecordBatch) -> Result<Vec<StringArray>> {
        self.wanted.iter().map(|&at| text(batch, at)).collect()
    }

    /// Replaces the columns with names by columns of labels.
    fn replace(&self, texts: &[StringArray], numbers: &[u32], columns: &mut [ArrayRef]) {
        let width = self.options.columns.len();
        for (column, kept) in texts.iter().take(width).enumerate() {
            let label = |row: usize| {
                let label = self.values.get(numbers[row * width + column]).label();
                let label = label.and_then(|label| serde_json::from_slice(label).ok());
                label.or_else(|| kept.is_valid(row).then(|| kept.value(row).to_owned()))
            };
            columns[self.wanted[column]] = Arc::new((0..kept.len()).map(label).collect::<StringArray>());
        }
    }

    fn added_columns(&self, numbers: &[u32]) -> impl Iterator<Item = ArrayRef> {
        let columns = self.options.columns.len();
        let width = self.added.len() / columns;
        self.added.iter().enumerate().map(move |(at, name)| {
            let (column, field) = (at / width, at % width);
            let cells = numbers.iter().skip(column).step_by(columns);
            let cells = cells.map(|&number| self.parsed[number as usize].get(field).unwrap_or(&Json::Null));
            match is_number(&self.options, name) {
                true => Arc::new(cells.map(Json::as_f64).collect::<Float64Array>()) as ArrayRef,
                false => Arc::new(cells.map(as_text).collect::<StringArray>()),
            }
        })
    }
}

/// The cells of a row of texts.
fn cells<'a>(texts: &'a [StringArray]) -> impl Fn(usize) -> Cells<'a> {
    move |row| Cells { columns: texts.iter(), row }
}

/// The cells of a row, column after column; null is an empty text.
#[derive(Clone)]
struct Cells<'a> {
    columns: std::slice::Iter<'a, StringArray>,
    row: usize,
}

impl<'a> Iterator for Cells<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let column = self.columns.next()?;
        Some(if column.is_null(self.row) { &[] } else { column.value(self.row).as_bytes() })
    }
}

fn is_number(options: &Options, name: &str) -> bool {
    !options.multi && NUMBERS.iter().any(|end| ends_with(name, end))
}

/// Whether the name of a column is `..score` or, for a further candidate, `..score_2`.
fn ends_with(name: &str, end: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name.ends_with(end) || name.strip_suffix('_').is_some_and(|name| name.ends_with(end))
}

fn as_text(cell: &Json) -> Option<Cow<'_, str>> {
    match cell {
        Json::Null => None,
        Json::String(text) => Some(text.into()),
        other => Some(other.to_string().into()),
    }
}

/// The index of a column, by its name or its number from 1 on.
///
/// # Errors
/// If there is no such column; the error lists the columns.
pub fn column_at(schema: &Schema, column: &str) -> Result<usize> {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    find_column(&names, column)
}

/// A column whose bytes are validated. Tables come from the memory of other programs, which nobody has checked.
///
/// # Errors
/// If offsets are invalid, or text is not UTF-8.
pub fn valid(batch: &RecordBatch, at: usize) -> Result<&ArrayRef> {
    let column = batch.column(at);
    column.to_data().validate_full().map_err(|e| {
        let name = batch.schema_ref().field(at).name();
        Error::data(format!("the column '{name}' is damaged: {e}")).because(e)
    })?;
    Ok(column)
}

/// A column as text, whether it holds strings of any kind, a dictionary or numbers.
///
/// # Errors
/// If it cannot be converted to text, or is not [`valid`].
pub fn text(batch: &RecordBatch, at: usize) -> Result<StringArray> {
    let name = batch.schema_ref().field(at).name();
    let unreadable = |why: String| Error::data(format!("the column '{name}' cannot be read as text: {why}"));
    let column = valid(batch, at)?;
    if column.data_type().is_nested() {
        return Err(unreadable(format!("it holds {}", column.data_type())));
    }
    let cast = |e: ArrowError| unreadable(e.to_string()).because(e);
    let column = arrow_cast::cast(column, &DataType::Utf8).map_err(cast)?;
    let texts = column.as_any().downcast_ref::<StringArray>().cloned();
    Ok(texts.unwrap_or_else(|| StringArray::new_null(batch.num_rows())))
}

/// Whether a column holds strings of any kind, also in a dictionary.
pub fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        kind => matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null),
    }
}
