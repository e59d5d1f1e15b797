//! Files that appear when they are whole.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use allonym::error::{Error, Result};

/// A file in the making, beside the one that it will be. Dropped before [`keep`](Self::keep), it goes.
///
/// What is there already and no file, such as `/dev/null` or a pipe, is written to as it is: a rename would replace it. A
/// link stays one, and the file that it points to is made anew.
pub struct Whole {
    path: PathBuf,
    part: Option<PathBuf>,
    out: Option<BufWriter<File>>,
}

impl Whole {
    /// Begins a file.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn create(path: &Path) -> Result<Whole> {
        let refused = |e| Error::io("write", path, e);
        let there = fs::metadata(path).ok();
        let path = match &there {
            Some(_) => fs::canonicalize(path).map_err(refused)?,
            None => path.to_owned(),
        };
        let part = there.is_none_or(|meta| meta.is_file()).then(|| {
            let mut part = path.as_os_str().to_owned();
            part.push(format!(".part-{}", std::process::id()));
            PathBuf::from(part)
        });
        let file = match &part {
            Some(part) => File::create(part),
            None => File::options().write(true).open(&path),
        };
        let out = BufWriter::with_capacity(1 << 18, file.map_err(refused)?);
        Ok(Whole { path, part, out: Some(out) })
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    pub fn keep(mut self) -> Result<()> {
        let kept = match self.out.take() {
            Some(mut out) => out.flush().and_then(|()| match self.part.take() {
                Some(part) => fs::rename(&part, &self.path).inspect_err(|_| drop(fs::remove_file(&part))),
                None => Ok(()),
            }),
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
        if let Some(part) = self.part.take() {
            let _ = fs::remove_file(part);
        }
    }
}
