//! What is looked at to tell which reading of a mention is meant, and whether the answer is right.

use hashbrown::HashMap;

use crate::index::places::NONE;
use crate::tag::{self, Reading};

/// The names of a reading's features, in their order.
pub const NAMES: [&str; 23] = [
    "r-evidence",
    "r-lead",
    "r-share",
    "r-rank",
    "r-readings",
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
];

/// The names of the features of an answer: how sure span and reading are, then those of both.
pub fn answer_names() -> Vec<&'static str> {
    ["a-span", "a-reading", "a-margin"].into_iter().chain(tag::features::NAMES).chain(NAMES).collect()
}

/// A place that a text probably speaks of.
struct Place {
    slot: u64,
    point: [f32; 3],
    weight: f32,
}

/// Where a text is at home: its probable places, and who contains them.
#[derive(Default)]
pub struct Surroundings {
    places: Vec<Place>,
    /// How surely an entity is named, by the two surfaces that say so most.
    named: HashMap<u32, [(u64, f32); 2]>,
}

impl Surroundings {
    /// Adds what one surface probably means.
    pub fn add(&mut self, slot: u64, probability: f32, readings: &[Reading], shares: &[f32]) {
        for (reading, share) in readings.iter().zip(shares) {
            let weight = probability * share;
            if weight < 0.1 {
                continue;
            }
            if reading.point[0].is_finite() && !reading.is_country && reading.facts.class != 9.0 {
                self.places.push(Place { slot, point: reading.point, weight });
            }
            let named = self.named.entry(reading.entity).or_insert([(0, 0.0); 2]);
            if weight > named[0].1 {
                *named = [(slot, weight), named[0]];
            } else if weight > named[1].1 {
                named[1] = (slot, weight);
            }
        }
    }

    /// How surely another surface names an entity.
    fn named(&self, entity: u32, slot: u64) -> f32 {
        match self.named.get(&entity) {
            Some([(first, weight), _]) if *first != slot => *weight,
            Some([_, (_, weight)]) => *weight,
            None => 0.0,
        }
    }
}

/// What the hand-made weighing says of a reading.
pub struct Weighed {
    /// What stands beside the mention, in its favour.
    pub beside: f32,
    /// What the rest of the text is worth to it.
    pub support: f32,
    /// How much of the rest of the text is about its country.
    pub country: f32,
    /// How much is about its first-level unit.
    pub unit: f32,
    /// Its probability.
    pub share: f32,
    /// How many readings are likelier.
    pub rank: usize,
}

/// Appends a reading's row.
pub fn row(
    around: &Surroundings,
    slot: u64,
    readings: usize,
    reading: &Reading,
    weighed: &Weighed,
    out: &mut Vec<f32>,
) {
    let (mut nearest, mut near, mut far, mut others) = (20_000.0f32, 0.0f32, 0.0f32, 0.0f32);
    let mut first = f32::NAN;
    for place in around.places.iter().filter(|place| place.slot != slot) {
        let km = kilometres(reading.point, place.point);
        if first.is_nan() && place.weight > 0.3 {
            first = km;
        }
        others += place.weight;
        if km.is_finite() {
            nearest = nearest.min(km / place.weight.max(0.2));
            near += if km < 50.0 { place.weight } else { 0.0 };
            far += if km < 161.0 { place.weight } else { 0.0 };
        }
    }
    let named = |entity: &u32| if *entity == NONE { 0.0 } else { around.named(*entity, slot) };
    let flag = |yes: bool| f32::from(u8::from(yes));
    let facts = &reading.facts;
    out.extend_from_slice(&[
        reading.evidence,
        reading.lead,
        weighed.share,
        weighed.rank as f32,
        readings as f32,
        facts.inhabitants,
        facts.names,
        facts.class,
        facts.kind,
        facts.main,
        facts.weak,
        weighed.beside,
        weighed.support,
        weighed.country,
        weighed.unit,
        named(&reading.chain[0]).max(if reading.is_country { 0.0 } else { named(&reading.chain[1]) }),
        reading.chain.iter().map(named).fold(0.0, f32::max),
        (nearest + 1.0).ln(),
        near,
        far,
        if first.is_finite() { (first + 1.0).ln() } else { -1.0 },
        others,
        flag(reading.demonym),
    ]);
}

/// About how far two points are apart; exact enough within a country.
fn kilometres(a: [f32; 3], b: [f32; 3]) -> f32 {
    let mut east = (a[1] - b[1]).abs();
    if east > 180.0 {
        east = 360.0 - east;
    }
    let (x, y) = (east * (a[2] + b[2]) / 2.0, a[0] - b[0]);
    111.2 * (x * x + y * y).sqrt()
}
