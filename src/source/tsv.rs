//! Tab-separated tables of the data: a header, then one fact a line, without quotes.

use std::io::BufRead;

use crate::error::{Error, Result};

/// Reads a table line by line into one buffer.
#[derive(Debug)]
pub struct Table<R> {
    name: String,
    reader: R,
    buffer: String,
    line: u64,
    columns: usize,
}

impl<R: BufRead> Table<R> {
    /// Opens a table whose header must be `columns`.
    ///
    /// # Errors
    /// Returns an error if the header is different.
    pub fn open(name: &str, reader: R, columns: &[&str]) -> Result<Table<R>> {
        let mut table = Table { name: name.to_owned(), reader, buffer: String::new(), line: 0, columns: columns.len() };
        let found = match table.row()? {
            Some(row) => row.cells.clone().collect::<Vec<_>>() == columns,
            None => false,
        };
        if !found {
            return Err(table.error(format!("the header should be {}", columns.join(", "))));
        }
        Ok(table)
    }

    /// The next line, or `None` at the end.
    ///
    /// # Errors
    /// Returns an error if it is not UTF-8 or does not have one cell for each column.
    pub fn row(&mut self) -> Result<Option<Row<'_>>> {
        self.buffer.clear();
        self.line += 1;
        let read = self.reader.read_line(&mut self.buffer);
        match read {
            Ok(0) => return Ok(None),
            Ok(_) => {}
            Err(e) => return Err(self.error(format!("the line cannot be read ({e})")).because(e)),
        }
        let line = self.buffer.trim_end_matches(['\n', '\r']);
        let count = line.bytes().filter(|&b| b == b'\t').count() + 1;
        if count != self.columns {
            return Err(self.error(format!("the line has {count} cells instead of {}", self.columns)));
        }
        Ok(Some(Row { name: &self.name, line: self.line, cells: line.split('\t') }))
    }

    /// Whether every line has been read.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read on.
    pub fn is_at_end(&mut self) -> Result<bool> {
        match self.reader.fill_buf() {
            Ok(rest) => Ok(rest.is_empty()),
            Err(e) => Err(self.error(format!("the line cannot be read ({e})")).because(e)),
        }
    }

    /// An error on the current line.
    pub fn error(&self, sentence: impl Into<String>) -> Error {
        Error::data(sentence).in_file(&self.name).on_line(self.line)
    }
}

/// A line of a table. Cells are taken from left to right.
#[derive(Debug)]
pub struct Row<'a> {
    name: &'a str,
    line: u64,
    cells: std::str::Split<'a, char>,
}

impl<'a> Row<'a> {
    /// The next cell.
    pub fn cell(&mut self) -> &'a str {
        self.cells.next().unwrap_or_default()
    }

    /// The next cell, `None` if it is empty.
    pub fn optional(&mut self) -> Option<&'a str> {
        Some(self.cell()).filter(|cell| !cell.is_empty())
    }

    /// The next cell, parsed; `None` if it is empty.
    ///
    /// # Errors
    /// Returns the parser's error, with file and line.
    pub fn parse<T>(&mut self, read: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
        match self.optional() {
            Some(cell) => read(cell).map(Some).map_err(|e| self.at(e)),
            None => Ok(None),
        }
    }

    /// Adds the file and this line to an error.
    pub fn at(&self, error: Error) -> Error {
        error.in_file(self.name).on_line(self.line)
    }

    /// The number of this line, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }
}
