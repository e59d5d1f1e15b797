//! A made-up world: place number so-and-so, always the same for one seed.
//!
//! In the shape of GeoNames' dump of 2026: its classes in their shares, half of the main names shared by several places,
//! some of them by thousands, 1.3 further names a place of which most places have none, few inhabitants known.

use allonym::entity::{Country, Details, Entity, EntityType, Name, NameKind, Point};

use crate::names::Proper;
use crate::numbers::Numbers;

/// Countries; before the other places come they, their provinces and these's districts.
const COUNTRIES: u64 = 250;
const PROVINCES: u64 = COUNTRIES * 16;
const DISTRICTS: u64 = PROVINCES * 11;
/// Proper names that more than one place may have.
const SHARED: u64 = 400_000;

/// The world of a seed.
#[derive(Clone, Copy)]
pub struct World {
    pub seed: u64,
    pub places: u64,
}

/// Where a place belongs: numbers of places, and how GeoNames' columns name these.
pub struct Units {
    pub country: String,
    pub province: Option<u64>,
    pub district: Option<u64>,
}

impl World {
    /// The place of a number from 0 on.
    pub fn place(&self, number: u64) -> Entity {
        let mut numbers = Numbers::of(self.seed, number);
        let (class, code) = self.feature(number, &mut numbers);
        let units = self.units(number);
        let proper = match numbers.chance(0.55) {
            // Some names are everywhere: the square makes the first of them frequent.
            true => {
                let rank = numbers.unit() * numbers.unit() * numbers.unit();
                Proper::new(&mut Numbers::of(self.seed ^ 0x5eed, (rank * SHARED as f64) as u64))
            }
            false => Proper::new(&mut numbers),
        };
        let name =
            |lang: &str, text: String| Name { text, lang: lang.to_owned(), source: "gn".to_owned(), ..Name::default() };
        let mut names = vec![name("", proper.main(class, &mut numbers))];
        let known = numbers.pick(&[(0, 57), (1, 16), (2, 9), (4, 10), (8, 5), (16, 3)]);
        for _ in 0..(known + numbers.below(known / 2 + 1)) {
            let (lang, text) = proper.other(&mut numbers);
            if names.iter().all(|known| known.text != text) {
                let kind = numbers.pick(&[(NameKind::Alternate, 94), (NameKind::Short, 3), (NameKind::Historical, 3)]);
                names.push(Name { kind, ..name(lang, text) });
            }
        }
        let parent = units.district.or(units.province).or((number >= COUNTRIES).then_some(number % COUNTRIES));
        let known = class == 'P' && numbers.chance(0.1);
        let lat = numbers.unit() * 150.0 - 65.0;
        Entity {
            id: id(number),
            kind: EntityType::Place,
            feature: format!("{class}.{code}").parse().unwrap_or_default(),
            country: units.country.parse::<Country>().ok(),
            parent: parent.map(id),
            point: Some(Point { lat, lon: numbers.unit() * 360.0 - 180.0, derived: false }),
            population: if known { (200.0 / (numbers.unit() + 1e-5)) as u32 } else { 0 },
            names,
            details: Details::default(),
        }
    }

    fn feature(&self, number: u64, numbers: &mut Numbers) -> (char, &'static str) {
        match number {
            0..COUNTRIES => ('A', "PCLI"),
            COUNTRIES..PROVINCES => ('A', "ADM1"),
            PROVINCES..DISTRICTS => ('A', "ADM2"),
            _ => numbers.pick(&[
                (('P', "PPL"), 380),
                (('P', "PPLX"), 10),
                (('S', "SCH"), 60),
                (('S', "CH"), 50),
                (('S', "FRM"), 50),
                (('S', "HTL"), 40),
                (('H', "STM"), 110),
                (('H', "LK"), 40),
                (('H', "WAD"), 25),
                (('T', "HLL"), 50),
                (('T', "MT"), 50),
                (('T', "ISL"), 25),
                (('A', "ADM4"), 40),
                (('L', "LCTY"), 30),
                (('L', "PRK"), 10),
                (('R', "RD"), 6),
                (('V', "FRST"), 5),
                (('U', "SMU"), 2),
            ]),
        }
    }

    /// The units around a place.
    pub fn units(&self, number: u64) -> Units {
        let (mut province, mut district) = (None, None);
        if number >= DISTRICTS {
            let at = PROVINCES + Numbers::of(self.seed ^ 0xd157, number).below(DISTRICTS - PROVINCES);
            district = Some(at);
        }
        if number >= PROVINCES {
            let within = district.unwrap_or(number) - PROVINCES;
            province = Some(COUNTRIES + within % (PROVINCES - COUNTRIES));
        }
        let country = province.unwrap_or(number) % COUNTRIES;
        Units { country: country_code(country), province, district }
    }
}

/// The id of a place.
fn id(number: u64) -> String {
    format!("gn:{}", number + 1)
}

/// Two letters, different for each of the countries.
fn country_code(number: u64) -> String {
    [number / 26, number % 26].map(|n| (b'A' + n as u8) as char).iter().collect()
}
