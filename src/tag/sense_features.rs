//! The features that tell which sense of a mention is meant, and whether the answer is right.

use super::senses::Sense;
use super::span_features;
use super::surroundings::{Distances, Surface, Surroundings};
use crate::index::places::NONE;

/// The names of the features of a sense, in order.
pub const NAMES: [&str; 26] = [
    "r-evidence",
    "r-lead",
    "r-share",
    "r-rank",
    "r-senses",
    "r-inhabitants",
    "r-names",
    "r-class",
    "r-kind",
    "r-main",
    "r-weak",
    "r-beside",
    "r-support",
    "r-country",
    "r-unit",
    "r-container-named",
    "r-country-named",
    "r-nearest",
    "r-within-50",
    "r-within-161",
    "r-from-first",
    "r-other-places",
    "r-demonym",
    "r-possible-unit",
    "r-possible-parent",
    "r-possible-near",
];

/// The names of the features of an answer: the probabilities of span and sense, then the features of both.
pub fn answer_names() -> Vec<&'static str> {
    ["a-span", "a-sense", "a-margin"].into_iter().chain(span_features::NAMES).chain(NAMES).collect()
}

/// What the context says about a sense by rules.
#[derive(Clone, Copy, Debug)]
pub struct ByRules {
    /// Log odds from the words and names beside the mention.
    pub beside: f32,
    /// Log odds from the rest of the text.
    pub support: f32,
    /// The share of the rest of the text that is about its country.
    pub country: f32,
    /// The share that is about its first-level unit.
    pub unit: f32,
    /// Its probability.
    pub share: f32,
    /// How many senses are more probable.
    pub rank: usize,
}

/// Appends the row of a sense.
pub fn row(around: &Surroundings, own: &Surface<'_>, sense: &Sense, by_rules: &ByRules, out: &mut Vec<f32>) {
    let slot = own.slot;
    let Distances { nearest, first, near, far, others } = around.distances(slot, sense.point);
    let named = |entity: &u32| if *entity == NONE { 0.0 } else { around.named(*entity, slot) };
    let flag = |yes: bool| f32::from(u8::from(yes));
    let facts = &sense.facts;
    out.extend_from_slice(&[
        sense.evidence,
        sense.lead,
        by_rules.share,
        by_rules.rank as f32,
        own.senses.len() as f32,
        facts.inhabitants,
        facts.names,
        facts.class,
        facts.kind,
        facts.main,
        facts.weak,
        by_rules.beside,
        by_rules.support,
        by_rules.country,
        by_rules.unit,
        named(&sense.chain[0]).max(if sense.is_country { 0.0 } else { named(&sense.chain[1]) }),
        sense.chain.iter().map(named).fold(0.0, f32::max),
        (nearest + 1.0).ln(),
        near,
        far,
        if first.is_finite() { (first + 1.0).ln() } else { -1.0 },
        others,
        flag(sense.demonym),
    ]);
    out.extend_from_slice(&around.possible(own, sense));
}
