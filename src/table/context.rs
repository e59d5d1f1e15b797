//! The other columns of a row as context: what they say, and the filters that follow from it.

use super::Options;
use super::place_type::PlaceType;
use crate::entity::{Country, Point};
use crate::gazetteer::Gazetteer;
use crate::lookup::Query;

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

/// A context as filters of queries.
pub(super) struct Filters {
    /// A query without text or types.
    pub query: Query<'static>,
    /// Where the place is.
    pub point: Option<Point>,
    /// What it is.
    pub place_type: Option<PlaceType>,
    /// Whether all of the context was understood.
    pub understood: bool,
}

impl Filters {
    /// Understands a context; `limit` is the number of candidates wanted.
    pub fn new(gazetteer: &Gazetteer, context: &Context, limit: usize) -> Filters {
        let mut query = Query::new("");
        query.limit = limit.max(LEAST_CANDIDATES);
        let mut understood = true;
        for cell in filled(&context.countries) {
            match gazetteer.country(cell) {
                Some(country) => query.countries = vec![country],
                None => understood = false,
            }
        }
        for cell in filled(&context.units) {
            match units(gazetteer, cell, &query.countries, &query.within) {
                Some(units) => query.within = units,
                None => understood = false,
            }
        }
        let (lat, lon) = (context.lat.trim(), context.lon.trim());
        let located = !(lat.is_empty() && lon.is_empty());
        let point = located.then(|| Point::parse(lat, lon).ok()).flatten();
        query.near = point;
        let kind = context.kind.trim();
        let place_type = PlaceType::parse(kind);
        understood &= (point.is_some() || !located) && (place_type.is_some() || kind.is_empty());
        Filters { query, point, place_type, understood }
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

/// The units that a cell names, by number: those inside the units of the column before, if there are any.
fn units(gazetteer: &Gazetteer, cell: &str, countries: &[Country], within: &[u32]) -> Option<Vec<u32>> {
    let units = gazetteer.units(cell, countries);
    let inside: Vec<u32> = units.iter().copied().filter(|&unit| gazetteer.is_within(unit, within)).collect();
    match inside.is_empty() && within.is_empty() {
        true => Some(units).filter(|units| !units.is_empty()),
        false => Some(inside).filter(|inside| !inside.is_empty()),
    }
}
