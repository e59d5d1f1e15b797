//! Languages of names: tags that the script contradicts are taken off, and untagged names get the language that their
//! letters, their country and the other sources leave them.

use super::{World, letters};
use crate::lang::script;
use crate::model::{Id, Kind, Place};
use crate::report::Section;

/// First-level units whose towns' main names are not in the language of the country.
const ELSEWHERE: [(&str, &str); 9] = [
    ("iso:CA-QC", "fr"),
    ("iso:ES-CT", ""),
    ("iso:ES-GA", ""),
    ("iso:ES-IB", ""),
    ("iso:ES-NC", ""),
    ("iso:ES-PV", ""),
    ("iso:ES-VC", ""),
    ("iso:IT-23", ""),
    ("iso:IT-32", ""),
];

/// Takes the tag off a name whose script its language does not use, or adds the script where it may.
pub fn contradicted(world: &mut World) {
    for place in world.places.values_mut() {
        for name in place.names.iter_mut().filter(|name| !name.lang.is_empty()) {
            let Some(script) = script(&name.text) else { continue };
            let fitting = world.tags.fitting(&name.lang, script).unwrap_or_default();
            if fitting == name.lang {
                continue;
            }
            let what = if fitting.is_empty() {
                "a language that is not written in this script taken off"
            } else {
                "the script added to the language"
            };
            world.report.note(Section::Mended, what, || format!("{} ({})", name.text, name.lang));
            name.lang = fitting;
        }
    }
}

/// Gives untagged names of towns and units their language.
pub fn infer(world: &mut World) {
    let native: Vec<(Id, &'static str)> = world
        .places
        .iter()
        .filter(|(_, place)| place.is_town())
        .filter_map(|(id, place)| Some((id.clone(), native(world, place)?)))
        .collect();
    for (id, lang) in native {
        let Some(place) = world.places.get_mut(&id) else { continue };
        let label = place.label.clone();
        if place.names.iter().any(|name| name.text == label && !name.lang.is_empty()) {
            continue;
        }
        for name in place.names.iter_mut().filter(|name| name.text == label) {
            name.lang = lang.to_string();
            world.report.note(Section::Names, "languages told by the country", || label.clone());
        }
    }
    for place in world.places.values_mut().filter(|place| !place.country.is_empty()) {
        let country = place.country.clone();
        for name in place.names.iter_mut().filter(|name| name.lang.is_empty() && name.kind != Kind::Code) {
            if let Some(lang) = letters::language(&name.text, &country) {
                name.lang = lang.to_string();
                world.report.note(Section::Names, "languages told by the letters", || format!("{} {lang}", name.text));
            }
        }
    }
}

/// The language of a town's main name, if the town lies where one language is written.
fn native(world: &World, place: &Place) -> Option<&'static str> {
    let mut at = place.parent.as_ref();
    while let Some(unit) = at.and_then(|id| world.places.get(id)) {
        if let Some((_, lang)) = ELSEWHERE.iter().find(|(code, _)| unit.same_as.contains(*code)) {
            return Some(*lang).filter(|lang| !lang.is_empty());
        }
        at = unit.parent.as_ref();
    }
    letters::of_country(&place.country)
}
