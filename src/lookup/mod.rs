//! A query becomes ranked candidates: candidate generation as an ordered list of [`tiers`], and filters.
//!
//! What lies behind a comma restricts the query ([`parts`]). Without a country or unit the tiers search the names of the whole world. With one, all names inside it are compared with
//! the query ([`area`]), which finds more and costs less than a search with many edits.

mod area;
mod area_search;
mod found;
mod parts;
mod prepared;
mod query;
mod tiers;
mod units;

pub use area::AreaNames;
pub use query::{Fuzzy, Query};

use found::Found;
use prepared::PreparedQuery;
use tiers::{Search, WITH_OTHER_GENERIC};

use crate::error::{Error, Result};
use crate::index::Index;
use crate::index::places::EntityRef;
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
    /// Why the answer is in doubt; empty if the scores say all there is to say.
    pub reason: String,
}

impl<'g> Answer<'g> {
    /// The answer that scored candidates make, best first.
    fn scored(candidates: Vec<Candidate<'g>>) -> Answer<'g> {
        Answer { verdict: Verdict::of(&candidates), candidates, reason: String::new() }
    }

    /// No candidates, and why.
    fn unmatched(reason: String) -> Answer<'g> {
        Answer { verdict: Verdict::Unmatched, candidates: Vec::new(), reason }
    }

    /// The same answer in doubt.
    fn doubt(mut self, reason: String) -> Answer<'g> {
        self.candidates.iter_mut().for_each(Candidate::contradict);
        if self.verdict == Verdict::Resolved {
            self.verdict = Verdict::Ambiguous;
        }
        self.reason = reason;
        self
    }
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

    /// Looks a name up. An id such as `gn:146970` is a name, too.
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
        let mut answer = match self.identified(query) {
            Some(candidate) => Answer::scored(vec![candidate]),
            None => self.answer(query)?,
        };
        if query.has_area() && answer.candidates.len() < query.limit {
            self.add_siblings(query, &mut answer.candidates);
        }
        answer.candidates.truncate(query.limit);
        Ok(answer)
    }

    /// The entity whose id the query is: its own, or one of another authority that it is linked with.
    fn identified(self, query: &Query<'_>) -> Option<Candidate<'g>> {
        let id = query.text.trim();
        let (authority, _) = id.split_once(':').filter(|(authority, number)| {
            !number.is_empty() && (1..=12).contains(&authority.len()) && authority.bytes().all(|b| b.is_ascii_lowercase())
        })?;
        let linked = || {
            let is_linked = |e: &EntityRef<'_>| e.has_details() && e.details().same_as.iter().any(|same| same == id);
            ["wd", "iso", "gn"].contains(&authority).then(|| self.index.entities().find(is_linked)).flatten()
        };
        let entity = self.index.get(id).or_else(linked).filter(|entity| query.allows(entity))?;
        Some(Candidate::identified(entity, entity.names().next()?))
    }

    /// The scored candidates of a query, best first.
    fn answer(self, query: &Query<'_>) -> Result<Answer<'g>> {
        let text = query.text.trim();
        let prepared = PreparedQuery::new(text, query.names_per_key());
        let mut found = self.known(&prepared, query)?;
        if found.is_empty() {
            let parts = if text.contains([',', '，', '،', '、']) { self.by_parts(query)? } else { None };
            let whole = match parts {
                None if query.fuzzy == Fuzzy::Auto => self.by_ending(query)?,
                parts => parts,
            };
            if let Some(answer) = whole {
                return Ok(answer);
            }
        }
        if found.is_empty() && query.has_area() && query.fuzzy == Fuzzy::Auto {
            return self.in_area(&prepared, query, found).map(Answer::scored);
        }
        if found.is_empty() || matches!(query.fuzzy, Fuzzy::Within(_)) {
            found = self.all_tiers(&prepared, query, found)?;
        }
        Ok(Answer::scored(self.judged(&prepared, query, None, found)))
    }

    /// The scored candidates of what was found, best first. `area` is what the query was restricted to besides its filters.
    fn judged(
        self,
        prepared: &PreparedQuery<'_>,
        query: &Query<'_>,
        area: Option<Area>,
        found: Found<'g>,
    ) -> Vec<Candidate<'g>> {
        let mut candidates = found.into_candidates(query);
        calibration::probabilities(&mut candidates);
        if query.near.is_none() && candidates.first().is_some_and(is_known) {
            judge::rescore(&self.written(prepared), area.unwrap_or_else(|| area_of(query)), &mut candidates);
        } else {
            fuzzy::rescore(prepared.text, &mut candidates);
        }
        candidates
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
        let mut found = self.known(&prepared, query)?;
        if found.is_empty() {
            let mut search = Search::new(self.index, &prepared, query, found);
            search.without_generic()?;
            found = search.found;
        }
        let mut candidates = found.into_candidates(query);
        calibration::probabilities(&mut candidates);
        Ok((self.written(&prepared), area_of(query), candidates))
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
}

/// Whether a candidate has the very name, but for case, diacritics, grammar and a generic element.
fn is_known(candidate: &Candidate<'_>) -> bool {
    let has_generic = candidate.how == MatchKind::Partial && candidate.similarity >= WITH_OTHER_GENERIC;
    candidate.is_known_name() || candidate.how == MatchKind::Inflected || has_generic
}

/// What a query is restricted to.
fn area_of(query: &Query<'_>) -> Area {
    match (query.within.is_empty(), query.countries.is_empty()) {
        (false, _) => Area::Unit,
        (true, false) => Area::Country,
        (true, true) => Area::World,
    }
}
