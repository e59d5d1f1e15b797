//! Who's On First's SQLite distribution: its table `geojson` has the records as they are, `spr` and `names` what most
//! people want of them.

use rusqlite::{Connection, OpenFlags, Row};

use super::Sink;
use super::files::Document;
use super::{piece::Piece, wof};
use crate::entity::{Country, Entity, Name, Point};
use crate::error::{Error, Result};

/// Reads the records of `geojson`, or, where that is not there, those of `spr` with the names of `names`.
///
/// # Errors
/// Where the file is no database, is damaged, or has none of these tables.
pub fn read(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    let refused = |e: rusqlite::Error| Error::data(format!("the database cannot be read ({e})"));
    if document.name != document.path.display().to_string()
        || document.base() != document.name.rsplit('/').next().unwrap_or_default()
    {
        return Err(Error::usage("SQLite is read from a file alone; unpack it first"));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(&document.path, flags).map_err(refused)?;
    let has = |table: &str| -> Result<bool> {
        database
            .query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?1", [table], |row| {
                row.get::<_, i64>(0)
            })
            .map(|count| count > 0)
            .map_err(refused)
    };
    match (has("geojson")?, has("spr")?, has("names")?) {
        (true, ..) => records(&database, sink).map_err(refused_or(refused)),
        (false, true, true) => summaries(&database, sink).map_err(refused_or(refused)),
        _ => Err(Error::data("the database has no table 'geojson', and none of 'spr' and 'names'")),
    }
}

/// A failure of the database, or of what is done with its rows.
enum Failure {
    Database(rusqlite::Error),
    Other(Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(e: rusqlite::Error) -> Failure {
        Failure::Database(e)
    }
}

fn refused_or(refused: impl Fn(rusqlite::Error) -> Error) -> impl Fn(Failure) -> Error {
    move |failure| match failure {
        Failure::Database(e) => refused(e),
        Failure::Other(e) => e,
    }
}

fn records(database: &Connection, sink: &mut Sink<'_>) -> Result<(), Failure> {
    let mut statement = database.prepare("SELECT body FROM geojson ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        sink.row();
        match wof::record(sink, row.get_ref(0)?.as_str().unwrap_or_default()) {
            Ok(Some(piece)) => sink.piece(number, piece).map_err(Failure::Other)?,
            Ok(None) => {}
            Err(e) => sink.fault(number, e.to_string()),
        }
    }
    Ok(())
}

fn summaries(database: &Connection, sink: &mut Sink<'_>) -> Result<(), Failure> {
    let mut statement =
        database.prepare("SELECT id, parent_id, name, placetype, country, latitude, longitude FROM spr ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        sink.row();
        match summary(row, sink)? {
            Ok(Some(entity)) => {
                sink.piece(number, Piece { entity, whole: true, ..Piece::default() }).map_err(Failure::Other)?;
            }
            Ok(None) => {}
            Err(e) => sink.fault(number, e.to_string()),
        }
    }
    let mut statement = database.prepare("SELECT id, language, privateuse, name FROM names ORDER BY id, rowid")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let language: Option<String> = row.get(1)?;
        let private: Option<String> = row.get(2)?;
        let kind = wof::kind(&private.unwrap_or_default());
        let lang = sink.language(&language.unwrap_or_default());
        let name = Name { lang, kind, source: "wof".to_owned(), ..sink.name(&row.get::<_, String>(3)?) };
        let entity = Entity { id: format!("wof:{}", row.get::<_, i64>(0)?), names: vec![name], ..Entity::default() };
        sink.piece(0, Piece { entity, ..Piece::default() }).map_err(Failure::Other)?;
    }
    Ok(())
}

/// What a row of `spr` says.
fn summary(row: &Row<'_>, sink: &mut Sink<'_>) -> rusqlite::Result<Result<Option<Entity>>> {
    let id: i64 = row.get(0)?;
    let parent: Option<i64> = row.get(1)?;
    let name: Option<String> = row.get(2)?;
    let placetype: Option<String> = row.get(3)?;
    let country: Option<String> = row.get(4)?;
    let (lat, lon): (Option<f64>, Option<f64>) = (row.get(5)?, row.get(6)?);
    let placetype = placetype.unwrap_or_default();
    Ok((|| {
        let Some(feature) = wof::feature(sink, &placetype)? else { return Ok(None) };
        let country = country.and_then(|code| code.parse::<Country>().ok());
        let point = match (lat, lon) {
            (Some(lat), Some(lon)) if lat != 0.0 || lon != 0.0 => {
                Some(Point::parse(&lat.to_string(), &lon.to_string())?)
            }
            _ => None,
        };
        let above = parent.filter(|&id| id > 0).map(|id| format!("wof:{id}"));
        let all: Vec<String> = above.into_iter().chain(country.map(|code| format!("cc:{code}"))).collect();
        let parent = (!all.is_empty()).then(|| all.join(" "));
        let names = vec![Name { source: "wof".to_owned(), ..sink.name(&name.unwrap_or_default()) }];
        Ok(Some(Entity { id: format!("wof:{id}"), feature, country, point, parent, names, ..Entity::default() }))
    })())
}
