//! The error type of this library.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The result of a fallible call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An invalid request: an unknown id, options that contradict each other.
    Usage,
    /// A column that does not exist.
    Column,
    /// Invalid input data.
    Data,
    /// An index that cannot be used, and that must not be overwritten either: the directory holds something else.
    Index,
    /// An index that is missing, damaged or of another version. Building it again helps.
    StaleIndex,
    /// An error of the operating system; [`Error::source`](std::error::Error::source) is the [`io::Error`].
    Io,
}

/// The place in the input that an [`Error`] is about. What is not known is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// The file.
    pub path: Option<PathBuf>,
    /// The line, counted from 1.
    pub line: Option<u64>,
    /// The column of a table, counted from 1.
    pub column: Option<u64>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(path) = &self.path {
            write!(f, "{}", path.display())?;
            separator = ", ";
        }
        for (what, number) in [("line", self.line), ("column", self.column)] {
            if let Some(number) = number {
                write!(f, "{separator}{what} {number}")?;
                separator = ", ";
            }
        }
        Ok(())
    }
}

/// What went wrong, where, and how to fix it.
///
/// The [`Display`](fmt::Display) form is one sentence that begins with the position, if there is one. The underlying error is
/// available from [`source`](std::error::Error::source).
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: String,
    position: Position,
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error(Box::new(Inner { kind, message: message.into(), position: Position::default(), cause: None }))
    }

    /// Creates an error of the kind [`ErrorKind::Usage`].
    pub fn usage(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Usage, message)
    }

    /// Creates an error of the kind [`ErrorKind::Column`].
    pub fn missing_column(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Column, message)
    }

    /// Creates an error of the kind [`ErrorKind::Data`].
    pub fn data(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Data, message)
    }

    /// Creates an error of the kind [`ErrorKind::Index`].
    pub fn index(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Index, message)
    }

    /// Creates an error of the kind [`ErrorKind::StaleIndex`].
    pub fn stale_index(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::StaleIndex, message)
    }

    /// Creates an error of the kind [`ErrorKind::Io`] about `path`; `action` completes "could not …".
    pub fn io(action: &str, path: &Path, cause: io::Error) -> Error {
        Error::new(ErrorKind::Io, format!("could not {action} {}: {}", path.display(), plain(&cause))).because(cause)
    }

    /// Creates an error of the kind [`ErrorKind::Io`] about a stream without a path, such as standard output; `action`
    /// completes "could not …".
    pub fn stream(action: &str, cause: io::Error) -> Error {
        Error::new(ErrorKind::Io, format!("could not {action}: {}", plain(&cause))).because(cause)
    }

    /// Sets the file, unless it is set already.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<PathBuf>) -> Error {
        self.0.position.path.get_or_insert(path.into());
        self
    }

    /// Sets the line, counted from 1, unless it is set already.
    #[must_use]
    pub fn on_line(mut self, line: u64) -> Error {
        self.0.position.line.get_or_insert(line);
        self
    }

    /// Sets the column of the table, counted from 1, unless it is set already.
    #[must_use]
    pub fn in_column(mut self, column: u64) -> Error {
        self.0.position.column.get_or_insert(column);
        self
    }

    /// Sets the underlying error.
    #[must_use]
    pub fn because(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Error {
        self.0.cause = Some(Box::new(cause));
        self
    }

    /// The kind of this error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The place in the input that this error is about.
    pub fn position(&self) -> &Position {
        &self.0.position
    }

    /// The file that this error is about, if it is known.
    pub fn path(&self) -> Option<&Path> {
        self.0.position.path.as_deref()
    }

    /// The line that this error is about, counted from 1, if it is known.
    pub fn line(&self) -> Option<u64> {
        self.0.position.line
    }

    /// The column of the table that this error is about, counted from 1, if it is known.
    pub fn column(&self) -> Option<u64> {
        self.0.position.column
    }

    /// Whether the reader of the output closed the pipe, which is not a failure.
    pub fn is_closed_pipe(&self) -> bool {
        let cause = self.0.cause.as_deref().and_then(|c| c.downcast_ref::<io::Error>());
        cause.is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// The message of the operating system without its "(os error 28)", beginning in lowercase.
fn plain(cause: &io::Error) -> String {
    let text = cause.to_string();
    let end = text.find(" (os error").unwrap_or(text.len());
    let mut letters = text[..end].chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::from("unknown reason"),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.position != Position::default() {
            write!(f, "{}: ", self.0.position)?;
        }
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("position", &self.0.position)
            .field("source", &self.0.cause)
            .finish()
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
    fn messages_begin_with_the_position() {
        let error = Error::data("'x' is not a year").in_file("names.tsv").on_line(7);
        assert_eq!(error.to_string(), "names.tsv, line 7: 'x' is not a year");
        assert_eq!((error.path(), error.line(), error.column()), (Some(Path::new("names.tsv")), Some(7), None));
        assert_eq!(Error::data("empty").on_line(7).in_column(2).to_string(), "line 7, column 2: empty");
    }

    #[test]
    fn the_first_position_is_kept() {
        assert_eq!(Error::data("x").on_line(7).on_line(8).line(), Some(7));
    }

    #[test]
    fn messages_of_the_operating_system_are_plain() {
        let cause = io::Error::from_raw_os_error(28);
        let error = Error::io("write", Path::new("out.csv"), cause);
        assert_eq!(error.to_string(), "could not write out.csv: no space left on device");
        let source = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<io::Error>());
        assert_eq!(source.and_then(io::Error::raw_os_error), Some(28));
    }
}
