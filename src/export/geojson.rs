//! GeoJSON (RFC 7946): one feature for each entity, one on each line, with a null geometry if there is no point.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::{Writer, refused};
use crate::error::Result;
use crate::index::places::{EntityRef, NameRef};

pub struct GeoJson<'w> {
    out: &'w mut (dyn Write + Send),
    /// The separator before the next feature.
    before: &'static str,
}

impl<'w> GeoJson<'w> {
    pub fn new(out: &'w mut (dyn Write + Send)) -> Result<GeoJson<'w>> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[\n").map_err(refused)?;
        Ok(GeoJson { out, before: "" })
    }
}

impl Writer for GeoJson<'_> {
    fn entity(&mut self, entity: &EntityRef<'_>) -> Result<u64> {
        let feature = feature(entity).to_string();
        write!(self.out, "{}{feature}", self.before).map_err(refused)?;
        self.before = ",\n";
        Ok(0)
    }

    fn finish(&mut self) -> Result<()> {
        self.out.write_all(b"\n]}\n").and_then(|()| self.out.flush()).map_err(refused)
    }
}

/// The point of an entity as a geometry.
pub fn geometry(entity: &EntityRef<'_>) -> Value {
    match entity.point() {
        Some(point) => json!({"type": "Point", "coordinates": [point.lon, point.lat]}),
        None => Value::Null,
    }
}

/// Adds a member unless it is empty, false or zero.
pub fn put(map: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    let value = value.into();
    let empty = match &value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Number(number) => number.as_u64() == Some(0),
        _ => false,
    };
    if !empty {
        map.insert(key.to_owned(), value);
    }
}

/// Adds everything about a name but its spelling and years.
pub fn about(name: &NameRef<'_>, map: &mut Map<String, Value>) {
    put(map, "lang", name.lang());
    put(map, "kind", name.kind().as_str());
    put(map, "by", name.by());
    put(map, "source", name.source());
    put(map, "machine", name.is_machine());
    put(map, "weak", name.is_weak());
}

fn feature(entity: &EntityRef<'_>) -> Value {
    let details = entity.details();
    let mut properties = Map::new();
    put(&mut properties, "name", entity.label());
    put(&mut properties, "type", entity.kind().as_str());
    put(&mut properties, "feature", entity.feature().as_str());
    put(&mut properties, "country", entity.country().map(|country| country.to_string()));
    put(&mut properties, "parent", entity.parent().map(|parent| parent.id()));
    put(&mut properties, "also_in", details.also_in);
    put(&mut properties, "population", entity.population());
    put(&mut properties, "same_as", details.same_as);
    put(&mut properties, "close_match", details.close_match);
    put(&mut properties, "claims", serde_json::to_value(details.claims).unwrap_or_default());
    if entity.point().is_some_and(|point| point.derived) {
        put(&mut properties, "point", "derived");
    }
    let names: Vec<Value> = entity
        .names()
        .map(|name| {
            let mut map = Map::new();
            put(&mut map, "name", name.text());
            about(&name, &mut map);
            name.since().map(|year| map.insert("since".to_owned(), year.into()));
            name.until().map(|year| map.insert("until".to_owned(), year.into()));
            map.into()
        })
        .collect();
    put(&mut properties, "names", names);
    json!({"type": "Feature", "id": entity.id(), "properties": properties, "geometry": geometry(entity)})
}
