//! Where units lie: the mean of their towns, unless a source gives a believable point.

use std::collections::BTreeMap;

use super::World;
use crate::geo::{Mean, Point};
use crate::model::{Id, Position};

/// A given point may be this far from the nearest town of the unit, in kilometres: on the first level, on the second.
/// Of the points that are farther nearly all are wrong, where the unit has more than a few towns.
const NEAREST: [f64; 2] = [60.0, 40.0];
/// It may be farther where the unit is so thinly settled that its towns lie as far apart: this part of the way from
/// the mean to the farthest town.
const SPARSE: f64 = 0.5;

/// No point is believed that lies farther from the mean of the towns, in kilometres.
const FARTHEST: [f64; 2] = [800.0, 150.0];

/// The towns of every unit of the first and second level.
pub struct Means {
    means: BTreeMap<Id, Point>,
    towns: BTreeMap<Id, Vec<Point>>,
}

impl Means {
    pub fn new(world: &World) -> Means {
        let mut means: BTreeMap<Id, Mean> = BTreeMap::new();
        let mut towns: BTreeMap<Id, Vec<Point>> = BTreeMap::new();
        for place in world.places.values().filter(|place| place.is_town()) {
            let Some(point) = place.position.point() else { continue };
            let mut parent = place.parent.as_ref();
            while let Some(id) = parent {
                let Some(unit) = world.places.get(id) else { break };
                if unit.feature.starts_with("A.ADM") {
                    means.entry(id.clone()).or_default().add(point);
                    towns.entry(id.clone()).or_default().push(point);
                }
                parent = unit.parent.as_ref();
            }
        }
        Means { means: means.into_iter().filter_map(|(id, mean)| Some((id, mean.point()?))).collect(), towns }
    }

    /// The mean position of a unit's towns.
    pub fn get(&self, id: &Id) -> Option<Point> {
        self.means.get(id).copied()
    }

    /// How far a point lies from the nearest town of a unit, in kilometres, if it is too far away to be the unit's.
    pub fn doubt(&self, id: &Id, second: bool, point: Point) -> Option<f64> {
        let (mean, towns) = (self.means.get(id)?, self.towns.get(id)?);
        let nearest = towns.iter().map(|town| town.distance(point)).fold(f64::INFINITY, f64::min);
        let farthest = towns.iter().map(|town| town.distance(*mean)).fold(0.0, f64::max);
        let level = usize::from(second);
        let away = mean.distance(point) > FARTHEST[level] || nearest > NEAREST[level].max(farthest * SPARSE);
        away.then_some(nearest)
    }
}

/// Gives every unit without a position the mean of its towns.
pub fn derive(world: &mut World, means: &Means) {
    for (id, place) in &mut world.places {
        if place.position == Position::Unknown
            && let Some(mean) = means.get(id)
        {
            place.position = Position::Derived(mean);
        }
    }
}
