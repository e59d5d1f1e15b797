//! Names that are some larger place's main name: "Rome" is Lomé in Kaingang, "Salvador" El Salvador in Azerbaijani.
//! They are names, but doubtful without other evidence.

use std::collections::{HashMap, HashSet};

use super::World;
use crate::fold::fold;
use crate::lang::primary;
use crate::model::{Id, Kind, Place};
use crate::report::Section;

/// Towns with at least this many inhabitants are known by their name alone.
const CITY: u64 = 100_000;

pub fn flag(world: &mut World) {
    let mut owners: HashMap<String, Vec<Id>> = HashMap::new();
    for (id, place) in world.places.iter().filter(|(_, place)| is_known(place)) {
        owners.entry(fold(&place.label)).or_default().push(id.clone());
    }
    let mut weak: Vec<(Id, Vec<usize>)> = Vec::new();
    for (id, place) in &world.places {
        let label = fold(&place.label);
        let mut found = Vec::new();
        for (at, name) in place.names.iter().enumerate() {
            let minor =
                matches!(name.kind, Kind::Alternate | Kind::Exonym | Kind::Short) && primary(&name.lang) != "en";
            if !minor || name.weak || name.machine {
                continue;
            }
            let folded = fold(&name.text);
            // A main name that is spelled so too is no alias.
            if folded == label {
                continue;
            }
            let elsewhere = |owner: &Id| owner != id && !related(world, owner, id);
            if owners.get(&folded).is_some_and(|owners| owners.iter().any(elsewhere)) && !is_settled(place, &folded) {
                found.push(at);
            }
        }
        if !found.is_empty() {
            weak.push((id.clone(), found));
        }
    }
    for (id, found) in weak {
        let Some(place) = world.places.get_mut(&id) else { continue };
        for at in found {
            place.names[at].weak = true;
            let example = || format!("{} ({}) for {}", place.names[at].text, place.names[at].lang, place.label);
            world.report.note(Section::Names, "weak because it is a larger place's main name", example);
        }
    }
}

fn is_known(place: &Place) -> bool {
    place.feature == "P.PPLC"
        || place.feature == "A.ADM1"
        || place.feature.starts_with("A.PCL")
        || (place.is_town() && place.population >= CITY)
}

/// Whether English or the country's own language calls the place so too.
fn is_settled(place: &Place, folded: &str) -> bool {
    let own = |kind: Kind| matches!(kind, Kind::Official | Kind::Endonym);
    place.names.iter().any(|name| (own(name.kind) || name.lang == "en") && !name.weak && fold(&name.text) == folded)
}

/// Whether one lies in the other, or both next to each other: a unit and its seat share names.
fn related(world: &World, a: &Id, b: &Id) -> bool {
    let chain = |id: &Id| {
        let mut all = HashSet::new();
        let mut at = Some(id.clone());
        while let Some(id) = at {
            let place = world.places.get(&id);
            if place.is_none_or(|place| place.feature == "L.CONT") || !all.insert(id.clone()) {
                break;
            }
            at = place.and_then(|place| place.parent.clone());
        }
        all
    };
    let (chain_a, chain_b) = (chain(a), chain(b));
    if chain_a.contains(b) || chain_b.contains(a) {
        return true;
    }
    let first = |id: &Id| world.places[id].parent.clone();
    first(a).is_some() && first(a) == first(b) && world.places[a].is_town() != world.places[b].is_town()
}
