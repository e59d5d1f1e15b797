//! What a column is about, inferred from the candidates of all its distinct values.

use std::collections::BTreeMap;

use super::Part;
use crate::entity::Country;

/// What the values of a table have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnContext {
    /// How many of the distinct values each country explains: the scores of its candidates, in thousandths, so that sums do
    /// not depend on the order of the values.
    pub countries: BTreeMap<Country, u64>,
}

/// Infers what a table is about from the places of its distinct values. The order of the values makes no difference.
pub fn infer<'p, 'g: 'p>(parts: impl Iterator<Item = &'p Part<'g>>) -> ColumnContext {
    let mut context = ColumnContext::default();
    for candidate in parts.flat_map(|part| &part.answer.candidates) {
        if let Some(country) = candidate.entity.country() {
            *context.countries.entry(country).or_default() += (candidate.score() * 1000.0).round() as u64;
        }
    }
    context
}
