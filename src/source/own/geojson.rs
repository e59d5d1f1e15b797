//! GeoJSON of any kind: properties are the columns of a table, `name:xx` are names in a language.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Sink;
use super::features::{self, Geometry};
use super::fields::{FIELDS, piece};
use super::files::Document;
use super::piece::Piece;
use crate::entity::Name;
use crate::error::{Error, Result};

/// Where an id or a name is looked for that no `--map` names.
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

/// Reads features; `--map` names properties as it names columns.
///
/// # Errors
/// Where the file cannot be read on.
pub fn read(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    features::each(document, sink, |sink, text| {
        let feature: Feature =
            serde_json::from_str(text).map_err(|e| Error::data(format!("the record is no feature ({e})")))?;
        entity(sink, &feature).map(Some)
    })
}

fn entity(sink: &mut Sink<'_>, feature: &Feature) -> Result<Piece> {
    let none = Map::new();
    let properties = feature.properties.as_ref().unwrap_or(&none);
    let prefix = sink.prefix.clone();
    let mapped = sink.columns;
    let cell = |field: &str| -> Cow<'static, str> {
        if let Some((_, name)) = mapped.iter().find(|(known, _)| known == field) {
            return properties.get(name).map(as_text).unwrap_or_default().into();
        }
        let usual = USUAL.iter().find(|(known, _)| *known == field).map_or(&[][..], |(_, names)| names);
        let own = FIELDS.iter().find(|known| **known == field);
        let found = own.into_iter().chain(usual).find_map(|name| properties.get(*name).filter(|v| !v.is_null()));
        match (found, field, &feature.id) {
            (_, "id", Some(id)) if !id.is_null() => as_text(id).into(),
            (Some(found), ..) => as_text(found).into(),
            _ => "".into(),
        }
    };
    let mut piece = piece(&prefix, |field| match field {
        // What cannot be a code of a country is left for what it is: a name.
        "country" => Some(cell(field)).filter(|code| code.len() == 2).unwrap_or_default(),
        _ => cell(field),
    })?;
    if let (None, Some(geometry)) = (piece.entity.point, &feature.geometry) {
        piece.entity.point = geometry.point()?;
    }
    if let Some(Value::Array(names)) = properties.get("names") {
        let first = piece.entity.names.remove(0);
        for name in names {
            piece.entity.names.push(listed(name, &first.source)?);
        }
        if piece.entity.names.iter().all(|name| name.text != first.text) {
            piece.entity.names.insert(0, first);
        }
    }
    for (key, value) in properties {
        let Some(lang) = key.strip_prefix("name:") else { continue };
        let (Value::String(text), lang) = (value, sink.language(lang)) else { continue };
        let name = Name { lang, ..sink.name(text) };
        match piece.entity.names.first_mut() {
            Some(first) if first.text == name.text && first.lang.is_empty() => *first = name,
            _ => piece.entity.names.push(name),
        }
    }
    Ok(piece)
}

/// A name of the list that `allonym index export --format geojson` writes.
fn listed(value: &Value, source: &str) -> Result<Name> {
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

/// A value as a cell of a table has it.
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
