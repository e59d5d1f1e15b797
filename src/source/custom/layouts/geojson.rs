//! GeoJSON of any kind: properties are read like the columns of a table, `name:xx` as names in a language.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::features::{self, Geometry};
use crate::entity::Name;
use crate::error::Result;
use crate::source::custom::document::Document;
use crate::source::custom::fields::{self, FIELDS};
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;

/// Usual names of properties for fields that are not mapped.
const USUAL: [(&str, &[&str]); 8] = [
    ("id", &["id", "@id", "ID", "Id", "code", "fid", "osm_id"]),
    ("name", &["name", "NAME", "Name", "title", "label", "name:en", "NAME_EN", "name_en"]),
    ("country", &["country", "country_code", "ISO_A2", "iso_a2"]),
    ("population", &["population", "POP_MAX", "pop_max"]),
    ("variants", &["variants", "alt_name", "alternatenames"]),
    ("lat", &["lat", "latitude"]),
    ("lon", &["lon", "lng", "longitude"]),
    ("same_as", &["same_as"]),
];

#[derive(Deserialize)]
struct Feature {
    id: Option<Value>,
    #[serde(default)]
    properties: Option<Map<String, Value>>,
    geometry: Option<Geometry>,
}

/// Reads features.
///
/// # Errors
/// Returns an error if the file cannot be read or is not JSON.
pub(in crate::source::custom) fn read(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    features::each(document, importer, |importer, text| fragment(importer, &features::parse(text)?).map(Some))
}

fn fragment(importer: &mut Importer<'_>, feature: &Feature) -> Result<Fragment> {
    let none = Map::new();
    let properties = feature.properties.as_ref().unwrap_or(&none);
    let prefix = importer.prefix.clone();
    let columns = importer.columns;
    let mut fragment = fields::fragment(&prefix, |field| {
        let cell = match columns.iter().find(|(known, _)| known == field) {
            Some((_, name)) => properties.get(name).map(as_text).unwrap_or_default(),
            None => usual_property(feature, properties, field),
        };
        // A country that is not a code may be a name: leave it out.
        if field == "country" && cell.len() != 2 { Cow::default() } else { cell.into() }
    })?;
    let entity = &mut fragment.entity;
    if let (None, Some(geometry)) = (entity.point, &feature.geometry) {
        entity.point = geometry.point()?;
    }
    if let Some(Value::Array(names)) = properties.get("names") {
        let first = entity.names.remove(0);
        for name in names {
            entity.names.push(exported_name(name, &first.source)?);
        }
        if entity.names.iter().all(|name| name.text != first.text) {
            entity.names.insert(0, first);
        }
    }
    for (key, value) in properties {
        let Some(lang) = key.strip_prefix("name:") else { continue };
        let (Value::String(text), lang) = (value, importer.language(lang)) else { continue };
        let name = Name { lang, ..importer.name(text) };
        match entity.names.first_mut() {
            Some(first) if first.text == name.text && first.lang.is_empty() => *first = name,
            _ => entity.names.push(name),
        }
    }
    Ok(fragment)
}

/// The value of a field that is not mapped, from the property that usually holds it.
fn usual_property(feature: &Feature, properties: &Map<String, Value>, field: &str) -> String {
    if let (Some(id), "id") = (feature.id.as_ref().filter(|id| !id.is_null()), field) {
        return as_text(id);
    }
    let usual = USUAL.iter().find(|(known, _)| *known == field).map_or(&[][..], |(_, names)| names);
    let same = FIELDS.iter().find(|known| **known == field);
    let mut names = same.into_iter().chain(usual);
    names.find_map(|name| properties.get(*name).filter(|v| !v.is_null())).map(as_text).unwrap_or_default()
}

/// A name in the list that the export to GeoJSON writes.
fn exported_name(value: &Value, source: &str) -> Result<Name> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let year = |key: &str| value.get(key).and_then(Value::as_i64).and_then(|year| i16::try_from(year).ok());
    let flag = |key: &str| value.get(key).and_then(Value::as_bool).unwrap_or_default();
    Ok(Name {
        text: text("name").to_owned(),
        lang: text("lang").to_owned(),
        kind: if text("kind").is_empty() { Default::default() } else { text("kind").parse()? },
        since: year("since"),
        until: year("until"),
        by: text("by").to_owned(),
        source: if text("source").is_empty() { source.to_owned() } else { text("source").to_owned() },
        machine: flag("machine"),
        weak: flag("weak"),
    })
}

/// A value as the text of a cell.
fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";")
        }
        other => other.to_string(),
    }
}
