//! Parquet in and out, a batch at a time.

use std::fs::File;
use std::io::Write;

use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::{Decisions, Normalizer, Options, Summary};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// The same as [`normalize_reviewed`](super::normalize_reviewed) for a Parquet file: columns are added as
/// [`Normalizer`] adds them. The file is compressed with Snappy.
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
    let mut normalizer = Normalizer::new(gazetteer, &schema, options, decisions, review.is_some())?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(output, normalizer.schema().clone(), Some(properties)).map_err(refused)?;
    let mut rows = 0;
    for batch in reader {
        let batch = batch.map_err(|e| Error::data("the Parquet file cannot be read").because(e))?;
        writer.write(&normalizer.batch(&batch)?).map_err(refused)?;
        rows += batch.num_rows() as u64;
        watch(0, rows);
    }
    writer.close().map_err(refused)?;
    normalizer.finish(review)
}
