//! The probability that an answer found by similarity alone is right: by phonetic key, by words, or within one or two edits.
//!
//! A forest over a few features, trained on names of the gazetteer that were misspelt by rule and on names that it lacks
//! (`train/src/misspelt.rs`). No name is a feature.

use std::sync::LazyLock;

use super::candidate::Candidate;
use super::evidence::{name_kind, prominence};
use super::match_kind::MatchKind;
use crate::entity::Script;
use crate::fold::Key;
use crate::forest::{self, Forest};

/// The names of the features.
pub const NAMES: [&str; 13] = [
    "how",
    "distance",
    "letters",
    "letters-of-name",
    "words",
    "similarity",
    "prominence",
    "name-kind",
    "share",
    "lead",
    "candidates",
    "script",
    "script-of-name",
];

/// How many candidates are considered.
const SEEN: usize = 20;

/// The features of an answer, in the order of [`NAMES`]; none if there are no candidates, or the best one was not found by
/// similarity.
pub fn row(name: &str, candidates: &[Candidate<'_>]) -> Option<[f32; NAMES.len()]> {
    let best = candidates.first()?;
    let how = match best.how {
        // A known name beside a generic element.
        MatchKind::Partial if best.similarity >= 0.95 => return None,
        MatchKind::Romanized => 1.0,
        MatchKind::Partial => 2.0,
        MatchKind::Fuzzy => 3.0,
        MatchKind::Exact | MatchKind::Folded | MatchKind::Inflected | MatchKind::Decided => return None,
    };
    let weights = candidates.iter().take(SEEN).map(|c| (c.evidence - best.evidence).exp());
    let total: f64 = weights.clone().sum();
    let second = weights.clone().nth(1).unwrap_or(0.0);
    let (asked, met) = (Key::of(name), Key::of(best.name.text()));
    let letters = |key: &Key| key.as_str().chars().filter(|&c| c != ' ').count() as f64;
    let features = [
        how,
        f64::from(best.distance),
        letters(&asked),
        letters(&met),
        asked.as_str().split(' ').count() as f64,
        best.similarity,
        prominence(&best.entity),
        name_kind(&best.name),
        1.0 / total,
        (1.0 - second) / total,
        candidates.len().min(SEEN) as f64,
        script(Script::of(name)),
        script(best.name.script()),
    ];
    Some(features.map(|value| (value * 1e4).round() as f32 / 1e4))
}

/// A script by its type: Latin, another alphabet, an abjad, East Asian, or other.
fn script(script: Script) -> f64 {
    match script.as_str() {
        "Latn" => 0.0,
        "Cyrl" | "Grek" | "Armn" | "Geor" => 1.0,
        "Arab" | "Hebr" | "Syrc" => 2.0,
        "Hani" | "Jpan" | "Hira" | "Kana" | "Hang" => 3.0,
        _ => 4.0,
    }
}

/// Rescores candidates, best first, if the best was found by similarity.
pub(crate) fn rescore(name: &str, candidates: &mut [Candidate<'_>]) {
    static MODEL: LazyLock<Forest> = LazyLock::new(|| forest::bundled("misspelt", &NAMES));
    let Some(row) = row(name, candidates).filter(|_| !MODEL.is_empty()) else { return };
    let right = f64::from(MODEL.probability(&row));
    for (rank, candidate) in candidates.iter_mut().enumerate() {
        candidate.score = if rank == 0 { right } else { candidate.score.min(right).min(1.0 - right) };
    }
}
