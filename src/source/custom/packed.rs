//! Numbers and texts packed into bytes (LEB128), for records that are kept in temporary files.

use std::io::{self, Read};

/// Appends a number, seven bits a byte.
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a text with its length.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Reads a record that was written with its length into `buffer`; false at the end.
///
/// # Errors
/// Returns an error if the record cannot be read or is cut short.
pub(super) fn next_record(reader: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = 0usize;
    for shift in (0..35).step_by(7) {
        let mut byte = [0];
        if reader.read(&mut byte)? == 0 {
            return if shift == 0 { Ok(false) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        length |= usize::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            break;
        }
    }
    buffer.resize(length, 0);
    reader.read_exact(buffer)?;
    Ok(true)
}

/// Takes numbers and texts from the front of a slice.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn number(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        Ok(number)
    }

    pub(super) fn text(&mut self) -> io::Result<&'a str> {
        let length = self.number()? as usize;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        std::str::from_utf8(taken).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut bytes = Vec::new();
        for number in [0, 127, 128, 300, u64::MAX] {
            put_number(&mut bytes, number);
        }
        put_text(&mut bytes, "Şuşa");
        let mut reader = Reader(&bytes);
        for number in [0, 127, 128, 300, u64::MAX] {
            assert_eq!(reader.number().expect("a number"), number);
        }
        assert_eq!(reader.text().expect("a text"), "Şuşa");
        assert!(reader.number().is_err());
    }
}
