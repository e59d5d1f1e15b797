//! Who's On First: GeoJSON records with `wof:` properties.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use hashbrown::HashSet;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::features::{self, Geometry};
use crate::entity::{Country, Entity, Feature, Name, NameKind, Point};
use crate::error::{Error, Result};
use crate::source::custom::document::Document;
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;
use crate::source::custom::lang;

/// The levels of `wof:hierarchy`, the smallest first.
const LEVELS: [&str; 8] = [
    "locality_id",
    "localadmin_id",
    "county_id",
    "macrocounty_id",
    "region_id",
    "macroregion_id",
    "dependency_id",
    "country_id",
];

/// The GeoNames features of place types; records of the others are not places.
const PLACETYPES: [(&str, Option<&str>); 26] = [
    ("locality", Some("P.PPL")),
    ("neighbourhood", Some("P.PPLX")),
    ("macrohood", Some("P.PPLX")),
    ("microhood", Some("P.PPLX")),
    ("borough", Some("P.PPLX")),
    ("localadmin", Some("A.ADM3")),
    ("county", Some("A.ADM2")),
    ("macrocounty", Some("A.ADMD")),
    ("region", Some("A.ADM1")),
    ("macroregion", Some("L.RGN")),
    ("country", Some("A.PCLI")),
    ("dependency", Some("A.PCLD")),
    ("disputed", Some("A.TERR")),
    ("marketarea", Some("L.RGNE")),
    ("empire", Some("A.PCLH")),
    ("continent", Some("L.CONT")),
    ("ocean", Some("H.OCN")),
    ("marinearea", Some("H.SEA")),
    ("campus", Some("S")),
    ("venue", Some("S")),
    ("postalcode", None),
    ("postalregion", None),
    ("timezone", None),
    ("address", None),
    ("intersection", None),
    ("planet", None),
];

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow)]
    properties: Properties<'a>,
    geometry: Option<Geometry>,
}

/// The properties that are used; many others are passed over.
#[derive(Default)]
struct Properties<'a> {
    id: i64,
    name: String,
    placetype: String,
    country: String,
    parent: i64,
    hierarchy: Option<&'a RawValue>,
    superseded_by: Vec<i64>,
    concordances: Option<&'a RawValue>,
    point: [Option<f64>; 2],
    label: [Option<f64>; 2],
    population: u32,
    cessation: String,
    /// Names by their languages and kinds: `eng_x_preferred`.
    names: Vec<(String, Vec<String>)>,
}

/// Reads records.
///
/// # Errors
/// Returns an error if the file cannot be read or is not JSON.
pub(in crate::source::custom) fn read(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    features::each(document, importer, fragment)
}

/// The fragment of a record; `None` if it is not a place.
///
/// # Errors
/// Returns an error if the record is invalid.
pub(super) fn fragment(importer: &mut Importer<'_>, text: &str) -> Result<Option<Fragment>> {
    let record: Record<'_> = features::parse(text)?;
    let it = record.properties;
    let Some(feature) = feature(importer, &it.placetype)? else { return Ok(None) };
    if it.id <= 0 {
        return Err(Error::data("the record has no wof:id"));
    }
    if it.name.trim().is_empty() && it.names.is_empty() {
        importer.skip("records without a name");
        return Ok(None);
    }
    let country = it.country.parse::<Country>().ok().filter(|code| !matches!(code.as_str(), "XX" | "XY" | "XZ"));
    let mut entity = Entity {
        id: format!("wof:{}", it.id),
        feature,
        country,
        point: point(&it, record.geometry.as_ref())?,
        population: it.population,
        names: names(importer, &it),
        ..Entity::default()
    };
    entity.parent = parents(&it, country);
    entity.details.same_as = same_as(importer, &it)?;
    Ok(Some(Fragment { entity, complete: true, ..Fragment::default() }))
}

/// The GeoNames feature of a place type; `None`, and counted, for records that are not places.
pub(super) fn feature(importer: &mut Importer<'_>, placetype: &str) -> Result<Option<Feature>> {
    match PLACETYPES.iter().find(|(kind, _)| *kind == placetype) {
        Some((_, Some(feature))) => feature.parse().map(Some),
        Some((_, None)) => {
            importer.skip("records of time zones, postal codes and addresses");
            Ok(None)
        }
        None => Ok(Some(Feature::default())),
    }
}

/// The kind of name for a private-use subtag such as `x_historical`.
pub(super) fn name_kind(word: &str) -> NameKind {
    match word.strip_prefix("x_").unwrap_or(word) {
        "historical" => NameKind::Historical,
        "colloquial" => NameKind::Colloquial,
        "abbreviation" | "abbreviated" => NameKind::Abbreviation,
        "short" => NameKind::Short,
        _ => NameKind::Alternate,
    }
}

/// Its point. The point 0, 0 stands for an unknown location.
fn point(it: &Properties<'_>, geometry: Option<&Geometry>) -> Result<Option<Point>> {
    let given = [it.label, it.point].into_iter().find_map(|point| match point {
        [Some(lat), Some(lon)] => Some((lat, lon)),
        _ => None,
    });
    let point = match given {
        Some((lat, lon)) => Some(Point::parse(&lat.to_string(), &lon.to_string())?),
        None => geometry.map(Geometry::point).transpose()?.flatten().map(|p| Point { derived: false, ..p }),
    };
    Ok(point.filter(|point| point.lat != 0.0 || point.lon != 0.0))
}

/// Its containers, the smallest first, the country's code last.
fn parents(it: &Properties<'_>, country: Option<Country>) -> Option<String> {
    let mut all: Vec<String> = Vec::new();
    let mut add = |id: i64| {
        let id = format!("wof:{id}");
        if !all.contains(&id) {
            all.push(id);
        }
    };
    if it.parent > 0 {
        add(it.parent);
    }
    // Old records have other values than lists of numbers here: they lose their containers, not their names.
    let chains: Vec<BTreeMap<&str, i64>> =
        it.hierarchy.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
    if let Some(chain) = chains.first() {
        let above = LEVELS.iter().filter_map(|level| chain.get(level));
        above.filter(|&&id| id > 0 && id != it.id).for_each(|&id| add(id));
    }
    if !matches!(it.placetype.as_str(), "country" | "dependency" | "continent" | "ocean" | "empire" | "marinearea") {
        all.extend(country.map(|code| format!("cc:{code}")));
    }
    (!all.is_empty()).then(|| all.join(" "))
}

/// Its ids in other gazetteers.
fn same_as(importer: &mut Importer<'_>, it: &Properties<'_>) -> Result<Vec<String>> {
    let mut all: Vec<String> = it.superseded_by.iter().filter(|&&id| id > 0).map(|id| format!("wof:{id}")).collect();
    let Some(raw) = it.concordances else { return Ok(all) };
    let known: BTreeMap<String, serde_json::Value> =
        serde_json::from_str(raw.get()).map_err(|e| Error::data(format!("the concordances cannot be read ({e})")))?;
    for (key, value) in known {
        let value = match value {
            serde_json::Value::String(text) => text,
            serde_json::Value::Number(number) if number.as_i64().is_some_and(|n| n > 0) => number.to_string(),
            _ => continue,
        };
        match key.as_str() {
            "gn:id" => all.push(format!("gn:{value}")),
            "wd:id" | "wk:id" if value.starts_with('Q') => all.push(format!("wd:{value}")),
            "iso:id" | "iso:code" => all.push(format!("iso:{value}")),
            "tgn:id" | "loc:id" | "gp:id" | "unlc:id" | "iata:code" | "icao:code" => {
                all.push(format!("{}:{value}", key.split(':').next().unwrap_or_default()));
            }
            _ => importer.skip("ids in less common gazetteers"),
        }
    }
    Ok(all)
}

fn names(importer: &mut Importer<'_>, it: &Properties<'_>) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let source = |text: &str| Name { text: text.to_owned(), source: "wof".to_owned(), ..Name::default() };
    let until = lang::year(&it.cessation);
    let mut seen: HashSet<(&str, String)> = HashSet::new();
    for (key, texts) in &it.names {
        let (language, kind) = key.split_once("_x_").unwrap_or((key, "unknown"));
        let kind = name_kind(kind);
        let lang = importer.language(language);
        for text in texts {
            if seen.insert((text.as_str(), lang.clone())) {
                names.push(Name { lang: lang.clone(), kind, until, ..source(text) });
            }
        }
    }
    // The main name comes first, with its language if it is one of the names.
    let main = names.iter().position(|name| name.text == it.name && name.lang == "en");
    match main.or_else(|| names.iter().position(|name| name.text == it.name)) {
        Some(at) => names[..=at].rotate_right(1),
        None if !it.name.is_empty() => names.insert(0, Name { until, ..source(&it.name) }),
        None => {}
    }
    names
}

impl<'de: 'a, 'a> Deserialize<'de> for Properties<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Properties<'a>, D::Error> {
        deserializer.deserialize_map(PropertiesVisitor)
    }
}

struct PropertiesVisitor;

/// A number that may be written as text, or be missing.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Whole(i64),
    Number(f64),
    Text(String),
    Other(IgnoredAny),
}

impl Loose {
    fn whole(self) -> i64 {
        match self {
            Loose::Whole(number) => number,
            Loose::Number(number) => number as i64,
            Loose::Text(text) => text.parse().unwrap_or(0),
            Loose::Other(_) => 0,
        }
    }

    fn degrees(self) -> Option<f64> {
        match self {
            Loose::Whole(number) => Some(number as f64),
            Loose::Number(number) => Some(number),
            Loose::Text(text) => text.parse().ok(),
            Loose::Other(_) => None,
        }
    }

    fn text(self) -> String {
        if let Loose::Text(text) = self { text } else { String::new() }
    }
}

/// A list of texts, one text, or something else.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    Many(Vec<String>),
    One(String),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Numbers {
    Many(Vec<i64>),
    Other(IgnoredAny),
}

impl<'de> Visitor<'de> for PropertiesVisitor {
    type Value = Properties<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the properties of a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties<'de>, A::Error> {
        let mut it = Properties::default();
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                "wof:id" => it.id = map.next_value::<Loose>()?.whole(),
                "wof:name" => it.name = map.next_value::<Loose>()?.text(),
                "wof:placetype" => it.placetype = map.next_value::<Loose>()?.text(),
                "wof:country" => it.country = map.next_value::<Loose>()?.text(),
                "wof:parent_id" => it.parent = map.next_value::<Loose>()?.whole(),
                "wof:hierarchy" => it.hierarchy = Some(map.next_value()?),
                "wof:superseded_by" => {
                    if let Numbers::Many(ids) = map.next_value()? {
                        it.superseded_by = ids;
                    }
                }
                "wof:concordances" => {
                    it.concordances = Some(map.next_value::<&RawValue>()?).filter(|raw| raw.get().starts_with('{'));
                }
                "geom:latitude" => it.point[0] = map.next_value::<Loose>()?.degrees(),
                "geom:longitude" => it.point[1] = map.next_value::<Loose>()?.degrees(),
                "lbl:latitude" => it.label[0] = map.next_value::<Loose>()?.degrees(),
                "lbl:longitude" => it.label[1] = map.next_value::<Loose>()?.degrees(),
                "wof:population" | "gn:population" if it.population == 0 => {
                    it.population = u32::try_from(map.next_value::<Loose>()?.whole()).unwrap_or(0);
                }
                "edtf:cessation" => it.cessation = map.next_value::<Loose>()?.text(),
                _ => match key.strip_prefix("name:") {
                    Some(rest) => {
                        let rest = rest.to_owned();
                        match map.next_value()? {
                            Texts::Many(texts) => it.names.push((rest, texts)),
                            Texts::One(text) => it.names.push((rest, vec![text])),
                            Texts::Other(_) => {}
                        }
                    }
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        Ok(it)
    }
}

/// A key, without a copy of it where it has no escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
