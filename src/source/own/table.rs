//! CSV and TSV with a header of fields: one row an entity, or one of its names.

use std::borrow::Cow;

use super::Sink;
use super::fields::{Columns, FIELDS, piece};
use super::files::{Document, unreadable};
use crate::error::{Error, Result};

/// Reads a table: comma, tab or semicolon between the cells, whichever the header has most of; UTF-8. Rows of one id are
/// one entity; its first name is its label.
///
/// # Errors
/// Where the file is no UTF-8, has no header, or lacks a column that is needed.
pub fn read(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    let columns = sink.columns;
    let mut reader = Rows::open(document)?;
    let places = Places::of(&reader.header, columns)?;
    let prefix = sink.prefix.clone();
    let width = reader.header.len();
    while let Some((line, row)) = reader.next(sink)? {
        if row.iter().all(|cell| cell.is_empty() || cell.starts_with('#')) && row.iter().any(|c| c.len() > 1) {
            continue; // the tags of HXL
        }
        sink.row();
        let read = match row.len() == width {
            true => piece(&prefix, |field| places.cell(row, field)),
            false => Err(Error::data(format!("the row has {} cells, the header {width}", row.len()))),
        };
        match read {
            Ok(piece) => sink.piece(line, piece)?,
            Err(e) => sink.fault(line, e.to_string()),
        }
    }
    Ok(())
}

/// The rows of a table.
pub struct Rows<'d, 'a> {
    reader: csv::Reader<&'d mut std::io::BufReader<Box<dyn std::io::Read + 'a>>>,
    /// The first row.
    pub header: csv::StringRecord,
    record: csv::StringRecord,
}

impl<'d, 'a> Rows<'d, 'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// Where there is none that can be read.
    pub fn open(document: &'d mut Document<'a>) -> Result<Rows<'d, 'a>> {
        let head = document.head()?;
        let marked = head.starts_with(b"\xef\xbb\xbf");
        let first = head.split(|&b| b == b'\n').next().unwrap_or_default();
        let count = |d: u8| first.iter().filter(|&&b| b == d).count();
        let delimiter = [b',', b'\t', b';'].into_iter().max_by_key(|&d| (count(d), d == b','));
        if marked {
            std::io::BufRead::consume(&mut document.reader, 3);
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter.unwrap_or(b','))
            .flexible(true)
            .from_reader(&mut document.reader);
        let header = reader.headers().map_err(hard)?.clone();
        Ok(Rows { reader, header, record: csv::StringRecord::new() })
    }

    /// The next row that can be read, with its line; those that cannot are counted as faults.
    ///
    /// # Errors
    /// Where the file cannot be read on.
    pub fn next(&mut self, sink: &mut Sink<'_>) -> Result<Option<(u64, &csv::StringRecord)>> {
        loop {
            let at = self.reader.position().line();
            match self.reader.read_record(&mut self.record) {
                Ok(false) => return Ok(None),
                Ok(true) => break,
                Err(e) if e.is_io_error() => return Err(hard(e).on_line(at)),
                Err(e) => {
                    sink.row();
                    let line = e.position().map_or(at, csv::Position::line);
                    sink.fault(line, "the row is no UTF-8; save the table as UTF-8");
                }
            }
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        Ok(Some((line, &self.record)))
    }
}

/// What the csv crate cannot go on from.
fn hard(e: csv::Error) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => unreadable(&e),
        csv::ErrorKind::Utf8 { .. } => Error::data("the file is no UTF-8"),
        other => Error::data(format!("the table cannot be read ({other:?})")),
    }
}

/// Which cell of a row holds which field.
struct Places([Option<usize>; FIELDS.len()]);

impl Places {
    fn of(header: &csv::StringRecord, columns: &Columns) -> Result<Places> {
        let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
        let all = || header.iter().collect::<Vec<&str>>().join(", ");
        let mut places = [None; FIELDS.len()];
        for (place, field) in places.iter_mut().zip(FIELDS) {
            *place = header.iter().position(|name| plain(name) == field);
        }
        for (field, name) in columns {
            let Some(at) = header.iter().position(|header| header.trim() == name) else {
                return Err(Error::usage(format!("no column is called '{name}'; the columns are {}", all())));
            };
            let place = places.iter_mut().zip(FIELDS).find(|(_, known)| known == field);
            place.into_iter().for_each(|(place, _)| *place = Some(at));
        }
        for (place, field) in places.iter().zip(FIELDS).take(2) {
            if place.is_none() {
                return Err(Error::usage(format!(
                    "no column is called '{field}'; say which one it is with --map {field}=HEADER (the columns are {})",
                    all()
                )));
            }
        }
        Ok(Places(places))
    }

    fn cell<'r>(&self, record: &'r csv::StringRecord, field: &str) -> Cow<'r, str> {
        let at = FIELDS.iter().position(|known| *known == field).and_then(|n| self.0[n]);
        at.and_then(|at| record.get(at)).map(str::trim).unwrap_or_default().into()
    }
}
