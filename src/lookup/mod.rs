//! A query becomes ranked candidates: candidate generation as an ordered list of [`tiers`], and filters.
//!
//! What follows a comma restricts the query ([`parts`]). Without a country or unit the tiers search the names of the whole
//! world. With one, all names inside it are compared with the query ([`area`]), which finds more and costs less than a search
//! with many edits.

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
pub(crate) use parts::{REGION_KM, SEPARATORS};
use prepared::PreparedQuery;
use tiers::{Search, WITH_OTHER_GENERIC};

use crate::entity::NameKind;
use crate::error::{Error, Result};
use crate::fold::Key;
use crate::index::Index;
use crate::index::places::{EntityRef, NameRef};
use crate::rank::judge::{self, Area, Written};
use crate::rank::{Candidate, MatchKind, Verdict, calibration};

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
        let reason = candidates
            .first()
            .filter(|best| has_other_generic(best))
            .map(|best| format!("only a part of the name is known, '{}', which is something else", best.name.text()));
        let answer = Answer { verdict: Verdict::of(&candidates), candidates, reason: String::new() };
        match reason {
            Some(reason) => answer.doubt(reason),
            None => answer,
        }
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

    /// The entity whose id the query is: its own, one of another authority that it is linked with, or its ISO 3166-2 code.
    fn identified(self, query: &Query<'_>) -> Option<Candidate<'g>> {
        let id = query.text.trim();
        if is_subdivision_code(id) {
            let code = id.to_uppercase();
            let is_code = |name: &NameRef<'_>| name.kind() == NameKind::Code && name.text() == code;
            let names = self.index.names.get(&Key::of(id)).filter_map(|posting| self.index.places.name(posting.name()));
            let name = names.into_iter().find(is_code)?;
            let entity = name.entity().filter(|entity| query.allows(entity))?;
            return Some(Candidate::identified(entity, name));
        }
        let (authority, _) = id.split_once(':').filter(|(authority, number)| {
            !number.is_empty()
                && (1..=12).contains(&authority.len())
                && authority.bytes().all(|b| b.is_ascii_lowercase())
        })?;
        let linked = || {
            let is_linked = |e: &EntityRef<'_>| e.has_details() && e.details().same_as.iter().any(|same| same == id);
            ["wd", "iso", "gn"].contains(&authority).then(|| self.index.entities().find(is_linked)).flatten()
        };
        let entity = self.index.get(id).or_else(linked).filter(|entity| query.allows(entity))?;
        Some(Candidate::identified(entity, entity.names().next()?))
    }

    /// The answer to a query that is not an id.
    fn answer(self, query: &Query<'_>) -> Result<Answer<'g>> {
        let text = query.text.trim();
        let prepared = PreparedQuery::new(text, query.names_per_key());
        let mut found = self.known(&prepared, query)?;
        let has_parts = text.contains(SEPARATORS) && !found.any(|c| c.name.text().contains(SEPARATORS));
        if has_parts && let Some(answer) = self.by_parts(query, !found.is_empty())? {
            return Ok(answer);
        }
        if found.is_empty()
            && query.fuzzy == Fuzzy::Auto
            && let Some(answer) = self.by_ending(query)?
        {
            return Ok(answer);
        }
        if found.is_empty() && query.has_area() && query.fuzzy == Fuzzy::Auto {
            let candidates = self.in_area(&prepared, query)?;
            return Ok(Answer::scored(self.judged(&prepared, query, area_of(query), true, candidates)));
        }
        if found.is_empty() || matches!(query.fuzzy, Fuzzy::Within(_)) {
            found = self.all_tiers(&prepared, query, found)?;
        }
        let candidates = by_evidence(found, query);
        Ok(Answer::scored(self.judged(&prepared, query, area_of(query), false, candidates)))
    }

    /// Judges candidates that are sorted by evidence. `area` is what the query is restricted to; `in_area` says that similar names
    /// were searched there alone.
    fn judged(
        self,
        prepared: &PreparedQuery<'_>,
        query: &Query<'_>,
        area: Area,
        in_area: bool,
        mut candidates: Vec<Candidate<'g>>,
    ) -> Vec<Candidate<'g>> {
        let Some(best) = candidates.first() else { return candidates };
        let search = search_of(best, in_area);
        // The evidence decides where there is no feature for what is known: how near a known name should lie, and how likely a
        // user's own entities are.
        let is_learned = query.near.is_none() && candidates.iter().all(|c| c.entity.is_bundled());
        if is_learned || search != judge::Search::Known {
            judge::rescore(&self.written(prepared), area, search, &mut candidates);
        }
        candidates
    }

    fn written(self, prepared: &PreparedQuery<'_>) -> Written {
        Written::of(prepared.text, &prepared.key, self.index)
    }

    /// The candidates of a name before they are judged, for training.
    ///
    /// # Errors
    /// If the index is damaged.
    #[cfg(feature = "train")]
    pub fn unjudged(self, query: &Query<'_>) -> Result<(Written, Area, judge::Search, Vec<Candidate<'g>>)> {
        let prepared = PreparedQuery::new(query.text.trim(), query.names_per_key());
        let mut found = self.known(&prepared, query)?;
        let in_area = found.is_empty() && query.has_area();
        if found.is_empty() && !in_area {
            found = self.all_tiers(&prepared, query, found)?;
        }
        let candidates = if in_area { self.in_area(&prepared, query)? } else { by_evidence(found, query) };
        let search = candidates.first().map_or(judge::Search::Known, |best| search_of(best, in_area));
        Ok((self.written(&prepared), area_of(query), search, candidates))
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

/// What was found, as shares by evidence, best first.
fn by_evidence<'g>(found: Found<'g>, query: &Query<'_>) -> Vec<Candidate<'g>> {
    let mut candidates = found.into_candidates(query);
    calibration::probabilities(&mut candidates);
    candidates
}

/// Who judges candidates, by how the best of them was found.
fn search_of(best: &Candidate<'_>, in_area: bool) -> judge::Search {
    match (is_known(best), in_area) {
        (true, _) => judge::Search::Known,
        (false, true) => judge::Search::SimilarInArea,
        (false, false) => judge::Search::Similar,
    }
}

/// Whether a candidate has the very name, but for case, diacritics, grammar and a generic element.
fn is_known(candidate: &Candidate<'_>) -> bool {
    let has_generic = candidate.how == MatchKind::Partial && candidate.similarity >= WITH_OTHER_GENERIC;
    candidate.is_known_name() || candidate.how == MatchKind::Inflected || has_generic
}

/// Whether a text has the form of an ISO 3166-2 code, such as `US-CA`.
fn is_subdivision_code(text: &str) -> bool {
    text.split_once('-').is_some_and(|(country, unit)| {
        country.len() == 2
            && country.bytes().all(|b| b.is_ascii_alphabetic())
            && (1..=3).contains(&unit.len())
            && unit.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// Whether a candidate was found beside a generic element that does not fit it: `Lynn Lake` is not the town of Lynn.
fn has_other_generic(candidate: &Candidate<'_>) -> bool {
    candidate.how == MatchKind::Partial && candidate.similarity == WITH_OTHER_GENERIC
}

/// What a query is restricted to.
fn area_of(query: &Query<'_>) -> Area {
    match (query.within.is_empty(), query.countries.is_empty()) {
        (false, _) => Area::Unit,
        (true, false) => Area::Country,
        (true, true) => Area::World,
    }
}
