//! Parses the filters of a query (countries, containers, points, classes) and label policies, with one wording for all clients.

use std::collections::BTreeSet;

use crate::entity::{Country, Feature, Point};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;
use crate::label::{Label, covers, official_country_codes, official_languages};
use crate::lookup::Query;

/// Parses countries: ISO 3166-1 codes, or names in any language.
///
/// # Errors
/// If a text is not a known country.
pub fn countries(gazetteer: &Gazetteer, texts: &[String]) -> Result<Vec<Country>> {
    let one = |text: &String| {
        gazetteer
            .country(text)
            .ok_or_else(|| Error::usage(format!("unknown country '{text}'; give an ISO code such as AZ, or a name")))
    };
    texts.iter().map(one).collect()
}

/// Parses the id of a container; returns its number.
///
/// # Errors
/// If no entity has that id.
pub fn container(gazetteer: &Gazetteer, id: &str) -> Result<u32> {
    gazetteer
        .get(id)
        .map(|e| e.number())
        .ok_or_else(|| Error::usage(format!("no place has the id '{id}'; ids look like gn:146970")))
}

/// Parses `LAT,LON`, in degrees.
///
/// # Errors
/// If it is not a point on Earth.
pub fn point(text: &str) -> Result<Point> {
    let wrong = || Error::usage(format!("invalid point '{text}'; expected latitude and longitude, such as 39.8,46.7"));
    let (lat, lon) = text.split_once(',').ok_or_else(wrong)?;
    Point::parse(lat, lon).map_err(|_| wrong())
}

/// Parses a GeoNames class (`P`), code (`PPLC`) or both (`P.PPLC`) into uppercase, as [`Query::classes`] expects.
///
/// # Errors
/// If it is neither.
pub fn class(text: &str) -> Result<String> {
    let upper = text.trim().to_uppercase();
    let feature = if upper.len() > 1 && !upper.contains('.') { format!("X.{upper}") } else { upper.clone() };
    match feature.parse::<Feature>() {
        Ok(feature) if feature.class().is_some() => Ok(upper),
        _ => Err(Error::usage(format!(
            "unknown class '{text}'; expected a GeoNames class or code such as P, A, PPLC or A.ADM1"
        ))),
    }
}

/// The entity with an id, or the most likely one for a name; none if nothing is known by either.
///
/// # Errors
/// As [`Gazetteer::lookup`].
pub fn entity<'g>(gazetteer: &'g Gazetteer, place: &str) -> Result<Option<EntityRef<'g>>> {
    if let Some(entity) = gazetteer.get(place) {
        return Ok(Some(entity));
    }
    // What looks like an id is not looked up as a name: al:1 is not a misspelling of anything.
    let is_prefix = |prefix: &str| !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_lowercase());
    if place.split_once(':').is_some_and(|(prefix, rest)| is_prefix(prefix) && !rest.contains(' ')) {
        return Ok(None);
    }
    Ok(gazetteer.lookup(&Query::new(place))?.candidates.first().map(|c| c.entity))
}

/// Parses a language: an ISO 639 code. Anything after a hyphen (`en-GB`) is ignored.
///
/// # Errors
/// If it is not such a code.
pub fn language(text: &str) -> Result<String> {
    let code = text.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if !matches!(code.len(), 2 | 3) || !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Err(Error::usage(format!(
            "invalid language '{text}'; expected a code of two or three letters, such as en or az"
        )));
    }
    Ok(code)
}

/// Parses a label policy: `source`, `lang:az`, `official:AZ`, `as-written` or `all`.
///
/// # Errors
/// If the policy, its language or its country is unknown; the message suggests the closest ones.
pub fn label(gazetteer: &Gazetteer, text: &str) -> Result<Label> {
    match text.split_once(':').map_or((text, None), |(word, rest)| (word, Some(rest.trim()))) {
        ("source", None) => Ok(Label::Source),
        ("as-written", None) => Ok(Label::AsWritten),
        ("all", None) => Ok(Label::All),
        ("lang", Some(lang)) => label_language(gazetteer, lang).map(Label::Lang),
        ("official", Some(country)) => label_country(gazetteer, country).map(Label::Official),
        _ => Err(Error::usage(format!(
            "invalid label policy '{text}'; expected source, lang:xx, official:CC, as-written or all"
        ))),
    }
}

fn label_language(gazetteer: &Gazetteer, lang: &str) -> Result<String> {
    let mut known = BTreeSet::new();
    for name in gazetteer.entities().flat_map(|entity| entity.names()) {
        if !lang.is_empty() && covers(lang, name.lang()) {
            return Ok(lang.to_owned());
        }
        known.insert(name.lang());
    }
    let similar = most_similar(lang, known.into_iter().filter(|lang| !lang.is_empty()));
    Err(Error::usage(format!("no name is in the language '{lang}'; similar codes are {}", similar.join(", "))))
}

fn label_country(gazetteer: &Gazetteer, text: &str) -> Result<Country> {
    if let Some(country) = gazetteer.country(text)
        && official_languages(country).next().is_some()
    {
        return Ok(country);
    }
    let similar = if text.len() == 2 {
        most_similar(&text.to_uppercase(), official_country_codes())
    } else {
        let mut query = Query::new(text);
        query.classes = vec!["A.PCLI".to_owned()];
        let countries = gazetteer.lookup(&query)?.candidates;
        countries.iter().filter_map(|c| c.entity.country()).map(|country| country.to_string()).collect()
    };
    let hint = match similar.is_empty() {
        true => "give an ISO 3166 code such as AZ".to_owned(),
        false => format!("similar ones are {}", similar.join(", ")),
    };
    Err(Error::usage(format!("no official languages are known for '{text}'; {hint}")))
}

/// The five known words closest to what was typed.
fn most_similar<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut known: Vec<(usize, &str)> = known.map(|one| (strsim::damerau_levenshtein(typed, one), one)).collect();
    known.sort_unstable();
    known.into_iter().take(5).map(|(_, one)| one.to_owned()).collect()
}
