//! `allonym index`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Subcommand;

use super::open::{self, BuildBar};
use super::{Common, Format, render};
use crate::error::{Error, Result};
use crate::gazetteer;
use crate::index::manifest::Manifest;
use crate::source;

/// Build, check or describe the index.
#[derive(Subcommand)]
#[command(after_help = "Examples:
  allonym index build
  allonym index build --output my-index
  allonym --index my-index lookup Lachin
  allonym index check
  allonym index info")]
pub enum Index {
    /// Build the index of the bundled data, unless it is there.
    Build {
        /// Into this directory [default: where the bundled index belongs].
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// Read every file of the index through and compare it with what was written.
    Check,
    /// Say what the index holds and what it was made from.
    Info,
}

impl Index {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        match self {
            Index::Build { output } => build(common, output.or_else(|| common.index.clone())),
            Index::Check => check(common),
            Index::Info => info(common),
        }
    }
}

fn build(common: &Common, output: Option<PathBuf>) -> Result<ExitCode> {
    let begin = Instant::now();
    let dir = match output {
        Some(dir) => {
            let bar = BuildBar::new(common.quiet);
            gazetteer::build(&source::bundled(), &dir, &|progress| bar.show(progress))?;
            dir
        }
        None => {
            drop(open::open(common)?);
            bundled_dir()?
        }
    };
    if !common.quiet {
        eprintln!("The index is in {} ({:.1} s).", dir.display(), begin.elapsed().as_secs_f64());
    }
    Ok(ExitCode::SUCCESS)
}

fn check(common: &Common) -> Result<ExitCode> {
    let (dir, manifest) = manifest(common)?;
    manifest.verify(&dir)?;
    if !common.quiet {
        eprintln!("The index in {} is whole.", dir.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn info(common: &Common) -> Result<ExitCode> {
    let (dir, manifest) = manifest(common)?;
    if common.format() != Format::Table {
        render::json::document(&manifest)?;
        return Ok(ExitCode::SUCCESS);
    }
    let bytes: u64 = manifest.files.iter().map(|f| f.bytes).sum();
    let text = format!(
        "directory   {}\nformat      {}\ngeneration  {}\nentities    {}\nnames       {}\nkeys        {}\nfiles       {:.1} MB and the search index\n",
        dir.display(),
        manifest.format,
        manifest.generation,
        manifest.counts.entities,
        manifest.counts.names,
        manifest.counts.keys,
        bytes as f64 / 1e6
    );
    render::write(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn manifest(common: &Common) -> Result<(PathBuf, Manifest)> {
    let dir = match &common.index {
        Some(dir) => dir.clone(),
        None => {
            drop(open::open(common)?);
            bundled_dir()?
        }
    };
    match Manifest::read(&dir)? {
        Some(manifest) => Ok((dir, manifest)),
        None => Err(Error::index(format!(
            "there is no index in {0}; 'allonym index build --output {0}' makes one",
            dir.display()
        ))),
    }
}

/// The directory in which the bundled index was found or built.
fn bundled_dir() -> Result<PathBuf> {
    let whole = |dir: &PathBuf| Manifest::read(dir).ok().flatten().is_some_and(|m| m.is_whole(dir));
    gazetteer::bundled_dirs()
        .into_iter()
        .find(whole)
        .ok_or_else(|| Error::index("there is no bundled index; 'allonym index build' makes it"))
}
