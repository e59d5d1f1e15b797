//! Airports: each is an entity of its own, found by its codes, its name and the city that it serves.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::World;
use crate::fold::fold;
use crate::geo::Point;
use crate::model::{Id, Kind, Place, Position};
use crate::read::airports::{Airport, CODE};
use crate::report::Section;

/// Numbers from here on are for airports that `data/overlays` does not have.
const FIRST: u32 = 40_000;
/// The farthest town that says in which unit an airport lies, in kilometres.
const NEAR: f64 = 100.0;
/// The farthest an airport lies from the city that it serves, in kilometres.
const SERVED: f64 = 80.0;
/// Words that people leave out of an airport's name.
const OFTEN_LEFT_OUT: [&str; 5] = ["International", "Regional", "Municipal", "Intl", "Ntl"];

/// Adds the airports. `ids` is the committed table of their ids, which new airports are added to.
pub fn add(world: &mut World, airports: &[Airport], ids: &Path) -> Result<()> {
    let ids = assign_ids(airports, ids)?;
    let towns = Towns::new(world);
    let mut served: HashMap<(&str, String), u32> = HashMap::new();
    for airport in airports {
        *served.entry((&airport.country, fold(&airport.city))).or_default() += 1;
    }
    let mut taken: BTreeSet<(String, String)> = BTreeSet::new();
    for airport in airports {
        taken.insert((airport.country.clone(), fold(&airport.name)));
    }
    for airport in airports {
        let Some(country) = world.countries.get(&airport.country).cloned() else {
            world.report.list(Section::LeftOut, "airports of unknown countries", airport.name.clone());
            continue;
        };
        let id = ids[&airport.icao].clone();
        let label = world.label(&spelled_out(&airport.name));
        let mut place = Place::new("S.AIRP", &airport.country, label.clone(), CODE);
        place.names[0].lang = "en".to_owned();
        if let Some(point) = Point::new(airport.lat, airport.lon) {
            place.position = Position::Given(point);
            place.parent = towns.container(world, airport, point);
        }
        place.parent.get_or_insert(country);
        world.insert(id.clone(), place)?;
        for code in [&airport.iata, &airport.icao] {
            world.add(&id, code, None, CODE, |name| name.kind(Kind::Code));
        }
        let short = without(&label, &OFTEN_LEFT_OUT);
        if short != label {
            world.add(&id, &short, Some("en"), CODE, |name| name.kind(Kind::Short));
        }
        let city = airport.city.trim();
        if !city.is_empty() && !city.contains([',', '/', '(']) {
            if !has_word_of(&label, city) {
                world.add(&id, &format!("{city} {short}"), Some("en"), CODE, |name| name);
            }
            let only = served.get(&(&*airport.country, fold(city))) == Some(&1);
            let of_the_city = format!("{city} Airport");
            if only && !taken.contains(&(airport.country.clone(), fold(&of_the_city))) {
                world.add(&id, &of_the_city, Some("en"), CODE, |name| name);
            }
        }
        // "Charles de Gaulle" in a text is usually a person: the bare name is for lookups.
        let bare = without(&short, &["Airport"]);
        if bare != short && fold(&bare) != fold(city) {
            world.add(&id, &bare, Some("en"), CODE, |name| crate::model::Name { machine: true, ..name });
        }
    }
    Ok(())
}

/// The id of each airport by its ICAO code. An id stays with its code for ever, whether the source still has it or not.
fn assign_ids(airports: &[Airport], path: &Path) -> Result<BTreeMap<String, Id>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut numbers: BTreeMap<u32, String> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let (id, icao) = line.split_once('\t').with_context(|| format!("{}: {line:?}", path.display()))?;
        let number = id.strip_prefix("al:").and_then(|number| number.parse().ok());
        let number = number.with_context(|| format!("{}: {id:?} is not an id", path.display()))?;
        ensure!(numbers.insert(number, icao.to_owned()).is_none(), "{}: {id} is there twice", path.display());
    }
    let known: BTreeSet<String> = numbers.values().cloned().collect();
    ensure!(known.len() == numbers.len(), "{}: a code is there twice", path.display());
    let next = numbers.keys().last().map_or(FIRST, |last| FIRST.max(last + 1));
    let new = airports.iter().filter(|airport| !known.contains(&airport.icao));
    numbers.extend((next..).zip(new.map(|airport| airport.icao.clone())));
    let mut table = String::from("id\ticao\n");
    for (number, icao) in &numbers {
        let _ = writeln!(table, "al:{number}\t{icao}");
    }
    std::fs::write(path, table).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(numbers.into_iter().map(|(number, icao)| (icao, Id::Own(number))).collect())
}

/// The name with its abbreviations written as usual.
fn spelled_out(name: &str) -> String {
    let words = name.split_whitespace().map(|word| match word {
        "Afb" => "Air Force Base",
        "Ntl" => "National",
        "Intl" => "International",
        "Nas" => "Naval Air Station",
        word => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn without(name: &str, words: &[&str]) -> String {
    name.split_whitespace().filter(|word| !words.contains(word)).collect::<Vec<_>>().join(" ")
}

/// Whether the name holds a longer word of the city's name.
fn has_word_of(name: &str, city: &str) -> bool {
    let (name, city) = (fold(name), fold(city));
    city.split(' ').any(|word| word.len() > 2 && name.contains(word))
}

/// Towns by the square degree they lie in.
struct Towns(HashMap<(i32, i32), Vec<(Point, Id)>>);

impl Towns {
    fn new(world: &World) -> Towns {
        let mut cells: HashMap<_, Vec<_>> = HashMap::new();
        for (id, place) in world.places.iter().filter(|(_, place)| place.is_town()) {
            let Some(point) = place.position.point() else { continue };
            cells.entry(cell(point)).or_default().push((point, id.clone()));
        }
        Towns(cells)
    }

    /// The towns of a country around a point, with their distance in kilometres.
    fn around<'a>(
        &'a self,
        world: &'a World,
        point: Point,
        country: &'a str,
    ) -> impl Iterator<Item = (f64, &'a Id, &'a Place)> {
        let (lat, lon) = cell(point);
        // A degree of longitude is short far from the equator.
        let wide = (1.0 / point.lat.to_radians().cos().max(0.2)).ceil() as i32;
        let cells = (lat - 1..=lat + 1).flat_map(move |lat| (lon - wide..=lon + wide).map(move |lon| (lat, lon)));
        cells
            .filter_map(|at| self.0.get(&at))
            .flatten()
            .filter_map(move |(at, id)| Some((point.distance(*at), id, world.places.get(id)?)))
            .filter(move |(_, _, town)| town.country == country)
    }

    /// The city that an airport serves, where both are in one first-level unit, or the unit of the nearest town.
    fn container(&self, world: &World, airport: &Airport, point: Point) -> Option<Id> {
        let around = || self.around(world, point, &airport.country);
        let (_, nearest, town) =
            around().filter(|(km, ..)| *km < NEAR).min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)))?;
        let city = fold(&airport.city);
        let is_city = |place: &Place| place.names.iter().any(|name| !name.machine && fold(&name.text) == city);
        let served = around()
            .filter(|(km, _, place)| *km < SERVED && !city.is_empty() && is_city(place))
            .max_by(|a, b| a.2.population.cmp(&b.2.population).then_with(|| b.1.cmp(a.1)));
        match served {
            Some((_, city, _)) if first_level(world, city) == first_level(world, nearest) => Some(city.clone()),
            _ => town.parent.clone(),
        }
    }
}

fn cell(point: Point) -> (i32, i32) {
    (point.lat.floor() as i32, point.lon.floor() as i32)
}

/// The first-level unit that a place lies in.
fn first_level<'a>(world: &'a World, id: &'a Id) -> Option<&'a Id> {
    let mut at = id;
    loop {
        let place = world.places.get(at)?;
        match place.feature.as_str() {
            "A.ADM1" => return Some(at),
            _ => at = place.parent.as_ref()?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_loses_what_people_leave_out() {
        let name = spelled_out("Ronald Reagan  Washington Ntl Airport");
        assert_eq!(name, "Ronald Reagan Washington National Airport");
        assert_eq!(without("Hamad International Airport", &OFTEN_LEFT_OUT), "Hamad Airport");
        assert!(has_word_of("Paris-Orly Airport", "Paris") && !has_word_of("Hamad Airport", "Doha"));
    }

    #[test]
    fn an_id_stays_with_its_code() {
        let path = std::env::temp_dir().join(format!("gather-airports-{}.tsv", std::process::id()));
        std::fs::write(&path, "id\ticao\nal:12034\tEGLL\nal:40000\tZZZZ\n").expect("a temporary file");
        let airport = |icao: &str| Airport {
            icao: icao.to_owned(),
            iata: String::new(),
            name: String::new(),
            city: String::new(),
            country: String::new(),
            lat: 0.0,
            lon: 0.0,
        };
        let ids = assign_ids(&[airport("AAAA"), airport("EGLL")], &path).expect("ids");
        assert_eq!(ids["EGLL"], Id::Own(12_034));
        assert_eq!(ids["AAAA"], Id::Own(40_001));
        let again = assign_ids(&[airport("EGLL")], &path).expect("ids");
        assert_eq!(again["AAAA"], Id::Own(40_001), "an airport that is gone keeps its id");
        std::fs::remove_file(path).expect("the temporary file");
    }
}
