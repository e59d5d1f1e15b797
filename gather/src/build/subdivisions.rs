//! ISO 3166-2: each code finds its unit, the unit its names in many languages; codes without a unit become places.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::World;
use super::assign::{Match, Profile, assign};
use crate::fold::fold;
use crate::geo::Point;
use crate::model::{Id, Place, Position};
use crate::read::cldr_core::{self, Subdivisions};
use crate::read::keshvar::{self, Subdivision};
use crate::read::{Tagged, cldr_subdivisions};
use crate::report::Section;

/// A given point further than this from the mean of a unit's towns is a mistake.
const BELIEVABLE: [f64; 2] = [800.0, 150.0];

type Newest = BTreeMap<String, Vec<Tagged>>;

/// Codes of a state's list for what has a country code, or a place below it, elsewhere.
const ELSEWHERE: [(&str, &str); 10] = [
    ("FR-971", "GP"),
    ("FR-972", "MQ"),
    ("FR-973", "GF"),
    ("FR-974", "RE"),
    ("FR-976", "YT"),
    ("NL-BQ1", "BQ-BO"),
    ("NL-BQ2", "BQ-SA"),
    ("NL-BQ3", "BQ-SE"),
    ("NO-21", "SJ.21"),
    ("NO-22", "SJ.22"),
];

pub fn add(
    world: &mut World,
    cldr: &Subdivisions,
    newest: &Newest,
    kesh: &BTreeMap<String, Subdivision>,
    means: &BTreeMap<Id, Point>,
) {
    let mut all = Spellings { cldr, newest, kesh, older: BTreeMap::new(), points: BTreeMap::new() };
    let codes = in_use(world, &mut all);
    all.points = believable_points(world, kesh);
    let mut by_country: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for code in &codes {
        by_country.entry(&code[..2]).or_default().push(code);
    }
    for (country, codes) in by_country {
        if !world.countries.contains_key(country) {
            world.report.note(Section::LeftOut, "ISO 3166-2 codes of no country here", || codes[0].clone());
            continue;
        }
        let units = units(world, country, means);
        for found in matches(&codes, &all, units) {
            tally(world, &found);
            world.iso.insert(found.code, found.unit);
        }
        // Containers first, for they may be parents.
        let (below, top): (Vec<_>, Vec<_>) = codes.into_iter().partition(|code| all.parent(code).is_some());
        for code in top.into_iter().chain(below) {
            place(world, code, country, &all, means);
        }
    }
    elsewhere(world, &all);
}

/// The codes to use: CLDR's newest list without those that CLDR 41 already called deprecated, and keshvar's where CLDR
/// lacks a name; not those of countries, nor old codes whose name has moved to a new one.
fn in_use(world: &mut World, all: &mut Spellings) -> BTreeSet<String> {
    let Spellings { cldr, newest, kesh, .. } = *all;
    let listed = newest.keys().filter(|code| !cldr.deprecated.contains(*code));
    let unnamed = kesh.keys().filter(|code| cldr.regular.contains(*code));
    let mut codes: BTreeSet<String> = listed.chain(unnamed).cloned().collect();
    let listed_twice = ["CN-HK", "CN-MO", "CN-TW"];
    codes.retain(|code| {
        let country = listed_twice.contains(&code.as_str()) || cldr.countries.contains_key(code);
        !country && !ELSEWHERE.iter().any(|(other, _)| other == code)
    });
    // A code that CLDR 41 did not know takes the place of an older one that bears its name.
    let mut owners: BTreeMap<(String, String), &String> = BTreeMap::new();
    let older: Vec<&String> = codes.iter().filter(|code| cldr.regular.contains(*code)).collect();
    let spelled: Vec<_> = older.iter().map(|code| all.of(code)).collect();
    for (code, names) in older.into_iter().zip(&spelled) {
        for (text, _, _) in names {
            owners.insert((code[..2].to_string(), fold(text)), code);
        }
    }
    let mut replaced = BTreeMap::new();
    for code in codes.iter().filter(|code| !cldr.regular.contains(*code)) {
        if let Some((text, _, _)) = all.of(code).first()
            && let Some(old) = owners.get(&(code[..2].to_string(), fold(text)))
        {
            replaced.insert(code.clone(), (*old).clone());
        }
    }
    for old in replaced.values() {
        codes.remove(old);
        world.report.note(Section::LeftOut, "ISO 3166-2 codes whose name has moved to a newer code", || old.clone());
    }
    for code in kesh.keys().filter(|code| !codes.contains(*code) && !cldr.countries.contains_key(*code)) {
        world.report.note(Section::LeftOut, "ISO 3166-2 codes that are no longer in use", || code.clone());
    }
    all.older = replaced;
    codes
}

/// keshvar's points without those that lie far from every town of the country: some stand for a namesake elsewhere.
fn believable_points(world: &World, kesh: &BTreeMap<String, Subdivision>) -> BTreeMap<String, Point> {
    const REACH: f64 = 400.0;
    let mut towns: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for town in world.places.values().filter(|place| place.is_town()) {
        towns.entry(&town.country).or_default().extend(town.position.point());
    }
    let near = |code: &str, point: Point| {
        towns.get(&code[..2]).is_none_or(|towns| towns.iter().any(|town| town.distance(point) <= REACH))
    };
    kesh.iter()
        .filter_map(|(code, subdivision)| Some((code.clone(), subdivision.point?)))
        .filter(|(code, point)| near(code, *point))
        .collect()
}

struct Spellings<'a> {
    cldr: &'a Subdivisions,
    newest: &'a Newest,
    kesh: &'a BTreeMap<String, Subdivision>,
    /// The old code that a new one has replaced.
    older: BTreeMap<String, String>,
    points: BTreeMap<String, Point>,
}

/// A spelling, its locale and its source.
type Spelling<'a> = (&'a str, Option<&'a str>, &'static str);

impl<'a> Spellings<'a> {
    /// All spellings of a code: the newest English first.
    fn of(&self, code: &str) -> Vec<Spelling<'a>> {
        let tagged = |names: Option<&'a Vec<Tagged>>, source: &'static str| {
            names.into_iter().flatten().map(move |name| (name.text.as_str(), Some(name.locale.as_str()), source))
        };
        let mut all: Vec<Spelling> = tagged(self.newest.get(code), cldr_subdivisions::CODE).collect();
        all.sort_by_key(|(_, locale, _)| *locale != Some("en"));
        let mut older: Vec<Spelling> = tagged(self.cldr.names.get(code), cldr_core::CODE).collect();
        older.sort_by_key(|(_, locale, _)| *locale != Some("en"));
        all.extend(older);
        if let Some(kesh) = self.kesh.get(code) {
            all.push((&kesh.name, None, keshvar::CODE));
            all.extend(tagged(Some(&kesh.names), keshvar::CODE));
            all.extend(kesh.unofficial.iter().map(|name| (name.as_str(), None, keshvar::CODE)));
        }
        if let Some(older) = self.older.get(code) {
            all.extend(self.of(older));
        }
        all
    }

    fn point(&self, code: &str) -> Option<Point> {
        let older = self.older.get(code).and_then(|older| self.points.get(older));
        self.points.get(code).or(older).copied()
    }

    /// The containing subdivision, if it is one.
    fn parent(&self, code: &str) -> Option<&'a String> {
        self.cldr.parents.get(code).filter(|parent| parent.contains('-'))
    }
}

fn units(world: &World, country: &str, means: &BTreeMap<Id, Point>) -> BTreeMap<Id, Profile> {
    // '/' follows '.' in the order of characters.
    let (from, to) = (format!("{country}."), format!("{country}/"));
    let first = world.first.range(from.clone()..to.clone()).map(|(code, id)| (code, id, false));
    let second = world.second.range(from..to).map(|(code, id)| (code, id, true));
    let mut units = BTreeMap::new();
    for (code, id, second) in first.chain(second) {
        let Some(place) = world.places.get(id) else { continue };
        let label = std::iter::once(place.label.as_str());
        let code = code.rsplit('.').next().unwrap_or(code);
        let mut profile = Profile::new(second, code, label.chain(place.names.iter().map(|name| name.text.as_str())));
        profile.point = means.get(id).copied();
        profile.container = place.parent.as_ref().filter(|_| second).map(ToString::to_string);
        units.insert(id.clone(), profile);
    }
    units
}

/// First the codes right below the country, then the others, which know their container by then.
fn matches(codes: &[&String], all: &Spellings, mut units: BTreeMap<Id, Profile>) -> Vec<Match<String, Id>> {
    let mut found: Vec<Match<String, Id>> = Vec::new();
    for second in [false, true] {
        let mut profiles = BTreeMap::new();
        for code in codes.iter().filter(|code| all.parent(code).is_some() == second) {
            let spellings = all.of(code);
            let mut profile = Profile::new(second, &code[3..], spellings.iter().map(|(text, _, _)| *text));
            let kind = all.kesh.get(*code).map_or("", |kesh| kesh.kind.as_str());
            profile.urban = urban(kind).or(profile.urban);
            profile.point = all.point(code);
            profile.container = all
                .parent(code)
                .and_then(|parent| found.iter().find(|found| found.code == **parent))
                .map(|found| found.unit.to_string());
            profiles.insert((*code).clone(), profile);
        }
        let new = assign(&profiles, &units);
        for found in &new {
            units.remove(&found.unit);
        }
        found.extend(new);
    }
    found
}

/// What keshvar's type of a subdivision says of its being a town: `CityWithCountyRights`, `Rayon`.
fn urban(kind: &str) -> Option<bool> {
    const TOWN: [&str; 3] = ["City", "Town", "Capital"];
    const AROUND: [&str; 9] =
        ["Oblast", "District", "Rayon", "Region", "County", "Province", "Republic", "State", "Department"];
    let begins = |words: &[&str]| words.iter().any(|word| kind.starts_with(word));
    if begins(&AROUND) { Some(false) } else { begins(&TOWN).then_some(true) }
}

fn tally(world: &mut World, found: &Match<String, Id>) {
    let unit = &world.places[&found.unit];
    let level = if unit.feature == "A.ADM1" { "first" } else { "second" };
    world.report.note(Section::Subdivisions, &format!("codes matched to units of the {level} level"), || {
        format!("{} = {}", found.code, unit.label)
    });
    let distance = match found.distance {
        None => "distance unknown",
        Some(..=30.0) => "distance up to 30 km",
        Some(..=100.0) => "distance 30 to 100 km",
        Some(..=300.0) => "distance 100 to 300 km",
        Some(_) => "distance above 300 km",
    };
    world
        .report
        .note(Section::Subdivisions, &format!("matches by {distance}"), || format!("{} = {}", found.code, unit.label));
}

/// Lays the names onto the code's unit, or makes it a place.
fn place(world: &mut World, code: &str, country: &str, all: &Spellings, means: &BTreeMap<Id, Point>) {
    let given = all.point(code);
    let spellings = all.of(code);
    let id = match world.iso.get(code) {
        Some(id) => id.clone(),
        None => {
            let Some((first, _, source)) = spellings.first() else { return };
            let parent = all
                .parent(code)
                .and_then(|parent| world.iso.get(parent))
                .or_else(|| world.countries.get(country))
                .cloned();
            let feature = if all.parent(code).is_some() { "A.ADM2" } else { "A.ADM1" };
            let mut place = Place::new(feature, country, world.label(first), source);
            place.parent = parent;
            let id = Id::Iso(code.to_string());
            world.report.list(
                Section::Subdivisions,
                "codes without a unit, places of their own",
                format!("{code} {}", place.label),
            );
            world.places.insert(id.clone(), place);
            world.iso.insert(code.to_string(), id.clone());
            id
        }
    };
    let Some(place) = world.places.get_mut(&id) else { return };
    let limit = BELIEVABLE[usize::from(place.feature == "A.ADM2")];
    if let Some(point) = given
        && means.get(&id).is_none_or(|mean| mean.distance(point) <= limit)
        && place.position == Position::Unknown
    {
        place.position = Position::Given(point);
    }
    if matches!(id, Id::GeoNames(_)) {
        place.same_as.insert(format!("iso:{code}"));
    }
    add_names(world, &id, country, &spellings);
}

fn add_names(world: &mut World, id: &Id, country: &str, spellings: &[Spelling]) {
    let nation: HashSet<String> = world
        .countries
        .get(country)
        .and_then(|id| world.places.get(id))
        .map(|place| place.names.iter().map(|name| fold(&name.text)).collect())
        .unwrap_or_default();
    for &(text, locale, source) in spellings {
        // "George Town, Bahamas": the country is no part of the name.
        let name = match text.rsplit_once([',', '،']) {
            Some((head, tail)) if nation.contains(&fold(tail)) => {
                world.report.note(Section::Mended, "the country behind a comma taken off", || text.to_string());
                head.trim()
            }
            _ => text,
        };
        world.add(id, name, locale, source, |name| name);
    }
}

/// Territories that a state lists and that have a country code too: `US-PR` is `PR`.
fn elsewhere(world: &mut World, all: &Spellings) {
    let aliases = all.cldr.countries.iter().map(|(code, country)| (code.as_str(), country.as_str()));
    let pairs: Vec<(&str, &str)> = aliases.filter(|(code, _)| !code.starts_with("CN-")).chain(ELSEWHERE).collect();
    for (code, target) in pairs {
        let found = world.countries.get(target).or_else(|| world.iso.get(target)).or_else(|| world.first.get(target));
        let Some(id) = found.cloned() else { continue };
        if let Some(place) = world.places.get_mut(&id) {
            place.same_as.insert(format!("iso:{code}"));
        }
        world
            .report
            .note(Section::Subdivisions, "codes of what has another code elsewhere", || format!("{code} = {target}"));
        add_names(world, &id, &code[..2], &all.of(code));
    }
}
