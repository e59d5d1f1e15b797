//! Spellings of countries and territories that countrynames and rigour have collected from data.
//!
//! They are wide and careless: cities, regions and rebel states stand as aliases of countries ("Paris" for France),
//! counties that are no units any more ("Sussex" for the United Kingdom), ordinary words ("War", for Warwickshire).
//! What no other source confirms is weak, and what resembles no name that another source gives is dropped.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::World;
use super::corrections::Corrections;
use crate::fold::{bare, fold};
use crate::model::{Id, Kind, Name};
use crate::read::wordnet::WordNet;
use crate::read::{countrynames, rigour};
use crate::report::Section;
use crate::script::script;

/// An alias less similar than this to every trusted name is not a name of the place.
const ALIKE: f64 = 0.7;
/// An ordinary word has to be more like: "Iron" is not Iran.
const WORD_ALIKE: f64 = 0.85;

/// A collected spelling.
struct Alias<'a> {
    text: &'a str,
    lang: Option<&'a str>,
    kind: Kind,
    source: &'static str,
}

/// What says which aliases to believe.
pub struct Judges<'a> {
    pub corrections: &'a Corrections,
    pub wordnet: &'a WordNet,
}

pub fn add(
    world: &mut World,
    territories: &[rigour::Territory],
    spellings: &BTreeMap<String, Vec<String>>,
    judges: &Judges,
) {
    let insides = Insides::new(world);
    for territory in territories {
        let code = territory.code.to_ascii_uppercase();
        let Some(id) = world.find(&code).filter(|_| !territory.is_historical) else {
            let example = format!("{} ({code})", territory.name.split(" (").next().unwrap_or_default());
            world.report.list(Section::LeftOut, "territories that neither GeoNames nor ISO 3166 has (rigour)", example);
            continue;
        };
        if let Some(place) = world.places.get_mut(&id)
            && !territory.qid.is_empty()
        {
            place.same_as.insert(format!("wd:{}", territory.qid));
        }
        let alias = |text, lang, kind| Alias { text, lang, kind, source: rigour::CODE };
        let full = if territory.full_name == territory.name { Kind::Alternate } else { Kind::Official };
        let own = [alias(&territory.name, Some("en"), Kind::Alternate), alias(&territory.full_name, Some("en"), full)];
        // In brackets stand a unit's country and notes on who holds it, which are no names.
        let own = own.into_iter().filter(|alias| !alias.text.contains('('));
        let others = territory.names_strong.iter().chain(&territory.names_weak);
        offer(world, &id, &insides, judges, own.chain(others.map(|text| alias(text, None, Kind::Alternate))));
    }
    for (code, names) in spellings {
        let Some(id) = world.find(code) else {
            world.report.list(
                Section::LeftOut,
                "territories that neither GeoNames nor ISO 3166 has (countrynames)",
                code.clone(),
            );
            continue;
        };
        let aliases =
            names.iter().map(|text| Alias { text, lang: None, kind: Kind::Alternate, source: countrynames::CODE });
        offer(world, &id, &insides, judges, aliases);
    }
}

/// Adds those aliases that can be names of the place.
fn offer<'a>(world: &mut World, id: &Id, insides: &Insides, judges: &Judges, aliases: impl Iterator<Item = Alias<'a>>) {
    let Some(place) = world.places.get(id) else { return };
    let label = place.label.clone();
    // The two collections have one author, so that neither confirms the other's mistakes.
    let trusted: HashSet<String> = place
        .names
        .iter()
        .filter(|name| ![rigour::CODE, countrynames::CODE].contains(&name.source) && name.kind != Kind::Code)
        .map(|name| fold(&name.text))
        .collect();
    let given: HashSet<String> = place.names.iter().map(|name| fold(&name.text)).collect();
    let exact: HashSet<String> = place.names.iter().map(|name| name.text.clone()).collect();
    let inside = insides.of(&place.country, place.feature.starts_with("A.ADM"));
    for alias in aliases {
        let folded = fold(alias.text);
        let confirmed = given.contains(&folded);
        let alike = || resemblance(&folded, &trusted);
        let kept = trusted.contains(&folded) || judges.corrections.keeps(id, &folded);
        let reason = if !kept && inside(&folded) {
            Some("an alias that is the name of a place inside")
        } else if !kept && insides.elsewhere(id, &folded) {
            Some("an alias that is the name of another country")
        } else if !kept && judges.wordnet.words.contains_key(&alias.text.to_lowercase()) && alike() < WORD_ALIKE {
            Some("an alias that is an ordinary word")
        } else if !kept && !is_code_of(&folded, &trusted) && alike() < ALIKE {
            Some("an alias that resembles no name of the place")
        } else if alias
            .text
            .rsplit_once(',')
            .is_some_and(|(head, tail)| given.contains(&fold(tail)) && inside(&fold(head)))
        {
            Some("an alias that is a place inside, with the country behind a comma")
        } else if is_torn(alias.text) {
            Some("an alias torn apart at a hyphen")
        } else if confirmed && !exact.contains(alias.text) && is_one_case(alias.text) {
            Some("a given name in capitals or small letters only")
        } else {
            None
        };
        if let Some(reason) = reason {
            world.report.note(Section::Dropped, reason, || format!("{} for {label}", alias.text));
            continue;
        }
        let kind = if !confirmed && is_code(alias.text) { Kind::Code } else { alias.kind };
        let weak = !confirmed && kind == Kind::Alternate;
        world.add(id, alias.text, alias.lang, alias.source, |name| Name { weak, kind, ..name });
    }
}

/// How like the most alike of the trusted names in the same script is. Names in other scripts than the Latin one are
/// not compared: there are too few to say that one is missing.
fn resemblance(folded: &str, trusted: &HashSet<String>) -> f64 {
    if script(folded) != Some("Latn") {
        return 1.0;
    }
    let padded = format!(" {folded} ");
    let compared = trusted.iter().filter(|name| name.len() > 2 && script(name) == Some("Latn"));
    let scores = compared.map(|name| {
        let within = padded.contains(&format!(" {name} ")) || format!(" {name} ").contains(&padded);
        if within { 1.0 } else { strsim::normalized_damerau_levenshtein(name, folded) }
    });
    scores.fold(0.0, f64::max)
}

/// "i -Turkey" and "L -Istati Uniti" have lost what stood before the hyphen.
fn is_torn(text: &str) -> bool {
    text.match_indices(" -").any(|(at, _)| text[at + 2..].chars().next().is_some_and(char::is_alphabetic))
}

/// Capitals and small letters are how data files spell, not names of their own.
fn is_one_case(text: &str) -> bool {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    text.chars().count() > 4 && (letters().all(char::is_lowercase) || letters().all(char::is_uppercase))
}

fn is_code(text: &str) -> bool {
    (2..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// The names of the places inside each country.
struct Insides {
    /// Main names of towns and second-level units, and all names of first-level units.
    labels: BTreeMap<String, HashSet<String>>,
    /// All names of capitals and cities.
    cities: BTreeMap<String, HashSet<String>>,
    /// Countries by their names, without the words that say what kind of state it is.
    countries: HashMap<String, HashSet<Id>>,
}

impl Insides {
    const CITY: u64 = 100_000;

    fn new(world: &World) -> Insides {
        let mut insides = Insides { labels: BTreeMap::new(), cities: BTreeMap::new(), countries: HashMap::new() };
        for id in world.countries.values() {
            for name in world.places.get(id).iter().flat_map(|place| &place.names) {
                if name.kind != Kind::Code && name.kind != Kind::Demonym {
                    insides.countries.entry(bare(&fold(&name.text))).or_default().insert(id.clone());
                }
            }
        }
        for place in world.places.values().filter(|place| place.is_town() || place.feature.starts_with("A.ADM")) {
            let labels = insides.labels.entry(place.country.clone()).or_default();
            labels.insert(fold(&place.label));
            if place.feature == "A.ADM1" {
                labels.extend(place.names.iter().map(|name| fold(&name.text)));
            }
            if place.feature == "P.PPLC" || (place.is_town() && place.population >= Insides::CITY) {
                let cities = insides.cities.entry(place.country.clone()).or_default();
                cities.extend(place.names.iter().map(|name| fold(&name.text)));
            }
        }
        insides
    }

    /// Whether a folded name is that of other countries only.
    fn elsewhere(&self, id: &Id, folded: &str) -> bool {
        self.countries.get(&bare(folded)).is_some_and(|owners| !owners.contains(id))
    }

    /// Whether a folded name is that of a place inside; for a unit only cities count, since units bear towns' names.
    fn of<'a>(&'a self, country: &str, unit: bool) -> impl Fn(&str) -> bool + use<'a> {
        let (labels, cities) = (self.labels.get(country), self.cities.get(country));
        move |folded| {
            cities.is_some_and(|names| names.contains(folded))
                || (!unit && labels.is_some_and(|names| names.contains(folded)))
        }
    }
}

/// Whether an alias is short for one of the names: its letters stand in the name in their order, the first at the head.
fn is_code_of(folded: &str, trusted: &HashSet<String>) -> bool {
    (2..=4).contains(&folded.len())
        && trusted.iter().any(|name| {
            let mut letters = name.chars();
            letters.next() == folded.chars().next() && folded.chars().skip(1).all(|c| letters.any(|letter| letter == c))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torn_and_single_case_aliases_are_seen() {
        assert!(is_torn("i -Turkey") && !is_torn("Emilia-Romagna") && !is_torn("Foo - Bar"));
        assert!(is_one_case("TÜRKİYE") && is_one_case("россия") && !is_one_case("Россия") && !is_one_case("USA"));
        assert!(is_code("JSY") && !is_code("Jsy") && !is_code("J"));
        let trusted = HashSet::from(["united states".to_string()]);
        assert!(is_code_of("ust", &trusted) && !is_code_of("nev", &trusted));
    }

    #[test]
    fn a_city_is_no_alias_of_its_country() {
        let mut world = World::new();
        for (number, feature, label) in [(1, "A.PCLI", "France"), (2, "P.PPLC", "Paris")] {
            let place = crate::model::Place::new(feature, "FR", label, "gnc");
            world.places.insert(Id::GeoNames(number), place);
        }
        world.countries.insert("FR".into(), Id::GeoNames(1));
        let insides = Insides::new(&world);
        let wordnet = WordNet { words: BTreeMap::from([("frank".into(), BTreeMap::new())]), ..WordNet::default() };
        let judges = Judges { corrections: &Corrections::default(), wordnet: &wordnet };
        let aliases = ["Paris", "Francie", "FRANCE", "Paris, France", "Burgundy", "Frank"];
        let aliases = aliases.map(|text| Alias { text, lang: None, kind: Kind::Alternate, source: countrynames::CODE });
        offer(&mut world, &Id::GeoNames(1), &insides, &judges, aliases.into_iter());
        let names = &world.places[&Id::GeoNames(1)].names;
        assert_eq!(names.iter().map(|name| name.text.as_str()).collect::<Vec<_>>(), ["France", "Francie"]);
        assert!(names[1].weak);
    }
}
