//! CSV and TSV with a header of fields: one row for each entity, or for each of its names.

use std::borrow::Cow;

use csv::StringRecord;

use super::rows::{Quoting, Rows};
use crate::error::{Error, Result};
use crate::source::custom::document::Document;
use crate::source::custom::fields::{FIELDS, FieldMap, REQUIRED, fragment};
use crate::source::custom::importer::Importer;

/// Reads a table in UTF-8 with comma, tab, semicolon or vertical bar between cells. Rows of one id are one entity; its
/// first name is its label.
///
/// # Errors
/// Returns an error if the file is not UTF-8, has no header, or lacks a required column.
pub(in crate::source::custom) fn read(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    let mut rows = Rows::open(document, Quoting::Always)?;
    let columns = Columns::of(rows.header(), importer.columns)?;
    let prefix = importer.prefix.clone();
    while let Some((line, row)) = rows.next(importer)? {
        let read = fragment(&prefix, |field| columns.cell(row, field));
        importer.take(line, read.map(Some))?;
    }
    Ok(())
}

/// The column of each field.
struct Columns([Option<usize>; FIELDS.len()]);

impl Columns {
    fn of(header: &StringRecord, map: &FieldMap) -> Result<Columns> {
        let normalized = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
        let all = || header.iter().collect::<Vec<&str>>().join(", ");
        let mut columns = FIELDS.map(|field| header.iter().position(|name| normalized(name) == field));
        for (field, name) in map {
            let Some(at) = header.iter().position(|header| header.trim() == name) else {
                return Err(Error::usage(format!("no column is called '{name}'; the columns are {}", all())));
            };
            if let Some(field) = FIELDS.iter().position(|known| known == field) {
                columns[field] = Some(at);
            }
        }
        match columns.iter().zip(FIELDS).take(REQUIRED).find(|(column, _)| column.is_none()) {
            Some((_, field)) => Err(Error::missing_column(format!(
                "no column is called '{field}' or mapped to the field '{field}'; the columns are {}",
                all()
            ))),
            None => Ok(Columns(columns)),
        }
    }

    fn cell<'r>(&self, record: &'r StringRecord, field: &str) -> Cow<'r, str> {
        let at = FIELDS.iter().position(|known| *known == field).and_then(|n| self.0[n]);
        at.and_then(|at| record.get(at)).map(str::trim).unwrap_or_default().into()
    }
}
