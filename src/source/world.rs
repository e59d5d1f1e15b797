//! `data/world`: two tables in the order of ids, read side by side.

use std::io::{BufRead, BufReader};

use super::data::File;
use super::tsv::{Row, Table};
use super::values::population;
use crate::entity::{Details, Entity, EntityType, Name, Point};
use crate::error::{Error, Result};

/// The header of `places.tsv`.
pub const PLACES: [&str; 9] = ["id", "feature", "country", "parent", "lat", "lon", "point", "population", "same_as"];
/// The header of `names.tsv`.
pub const NAMES: [&str; 6] = ["id", "name", "lang", "kind", "flags", "source"];

/// The content of a compressed file.
pub(super) fn decompressed(file: File<'_>) -> Result<Box<dyn BufRead + '_>> {
    let decoder = zstd::Decoder::with_buffer(file.bytes)
        .and_then(|mut d| d.window_log_max(31).map(|()| d))
        .map_err(|e| Error::data("the file is not compressed with zstd").in_file(file.name).because(e))?;
    Ok(Box::new(BufReader::with_capacity(1 << 18, decoder)))
}

/// Reads the world's entities one after another.
pub struct World<'a> {
    places: Table<Box<dyn BufRead + 'a>>,
    names: Names<'a>,
    /// A name that was read too early, and the id of its place.
    ahead: Option<(String, Name)>,
    failed: bool,
}

impl<'a> World<'a> {
    /// Opens the tables of places and names.
    ///
    /// # Errors
    /// Returns an error if a file is not compressed with zstd or has a different header.
    pub fn open(places: File<'a>, names: &'a [File<'a>]) -> Result<World<'a>> {
        Ok(World {
            places: Table::open(places.name, decompressed(places)?, &PLACES)?,
            names: Names::open(names)?,
            ahead: None,
            failed: false,
        })
    }

    fn place(&mut self) -> Result<Option<Entity>> {
        let Some(mut row) = self.places.row()? else {
            return match self.ahead.take() {
                Some((id, _)) => Err(self
                    .names
                    .part
                    .error(format!("the name belongs to {id}, which does not exist or is out of order"))),
                None => Ok(None),
            };
        };
        let id = row.cell().to_owned();
        let feature = row.parse(str::parse)?.unwrap_or_default();
        let country = row.parse(str::parse)?;
        let parent = row.optional().map(str::to_owned);
        let (lat, lon) = (row.cell(), row.cell());
        let derived = row.cell() == "derived";
        let point = match lat.is_empty() {
            true => None,
            false => Some(Point { derived, ..Point::parse(lat, lon).map_err(|e| row.at(e))? }),
        };
        let population = row.parse(population)?.unwrap_or(0);
        let same_as = row.cell().split_whitespace().map(str::to_owned).collect();
        let names = self.names_of(&id)?;
        let details = Details { same_as, ..Details::default() };
        Ok(Some(Entity { id, kind: EntityType::Place, feature, country, parent, point, population, names, details }))
    }

    fn names_of(&mut self, id: &str) -> Result<Vec<Name>> {
        let mut names = Vec::new();
        match self.ahead.take() {
            Some((owner, name)) if owner == id => names.push(name),
            Some(other) => {
                self.ahead = Some(other);
                return Ok(names);
            }
            None => {}
        }
        while let Some(mut row) = self.names.row()? {
            let owner = row.cell();
            let mine = owner == id;
            let owner = if mine { String::new() } else { owner.to_owned() };
            let text = row.cell().to_owned();
            let lang = row.cell().to_owned();
            let kind = row.parse(str::parse)?.unwrap_or_default();
            let flags = row.cell();
            let (machine, weak) = (flags.contains('m'), flags.contains('w'));
            let source = row.cell().to_owned();
            let name = Name { text, lang, kind, source, machine, weak, ..Name::default() };
            if !mine {
                self.ahead = Some((owner, name));
                break;
            }
            names.push(name);
        }
        Ok(names)
    }
}

/// The table of names, read part by part.
struct Names<'a> {
    part: Table<Box<dyn BufRead + 'a>>,
    rest: std::slice::Iter<'a, File<'a>>,
}

impl<'a> Names<'a> {
    fn open(parts: &'a [File<'a>]) -> Result<Names<'a>> {
        let (first, rest) = parts.split_first().ok_or_else(|| Error::data("the world has no table of names"))?;
        Ok(Names { part: Names::part(first)?, rest: rest.iter() })
    }

    fn part(file: &File<'a>) -> Result<Table<Box<dyn BufRead + 'a>>> {
        Table::open(file.name, decompressed(*file)?, &NAMES)
    }

    fn row(&mut self) -> Result<Option<Row<'_>>> {
        while self.part.is_at_end()? {
            match self.rest.next() {
                Some(file) => self.part = Names::part(file)?,
                None => return Ok(None),
            }
        }
        self.part.row()
    }
}

impl Iterator for World<'_> {
    type Item = Result<Entity>;

    fn next(&mut self) -> Option<Result<Entity>> {
        if self.failed {
            return None;
        }
        let entity = self.place().transpose();
        self.failed = matches!(entity, Some(Err(_)));
        entity
    }
}
