//! Linked Places Format 1.x. Kinds of names, their users and sources are members of our own, which other readers ignore.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::geojson::{about, geometry, put};
use super::{Writer, refused};
use crate::error::Result;
use crate::index::places::{EntityRef, NameRef};

/// The JSON-LD context of the format; it defines the prefixes `gn:` and `wd:`.
const CONTEXT: &str =
    "https://raw.githubusercontent.com/LinkedPasts/linked-places-format/main/linkedplaces-context-v1.1.jsonld";

pub(super) struct Lpf<'w> {
    out: &'w mut (dyn Write + Send),
    before: &'static str,
}

impl<'w> Lpf<'w> {
    pub(super) fn new(out: &'w mut (dyn Write + Send)) -> Result<Lpf<'w>> {
        writeln!(out, "{{\"type\":\"FeatureCollection\",\"@context\":\"{CONTEXT}\",\"features\":[").map_err(refused)?;
        Ok(Lpf { out, before: "" })
    }
}

impl Writer for Lpf<'_> {
    fn entity(&mut self, entity: &EntityRef<'_>) -> Result<u64> {
        let feature = feature(entity, entity.label()).to_string();
        write!(self.out, "{}{feature}", self.before).map_err(refused)?;
        self.before = ",\n";
        Ok(0)
    }

    fn finish(&mut self) -> Result<()> {
        self.out.write_all(b"\n]}\n").and_then(|()| self.out.flush()).map_err(refused)
    }
}

/// A year in ISO 8601.
fn year(year: i16) -> String {
    if year < 0 { format!("-{:04}", -i32::from(year)) } else { format!("{year:04}") }
}

fn toponym(name: &NameRef<'_>) -> Value {
    let mut map = Map::new();
    put(&mut map, "toponym", name.text());
    if !name.source().is_empty() {
        put(&mut map, "citations", vec![json!({"label": name.source()})]);
    }
    about(name, &mut map);
    if name.since().is_some() || name.until().is_some() {
        let mut span = Map::new();
        name.since().map(|since| span.insert("start".to_owned(), json!({"in": year(since)})));
        name.until().map(|until| span.insert("end".to_owned(), json!({"in": year(until)})));
        map.insert("when".to_owned(), json!({"timespans": [span]}));
    }
    map.into()
}

/// A collection of one entity with a title of the caller's choice.
pub fn collection(entity: &EntityRef<'_>, title: &str) -> Value {
    json!({"type": "FeatureCollection", "@context": CONTEXT, "features": [feature(entity, title)]})
}

fn feature(entity: &EntityRef<'_>, title: &str) -> Value {
    let details = entity.details();
    let mut properties = Map::new();
    put(&mut properties, "title", title);
    put(&mut properties, "ccodes", entity.country().map(|country| vec![country.to_string()]));
    put(&mut properties, "fclasses", entity.feature().class().map(|class| vec![class.to_string()]));
    put(&mut properties, "population", entity.population());
    if entity.kind() != crate::entity::EntityType::Place {
        put(&mut properties, "type", entity.kind().as_str());
    }
    if entity.point().is_some_and(|point| point.derived) {
        put(&mut properties, "point", "derived");
    }
    let mut feature = Map::new();
    put(&mut feature, "@id", entity.id());
    put(&mut feature, "type", "Feature");
    feature.insert("properties".to_owned(), properties.into());
    put(&mut feature, "names", entity.names().map(|name| toponym(&name)).collect::<Vec<Value>>());
    let code = entity.feature();
    let code = code.as_str();
    put(
        &mut feature,
        "types",
        (!code.is_empty()).then(|| vec![json!({"identifier": format!("gn:{code}"), "label": code})]),
    );
    feature.insert("geometry".to_owned(), geometry(entity));
    let link = |kind: &'static str| move |id: &String| json!({"type": kind, "identifier": id});
    let exact = details.same_as.iter().map(link("exactMatch"));
    let close = details.close_match.iter().map(link("closeMatch"));
    put(&mut feature, "links", exact.chain(close).collect::<Vec<Value>>());
    let parent = entity.parent().map(
        |parent| json!({"relationType": "gvp:broaderPartitive", "relationTo": parent.id(), "label": parent.label()}),
    );
    let also = details.also_in.iter().map(|id| json!({"relationType": "gvp:broader", "relationTo": id}));
    put(&mut feature, "relations", parent.into_iter().chain(also).collect::<Vec<Value>>());
    feature.into()
}
