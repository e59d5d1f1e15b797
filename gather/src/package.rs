//! The files inside a downloaded package, whatever its container.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::sources::Source;

/// The wanted files of one package in memory, by their path inside it.
///
/// Wrapping folders that only the container adds (`./`, `package/`, `keshvar-0.7.0/`) are taken off.
pub struct Package {
    name: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Package {
    /// Opens the package of `source` in `folder`, keeping the files that `source.data` names.
    pub fn open(folder: &Path, source: &Source) -> Result<Package> {
        let path = folder.join(&source.file);
        let bytes = std::fs::read(&path)
            .with_context(|| format!("cannot read {}; run `gather fetch` first", path.display()))?;
        let files = unpack(&source.file, &bytes, &|name| source.wants(name))
            .with_context(|| format!("{} is damaged", path.display()))?;
        Ok(Package { name: source.package.clone(), files })
    }

    /// The bytes of one file.
    pub fn bytes(&self, path: &str) -> Result<&[u8]> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes),
            None => bail!("the package {} has no file {path}", self.name),
        }
    }

    /// The text of one file.
    pub fn text(&self, path: &str) -> Result<&str> {
        std::str::from_utf8(self.bytes(path)?).with_context(|| format!("{path} in {} is not UTF-8", self.name))
    }

    /// Every kept file whose path begins with `before` and ends with `after`: what lies between, and the bytes.
    pub fn between<'a>(&'a self, before: &'a str, after: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .iter()
            .filter_map(move |(path, bytes)| Some((path.strip_prefix(before)?.strip_suffix(after)?, bytes.as_slice())))
    }
}

type Files = BTreeMap<String, Vec<u8>>;
type Wanted<'a> = &'a dyn Fn(&str) -> bool;

fn unpack(file: &str, bytes: &[u8], wanted: Wanted) -> Result<Files> {
    match file.rsplit_once('.').map(|(_, extension)| extension) {
        Some("whl") => unzip(bytes, wanted),
        Some("tgz" | "crate" | "gz") => untar(flate2::read::GzDecoder::new(bytes), true, wanted),
        Some("deb") => undeb(bytes, wanted),
        _ => bail!("{file} is not a known kind of package"),
    }
}

fn unzip(bytes: &[u8], wanted: Wanted) -> Result<Files> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes))?;
    let mut files = Files::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.to_string();
        if wanted(&name) {
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(name, content);
        }
    }
    Ok(files)
}

fn undeb(bytes: &[u8], wanted: Wanted) -> Result<Files> {
    let mut archive = ar::Archive::new(bytes);
    while let Some(entry) = archive.next_entry() {
        let entry = entry?;
        if entry.header().identifier() == b"data.tar.xz" {
            return untar(liblzma::read::XzDecoder::new(entry), false, wanted);
        }
    }
    bail!("it has no member data.tar.xz")
}

/// Reads a tar stream; `wrapped` ones have all their files in one folder, whose name is dropped.
fn untar(stream: impl Read, wrapped: bool, wanted: Wanted) -> Result<Files> {
    let mut files = Files::new();
    for entry in tar::Archive::new(stream).entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.to_string_lossy().into_owned();
        let path = path.strip_prefix("./").unwrap_or(&path);
        let name = if wrapped { path.split_once('/').map_or(path, |(_, rest)| rest) } else { path };
        if wanted(name) {
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(name.to_string(), content);
        }
    }
    Ok(files)
}
