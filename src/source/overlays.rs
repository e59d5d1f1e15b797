//! `data/overlays`: what people know that the sources do not, one fact a line, each with a source and a note.

use hashbrown::{HashMap, HashSet};
use language_tags::LanguageTag;

use super::File;
use super::tsv::{Row, Table};
use crate::entity::{CURATED, Claim, Entity, Name, NameKind, Point, id_order};
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

/// The parts that a party may have in a claim.
pub const ROLES: [&str; 4] = ["administers", "claims", "declared", "recognizes"];

/// Everything the overlays say, by id.
#[derive(Default)]
pub struct Overlays {
    entities: HashMap<String, Entity>,
    points: HashMap<String, Point>,
    names: HashMap<String, Vec<(Name, bool)>>,
    claims: HashMap<String, Vec<Claim>>,
    /// Withdrawn entities (without a name) and names.
    withdrawn: HashMap<String, HashSet<String>>,
    /// Where each id was first spoken of, for those that turn out to be of no entity.
    mentioned: HashMap<String, (String, u64)>,
}

impl Overlays {
    /// Reads the tables; which is which is told by the file's name.
    ///
    /// # Errors
    /// With file, line and reason, where a row cannot be.
    pub fn read(files: &[File<'_>]) -> Result<Overlays> {
        let mut overlays = Overlays::default();
        for file in files {
            let base = file.name.rsplit('/').next().unwrap_or(file.name);
            match base {
                "entities.tsv" => overlays.each(file, &ENTITIES, Overlays::entity)?,
                "points.tsv" => overlays.each(file, &POINTS, Overlays::point)?,
                "names.tsv" | "demonyms.tsv" => overlays.each(file, &NAMES, Overlays::name)?,
                "claims.tsv" => overlays.each(file, &CLAIMS, Overlays::claim)?,
                "withdrawn.tsv" => overlays.each(file, &WITHDRAWN, Overlays::withdraw)?,
                _ => return Err(Error::data("no overlay has this name").in_file(file.name)),
            }
        }
        Ok(overlays)
    }

    fn each(
        &mut self,
        file: &File<'_>,
        columns: &[&str],
        take: fn(&mut Overlays, &str, &mut Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut table = Table::open(file.name, file.bytes, columns)?;
        while let Some(mut row) = table.row()? {
            let id = row.cell();
            if id.split_once(':').is_none_or(|(prefix, rest)| prefix.is_empty() || rest.is_empty()) {
                return Err(row.at(Error::data(format!("'{id}' is no id; it should look like gn:146970"))));
            }
            self.mentioned.entry_ref(id).or_insert_with(|| (file.name.to_owned(), row.line()));
            take(self, id, &mut row)?;
        }
        Ok(())
    }

    fn entity(&mut self, id: &str, row: &mut Row<'_>) -> Result<()> {
        let kind = row.parse(str::parse)?.unwrap_or_default();
        let feature = row.parse(str::parse)?.unwrap_or_default();
        let country = row.parse(str::parse)?;
        let parent = row.optional().map(str::to_owned);
        let also_in = row.cell().split_whitespace().map(str::to_owned).collect();
        let point = point(row)?;
        let population = row.parse(population)?.unwrap_or(0);
        let same_as = row.cell().split_whitespace().map(str::to_owned).collect();
        let mut entity =
            Entity { id: id.to_owned(), kind, feature, country, parent, point, population, ..Entity::default() };
        entity.details.also_in = also_in;
        entity.details.same_as = same_as;
        match self.entities.insert(id.to_owned(), entity) {
            Some(_) => Err(row.at(Error::data(format!("{id} is there twice")))),
            None => Ok(()),
        }
    }

    fn point(&mut self, id: &str, row: &mut Row<'_>) -> Result<()> {
        let Some(point) = point(row)? else {
            return Err(row.at(Error::data("latitude and longitude are missing")));
        };
        match self.points.insert(id.to_owned(), point) {
            Some(_) => Err(row.at(Error::data(format!("{id} is there twice")))),
            None => Ok(()),
        }
    }

    fn name(&mut self, id: &str, row: &mut Row<'_>) -> Result<()> {
        let text = row.cell().to_owned();
        if text.is_empty() || text.len() > Name::MAX_BYTES {
            return Err(row.at(Error::data("the name is empty or too long")));
        }
        let lang = row.parse(language)?.unwrap_or_default();
        let kind = row.parse(str::parse)?.unwrap_or_default();
        let label = match row.cell() {
            "" => false,
            "1" => true,
            other => return Err(row.at(Error::data(format!("'{other}' is no label; the cell is empty or 1")))),
        };
        let (since, until) = years(row)?;
        let by = row.cell().to_owned();
        let name = Name { text, lang, kind, since, until, by, source: CURATED.to_owned(), ..Name::default() };
        let names = self.names.entry_ref(id).or_default();
        if names.iter().any(|(other, _)| other.lang == name.lang && is_same(other, &name)) {
            return Err(row.at(Error::data(format!("{id} has the name '{}' twice", name.text))));
        }
        names.push((name, label));
        Ok(())
    }

    fn claim(&mut self, id: &str, row: &mut Row<'_>) -> Result<()> {
        let party = row.cell().to_owned();
        let role = row.cell().to_owned();
        if !ROLES.contains(&role.as_str()) {
            return Err(row.at(Error::data(format!("'{role}' is no role; the roles are {}", ROLES.join(", ")))));
        }
        let (since, until) = years(row)?;
        row.cell();
        let note = row.cell().to_owned();
        self.claims.entry_ref(id).or_default().push(Claim { party, role, since, until, note });
        Ok(())
    }

    fn withdraw(&mut self, id: &str, row: &mut Row<'_>) -> Result<()> {
        let name = row.cell().to_owned();
        match self.withdrawn.entry_ref(id).or_default().insert(name) {
            true => Ok(()),
            false => Err(row.at(Error::data("the row is there twice"))),
        }
    }

    /// The entities that the overlays tell whole (a row in `entities.tsv` and names with a label), in the order of ids.
    ///
    /// # Errors
    /// Where one of them has two labels.
    pub fn new_entities(&mut self) -> Result<Vec<Entity>> {
        let whole = |id: &String| self.names.get(id).is_some_and(|names| names.iter().any(|(_, label)| *label));
        let mut ids: Vec<String> = self.entities.keys().filter(|id| whole(id)).cloned().collect();
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

    /// Puts a whole entity of the overlays over the world's of the same id.
    pub fn merge(&mut self, mut world: Entity, own: Entity) -> Entity {
        let names = own.names.iter().map(|name| (name.clone(), false)).collect();
        refine(&mut world, names);
        patch(&mut world, own);
        world
    }

    /// Puts what the overlays say over an entity of the world; none where it is withdrawn.
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

    /// Fails where a row speaks of an id that no entity has.
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

/// Overrides what the overlay says and leaves the rest.
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

/// Adds names, or says more about those that are there: a row with the same spelling takes the source's place.
fn refine(entity: &mut Entity, names: Vec<(Name, bool)>) {
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

/// Whether two names are spelt alike and speak of the same thing: a place, or the people of it.
fn is_same(one: &Name, other: &Name) -> bool {
    one.text == other.text && (one.kind == NameKind::Demonym) == (other.kind == NameKind::Demonym)
}

/// A language tag whose parts are registered (BCP 47), written as the standard recommends.
pub(super) fn language(text: &str) -> Result<String> {
    let wrong =
        |e: &dyn std::fmt::Display| Error::data(format!("'{text}' is no language tag such as az or az-Arab ({e})"));
    let tag = LanguageTag::parse(text).map_err(|e| wrong(&e))?;
    tag.validate().map_err(|e| wrong(&e))?;
    match tag.as_str() == text {
        true => Ok(text.to_owned()),
        false => Err(wrong(&format!("it is written {tag}"))),
    }
}

fn point(row: &mut Row<'_>) -> Result<Option<Point>> {
    let (lat, lon) = (row.cell(), row.cell());
    match (lat.is_empty(), lon.is_empty()) {
        (true, true) => Ok(None),
        _ => Point::parse(lat, lon).map(Some).map_err(|e| row.at(e)),
    }
}

pub(super) fn population(text: &str) -> Result<u32> {
    text.parse().map_err(|_| Error::data(format!("'{text}' is no population")))
}

/// A year, negative before the common era.
pub(super) fn year(text: &str) -> Result<i16> {
    match text.parse::<i16>() {
        Ok(year) if (-9999..=2200).contains(&year) => Ok(year),
        _ => Err(Error::data(format!("'{text}' is no year; it should be a number such as 1923 or -330"))),
    }
}

fn years(row: &mut Row<'_>) -> Result<(Option<i16>, Option<i16>)> {
    let (since, until) = (row.parse(year)?, row.parse(year)?);
    match (since, until) {
        (Some(a), Some(b)) if a > b => {
            Err(row.at(Error::data(format!("the name ends in {b}, before it begins in {a}"))))
        }
        years => Ok(years),
    }
}
