//! Queries and their filters.

use crate::entity::{Country, EntityType, Point};
use crate::index::places::EntityRef;

/// How many names behind one key are considered where a query has no filter. A name that thousands of places share tells none of
/// them from the others, and the most prominent come first. No name of the bundled data has as many.
const NAMES_PER_KEY: usize = 512;

/// How many edits are allowed between query and name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fuzzy {
    /// None in names of fewer than four letters, one in names of fewer than eight, otherwise two; only if nothing better is found.
    #[default]
    Auto,
    /// At most this many (0, 1 or 2), beside the better matches.
    Within(u8),
    /// No similar names at all: only names that are known, with or without a generic element.
    Known,
}

/// What to look up.
#[derive(Clone, Debug)]
pub struct Query<'q> {
    /// A name, in any script; its containers may follow after commas (`Paris, Texas`).
    pub text: &'q str,
    /// Only entities of these countries; all if empty.
    pub countries: Vec<Country>,
    /// Only entities of these GeoNames classes (`P`) or codes (`PPLC`, `P.PPLC`); all if empty.
    pub classes: Vec<String>,
    /// Only entities of these types; all if empty.
    pub types: Vec<EntityType>,
    /// Only entities in one of these containers, by number; all if empty.
    pub within: Vec<u32>,
    /// Prefer entities near this point.
    pub near: Option<Point>,
    /// How many edits are allowed.
    pub fuzzy: Fuzzy,
    /// How many candidates to return.
    pub limit: usize,
}

impl<'q> Query<'q> {
    /// The longest query, in bytes; no name is longer.
    pub const MAX_BYTES: usize = crate::entity::Name::MAX_BYTES;

    /// A query without filters, for five candidates.
    pub fn new(text: &'q str) -> Query<'q> {
        Query {
            text,
            countries: Vec::new(),
            classes: Vec::new(),
            types: Vec::new(),
            within: Vec::new(),
            near: None,
            fuzzy: Fuzzy::Auto,
            limit: 5,
        }
    }

    /// Whether the query is restricted to countries or containers.
    pub(crate) fn has_area(&self) -> bool {
        !(self.countries.is_empty() && self.within.is_empty())
    }

    /// How many names behind one key are considered.
    pub(super) fn names_per_key(&self) -> usize {
        let unfiltered = !self.has_area() && self.classes.is_empty() && self.types.is_empty() && self.near.is_none();
        if unfiltered { NAMES_PER_KEY } else { usize::MAX }
    }

    /// Whether an entity passes the filters.
    pub(crate) fn allows(&self, entity: &EntityRef<'_>) -> bool {
        let class = || {
            let feature = entity.feature();
            let one = |wanted: &String| {
                feature.class().is_some_and(|c| wanted.len() == 1 && wanted.starts_with(c))
                    || feature.code() == wanted
                    || feature.as_str() == wanted
            };
            self.classes.is_empty() || self.classes.iter().any(one)
        };
        (self.types.is_empty() || self.types.contains(&entity.kind()))
            && (self.countries.is_empty() || entity.country().is_some_and(|c| self.countries.contains(&c)))
            && class()
            && (self.within.is_empty() || self.within.iter().any(|&container| entity.is_within(container)))
    }
}
