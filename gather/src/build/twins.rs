//! Towns that GeoNames has twice: one label, one country, a few steps apart. They become one; the other's id is kept
//! in `same_as`, so that it is still found.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::fold::fold;
use crate::model::Id;
use crate::report::Section;

/// Two towns of one label this near are one, in kilometres.
const NEAR: f64 = 3.0;

/// Merges twins. `bound` are ids that other tables mention; of two such neither goes.
pub fn merge(world: &mut World, bound: &BTreeSet<Id>) {
    let mut labels: BTreeMap<(String, String), Vec<Id>> = BTreeMap::new();
    for (id, place) in world.places.iter().filter(|(_, place)| place.is_town()) {
        labels.entry((place.country.clone(), fold(&place.label))).or_default().push(id.clone());
    }
    let mut gone: BTreeMap<Id, Id> = BTreeMap::new();
    for ids in labels.into_values().filter(|ids| ids.len() > 1) {
        for (at, a) in ids.iter().enumerate() {
            for b in &ids[at + 1..] {
                let near = |a: &Id, b: &Id| {
                    let points = world.places[a].position.point().zip(world.places[b].position.point());
                    points.is_some_and(|(a, b)| a.distance(b) < NEAR)
                };
                if gone.contains_key(a) || gone.contains_key(b) || !near(a, b) {
                    continue;
                }
                let rank = |id: &Id| {
                    let place = &world.places[id];
                    let seat = match place.feature.as_str() {
                        "P.PPLC" => 6,
                        "P.PPLA" => 5,
                        "P.PPLA2" => 4,
                        "P.PPLA3" => 3,
                        "P.PPL" => 2,
                        "P.PPLX" => 0,
                        _ => 1,
                    };
                    (bound.contains(id), seat, place.population, place.names.len(), std::cmp::Reverse(id.clone()))
                };
                let (kept, lost) = if rank(a) >= rank(b) { (a, b) } else { (b, a) };
                if !bound.contains(lost) {
                    gone.insert(lost.clone(), kept.clone());
                }
            }
        }
    }
    for (lost, kept) in &gone {
        let Some(old) = world.places.remove(lost) else { continue };
        let Some(place) = world.places.get_mut(kept) else { continue };
        world.report.note(Section::LeftOut, "towns that GeoNames has twice, merged into the other", || {
            format!("{lost} {} ({}) into {kept}", old.label, old.country)
        });
        place.names.extend(old.names);
        place.population = place.population.max(old.population);
        place.same_as.insert(lost.to_string());
        place.same_as.extend(old.same_as);
    }
    let now = |id: &mut Id| {
        while let Some(kept) = gone.get(id) {
            *id = kept.clone();
        }
    };
    world.places.values_mut().filter_map(|place| place.parent.as_mut()).for_each(now);
    world.zones.values_mut().flatten().for_each(now);
}

/// How many pairs of towns with one label lie within reach of each other: the check that finds twins.
pub fn count(world: &World) -> usize {
    let mut labels: BTreeMap<(&str, String), Vec<crate::geo::Point>> = BTreeMap::new();
    for place in world.places.values().filter(|place| place.is_town()) {
        let points = labels.entry((&place.country, fold(&place.label))).or_default();
        points.extend(place.position.point());
    }
    let near = |points: &Vec<crate::geo::Point>| {
        let pairs = points.iter().enumerate().flat_map(|(at, a)| points[at + 1..].iter().map(move |b| (a, b)));
        pairs.filter(|(a, b)| a.distance(**b) < NEAR).count()
    };
    labels.values().map(near).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::Point;
    use crate::model::{Place, Position};

    #[test]
    fn twins_become_one() {
        let mut world = World::new();
        for (number, feature, lat) in [(1, "P.PPL", 26.06), (2, "P.PPLA", 26.07), (3, "P.PPL", 27.0)] {
            let mut place = Place::new(feature, "CN", "Fuzhou", "gnc");
            place.position = Position::Given(Point { lat, lon: 119.3 });
            place.population = u64::from(number);
            world.places.insert(Id::GeoNames(number), place);
        }
        let mut child = Place::new("P.PPLX", "CN", "Gulou", "gnc");
        child.parent = Some(Id::GeoNames(1));
        world.places.insert(Id::GeoNames(9), child);
        assert_eq!(count(&world), 1);
        merge(&mut world, &BTreeSet::new());
        assert_eq!(count(&world), 0);
        assert!(!world.places.contains_key(&Id::GeoNames(1)));
        assert!(world.places[&Id::GeoNames(2)].same_as.contains("gn:1"));
        assert_eq!(world.places[&Id::GeoNames(9)].parent, Some(Id::GeoNames(2)));
    }
}
