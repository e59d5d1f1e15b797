//! A query becomes ranked candidates: candidate generation as an ordered list of [`tiers`], and filters.
//!
//! Without a country or unit the tiers search the names of the whole world. With one, all names inside it are compared with
//! the query ([`area`]), which finds more and costs less than a search with many edits.

mod area;
mod area_search;
mod found;
mod prepared;
mod query;
mod tiers;
mod units;

pub use area::AreaNames;
pub use query::{Fuzzy, Query};

use found::Found;
use prepared::PreparedQuery;
use tiers::Search;

use crate::error::{Error, Result};
use crate::index::Index;
use crate::rank::judge::{self, Area, Written};
use crate::rank::{Candidate, MatchKind, Verdict, calibration, fuzzy};

/// What was found for a query.
#[derive(Debug)]
#[non_exhaustive]
pub struct Answer<'g> {
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// The most likely candidate first.
    pub candidates: Vec<Candidate<'g>>,
}

/// The lookup engine: an opened index, and the names of the areas that queries were restricted to.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'g> {
    pub(crate) index: &'g Index,
    area_names: &'g AreaNames,
}

impl<'g> Lookup<'g> {
    /// An engine over an index and a cache.
    pub(crate) fn new(index: &'g Index, area_names: &'g AreaNames) -> Lookup<'g> {
        Lookup { index, area_names }
    }

    /// Looks a name up.
    ///
    /// # Errors
    /// If the query is longer than [`Query::MAX_BYTES`], or the index is damaged.
    pub fn find(self, query: &Query<'_>) -> Result<Answer<'g>> {
        if query.text.len() > Query::MAX_BYTES {
            return Err(Error::usage(format!(
                "the name is {} bytes long; the longest that can be looked up has {}",
                query.text.len(),
                Query::MAX_BYTES
            )));
        }
        let mut candidates = self.candidates(query)?;
        if query.has_area() && candidates.len() < query.limit {
            self.add_siblings(query, &mut candidates);
        }
        let verdict = Verdict::of(&candidates);
        candidates.truncate(query.limit);
        Ok(Answer { verdict, candidates })
    }

    /// The scored candidates of a query, best first.
    fn candidates(self, query: &Query<'_>) -> Result<Vec<Candidate<'g>>> {
        let text = query.text.trim();
        let prepared = PreparedQuery::new(text, query.names_per_key());
        let mut found = self.known(&prepared, query)?;
        if found.is_empty()
            && let Some((head, containers)) = query.text.split_once(',')
        {
            found = self.inside_named(&Query { text: head, ..query.clone() }, containers)?;
        }
        if found.is_empty() && query.has_area() && query.fuzzy == Fuzzy::Auto {
            return self.in_area(&prepared, query, found);
        }
        if found.is_empty() || matches!(query.fuzzy, Fuzzy::Within(_)) {
            found = self.all_tiers(&prepared, query, found)?;
        }
        let mut candidates = found.into_candidates(query);
        calibration::probabilities(&mut candidates);
        if query.near.is_none() && candidates.first().is_some_and(is_known) {
            judge::rescore(&self.written(&prepared), area(query), &mut candidates);
        } else {
            fuzzy::rescore(text, &mut candidates);
        }
        Ok(candidates)
    }

    fn written(self, prepared: &PreparedQuery<'_>) -> Written {
        Written::of(prepared.text, &prepared.key, self.index)
    }

    /// The candidates of a known name before they are judged, for training.
    ///
    /// # Errors
    /// If the index is damaged.
    #[cfg(feature = "train")]
    pub fn unjudged(self, query: &Query<'_>) -> Result<(Written, Area, Vec<Candidate<'g>>)> {
        let prepared = PreparedQuery::new(query.text.trim(), query.names_per_key());
        let mut candidates = self.known(&prepared, query)?.into_candidates(query);
        calibration::probabilities(&mut candidates);
        Ok((self.written(&prepared), area(query), candidates))
    }

    /// The first tier alone.
    fn known(self, prepared: &PreparedQuery<'_>, query: &Query<'_>) -> Result<Found<'g>> {
        let mut search = Search::new(self.index, prepared, query, Found::default());
        search.known()?;
        Ok(search.found)
    }

    /// All tiers, beginning with what the first one found.
    fn all_tiers(self, prepared: &PreparedQuery<'_>, query: &Query<'_>, known: Found<'g>) -> Result<Found<'g>> {
        let mut search = Search::new(self.index, prepared, query, known);
        search.run()?;
        Ok(search.found)
    }

    /// `Paris, Texas`: the name inside what the rest names.
    fn inside_named(self, query: &Query<'_>, containers: &str) -> Result<Found<'g>> {
        let prepared = PreparedQuery::new(query.text.trim(), usize::MAX);
        let mut found = self.known(&prepared, query)?;
        if found.is_empty() {
            found = self.all_tiers(&prepared, query, found)?;
        }
        for container in containers.split(',').map(str::trim).filter(|c| !c.is_empty()) {
            let wanted: Vec<u32> = self.index.named(container).map(|e| e.number()).collect();
            if !wanted.is_empty() {
                found.retain(|entity| wanted.iter().any(|&w| w != entity.number() && entity.is_within(w)));
            }
        }
        Ok(found)
    }
}

/// Whether a candidate has the very name, but for case, diacritics and grammar.
fn is_known(candidate: &Candidate<'_>) -> bool {
    candidate.is_known_name() || candidate.how == MatchKind::Inflected
}

/// What a query is restricted to.
fn area(query: &Query<'_>) -> Area {
    match (query.within.is_empty(), query.countries.is_empty()) {
        (false, _) => Area::Unit,
        (true, false) => Area::Country,
        (true, true) => Area::World,
    }
}
