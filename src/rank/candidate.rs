//! What an answer is made of: candidates, how each was found, and the verdict on them.

use std::cmp::Ordering;

use serde::Serialize;

use super::evidence;
use super::match_kind::MatchKind;
use super::weights::WEIGHTS;
use crate::entity::Point;
use crate::index::places::{EntityRef, NameRef};

/// Whether an answer can be relied on. Doubt is an answer, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The first candidate is likely enough to be relied on.
    Resolved,
    /// There are candidates, but none stands out.
    Ambiguous,
    /// There are no candidates.
    Unmatched,
}

impl Verdict {
    /// An answer is resolved if the first candidate scores at least this. Of the names in annotated news and web pages that score
    /// so much, 92 to 95 in a hundred are right alone, 96 to 98 in their column: see `docs/accuracy.md`.
    pub const RESOLVED_FROM: f64 = 0.8;

    /// The verdict on candidates, best first.
    pub fn of(candidates: &[Candidate<'_>]) -> Verdict {
        match candidates.first() {
            None => Verdict::Unmatched,
            Some(best) if best.score >= Verdict::RESOLVED_FROM => Verdict::Resolved,
            Some(_) => Verdict::Ambiguous,
        }
    }

    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Resolved => "resolved",
            Verdict::Ambiguous => "ambiguous",
            Verdict::Unmatched => "unmatched",
        }
    }
}

/// An entity that a text may mean, and the name through which it was found.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'g> {
    /// The entity.
    pub entity: EntityRef<'g>,
    /// Its name that the text matched.
    pub name: NameRef<'g>,
    /// How it was found.
    pub how: MatchKind,
    /// Edits between query and name, for fuzzy matches.
    pub distance: u8,
    /// How similar query and name are, 0 to 1.
    pub similarity: f64,
    /// The evidence for it, in log odds: see [`super::evidence`].
    pub(super) evidence: f64,
    /// The probability that it is meant, 0 to 1.
    pub(super) score: f64,
}

impl<'g> Candidate<'g> {
    /// A candidate with the evidence of its entity, its name and the match.
    pub(crate) fn matched(
        entity: EntityRef<'g>,
        name: NameRef<'g>,
        how: MatchKind,
        distance: u8,
        similarity: f64,
        near: Option<&Point>,
    ) -> Candidate<'g> {
        Candidate::scored(entity, name, how, 0.0, 0.0).weighed(
            distance,
            similarity,
            evidence::match_kind(how, similarity),
            near,
        )
    }

    /// A candidate whose name is similar to a query restricted to an area. There the misspelling of a small place is likelier
    /// than that of a large one that is less similar, so similarity weighs more than how the name was found.
    pub(crate) fn in_area(
        entity: EntityRef<'g>,
        name: NameRef<'g>,
        how: MatchKind,
        distance: u8,
        similarity: f64,
        near: Option<&Point>,
    ) -> Candidate<'g> {
        let fit = -WEIGHTS.dissimilarity_in_area * (1.0 - similarity);
        Candidate::scored(entity, name, how, 0.0, 0.0).weighed(distance, similarity, fit, near)
    }

    /// Adds up the evidence: entity, name, how well the name fits (`fit`, in log odds), and the distance from a point.
    fn weighed(self, distance: u8, similarity: f64, fit: f64, near: Option<&Point>) -> Candidate<'g> {
        let mut evidence = evidence::prominence(&self.entity) + evidence::name_kind(&self.name) + fit;
        if let Some(near) = near {
            evidence += evidence::nearness(self.entity.point(), near);
        }
        Candidate { distance, similarity, evidence, ..self }
    }

    /// A candidate with evidence and score that were worked out elsewhere in [`super`].
    pub(crate) fn scored(
        entity: EntityRef<'g>,
        name: NameRef<'g>,
        how: MatchKind,
        evidence: f64,
        score: f64,
    ) -> Candidate<'g> {
        Candidate { entity, name, how, distance: 0, similarity: 1.0, evidence, score }
    }

    /// An entity that was asked for by its id.
    pub fn identified(entity: EntityRef<'g>, name: NameRef<'g>) -> Candidate<'g> {
        Candidate::scored(entity, name, MatchKind::Exact, 0.0, 1.0)
    }

    /// The entity that a person chose.
    pub fn decided(entity: EntityRef<'g>, name: NameRef<'g>) -> Candidate<'g> {
        Candidate::scored(entity, name, MatchKind::Decided, 0.0, 1.0)
    }

    /// The probability that it is meant, 0 to 1.
    pub fn score(&self) -> f64 {
        self.score
    }

    /// The evidence for it before calibration, in log odds.
    pub fn evidence(&self) -> f64 {
        self.evidence
    }

    /// Whether the very name is known, but for case, diacritics and punctuation.
    pub fn is_known_name(&self) -> bool {
        matches!(self.how, MatchKind::Exact | MatchKind::Folded)
    }

    /// Halves the score of a candidate that its context contradicts: one of the two is wrong, and it is not known which.
    pub(crate) fn contradict(&mut self) {
        self.score *= 0.5;
    }

    /// Lowers the score of a candidate whose name was not in use at the time asked about.
    pub fn out_of_use(&mut self) {
        self.score *= 0.5;
    }

    /// Raises the score of a candidate that its coordinates single out among namesakes.
    pub(crate) fn confirm_by_point(&mut self) {
        self.score = self.score.max(0.9);
    }

    /// This candidate, found a second time under another name: neither name alone need be certain.
    pub(crate) fn corroborated_by(self, other: Candidate<'g>) -> Candidate<'g> {
        let score = 1.0 - (1.0 - self.score) * (1.0 - other.score);
        let better = if other.score > self.score { other } else { self };
        Candidate { score: score.max(0.8), ..better }
    }

    /// The town of a unit, or the unit of a town, which the same name may mean: it follows behind `self`.
    pub(crate) fn sibling(&self, entity: EntityRef<'g>, name: NameRef<'g>) -> Candidate<'g> {
        /// How likely it is that the other one of the two is meant.
        const SIBLING: f64 = 0.02;
        let (how, similarity) = (MatchKind::Partial, self.similarity * 0.9);
        let score = self.score * SIBLING;
        Candidate { entity, name, how, distance: 0, similarity, evidence: self.evidence, score }
    }

    /// This candidate with more or less evidence, in log odds.
    pub(crate) fn with_evidence(self, log_odds: f64) -> Candidate<'g> {
        Candidate { evidence: self.evidence + log_odds, ..self }
    }
}

/// The order of scored candidates: best first, ties in the order of ids.
pub(crate) fn by_score(a: &Candidate<'_>, b: &Candidate<'_>) -> Ordering {
    b.score.total_cmp(&a.score).then_with(|| a.entity.number().cmp(&b.entity.number()))
}
