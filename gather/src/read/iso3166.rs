//! pycountry: the present ISO 3166-2 codes and their names. They only say which place a code of another source means;
//! none of these names is written.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::package::Package;

pub const CODE: &str = "pyc";

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "3166-2")]
    subdivisions: Vec<Subdivision>,
}

#[derive(Deserialize)]
struct Subdivision {
    code: String,
    name: String,
}

/// The names by code. One cell may hold several: "Illes Balears [Islas Baleares]", "Jylland; Jutland".
pub fn names(package: &Package) -> Result<BTreeMap<String, Vec<String>>> {
    let text = package.bytes("pycountry/databases/iso3166-2.json")?;
    let document: Document = serde_json::from_slice(text).context("iso3166-2.json has another shape")?;
    Ok(document.subdivisions.into_iter().map(|item| (item.code, spellings(&item.name))).collect())
}

fn spellings(name: &str) -> Vec<String> {
    let parts = name.split(['[', ']', ';', '(', ')', '/']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_may_hold_two_names() {
        assert_eq!(super::spellings("Illes Balears [Islas Baleares]"), ["Illes Balears", "Islas Baleares"]);
        assert_eq!(super::spellings("Tokyo"), ["Tokyo"]);
    }
}
