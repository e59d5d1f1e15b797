//! Where units lie: among their towns.

use std::collections::BTreeMap;

use super::World;
use crate::geo::{Mean, Point};
use crate::model::{Id, Position};
use crate::report::Section;

/// Kilometres from the nearest of a unit's towns beyond which a point is not the unit's: first level, then second.
const REACH: [f64; 2] = [150.0, 80.0];

/// The towns of every unit of the first and second level.
pub struct Towns {
    by_unit: BTreeMap<Id, Vec<(Point, u64)>>,
}

impl Towns {
    pub fn new(world: &World) -> Towns {
        let mut by_unit: BTreeMap<Id, Vec<(Point, u64)>> = BTreeMap::new();
        for place in world.places.values().filter(|place| place.is_town()) {
            let Some(point) = place.position.point() else { continue };
            let mut parent = place.parent.as_ref();
            while let Some(id) = parent {
                let Some(unit) = world.places.get(id) else { break };
                if unit.feature.starts_with("A.ADM") {
                    by_unit.entry(id.clone()).or_default().push((point, place.population));
                }
                parent = unit.parent.as_ref();
            }
        }
        Towns { by_unit }
    }

    /// The mean position of a unit's towns.
    pub fn mean(&self, id: &Id) -> Option<Point> {
        let mut mean = Mean::default();
        for (point, _) in self.by_unit.get(id)? {
            mean.add(*point);
        }
        mean.point()
    }

    /// Whether a unit may lie at a point: near one of its towns, as far as any are known.
    pub fn believe(&self, id: &Id, point: Point, feature: &str) -> bool {
        let reach = REACH[usize::from(feature.starts_with("A.ADM2"))];
        self.by_unit.get(id).is_none_or(|towns| towns.iter().any(|(town, _)| town.distance(point) <= reach))
    }

    /// The town that is nearest to all others, weighed by their inhabitants.
    fn medoid(&self, id: &Id) -> Option<Point> {
        let towns = self.by_unit.get(id)?;
        let total = |from: &Point| -> f64 {
            towns.iter().map(|(town, people)| from.distance(*town) * (people + 1) as f64).sum()
        };
        towns.iter().map(|(town, _)| (total(town), *town)).min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, town)| town)
    }
}

/// Gives every unit without a position the mean of its towns, or its central town where the mean is far from all.
pub fn derive(world: &mut World, towns: &Towns) {
    for (id, place) in world.places.iter_mut().filter(|(_, place)| place.feature.starts_with("A.ADM")) {
        if place.position != Position::Unknown {
            continue;
        }
        let Some(mean) = towns.mean(id) else { continue };
        place.position = if towns.believe(id, mean, &place.feature) {
            Position::Derived(mean)
        } else {
            world.report.note(Section::Places, "units far from the mean of their towns", || place.label.clone());
            Position::Derived(towns.medoid(id).unwrap_or(mean))
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_in_two_parts_lies_in_one_of_them() {
        let (west, east) = (Point { lat: 0.0, lon: 0.0 }, Point { lat: 0.0, lon: 10.0 });
        let id = Id::GeoNames(1);
        let towns = Towns { by_unit: [(id.clone(), vec![(west, 5_000), (east, 90_000)])].into() };
        let mean = towns.mean(&id).expect("there are towns");
        assert!(!towns.believe(&id, mean, "A.ADM1"), "the mean lies between the two");
        assert_eq!(towns.medoid(&id), Some(east));
    }
}
