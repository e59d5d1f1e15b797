//! Where units lie: the mean of their towns, unless a source gives a believable point.

use std::collections::BTreeMap;

use super::World;
use crate::geo::{Mean, Point};
use crate::model::{Id, Position};

/// The mean position of the towns of every unit of the first and second level.
pub fn means(world: &World) -> BTreeMap<Id, Point> {
    let mut means: BTreeMap<Id, Mean> = BTreeMap::new();
    for place in world.places.values().filter(|place| place.is_town()) {
        let Some(point) = place.position.point() else { continue };
        let mut parent = place.parent.as_ref();
        while let Some(id) = parent {
            let Some(unit) = world.places.get(id) else { break };
            if unit.feature.starts_with("A.ADM") {
                means.entry(id.clone()).or_default().add(point);
            }
            parent = unit.parent.as_ref();
        }
    }
    means.into_iter().filter_map(|(id, mean)| Some((id, mean.point()?))).collect()
}

/// Gives every unit without a position the mean of its towns.
pub fn derive(world: &mut World, means: &BTreeMap<Id, Point>) {
    for (id, place) in &mut world.places {
        if place.position == Position::Unknown
            && let Some(mean) = means.get(id)
        {
            place.position = Position::Derived(*mean);
        }
    }
}
