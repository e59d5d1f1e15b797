//! The lines of a file, read one after another into one buffer.

use std::io::{BufRead, Read};

use super::document::{Document, unreadable};
use crate::error::{Error, Result};

/// The longest line that is read, in bytes; the outline of a country may take some megabytes.
const LONGEST_LINE: u64 = 64 << 20;

/// Reads lines.
pub(super) struct Lines<'d, 'a> {
    document: &'d mut Document<'a>,
    buffer: Vec<u8>,
    line: u64,
}

/// A line, or what is wrong with it.
pub(super) enum Line<'l> {
    /// Its text, without its end.
    Text(&'l str),
    /// It cannot be read as text.
    Faulty(&'static str),
}

impl<'d, 'a> Lines<'d, 'a> {
    /// The lines of a document.
    pub(super) fn new(document: &'d mut Document<'a>) -> Lines<'d, 'a> {
        Lines { document, buffer: Vec::new(), line: 0 }
    }

    /// The next line that is not empty, with its number; `None` at the end.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Line<'_>)>> {
        loop {
            self.buffer.clear();
            self.line += 1;
            let refused = |e, line| -> Error { unreadable(&e).on_line(line) };
            let line = self.line;
            let mut limited = (&mut self.document.reader).take(LONGEST_LINE);
            if limited.read_until(b'\n', &mut self.buffer).map_err(|e| refused(e, line))? == 0 {
                return Ok(None);
            }
            if self.buffer.len() as u64 == LONGEST_LINE && self.buffer.last() != Some(&b'\n') {
                self.document.reader.skip_until(b'\n').map_err(|e| refused(e, line))?;
                return Ok(Some((line, Line::Faulty("the line is longer than 64 MB"))));
            }
            let mut kept = self.buffer.len();
            while kept > 0 && matches!(self.buffer[kept - 1], b'\n' | b'\r') {
                kept -= 1;
            }
            self.buffer.truncate(kept);
            if line == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
                self.buffer.drain(..3);
            }
            // RFC 8142 puts a record separator before each text.
            if self.buffer.first() == Some(&0x1e) {
                self.buffer.remove(0);
            }
            if !self.buffer.is_empty() {
                break;
            }
        }
        let line = match std::str::from_utf8(&self.buffer) {
            Ok(text) => Line::Text(text),
            Err(_) => Line::Faulty("the line is not UTF-8"),
        };
        Ok(Some((self.line, line)))
    }
}
