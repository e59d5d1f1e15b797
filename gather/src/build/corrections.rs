//! `gather/corrections.tsv`: what no rule finds, each case looked at by a person.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use super::World;
use crate::fold::fold;
use crate::model::{Id, Kind, Name};
use crate::report::Section;

/// The source code of names that the table brings.
pub const OWN: &str = crate::check::OWN;

#[derive(Default)]
pub struct Corrections {
    /// Names that are not the place's, in one language or in all.
    drop: BTreeSet<(Id, String, String)>,
    /// Aliases that resemble no other name of the place and are its names all the same, folded.
    keep: BTreeSet<(Id, String)>,
    /// Main names.
    label: BTreeMap<Id, String>,
    /// The unit of an ISO 3166-2 code.
    pub units: BTreeMap<String, Id>,
    population: BTreeMap<Id, u64>,
    feature: BTreeMap<Id, String>,
    parent: BTreeMap<Id, Id>,
}

impl Corrections {
    pub fn read(path: &Path) -> Result<Corrections> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut corrections = Corrections::default();
        for line in text.lines().skip(1) {
            corrections.row(line).with_context(|| format!("{}: {line:?}", path.display()))?;
        }
        Ok(corrections)
    }

    fn row(&mut self, line: &str) -> Result<()> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [what, id, value, lang, _note] = cells[..] else { bail!("a row has five cells") };
        let id: Id = id.parse()?;
        let new = match what {
            "drop" => self.drop.insert((id, value.to_string(), lang.to_string())),
            "keep" => self.keep.insert((id, fold(value))),
            "label" => self.label.insert(id, value.to_string()).is_none(),
            "unit" => self.units.insert(value.to_string(), id).is_none(),
            "population" => self.population.insert(id, value.parse()?).is_none(),
            "feature" => self.feature.insert(id, value.to_string()).is_none(),
            "parent" => self.parent.insert(id, value.parse()?).is_none(),
            _ => bail!("'{what}' is not a kind of correction"),
        };
        ensure!(new, "it stands twice");
        Ok(())
    }

    /// Whether an alias that resembles no other name is one all the same.
    pub fn keeps(&self, id: &Id, folded: &str) -> bool {
        self.keep.contains(&(id.clone(), folded.to_string()))
    }

    /// Corrects the facts of places. A correction that finds nothing to correct is a mistake in the table.
    pub fn facts(&self, world: &mut World) -> Result<()> {
        for (code, id) in &self.units {
            ensure!(world.places.contains_key(id), "gather/corrections.tsv gives {code} to {id}, which is no place");
        }
        let gone = |id: &Id| format!("gather/corrections.tsv corrects {id}, which is no place");
        for (id, population) in &self.population {
            world.places.get_mut(id).with_context(|| gone(id))?.population = *population;
        }
        for (id, feature) in &self.feature {
            world.places.get_mut(id).with_context(|| gone(id))?.feature.clone_from(feature);
        }
        for (id, parent) in &self.parent {
            ensure!(
                world.places.contains_key(parent),
                "gather/corrections.tsv puts {id} in {parent}, which is no place"
            );
            world.places.get_mut(id).with_context(|| gone(id))?.parent = Some(parent.clone());
        }
        Ok(())
    }

    /// Drops names and sets main names, once all names are in.
    pub fn names(&self, world: &mut World) -> Result<()> {
        for (id, text, lang) in &self.drop {
            let place = world.places.get_mut(id).with_context(|| format!("gather/corrections.tsv: no place {id}"))?;
            let before = place.names.len();
            place.names.retain(|name| name.text != *text || (!lang.is_empty() && name.lang != *lang));
            ensure!(
                place.names.len() < before,
                "gather/corrections.tsv drops {text:?} of {id}, which has no such name"
            );
            world.report.note(Section::Dropped, "a wrong name in gather/corrections.tsv", || {
                format!("{text} for {}", place.label)
            });
        }
        for (id, label) in &self.label {
            let place = world.places.get_mut(id).with_context(|| format!("gather/corrections.tsv: no place {id}"))?;
            ensure!(place.label != *label, "gather/corrections.tsv labels {id} {label:?}, as it is anyway");
            world
                .report
                .note(Section::Mended, "main names of gather/corrections.tsv", || format!("{} → {label}", place.label));
            relabel(place, label, "en");
        }
        Ok(())
    }
}

/// Gives a place another main name; the old one stays among its names.
pub fn relabel(place: &mut crate::model::Place, label: &str, lang: &str) {
    if !place.names.iter().any(|name| name.text == label && !matches!(name.kind, Kind::Code | Kind::Demonym)) {
        place.names.push(Name::new(label, lang, OWN));
    }
    place.label = label.to_string();
}
