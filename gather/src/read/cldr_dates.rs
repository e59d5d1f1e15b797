//! CLDR's names of the towns that stand for time zones, by language.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Tagged;
use crate::package::Package;

pub const CODE: &str = "cldrtz";

/// The names by zone (`Europe/Kiev`), in the order of locales.
pub fn zones(package: &Package) -> Result<BTreeMap<String, Vec<Tagged>>> {
    let mut zones = BTreeMap::new();
    for (locale, text) in package.between("main/", "/timeZoneNames.json") {
        let document: Value =
            serde_json::from_slice(text).with_context(|| format!("the zones in {locale} are not JSON"))?;
        collect(&document["main"][locale]["dates"]["timeZoneNames"]["zone"], "", locale, &mut zones);
    }
    Ok(zones)
}

/// Zones nest by the parts of their names; a part with an exemplar city ends one.
fn collect(node: &Value, path: &str, locale: &str, zones: &mut BTreeMap<String, Vec<Tagged>>) {
    if let Some(city) = node["exemplarCity"].as_str() {
        let tagged = Tagged { locale: locale.to_string(), text: city.to_string() };
        zones.entry(path.to_string()).or_default().push(tagged);
        return;
    }
    for (part, child) in node.as_object().into_iter().flatten() {
        let path = if path.is_empty() { part.clone() } else { format!("{path}/{part}") };
        collect(child, &path, locale, zones);
    }
}
