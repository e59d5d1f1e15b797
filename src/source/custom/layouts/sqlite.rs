//! Who's On First's SQLite distribution: the table `geojson` has complete records, `spr` and `names` their most used
//! facts.

use rusqlite::{Connection, OpenFlags, Row};

use super::wof;
use crate::entity::{Country, Entity, Name, Point};
use crate::error::{Error, Result};
use crate::source::custom::document::Document;
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;

/// Reads the records of `geojson`, or, without it, those of `spr` with the names of `names`.
///
/// # Errors
/// Returns an error if the file is not a database, is damaged, or has none of these tables.
pub(in crate::source::custom) fn read(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    if document.name != document.path.display().to_string()
        || document.base() != document.name.rsplit('/').next().unwrap_or_default()
    {
        return Err(Error::usage("a SQLite database cannot be read from an archive; unpack it first"));
    }
    read_database(document, importer).map_err(|failure| match failure {
        Failure::Database(e) => Error::data(format!("the database cannot be read ({e})")).because(e),
        Failure::Other(e) => e,
    })
}

/// An error of the database, or of what is done with its rows.
enum Failure {
    Database(rusqlite::Error),
    Other(Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(e: rusqlite::Error) -> Failure {
        Failure::Database(e)
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Failure {
        Failure::Other(e)
    }
}

fn read_database(document: &Document<'_>, importer: &mut Importer<'_>) -> Result<(), Failure> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(&document.path, flags)?;
    let has = |table: &str| -> rusqlite::Result<bool> {
        let query = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1";
        database.query_row(query, [table], |row| row.get::<_, i64>(0)).map(|count| count > 0)
    };
    match (has("geojson")?, has("spr")?, has("names")?) {
        (true, ..) => read_records(&database, importer),
        (false, true, true) => {
            read_summaries(&database, importer)?;
            read_names(&database, importer)
        }
        _ => Err(Error::data("the database has no table 'geojson', nor both 'spr' and 'names'").into()),
    }
}

fn read_records(database: &Connection, importer: &mut Importer<'_>) -> Result<(), Failure> {
    let mut statement = database.prepare("SELECT body FROM geojson ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        importer.count_record();
        let fragment = wof::fragment(importer, row.get_ref(0)?.as_str().unwrap_or_default());
        importer.take(number, fragment)?;
    }
    Ok(())
}

fn read_summaries(database: &Connection, importer: &mut Importer<'_>) -> Result<(), Failure> {
    let mut statement =
        database.prepare("SELECT id, parent_id, name, placetype, country, latitude, longitude FROM spr ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        importer.count_record();
        let summary = Summary::read(row)?;
        let fragment = summary.fragment(importer);
        importer.take(number, fragment)?;
    }
    Ok(())
}

fn read_names(database: &Connection, importer: &mut Importer<'_>) -> Result<(), Failure> {
    let mut statement = database.prepare("SELECT id, language, privateuse, name FROM names ORDER BY id, rowid")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let language: Option<String> = row.get(1)?;
        let private: Option<String> = row.get(2)?;
        let kind = wof::name_kind(&private.unwrap_or_default());
        let lang = importer.language(&language.unwrap_or_default());
        let name = Name { lang, kind, source: "wof".to_owned(), ..importer.name(&row.get::<_, String>(3)?) };
        let entity = Entity { id: format!("wof:{}", row.get::<_, i64>(0)?), names: vec![name], ..Entity::default() };
        importer.add(0, Fragment { entity, ..Fragment::default() })?;
    }
    Ok(())
}

/// A row of `spr`.
struct Summary {
    id: i64,
    parent: Option<i64>,
    name: String,
    placetype: String,
    country: Option<Country>,
    point: (Option<f64>, Option<f64>),
}

impl Summary {
    fn read(row: &Row<'_>) -> rusqlite::Result<Summary> {
        Ok(Summary {
            id: row.get(0)?,
            parent: row.get(1)?,
            name: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
            placetype: row.get::<_, Option<String>>(3)?.unwrap_or_default(),
            country: row.get::<_, Option<String>>(4)?.and_then(|code| code.parse().ok()),
            point: (row.get(5)?, row.get(6)?),
        })
    }

    fn fragment(self, importer: &mut Importer<'_>) -> Result<Option<Fragment>> {
        let Some(feature) = wof::feature(importer, &self.placetype)? else { return Ok(None) };
        let point = match self.point {
            (Some(lat), Some(lon)) if lat != 0.0 || lon != 0.0 => {
                Some(Point::parse(&lat.to_string(), &lon.to_string())?)
            }
            _ => None,
        };
        let container = self.parent.filter(|&id| id > 0).map(|id| format!("wof:{id}"));
        let country = self.country.map(|code| format!("cc:{code}"));
        let parents: Vec<String> = container.into_iter().chain(country).collect();
        let entity = Entity {
            id: format!("wof:{}", self.id),
            feature,
            country: self.country,
            point,
            parent: (!parents.is_empty()).then(|| parents.join(" ")),
            names: vec![Name { source: "wof".to_owned(), ..importer.name(&self.name) }],
            ..Entity::default()
        };
        Ok(Some(Fragment { entity, complete: true, ..Fragment::default() }))
    }
}
