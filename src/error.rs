//! The one error of this library: what went wrong, where, and the way out, in one sentence.

use std::fmt;
use std::path::{Path, PathBuf};

/// What every fallible call of this library returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of trouble an [`Error`] is; new kinds may come, so matches need a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was asked for makes no sense: an unknown id, an option that contradicts another.
    Usage,
    /// A column that is not there.
    Column,
    /// Data that cannot be read as what it should be.
    Data,
    /// An index that is missing, stale, damaged or not an index.
    Index,
    /// The operating system said no.
    Io,
}

/// One sentence in the user's words, with the place and the way out.
///
/// Its [`Display`](fmt::Display) form is the whole sentence; [`std::error::Error::source`] keeps the cause.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    sentence: String,
    file: Option<PathBuf>,
    line: Option<u64>,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    fn new(kind: ErrorKind, sentence: impl Into<String>) -> Error {
        Error(Box::new(Inner { kind, sentence: sentence.into(), file: None, line: None, cause: None }))
    }

    /// The request itself is at fault.
    pub fn usage(sentence: impl Into<String>) -> Error {
        Error::new(ErrorKind::Usage, sentence)
    }

    /// A column was asked for that is not there.
    pub fn column(sentence: impl Into<String>) -> Error {
        Error::new(ErrorKind::Column, sentence)
    }

    /// Data cannot be read as what it should be.
    pub fn data(sentence: impl Into<String>) -> Error {
        Error::new(ErrorKind::Data, sentence)
    }

    /// The index cannot be used.
    pub fn index(sentence: impl Into<String>) -> Error {
        Error::new(ErrorKind::Index, sentence)
    }

    /// The operating system refused something about `path`; `doing` completes "could not …".
    pub fn io(doing: &str, path: &Path, cause: std::io::Error) -> Error {
        let mut error = Error::new(ErrorKind::Io, format!("could not {doing} {}: {}", path.display(), plain(&cause)));
        error.0.cause = Some(Box::new(cause));
        error
    }

    /// The operating system refused something about a stream that has no path, such as standard output.
    pub fn stream(doing: &str, cause: std::io::Error) -> Error {
        let mut error = Error::new(ErrorKind::Io, format!("could not {doing}: {}", plain(&cause)));
        error.0.cause = Some(Box::new(cause));
        error
    }

    /// Says in which file the trouble is.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<PathBuf>) -> Error {
        self.0.file.get_or_insert(path.into());
        self
    }

    /// Says on which line (counted from 1) the trouble is.
    #[must_use]
    pub fn on_line(mut self, line: u64) -> Error {
        self.0.line.get_or_insert(line);
        self
    }

    /// Keeps what led to this error.
    #[must_use]
    pub fn because(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
        self.0.cause = Some(Box::new(cause));
        self
    }

    /// What kind of trouble this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the reader of our output went away, which is no trouble at all.
    pub fn is_closed_pipe(&self) -> bool {
        let cause = self.0.cause.as_deref().and_then(|c| c.downcast_ref::<std::io::Error>());
        cause.is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    }
}

/// An operating system's message without its "(os error 28)".
fn plain(cause: &std::io::Error) -> String {
    let text = cause.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let text = &text[..end];
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::from("unknown reason"),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.file, self.0.line) {
            (Some(file), Some(line)) => write!(f, "{}, line {line}: ", file.display())?,
            (Some(file), None) => write!(f, "{}: ", file.display())?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        f.write_str(&self.0.sentence)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|c| c as &(dyn std::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_starts_with_its_place() {
        let error = Error::data("the year 'x' is no number").in_file("names.tsv").on_line(7);
        assert_eq!(error.to_string(), "names.tsv, line 7: the year 'x' is no number");
    }

    #[test]
    fn the_operating_system_speaks_plainly() {
        let cause = std::io::Error::from_raw_os_error(28);
        let error = Error::io("write", Path::new("out.csv"), cause);
        assert_eq!(error.to_string(), "could not write out.csv: no space left on device");
    }
}
