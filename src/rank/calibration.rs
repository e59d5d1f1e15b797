//! Evidence to probabilities.

use super::candidate::{Candidate, by_score};
use super::evidence::{is_unit_around, name_kind, none_of_these, prominence};
use super::match_kind::MatchKind;
use super::weights::WEIGHTS;

/// The similarity of a name that differs from the query in its diacritics.
pub(crate) const DIACRITICS_DIFFER: f64 = 0.8;

/// Settles what candidates of one query say about each other: a unit yields to the town of its name, a name with other
/// diacritics to the very spelling.
pub(crate) fn settle(candidates: &mut [Candidate<'_>]) {
    if candidates.iter().any(|c| c.how == MatchKind::Exact && !c.name.text().is_ascii()) {
        let other = |c: &&mut Candidate<'_>| c.how == MatchKind::Folded && c.similarity == DIACRITICS_DIFFER;
        candidates.iter_mut().filter(other).for_each(|c| c.evidence += WEIGHTS.other_diacritics);
    }
    let around = |unit: &Candidate<'_>| candidates.iter().any(|town| is_unit_around(&unit.entity, &town.entity));
    let units: Vec<bool> = candidates.iter().map(around).collect();
    for (candidate, _) in candidates.iter_mut().zip(units).filter(|(_, around)| *around) {
        candidate.evidence += WEIGHTS.unit_around_town;
    }
}

/// Turns the evidence for mutually exclusive candidates into probabilities, best first; ties are in the order of ids.
pub(crate) fn probabilities(candidates: &mut [Candidate<'_>]) {
    let by_id = |a: &Candidate<'_>, b: &Candidate<'_>| a.entity.number().cmp(&b.entity.number());
    candidates.sort_by(|a, b| b.evidence.total_cmp(&a.evidence).then_with(|| by_id(a, b)));
    let Some(best) = candidates.first() else { return };
    let (top, none) = (best.evidence, none_of_these(best.how, best.similarity));
    let total: f64 = (none - top).exp() + candidates.iter().map(|c| (c.evidence - top).exp()).sum::<f64>();
    for candidate in candidates {
        candidate.score = (candidate.evidence - top).exp() / total;
    }
}

/// Rescores misspelt names of a known unit or country, best first: their share among the similar names, times the probability
/// that one of these is meant at all.
pub(crate) fn probabilities_in_area(candidates: &mut [Candidate<'_>], in_unit: bool) {
    let fuzzy = |c: &Candidate<'_>| c.how == MatchKind::Fuzzy;
    let top = candidates.iter().filter(|c| fuzzy(c)).map(|c| c.evidence).fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = candidates.iter().filter(|c| fuzzy(c)).map(|c| (c.evidence - top).exp()).sum();
    for candidate in candidates.iter_mut().filter(|c| fuzzy(c)) {
        candidate.score = (candidate.evidence - top).exp() / total * known_at_all(candidate, in_unit);
    }
    candidates.sort_by(by_score);
}

/// The probability that a misspelt name is meant, rather than a name that the gazetteer lacks. In a unit, which is small, that
/// depends on how similar the names are. In a whole country half of all villages have a name similar to another one, so the
/// place must be well known, too. (Measured on misspelt towns with their state, all of them in the gazetteer, and on villages
/// with their country, few of which are: docs/experiments.md.)
fn known_at_all(candidate: &Candidate<'_>, in_unit: bool) -> f64 {
    let similarity = candidate.similarity;
    let known = prominence(&candidate.entity) + name_kind(&candidate.name);
    let evidence = if in_unit { 25.0 * (similarity - 0.85) } else { 25.0 * (similarity - 0.9) + 0.3 * (known - 12.0) };
    1.0 / (1.0 + (-evidence).exp())
}

/// The score of a mention's candidate: the learned probability that the answer is `right` where there is one, otherwise the
/// probability that the span is a name times the share of the sense.
pub(crate) fn mention_score(rank: usize, span: f32, share: f32, right: Option<f32>) -> f64 {
    let product = span * share;
    f64::from(match right {
        Some(right) if rank == 0 => right,
        Some(right) => product.min(right).min(1.0 - right),
        None => product,
    })
}
