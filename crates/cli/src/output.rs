//! Output files: written beside their target and renamed when complete, and never over one another.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use same_file::Handle;
use tempfile::TempPath;

use allonym::error::{Error, Result};

/// A file that replaces its target when it is complete. Dropping it before [`finish`](Self::finish) deletes it.
///
/// A target that exists and is not a regular file, such as `/dev/null` or a pipe, is written to directly, because a rename
/// would replace it. A symbolic link stays one; the file that it points to is replaced. The new file has the permissions of
/// the old one.
pub struct AtomicFile {
    target: PathBuf,
    temporary: Option<TempPath>,
    out: BufWriter<File>,
}

impl AtomicFile {
    /// Creates the temporary file.
    ///
    /// # Errors
    /// Returns an error if the directory or the target cannot be written.
    pub fn create(path: &Path) -> Result<AtomicFile> {
        AtomicFile::open(path).map_err(|e| Error::io("write", path, e))
    }

    fn open(path: &Path) -> io::Result<AtomicFile> {
        let old = fs::metadata(path).ok();
        let target = if old.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
        let (file, temporary) = match &old {
            Some(old) if !old.is_file() => (File::options().write(true).open(&target)?, None),
            old => {
                let (file, temporary) = temporary(&target)?;
                if let Some(old) = old {
                    file.set_permissions(old.permissions())?;
                }
                (file, Some(temporary))
            }
        };
        Ok(AtomicFile { target, temporary, out: BufWriter::with_capacity(1 << 18, file) })
    }

    /// Writes what is buffered and gives the file its name.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written or renamed.
    pub fn finish(mut self) -> Result<()> {
        let finished = self.out.flush().and_then(|()| match self.temporary.take() {
            Some(temporary) => temporary.persist(&self.target).map_err(|e| e.error),
            None => Ok(()),
        });
        finished.map_err(|e| Error::io("write", &self.target, e))
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A new file in the directory of the target, with the permissions that any new file would have.
fn temporary(target: &Path) -> io::Result<(File, TempPath)> {
    let mut prefix = target.file_name().unwrap_or_default().to_owned();
    prefix.push(".part-");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    builder.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    Ok(builder.tempfile_in(directory(target))?.into_parts())
}

/// The directory that a file is in.
fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file named on the command line, with what it is for, such as `--review`.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    /// The argument or option that names it.
    pub role: &'static str,
    /// The path as given.
    pub path: &'a Path,
}

impl<'a> Named<'a> {
    /// The file that an option names, if it was given.
    pub fn option(role: &'static str, path: Option<&'a Path>) -> Option<Named<'a>> {
        path.map(|path| Named { role, path })
    }
}

/// Checks that no output is an input or another output, under whatever name.
///
/// # Errors
/// Returns a usage error that names the file and both of its roles.
pub fn check_distinct(inputs: &[Named<'_>], outputs: &[Named<'_>]) -> Result<()> {
    let inputs: Vec<_> = inputs.iter().filter_map(|input| Some((input, Identity::of(input.path)?))).collect();
    let mut taken: Vec<_> = inputs.iter().map(|(input, identity)| (*input, identity)).collect();
    let outputs: Vec<_> = outputs.iter().filter_map(|output| Some((output, Identity::of(output.path)?))).collect();
    for (output, identity) in &outputs {
        if let Some((other, _)) = taken.iter().find(|(_, other)| *other == identity) {
            return Err(Error::usage(format!(
                "{} is named both as {} and as {}; name another file for {}",
                output.path.display(),
                other.role,
                output.role,
                output.role
            )));
        }
        taken.push((*output, identity));
    }
    Ok(())
}

/// What makes two paths the same file.
#[derive(PartialEq, Eq)]
enum Identity {
    /// Device and inode.
    Existing(Handle),
    /// The path that a new file will have, without links.
    New(PathBuf),
}

impl Identity {
    /// None for streams and devices, which can be written to more than once.
    fn of(path: &Path) -> Option<Identity> {
        match fs::metadata(path) {
            Ok(meta) if meta.is_file() => match Handle::from_path(path) {
                Ok(handle) => Some(Identity::Existing(handle)),
                // Such as a file that may be written, but not read.
                Err(_) => fs::canonicalize(path).ok().map(Identity::New),
            },
            Ok(_) => None,
            Err(_) => Some(Identity::New(fs::canonicalize(directory(path)).ok()?.join(path.file_name()?))),
        }
    }
}
