//! The delimiter of a delimited table, from its first line.

/// Delimiters that are recognized, in the order of preference when they are equally frequent.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The most frequent delimiter in the first line of `text`, outside quotes; a comma if there is none.
pub(crate) fn sniff(text: &[u8], quote: Option<u8>) -> u8 {
    let line = text.split(|&b| b == b'\n').next().unwrap_or_default();
    let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
    let count = |delimiter: u8| positions(line, delimiter, quote).count();
    // Of several maxima, the last is taken.
    DELIMITERS.into_iter().rev().max_by_key(|&d| count(d)).filter(|&d| count(d) > 0).unwrap_or(b',')
}

/// Where the delimiters of a record are, without those in quoted cells.
pub(crate) fn positions(record: &[u8], delimiter: u8, quote: Option<u8>) -> impl Iterator<Item = usize> {
    // A quote opens a cell only at its beginning, or again where it is doubled.
    let (mut quoted, mut may_open) = (false, true);
    record.iter().enumerate().filter_map(move |(at, &byte)| {
        let is_quote = Some(byte) == quote;
        let ends = byte == delimiter && !quoted;
        let closes = is_quote && quoted;
        quoted = is_quote && !quoted && may_open || quoted && !closes;
        may_open = ends || closes;
        ends.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_delimiter_outside_quotes_is_taken() {
        let cases = [
            ("id,name", b','),
            ("id\tname;x\ty", b'\t'),
            ("a;b,c", b','),
            ("\"a;b;c\",d", b','),
            ("name", b','),
            ("\u{feff}a|b|c", b'|'),
        ];
        for (line, delimiter) in cases {
            assert_eq!(sniff(line.as_bytes(), Some(b'"')), delimiter, "{line}");
        }
        assert_eq!(sniff(b"\"a;b;c\",d", None), b';');
    }
}
