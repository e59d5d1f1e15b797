//! Reads the tables of the overlays, and checks every cell.

use super::{CLAIMS, ENTITIES, NAMES, Overlays, POINTS, ROLES, WITHDRAWN, is_same};
use crate::entity::{CURATED, Claim, Entity, Name, Point};
use crate::error::{Error, Result};
use crate::source::data::File;
use crate::source::tsv::{Row, Table};
use crate::source::values::{check_years, language, population, year};

/// Takes the rest of a row about the entity of an id.
type TakeRow = fn(&mut Overlays, &str, &mut Row<'_>) -> Result<()>;

impl Overlays {
    /// Reads tables. A file's name says which table it is.
    ///
    /// # Errors
    /// Returns an error with file and line if a row is invalid.
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
                _ => return Err(Error::data("unknown overlay table").in_file(file.name)),
            }
        }
        Ok(overlays)
    }

    fn each(&mut self, file: &File<'_>, columns: &[&str], take: TakeRow) -> Result<()> {
        let mut table = Table::open(file.name, file.bytes, columns)?;
        while let Some(mut row) = table.row()? {
            let id = row.cell();
            if id.split_once(':').is_none_or(|(prefix, rest)| prefix.is_empty() || rest.is_empty()) {
                return Err(row.at(Error::data(format!("invalid id '{id}'; expected an id such as gn:146970"))));
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
            Some(_) => Err(row.at(Error::data(format!("{id} is listed twice")))),
            None => Ok(()),
        }
    }

    fn point(&mut self, id: &str, row: &mut Row<'_>) -> Result<()> {
        let Some(point) = point(row)? else {
            return Err(row.at(Error::data("latitude and longitude are missing")));
        };
        match self.points.insert(id.to_owned(), point) {
            Some(_) => Err(row.at(Error::data(format!("{id} is listed twice")))),
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
            other => return Err(row.at(Error::data(format!("invalid label '{other}'; expected 1 or an empty cell")))),
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
            return Err(row.at(Error::data(format!("invalid role '{role}'; expected one of {}", ROLES.join(", ")))));
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
            false => Err(row.at(Error::data("the row is listed twice"))),
        }
    }
}

fn point(row: &mut Row<'_>) -> Result<Option<Point>> {
    let (lat, lon) = (row.cell(), row.cell());
    match (lat.is_empty(), lon.is_empty()) {
        (true, true) => Ok(None),
        _ => Point::parse(lat, lon).map(Some).map_err(|e| row.at(e)),
    }
}

fn years(row: &mut Row<'_>) -> Result<(Option<i16>, Option<i16>)> {
    let (since, until) = (row.parse(year)?, row.parse(year)?);
    check_years(since, until).map_err(|e| row.at(e))?;
    Ok((since, until))
}
