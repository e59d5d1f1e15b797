//! What people say to narrow a question (countries, containers, points, classes), read; the same words for every client.

use crate::entity::{Country, Feature, Point};
use crate::error::{Error, Result};
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;
use crate::lookup::Query;

/// Reads countries: ISO 3166-1 codes or names in any language.
///
/// # Errors
/// Where a text is none.
pub fn countries(gazetteer: &Gazetteer, texts: &[String]) -> Result<Vec<Country>> {
    let one = |text: &String| {
        gazetteer.country(text).ok_or_else(|| {
            Error::usage(format!("'{text}' is no country that allonym knows; give its ISO code (AZ) or a name of it"))
        })
    };
    texts.iter().map(one).collect()
}

/// Reads the id of an entity that others lie in; gives its number.
///
/// # Errors
/// Where nothing has that id.
pub fn container(gazetteer: &Gazetteer, id: &str) -> Result<u32> {
    gazetteer.get(id).map(|e| e.number()).ok_or_else(|| {
        Error::usage(format!("'{id}' is the id of no place; 'allonym lookup NAME' shows ids such as gn:146970"))
    })
}

/// Reads `LAT,LON`, in degrees.
///
/// # Errors
/// Where it is no point of the Earth.
pub fn point(text: &str) -> Result<Point> {
    let wrong =
        || Error::usage(format!("'{text}' is no point; near takes a latitude and a longitude, such as 39.8,46.7"));
    let (lat, lon) = text.split_once(',').ok_or_else(wrong)?;
    Point::parse(lat, lon).map_err(|_| wrong())
}

/// Reads a GeoNames class (`P`), code (`PPLC`) or both (`P.PPLC`), in capitals as [`Query::classes`] has them.
///
/// # Errors
/// Where it is none.
pub fn class(text: &str) -> Result<String> {
    let upper = text.trim().to_uppercase();
    let feature = if upper.len() > 1 && !upper.contains('.') { format!("X.{upper}") } else { upper.clone() };
    match feature.parse::<Feature>() {
        Ok(feature) if feature.class().is_some() => Ok(upper),
        _ => Err(Error::usage(format!(
            "'{text}' is no GeoNames class or code; class takes P, A, PPLC, A.ADM1 and the like"
        ))),
    }
}

/// The entity of an id, or the likeliest of a name; none where nothing is known by either.
///
/// # Errors
/// As for [`Gazetteer::lookup`].
pub fn entity<'g>(gazetteer: &'g Gazetteer, place: &str) -> Result<Option<EntityRef<'g>>> {
    if let Some(entity) = gazetteer.get(place) {
        return Ok(Some(entity));
    }
    // What looks like an id is not looked up as a name: al:1 is nobody's misspelling.
    let is_prefix = |prefix: &str| !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_lowercase());
    if place.split_once(':').is_some_and(|(prefix, rest)| is_prefix(prefix) && !rest.contains(' ')) {
        return Ok(None);
    }
    Ok(gazetteer.lookup(&Query::new(place))?.candidates.first().map(|c| c.entity))
}

/// A language by its ISO 639 code; what follows a hyphen (`en-GB`) says nothing here.
///
/// # Errors
/// Where it is no such code.
pub fn language(text: &str) -> Result<String> {
    let code = text.trim().split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    if !matches!(code.len(), 2 | 3) || !code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Err(Error::usage(format!(
            "'{text}' is no code of a language; give two or three letters, as 'en' or 'az'"
        )));
    }
    Ok(code)
}

impl Gazetteer {
    /// The country of an ISO 3166-1 code or of a country's name in any language.
    pub fn country(&self, text: &str) -> Option<Country> {
        let text = text.trim();
        if let Ok(code) = text.parse::<Country>()
            && self.named(code.as_str()).any(|e| e.country() == Some(code) && is_country(&e))
        {
            return Some(code);
        }
        self.named(text).find(is_country).and_then(|e| e.country())
    }

    /// The units and regions that a cell names, by their numbers: the whole cell, or its parts (`Texas, TX`); those of the
    /// countries, where some are given.
    pub fn units(&self, cell: &str, countries: &[Country]) -> Vec<u32> {
        let of = |name: &str| -> Vec<u32> {
            if Key::of(name).is_empty() {
                return Vec::new();
            }
            let units = self.named(name).filter(|e| {
                let class = matches!(e.feature().class(), Some('A' | 'L'));
                class && (countries.is_empty() || e.country().is_some_and(|c| countries.contains(&c)))
            });
            units.map(|e| e.number()).collect()
        };
        let whole = of(cell);
        if !whole.is_empty() {
            return whole;
        }
        cell.split([',', ';', '/']).flat_map(|part| of(part.trim())).collect()
    }
}

/// Whether an entity is a country or a territory with a code of its own.
pub(crate) fn is_country(entity: &EntityRef<'_>) -> bool {
    entity.feature().is_country()
}
