//! The evidence for a candidate: a sum of log odds, over how prominent the entity is, what kind of name matched and how well,
//! and what the query says about the place.

use super::match_kind::MatchKind;
use super::weights::{ASSUMED_POPULATION, WEIGHTS};
use crate::entity::{CURATED, EntityType, NameKind, Point};
use crate::index::places::{EntityRef, NameRef};

/// How likely an entity is to be mentioned at all, from its population, its number of names and its class.
pub fn prominence(entity: &EntityRef<'_>) -> f64 {
    let w = WEIGHTS;
    let assumed = ASSUMED_POPULATION;
    let population = |n: f64| w.population * (n + w.population_floor).ln();
    let own = population(f64::from(entity.prominence())) + w.names * (1.0 + f64::from(entity.name_count()) / 4.0).ln();
    if entity.kind() != EntityType::Place {
        return population(assumed.organization);
    }
    let feature = entity.feature();
    match (feature.class(), feature.code()) {
        (Some('A'), code) if code.starts_with("PCL") => own + w.country,
        (Some('A'), "ADM1") => own + w.first_level,
        (Some('A'), "ADM2") => own + w.second_level,
        (Some('A'), code) if code.ends_with('H') => population(assumed.former_unit).max(own),
        (Some('A'), _) => own + w.lower_level,
        (Some('P'), "PPLC") => own + w.capital,
        (Some('P'), "PPLA") => own + w.seat,
        (Some('P'), "PPLX" | "PPLH" | "PPLQ" | "PPLW" | "PPLCH") => own + w.section,
        (Some('P'), _) => own,
        (Some('L'), "CONT") => population(assumed.continent),
        (Some('L'), _) | (Some('H'), "SEA" | "OCN" | "GULF") => population(assumed.region).max(own),
        (Some('S' | 'R'), _) => population(assumed.site).max(own),
        (Some(_), _) => population(assumed.feature).max(own),
        (None, _) => own,
    }
}

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
            // A curated name is better documented than its kind says.
            NameKind::Alternate if name.source() == CURATED => -0.3,
            NameKind::Alternate => -2.6,
            NameKind::Misspelling => -2.0,
            NameKind::Code => -3.0,
        }
    };
    if name.is_weak() { kind - 2.0 } else { kind }
}

/// The log odds of a match of this kind; `similarity` is 0 to 1.
pub fn match_kind(how: MatchKind, similarity: f64) -> f64 {
    match how {
        MatchKind::Decided => 20.0,
        MatchKind::Exact => 0.5,
        MatchKind::Folded => -10.0 * (1.0 - similarity),
        MatchKind::Inflected => -0.5,
        MatchKind::Romanized => -1.0 - 20.0 * (1.0 - similarity),
        MatchKind::Partial => -2.0 - 10.0 * (1.0 - similarity),
        MatchKind::Fuzzy => -1.5 - 20.0 * (1.0 - similarity),
    }
}

/// The log odds of "none of the candidates", given how the best was found: a weaker match needs a more likely entity.
pub fn none_of_these(how: MatchKind, similarity: f64) -> f64 {
    match how {
        MatchKind::Partial if similarity >= 0.95 => 1.5,
        MatchKind::Exact | MatchKind::Folded | MatchKind::Inflected | MatchKind::Decided => 1.0,
        MatchKind::Romanized => 4.0,
        MatchKind::Partial => 4.0,
        MatchKind::Fuzzy => 5.0,
    }
}

/// The log odds of a distance from a point of interest: nothing within walking distance, falling with the logarithm of the
/// kilometres.
pub fn nearness(here: Option<Point>, there: &Point) -> f64 {
    match here {
        Some(here) => WEIGHTS.distance * (1.0 + here.distance(there) / 30.0).ln(),
        None => WEIGHTS.no_point,
    }
}

/// Whether a generic element that implies `classes` fits an entity, in a query restricted to a country or unit.
pub fn class_fit(entity: &EntityRef<'_>, classes: &str) -> f64 {
    match entity.feature().class().is_some_and(|class| classes.contains(class)) {
        true => WEIGHTS.generic_fits_in_area,
        false => WEIGHTS.generic_contradicts_in_area,
    }
}
