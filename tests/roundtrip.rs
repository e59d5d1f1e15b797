//! Every name of every entity leads back to its entity.

mod common;

use allonym::fold::Key;
use allonym::index::places::EntityRef;
use allonym::{Gazetteer, Query};
use common::{Faults, bundled};
use rayon::prelude::*;

fn all(gazetteer: &Gazetteer) -> Vec<EntityRef<'_>> {
    gazetteer.entities().collect()
}

#[test]
fn every_name_of_every_entity_leads_back_to_it_by_its_key() {
    let gazetteer = bundled();
    let entities = all(gazetteer);
    assert_eq!(entities.len() as u64, gazetteer.manifest().counts.entities, "no entity is left out");
    // Names tried, names without a key, faults.
    let tried = entities.par_iter().map(|entity| {
        let (mut names, mut signs, mut faults) = (0u64, 0u64, Vec::new());
        for name in entity.names() {
            names += 1;
            let key = Key::of(name.text());
            if key.is_empty() {
                signs += 1;
            } else if !gazetteer.exact(&key).any(|posting| posting.name() == name.number()) {
                faults.push(format!("{} '{}' by '{key}'", entity.id(), name.text()));
            }
            if name.entity().map(|e| e.number()) != Some(entity.number()) {
                faults.push(format!("{} '{}' says it is another's", entity.id(), name.text()));
            }
        }
        (names, signs, faults)
    });
    let (names, signs, lost) = tried.reduce(Default::default, |mut a, b| {
        a.2.extend(b.2);
        (a.0 + b.0, a.1 + b.1, a.2)
    });
    eprintln!("{names} names, {signs} of them signs without a letter or digit");
    assert_eq!(names, gazetteer.manifest().counts.names, "no name is left out");
    assert!(names >= 1_000_000, "the world has more than {names} names");
    assert!(signs * 1000 < names, "{signs} of {names} names are signs alone: the folding eats a script");
    let mut faults = Faults::default();
    lost.into_iter().for_each(|fault| faults.add(fault));
    faults.report();
}

#[test]
fn every_entity_is_found_by_its_id_and_by_no_other() {
    let gazetteer = bundled();
    let lost: Vec<String> = all(gazetteer)
        .par_iter()
        .filter(|entity| gazetteer.get(entity.id()).map(|e| e.number()) != Some(entity.number()))
        .map(|entity| entity.id().to_owned())
        .collect();
    assert!(lost.is_empty(), "{} ids lead elsewhere: {:?}", lost.len(), &lost[..lost.len().min(20)]);
    for id in ["", ":", "gn:", "gn:0", "gn:x", "GN:2988507", "2988507", "gn:2988507 "] {
        assert!(gazetteer.get(id).is_none(), "'{id}' is an id of something");
    }
}

#[test]
fn every_entity_has_a_label_a_known_container_and_a_sound_point() {
    let gazetteer = bundled();
    let faults: Vec<String> = all(gazetteer)
        .par_iter()
        .flat_map_iter(|entity| {
            let mut faults = Vec::new();
            if entity.label().is_empty() || entity.names().next().map(|n| n.text()) != Some(entity.label()) {
                faults.push(format!("{}: the label is not the first name", entity.id()));
            }
            if entity.names().count() as u32 != entity.name_count() {
                faults.push(format!("{}: names are missing", entity.id()));
            }
            if entity.containers().count() > 8 {
                faults.push(format!("{}: containers without an end", entity.id()));
            }
            if entity.point().is_some_and(|p| !(p.lat.abs() <= 90.0 && p.lon.abs() <= 180.0)) {
                faults.push(format!("{}: off the Earth", entity.id()));
            }
            faults
        })
        .collect();
    assert!(faults.is_empty(), "{}: {:?}", faults.len(), &faults[..faults.len().min(20)]);
}

#[test]
fn every_five_hundredth_name_looked_up_is_among_the_candidates() {
    let gazetteer = bundled();
    let names: Vec<_> = all(gazetteer).into_iter().flat_map(|e| e.names()).step_by(500).collect();
    let lost: Vec<String> = names
        .par_iter()
        .filter_map(|name| {
            let entity = name.entity()?;
            if Key::of(name.text()).is_empty() {
                return None;
            }
            let query = Query { limit: usize::MAX, ..Query::new(name.text()) };
            let answer = match gazetteer.lookup(&query) {
                Ok(answer) => answer,
                Err(e) => return Some(format!("{} '{}': {e}", entity.id(), name.text())),
            };
            let found = answer.candidates.iter().any(|c| c.entity.number() == entity.number());
            (!found).then(|| {
                format!("{} '{}' is not among {} candidates", entity.id(), name.text(), answer.candidates.len())
            })
        })
        .collect();
    assert!(names.len() > 2000, "{} names are no sample", names.len());
    let mut faults = Faults::default();
    lost.into_iter().for_each(|fault| faults.add(fault));
    faults.report();
}

#[test]
fn a_name_is_found_in_capitals_in_small_letters_and_decomposed() {
    use unicode_normalization::UnicodeNormalization;
    let gazetteer = bundled();
    let names: Vec<_> = all(gazetteer).into_iter().flat_map(|e| e.names()).step_by(97).collect();
    let lost: Vec<String> = names
        .par_iter()
        .flat_map_iter(|name| {
            let text = name.text();
            let forms =
                [text.to_lowercase(), text.nfd().collect::<String>(), text.nfc().collect(), text.to_ascii_uppercase()];
            forms
                .into_iter()
                .filter(|form| Key::of(form) != Key::of(text))
                .map(move |form| format!("'{text}' as '{form}'"))
        })
        .collect();
    let mut faults = Faults::default();
    lost.into_iter().for_each(|fault| faults.add(fault));
    faults.report();
}
