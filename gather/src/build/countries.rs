//! Names of countries as CLDR and keshvar give them by language, and the usual abbreviations.

use std::collections::BTreeMap;

use super::World;
use crate::check::OWN;
use crate::fold::fold;
use crate::model::{Id, Kind};
use crate::read::cldr_territories::{self, Alt, Territory};
use crate::read::keshvar::{self, Country};
use crate::report::Section;

/// CLDR names continents by UN M49.
const CONTINENTS: [(&str, u32); 6] = [
    ("002", 6_255_146),
    ("142", 6_255_147),
    ("150", 6_255_148),
    ("003", 6_255_149),
    ("005", 6_255_150),
    ("009", 6_255_151),
];

/// Territories' names by language, official names, what the people are called.
pub fn add(world: &mut World, cldr: &BTreeMap<String, Vec<Territory>>, kesh: &BTreeMap<String, Country>) {
    for (code, names) in cldr {
        let continent = CONTINENTS.iter().find(|(m49, _)| m49 == code).map(|(_, id)| Id::GeoNames(*id));
        let Some(id) = world.countries.get(code).cloned().or(continent) else { continue };
        for name in names {
            world.add(&id, &name.text, Some(&name.locale), cldr_territories::CODE, |row| match name.alt {
                Alt::Short => row.kind(Kind::Short),
                Alt::Main | Alt::Variant => row,
            });
        }
    }
    for (code, country) in kesh {
        let Some(id) = world.countries.get(code).cloned() else { continue };
        let long = country.long_name.strip_prefix("The ").unwrap_or(&country.long_name);
        let kind = if fold(long) == fold(&country.short_name) { Kind::Alternate } else { Kind::Official };
        world.add(&id, long, Some("en"), keshvar::CODE, |name| name.kind(kind));
        world.add(&id, &country.short_name, Some("en"), keshvar::CODE, |name| name);
        for nationality in country.nationality.split([',', ';']) {
            world.add(&id, nationality, Some("en"), keshvar::CODE, |name| name.kind(Kind::Demonym));
        }
        for name in &country.names {
            world.add(&id, &name.text, Some(&name.locale), keshvar::CODE, |row| row);
        }
        for name in &country.unofficial {
            world.add(&id, name, None, keshvar::CODE, |row| row);
        }
    }
}

/// The usual abbreviations of countries and states, from a table of our own.
pub fn abbreviations(world: &mut World) {
    for line in include_str!("../../abbreviations.tsv").lines().skip(1) {
        let mut cells = line.split('\t');
        let (Some(code), Some(text), Some(kind)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let Some(id) = world.find(code) else {
            world.report.list(Section::LeftOut, "abbreviations of unknown places", format!("{text} ({code})"));
            continue;
        };
        let kind = if kind == "code" { Kind::Code } else { Kind::Abbreviation };
        world.add(&id, text, Some("en"), OWN, |name| name.kind(kind));
    }
}
