//! Which countries and first-level units a text is about.

use hashbrown::HashMap;

use super::scored_span::ScoredSpan;
use super::senses::{Sense, Senses};
use super::weighed_mention::WeighedMention;
use crate::index::places::NONE;

/// Expected mentions by country and first-level unit.
#[derive(Default)]
struct Totals {
    weight: f32,
    countries: HashMap<[u8; 2], f32>,
    units: HashMap<u32, f32>,
}

impl Totals {
    fn add(&mut self, sense: &Sense, share: f32) {
        *self.countries.entry(sense.country).or_insert(0.0) += share;
        if sense.admin1 != NONE {
            *self.units.entry(sense.admin1).or_insert(0.0) += share;
        }
    }

    fn country(&self, sense: &Sense) -> f32 {
        self.countries.get(&sense.country).copied().unwrap_or(0.0)
    }

    fn unit(&self, sense: &Sense) -> f32 {
        self.units.get(&sense.admin1).copied().unwrap_or(0.0)
    }
}

/// The totals of a text, and those of each surface alone.
pub(super) struct ContextTotals {
    all: Totals,
    own: HashMap<u64, Totals>,
}

impl ContextTotals {
    /// Adds up the leading mention of each surface.
    pub(super) fn new(senses: &Senses, weighed: &[WeighedMention<'_>], leaders: &[(u64, usize)]) -> ContextTotals {
        let mut totals = ContextTotals { all: Totals::default(), own: HashMap::new() };
        for &(slot, leader) in leaders {
            let mention = &weighed[leader];
            let weight = mention.span.probability;
            let mut own = Totals { weight, ..Totals::default() };
            for (sense, share) in senses.get(mention.span.range).iter().zip(&mention.shares) {
                own.add(sense, share * weight);
                totals.all.add(sense, share * weight);
            }
            totals.all.weight += weight;
            totals.own.insert(slot, own);
        }
        totals
    }

    /// What the rest of the text says about each sense of a mention.
    pub(super) fn support(&self, senses: &Senses, span: &ScoredSpan) -> Vec<Support> {
        let all = senses.get(span.range);
        let own = self.own.get(&span.slot).filter(|own| self.all.weight - own.weight > 0.0);
        let Some(own) = own else { return vec![Support::default(); all.len()] };
        let others = self.all.weight - own.weight;
        let rest = |all: f32, own: f32| ((all - own) / (others + 1.0)).max(0.0);
        let one = |sense: &Sense| {
            let country = rest(self.all.country(sense), own.country(sense));
            let unit = if sense.admin1 == NONE { 0.0 } else { rest(self.all.unit(sense), own.unit(sense)) };
            Support { country, unit }
        };
        all.iter().map(one).collect()
    }
}

/// The shares of the rest of a text that are about the country and the first-level unit of a sense, 0 to 1.
#[derive(Clone, Copy, Default)]
pub(super) struct Support {
    pub(super) country: f32,
    pub(super) unit: f32,
}

impl Support {
    /// The log odds of this support. Set by hand on the examples book; in English text a feature of the model.
    pub(super) fn log_odds(self) -> f32 {
        6.0 * self.country.sqrt() + 5.0 * self.unit.sqrt()
    }
}
