//! `allonym index export`.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::open;
use super::options::{Common, Format};
use super::output::AtomicFile;
use allonym::entity::Country;
use allonym::error::{Error, Result};
use allonym::export::{Choice, Layout, export};
use allonym::gazetteer::Gazetteer;
use allonym::render::words::thousands;

/// What is exported, and where to.
#[derive(Args)]
#[command(
    after_help = "With --format csv (the default), geojson, lpf, lp-tsv or parquet. CSV and GeoJSON hold everything and come
back with 'index build --only --add'. LPF does not hold claims; LP-TSV neither holds kinds of names,
users, inhabitants and claims, nor names that a machine made.

Examples:
  allonym index export --country AZ --format geojson -o az.geojson
  allonym --index mine index export --own > mine.csv"
)]
pub struct Export {
    /// Write to this file [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only what lies in these countries (ISO codes).
    #[arg(long, value_name = "CC,..", value_delimiter = ',')]
    country: Vec<String>,
    /// Only what lies in the place with this id.
    #[arg(long, value_name = "ID")]
    within: Option<String>,
    /// Only places, or places with names, that the bundled data does not have.
    #[arg(long)]
    own: bool,
}

impl Export {
    pub fn run(&self, common: &Common) -> Result<ExitCode> {
        let layout = match common.format {
            None | Some(Format::Csv) => Layout::Csv,
            Some(Format::Geojson) => Layout::GeoJson,
            Some(Format::Lpf) => Layout::Lpf,
            Some(Format::LpTsv) => Layout::LpTsv,
            Some(Format::Parquet) => Layout::Parquet,
            Some(_) => return Err(Error::usage("an export is written as csv, geojson, lpf, lp-tsv or parquet")),
        };
        let gazetteer = open::open(common)?;
        let bundled = if self.own { Some(Gazetteer::bundled()?) } else { None };
        let mut choice = Choice { beyond: bundled.as_ref(), ..Choice::default() };
        choice.countries = self.country.iter().map(|code| code.parse::<Country>()).collect::<Result<_>>()?;
        if let Some(id) = &self.within {
            let place = gazetteer.get(id).ok_or_else(|| Error::usage(format!("no place has the id '{id}'")))?;
            choice.within = vec![place.number()];
        }
        let written = match &self.output {
            Some(path) => {
                let mut file = AtomicFile::create(path)?;
                let written = export(&gazetteer, layout, &choice, &mut file).map_err(|e| e.in_file(path))?;
                file.finish()?;
                written
            }
            None if layout == Layout::Parquet && std::io::stdout().is_terminal() => {
                return Err(Error::usage("Parquet is nothing for a terminal; name a file with -o"));
            }
            None => {
                let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout());
                let written = export(&gazetteer, layout, &choice, &mut out)?;
                out.flush().map_err(super::render::refused)?;
                written
            }
        };
        if !common.quiet {
            let left = match written.left_out {
                0 => String::new(),
                count => format!("; {} names that the format cannot hold were left out", thousands(count)),
            };
            note!("{} entities with {} names{left}", thousands(written.entities), thousands(written.names));
        }
        Ok(ExitCode::SUCCESS)
    }
}
