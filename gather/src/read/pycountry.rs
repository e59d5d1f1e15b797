//! pycountry: ISO 3166-2 as it stands today. It checks what the other sources say; none of its names is written.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::package::Package;

pub const CODE: &str = "iso";

#[derive(Debug, Default, Deserialize)]
pub struct Subdivision {
    code: String,
    pub name: String,
    /// `Province`, `City`, … in English.
    #[serde(rename = "type")]
    pub kind: String,
    /// The code of the subdivision that contains it.
    pub parent: Option<String>,
}

/// The subdivisions by code.
pub fn subdivisions(package: &Package) -> Result<BTreeMap<String, Subdivision>> {
    #[derive(Deserialize)]
    struct Document {
        #[serde(rename = "3166-2")]
        subdivisions: Vec<Subdivision>,
    }
    let text = package.bytes("pycountry/databases/iso3166-2.json")?;
    let document: Document = serde_json::from_slice(text).context("iso3166-2.json has another shape")?;
    Ok(document.subdivisions.into_iter().map(|entry| (entry.code.clone(), entry)).collect())
}
