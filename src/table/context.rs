//! The other columns of a row as context: what they say, and the filters that follow from it.

use super::place_type::PlaceType;
use super::{Level, Options};
use crate::entity::{Country, Point};
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::lookup::Query;
use crate::rank::{MatchKind, Verdict};

/// The cells of the columns with context, as they are written; empty if they say nothing.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Countries; the last one that is understood counts.
    pub countries: Vec<String>,
    /// Administrative units, the largest first.
    pub units: Vec<String>,
    /// Degrees north.
    pub lat: String,
    /// Degrees east.
    pub lon: String,
    /// The type of the place: a word or a GeoNames code.
    pub kind: String,
    /// The group whose values are its company, such as a document.
    pub group: String,
}

impl Context {
    /// The cells, in the order of the options' columns.
    pub(super) fn cells<'a>(&'a self, options: &'a Options) -> impl Iterator<Item = &'a String> {
        let single =
            [(&options.lat_column, &self.lat), (&options.lon_column, &self.lon), (&options.type_column, &self.kind)];
        let single = single.into_iter().filter(|(column, _)| column.is_some()).map(|(_, cell)| cell);
        self.countries.iter().chain(&self.units).chain(single)
    }

    /// The cells, each with the name of its column.
    pub(super) fn named<'a>(&'a self, options: &'a Options) -> Vec<(&'a str, &'a str)> {
        options.context_columns().map(String::as_str).zip(self.cells(options).map(String::as_str)).collect()
    }
}

/// What the options say of every row.
#[derive(Clone, Debug, Default)]
pub(super) struct Constants {
    country: Option<Country>,
    within: Vec<u32>,
    kind: &'static str,
}

impl Constants {
    /// Understands what the options say.
    ///
    /// # Errors
    /// If the country or the unit is not known.
    pub fn new(gazetteer: &Gazetteer, options: &Options) -> Result<Constants> {
        let named = |name: &str| {
            country(gazetteer, name).ok_or_else(|| {
                Error::usage(format!("the country '{name}' is not known; give its name or its two-letter ISO code"))
            })
        };
        let country = options.country.as_deref().map(named).transpose()?;
        let countries: Vec<Country> = country.into_iter().collect();
        let unit = |name: &str| match gazetteer.get(name) {
            Some(entity) => Ok(vec![entity.number()]),
            None => units(gazetteer, name, &countries, &[]).ok_or_else(|| {
                Error::usage(format!("the unit '{name}' is not known; give its name, its code or its id"))
            }),
        };
        let within = options.within.as_deref().map(unit).transpose()?.unwrap_or_default();
        Ok(Constants { country, within, kind: options.level.map(Level::as_type).unwrap_or_default() })
    }
}

/// A context as filters of queries.
pub(super) struct Filters {
    /// A query without text or types.
    pub query: Query<'static>,
    /// Where the place is.
    pub point: Option<Point>,
    /// What it is.
    pub place_type: Option<PlaceType>,
    /// What of the context was not understood, in words; empty if everything was.
    pub unknown: String,
}

impl Filters {
    /// Understands a context; `limit` is the number of candidates wanted.
    pub fn new(gazetteer: &Gazetteer, constants: &Constants, context: &Context, limit: usize) -> Filters {
        let mut query = Query::new("");
        query.countries.extend(constants.country);
        query.within.clone_from(&constants.within);
        query.limit = limit.max(LEAST_CANDIDATES);
        let mut unknown = Vec::new();
        for cell in filled(&context.countries) {
            match country(gazetteer, cell) {
                Some(country) => query.countries = vec![country],
                None => unknown.push(format!("the country '{cell}' is not known")),
            }
        }
        for cell in filled(&context.units) {
            match units(gazetteer, cell, &query.countries, &query.within) {
                Some(units) => query.within = units,
                None => unknown.push(format!("the unit '{cell}' is not known")),
            }
        }
        let (lat, lon) = (context.lat.trim(), context.lon.trim());
        let located = !(lat.is_empty() && lon.is_empty());
        let point = located.then(|| Point::parse(lat, lon).ok()).flatten();
        query.near = point;
        let kind = if context.kind.trim().is_empty() { constants.kind } else { context.kind.trim() };
        let place_type = PlaceType::parse(kind);
        if point.is_none() && located {
            unknown.push(format!("'{lat}' and '{lon}' are not coordinates"));
        }
        if place_type.is_none() && !kind.is_empty() {
            unknown.push(format!("the type '{kind}' is not known"));
        }
        Filters { query, point, place_type, unknown: unknown.join("; ") }
    }

    /// Whether nothing is known of where the place is.
    pub fn is_anywhere(&self) -> bool {
        !self.query.has_area()
    }
}

/// Candidates looked up even if fewer are wanted: coordinates choose among them.
const LEAST_CANDIDATES: usize = 8;

fn filled(cells: &[String]) -> impl Iterator<Item = &str> {
    cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
}

/// The country that a cell names: by a known name, or by one that is unusual or has one letter wrong and yet is resolved.
fn country(gazetteer: &Gazetteer, cell: &str) -> Option<Country> {
    gazetteer.country(cell).or_else(|| {
        let countries = ["PCLI", "PCLD", "PCLF", "PCLS", "PCLIX", "PCL", "TERR"].map(str::to_owned).to_vec();
        let answer = gazetteer.lookup(&Query { classes: countries, ..Query::new(cell) }).ok()?;
        let best = answer.candidates.first().filter(|_| answer.verdict == Verdict::Resolved)?;
        let is_near = match best.how {
            // Nearly every word is one letter from a name of some country in some language.
            MatchKind::Fuzzy => best.distance <= 1 && (best.name.is_main() || best.name.lang() == "en"),
            MatchKind::Romanized => false,
            _ => true,
        };
        best.entity.country().filter(|_| is_near)
    })
}

/// The units that a cell names, by number: those inside the units of the column before, if there are any.
fn units(gazetteer: &Gazetteer, cell: &str, countries: &[Country], within: &[u32]) -> Option<Vec<u32>> {
    let units = gazetteer.units(cell, countries);
    let inside: Vec<u32> = units.iter().copied().filter(|&unit| gazetteer.is_within(unit, within)).collect();
    match inside.is_empty() && within.is_empty() {
        true => Some(units).filter(|units| !units.is_empty()),
        false => Some(inside).filter(|inside| !inside.is_empty()),
    }
}
