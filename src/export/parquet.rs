//! Parquet: a row for each name, in typed columns, compressed with Snappy.

use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int16Builder, StringBuilder, UInt32Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::Writer;
use crate::error::{Error, Result};
use crate::index::places::EntityRef;

/// How many rows are collected before they are written.
const BATCH: usize = 1 << 16;
/// The columns of text.
const TEXTS: [&str; 11] =
    ["id", "name", "lang", "kind", "by", "source", "type", "feature", "country", "parent", "same_as"];

pub struct Parquet<'w> {
    schema: Arc<Schema>,
    writer: Option<ArrowWriter<&'w mut (dyn Write + Send)>>,
    texts: [StringBuilder; TEXTS.len()],
    years: [Int16Builder; 2],
    degrees: [Float64Builder; 2],
    population: UInt32Builder,
    flags: [BooleanBuilder; 3],
    rows: usize,
}

fn refused(e: parquet::errors::ParquetError) -> Error {
    super::refused(std::io::Error::other(e))
}

impl<'w> Parquet<'w> {
    pub fn new(out: &'w mut (dyn Write + Send)) -> Result<Parquet<'w>> {
        let texts = TEXTS.iter().map(|name| Field::new(*name, DataType::Utf8, false));
        let numbers = [
            ("since", DataType::Int16),
            ("until", DataType::Int16),
            ("lat", DataType::Float64),
            ("lon", DataType::Float64),
            ("population", DataType::UInt32),
            ("machine", DataType::Boolean),
            ("weak", DataType::Boolean),
            ("derived", DataType::Boolean),
        ];
        let numbers = numbers.into_iter().map(|(name, kind)| Field::new(name, kind, true));
        let schema = Arc::new(Schema::new(texts.chain(numbers).collect::<Vec<Field>>()));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties)).map_err(refused)?;
        Ok(Parquet {
            schema,
            writer: Some(writer),
            texts: Default::default(),
            years: Default::default(),
            degrees: Default::default(),
            population: UInt32Builder::new(),
            flags: Default::default(),
            rows: 0,
        })
    }

    fn write(&mut self) -> Result<()> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        columns.extend(self.texts.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        columns.extend(self.years.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        columns.extend(self.degrees.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        columns.push(Arc::new(self.population.finish()));
        columns.extend(self.flags.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        self.rows = 0;
        let broken = |e: arrow_schema::ArrowError| super::refused(std::io::Error::other(e));
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(broken)?;
        self.writer.as_mut().map_or(Ok(()), |writer| writer.write(&batch)).map_err(refused)
    }
}

impl Writer for Parquet<'_> {
    fn entity(&mut self, entity: &EntityRef<'_>) -> Result<u64> {
        let same_as = entity.details().same_as.join(";");
        let country = entity.country().map(|country| country.to_string()).unwrap_or_default();
        let parent = entity.parent().map(|parent| parent.id()).unwrap_or_default();
        let (point, feature) = (entity.point(), entity.feature());
        for name in entity.names() {
            let texts = [
                entity.id(),
                name.text(),
                name.lang(),
                name.kind().as_str(),
                name.by(),
                name.source(),
                entity.kind().as_str(),
                feature.as_str(),
                &country,
                parent,
                &same_as,
            ];
            self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.append_value(text));
            let [since, until] = &mut self.years;
            since.append_option(name.since());
            until.append_option(name.until());
            let [lat, lon] = &mut self.degrees;
            lat.append_option(point.map(|point| point.lat));
            lon.append_option(point.map(|point| point.lon));
            self.population.append_option(Some(entity.population()).filter(|&number| number > 0));
            let derived = point.is_some_and(|point| point.derived);
            let flags = [name.is_machine(), name.is_weak(), derived];
            self.flags.iter_mut().zip(flags).for_each(|(column, flag)| column.append_value(flag));
            self.rows += 1;
        }
        if self.rows >= BATCH { self.write().map(|()| 0) } else { Ok(0) }
    }

    fn finish(&mut self) -> Result<()> {
        self.write()?;
        match self.writer.take() {
            Some(writer) => writer.close().map(drop).map_err(refused),
            None => Ok(()),
        }
    }
}
