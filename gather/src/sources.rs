//! `data/sources.toml`: which packages the world data comes from.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// The client that downloads a package.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Registry {
    Pypi,
    Npm,
    Debian,
    Crates,
}

/// One pinned package.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the `source` column of the written tables says.
    pub code: String,
    pub title: String,
    pub registry: Registry,
    pub package: String,
    pub version: String,
    /// The Debian suite that carries this version; other registries have none.
    pub suite: Option<String>,
    /// The file name the client gives the package.
    pub file: String,
    pub sha256: String,
    /// The files read: a path, a folder (ends in `/`), or a path with one `*` for one step.
    pub data: Vec<String>,
    pub licence: String,
    pub attribution: String,
}

#[derive(Deserialize)]
struct Document {
    source: Vec<Source>,
}

/// Reads and checks the pin list.
pub fn load(path: &Path) -> Result<Vec<Source>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; run gather from the repository's root", path.display()))?;
    let document: Document =
        toml::from_str(&text).with_context(|| format!("{} is not a list of sources", path.display()))?;
    let mut codes = BTreeSet::new();
    for source in &document.source {
        ensure!(codes.insert(&source.code), "{}: the code {} stands twice", path.display(), source.code);
        ensure!(
            source.sha256.len() == 64 && source.sha256.bytes().all(|b| b.is_ascii_hexdigit()),
            "{}: {} has no full SHA-256",
            path.display(),
            source.code
        );
        ensure!(
            (source.registry == Registry::Debian) == source.suite.is_some(),
            "{}: {} needs a suite if it comes from Debian, and none otherwise",
            path.display(),
            source.code
        );
    }
    Ok(document.source)
}

impl Source {
    /// Whether `path` is one of the files this source is read for.
    pub fn wants(&self, path: &str) -> bool {
        self.data.iter().any(|pattern| matches(pattern, path))
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, after)) => {
            path.strip_prefix(before).is_some_and(|rest| after.is_empty() || rest.ends_with(after))
        }
        None if pattern.ends_with('/') => path.starts_with(pattern),
        None => path == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_file_a_folder_or_has_a_star() {
        assert!(matches("a/b.txt", "a/b.txt"));
        assert!(!matches("a/b.txt", "a/b.txt.gz"));
        assert!(matches("a/", "a/b/c"));
        assert!(matches("main/*/territories.json", "main/az/territories.json"));
        assert!(!matches("main/*/territories.json", "main/az/languages.json"));
        assert!(matches("subdivisions/*", "subdivisions/en/en.json"));
    }
}
