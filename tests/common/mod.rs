//! What the tests share: running the command, judging how it failed, small gazetteers of their own.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use allonym::Gazetteer;
use allonym::index::manifest::Manifest;
use allonym::source::{Data, File};
use serde_json::Value;

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

impl Run {
    pub fn of(command: String, output: std::process::Output) -> Run {
        let err = String::from_utf8(output.stderr).expect("messages are UTF-8");
        let run = Run { command, code: output.status.code(), out: output.stdout, err };
        run.never_panicked();
        run
    }

    fn never_panicked(&self) {
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

/// A directory that goes away with the test.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

/// Writes a file of a test; its path as text.
pub fn file(dir: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = dir.path().join(name);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).expect("the directory is made");
    }
    fs::write(&path, bytes).expect("the file is written");
    path.to_str().expect("a path in UTF-8").to_owned()
}

/// The id of the first candidate of a JSON line of `lookup`.
pub fn first_id(line: &Value) -> &str {
    line["candidates"][0]["id"].as_str().unwrap_or("nothing")
}

/// The bundled gazetteer.
pub fn bundled() -> &'static Gazetteer {
    use std::sync::OnceLock;
    static BUNDLED: OnceLock<Gazetteer> = OnceLock::new();
    BUNDLED.get_or_init(|| Gazetteer::bundled().expect("the bundled gazetteer opens"))
}

/// Says on standard error that a case cannot be tried here, and why: nothing is skipped in silence.
pub fn skip(test: &str, reason: &str) {
    eprintln!("NOT TESTED: {test}: {reason}");
}

/// The data of a small gazetteer: three places with names in several scripts.
pub fn small_data() -> Data<'static> {
    let places = "id\tfeature\tcountry\tparent\tlat\tlon\tpoint\tpopulation\tsame_as\n\
                  t:1\tA.PCLI\tAZ\t\t40\t47\t\t10000000\twd:Q1\n\
                  t:2\tP.PPLC\tAZ\tt:1\t40.4\t49.9\t\t2000000\t\n\
                  t:3\tP.PPL\tAZ\tt:1\t39.8\t46.75\t\t50000\t\n";
    let names = "id\tname\tlang\tkind\tflags\tsource\n\
                 t:1\tTestland\ten\texonym\t\ttest\n\
                 t:2\tTestopolis\ten\texonym\t\ttest\n\
                 t:2\tТестополь\tru\texonym\t\ttest\n\
                 t:2\tTəstöpol\taz\tendonym\t\ttest\n\
                 t:3\tNewtown upon Test\ten\texonym\t\ttest\n\
                 t:3\tՆորավան\thy\texonym\t\ttest\n";
    let words = "word\tsense\tweight\tsource\nnews\tordinary\t3\ttest\n";
    data(places, names, words)
}

/// Data of tables given as text.
pub fn data(places: &str, names: &str, words: &str) -> Data<'static> {
    // A handful of small texts, kept until the process ends.
    let packed = |text: &str| -> &'static [u8] { zstd::encode_all(text.as_bytes(), 3).expect("zstd packs").leak() };
    Data {
        world: Some((
            File { name: "places.tsv.zst", bytes: packed(places) },
            File { name: "names.tsv.zst", bytes: packed(names) },
        )),
        words: File { name: "words.tsv.zst", bytes: packed(words) },
        ordinary: File { name: "ordinary.tsv", bytes: b"word\tlang\tsource\tnote\nnice\ten\ttest\t\n" },
        overlays: &[],
        own: &[],
    }
}

/// Builds the index of the small gazetteer.
pub fn small_index(dir: &Path) {
    allonym::gazetteer::build(&small_data(), dir, &|_| {}).expect("the small index is built");
}

/// Where the files of an index are.
pub fn generation(index: &Path) -> PathBuf {
    let manifest = Manifest::read(index).expect("a manifest").expect("a manifest");
    manifest.folder(index)
}

/// Every file below a directory, in order.
pub fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(dir).expect("a directory").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            files.extend(files_below(&entry));
        } else {
            files.push(entry);
        }
    }
    files
}

/// Copies a directory with everything in it.
pub fn copy(from: &Path, to: &Path) {
    for file in files_below(from) {
        let target = to.join(file.strip_prefix(from).expect("below"));
        fs::create_dir_all(target.parent().expect("a parent")).expect("the directory is made");
        fs::copy(&file, &target).expect("the file is copied");
    }
}

/// The cases of a table that went wrong, reported together.
#[derive(Default)]
pub struct Faults(Vec<String>);

impl Faults {
    pub fn add(&mut self, fault: impl Into<String>) {
        self.0.push(fault.into());
    }

    pub fn check(&mut self, holds: bool, fault: impl FnOnce() -> String) {
        if !holds {
            self.0.push(fault());
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[track_caller]
    pub fn report(self) {
        let count = self.0.len();
        let shown: Vec<&str> = self.0.iter().take(60).map(String::as_str).collect();
        assert!(count == 0, "{count} cases failed:\n{}", shown.join("\n"));
    }
}
