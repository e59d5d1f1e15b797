//! `data/overlays`: hand-edited facts that the sources lack, one a line, each with a source and a note.

mod read;

use hashbrown::{HashMap, HashSet};

use crate::entity::{Claim, Entity, Name, NameKind, Point, id_order};
use crate::error::{Error, Result};

/// The header of `entities.tsv`.
pub const ENTITIES: [&str; 12] =
    ["id", "type", "feature", "country", "parent", "also_in", "lat", "lon", "population", "same_as", "source", "note"];
/// The header of `points.tsv`.
pub const POINTS: [&str; 5] = ["id", "lat", "lon", "source", "note"];
/// The header of `names.tsv` and `demonyms.tsv`.
pub const NAMES: [&str; 10] = ["id", "name", "lang", "kind", "label", "since", "until", "by", "source", "note"];
/// The header of `claims.tsv`.
pub const CLAIMS: [&str; 7] = ["id", "party", "role", "since", "until", "source", "note"];
/// The header of `withdrawn.tsv`.
pub const WITHDRAWN: [&str; 5] = ["id", "name", "replacement", "source", "note"];

/// The roles that a party can have in a claim.
pub const ROLES: [&str; 4] = ["administers", "claims", "declared", "recognizes"];

/// A name and whether it is its entity's label.
type LabelledName = (Name, bool);

/// Where an id was first mentioned: file and line.
type Place = (String, u64);

/// Everything the overlays say, by id.
#[derive(Debug, Default)]
pub struct Overlays {
    entities: HashMap<String, Entity>,
    points: HashMap<String, Point>,
    names: HashMap<String, Vec<LabelledName>>,
    claims: HashMap<String, Vec<Claim>>,
    /// Withdrawn names; an empty name withdraws the entity.
    withdrawn: HashMap<String, HashSet<String>>,
    /// Where each id was first mentioned, to report ids of no entity.
    mentioned: HashMap<String, Place>,
}

impl Overlays {
    /// The entities that the overlays describe completely, with a row in `entities.tsv` and a label, in the order of ids.
    ///
    /// # Errors
    /// Returns an error if an entity has two labels.
    pub fn new_entities(&mut self) -> Result<Vec<Entity>> {
        let is_complete = |id: &String| self.names.get(id).is_some_and(|names| names.iter().any(|(_, label)| *label));
        let mut ids: Vec<String> = self.entities.keys().filter(|id| is_complete(id)).cloned().collect();
        ids.sort_unstable_by(|a, b| id_order(a, b));
        let mut entities = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(mut entity) = self.entities.remove(&id) else { continue };
            let mut names = self.names.remove(&id).unwrap_or_default();
            if names.iter().filter(|(_, label)| *label).count() != 1 {
                return Err(Error::data(format!("{id} has more than one label")).in_file("data/overlays"));
            }
            names.sort_by_key(|(_, label)| !label);
            entity.names = names.into_iter().map(|(name, _)| name).collect();
            entity.details.claims = self.claims.remove(&id).unwrap_or_default();
            if let Some(point) = self.points.remove(&id) {
                entity.point = Some(point);
            }
            self.mentioned.remove(&id);
            entities.push(entity);
        }
        Ok(entities)
    }

    /// Puts an entity that the overlays describe completely over the world's entity of the same id.
    pub fn merge(&mut self, mut world: Entity, own: Entity) -> Entity {
        let names = own.names.iter().map(|name| (name.clone(), false)).collect();
        refine(&mut world, names);
        patch(&mut world, own);
        world
    }

    /// Puts what the overlays say over an entity of the world; `None` if it is withdrawn.
    ///
    /// # Errors
    /// Never returns an error today.
    pub fn apply(&mut self, mut entity: Entity) -> Result<Option<Entity>> {
        if self.mentioned.remove(&entity.id).is_none() {
            return Ok(Some(entity));
        }
        if let Some(names) = self.withdrawn.remove(&entity.id) {
            if names.contains("") {
                return Ok(None);
            }
            entity.names.retain(|name| !names.contains(&name.text));
        }
        if let Some(place) = self.entities.remove(&entity.id) {
            patch(&mut entity, place);
        }
        if let Some(point) = self.points.remove(&entity.id) {
            entity.point = Some(point);
        }
        if let Some(names) = self.names.remove(&entity.id) {
            refine(&mut entity, names);
        }
        if let Some(claims) = self.claims.remove(&entity.id) {
            entity.details.claims.extend(claims);
        }
        Ok(Some(entity))
    }

    /// Checks that every id in the overlays is the id of an entity.
    ///
    /// # Errors
    /// Returns an error with file and line for an id that is not.
    pub fn check_all_used(&self) -> Result<()> {
        let mut unknown: Vec<_> = self.mentioned.iter().collect();
        unknown.sort_unstable();
        match unknown.first() {
            Some((id, (file, line))) => {
                Err(Error::data(format!("{id} is the id of no entity")).in_file(file).on_line(*line))
            }
            None => Ok(()),
        }
    }
}

/// Overrides the facts that the overlay has and keeps the others.
fn patch(entity: &mut Entity, place: Entity) {
    if place.feature != Default::default() {
        entity.feature = place.feature;
    }
    entity.country = place.country.or(entity.country);
    entity.parent = place.parent.or(entity.parent.take());
    entity.point = place.point.or(entity.point);
    if place.population > 0 {
        entity.population = place.population;
    }
    for id in place.details.same_as {
        if !entity.details.same_as.contains(&id) {
            entity.details.same_as.push(id);
        }
    }
    entity.details.also_in.extend(place.details.also_in);
    entity.details.claims.extend(place.details.claims);
}

/// Adds names. A row with the same spelling as a known name replaces it.
fn refine(entity: &mut Entity, names: Vec<LabelledName>) {
    for (name, label) in names {
        let same = |known: &Name| {
            is_same(known, &name) && (known.lang == name.lang || known.lang.is_empty() || name.lang.is_empty())
        };
        let at = match entity.names.iter().position(same) {
            Some(at) => {
                let known = &mut entity.names[at];
                let lang = if name.lang.is_empty() { std::mem::take(&mut known.lang) } else { name.lang.clone() };
                *known = Name { lang, ..name };
                at
            }
            None => {
                entity.names.push(name);
                entity.names.len() - 1
            }
        };
        if label {
            entity.names[..=at].rotate_right(1);
        }
    }
}

/// Whether two names have the same spelling and both name the place, or both its people.
fn is_same(one: &Name, other: &Name) -> bool {
    one.text == other.text && (one.kind == NameKind::Demonym) == (other.kind == NameKind::Demonym)
}
