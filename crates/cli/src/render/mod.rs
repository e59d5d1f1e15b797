//! Answers as text: one output format per file.

pub mod changes;
pub mod chart;
pub mod counts;
pub mod csv;
pub mod eval;
pub mod json;
pub mod mentions;
pub mod table;
pub mod usage;

use std::io::Write;

use allonym::error::{Error, Result};

/// Writes a text to standard output.
pub fn write(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(refused)
}

/// Standard output refused a row of a table.
pub fn refused_row(cause: ::csv::Error) -> Error {
    match cause.into_kind() {
        ::csv::ErrorKind::Io(cause) => refused(cause),
        other => refused(std::io::Error::other(format!("{other:?}"))),
    }
}

/// Standard output refused.
pub fn refused(cause: std::io::Error) -> Error {
    Error::stream("write to standard output", cause)
}
