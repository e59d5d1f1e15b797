//! Options that several verbs share, and the values that they take.

use std::io::{IsTerminal, stdout};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use allonym::entity::EntityType;
use allonym::error::{Error, Result};
use allonym::gazetteer::Gazetteer;
use allonym::label::Label;

/// Options of every verb.
#[derive(Args)]
pub struct Common {
    /// How to write the answer [default: a table on a terminal, JSON lines otherwise].
    #[arg(long, global = true, value_enum)]
    pub format: Option<Format>,
    /// Use the index in this directory.
    #[arg(long, global = true, value_name = "DIR", env = "ALLONYM_INDEX", hide_env_values = true)]
    pub index: Option<PathBuf>,
    /// Number of threads [default: one per core].
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Which name stands for a place: source (the main name of the data), lang:az, official:AZ, as-written, or all.
    #[arg(long, global = true, value_name = "POLICY", default_value = "source", hide_default_value = true)]
    pub label: String,
    /// Print only the answer.
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// A format of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// Comma-separated, with a header.
    Csv,
    /// A self-contained page: charts (usage), the marked text and a map (tag, resolve).
    Html,
    /// Features for a GIS (tag, resolve, index export).
    Geojson,
    /// Linked Places Format (index export).
    Lpf,
    /// The table form of Linked Places (index export).
    LpTsv,
    /// Apache Parquet (index export).
    Parquet,
}

/// A type of entity, in the order of [`EntityType::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TypeArg {
    Place,
    Organization,
    Person,
}

impl TypeArg {
    /// The types of entity that were given.
    pub fn all(types: &[TypeArg]) -> Vec<EntityType> {
        types.iter().map(|t| EntityType::ALL[*t as usize]).collect()
    }
}

impl Common {
    /// The format to write: by default a table on a terminal, JSON lines otherwise.
    pub fn format(&self) -> Format {
        self.format.unwrap_or(if stdout().is_terminal() { Format::Table } else { Format::Jsonl })
    }

    /// The label policy.
    ///
    /// # Errors
    /// Returns a usage error if the policy, its language or its country is unknown.
    pub fn label(&self, gazetteer: &Gazetteer) -> Result<Label> {
        allonym::filter::label(gazetteer, &self.label)
    }
}

/// The error for a format that a verb does not write.
pub fn wrong_format() -> Error {
    Error::usage(
        "only usage, tag and resolve write html, only tag, resolve and index export geojson, and only index export lpf, lp-tsv and parquet; --format takes table, json, jsonl or csv here",
    )
}

/// Parses a score or a share: a number from 0 to 1.
///
/// # Errors
/// Returns what was expected, to be shown behind the value.
pub fn unit_interval(text: &str) -> std::result::Result<f64, String> {
    match text.parse() {
        // Not a number is in no range.
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("expected a number from 0 to 1".to_owned()),
    }
}
