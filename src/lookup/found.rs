//! What a search has found so far: the best name of each entity.

use hashbrown::HashMap;

use super::query::{Fuzzy, Query};
use crate::index::places::EntityRef;
use crate::rank::{Candidate, MatchKind, calibration};

/// The best candidate of each entity, by the entity's number.
#[derive(Debug, Default)]
pub(super) struct Found<'g>(HashMap<u32, Candidate<'g>>);

impl<'g> Found<'g> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn any(&self, holds: impl FnMut(&Candidate<'g>) -> bool) -> bool {
        self.0.values().any(holds)
    }

    /// Keeps only candidates that satisfy a condition.
    pub(super) fn retain_candidates(&mut self, mut keep: impl FnMut(&Candidate<'g>) -> bool) {
        self.0.retain(|_, candidate| keep(candidate));
    }

    pub(super) fn retain(&mut self, mut keep: impl FnMut(&EntityRef<'g>) -> bool) {
        self.0.retain(|_, candidate| keep(&candidate.entity));
    }

    /// Keeps a candidate if it is the best of its entity. Among equals the English name wins: one spelling serves many
    /// languages, and English tells the most readers where it comes from.
    pub(super) fn keep(&mut self, candidate: Candidate<'g>) {
        let rank = |c: &Candidate<'_>| (c.evidence(), c.name.lang() == "en");
        let kept = self.0.entry(candidate.entity.number()).or_insert(candidate);
        if rank(&candidate) > rank(kept) {
            *kept = candidate;
        }
    }

    /// The candidates, unscored. Known names exclude similar ones unless both were asked for.
    pub(super) fn into_candidates(self, query: &Query<'_>) -> Vec<Candidate<'g>> {
        let mut candidates: Vec<Candidate<'g>> = self.0.into_values().collect();
        if query.fuzzy == Fuzzy::Auto && candidates.iter().any(|c| c.how <= MatchKind::Folded) {
            candidates.retain(|c| c.how <= MatchKind::Folded);
        }
        calibration::settle(&mut candidates);
        candidates
    }
}
