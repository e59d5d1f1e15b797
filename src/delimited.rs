//! Delimited text (CSV, TSV and the like): its dialect, and records and cells as byte ranges.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

/// The delimiter and the quote of a delimited table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between cells.
    pub delimiter: u8,
    /// The byte around cells that contain a delimiter or a line break. With `None`, quotes are ordinary characters.
    pub quote: Option<u8>,
}

impl Dialect {
    /// The delimiters that [`Dialect::sniff`] knows, preferred ones first.
    const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

    /// Detects the delimiter from the first line of a table: the most frequent outside quotes of comma, tab, semicolon and
    /// bar. A line without any of them gives a comma.
    pub fn sniff(text: &[u8], quote: Option<u8>) -> Dialect {
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
        let dialect = |delimiter| Dialect { delimiter, quote };
        // Of equally frequent delimiters, `max_by_key` takes the last.
        let candidates = Self::DELIMITERS.into_iter().rev().map(dialect);
        candidates.max_by_key(|candidate| candidate.delimiters(line).count()).unwrap_or(dialect(b','))
    }

    /// A parser for this dialect.
    pub(crate) fn parser(self) -> Reader {
        ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quote(self.quote.unwrap_or(b'"'))
            .quoting(self.quote.is_some())
            .build()
    }

    /// Appends a cell, quoted if necessary. Without quotes, delimiters and line breaks in it become spaces.
    pub(crate) fn append_cell(self, out: &mut Vec<u8>, text: &str) {
        let separates = |b: u8| b == self.delimiter || matches!(b, b'\n' | b'\r');
        match self.quote {
            None => out.extend(text.bytes().map(|b| if separates(b) { b' ' } else { b })),
            Some(quote) if text.bytes().any(|b| separates(b) || b == quote) => {
                out.push(quote);
                for byte in text.bytes() {
                    if byte == quote {
                        out.push(quote);
                    }
                    out.push(byte);
                }
                out.push(quote);
            }
            Some(_) => out.extend_from_slice(text.as_bytes()),
        }
    }

    /// The positions of the delimiters of a record, except those inside quotes.
    pub(crate) fn delimiters(self, record: &[u8]) -> impl Iterator<Item = usize> {
        // A quote opens a cell only at its beginning, and reopens it if it is doubled.
        let (mut quoted, mut may_open) = (false, true);
        record.iter().enumerate().filter_map(move |(at, &byte)| {
            let quote = Some(byte) == self.quote;
            let ends = byte == self.delimiter && !quoted;
            let closes = quote && quoted;
            quoted = quote && !quoted && may_open || quoted && !closes;
            may_open = ends || closes;
            ends.then_some(at)
        })
    }

    /// The range of a cell in a record, quotes included.
    pub(crate) fn cell_range(self, record: &[u8], column: usize) -> Option<(usize, usize)> {
        let mut delimiters = self.delimiters(record);
        let from = match column {
            0 => 0,
            n => delimiters.nth(n - 1)? + 1,
        };
        Some((from, delimiters.next().unwrap_or(record.len())))
    }
}

/// The length of a record without its line ending.
pub(crate) fn content_length(record: &[u8]) -> usize {
    let end = record.iter().rposition(|&b| b != b'\n' && b != b'\r').map_or(0, |at| at + 1);
    // Only one line ending belongs to the record; more would be blank lines.
    match &record[end..] {
        [] => end,
        [b'\r', b'\n', ..] | [.., b'\r', b'\n'] => record.len() - 2,
        _ => record.len() - 1,
    }
}

/// The unquoted cells of a record. One value is reused for all records of a table.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    /// Parses the first record of `input`. Returns its length in bytes, or `None` if the input stops before the record ends.
    /// `ended` says that no more input follows.
    pub fn parse(&mut self, parser: &mut Reader, input: &[u8], ended: bool) -> Option<usize> {
        self.text.resize(self.text.len().max(1024), 0);
        self.ends.resize(self.ends.capacity().max(32), 0);
        let (mut read, mut written, mut count) = (0, 0, 0);
        let mut closed = false;
        loop {
            let rest = if closed { &[][..] } else { &input[read..] };
            let (result, r, w, e) = parser.read_record(rest, &mut self.text[written..], &mut self.ends[count..]);
            read += r;
            written += w;
            count += e;
            match result {
                ReadRecordResult::InputEmpty if ended && !closed => closed = true,
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    self.ends.clear();
                    return None;
                }
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => {
                    self.ends.truncate(count);
                    return Some(read);
                }
            }
        }
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty if the record has fewer.
    pub fn get(&self, number: usize) -> &[u8] {
        let Some(&end) = self.ends.get(number) else { return &[] };
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..end]
    }

    /// All cells.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|n| self.get(n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_most_frequent_outside_quotes() {
        let sniff = |text: &str| Dialect::sniff(text.as_bytes(), Some(b'"')).delimiter;
        assert_eq!(sniff("a;b;c,d\n1,2,3,4\n"), b';');
        assert_eq!(sniff("\u{feff}\"a,b,c\"\td\n"), b'\t');
        assert_eq!(sniff("a|b\r\n"), b'|');
        assert_eq!(sniff("a,b;c"), b',', "a comma wins a tie");
        assert_eq!(sniff("place\n"), b',');
        assert_eq!(sniff(""), b',');
        assert_eq!(Dialect::sniff(b"\"a,b;c;d\"", None).delimiter, b';', "without quotes, every delimiter counts");
    }

    #[test]
    fn cells_are_found_where_they_are() {
        let csv = Dialect { delimiter: b',', quote: Some(b'"') };
        let record = br#"a,"b, ""c""",d"#;
        assert_eq!(csv.cell_range(record, 1).map(|(from, to)| &record[from..to]), Some(&br#""b, ""c""""#[..]));
        assert_eq!(csv.cell_range(record, 3), None);
        let mut cells = Cells::default();
        assert_eq!(cells.parse(&mut csv.parser(), record, true), Some(record.len()));
        assert_eq!(cells.iter().collect::<Vec<_>>(), [&b"a"[..], b"b, \"c\"", b"d"]);
        assert_eq!(cells.get(7), b"");
    }

    #[test]
    fn one_line_ending_belongs_to_a_record() {
        for (record, length) in [("a", 1), ("a\n", 1), ("a\r\n", 1), ("\n\na\r", 3), ("\r\n", 0), ("", 0)] {
            assert_eq!(content_length(record.as_bytes()), length, "{record:?}");
        }
    }
}
