//! The fields that a column of a table or a property of a feature may hold.

use std::borrow::Cow;

use super::lang::language;
use super::piece::Piece;
use crate::entity::{Details, Entity, Name};
use crate::error::{Error, Result};
use crate::source::overlays::{population, year};

/// What a column may hold; a table needs `id` and `name`.
pub const FIELDS: [&str; 21] = [
    "id",
    "name",
    "variants",
    "lang",
    "kind",
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
    "since",
    "until",
    "by",
    "source",
    "flags",
    "claims",
];

/// What stands between the names of a cell of `variants`, and between the ids of one of `same_as`.
const BETWEEN: [char; 2] = [';', '|'];

/// Which column holds which field, where the header does not say so: pairs of a field and a header.
pub type Columns = Vec<(String, String)>;

/// Reads `field=Header,field=Other header`; `;` between the pairs does as well.
///
/// # Errors
/// Where a part has no `=` or names no field.
///
/// ```
/// let columns = allonym::source::own::columns("name=Place name,id=Code").unwrap();
/// assert_eq!(columns[0], ("name".to_owned(), "Place name".to_owned()));
/// ```
pub fn columns(text: &str) -> Result<Columns> {
    let part = |part: &str| {
        let (field, header) = part
            .split_once('=')
            .ok_or_else(|| Error::usage(format!("'{part}' maps no column; write it as name=Header of the column")))?;
        match FIELDS.contains(&field.trim()) {
            true => Ok((field.trim().to_owned(), header.trim().to_owned())),
            false => Err(Error::usage(format!("'{field}' is no field; the fields are {}", FIELDS.join(", ")))),
        }
    };
    let between = |c: char| c == ',' || c == ';';
    text.split(between).filter(|part| !part.trim().is_empty()).map(part).collect()
}

/// The parts of a cell with `;` or `|` between them.
pub fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty())
}

/// An id with the prefix that it lacks.
pub fn prefixed(id: &str, prefix: &str) -> String {
    if id.contains(':') { id.to_owned() } else { format!("{prefix}:{id}") }
}

/// What the cells of a record, asked for by field, say.
///
/// # Errors
/// Where a cell cannot be read as what it should be.
pub fn piece<'a>(prefix: &str, cell: impl Fn(&str) -> Cow<'a, str>) -> Result<Piece> {
    fn read<T>(text: &str, read: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
        if text.trim().is_empty() { Ok(None) } else { read(text.trim()).map(Some) }
    }
    let id = match cell("id").trim() {
        "" => return Err(Error::data("the row has no id")),
        id => prefixed(id, prefix),
    };
    let point = match (cell("lat").trim(), cell("lon").trim()) {
        ("", "") => None,
        (lat, lon) => {
            let point = crate::entity::Point::parse(lat, lon)?;
            Some(crate::entity::Point { derived: cell("point").trim() == "derived", ..point })
        }
    };
    let ids = |text: &str| -> Vec<String> { listed(text).map(str::to_owned).collect() };
    let claims = read(&cell("claims"), |text| {
        serde_json::from_str(text).map_err(|e| Error::data("the claims are no list of claims").because(e))
    })?;
    let entity = Entity {
        id,
        kind: read(&cell("type"), str::parse)?.unwrap_or_default(),
        feature: read(&cell("feature"), str::parse)?.unwrap_or_default(),
        country: read(&cell("country"), |code| code.to_uppercase().parse())?,
        parent: read(&cell("parent"), |id| Ok(prefixed(id, prefix)))?,
        point,
        population: read(&cell("population"), population)?.unwrap_or(0),
        names: names(prefix, &cell)?,
        details: Details {
            same_as: ids(&cell("same_as")),
            also_in: ids(&cell("also_in")),
            claims: claims.unwrap_or_default(),
        },
    };
    match entity.names.is_empty() {
        true => Err(Error::data("the row has no name")),
        false => Ok(Piece { entity, whole: true, ..Piece::default() }),
    }
}

fn names<'a>(prefix: &str, cell: &impl Fn(&str) -> Cow<'a, str>) -> Result<Vec<Name>> {
    fn read<T>(text: &str, read: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
        if text.trim().is_empty() { Ok(None) } else { read(text.trim()).map(Some) }
    }
    let source = match cell("source").trim() {
        "" => prefix.to_owned(),
        source => source.to_owned(),
    };
    let flags = cell("flags");
    let (since, until) = (read(&cell("since"), year)?, read(&cell("until"), year)?);
    if let (Some(a), Some(b)) = (since, until)
        && a > b
    {
        return Err(Error::data(format!("the name ends in {b}, before it begins in {a}")));
    }
    let main = Name {
        text: cell("name").trim().to_owned(),
        lang: read(&cell("lang"), language)?.unwrap_or_default(),
        kind: read(&cell("kind"), str::parse)?.unwrap_or_default(),
        since,
        until,
        by: cell("by").trim().to_owned(),
        source: source.clone(),
        machine: flags.contains('m'),
        weak: flags.contains('w'),
    };
    let variants = cell("variants");
    let variant = |text: &str| Name { text: text.to_owned(), source: source.clone(), ..Name::default() };
    let all = std::iter::once(main).chain(listed(&variants).map(variant));
    all.filter(|name| !name.text.is_empty())
        .map(|name| match name.text.len() > Name::MAX_BYTES {
            true => Err(Error::data(format!("a name is longer than {} bytes", Name::MAX_BYTES))),
            false => Ok(name),
        })
        .collect()
}
