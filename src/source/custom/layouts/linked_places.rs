//! Linked Places Format 1.x: JSON-LD based on GeoJSON, one feature for each place.

use serde::{Deserialize, Deserializer};

use super::features::{self, Geometry};
use super::timespan::{When, span};
use super::uri::{is_usual, linked_id, record_id};
use crate::entity::{Country, Entity, EntityType, Feature, Name, NameKind, Point};
use crate::error::{Error, Result};
use crate::source::custom::document::Document;
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "@id")]
    id: Option<String>,
    #[serde(default)]
    properties: Properties,
    when: Option<When>,
    #[serde(default, deserialize_with = "or_default")]
    names: Vec<Toponym>,
    #[serde(default, deserialize_with = "or_default")]
    types: Vec<Type>,
    geometry: Option<Geometry>,
    #[serde(default, deserialize_with = "or_default")]
    links: Vec<Link>,
    #[serde(default, deserialize_with = "or_default")]
    relations: Vec<Relation>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    title: String,
    #[serde(deserialize_with = "or_default")]
    ccodes: Vec<String>,
    /// What early versions of the format have instead of `ccodes`.
    ccode: Option<String>,
    #[serde(deserialize_with = "or_default")]
    fclasses: Vec<String>,
    population: Option<u32>,
    /// Our extension: the type of an entity that is not a place.
    #[serde(rename = "type")]
    kind: Option<EntityType>,
    /// Our extension: `derived` for a point that was computed.
    point: Option<String>,
}

#[derive(Deserialize)]
struct Toponym {
    toponym: String,
    #[serde(default, deserialize_with = "or_default")]
    lang: String,
    when: Option<When>,
    /// Our extensions: the kind of name, who uses it, whether a machine made it, whether it is weak, its source.
    #[serde(default)]
    kind: NameKind,
    #[serde(default)]
    by: String,
    #[serde(default)]
    machine: bool,
    #[serde(default)]
    weak: bool,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Type {
    #[serde(default)]
    identifier: String,
}

#[derive(Deserialize)]
struct Link {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default, alias = "uri")]
    identifier: String,
}

#[derive(Deserialize)]
struct Relation {
    #[serde(rename = "relationType", default)]
    kind: String,
    #[serde(rename = "relationTo", default)]
    to: String,
}

/// Reads a member that may be `null`.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads features. The link `exactMatch` says that two records are the same, `closeMatch` only that they are similar; the
/// relation `gvp:broaderPartitive` gives the container.
///
/// # Errors
/// Returns an error if the file cannot be read or is not JSON.
pub(in crate::source::custom) fn read(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    features::each(document, importer, |importer, text| fragment(importer, features::parse(text)?).map(Some))
}

fn fragment(importer: &mut Importer<'_>, record: Record) -> Result<Fragment> {
    let Some(uri) = record.id.as_deref().map(str::trim).filter(|id| !id.is_empty()) else {
        return Err(Error::data("the record has no @id"));
    };
    let mut entity = facts(&record, record_id(uri, &importer.prefix))?;
    if entity.id != uri && uri.contains("//") && !is_usual(uri, &entity.id) {
        entity.details.same_as.push(uri.to_owned());
    }
    add_links(importer, &mut entity, &record, uri);
    add_relations(importer, &mut entity, &record, uri);
    add_names(importer, &mut entity, record);
    Ok(Fragment { entity, complete: true, ..Fragment::default() })
}

/// An entity with its type, feature, country, point and population.
fn facts(record: &Record, id: String) -> Result<Entity> {
    let properties = &record.properties;
    let code = properties.ccodes.first().or(properties.ccode.as_ref()).map(|code| code.trim());
    let country = code.filter(|code| !code.is_empty()).map(str::parse::<Country>).transpose()?;
    let exact = record.types.iter().find_map(|kind| kind.identifier.strip_prefix("gn:")?.parse::<Feature>().ok());
    let feature = match (exact, properties.fclasses.first()) {
        (Some(feature), _) => feature,
        (None, Some(class)) => class.trim().parse()?,
        (None, None) => Feature::default(),
    };
    let point = record.geometry.as_ref().map(Geometry::point).transpose()?.flatten();
    let derived = properties.point.as_deref() == Some("derived");
    Ok(Entity {
        id,
        kind: properties.kind.unwrap_or_default(),
        feature,
        country,
        point: point.map(|point| Point { derived: point.derived || derived, ..point }),
        population: properties.population.unwrap_or(0),
        ..Entity::default()
    })
}

fn add_links(importer: &mut Importer<'_>, entity: &mut Entity, record: &Record, uri: &str) {
    for link in record.links.iter().filter(|link| !link.identifier.trim().is_empty()) {
        let id = || linked_id(&link.identifier, uri, &importer.prefix);
        match link.kind.rsplit(':').next().unwrap_or_default() {
            "exactMatch" | "sameAs" => entity.details.same_as.push(id()),
            "closeMatch" => entity.details.close_match.push(id()),
            _ => importer.skip("links other than exactMatch and closeMatch"),
        }
    }
}

fn add_relations(importer: &mut Importer<'_>, entity: &mut Entity, record: &Record, uri: &str) {
    for relation in &record.relations {
        let wider = linked_id(&relation.to, uri, &importer.prefix);
        match relation.kind.rsplit(':').next().unwrap_or_default() {
            "broaderPartitive" if entity.parent.is_none() => entity.parent = Some(wider),
            "broaderPartitive" | "broader" => entity.details.also_in.push(wider),
            _ => importer.skip("relations other than to a container"),
        }
    }
}

/// Adds the names. The title is the label: the name with the same spelling, or a name of its own.
fn add_names(importer: &mut Importer<'_>, entity: &mut Entity, record: Record) {
    for toponym in record.names {
        let (since, until) = span(toponym.when.as_ref());
        entity.names.push(Name {
            lang: importer.language(&toponym.lang),
            kind: toponym.kind,
            since,
            until,
            by: toponym.by,
            machine: toponym.machine,
            weak: toponym.weak,
            source: toponym.source.unwrap_or_else(|| importer.prefix.clone()),
            text: toponym.toponym,
        });
    }
    let title = record.properties.title.trim();
    match entity.names.iter().position(|name| name.text == title) {
        Some(at) => entity.names[..=at].rotate_right(1),
        None if !title.is_empty() => {
            let (since, until) = span(record.when.as_ref());
            entity.names.insert(0, Name { since, until, ..importer.name(title) });
        }
        None => {}
    }
}
