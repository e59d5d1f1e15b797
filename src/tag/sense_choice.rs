//! Stage 4: which sense of a mention the text means.
//!
//! By rules first: how prominent a sense is, what stands beside the mention ([`super::neighbours`]), which countries and units
//! the other mentions are in ([`super::context_totals`]), and what the caller said. One surface has one sense throughout a
//! text. A model then judges these sums together with the distances to the other places ([`super::sense_features`]).

use hashbrown::HashMap;

use super::context_totals::{ContextTotals, Support};
use super::model::TagModel;
use super::neighbours;
use super::options::Options;
use super::scored_span::ScoredSpan;
use super::sense_features::{self, ByRules};
use super::senses::{Sense, Senses};
use super::surroundings::{Surface, Surroundings};
use super::text_context::TextContext;
use super::weighed_mention::WeighedMention;
use crate::index::Index;
use crate::rank::evidence;
use crate::rank::weights::UNIT_NAMED_AFTER_TOWN;

const WIDTH: usize = sense_features::NAMES.len();

/// How many senses of a surface the model judges: the most probable ones by rules.
const JUDGED: usize = 12;

/// Log odds of a sense in a country that the caller expects.
const EXPECTED_COUNTRY: f32 = 10.0;

/// What one surface means throughout a text.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The probability of each sense.
    pub shares: Vec<f32>,
    /// The senses that were judged in full, and where their features begin in [`ChosenSenses`].
    pub rows: Vec<(usize, usize)>,
}

/// What every surface of a text means.
#[derive(Debug, Default)]
pub struct ChosenSenses {
    by_slot: HashMap<u64, Choice>,
    /// The features of senses, [`sense_features::NAMES`] a row.
    rows: Vec<f32>,
}

impl ChosenSenses {
    /// What the surface of a span means.
    pub fn of(&self, span: &ScoredSpan) -> Option<&Choice> {
        self.by_slot.get(&span.slot)
    }

    /// The features of a sense, by the place in [`Choice::rows`].
    pub fn row(&self, at: usize) -> &[f32] {
        &self.rows[at..at + WIDTH]
    }
}

/// Chooses among the senses of the mentions by the text around them.
pub fn choose(
    context: &TextContext<'_>,
    options: &Options,
    model: &TagModel,
    senses: &Senses,
    mentions: &[&ScoredSpan],
) -> ChosenSenses {
    let mut weighed: Vec<WeighedMention<'_>> = mentions
        .iter()
        .map(|span| {
            let hints: Vec<f32> = senses.get(span.range).iter().map(|s| hint(context.index, options, s)).collect();
            WeighedMention { span, beside: hints.clone(), hints, shares: Vec::new() }
        })
        .collect();
    neighbours::weigh(context, senses, &mut weighed);
    for mention in &mut weighed {
        mention.shares = shares(senses.get(mention.span.range), &mention.beside, |_| 0.0);
    }
    let leaders = leaders(&weighed);
    let totals = ContextTotals::new(senses, &weighed, &leaders);
    let mut chosen = ChosenSenses::default();
    let mut around = Surroundings::default();
    let mut supports = Vec::with_capacity(leaders.len());
    for &(slot, leader) in &leaders {
        let mention = &weighed[leader];
        let support = totals.support(senses, mention.span);
        let all = senses.get(mention.span.range);
        let shares = shares(all, &mention.beside, |n| support[n].log_odds());
        around.add(slot, mention.span.probability, all, &shares);
        supports.push(support);
        chosen.by_slot.insert(slot, Choice { shares, rows: Vec::new() });
    }
    around.settle();
    for (&(slot, leader), support) in leaders.iter().zip(&supports) {
        let Some(choice) = chosen.by_slot.get_mut(&slot) else { continue };
        let all = senses.get(weighed[leader].span.range);
        describe(&weighed[leader], all, support, &around, choice, &mut chosen.rows);
        if !model.resolution.is_empty() {
            judge(model, all, &chosen.rows, &weighed[leader].hints, choice);
        }
    }
    chosen
}

/// Appends the features of the most probable senses.
fn describe(
    mention: &WeighedMention<'_>,
    all: &[Sense],
    support: &[Support],
    around: &Surroundings,
    choice: &mut Choice,
    rows: &mut Vec<f32>,
) {
    let mut order: Vec<usize> = (0..all.len()).filter(|&n| choice.shares[n] > 0.0).collect();
    order.sort_by(|&a, &b| choice.shares[b].total_cmp(&choice.shares[a]).then(a.cmp(&b)));
    order.truncate(JUDGED);
    let surface = Surface::new(mention.span.slot, mention.span.probability, all);
    for (rank, &n) in order.iter().enumerate() {
        let by_rules = ByRules {
            beside: mention.beside[n] - mention.hints[n],
            support: support[n].log_odds(),
            country: support[n].country,
            unit: support[n].unit,
            share: choice.shares[n],
            rank,
        };
        choice.rows.push((n, rows.len()));
        sense_features::row(around, &surface, &all[n], &by_rules, rows);
    }
}

/// Replaces the probabilities by those of the model, weighted by what the caller said.
fn judge(model: &TagModel, all: &[Sense], rows: &[f32], hints: &[f32], choice: &mut Choice) {
    choice.shares.fill(0.0);
    for &(n, at) in &choice.rows {
        let probability = model.resolution.probability(&rows[at..at + WIDTH]);
        // City, county and state of one name: the text must speak for the unit; the town needs no word for it.
        let town = |&(m, _): &(usize, usize)| all[m].class == b'P' && all[m].chain.contains(&all[n].entity);
        let twin = all[n].class == b'A' && !all[n].is_country && choice.rows.iter().any(town);
        choice.shares[n] = probability * hints[n].exp() * if twin { UNIT_NAMED_AFTER_TOWN } else { 1.0 };
    }
    let total: f32 = choice.shares.iter().sum();
    if total > 0.0 {
        choice.shares.iter_mut().for_each(|share| *share /= total);
    }
}

/// Log odds of a sense from what the caller said; negative infinity if the options exclude it.
fn hint(index: &Index, options: &Options, sense: &Sense) -> f32 {
    let excluded =
        sense.demonym && !options.demonyms || !options.types.is_empty() && !options.types.contains(&sense.kind);
    if excluded {
        return f32::NEG_INFINITY;
    }
    let mut log_odds = 0.0;
    if options.countries.iter().any(|c| c.to_bytes() == sense.country) {
        log_odds += EXPECTED_COUNTRY;
    }
    if let Some(near) = &options.near {
        let point = index.entity(sense.entity).and_then(|e| e.point());
        log_odds += evidence::nearness(point, near) as f32;
    }
    log_odds
}

/// For each surface the mention whose surroundings say most: its slot and its place. In text order, so that sums are the same in
/// every run.
fn leaders(weighed: &[WeighedMention<'_>]) -> Vec<(u64, usize)> {
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut leaders: Vec<(u64, usize)> = Vec::new();
    let weight = |mention: &WeighedMention<'_>| mention.beside.iter().copied().fold(0.0, f32::max);
    for (n, mention) in weighed.iter().enumerate() {
        let slot = mention.span.slot;
        let place = *places.entry(slot).or_insert_with(|| {
            leaders.push((slot, n));
            leaders.len() - 1
        });
        if weight(mention) > weight(&weighed[leaders[place].1]) {
            leaders[place].1 = n;
        }
    }
    leaders
}

/// The probabilities of mutually exclusive senses.
fn shares(senses: &[Sense], beside: &[f32], support: impl Fn(usize) -> f32) -> Vec<f32> {
    let weights: Vec<f32> = senses.iter().enumerate().map(|(n, s)| s.evidence + beside[n] + support(n)).collect();
    let top = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !top.is_finite() {
        return vec![0.0; senses.len()];
    }
    let mut shares: Vec<f32> = weights.iter().map(|w| (w - top).exp()).collect();
    let total: f32 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}
