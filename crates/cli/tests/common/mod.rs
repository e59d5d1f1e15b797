//! Helpers for the tests of the command: running it, and checking its output and its errors.
#![allow(dead_code)]

#[path = "../../../../tests/common/mod.rs"]
mod shared;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

#[allow(unused_imports)]
pub use shared::*;

/// The built command.
pub const BINARY: &str = env!("CARGO_BIN_EXE_allonym");

/// No run of the command in a test may take longer; a run that does is caught in a loop.
const PATIENCE: Duration = Duration::from_secs(240);

/// How a run of the command ended.
pub struct Run {
    pub command: String,
    /// The exit code, none where a signal ended it.
    pub code: Option<i32>,
    pub out: Vec<u8>,
    pub err: String,
}

/// Runs the command without input.
pub fn allonym<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Run {
    with_input(args, "")
}

/// Runs the command with something on its standard input.
pub fn with_input<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>, input: impl AsRef<[u8]>) -> Run {
    let args: Vec<_> = args.into_iter().map(|a| a.as_ref().to_owned()).collect();
    let mut command = assert_cmd::Command::new(BINARY);
    command
        .args(&args)
        .env_remove("ALLONYM_INDEX")
        .env_remove("RUST_BACKTRACE")
        .timeout(PATIENCE)
        .write_stdin(input.as_ref());
    let output = command.output().expect("the command starts and ends");
    Run::of(format!("allonym {args:?}"), output)
}

/// Runs the command with another index.
pub fn with_index<S: AsRef<OsStr>>(index: &Path, args: impl IntoIterator<Item = S>) -> Run {
    let mut all = vec![OsStr::new("--index").to_owned(), index.as_os_str().to_owned()];
    all.extend(args.into_iter().map(|a| a.as_ref().to_owned()));
    allonym(all)
}

/// Runs a script of the shell; `$ALLONYM` is the command.
pub fn shell(script: &str) -> Run {
    let mut command = assert_cmd::Command::new("sh");
    command
        .args(["-c", script])
        .env("ALLONYM", BINARY)
        .env_remove("ALLONYM_INDEX")
        .env_remove("RUST_BACKTRACE")
        .timeout(PATIENCE);
    Run::of(script.to_owned(), command.output().expect("the shell starts"))
}

/// Runs the command with a standard output that nobody reads any more.
pub fn unread(args: &[&str], input: &[u8]) -> Run {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = Command::new(BINARY);
    command
        .args(args)
        .env_remove("ALLONYM_INDEX")
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::piped())
        .stdout(writer)
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    drop(command); // it holds the writing end
    let mut stdin = child.stdin.take().expect("an input");
    // The command may be gone before it has read everything.
    let _ = std::io::Write::write_all(&mut stdin, input);
    drop(stdin);
    Run::of(format!("allonym {args:?} | true"), child.wait_with_output().expect("the command ends"))
}

thread_local! {
    /// Whether the index of this test is damaged on purpose.
    pub static DAMAGED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

impl Run {
    pub fn of(command: String, output: std::process::Output) -> Run {
        let err = String::from_utf8(output.stderr).expect("messages are UTF-8");
        let run = Run { command, code: output.status.code(), out: output.stdout, err };
        run.never_panicked();
        run
    }

    fn never_panicked(&self) {
        // The decoders of fst and tantivy trust their bytes. Where a test damages an index on purpose, their panic is accepted, with
        // its file and line; one in our own code is not. `allonym index check` finds the damage without decoding.
        let decoder = ["/fst-", "/tantivy", "/ownedbytes-", "/zstd", "/lz4"];
        if DAMAGED.get() && self.code == Some(101) && decoder.iter().any(|path| self.err.contains(path)) {
            return;
        }
        let shown = |text: &str| text.contains("panicked at") || text.contains("RUST_BACKTRACE");
        assert!(!shown(&self.err), "{self}: a panic reached the user");
        assert!(self.code.is_some(), "{self}: a signal ended it, or it did not end");
        assert_ne!(self.code, Some(101), "{self}: the exit code of a panic");
        assert!(!self.err.contains("os error"), "{self}: an error number reached the user");
    }

    /// What was written, after a run that did its work.
    #[track_caller]
    pub fn done(&self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.text()
    }

    /// What was written, whatever the exit code.
    #[track_caller]
    pub fn text(&self) -> String {
        String::from_utf8(self.out.clone()).unwrap_or_else(|e| panic!("{self}: the output is no UTF-8: {e}"))
    }

    /// What was written, as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.out).unwrap_or_else(|e| panic!("{self}: the output is no JSON: {e}"))
    }

    /// What was written, as JSON lines.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        let text = self.text();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{self}: no JSON line ({e}): {line}")))
            .collect()
    }

    /// The header and the rows of what was written as CSV.
    #[track_caller]
    pub fn csv(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&self.out[..]);
        let rows: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
        let rows = rows.unwrap_or_else(|e| panic!("{self}: the output is no CSV: {e}"));
        let mut rows = rows.iter().map(|row| row.iter().map(str::to_owned).collect());
        (rows.next().unwrap_or_else(|| panic!("{self}: no header")), rows.collect())
    }

    /// The run ended with this code and said why in one sentence that holds all these parts.
    #[track_caller]
    pub fn refused(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{self}");
        self.says(parts);
    }

    /// The last thing said is one sentence that holds all these parts.
    #[track_caller]
    pub fn says(&self, parts: &[&str]) {
        let said: Vec<&str> = self.err.lines().filter(|line| !line.trim().is_empty()).collect();
        assert_eq!(said.len(), 1, "{self}: not one sentence");
        assert!(said[0].starts_with("allonym: "), "{self}: the program does not say who speaks");
        for part in parts {
            assert!(self.err.contains(part), "{self}: '{part}' is not said");
        }
    }

    /// The command line was refused by its grammar: exit code 2 and a message that holds these parts.
    #[track_caller]
    pub fn ill_formed(&self, parts: &[&str]) {
        assert_eq!(self.code, Some(2), "{self}");
        assert!(!self.err.trim().is_empty(), "{self}: nothing is said");
        for part in parts {
            assert!(self.err.contains(part), "{self}: '{part}' is not said");
        }
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cut = |text: &str| text.chars().take(2000).collect::<String>();
        let out = cut(&String::from_utf8_lossy(&self.out));
        write!(
            f,
            "{}\nexit code {:?}\nstandard output: {out}\nstandard error: {}",
            cut(&self.command),
            self.code,
            cut(&self.err)
        )
    }
}

/// The id of the first candidate of a JSON line of `lookup`.
pub fn first_id(line: &Value) -> &str {
    line["candidates"][0]["id"].as_str().unwrap_or("nothing")
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
