//! Why a mention got its answer.

use serde::Serialize;

use crate::forest::Forest;

/// The features that moved each of the three decisions most.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Explanation {
    /// Is it a name here?
    pub span: Vec<Reason>,
    /// Is this the sense that is meant?
    pub sense: Vec<Reason>,
    /// Are both right?
    pub answer: Vec<Reason>,
}

/// A feature of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// Its name.
    pub feature: &'static str,
    /// Its value here.
    pub value: f32,
    /// How far it moves the log odds.
    pub log_odds: f32,
}

/// How many reasons are given for each decision.
const REASONS: usize = 8;

/// The features that move a score most, the strongest first.
pub(super) fn reasons(forest: &Forest, names: &[&'static str], row: &[f32]) -> Vec<Reason> {
    let round = |number: f32| (number * 1e3).round() / 1e3;
    let all = names.iter().zip(row).zip(forest.explain(row));
    let mut all: Vec<Reason> = all
        .map(|((&feature, &value), log_odds)| Reason { feature, value: round(value), log_odds: round(log_odds) })
        .filter(|reason| reason.log_odds != 0.0)
        .collect();
    all.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    all.truncate(REASONS);
    all
}
