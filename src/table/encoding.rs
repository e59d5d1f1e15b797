//! Tables that are not UTF-8, read as if they were.

use std::io::Read;

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::error::{Error, Result};

/// The input in UTF-8, and what it is where it is not: by `label`, else by its byte order mark. UTF-8 stays as it is.
///
/// # Errors
/// Where the label is of no encoding, or reading fails.
pub fn utf8<'i>(mut input: impl Read + 'i, label: Option<&str>) -> Result<(Box<dyn Read + 'i>, Option<String>)> {
    let named = match label {
        None => None,
        Some(label) => Some(Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
            Error::usage(format!("'{label}' is no encoding; give one such as utf-8, utf-16le, latin1 or windows-1251"))
        })?),
    };
    let mut head = Vec::new();
    input.by_ref().take(3).read_to_end(&mut head).map_err(|e| Error::stream("read the table", e))?;
    let encoding = Encoding::for_bom(&head).map(|(encoding, _)| encoding).or(named).unwrap_or(encoding_rs::UTF_8);
    let whole = std::io::Cursor::new(head).chain(input);
    if encoding == encoding_rs::UTF_8 {
        return Ok((Box::new(whole), None));
    }
    let reader = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(whole);
    Ok((Box::new(reader), Some(encoding.name().to_owned())))
}
