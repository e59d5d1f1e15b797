//! `allonym index check OLD NEW`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::options::{Common, Format};
use super::render::changes::Document;
use super::{open, render};
use allonym::changes::{Change, Counts, changes};
use allonym::error::{Error, Result};
use allonym::gazetteer::Gazetteer;

/// Which indexes are compared; none is the check of one.
#[derive(Args)]
pub struct Check {
    /// The directory of the index before.
    old: Option<PathBuf>,
    /// The directory of the index after [default: the index in use].
    #[arg(requires = "old")]
    new: Option<PathBuf>,
    /// Number of changes of each kind shown on the terminal.
    #[arg(long, value_name = "N", default_value_t = 10, requires = "old")]
    limit: usize,
}

impl Check {
    /// The two directories, where there are two.
    pub fn pair(&self, common: &Common) -> Result<Option<(PathBuf, PathBuf, usize)>> {
        let Some(old) = self.old.clone() else { return Ok(None) };
        let new = match &self.new {
            Some(new) => new.clone(),
            None => open::directory(common)?,
        };
        Ok(Some((old, new, self.limit)))
    }
}

/// Says what changed between two indexes.
pub fn run(common: &Common, old: &Path, new: &Path, limit: usize) -> Result<ExitCode> {
    let (old, new) = (Gazetteer::open(old)?, Gazetteer::open(new)?);
    let mut counts = Counts::default();
    match common.format() {
        Format::Table => {
            let mut kept: Vec<Change> = Vec::new();
            changes(&old, &new, |change| {
                if counts.add(&change) <= limit as u64 {
                    kept.push(change);
                }
                Ok(())
            })?;
            render::write(&render::changes::table(&counts, &kept))?;
        }
        Format::Json => {
            let mut all = Vec::new();
            changes(&old, &new, |change| {
                counts.add(&change);
                all.push(change);
                Ok(())
            })?;
            render::json::document(&Document { counts, changes: &all })?;
        }
        Format::Jsonl => {
            let mut out = render::json::Lines::new();
            changes(&old, &new, |change| out.write(&change))?;
            out.finish()?;
        }
        _ => return Err(Error::usage("changes are written as table, json or jsonl")),
    }
    Ok(ExitCode::SUCCESS)
}
