//! CSV with the fields that [`crate::source::custom`] imports: everything an index holds.

use std::io::Write;

use super::{Writer, flags, refused};
use crate::error::Result;
use crate::index::places::EntityRef;

/// The header.
const HEADER: [&str; 21] = [
    "id",
    "name",
    "lang",
    "kind",
    "since",
    "until",
    "by",
    "source",
    "flags",
    "type",
    "feature",
    "country",
    "parent",
    "also_in",
    "lat",
    "lon",
    "point",
    "population",
    "same_as",
    "close_match",
    "claims",
];

pub struct Csv<'w>(csv::Writer<&'w mut (dyn Write + Send)>);

fn refused_row(e: csv::Error) -> crate::error::Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => refused(e),
        other => refused(std::io::Error::other(format!("{other:?}"))),
    }
}

impl<'w> Csv<'w> {
    pub fn new(out: &'w mut (dyn Write + Send)) -> Result<Csv<'w>> {
        let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        writer.write_record(HEADER).map_err(refused_row)?;
        Ok(Csv(writer))
    }
}

impl Writer for Csv<'_> {
    fn entity(&mut self, entity: &EntityRef<'_>) -> Result<u64> {
        let facts = facts(entity)?;
        let year = |year: Option<i16>| year.map(|year| year.to_string()).unwrap_or_default();
        for (at, name) in entity.names().enumerate() {
            let (since, until, flags) = (year(name.since()), year(name.until()), flags(&name));
            let row = [
                entity.id(),
                name.text(),
                name.lang(),
                name.kind().as_str(),
                &since,
                &until,
                name.by(),
                name.source(),
                &flags,
            ];
            let facts = facts.iter().map(|fact| if at == 0 { fact.as_str() } else { "" });
            self.0.write_record(row.into_iter().chain(facts)).map_err(refused_row)?;
        }
        Ok(0)
    }

    fn finish(&mut self) -> Result<()> {
        self.0.flush().map_err(refused)
    }
}

/// The facts of an entity, which only its first row has.
fn facts(entity: &EntityRef<'_>) -> Result<[String; 12]> {
    let details = entity.details();
    let point = entity.point();
    let claims = match details.claims.is_empty() {
        true => String::new(),
        false => serde_json::to_string(&details.claims).map_err(|e| refused(e.into()))?,
    };
    Ok([
        entity.kind().to_string(),
        entity.feature().as_str().to_owned(),
        entity.country().map(|country| country.to_string()).unwrap_or_default(),
        entity.parent().map(|parent| parent.id().to_owned()).unwrap_or_default(),
        details.also_in.join(";"),
        point.map(|point| point.lat.to_string()).unwrap_or_default(),
        point.map(|point| point.lon.to_string()).unwrap_or_default(),
        if point.is_some_and(|point| point.derived) { "derived".to_owned() } else { String::new() },
        if entity.population() > 0 { entity.population().to_string() } else { String::new() },
        details.same_as.join(";"),
        details.close_match.join(";"),
        claims,
    ])
}
