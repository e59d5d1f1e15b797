//! What is asked.

use super::ladder::NAMES_PER_KEY;
use crate::entity::{Country, EntityType, Point};
use crate::index::places::EntityRef;

/// How many letters may differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fuzzy {
    /// None in names below four letters, one below eight, two from there; only where nothing better is found.
    #[default]
    Auto,
    /// At most so many (0, 1 or 2), beside the better matches.
    Within(u8),
    /// No other spellings of any kind: names that are known, whole or but for their generic element.
    Known,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Query<'q> {
    /// A name, in any script; its containers may follow after commas (`Paris, Texas`).
    pub text: &'q str,
    /// Only entities of these countries; all where empty.
    pub countries: Vec<Country>,
    /// Only entities of these GeoNames classes (`P`) or codes (`PPLC`, `P.PPLC`); all where empty.
    pub classes: Vec<String>,
    /// Only entities of these types; all where empty.
    pub types: Vec<EntityType>,
    /// Only what lies in one of the entities of these numbers; everywhere where empty.
    pub within: Vec<u32>,
    /// The nearer to this point the better.
    pub near: Option<Point>,
    /// How many letters may differ.
    pub fuzzy: Fuzzy,
    /// How many candidates are wanted.
    pub limit: usize,
}

impl<'q> Query<'q> {
    /// The longest query that is looked up, in bytes; no name is longer.
    pub const MAX_BYTES: usize = crate::entity::Name::MAX_BYTES;

    /// A query for a name, without conditions, for five candidates.
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

    /// Whether it is said in which country or unit the entity is.
    pub(crate) fn is_narrowed(&self) -> bool {
        !(self.countries.is_empty() && self.within.is_empty())
    }

    /// How many names behind one key are looked at.
    pub(super) fn names_per_key(&self) -> usize {
        let open = !self.is_narrowed() && self.classes.is_empty() && self.types.is_empty() && self.near.is_none();
        if open { NAMES_PER_KEY } else { usize::MAX }
    }

    /// Whether an entity meets the conditions.
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
