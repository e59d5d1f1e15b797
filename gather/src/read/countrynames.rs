//! countrynames: spellings of country names as they occur in data, many of them odd.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::package::Package;

pub const CODE: &str = "cn";

/// The spellings by ISO 3166-1 alpha-2 or a code of the project's own (`GE-AB`).
pub fn names(package: &Package) -> Result<BTreeMap<String, Vec<String>>> {
    let text = package.text("countrynames/data.yaml")?;
    let names: BTreeMap<String, Option<Vec<String>>> =
        serde_saphyr::from_str(text).context("data.yaml is no map from codes to lists of names")?;
    Ok(names.into_iter().map(|(code, names)| (code, names.unwrap_or_default())).collect())
}
