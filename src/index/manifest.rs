//! Which generation of an index is whole, what it was made from, and why it may be stale.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

use crate::digest::hash;
use crate::error::{Error, Result};

/// The layout of the files. Raised whenever one of them changes its meaning.
pub const FORMAT: u32 = 4;

/// The file that names the generation.
pub const FILE: &str = "manifest.json";

/// The file of a generation that has the sums of the search engine's files, whose names no two builds share.
pub(super) const SUMS: &str = "sums.json";

/// What an index directory says of itself. Building the same data twice gives the same manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The layout of the files: [`FORMAT`].
    pub format: u32,
    /// The folder that holds the files: a hash of format, folding and data.
    pub generation: String,
    /// What the names were folded by: [`crate::fold::fingerprint`].
    pub folding: String,
    /// What they were made from.
    pub data: String,
    /// How many entities, names and keys there are.
    pub counts: Counts,
    /// The files, tantivy's apart.
    pub files: Vec<FileSum>,
}

/// How much is in an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Things with an id.
    pub entities: u64,
    /// Their names.
    pub names: u64,
    /// Different keys of these names.
    pub keys: u64,
}

/// A file's length and hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub bytes: u64,
    /// XXH3 of its content, in hexadecimal.
    pub xxh3: String,
}

/// The name of the generation that data of this fingerprint gives.
pub fn generation(data: &str) -> String {
    hash(format!("{FORMAT} {} {data}", crate::fold::fingerprint()).as_bytes())
}

impl Manifest {
    /// Reads the manifest of an index directory; none if there is no such file.
    ///
    /// # Errors
    /// If the file is not a manifest, or one of another version.
    pub fn read(dir: &Path) -> Result<Option<Manifest>> {
        let path = dir.join(FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("read", &path, e)),
        };
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|e| {
            Error::index(format!(
                "{} is not the manifest of an allonym index; is this the right directory?",
                path.display()
            ))
            .because(e)
        })?;
        if manifest.format != FORMAT {
            return Err(Error::stale_index(format!(
                "the index in {} has format {}, but this version of allonym reads format {FORMAT}",
                dir.display(),
                manifest.format,
            )));
        }
        Ok(Some(manifest))
    }

    /// Puts the manifest in its place at once: before, the old generation is the index, after, the new one.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let mut text =
            serde_json::to_string_pretty(self).map_err(|e| Error::index("no manifest could be made").because(e))?;
        text.push('\n');
        let path = dir.join(FILE);
        if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            return Ok(());
        }
        let fresh = dir.join(format!(".{FILE}.{}", std::process::id()));
        fs::write(&fresh, text).map_err(|e| Error::io("write", &fresh, e))?;
        fs::rename(&fresh, &path).map_err(|e| Error::io("write", &path, e))
    }

    /// Where the files are.
    pub fn folder(&self, dir: &Path) -> PathBuf {
        dir.join(&self.generation)
    }

    /// Whether every file is there and has its length: what opening an index can afford to look at.
    pub fn is_whole(&self, dir: &Path) -> bool {
        let folder = self.folder(dir);
        let length = |name: &str| fs::metadata(folder.join(name)).ok().map(|m| m.len());
        folder.join(SUMS).exists() && self.files.iter().all(|file| length(&file.name) == Some(file.bytes))
    }

    /// Whether what stands in a directory under the manifest's name is nothing, or a manifest of some version.
    pub fn may_replace(dir: &Path) -> bool {
        match fs::read(dir.join(FILE)) {
            Ok(bytes) => serde_json::from_slice::<serde_json::Value>(&bytes)
                .is_ok_and(|value| value.get("format").is_some() && value.get("generation").is_some()),
            Err(e) => e.kind() == std::io::ErrorKind::NotFound,
        }
    }

    /// Reads every file and compares it with its hash; names the first that differs.
    ///
    /// # Errors
    /// Where a file is missing or differs.
    pub fn verify(&self, dir: &Path) -> Result<()> {
        let folder = self.folder(dir);
        let damaged = |what: &str, name: &str| {
            Error::stale_index(format!("the index file {} is {what}", folder.join(name).display()))
        };
        let sums = fs::read(folder.join(SUMS)).map_err(|_| damaged("missing", SUMS))?;
        let sums: Vec<FileSum> = serde_json::from_slice(&sums).map_err(|_| damaged("damaged", SUMS))?;
        for file in self.files.iter().chain(&sums) {
            match sum(&folder, &file.name) {
                Ok(sum) if sum == *file => {}
                Ok(_) => return Err(damaged("damaged (its content is not what was written)", &file.name)),
                Err(_) => return Err(damaged("missing", &file.name)),
            }
        }
        Ok(())
    }
}

/// Measures a file.
pub(super) fn sum(folder: &Path, name: &str) -> Result<FileSum> {
    let path = folder.join(name);
    let measure = || -> std::io::Result<(u64, u64)> {
        let mut file = fs::File::open(&path)?;
        let (mut hash, mut bytes, mut buffer) = (Xxh3::new(), 0, vec![0; 1 << 18]);
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                return Ok((bytes, hash.digest()));
            }
            hash.update(&buffer[..read]);
            bytes += read as u64;
        }
    };
    let (bytes, hash) = measure().map_err(|e| Error::io("read", &path, e))?;
    Ok(FileSum { name: name.to_owned(), bytes, xxh3: format!("{hash:016x}") })
}
