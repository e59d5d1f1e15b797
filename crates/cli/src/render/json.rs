//! JSON documents and JSON lines.

use std::io::{BufWriter, StdoutLock, Write, stdout};

use serde::Serialize;

use super::refused;
use allonym::error::Result;

/// Writes one indented document.
pub fn document(value: &impl Serialize) -> Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from).map_err(refused)?;
    writeln!(out).and_then(|()| out.flush()).map_err(refused)
}

/// Writes one object per line.
pub fn lines(values: &[impl Serialize]) -> Result<()> {
    let mut out = Lines::new();
    values.iter().try_for_each(|value| out.write(value))?;
    out.finish()
}

/// Standard output that takes one JSON object per line.
pub struct Lines(BufWriter<StdoutLock<'static>>);

impl Lines {
    /// Locks standard output.
    pub fn new() -> Lines {
        Lines(BufWriter::with_capacity(1 << 16, stdout().lock()))
    }

    /// Writes a line.
    pub fn write(&mut self, value: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.0, value).map_err(std::io::Error::from).map_err(refused)?;
        writeln!(self.0).map_err(refused)
    }

    /// Writes what is buffered.
    pub fn finish(mut self) -> Result<()> {
        self.0.flush().map_err(refused)
    }
}
