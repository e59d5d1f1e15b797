//! How sure an answer is that was found by likeness alone: by sound, by words, or by all letters but one or two.
//!
//! A forest over a few features says it, learned from names of the gazetteer that were misspelt by rule and from names that it
//! lacks (`train/src/misspelt.rs`); no name is a feature.

use crate::candidate::{Candidate, MatchKind};
use crate::entity::Script;
use crate::fold::Key;
use crate::model::Model;
use crate::score;

/// What the forest looks at.
pub const NAMES: [&str; 13] = [
    "how",
    "distance",
    "letters",
    "letters-of-name",
    "words",
    "likeness",
    "prominence",
    "name-kind",
    "share",
    "lead",
    "candidates",
    "script",
    "script-of-name",
];

/// How many candidates are looked at.
const SEEN: usize = 20;

/// The features of an answer, in the order of [`NAMES`]; nothing where there are no candidates, or the best was found otherwise.
pub fn row(name: &str, candidates: &[Candidate<'_>]) -> Option<[f32; NAMES.len()]> {
    let best = candidates.first()?;
    let how = match best.how {
        // A known name beside a word that says what it names.
        MatchKind::Partial if best.likeness >= 0.95 => return None,
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
        best.likeness,
        score::prominence(&best.entity),
        score::name_kind(&best.name),
        1.0 / total,
        (1.0 - second) / total,
        candidates.len().min(SEEN) as f64,
        script(Script::of(name)),
        script(best.name.script()),
    ];
    Some(features.map(|value| (value * 1e4).round() as f32 / 1e4))
}

/// A script by what its letters tell: an alphabet, one without vowels, or signs for syllables and words.
fn script(script: Script) -> f64 {
    match script.as_str() {
        "Latn" => 0.0,
        "Cyrl" | "Grek" | "Armn" | "Geor" => 1.0,
        "Arab" | "Hebr" | "Syrc" => 2.0,
        "Hani" | "Jpan" | "Hira" | "Kana" | "Hang" => 3.0,
        _ => 4.0,
    }
}

/// Scores candidates of a name anew, best first, where the best was found by likeness.
pub(crate) fn judge(name: &str, candidates: &mut [Candidate<'_>]) {
    let forest = &Model::bundled().misspelt;
    let Some(row) = row(name, candidates).filter(|_| !forest.is_empty()) else { return };
    let sure = f64::from(forest.probability(&row));
    for (rank, candidate) in candidates.iter_mut().enumerate() {
        candidate.score = if rank == 0 { sure } else { candidate.score.min(sure).min(1.0 - sure) };
    }
}
