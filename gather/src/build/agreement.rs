//! Where sources disagree about whose name a name is.

use std::collections::{BTreeMap, HashMap};

use super::World;
use crate::fold::fold;
use crate::geo::Point;
use crate::lang::primary;
use crate::model::{Id, Kind, Place};
use crate::read::{cldr_territories, keshvar, libgeonames};
use crate::report::Section;

/// A name that is this similar to another country's name in the language is that country's …
const OTHERS: f64 = 0.85;
/// … where it is not even this similar to the country's own.
const OWN: f64 = 0.5;
/// A name that is exactly another country's needs more to be this country's too.
const SHARED: f64 = 0.7;

/// Drops the names of countries that are another country's in that language. CLDR, whose every name is reviewed, is
/// the judge of the other sources.
pub fn drop_strangers(world: &mut World) {
    let mut judge: BTreeMap<String, Vec<(Id, String)>> = BTreeMap::new();
    for id in world.countries.values() {
        for name in world.places[id].names.iter().filter(|name| name.source == cldr_territories::CODE) {
            judge.entry(primary(&name.lang).to_string()).or_default().push((id.clone(), fold(&name.text)));
        }
    }
    let similarity = |one: &str, other: &str| strsim::normalized_damerau_levenshtein(one, other);
    for id in world.countries.values() {
        let Some(place) = world.places.get_mut(id) else { continue };
        let label = place.label.clone();
        place.names.retain(|name| {
            if ![keshvar::CODE, libgeonames::CODE].contains(&name.source) || name.kind == Kind::Demonym {
                return true;
            }
            let Some(known) = judge.get(primary(&name.lang)) else { return true };
            let text = fold(&name.text);
            let best = |own: bool| {
                let names = known.iter().filter(|(other, _)| (other == id) == own);
                names.map(|(_, other)| similarity(other, &text)).fold(0.0, f64::max)
            };
            let (own, other) = (best(true), best(false));
            let foreign = known.iter().any(|(other, _)| other == id)
                && ((other >= OTHERS && own < OWN) || (other == 1.0 && own < SHARED));
            if foreign {
                world.report.note(Section::Dropped, "another country's name in that language", || {
                    format!("{} ({}) for {label}", name.text, name.lang)
                });
            }
            !foreign
        });
    }
}

/// Kilometres beyond which two places of one name are not a town and the unit around it.
const APART: f64 = 300.0;
const CITY: u64 = 100_000;
/// The languages in which a name shared with another place is as common as that place's own.
const WIDESPREAD: [&str; 6] = ["en", "ar", "es", "fr", "ru", "zh"];

/// Marks as weak the names under which a better-known place is looked for: "Rome" for Lomé in Kaingang, "Salvador" for
/// El Salvador in Azerbaijani.
pub fn weaken(world: &mut World) {
    let known = |place: &Place| {
        place.feature.starts_with("A.PCL")
            || place.feature == "A.ADM1"
            || place.feature == "P.PPLC"
            || (place.is_town() && place.population >= CITY)
    };
    let mut labels: HashMap<String, Vec<(Id, Option<Point>, u64)>> = HashMap::new();
    for (id, place) in world.places.iter().filter(|(_, place)| known(place)) {
        let entry = (id.clone(), place.position.point(), place.population);
        labels.entry(fold(&place.label)).or_default().push(entry);
    }
    for (id, place) in &mut world.places {
        let (own, here, population) = (fold(&place.label), place.position.point(), place.population);
        let country = place.feature.starts_with("A.PCL");
        let label = place.label.clone();
        for name in &mut place.names {
            let minor = match name.kind {
                Kind::Exonym => !WIDESPREAD.contains(&primary(&name.lang)),
                Kind::Alternate | Kind::Romanized => name.lang.is_empty(),
                _ => false,
            };
            if !minor || name.weak {
                continue;
            }
            let text = fold(&name.text);
            let other =
                labels.get(&text).filter(|_| text != own).into_iter().flatten().find(|(other, there, people)| {
                    let apart = here.zip(*there).is_none_or(|(here, there)| here.distance(there) > APART);
                    other != id && apart && (country || *people >= population || *people == 0)
                });
            if let Some((other, ..)) = other {
                name.weak = true;
                world.report.note(Section::Names, "weak: the main name of a better-known place", || {
                    format!("{} ({}) for {label}, but {other}", name.text, name.lang)
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Name;

    fn country(world: &mut World, code: &str, number: u32, names: &[(&str, &str, &'static str)]) {
        let mut place = Place::new("A.PCLI", code, names[0].0, "mord");
        place.names.extend(names.iter().map(|(text, lang, source)| Name::new(*text, *lang, source)));
        world.places.insert(Id::GeoNames(number), place);
        world.countries.insert(code.to_string(), Id::GeoNames(number));
    }

    #[test]
    fn the_name_of_another_country_is_dropped() {
        let mut world = World::new();
        country(&mut world, "AT", 1, &[("Austria", "en", "cldr"), ("اتریش", "fa", "cldr")]);
        country(
            &mut world,
            "PL",
            2,
            &[("Poland", "en", "cldr"), ("لهستان", "fa", "cldr"), ("اتریش", "fa", "lgn"), ("لهستان‎", "fa", "kesh")],
        );
        drop_strangers(&mut world);
        let names: Vec<&str> = world.places[&Id::GeoNames(2)].names.iter().map(|name| name.text.as_str()).collect();
        assert!(!names.contains(&"اتریش") && names.len() == 4, "{names:?}");
    }

    #[test]
    fn a_rare_name_gives_way_to_a_capital() {
        let mut world = World::new();
        for (number, label, name, kind) in
            [(1, "Rome", "Roma", Kind::Endonym), (2, "Lomé", "Rome", Kind::Exonym), (3, "Nice", "Nizza", Kind::Exonym)]
        {
            let mut place = Place::new("P.PPLC", "", label, "gnc");
            place.names.push(Name::new(name, "kgp", "cldr").kind(kind));
            world.places.insert(Id::GeoNames(number), place);
        }
        weaken(&mut world);
        let weak = |number| world.places[&Id::GeoNames(number)].names.iter().any(|name| name.weak);
        assert!(!weak(1) && weak(2) && !weak(3));
    }
}
