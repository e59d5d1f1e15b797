//! Makes a world as large as wanted, builds its index, and measures what the index costs to use.

mod geonames;
mod measure;
mod names;
mod numbers;
mod world;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use allonym::index::build::Builder;
use allonym::{Error, Gazetteer, Result};
use clap::{Args, Parser};
use world::World;

#[derive(Parser)]
#[command(about = "A made-up world in the shape of GeoNames, and what allonym costs on it")]
enum Scale {
    /// Write the world as GeoNames writes its dumps.
    Write {
        #[command(flatten)]
        size: Size,
        /// The folder for allCountries.txt and alternateNamesV2.txt.
        folder: PathBuf,
    },
    /// Build the index of the world, without a file between.
    Build {
        #[command(flatten)]
        size: Size,
        /// The directory of the index.
        index: PathBuf,
    },
    /// Measure an index, the bundled one where none is named.
    Measure {
        /// The directory of the index.
        index: Option<PathBuf>,
    },
}

#[derive(Args)]
struct Size {
    /// How many places; there are 2.3 times as many names.
    #[arg(long, default_value_t = 1_000_000)]
    places: u64,
    /// Another number gives another world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Size {
    fn world(&self) -> World {
        World { seed: self.seed, places: self.places }
    }
}

fn main() -> ExitCode {
    match run(Scale::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("error: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(scale: Scale) -> Result<()> {
    match scale {
        Scale::Write { size, folder } => {
            geonames::write(&size.world(), &folder).map_err(|e| Error::io("write into", &folder, e))
        }
        Scale::Build { size, index } => build(&size.world(), &index),
        Scale::Measure { index: Some(index) } => measure::measure(|| Gazetteer::open(&index)),
        Scale::Measure { index: None } => measure::measure(Gazetteer::bundled),
    }
}

fn build(world: &World, index: &std::path::Path) -> Result<()> {
    let begin = Instant::now();
    let fingerprint = format!("made-up world, {} places, seed {}", world.places, world.seed);
    let mut read = 0.0;
    let fill = |builder: &mut Builder| {
        for number in 0..world.places {
            builder.add(&world.place(number))?;
        }
        read = begin.elapsed().as_secs_f64();
        Ok(())
    };
    allonym::index::store::build(&fingerprint, index, &|_| {}, fill)?;
    let took = begin.elapsed().as_secs_f64();
    let counts = Gazetteer::open(index)?.manifest().counts;
    println!(
        "{} places, {} names, {} keys\t{took:.1} s ({read:.1} s to make the places)\t{:.0} names a second",
        counts.entities,
        counts.names,
        counts.keys,
        counts.names as f64 / took
    );
    Ok(())
}
