//! Parquet in and out: the columns of names are read as text, everything else stays as it is.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field as Column, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_json::Value as Json;

use super::rows::taken_already;
use super::syntax::{self, Syntax};
use super::values::Values;
use super::{Decisions, Options, Summary};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// The columns that hold numbers, by how their names end.
const NUMBERS: [&str; 5] = ["score", "lat", "lon", "population", "distance"];

/// The same as [`normalize_reviewed`](super::normalize_reviewed) for a Parquet file: the added columns are text, but for scores, coordinates and
/// counts, which are 64-bit floating-point numbers (text with [`Options::multi`], where a cell may hold several). The file is
/// compressed with Snappy.
///
/// # Errors
/// Where the file is no Parquet file, a column is missing or holds what cannot be read as text, or writing fails.
pub fn normalize_parquet(
    gazetteer: &Gazetteer,
    input: File,
    output: impl Write + Send,
    options: &Options,
    decisions: &Decisions,
    review: Option<&mut dyn Write>,
    mut watch: impl FnMut(u64, u64),
) -> Result<Summary> {
    let broken = |e: parquet::errors::ParquetError| Error::data("the Parquet file cannot be read").because(e);
    let refused = |e: parquet::errors::ParquetError| Error::data("the Parquet file cannot be written").because(e);
    let builder = ParquetRecordBatchReaderBuilder::try_new(input).map_err(broken)?;
    let schema = builder.schema().clone();
    let reader = builder.build().map_err(broken)?;

    let find = |name: &String| {
        schema.index_of(name).map_err(|_| {
            let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
            Error::usage(format!("there is no column '{name}'; the columns are {}", names.join(", ")))
        })
    };
    let wanted: Vec<usize> =
        options.columns.iter().chain(options.context_columns()).map(find).collect::<Result<_>>()?;
    let added: Vec<String> = options.columns.iter().flat_map(|column| options.added(column)).collect();
    if let Some(name) =
        added.iter().enumerate().find(|(n, name)| schema.index_of(name).is_ok() || added[..*n].contains(name))
    {
        return Err(taken_already(name.1));
    }
    let is_number = |name: &str| !options.multi && NUMBERS.iter().any(|end| ends_with(name, end));
    let new = added.iter().map(|name| {
        let kind = if is_number(name) { DataType::Float64 } else { DataType::Utf8 };
        Arc::new(Column::new(name, kind, true))
    });
    let in_place =
        |(at, field): (usize, &Arc<Column>)| match options.in_place && wanted[..options.columns.len()].contains(&at) {
            true => Arc::new(Column::new(field.name(), DataType::Utf8, true)),
            false => field.clone(),
        };
    let fields: Vec<Arc<Column>> = schema.fields().iter().enumerate().map(in_place).chain(new).collect();
    let whole = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));

    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(output, whole.clone(), Some(properties)).map_err(refused)?;
    let mut values = Values::new(gazetteer, options, decisions, Syntax::Lines, review.is_some());
    let mut summary = Summary::default();
    for batch in reader {
        let batch = batch.map_err(|e| Error::data("the Parquet file cannot be read").because(e))?;
        let texts: Vec<StringArray> = wanted.iter().map(|&at| text(&batch, at)).collect::<Result<_>>()?;
        let cell = |column: &'_ StringArray, row: usize| if column.is_null(row) { 0..0 } else { range(column, row) };
        let cells = |row: usize| texts.iter().map(move |column| &column.value_data()[cell(column, row)]);
        let numbers = values.resolve((0..batch.num_rows()).map(cells))?;
        let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
        let mut further: Vec<Vec<Json>> = vec![Vec::with_capacity(batch.num_rows()); added.len()];
        let width = added.len() / options.columns.len();
        let mut labels: Vec<Vec<Option<String>>> = vec![Vec::new(); options.columns.len()];
        for (row, numbers) in numbers.chunks(options.columns.len()).enumerate() {
            summary.rows += 1;
            for (column, &number) in numbers.iter().enumerate() {
                values.count(number, summary.rows);
                let value = values.get(number);
                value.count(&mut summary);
                for (at, cell) in syntax::cells(value.cells()).enumerate() {
                    further[column * width + at].push(serde_json::from_slice(cell).unwrap_or_default());
                }
                if options.in_place {
                    let label = value.label().and_then(|label| serde_json::from_slice(label).ok());
                    let kept = &texts[column];
                    labels[column].push(label.or_else(|| kept.is_valid(row).then(|| kept.value(row).to_owned())));
                }
            }
        }
        if options.in_place {
            for (column, labels) in labels.into_iter().enumerate() {
                columns[wanted[column]] = Arc::new(StringArray::from(labels));
            }
        }
        for (name, cells) in added.iter().zip(further) {
            columns.push(match is_number(name) {
                true => Arc::new(cells.iter().map(Json::as_f64).collect::<Float64Array>()),
                false => Arc::new(cells.iter().map(as_text).collect::<StringArray>()),
            });
        }
        let batch = RecordBatch::try_new(whole.clone(), columns)
            .map_err(|e| Error::data("the Parquet file cannot be written").because(e))?;
        writer.write(&batch).map_err(refused)?;
        watch(0, summary.rows);
    }
    writer.close().map_err(refused)?;
    summary.distinct = values.len() as u64;
    summary.unknown_context = values.unknown_context();
    summary.unused_decisions = decisions.unused();
    if let Some(review) = review {
        values.review(review)?;
    }
    Ok(summary)
}

/// Whether a column's name is `..score` or, of a further candidate, `..score_2`.
fn ends_with(name: &str, end: &str) -> bool {
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    name.ends_with(end) || name.strip_suffix('_').is_some_and(|name| name.ends_with(end))
}

fn as_text(cell: &Json) -> Option<String> {
    match cell {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A column as text; dictionaries, large and view strings and numbers alike.
fn text(batch: &RecordBatch, at: usize) -> Result<StringArray> {
    let name = batch.schema().field(at).name().clone();
    let column = arrow_cast::cast(batch.column(at), &DataType::Utf8)
        .map_err(|e| Error::data(format!("the column '{name}' cannot be read as text")).because(e))?;
    let column = column.as_any().downcast_ref::<StringArray>().cloned();
    column.ok_or_else(|| Error::data(format!("the column '{name}' cannot be read as text")))
}

/// Where a value lies among the bytes of its column.
fn range(column: &StringArray, row: usize) -> std::ops::Range<usize> {
    let offsets = column.value_offsets();
    offsets[row] as usize..offsets[row + 1] as usize
}
