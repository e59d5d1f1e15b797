//! Parquet files, one batch at a time.

use std::fs::File;
use std::io::Write;

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::{ContextScope, Decisions, Normalizer, Options, Summary};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// Like [`normalize_reviewed`](super::normalize_reviewed), for a Parquet file. Columns are added as [`Normalizer`] adds them.
/// The output is compressed with Snappy.
///
/// # Errors
/// If the file is not a Parquet file, a column is missing or cannot be read as text, or writing fails.
pub fn normalize_parquet(
    gazetteer: &Gazetteer,
    input: File,
    output: impl Write + Send,
    options: &Options,
    decisions: &Decisions,
    review: Option<&mut dyn Write>,
    mut watch: impl FnMut(u64, u64),
) -> Result<Summary> {
    let refused = |e: ParquetError| Error::data("the Parquet file cannot be written").because(e);
    let batches = open(&input)?;
    let mut normalizer = Normalizer::new(gazetteer, &batches.schema, options, decisions, review.is_some())?;
    if options.context == ContextScope::Column {
        open(&input)?.reader.try_for_each(|batch| normalizer.observe(&batch.map_err(unreadable)?))?;
    }
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(output, normalizer.schema().clone(), Some(properties)).map_err(refused)?;
    let mut rows = 0;
    for batch in batches.reader {
        let batch = batch.map_err(unreadable)?;
        writer.write(&normalizer.batch(&batch)?).map_err(refused)?;
        rows += batch.num_rows() as u64;
        watch(0, rows);
    }
    writer.close().map_err(refused)?;
    normalizer.finish(review)
}

struct Batches {
    schema: arrow_schema::SchemaRef,
    reader: ParquetRecordBatchReader,
}

fn open(file: &File) -> Result<Batches> {
    let file = file.try_clone().map_err(|e| Error::stream("read the Parquet file", e))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(unreadable)?;
    let schema = builder.schema().clone();
    Ok(Batches { schema, reader: builder.build().map_err(unreadable)? })
}

fn unreadable(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::data("the Parquet file cannot be read").because(cause)
}
