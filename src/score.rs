//! Evidence and its weight: pure functions, the only judges of candidates.
//!
//! The evidence for a candidate is a sum of logarithms: how prominent the entity is, what it is, what kind of name was
//! matched and how well, and what the context says. [`probabilities`] makes scores of it. The first weights were chosen
//! by hand after a published recipe for news text (0.9 of the logarithm of the population, offsets for class and kind of
//! name); they are round numbers, not fitted ones.

use crate::candidate::{Candidate, MatchKind};
use crate::entity::{EntityType, NameKind, Point};
use crate::index::places::{EntityRef, NameRef};

/// How likely an entity is to be spoken of at all: by its inhabitants, and by how many names the world has for it (a
/// place with a hundred names is known far beyond its inhabitants).
pub fn prominence(entity: &EntityRef<'_>) -> f64 {
    let inhabitants = |n: f64| 0.9 * (n + 200.0).ln();
    let own = inhabitants(f64::from(entity.prominence())) + 0.8 * (1.0 + f64::from(entity.name_count()) / 4.0).ln();
    if entity.kind() != EntityType::Place {
        return inhabitants(100_000.0);
    }
    let feature = entity.feature();
    match (feature.class(), feature.code()) {
        (Some('A'), code) if code.starts_with("PCL") => own + 3.0,
        (Some('A'), "ADM1") => own - 2.5,
        (Some('A'), "ADM2") => own - 3.0,
        // Units that are no more are kept in curated lists alone, where they are well known.
        (Some('A'), code) if code.ends_with('H') => inhabitants(200_000.0).max(own),
        (Some('A'), _) => own - 3.0,
        (Some('P'), "PPLC") => own + 0.7,
        (Some('P'), "PPLA") => own + 0.3,
        // Sections of towns and places that are no more.
        (Some('P'), "PPLX" | "PPLH" | "PPLQ" | "PPLW" | "PPLCH") => own - 1.0,
        (Some('P'), _) => own,
        (Some('L'), "CONT") => inhabitants(1e9),
        // Regions, waters, mountains have no inhabitants: those in a curated list are as well known as large towns.
        (Some('L'), _) | (Some('H'), "SEA" | "OCN" | "GULF") => inhabitants(500_000.0).max(own),
        (Some('S' | 'R'), _) => inhabitants(30_000.0).max(own),
        (Some(_), _) => inhabitants(150_000.0).max(own),
        (None, _) => own,
    }
}

/// What a unit loses to a town of its name that lies in it: `New York` alone is the city, `New York State` the state.
pub const UNIT_AROUND_ITS_TOWN: f64 = -1.5;

/// What is left of the probability of a unit in a text where a town of its name lies in it.
pub const UNIT_OF_ONE_NAME: f32 = 0.6;

/// What an entity gains by a generic element beside its name that fits its class: `Donetsk oblast`.
pub const GENERIC_FITS: f64 = 4.0;

/// Whether `unit` is an administrative unit around `town`, a populated place.
pub fn is_unit_around(unit: &EntityRef<'_>, town: &EntityRef<'_>) -> bool {
    unit.feature().class() == Some('A')
        && !unit.feature().code().starts_with("PCL")
        && town.feature().class() == Some('P')
        && town.is_within(unit.number())
}

/// How likely a name of this kind is to be the one used.
pub fn name_kind(name: &NameRef<'_>) -> f64 {
    if name.is_machine() {
        return -3.0;
    }
    let kind = if name.is_main() {
        0.5
    } else {
        match name.kind() {
            NameKind::Official | NameKind::Endonym | NameKind::Exonym => 0.3,
            NameKind::Short | NameKind::Abbreviation | NameKind::Colloquial => 0.0,
            NameKind::Romanized => -0.3,
            NameKind::Historical | NameKind::Demonym => -0.7,
            // Of a curated name more is known than its kind says.
            NameKind::Alternate if name.source() == crate::entity::CURATED => -0.3,
            NameKind::Alternate => -2.6,
            NameKind::Misspelling => -2.0,
            NameKind::Code => -3.0,
        }
    };
    if name.is_weak() { kind - 2.0 } else { kind }
}

/// What a name loses whose marks are others than those written, where another entity has the very spelling: `Laçın` is not
/// `Lačin`. Whoever types marks means them.
pub const OTHER_MARKS: f64 = -14.0;

/// How much a match of this kind is worth; `likeness` is 0 to 1.
pub fn match_kind(how: MatchKind, likeness: f64) -> f64 {
    match how {
        MatchKind::Decided => 20.0,
        MatchKind::Exact => 0.5,
        MatchKind::Folded => -10.0 * (1.0 - likeness),
        MatchKind::Inflected => -0.5,
        MatchKind::Romanized => -1.0 - 20.0 * (1.0 - likeness),
        MatchKind::Partial => -2.0 - 10.0 * (1.0 - likeness),
        MatchKind::Fuzzy => -1.5 - 20.0 * (1.0 - likeness),
    }
}

/// How much being `km` away from a point of interest is worth: nothing within a day's walk, then less and less.
pub fn nearness(here: Option<Point>, there: &Point) -> f64 {
    match here {
        Some(here) => -1.2 * (1.0 + here.distance(there) / 30.0).ln(),
        None => -6.0,
    }
}

/// What "none of these" weighs beside the candidates: a name on a lower rung needs a likelier entity.
pub fn nothing(how: MatchKind, likeness: f64) -> f64 {
    match how {
        MatchKind::Partial if likeness >= 0.95 => 1.5,
        MatchKind::Exact | MatchKind::Folded | MatchKind::Inflected | MatchKind::Decided => 1.0,
        MatchKind::Romanized => 4.0,
        MatchKind::Partial => 4.0,
        MatchKind::Fuzzy => 5.0,
    }
}

/// Turns the evidence of candidates that exclude each other into scores, and puts the best first; equal ones stand in
/// the order of their ids.
pub fn probabilities(candidates: &mut [Candidate<'_>]) {
    let by_id = |a: &Candidate<'_>, b: &Candidate<'_>| a.entity.number().cmp(&b.entity.number());
    candidates.sort_by(|a, b| b.evidence.total_cmp(&a.evidence).then_with(|| by_id(a, b)));
    let Some(best) = candidates.first() else { return };
    let (top, none) = (best.evidence, nothing(best.how, best.likeness));
    let total: f64 = (none - top).exp() + candidates.iter().map(|c| (c.evidence - top).exp()).sum::<f64>();
    for candidate in candidates {
        candidate.score = (candidate.evidence - top).exp() / total;
    }
}

/// Scores misspelt names of a known unit or country anew: by their share of what is alike, and by how likely it is that one of
/// them is meant at all; the best first.
pub fn likely_in(candidates: &mut [Candidate<'_>], in_unit: bool) {
    let like = |c: &Candidate<'_>| c.how == MatchKind::Fuzzy;
    let top = candidates.iter().filter(|c| like(c)).map(|c| c.evidence).fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = candidates.iter().filter(|c| like(c)).map(|c| (c.evidence - top).exp()).sum();
    for candidate in candidates.iter_mut().filter(|c| like(c)) {
        candidate.score = (candidate.evidence - top).exp() / total * fits(candidate, in_unit);
    }
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.entity.number().cmp(&b.entity.number())));
}

/// How likely it is that a misspelt name is meant and not one that the gazetteer lacks. In a unit, which is small, that is a
/// matter of how alike the names are. In a whole country half of all villages have a name like some other: there it takes a
/// place that is known widely, too. (Measured on misspelt towns with their state, which are all in the gazetteer, and on
/// villages with their country, of which hardly any is: docs/accuracy.md.)
fn fits(candidate: &Candidate<'_>, in_unit: bool) -> f64 {
    let alike = candidate.likeness;
    let known = prominence(&candidate.entity) + name_kind(&candidate.name);
    let evidence = if in_unit { 25.0 * (alike - 0.85) } else { 25.0 * (alike - 0.9) + 0.3 * (known - 12.0) };
    1.0 / (1.0 + (-evidence).exp())
}

/// How alike two names are, 0 to 1: the optimal string alignment of their romanized forms, a little better where the
/// beginnings agree (people mistype beginnings least).
pub fn likeness(a: &str, b: &str) -> f64 {
    let same = strsim::normalized_damerau_levenshtein(a, b);
    let start = a.chars().zip(b.chars()).take(4).take_while(|(a, b)| a == b).count() as f64;
    same + (1.0 - same) * 0.05 * start
}
