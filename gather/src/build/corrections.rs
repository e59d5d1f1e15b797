//! `gather/corrections.tsv`: what the sources have wrong about a single place, where no rule finds it.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::World;
use crate::model::{Id, Name};

/// The field that a row corrects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    /// The main name.
    Label,
    /// GeoNames class and code.
    Feature,
    Population,
    /// The ISO 3166-2 code.
    Iso,
}

pub struct Corrections {
    rows: BTreeMap<(Id, Field), String>,
    codes: BTreeMap<String, Id>,
}

impl Corrections {
    /// Reads the table: id, field, value, note.
    pub fn read() -> Result<Corrections> {
        let mut corrections = Corrections { rows: BTreeMap::new(), codes: BTreeMap::new() };
        for line in include_str!("../../corrections.tsv").lines().skip(1) {
            let [id, field, value, _note] = line.split('\t').collect::<Vec<_>>()[..] else {
                bail!("corrections.tsv: {line:?} does not have four cells");
            };
            let id = match id.strip_prefix("gn:") {
                Some(number) => Id::GeoNames(number.parse().with_context(|| format!("corrections.tsv: {id}"))?),
                None => Id::Iso(id.trim_start_matches("iso:").to_string()),
            };
            let field = match field {
                "label" => Field::Label,
                "feature" => Field::Feature,
                "population" => Field::Population,
                "iso" => Field::Iso,
                other => bail!("corrections.tsv: unknown field {other:?}"),
            };
            if field == Field::Iso {
                let known = corrections.codes.insert(value.to_string(), id.clone());
                ensure!(known.is_none(), "corrections.tsv gives {value} to two units");
            }
            let known = corrections.rows.insert((id.clone(), field), value.to_string());
            ensure!(known.is_none(), "corrections.tsv: {id} has two rows for one field");
        }
        Ok(corrections)
    }

    /// The units that bear an ISO 3166-2 code.
    pub fn codes(&self) -> impl Iterator<Item = (&str, &Id)> {
        self.codes.iter().map(|(code, id)| (code.as_str(), id))
    }

    /// Writes the rows into the places.
    ///
    /// # Errors
    /// Where a row names no place or changes nothing: then it is no longer needed.
    pub fn apply(&self, world: &mut World) -> Result<()> {
        for ((id, field), value) in &self.rows {
            let place =
                world.places.get_mut(id).with_context(|| format!("corrections.tsv: {id} is not the id of a place"))?;
            let idle = || format!("corrections.tsv: {id} has the {field:?} {value} already");
            match field {
                Field::Label => {
                    ensure!(place.label != *value, idle());
                    if !place.names.iter().any(|name| name.text == *value) {
                        place.names.push(Name::new(value.clone(), "en", crate::check::OWN));
                    }
                    place.label.clone_from(value);
                }
                Field::Feature => {
                    ensure!(place.feature != *value, idle());
                    place.feature.clone_from(value);
                }
                Field::Population => {
                    let number = value.parse().with_context(|| format!("corrections.tsv: {id}: {value}"))?;
                    ensure!(place.population != number, idle());
                    place.population = number;
                }
                Field::Iso => {}
            }
        }
        Ok(())
    }
}
