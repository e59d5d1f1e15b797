//! rigour: territories with their Wikidata items and spellings, and the name parts of persons.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::package::Package;

pub const CODE: &str = "rig";

#[derive(Deserialize)]
pub struct Territory {
    /// ISO 3166-1 or -2 in lower case, or a code of the project's own.
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub full_name: String,
    #[serde(default)]
    pub qid: String,
    #[serde(default)]
    pub is_historical: bool,
    #[serde(default)]
    pub names_strong: Vec<String>,
    #[serde(default)]
    pub names_weak: Vec<String>,
}

pub fn territories(package: &Package) -> Result<Vec<Territory>> {
    let text = package.text("rigour/data/territories/data.jsonl")?;
    let mut territories: Vec<Territory> = text
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).with_context(|| format!("data.jsonl: {line:.80}")))
        .collect::<Result<_>>()?;
    territories.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(territories)
}

/// The spellings of name parts, one group of equal names after another.
pub fn person_names(package: &Package) -> Result<Vec<Vec<&str>>> {
    let text = package.text("rigour/data/names/persons.txt")?;
    Ok(text.lines().filter_map(|line| Some(line.split_once(" => ")?.0.split(", ").collect())).collect())
}
