//! Names of one country that a source gives to another: "韓国" for North Korea, "اتریش" (Austria) for Poland.
//!
//! A name that two countries bear stays with the one that more sources give it to, or whose other names it resembles,
//! and goes from the other where it resembles none.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::World;
use crate::fold::fold;
use crate::lang::primary;
use crate::model::{Id, Kind};
use crate::report::Section;
use crate::script::script;

/// The languages and sources that give a name to a place.
type Tellers = BTreeSet<(String, &'static str)>;

/// This like another name of the country, and it may well be one.
const ALIKE: f64 = 0.75;
/// So much liker to the names of one country than to those of the other.
const MUCH: f64 = 0.2;

pub fn drop_strangers(world: &mut World) {
    // Who bears a spelling, and in which languages by which sources.
    let mut bearers: BTreeMap<String, BTreeMap<Id, Tellers>> = BTreeMap::new();
    let mut names: HashMap<Id, BTreeSet<String>> = HashMap::new();
    for id in world.countries.values() {
        let Some(place) = world.places.get(id) else { continue };
        for name in &place.names {
            if name.machine || matches!(name.kind, Kind::Code | Kind::Demonym | Kind::Abbreviation) {
                continue;
            }
            let folded = fold(&name.text);
            let voice = (primary(&name.lang).to_string(), name.source);
            bearers.entry(folded.clone()).or_default().entry(id.clone()).or_default().insert(voice);
            names.entry(id.clone()).or_default().insert(folded);
        }
    }
    let mut strangers: BTreeSet<(Id, String)> = BTreeSet::new();
    for (name, by) in bearers.iter().filter(|(_, by)| by.len() > 1) {
        let judged: Vec<(&Id, usize, f64)> =
            by.iter().map(|(id, voices)| (id, voices.len(), likeness(name, &names[id]))).collect();
        for (id, voices, like) in &judged {
            let outdone = judged.iter().any(|(other, others, likes)| {
                let more = *others >= 2 && *others >= 2 * voices;
                other != id && others >= voices && (more || *likes >= like + MUCH)
            });
            if *like < ALIKE && outdone {
                strangers.insert(((*id).clone(), name.clone()));
            }
        }
    }
    for (id, folded) in strangers {
        let Some(place) = world.places.get_mut(&id) else { continue };
        if fold(&place.label) == folded {
            continue;
        }
        let lost = place.names.iter().find(|name| fold(&name.text) == folded).map(|name| name.text.clone());
        place.names.retain(|name| {
            fold(&name.text) != folded || matches!(name.kind, Kind::Code | Kind::Demonym | Kind::Abbreviation)
        });
        let example = format!("{} for {}", lost.unwrap_or_default(), place.label);
        world.report.list(Section::Dropped, "a country's name on another country", example);
    }
}

/// How like the most alike of a country's other names in the same script is; 1 if it holds one or is held by one.
fn likeness(name: &str, names: &BTreeSet<String>) -> f64 {
    let own = script(name);
    let padded = format!(" {name} ");
    let others = names.iter().filter(|other| *other != name && script(other) == own && other.chars().count() > 1);
    let scores = others.map(|other| {
        let within = padded.contains(&format!(" {other} ")) || format!(" {other} ").contains(&padded);
        if within { 1.0 } else { strsim::normalized_damerau_levenshtein(name, other) }
    });
    scores.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name as one source gives it: spelling, language, source.
    type Told<'a> = (&'a str, &'a str, &'static str);
    use crate::model::{Name, Place};

    #[test]
    fn a_name_stays_where_most_sources_have_it() {
        let mut world = World::new();
        let rows: [(u32, &str, &str, &[Told<'_>]); 3] = [
            (1, "AT", "Austria", &[("اتریش", "fa", "cldr"), ("اتریش", "fa", "lgn")]),
            (2, "PL", "Poland", &[("اتریش", "fa", "kesh"), ("لهستان", "fa", "cldr")]),
            (3, "CG", "Congo", &[("Kongo", "de", "cldr"), ("Republik Kongo", "de", "kesh")]),
        ];
        for (number, code, label, names) in rows {
            let mut place = Place::new("A.PCLI", code, label, "mord");
            place.names.extend(names.iter().map(|(text, lang, source)| Name::new(*text, *lang, source)));
            world.places.insert(Id::GeoNames(number), place);
            world.countries.insert(code.into(), Id::GeoNames(number));
        }
        drop_strangers(&mut world);
        let count = |number| world.places[&Id::GeoNames(number)].names.len();
        assert_eq!([count(1), count(2), count(3)], [3, 2, 3]);
    }
}
