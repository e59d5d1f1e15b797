//! airportsdata: airports with their IATA and ICAO codes, cities and positions.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::package::Package;

pub const CODE: &str = "airports";

#[derive(Deserialize)]
pub struct Airport {
    pub icao: String,
    pub iata: String,
    pub name: String,
    /// The city it serves; empty where the source has none.
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    pub lat: f64,
    pub lon: f64,
}

/// The airports that have both an IATA code and a location indicator of ICAO, in the order of the latter.
///
/// The source does not say which airports have scheduled flights. Airlines and their passengers use IATA codes, so
/// having one is the nearest sign of it. Indicators with digits are the source's own.
pub fn airports(package: &Package) -> Result<Vec<Airport>> {
    let mut table = csv::Reader::from_reader(package.bytes("airportsdata/airports.csv")?);
    let rows: Vec<Airport> = table.deserialize().collect::<Result<_, _>>().context("airports.csv has another shape")?;
    let is_code = |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_uppercase());
    let mut airports: Vec<Airport> =
        rows.into_iter().filter(|row| is_code(&row.icao, 4) && is_code(&row.iata, 3)).collect();
    airports.sort_by(|a, b| a.icao.cmp(&b.icao));
    Ok(airports)
}
