//! CLDR's names of countries, territories and regions by language.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::package::Package;

pub const CODE: &str = "cldr";

/// What CLDR says of one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alt {
    Main,
    Short,
    Variant,
}

pub struct Territory {
    pub locale: String,
    pub text: String,
    pub alt: Alt,
}

/// The names by ISO 3166-1 alpha-2 or UN M49 code.
///
/// Locales that inherit a name repeat it, and those without one repeat the code; the latter are left out here.
pub fn names(package: &Package) -> Result<BTreeMap<String, Vec<Territory>>> {
    let mut names: BTreeMap<String, Vec<Territory>> = BTreeMap::new();
    for (locale, text) in package.between("main/", "/territories.json") {
        let document: Value =
            serde_json::from_slice(text).with_context(|| format!("the names in {locale} are not JSON"))?;
        let territories = document["main"][locale]["localeDisplayNames"]["territories"]
            .as_object()
            .with_context(|| format!("the names in {locale} have another shape"))?;
        for (key, text) in territories {
            let (code, alt) = match key.split_once("-alt-") {
                None => (key.as_str(), Alt::Main),
                Some((code, "short")) => (code, Alt::Short),
                Some((code, _)) => (code, Alt::Variant),
            };
            let text = text.as_str().unwrap_or_default();
            if text != code && !text.is_empty() {
                let territory = Territory { locale: locale.to_string(), text: text.to_string(), alt };
                names.entry(code.to_string()).or_default().push(territory);
            }
        }
    }
    Ok(names)
}
