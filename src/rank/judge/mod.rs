//! How likely each candidate of a known name is to be meant, learned from data.
//!
//! Two forests answer in turn. The first one judges every candidate by its [`features`]: the name, the match, the entity, and
//! the rivals. The second one says how likely the best of them is to be right at all, and so knows that a name may mean none of
//! them. [`column`] does the same for a candidate among the other values of a column. `train/src/names.rs` learns all four;
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

/// The two forests that judge a known name without further context.
#[derive(Clone, Debug, Default)]
pub struct Judge {
    /// Is this candidate meant? Over [`features::NAMES`].
    pub sense: Forest,
    /// Is the best candidate right? Over [`features::answer_names`].
    pub right: Forest,
}

/// The judge of the bundled model file.
static BUNDLED: LazyLock<Judge> = LazyLock::new(|| Judge {
    sense: forest::bundled("name-sense", &features::NAMES),
    right: forest::bundled("name-right", &features::answer_names()),
});

/// Rescores the candidates of a known name, best first.
pub(crate) fn rescore(written: &Written, area: Area, candidates: &mut [Candidate<'_>]) {
    if !BUNDLED.sense.is_empty() && !BUNDLED.right.is_empty() {
        BUNDLED.judge(written, area, candidates);
    }
}

impl Judge {
    /// Rescores candidates that were sorted by evidence, best first.
    pub fn judge(&self, written: &Written, area: Area, candidates: &mut [Candidate<'_>]) {
        let rows = features::rows(written, area, candidates);
        let Some(answer) = self.order(&rows, candidates) else { return };
        finish(f64::from(self.right.probability(&answer)), candidates);
    }

    /// Sorts the candidates by the first forest; the features of the answer, for the second one.
    pub fn order(&self, rows: &[features::Row], candidates: &mut [Candidate<'_>]) -> Option<Vec<f32>> {
        let log_odds: Vec<f64> = rows.iter().map(|row| f64::from(self.sense.score(row))).collect();
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
