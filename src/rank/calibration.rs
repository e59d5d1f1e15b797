//! Evidence to probabilities.

use super::candidate::Candidate;
use super::evidence::{is_unit_around, none_of_these};
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
