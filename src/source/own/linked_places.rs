//! Linked Places Format 1.x: JSON-LD on GeoJSON, a feature a place.

use serde::Deserialize;

use super::Sink;
use super::features::{self, Geometry};
use super::fields::prefixed;
use super::files::Document;
use super::lang;
use super::piece::Piece;
use crate::entity::{Country, Entity, EntityType, Feature, Name, NameKind};
use crate::error::{Error, Result};

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "@id")]
    id: Option<String>,
    #[serde(default)]
    properties: Properties,
    when: Option<When>,
    #[serde(default)]
    names: Vec<Toponym>,
    #[serde(default)]
    types: Vec<Type>,
    geometry: Option<Geometry>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    relations: Vec<Relation>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    title: String,
    ccodes: Vec<String>,
    fclasses: Vec<String>,
    population: Option<u32>,
    /// Ours: what the entity is, where it is no place.
    #[serde(rename = "type")]
    kind: Option<EntityType>,
    /// Ours: whether the point was worked out.
    point: Option<String>,
}

#[derive(Deserialize)]
struct Toponym {
    toponym: String,
    #[serde(default)]
    lang: String,
    when: Option<When>,
    /// Ours: the kind of name, who uses it, whether a machine made it, whether it is weak, whose it is.
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
struct When {
    #[serde(default)]
    timespans: Vec<Timespan>,
}

#[derive(Deserialize)]
struct Timespan {
    start: Option<Limit>,
    end: Option<Limit>,
}

#[derive(Deserialize)]
struct Limit {
    #[serde(rename = "in")]
    within: Option<Date>,
    earliest: Option<Date>,
    latest: Option<Date>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Date {
    Text(String),
    Year(i64),
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
    #[serde(default)]
    identifier: String,
}

#[derive(Deserialize)]
struct Relation {
    #[serde(rename = "relationType", default)]
    kind: String,
    #[serde(rename = "relationTo", default)]
    to: String,
}

/// Reads features. Links of the types `exactMatch` and `primaryTopicOf` to known gazetteers become ids of the same thing,
/// the relation `gvp:broaderPartitive` the container.
///
/// # Errors
/// Where the file cannot be read on.
pub fn read(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    features::each(document, sink, |sink, text| {
        let record: Record =
            serde_json::from_str(text).map_err(|e| Error::data(format!("the record is no feature ({e})")))?;
        entity(sink, record).map(Some)
    })
}

fn entity(sink: &mut Sink<'_>, record: Record) -> Result<Piece> {
    let Some(uri) = record.id.filter(|id| !id.trim().is_empty()) else {
        return Err(Error::data("the record has no @id"));
    };
    let prefix = sink.prefix.clone();
    let mut entity = Entity { id: id_of_uri(&uri, &prefix), ..Entity::default() };
    let given = &record.properties;
    entity.kind = given.kind.unwrap_or_default();
    entity.population = given.population.unwrap_or(0);
    entity.country = match given.ccodes.first() {
        Some(code) => Some(code.trim().parse::<Country>()?),
        None => None,
    };
    let exact = record.types.iter().find_map(|kind| kind.identifier.strip_prefix("gn:")?.parse::<Feature>().ok());
    entity.feature = match (exact, given.fclasses.first()) {
        (Some(feature), _) => feature,
        (None, Some(class)) => class.trim().parse()?,
        (None, None) => Feature::default(),
    };
    let point = record.geometry.map(|geometry| geometry.point()).transpose()?.flatten();
    let derived = given.point.as_deref() == Some("derived");
    entity.point = point.map(|point| crate::Point { derived: point.derived || derived, ..point });
    if entity.id != uri && uri.contains("//") && canonical(&entity.id).is_none_or(|canonical| canonical != uri) {
        entity.details.same_as.push(uri);
    }
    for link in record.links {
        match link.kind.as_str() {
            "exactMatch" | "owl:sameAs" | "sameAs" => {
                entity.details.same_as.push(id_of_uri(&link.identifier, &prefix));
            }
            _ => sink.leave_out("links that say less than 'the same'"),
        }
    }
    for relation in &record.relations {
        let wider = id_of_uri(&relation.to, &prefix);
        match relation.kind.rsplit(':').next().unwrap_or_default() {
            "broaderPartitive" if entity.parent.is_none() => entity.parent = Some(wider),
            "broaderPartitive" | "broader" => entity.details.also_in.push(wider),
            _ => sink.leave_out("relations that are none to a container"),
        }
    }
    let whole = span(record.when.as_ref());
    for toponym in record.names {
        let (since, until) = span(toponym.when.as_ref());
        entity.names.push(Name {
            lang: sink.language(&toponym.lang),
            kind: toponym.kind,
            since,
            until,
            by: toponym.by,
            machine: toponym.machine,
            weak: toponym.weak,
            source: toponym.source.unwrap_or_else(|| prefix.clone()),
            text: toponym.toponym,
        });
    }
    // The title is the label: the name that is spelt so, or one more.
    let title = given.title.trim();
    match entity.names.iter().position(|name| name.text == title) {
        Some(at) => entity.names[..=at].rotate_right(1),
        None if !title.is_empty() => {
            let name = Name { since: whole.0, until: whole.1, ..sink.name(title) };
            entity.names.insert(0, name);
        }
        None => {}
    }
    Ok(Piece { entity, whole: true, ..Piece::default() })
}

/// The first and the last year of what is said of time.
fn span(when: Option<&When>) -> (Option<i16>, Option<i16>) {
    let year = |limit: &Option<Limit>, late: bool| {
        let limit = limit.as_ref()?;
        let (first, then) = if late { (&limit.latest, &limit.earliest) } else { (&limit.earliest, &limit.latest) };
        match limit.within.as_ref().or(first.as_ref()).or(then.as_ref())? {
            Date::Text(text) => lang::year(text),
            Date::Year(year) => i16::try_from(*year).ok(),
        }
    };
    let spans = when.map(|when| &when.timespans[..]).unwrap_or_default();
    let since = spans.iter().filter_map(|span| year(&span.start, false)).min();
    let until = spans.iter().filter_map(|span| year(&span.end, true)).max();
    // A place whose record ends before it begins keeps its names without years.
    if since.zip(until).is_some_and(|(since, until)| since > until) { (None, None) } else { (since, until) }
}

/// Where the addresses of known gazetteers begin, and the prefixes of their ids.
const KNOWN: [(&str, &str); 12] = [
    ("geonames.org/", "gn"),
    ("wikidata.org/entity/", "wd"),
    ("wikidata.org/wiki/", "wd"),
    ("whgazetteer.org/places/", "whg"),
    ("pleiades.stoa.org/places/", "pl"),
    ("vocab.getty.edu/tgn/", "tgn"),
    ("viaf.org/viaf/", "viaf"),
    ("d-nb.info/gnd/", "gnd"),
    ("id.loc.gov/authorities/names/", "loc"),
    ("id.loc.gov/authorities/subjects/", "loc"),
    ("spelunker.whosonfirst.org/id/", "wof"),
    ("data.cerl.org/thesaurus/", "cerl"),
];

/// The id that an address stands for: that of a known gazetteer, or its last part with the file's prefix.
pub fn id_of_uri(uri: &str, prefix: &str) -> String {
    let uri = uri.trim();
    let Some((_, rest)) = uri.split_once("//") else { return prefixed(uri, prefix) };
    let rest = rest.trim_end_matches(['/', '#']);
    for (begin, known) in KNOWN {
        if let Some(at) = rest.find(begin) {
            let id = rest[at + begin.len()..].split(['/', '#', '?']).next().unwrap_or_default();
            if !id.is_empty() {
                return format!("{known}:{id}");
            }
        }
    }
    let last = rest.rsplit(['/', '#', '=']).next().unwrap_or(rest);
    format!("{prefix}:{last}")
}

/// The usual address of an id.
fn canonical(id: &str) -> Option<String> {
    let (prefix, rest) = id.split_once(':')?;
    match prefix {
        "gn" => Some(format!("https://www.geonames.org/{rest}")),
        "wd" => Some(format!("http://www.wikidata.org/entity/{rest}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_ids() {
        for (uri, id) in [
            ("http://www.geonames.org/146970/khankendi.html", "gn:146970"),
            ("https://sws.geonames.org/146970/", "gn:146970"),
            ("http://www.wikidata.org/entity/Q244165", "wd:Q244165"),
            ("https://pleiades.stoa.org/places/423025#this", "pl:423025"),
            ("http://example.org/gazetteer/place/12", "atlas:12"),
            ("wd:Q1", "wd:Q1"),
            ("12", "atlas:12"),
        ] {
            assert_eq!(id_of_uri(uri, "atlas"), id, "{uri}");
        }
    }
}
