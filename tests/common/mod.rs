//! Helpers shared by the tests of all crates: temporary files, small gazetteers, collected failures.
#![allow(dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use allonym::Gazetteer;
use allonym::index::manifest::Manifest;
use allonym::source::{Data, File};

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
            Vec::leak(vec![File { name: "names.tsv.zst", bytes: packed(names) }]),
        )),
        words: File { name: "words.tsv.zst", bytes: packed(words) },
        ordinary: File { name: "ordinary.tsv", bytes: b"word\tlang\tsource\tnote\nnice\ten\ttest\t\n" },
        overlays: &[],
        custom: &[],
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
