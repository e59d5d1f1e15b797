//! How likely each candidate of a name is to be meant, learned from data.
//!
//! There is a [`Judge`] for names that the gazetteer knows, one for those that are only similar to its names, and one for those
//! that are similar to a name of the country or unit that the query is restricted to.
//!
//! Two forests answer in turn. The first one judges every candidate by its [`features`]: the name, the match, the entity, and
//! the rivals. The second one says how likely the best of them is to be right at all, and so knows that a name may mean none of
//! them. [`column`] does the same for a candidate among the other values of a column. `train/src/names.rs` learns them all;
//! `docs/accuracy.md` has the figures.

pub mod column;
pub mod features;

use std::sync::LazyLock;

pub use column::{ColumnContext, ColumnJudge, Evidence};
pub use features::{Area, Written};

use super::candidate::{Candidate, by_score};
use crate::forest::{self, Forest};

/// How many candidates are judged; the others keep next to nothing.
pub const JUDGED: usize = 16;

/// Two candidates this close are one place for most purposes, such as a town and its district, in kilometres.
pub const SAME_PLACE_KM: f64 = 20.0;

/// The two forests that judge a name without further context.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    /// Is this candidate meant? Over [`features::NAMES`].
    pub sense: Forest,
    /// Is the best candidate right? Over [`features::answer_names`].
    pub right: Forest,
}

/// How the candidates of a name were found, which decides who judges them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// By the very name, but for case, diacritics, grammar and a generic element.
    Known,
    /// By similarity to any name.
    Similar,
    /// By similarity to the names of a country or unit.
    SimilarInArea,
}

impl Search {
    /// The names of the two sections of the model file.
    pub fn sections(self) -> (&'static str, &'static str) {
        match self {
            Search::Known => ("name-sense", "name-right"),
            Search::Similar => ("similar-sense", "similar-right"),
            Search::SimilarInArea => ("area-sense", "area-right"),
        }
    }
}

/// Rescores the candidates of a name, best first.
pub(crate) fn rescore(written: &Written, area: Area, search: Search, candidates: &mut [Candidate<'_>]) {
    static JUDGES: LazyLock<[Judge; 3]> =
        LazyLock::new(|| [Search::Known, Search::Similar, Search::SimilarInArea].map(Judge::bundled));
    let judge = &JUDGES[search as usize];
    if !judge.sense.is_empty() && !judge.right.is_empty() {
        judge.judge(written, area, candidates);
    }
}

impl Judge {
    fn bundled(search: Search) -> Judge {
        let (sense, right) = search.sections();
        Judge {
            sense: forest::bundled(sense, &features::NAMES),
            right: forest::bundled(right, &features::answer_names()),
        }
    }

    /// Rescores candidates that were sorted by evidence, best first.
    pub fn judge(&self, written: &Written, area: Area, candidates: &mut [Candidate<'_>]) {
        let rows = features::rows(written, area, candidates);
        let Some(answer) = self.order(&rows, candidates) else { return };
        finish(f64::from(self.right.probability(&answer)), candidates);
    }

    /// Sorts the candidates by the first forest; the features of the answer, for the second one.
    pub fn order(&self, rows: &[features::Row], candidates: &mut [Candidate<'_>]) -> Option<Vec<f32>> {
        let odds = |row: &features::Row| f64::from(self.sense.score(row)) + features::unit_yields(row);
        let log_odds: Vec<f64> = rows.iter().map(odds).collect();
        let first = share(&log_odds, candidates)?;
        let best = candidates.first()?;
        let mut answer = rows[first].to_vec();
        let second = candidates.get(1).map_or(0.0, |c| c.score);
        let near: f64 = candidates.iter().take(JUDGED).filter(|c| is_same_place(best, c)).map(|c| c.score).sum();
        answer.extend([best.score, best.evidence, best.score - second, near].map(features::rounded));
        Some(answer)
    }
}

/// Makes log odds of mutually exclusive candidates shares, and sorts by them; which candidate was the first one's row.
fn share(log_odds: &[f64], candidates: &mut [Candidate<'_>]) -> Option<usize> {
    let top = log_odds.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = log_odds.iter().map(|odds| (odds - top).exp()).sum();
    for (candidate, odds) in candidates.iter_mut().zip(log_odds) {
        candidate.evidence = *odds;
        candidate.score = (odds - top).exp() / total;
    }
    for candidate in candidates.iter_mut().skip(log_odds.len()) {
        candidate.evidence = candidate.evidence.min(-20.0);
        candidate.score = 0.0;
    }
    let first = (0..log_odds.len()).min_by(|&a, &b| by_score(&candidates[a], &candidates[b]))?;
    candidates.sort_by(by_score);
    Some(first)
}

/// Gives the best candidate the probability that it is right, and the others what is left.
fn finish(right: f64, candidates: &mut [Candidate<'_>]) {
    let others: f64 = candidates.iter().skip(1).map(|c| c.score).sum::<f64>().max(1e-9);
    for (rank, candidate) in candidates.iter_mut().enumerate() {
        candidate.score = match rank {
            0 => right,
            _ => (candidate.score * (1.0 - right) / others).min(candidate.score).min(right),
        };
    }
}

/// Whether two candidates lie so close together that either is an answer for the other.
pub fn is_same_place(one: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    match (one.entity.point(), other.entity.point()) {
        (Some(here), Some(there)) => here.distance(&there) <= SAME_PLACE_KM,
        _ => one.entity.number() == other.entity.number(),
    }
}
