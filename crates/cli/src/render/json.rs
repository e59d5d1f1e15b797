//! JSON documents and JSON lines.

use std::io::{BufWriter, Write, stdout};

use serde::Serialize;

use super::refused;
use allonym::error::Result;

/// Writes one indented document.
pub fn document(value: &impl Serialize) -> Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from).map_err(refused)?;
    writeln!(out).and_then(|()| out.flush()).map_err(refused)
}

/// Writes one object a line.
pub fn lines(values: &[impl Serialize]) -> Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for value in values {
        serde_json::to_writer(&mut out, value).map_err(std::io::Error::from).map_err(refused)?;
        writeln!(out).map_err(refused)?;
    }
    out.flush().map_err(refused)
}
