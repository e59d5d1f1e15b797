//! Files that appear when they are whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A file in the making, beside the one that it will be. Dropped before [`keep`](Self::keep), it goes.
pub struct Whole {
    path: PathBuf,
    part: PathBuf,
    out: Option<BufWriter<File>>,
}

impl Whole {
    /// Begins a file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn create(path: &Path) -> Result<Whole> {
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".part-{}", std::process::id()));
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(|e| Error::io("write", path, e))?;
        Ok(Whole { path: path.to_owned(), part, out: Some(BufWriter::with_capacity(1 << 18, file)) })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    pub fn keep(mut self) -> Result<()> {
        let kept = match self.out.take() {
            Some(mut out) => out.flush().and_then(|()| fs::rename(&self.part, &self.path)),
            None => Ok(()),
        };
        kept.map_err(|e| Error::io("write", &self.path, e))
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.as_mut().map_or(Ok(0), |out| out.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        self.out = None;
        // After a rename there is nothing left to remove.
        let _ = fs::remove_file(&self.part);
    }
}
