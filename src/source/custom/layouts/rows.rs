//! The rows of a delimited table.

use std::io::{BufRead, BufReader, Read};

use csv::StringRecord;

use crate::delimited::Dialect;
use crate::error::{Error, Result};
use crate::source::custom::document::{Document, unreadable};
use crate::source::custom::importer::Importer;

/// The byte order mark of UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Reads rows one after another.
pub(super) struct Rows<'d, 'a> {
    reader: csv::Reader<&'d mut BufReader<Box<dyn Read + 'a>>>,
    header: StringRecord,
    record: StringRecord,
}

/// Whether cells can be quoted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// Cells can be quoted.
    Always,
    /// Cells can be quoted unless tabs separate them.
    NotWithTabs,
}

impl<'d, 'a> Rows<'d, 'a> {
    /// Reads the header of a table in UTF-8.
    ///
    /// # Errors
    /// Returns an error if there is no readable header.
    pub(super) fn open(document: &'d mut Document<'a>, quoting: Quoting) -> Result<Rows<'d, 'a>> {
        let head = document.head()?;
        let has_bom = head.starts_with(BOM);
        let delimiter = Dialect::sniff(head, Some(b'"')).delimiter;
        if has_bom {
            document.reader.consume(BOM.len());
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .quoting(quoting == Quoting::Always || delimiter != b'\t')
            .flexible(true)
            .from_reader(&mut document.reader);
        let header = reader.headers().map_err(fatal)?.clone();
        Ok(Rows { reader, header, record: StringRecord::new() })
    }

    /// The cells of the header.
    pub(super) fn header(&self) -> &StringRecord {
        &self.header
    }

    /// The cells of the header, trimmed and in lowercase.
    pub(super) fn lowercase_header(&self) -> Vec<String> {
        self.header.iter().map(|name| name.trim().to_lowercase()).collect()
    }

    /// The next row with one cell for each column, and its line; `None` at the end. Other rows are counted as faults,
    /// rows of HXL tags are passed over.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub(super) fn next(&mut self, importer: &mut Importer<'_>) -> Result<Option<(u64, &StringRecord)>> {
        loop {
            let at = self.reader.position().line();
            match self.reader.read_record(&mut self.record) {
                Ok(false) => return Ok(None),
                Ok(true) if is_hxl(&self.record) => continue,
                Ok(true) => {}
                Err(e) if e.is_io_error() => return Err(fatal(e).on_line(at)),
                Err(e) => {
                    importer.count_record();
                    let line = e.position().map_or(at, csv::Position::line);
                    importer.fault(line, "the row is not UTF-8; save the table as UTF-8");
                    continue;
                }
            }
            importer.count_record();
            let line = self.record.position().map_or(0, csv::Position::line);
            if self.record.len() == self.header.len() {
                return Ok(Some((line, &self.record)));
            }
            importer.fault(line, format!("the row has {} cells, the header {}", self.record.len(), self.header.len()));
        }
    }
}

/// Whether a row holds the tags of HXL: `#adm1+name`, `#adm1+code`.
fn is_hxl(row: &StringRecord) -> bool {
    row.iter().all(|cell| cell.is_empty() || cell.starts_with('#')) && row.iter().any(|cell| cell.len() > 1)
}

/// The error for a table that cannot be read any further.
fn fatal(e: csv::Error) -> Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => unreadable(&e),
        csv::ErrorKind::Utf8 { .. } => Error::data("the file is not UTF-8; save the table as UTF-8"),
        other => Error::data(format!("the table cannot be read ({other:?})")),
    }
}
