//! What people say to narrow a question (countries, containers, points, classes), read; the same words for every client.

use crate::entity::{Country, Feature, Point};
use crate::error::{Error, Result};
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
