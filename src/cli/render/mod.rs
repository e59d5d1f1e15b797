//! Answers as text: one output format per file.

pub mod csv;
pub mod json;
pub mod mentions;
pub mod table;

use std::io::Write;

use crate::error::{Error, Result};

/// Writes a text to standard output.
pub fn write(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(refused)
}

/// Standard output refused.
pub fn refused(cause: std::io::Error) -> Error {
    Error::stream("write to standard output", cause)
}
