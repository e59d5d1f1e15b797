//! Where a text is set: its probable places, for the features of senses.

use hashbrown::HashMap;

use super::senses::Sense;
use crate::index::places::NONE;

/// A place that the text probably mentions.
#[derive(Clone, Copy)]
struct Place {
    slot: u64,
    point: [f32; 3],
    weight: f32,
}

/// How many places of a text each sense is compared with: the most certain ones. A longer text does not mention more regions.
const PLACES: usize = 128;

/// The probable places of a text, and the entities that its surfaces probably or possibly name.
#[derive(Default)]
pub struct Surroundings {
    /// In text order until [`Surroundings::settle`].
    places: Vec<Place>,
    /// How certainly an entity is named, by the two surfaces that name it most certainly.
    named: HashMap<u32, [(u64, f32); 2]>,
    /// How many surfaces may mean something in a unit, in a nearest container, or in a square of half a degree. Each surface is
    /// divided among its senses, likely or not.
    possible: HashMap<Spot, f32>,
}

/// A location, in one of three ways.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Spot {
    Unit(u32),
    Parent(u32),
    Square(i32, i32),
}

impl Spot {
    fn square(point: [f32; 3]) -> Option<(i32, i32)> {
        point[0].is_finite().then(|| ((point[0] * 2.0).floor() as i32, (point[1] * 2.0).floor() as i32))
    }

    fn of(sense: &Sense) -> [Option<Spot>; 3] {
        let known = |number: u32| Some(number).filter(|&number| number != NONE);
        [
            known(sense.admin1).map(Spot::Unit),
            known(sense.chain[0]).map(Spot::Parent),
            Spot::square(sense.point).map(|(y, x)| Spot::Square(y, x)),
        ]
    }
}

impl Surroundings {
    /// Adds one surface and the probabilities of its senses.
    pub fn add(&mut self, slot: u64, probability: f32, senses: &[Sense], shares: &[f32]) {
        let each = probability / senses.len().max(1) as f32;
        for spot in senses.iter().flat_map(Spot::of).flatten() {
            *self.possible.entry(spot).or_default() += each;
        }
        for (sense, share) in senses.iter().zip(shares) {
            let weight = probability * share;
            if weight < 0.1 {
                continue;
            }
            if sense.point[0].is_finite() && !sense.is_country && sense.facts.class != 9.0 {
                self.places.push(Place { slot, point: sense.point, weight });
            }
            let named = self.named.entry(sense.entity).or_insert([(0, 0.0); 2]);
            if weight > named[0].1 {
                *named = [(slot, weight), named[0]];
            } else if weight > named[1].1 {
                named[1] = (slot, weight);
            }
        }
    }

    /// Keeps the most certain places, if there are many.
    pub fn settle(&mut self) {
        if self.places.len() > PLACES {
            let mut order: Vec<usize> = (0..self.places.len()).collect();
            order.sort_by(|&a, &b| self.places[b].weight.total_cmp(&self.places[a].weight).then(a.cmp(&b)));
            order.truncate(PLACES);
            order.sort_unstable();
            self.places = order.into_iter().map(|at| self.places[at]).collect();
        }
    }

    /// How many other surfaces may mean something in the unit of a sense, in its nearest container, and near it.
    pub(super) fn possible(&self, own: &Surface<'_>, sense: &Sense) -> [f32; 3] {
        let each = own.probability / own.senses.len().max(1) as f32;
        let rest = |spot: Spot, alike: &dyn Fn(&Sense) -> bool| {
            let own = own.senses.iter().filter(|r| alike(r)).count() as f32 * each;
            (self.possible.get(&spot).copied().unwrap_or(0.0) - own).max(0.0)
        };
        let [unit, parent, _] = Spot::of(sense);
        let unit = unit.map_or(0.0, |spot| rest(spot, &|r| r.admin1 == sense.admin1));
        let parent = parent.map_or(0.0, |spot| rest(spot, &|r| r.chain[0] == sense.chain[0]));
        let near = Spot::square(sense.point).map_or(0.0, |(y, x)| {
            let squares = (y - 1..=y + 1).flat_map(|y| (x - 1..=x + 1).map(move |x| (y, x)));
            let own = |at| own.squares.iter().filter(|square| **square == Some(at)).count() as f32 * each;
            let all = |at: (i32, i32)| self.possible.get(&Spot::Square(at.0, at.1)).copied().unwrap_or(0.0);
            squares.map(|at| (all(at) - own(at)).max(0.0)).sum()
        });
        [unit, parent, near]
    }

    /// How certainly another surface names an entity.
    pub(super) fn named(&self, entity: u32, slot: u64) -> f32 {
        match self.named.get(&entity) {
            Some([(first, weight), _]) if *first != slot => *weight,
            Some([_, (_, weight)]) => *weight,
            None => 0.0,
        }
    }

    /// How far the other places of the text are from a point.
    pub(super) fn distances(&self, slot: u64, point: [f32; 3]) -> Distances {
        let (mut nearest, mut near, mut far, mut others) = (20_000.0f32, 0.0f32, 0.0f32, 0.0f32);
        let mut first = f32::NAN;
        for place in self.places.iter().filter(|place| place.slot != slot) {
            let km = kilometres(point, place.point);
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
        Distances { nearest, first, near, far, others }
    }
}

/// The other places of a text, seen from a point.
pub(super) struct Distances {
    /// Kilometres to the nearest place, more if that is uncertain.
    pub(super) nearest: f32,
    /// Kilometres to the first fairly certain place of the text; NaN if there is none.
    pub(super) first: f32,
    /// The sum of the probabilities of places within 50 km.
    pub(super) near: f32,
    /// The same within 161 km (100 miles).
    pub(super) far: f32,
    /// The same of all places.
    pub(super) others: f32,
}

/// The surface whose senses are being ranked.
pub struct Surface<'a> {
    /// The slot of its key.
    pub slot: u64,
    /// The probability that it is a name.
    pub probability: f32,
    /// Its senses.
    pub senses: &'a [Sense],
    /// The square of half a degree that each sense lies in.
    squares: Vec<Option<(i32, i32)>>,
}

impl<'a> Surface<'a> {
    /// A surface and its senses.
    pub fn new(slot: u64, probability: f32, senses: &'a [Sense]) -> Surface<'a> {
        Surface { slot, probability, senses, squares: senses.iter().map(|r| Spot::square(r.point)).collect() }
    }
}

/// The approximate distance of two points in kilometres; accurate enough within a country.
fn kilometres(a: [f32; 3], b: [f32; 3]) -> f32 {
    let mut east = (a[1] - b[1]).abs();
    if east > 180.0 {
        east = 360.0 - east;
    }
    let (x, y) = (east * (a[2] + b[2]) / 2.0, a[0] - b[0]);
    111.2 * (x * x + y * y).sqrt()
}
