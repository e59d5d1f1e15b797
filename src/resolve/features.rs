//! What is looked at to tell which reading of a mention is meant, and whether the answer is right.

use hashbrown::HashMap;

use crate::index::places::NONE;
use crate::tag::{self, Reading};

/// The names of a reading's features, in their order.
pub const NAMES: [&str; 26] = [
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
    "r-possible-unit",
    "r-possible-parent",
    "r-possible-near",
];

/// The names of the features of an answer: how sure span and reading are, then those of both.
pub fn answer_names() -> Vec<&'static str> {
    ["a-span", "a-reading", "a-margin"].into_iter().chain(tag::features::NAMES).chain(NAMES).collect()
}

/// A place that a text probably speaks of.
#[derive(Clone, Copy)]
struct Place {
    slot: u64,
    point: [f32; 3],
    weight: f32,
}

/// So many places of a text are looked at from each reading: the surest ones. A longer text speaks of no more regions for it.
const PLACES: usize = 128;

/// Where a text is at home: its probable places, and who contains them.
#[derive(Default)]
pub struct Surroundings {
    /// In the order of the text, until [`Surroundings::settle`].
    places: Vec<Place>,
    /// How surely an entity is named, by the two surfaces that say so most.
    named: HashMap<u32, [(u64, f32); 2]>,
    /// How many surfaces may mean something in a unit, a nearest container, a square of half a degree: each surface shared
    /// among everything that it may mean, likely or not.
    possible: HashMap<Spot, f32>,
}

/// Where something is, in one of three ways.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Spot {
    Unit(u32),
    Parent(u32),
    Square(i16, i16),
}

impl Spot {
    fn square(point: [f32; 3]) -> Option<(i16, i16)> {
        point[0].is_finite().then(|| ((point[0] * 2.0).floor() as i16, (point[1] * 2.0).floor() as i16))
    }

    fn of(reading: &Reading) -> [Option<Spot>; 3] {
        let known = |number: u32| Some(number).filter(|&number| number != NONE);
        [
            known(reading.admin1).map(Spot::Unit),
            known(reading.chain[0]).map(Spot::Parent),
            Spot::square(reading.point).map(|(y, x)| Spot::Square(y, x)),
        ]
    }
}

impl Surroundings {
    /// Adds what one surface probably means.
    pub fn add(&mut self, slot: u64, probability: f32, readings: &[Reading], shares: &[f32]) {
        let each = probability / readings.len().max(1) as f32;
        for spot in readings.iter().flat_map(Spot::of).flatten() {
            *self.possible.entry(spot).or_default() += each;
        }
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

    /// Keeps the surest places where there are many.
    pub fn settle(&mut self) {
        if self.places.len() > PLACES {
            let mut order: Vec<usize> = (0..self.places.len()).collect();
            order.sort_by(|&a, &b| self.places[b].weight.total_cmp(&self.places[a].weight).then(a.cmp(&b)));
            order.truncate(PLACES);
            order.sort_unstable();
            self.places = order.into_iter().map(|at| self.places[at]).collect();
        }
    }

    /// How many other surfaces may mean something in its unit, in its nearest container, near it.
    fn possible(&self, own: &Own<'_>, reading: &Reading) -> [f32; 3] {
        let each = own.probability / own.readings.len().max(1) as f32;
        let rest = |spot: Spot, alike: &dyn Fn(&Reading) -> bool| {
            let own = own.readings.iter().filter(|r| alike(r)).count() as f32 * each;
            (self.possible.get(&spot).copied().unwrap_or(0.0) - own).max(0.0)
        };
        let [unit, parent, _] = Spot::of(reading);
        let unit = unit.map_or(0.0, |spot| rest(spot, &|r| r.admin1 == reading.admin1));
        let parent = parent.map_or(0.0, |spot| rest(spot, &|r| r.chain[0] == reading.chain[0]));
        let near = Spot::square(reading.point).map_or(0.0, |(y, x)| {
            let squares = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (y, x)));
            let own = |at| own.squares.iter().filter(|square| **square == Some(at)).count() as f32 * each;
            let all = |at: (i16, i16)| self.possible.get(&Spot::Square(at.0, at.1)).copied().unwrap_or(0.0);
            squares.map(|at| (all(at) - own(at)).max(0.0)).sum()
        });
        [unit, parent, near]
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

/// The surface whose readings are weighed.
pub struct Own<'a> {
    /// The slot of its key.
    pub slot: u64,
    /// The probability that it is a name.
    pub probability: f32,
    /// What it may mean.
    pub readings: &'a [Reading],
    /// In which square of half a degree each of these lies.
    squares: Vec<Option<(i16, i16)>>,
}

impl<'a> Own<'a> {
    /// A surface with what it may mean.
    pub fn new(slot: u64, probability: f32, readings: &'a [Reading]) -> Own<'a> {
        Own { slot, probability, readings, squares: readings.iter().map(|r| Spot::square(r.point)).collect() }
    }
}

/// Appends a reading's row.
pub fn row(around: &Surroundings, own: &Own<'_>, reading: &Reading, weighed: &Weighed, out: &mut Vec<f32>) {
    let slot = own.slot;
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
        own.readings.len() as f32,
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
    out.extend_from_slice(&around.possible(own, reading));
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
