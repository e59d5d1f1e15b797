//! ISO 3166-2: each code finds its unit, the unit its names in many languages; codes without a unit become places.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::{Result, ensure};

use super::assign::{Match, Profile, assign};
use super::corrections::Corrections;
use super::positions::Means;
use super::{World, recoded};
use crate::fold::{bare, fold};
use crate::geo::Point;
use crate::model::{Id, Place, Position};
use crate::read::cldr_core::{self, Subdivisions};
use crate::read::keshvar::{self, Subdivision};
use crate::read::{Tagged, cldr_subdivisions};
use crate::report::{Report, Section};

pub type Newest = BTreeMap<String, Vec<Tagged>>;

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

/// So many codes may be on units whose names look nothing like ISO's: Haute-Garonne is GeoNames' "Upper Garonne".
const STRANGE: usize = 60;

/// What the packages say of the codes.
pub struct Lists {
    pub cldr: Subdivisions,
    pub newest: Newest,
    pub kesh: BTreeMap<String, Subdivision>,
    /// The names that ISO 3166-2 has now, to compare with.
    pub iso: BTreeMap<String, Vec<String>>,
}

pub fn add(world: &mut World, mut lists: Lists, corrections: &Corrections, means: &Means) -> Result<()> {
    let of_cldr = &mut [("cldrsub", &mut lists.newest), ("cldr41", &mut lists.cldr.names)];
    recoded::straighten(&mut world.report, of_cldr, &lists.iso);
    straighten_kesh(&mut world.report, &mut lists);
    let Lists { cldr, newest, kesh, iso } = &lists;
    let mut all = Spellings { cldr, newest, kesh, iso, older: BTreeMap::new(), points: BTreeMap::new() };
    let codes = in_use(world, &mut all);
    all.points = believable_points(world, kesh);
    let mut by_country: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for code in &codes {
        by_country.entry(&code[..2]).or_default().push(code);
    }
    let mut strange = 0;
    for (country, codes) in by_country {
        if !world.countries.contains_key(country) {
            world.report.note(Section::LeftOut, "ISO 3166-2 codes of no country here", || codes[0].clone());
            continue;
        }
        let units = units(world, country, means);
        let mut found = matches(&codes, &all, &units, corrections);
        better_units(world, &codes, &all, &units, &mut found);
        for found in found {
            tally(world, &found);
            strange += usize::from(!compare(world, &found, &all));
            world.iso.insert(found.code, found.unit);
        }
        // Containers first, for they may be parents.
        let (below, top): (Vec<_>, Vec<_>) = codes.into_iter().partition(|code| all.parent(code).is_some());
        for code in top.into_iter().chain(below) {
            place(world, code, country, &all, means);
        }
    }
    elsewhere(world, &all);
    ensure!(
        strange <= STRANGE,
        "{strange} ISO 3166-2 codes are on units of other names, more than {STRANGE}: a source has another list of codes; \
         `gather check` lists them"
    );
    for (code, id) in &corrections.units {
        // Codes newer than every list have no names; the unit bears the code all the same.
        let found = world.iso.entry(code.clone()).or_insert_with(|| id.clone());
        ensure!(found == id, "gather/corrections.tsv gives {code} to {id}, but {found} has got it");
        if let Some(place) = world.places.get_mut(id) {
            place.same_as.insert(format!("iso:{code}"));
        }
    }
    Ok(())
}

/// keshvar's own names and its translations come from different lists. A point goes with the name.
fn straighten_kesh(report: &mut Report, lists: &mut Lists) {
    const ORIGIN: &str = "code";
    let tagged = |locale: &str, text: &str| Tagged { locale: locale.to_string(), text: text.to_string() };
    let mut translated = Newest::new();
    let mut own = Newest::new();
    for (code, item) in &mut lists.kesh {
        translated.insert(code.clone(), std::mem::take(&mut item.names));
        let names = std::iter::once(&item.name).chain(&item.unofficial).map(|name| tagged("", name));
        own.insert(code.clone(), names.chain([tagged(ORIGIN, code)]).collect());
    }
    recoded::straighten(report, &mut [("keshvar's translations", &mut translated)], &lists.iso);
    recoded::straighten(report, &mut [("keshvar", &mut own)], &lists.iso);
    let before = std::mem::take(&mut lists.kesh);
    for (code, mut names) in own {
        let item = lists.kesh.entry(code).or_default();
        if let Some(origin) = names.iter().rposition(|name| name.locale == ORIGIN) {
            let origin = names.remove(origin).text;
            if let Some(old) = before.get(&origin) {
                (item.point, item.kind) = (old.point, old.kind.clone());
            }
        }
        let mut names = names.into_iter().filter(|name| name.locale != ORIGIN).map(|name| name.text);
        item.name = names.next().unwrap_or_default();
        item.unofficial = names.collect();
    }
    for (code, names) in translated {
        lists.kesh.entry(code).or_default().names = names;
    }
}

/// The codes to use: CLDR's newest list without those that CLDR 41 already called deprecated, and keshvar's where CLDR
/// lacks a name; not those of countries, nor old codes whose name has moved to a new one.
fn in_use(world: &mut World, all: &mut Spellings) -> BTreeSet<String> {
    let Spellings { cldr, newest, kesh, iso, .. } = *all;
    let named = newest.keys().chain(kesh.keys()).chain(cldr.names.keys());
    let mut codes: BTreeSet<String> =
        named.filter(|code| iso.contains_key(*code) && !cldr.deprecated.contains(*code)).cloned().collect();
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
    iso: &'a BTreeMap<String, Vec<String>>,
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

    /// What ISO 3166-2 calls it now.
    fn iso_names(&self, code: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.iso.get(code).into_iter().flatten().map(String::as_str)
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

fn units(world: &World, country: &str, means: &Means) -> BTreeMap<Id, Profile> {
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
        profile.point = means.get(id);
        profile.container = place.parent.as_ref().filter(|_| second).map(ToString::to_string);
        units.insert(id.clone(), profile);
    }
    units
}

/// First the codes right below the country, then the others, which know their container by then.
fn matches(
    codes: &[&String],
    all: &Spellings,
    units: &BTreeMap<Id, Profile>,
    corrections: &Corrections,
) -> Vec<Match<String, Id>> {
    let mut units = units.clone();
    let mut found: Vec<Match<String, Id>> = Vec::new();
    for code in codes {
        if let Some((unit, profile)) = corrections.units.get(*code).and_then(|unit| units.remove_entry(unit)) {
            let distance = all.point(code).zip(profile.point).map(|(a, b)| a.distance(b));
            found.push(Match { code: (*code).clone(), unit, score: i32::MAX, distance });
        }
    }
    let pinned: BTreeSet<String> = found.iter().map(|found| found.code.clone()).collect();
    for second in [false, true] {
        let mut profiles = BTreeMap::new();
        let level = codes.iter().filter(|code| all.parent(code).is_some() == second);
        for code in level.filter(|code| !pinned.contains(**code)) {
            let spellings = all.of(code);
            let names = spellings.iter().map(|(text, _, _)| *text).chain(all.iso_names(code));
            let mut profile = Profile::new(second, &code[3..], names);
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

/// A first-level unit that no code has got, but that bears the code's name, is better than a unit inside it of the same
/// name, and better than none: São Paulo is the state, not the municipality.
fn better_units(
    world: &mut World,
    codes: &[&String],
    all: &Spellings,
    units: &BTreeMap<Id, Profile>,
    found: &mut Vec<Match<String, Id>>,
) {
    let mut free: BTreeMap<&Id, &Profile> = units.iter().filter(|(_, profile)| !profile.second).collect();
    for taken in found.iter() {
        free.remove(&taken.unit);
    }
    for code in codes {
        let at = found.iter().position(|found| found.code == **code);
        let spelled = all.of(code);
        let english = spelled.iter().filter(|(_, locale, _)| locale.is_none_or(|locale| locale == "en"));
        let names: HashSet<String> =
            english.map(|(text, _, _)| *text).chain(all.iso_names(code)).map(|text| bare(&fold(text))).collect();
        let inside = |unit: &Id| at.is_some_and(|at| world.places[&found[at].unit].parent.as_ref() == Some(unit));
        let better = free.iter().find(|(unit, profile)| {
            let first_level = at.is_none_or(|at| units[&found[at].unit].second && inside(unit));
            first_level && names.contains(&bare(&profile.label))
        });
        let Some((unit, profile)) = better.map(|(unit, profile)| ((*unit).clone(), *profile)) else { continue };
        free.remove(&unit);
        world.report.list(
            Section::Subdivisions,
            "codes moved to the first-level unit of their name",
            format!("{code} = {}", world.places[&unit].label),
        );
        let distance = all.point(code).zip(profile.point).map(|(a, b)| a.distance(b));
        let new = Match { code: (*code).clone(), unit, score: 0, distance };
        match at {
            Some(at) => found[at] = new,
            None => found.push(new),
        }
    }
}

/// Whether the unit of a code has a name like that of ISO 3166-2: the check that finds codes on wrong units.
fn compare(world: &mut World, found: &Match<String, Id>, all: &Spellings) -> bool {
    let unit = &world.places[&found.unit];
    let own = unit.names.iter().map(|name| name.text.as_str()).chain([unit.label.as_str()]);
    let spelled = all.of(&found.code);
    // What only the code's own spellings say is no proof; the unit's names are those of before.
    let names: Vec<&str> = own.collect();
    let iso: Vec<String> = all.iso_names(&found.code).map(str::to_string).collect();
    if iso.is_empty() || recoded::likeness(&iso, names.iter().copied()) >= recoded::FITS {
        return true;
    }
    let translated = spelled.iter().any(|(text, _, _)| recoded::likeness(&iso, [*text].into_iter()) >= recoded::FITS)
        && spelled.iter().any(|(text, _, _)| names.iter().any(|name| bare(&fold(name)) == bare(&fold(text))));
    let what = if translated {
        "codes whose unit bears ISO's name only in another language"
    } else {
        "codes whose unit bears another name than ISO's"
    };
    let example = format!("{} {} = {}", found.code, iso.join("/"), unit.label);
    if translated {
        world.report.note(Section::Subdivisions, what, || example);
    } else {
        world.report.list(Section::Subdivisions, what, example);
    }
    translated
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
    let level = level(&unit.feature);
    world.report.note(Section::Subdivisions, &format!("codes matched to {level} units"), || {
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

fn level(feature: &str) -> &'static str {
    if feature == "A.ADM1" { "first-level" } else { "second-level" }
}

/// Lays the names onto the code's unit, or makes it a place.
fn place(world: &mut World, code: &str, country: &str, all: &Spellings, means: &Means) {
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
    if let Some(point) = given
        && place.position == Position::Unknown
    {
        match means.doubt(&id, place.feature == "A.ADM2", point) {
            None => place.position = Position::Given(point),
            Some(kilometres) => {
                let what = format!("points of {} units too far from their towns", level(&place.feature));
                let example = format!("{} ({country}) {kilometres:.0} km", place.label);
                if place.feature == "A.ADM1" {
                    world.report.list(Section::LeftOut, &what, example);
                } else {
                    world.report.note(Section::LeftOut, &what, || example);
                }
            }
        }
    }
    let Some(place) = world.places.get_mut(&id) else { return };
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
