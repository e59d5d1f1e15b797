//! `allonym index check OLD NEW`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::render::table::{new, right, text};
use super::{Common, Format, open, render};
use allonym::changes::{Change, Counts, changes};
use allonym::error::{Error, Result};
use allonym::gazetteer::Gazetteer;
use allonym::render::words::{isolate, thousands};

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

/// All changes as one JSON document.
#[derive(Serialize)]
struct Document<'c> {
    counts: Counts,
    changes: &'c [Change],
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
            render::write(&table(&counts, &kept))?;
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
            use std::io::Write;
            let mut out = std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
            changes(&old, &new, |change| {
                serde_json::to_writer(&mut out, &change).map_err(std::io::Error::from).map_err(render::refused)?;
                writeln!(out).map_err(render::refused)
            })?;
            out.flush().map_err(render::refused)?;
        }
        _ => return Err(Error::usage("changes are written as table, json or jsonl")),
    }
    Ok(ExitCode::SUCCESS)
}

fn table(counts: &Counts, kept: &[Change]) -> String {
    let mut all = new(["what changed", "count"]);
    for (what, count) in counts.rows() {
        all.add_row([what.into(), right(thousands(count))]);
    }
    let mut answer = text(&all);
    for (what, count) in counts.rows() {
        let shown: Vec<&Change> = kept.iter().filter(|change| change.what() == what).collect();
        if shown.is_empty() {
            continue;
        }
        let left = count - shown.len() as u64;
        let more = if left > 0 { format!(", {} more not shown", thousands(left)) } else { String::new() };
        answer.push_str(&format!("\n{what}{more}\n"));
        for change in shown {
            answer.push_str(&format!("  {}\n", sentence(change)));
        }
    }
    answer
}

fn sentence(change: &Change) -> String {
    match change {
        Change::PlaceAdded { id, label } | Change::PlaceRemoved { id, label } => format!("{id} {}", isolate(label)),
        Change::NameAdded { id, name, lang } | Change::NameRemoved { id, name, lang } => {
            format!("{id} {} {lang}", isolate(name)).trim_end().to_owned()
        }
        Change::Renamed { id, from, to } => format!("{id} {} → {}", isolate(from), isolate(to)),
        Change::Moved { id, label, km } => format!("{id} {} by {km:.1} km", isolate(label)),
        Change::Ambiguous { name, ids } => format!("{}: {}", isolate(name), ids.join(", ")),
    }
}
