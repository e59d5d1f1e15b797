//! Tables in other encodings, transcoded to UTF-8 as they are read.

use std::io::{Cursor, Read};

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::error::{Error, Result};

/// The input in UTF-8, and its encoding unless that is UTF-8: as the byte order mark says, otherwise as `label` says. UTF-8
/// passes unchanged, even if it is not valid.
///
/// # Errors
/// If the label is unknown, or reading fails.
pub fn utf8<'i>(mut input: impl Read + 'i, label: Option<&str>) -> Result<(Box<dyn Read + 'i>, Option<String>)> {
    let requested = label.map(by_label).transpose()?;
    let mut head = Vec::new();
    input.by_ref().take(3).read_to_end(&mut head).map_err(|e| Error::stream("read the table", e))?;
    let marked = Encoding::for_bom(&head).map(|(encoding, _)| encoding);
    let encoding = marked.or(requested).unwrap_or(UTF_8);
    let whole = Cursor::new(head).chain(input);
    if encoding == UTF_8 {
        return Ok((Box::new(whole), None));
    }
    let reader = DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(whole);
    Ok((Box::new(reader), Some(encoding.name().to_owned())))
}

fn by_label(label: &str) -> Result<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
        Error::usage(format!("unknown encoding '{label}'; expected utf-8, utf-16le, latin1, windows-1251 or the like"))
    })
}
