//! What must hold of the tables before they are written. Each failure is a sentence.

use std::collections::{BTreeSet, HashSet};

use anyhow::{Context, Result, ensure};

use crate::lang::Tags;
use crate::model::{Id, Places};
use crate::sources::Source;

/// Fewer than these, and a source must have changed or a reader broken.
const FEWEST_PLACES: usize = 280_000;
const FEWEST_PAIRS: usize = 1_200_000;
const FEWEST_TAGGED: usize = 300_000;

/// The source code of the abbreviations that the program itself brings.
pub const OWN: &str = "own";

pub fn check(places: &Places, sources: &[Source]) -> Result<()> {
    ensure!(places.len() >= FEWEST_PLACES, "only {} places, where at least {FEWEST_PLACES} should be", places.len());
    let mut pairs = 0;
    let mut tagged = 0;
    let mut languages = BTreeSet::new();
    let mut codes = HashSet::new();
    for (id, place) in places {
        chain(places, id)?;
        for code in &place.same_as {
            ensure!(codes.insert(code), "{code} stands for {id} ({}) and for another place", place.label);
        }
        if let Id::Iso(code) = id {
            ensure!(!codes.contains(&id.to_string()), "the subdivision {code} is both a place and the same as another");
        }
        let first = place.names.first().with_context(|| format!("{id} has no name"))?;
        ensure!(
            first.text == place.label,
            "the first name of {id} is {:?}, not its main name {:?}",
            first.text,
            place.label
        );
        let mut rows = HashSet::new();
        let mut texts = HashSet::new();
        for name in &place.names {
            ensure!(rows.insert((&name.text, &name.lang)), "{id} has {:?} ({}) twice", name.text, name.lang);
            ensure!(
                !name.text.is_empty() && !name.text.contains(['\t', '\n']),
                "{id} has a broken name {:?}",
                name.text
            );
            ensure!(
                name.source == OWN || sources.iter().any(|source| source.code == name.source),
                "the source {} of {:?} is not in data/sources.toml",
                name.source,
                name.text
            );
            texts.insert(&name.text);
            if !name.lang.is_empty() {
                tagged += 1;
                languages.insert(&name.lang);
            }
        }
        pairs += texts.len();
    }
    let tags = Tags::new();
    for lang in languages {
        ensure!(tags.tag(lang).as_ref() == Some(lang), "{lang} is no canonical language tag");
    }
    ensure!(pairs >= FEWEST_PAIRS, "only {pairs} pairs of place and name, where at least {FEWEST_PAIRS} should be");
    ensure!(tagged >= FEWEST_TAGGED, "only {tagged} names with a language, where at least {FEWEST_TAGGED} should be");
    Ok(())
}

/// The chain of containers must exist and end at a continent.
fn chain(places: &Places, id: &Id) -> Result<()> {
    let mut at = id;
    for _ in 0..10 {
        let place = places.get(at).with_context(|| format!("{id} lies in {at}, which is no place here"))?;
        match &place.parent {
            Some(parent) => at = parent,
            None => {
                ensure!(place.feature == "L.CONT", "{id} lies in {at}, which lies nowhere and is no continent");
                return Ok(());
            }
        }
    }
    anyhow::bail!("{id} lies in itself, or too deep")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    #[test]
    fn a_chain_must_end_at_a_continent() {
        let mut places = Places::new();
        places.insert(Id::GeoNames(1), Place::new("L.CONT", "", "Asia", "a"));
        for (id, parent) in [(2, 1), (3, 9), (4, 5), (5, 4)] {
            let mut place = Place::new("A.ADM1", "AZ", "x", "a");
            place.parent = Some(Id::GeoNames(parent));
            places.insert(Id::GeoNames(id), place);
        }
        assert!(chain(&places, &Id::GeoNames(2)).is_ok());
        for (id, message) in [(3, "gn:9, which is no place"), (4, "in itself")] {
            let error = chain(&places, &Id::GeoNames(id)).expect_err("a broken chain").to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
