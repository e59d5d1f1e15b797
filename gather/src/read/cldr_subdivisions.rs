//! CLDR's names of ISO 3166-2 subdivisions, the newest: English, and Scotland, Wales and England in all languages.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Tagged, cldr_core::iso_code};
use crate::package::Package;

pub const CODE: &str = "cldrsub";

/// The names by ISO 3166-2 code.
pub fn names(package: &Package) -> Result<BTreeMap<String, Vec<Tagged>>> {
    let mut names: BTreeMap<String, Vec<Tagged>> = BTreeMap::new();
    for (path, text) in package.between("subdivisions/", ".json") {
        let locale = path.split('/').next().unwrap_or(path);
        let document: Value =
            serde_json::from_slice(text).with_context(|| format!("the names in {locale} are not JSON"))?;
        let subdivisions = &document["subdivisions"]["localeDisplayNames"]["subdivisions"];
        for (code, text) in subdivisions.as_object().into_iter().flatten() {
            if let (Some(code), Some(text)) = (iso_code(code), text.as_str()) {
                let tagged = Tagged { locale: locale.to_string(), text: text.to_string() };
                names.entry(code).or_default().push(tagged);
            }
        }
    }
    Ok(names)
}
