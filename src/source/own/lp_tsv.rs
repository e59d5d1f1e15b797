//! LP-TSV 0.5: Linked Places' table, a place a row.

use super::Sink;
use super::fields::{listed, prefixed};
use super::files::Document;
use super::lang;
use super::linked_places::id_of_uri;
use super::piece::Piece;
use super::table::Rows;
use crate::entity::{Country, Entity, Feature, Name, Point};
use crate::error::{Error, Result};

/// Reads rows. `variants` are names with their languages (`Şuşa@az`), `matches` ids of the same thing, `start` and `end`
/// the years of the title.
///
/// # Errors
/// Where the file cannot be read on, or has neither `id` nor `title`.
pub fn read(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    let mut rows = Rows::open(document)?;
    let header: Vec<String> = rows.header.iter().map(|name| name.trim().to_lowercase()).collect();
    for needed in ["id", "title"] {
        if !header.iter().any(|name| name == needed) {
            return Err(Error::data(format!("an LP-TSV table needs a column '{needed}'")));
        }
    }
    while let Some((line, row)) = rows.next(sink)? {
        sink.row();
        let cell = |name: &str| {
            let at = header.iter().position(|known| known == name);
            at.and_then(|at| row.get(at)).map(str::trim).unwrap_or_default()
        };
        let read = match row.len() == header.len() {
            true => entity(sink, &cell),
            false => Err(Error::data(format!("the row has {} cells, the header {}", row.len(), header.len()))),
        };
        match read {
            Ok(entity) => sink.piece(line, Piece { entity, whole: true, ..Piece::default() })?,
            Err(e) => sink.fault(line, e.to_string()),
        }
    }
    Ok(())
}

fn entity<'r>(sink: &mut Sink<'_>, cell: &impl Fn(&str) -> &'r str) -> Result<Entity> {
    let prefix = sink.prefix.clone();
    let id = match cell("id") {
        "" => return Err(Error::data("the row has no id")),
        id => prefixed(id, &prefix),
    };
    let country = match cell("ccodes") {
        "" => None,
        codes => listed(codes).next().map(str::parse::<Country>).transpose()?,
    };
    let feature = match listed(cell("fclasses")).next() {
        Some(class) => class.parse::<Feature>()?,
        None => Feature::default(),
    };
    let point = match (cell("lat"), cell("lon")) {
        ("", "") => None,
        (lat, lon) => Some(Point::parse(lat, lon)?),
    };
    let parent = Some(cell("parent_id")).filter(|id| !id.is_empty()).map(|id| id_of_uri(id, &prefix));
    if parent.is_none() && !cell("parent_name").is_empty() {
        sink.leave_out("containers that are told by their names alone");
    }
    let mut entity = Entity { id, country, feature, point, parent, ..Entity::default() };
    entity.details.same_as = listed(cell("matches")).map(|id| id_of_uri(id, &prefix)).collect();
    let year = |name: &str| match cell(name) {
        "" => Ok(None),
        date => lang::year(date).map(Some).ok_or_else(|| Error::data(format!("'{date}' is no year"))),
    };
    let (since, until) = (year("start")?, year("end")?);
    if let (Some(since), Some(until)) = (since, until)
        && since > until
    {
        return Err(Error::data(format!("the place ends in {until}, before it begins in {since}")));
    }
    let title = cell("title");
    for variant in listed(cell("variants")) {
        let (text, lang) = match variant.rsplit_once('@') {
            Some((text, lang)) => (text, sink.language(lang)),
            None => (variant, String::new()),
        };
        entity.names.push(Name { lang, ..sink.name(text) });
    }
    match entity.names.iter().position(|name| name.text == title) {
        Some(at) => entity.names[..=at].rotate_right(1),
        None => entity.names.insert(0, sink.name(title)),
    }
    (entity.names[0].since, entity.names[0].until) = (since, until);
    Ok(entity)
}
