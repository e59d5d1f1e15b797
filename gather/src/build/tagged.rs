//! libgeonames' names by language, laid onto towns, first-level units and countries.

use std::collections::BTreeMap;

use super::World;
use crate::fold::{bare, fold};
use crate::model::Id;
use crate::read::Tagged;
use crate::read::libgeonames::{CODE, Key};
use crate::report::Section;

/// How alike a unit's name and the catalogue's must be to be believed to be of one unit.
const ALIKE: f64 = 0.75;

pub fn add(world: &mut World, names: BTreeMap<Key, Vec<Tagged>>) {
    for (key, tagged) in names {
        let id = match &key {
            Key::Town(number) => Some(Id::GeoNames(*number)).filter(|id| world.places.contains_key(id)),
            Key::Unit(code) => world.first.get(code).cloned(),
            Key::Country(code) => world.countries.get(code).cloned(),
        };
        let Some(id) = id else {
            let example = || format!("{key:?} {}", tagged[0].text);
            world.report.note(Section::LeftOut, "libgeonames entries whose place is gone", example);
            continue;
        };
        if matches!(key, Key::Unit(_)) && !same_unit(&world.places[&id].label, &tagged) {
            let example = format!("{key:?} was {}, is {}", tagged[0].text, world.places[&id].label);
            world.report.list(Section::LeftOut, "first-level codes that meant another unit in 2023", example);
            continue;
        }
        for name in tagged {
            world.add(&id, &name.text, Some(&name.locale), CODE, |name| name);
        }
    }
}

/// Codes of the first level are reused when a country redraws its map; ids are not, but the catalogue has codes.
fn same_unit(label: &str, names: &[Tagged]) -> bool {
    let label = bare(&fold(label));
    let mut latin = names.iter().map(|name| bare(&fold(&name.text))).filter(|name| name.is_ascii()).peekable();
    latin.peek().is_none() || latin.any(|name| name == label || strsim::jaro_winkler(&name, &label) > ALIKE)
}
