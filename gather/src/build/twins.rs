//! One town under two ids becomes one: the other id stands among those that mean the same.

use std::collections::{BTreeMap, HashSet};

use super::World;
use crate::fold::fold;
use crate::model::{Id, Place};
use crate::report::Section;

/// Kilometres between two towns of one name that are one town.
const SAME: f64 = 3.0;

/// Merges towns of one name in one country that lie within [`SAME`]. `kept` are ids that people have written about.
pub fn merge(world: &mut World, kept: &HashSet<String>) {
    let mut by_name: BTreeMap<(String, String), Vec<Id>> = BTreeMap::new();
    for (id, place) in world.places.iter().filter(|(_, place)| place.is_town()) {
        by_name.entry((place.country.clone(), fold(&place.label))).or_default().push(id.clone());
    }
    let mut replaced: BTreeMap<Id, Id> = BTreeMap::new();
    for ids in by_name.values_mut().filter(|ids| ids.len() > 1) {
        // The one that stays comes first.
        ids.sort_by_key(|id| {
            let place = &world.places[id];
            let quarter = place.feature == "P.PPLX";
            let known = kept.contains(&id.to_string());
            (!known, quarter, std::cmp::Reverse((place.population, place.names.len())), id.clone())
        });
        for (at, id) in ids.iter().enumerate() {
            let point = world.places[id].position.point();
            let twin = ids[..at].iter().find(|other| {
                let there = world.places[*other].position.point();
                !replaced.contains_key(*other)
                    && point.zip(there).is_some_and(|(here, there)| here.distance(there) <= SAME)
            });
            if let Some(twin) = twin.filter(|_| !kept.contains(&id.to_string())) {
                replaced.insert(id.clone(), twin.clone());
            }
        }
    }
    for (id, twin) in &replaced {
        let Some(gone) = world.places.remove(id) else { continue };
        let example = format!("{id} {} = {twin}", gone.label);
        world.report.note(Section::LeftOut, "towns that stand under two ids", || example);
        if let Some(place) = world.places.get_mut(twin) {
            absorb(place, id, gone);
        }
    }
    for place in world.places.values_mut() {
        if let Some(twin) = place.parent.as_ref().and_then(|parent| replaced.get(parent)) {
            place.parent = Some(twin.clone());
        }
    }
}

fn absorb(place: &mut Place, id: &Id, gone: Place) {
    place.names.extend(gone.names);
    place.same_as.extend(gone.same_as);
    place.same_as.insert(id.to_string());
    place.population = place.population.max(gone.population);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::Point;
    use crate::model::Position;

    #[test]
    fn towns_of_one_name_a_kilometre_apart_are_one() {
        let mut world = World::new();
        for (number, lat, population) in [(1, 26.06, 10), (2, 26.07, 90_000), (3, 27.0, 5)] {
            let mut place = Place::new("P.PPL", "CN", "Fuzhou", "gnc");
            place.position = Position::Given(Point { lat, lon: 119.3 });
            place.population = population;
            world.places.insert(Id::GeoNames(number), place);
        }
        merge(&mut world, &HashSet::new());
        assert_eq!(world.places.keys().cloned().collect::<Vec<_>>(), [Id::GeoNames(2), Id::GeoNames(3)]);
        assert!(world.places[&Id::GeoNames(2)].same_as.contains("gn:1"));
    }
}
