//! The fields of an entity that a column of a table or a property of a feature can hold.

use std::borrow::Cow;

use super::fragment::Fragment;
use super::lang::language;
use crate::entity::{Details, Entity, Name, Point};
use crate::error::{Error, Result};
use crate::source::values::{check_years, population, year};

/// The fields. A table needs `id` and `name`.
pub const FIELDS: [&str; 22] = [
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
    "close_match",
    "since",
    "until",
    "by",
    "source",
    "flags",
    "claims",
];

/// The fields that a table must have: the first two of [`FIELDS`].
pub(super) const REQUIRED: usize = 2;

/// Separators between the names of a `variants` cell and the ids of a `same_as` cell.
const SEPARATORS: [char; 2] = [';', '|'];

/// The columns of fields: pairs of a field and the header of its column.
pub type FieldMap = Vec<(String, String)>;

/// Reads a field map such as `name=Place name,id=Code`; pairs are separated by `,` or `;`.
///
/// # Errors
/// Returns an error if a part has no `=` or does not begin with a field.
///
/// ```
/// let columns = allonym::source::custom::parse_field_map("name=Place name,id=Code").unwrap();
/// assert_eq!(columns[0], ("name".to_owned(), "Place name".to_owned()));
/// ```
pub fn parse_field_map(text: &str) -> Result<FieldMap> {
    let pair = |part: &str| {
        let (field, header) = part.split_once('=').ok_or_else(|| {
            Error::usage(format!("invalid mapping '{part}'; expected field=header, such as name=Place"))
        })?;
        match FIELDS.contains(&field.trim()) {
            true => Ok((field.trim().to_owned(), header.trim().to_owned())),
            false => Err(Error::usage(format!("unknown field '{field}'; expected one of {}", FIELDS.join(", ")))),
        }
    };
    text.split([',', ';']).filter(|part| !part.trim().is_empty()).map(pair).collect()
}

/// The parts of a cell that holds a list.
pub(super) fn split_list(text: &str) -> impl Iterator<Item = &str> {
    text.split(SEPARATORS).map(str::trim).filter(|part| !part.is_empty())
}

/// An id, with the prefix if it has none.
pub(super) fn prefixed(id: &str, prefix: &str) -> String {
    if id.contains(':') { id.to_owned() } else { format!("{prefix}:{id}") }
}

/// A cell that is not empty, parsed.
fn parse<T>(text: &str, read: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
    if text.trim().is_empty() { Ok(None) } else { read(text.trim()).map(Some) }
}

/// A latitude and a longitude; `None` if both are empty.
pub(super) fn point(lat: &str, lon: &str) -> Result<Option<Point>> {
    match (lat.trim(), lon.trim()) {
        ("", "") => Ok(None),
        (lat, lon) => Point::parse(lat, lon).map(Some),
    }
}

/// The fragment of a record whose cells are asked for by field.
///
/// # Errors
/// Returns an error if the id or the name is missing or a cell is invalid.
pub(super) fn fragment<'a>(prefix: &str, cell: impl Fn(&str) -> Cow<'a, str>) -> Result<Fragment> {
    let id = match cell("id").trim() {
        "" => return Err(Error::data("the row has no id")),
        id => prefixed(id, prefix),
    };
    let derived = cell("point").trim() == "derived";
    let point = point(&cell("lat"), &cell("lon"))?.map(|point| Point { derived, ..point });
    let ids = |field: &str| -> Vec<String> { split_list(&cell(field)).map(str::to_owned).collect() };
    let claims = parse(&cell("claims"), |text| {
        serde_json::from_str(text).map_err(|e| Error::data("the claims are not a JSON list of claims").because(e))
    })?;
    let entity = Entity {
        id,
        kind: parse(&cell("type"), str::parse)?.unwrap_or_default(),
        feature: parse(&cell("feature"), str::parse)?.unwrap_or_default(),
        country: parse(&cell("country"), |code| code.to_uppercase().parse())?,
        parent: parse(&cell("parent"), |id| Ok(prefixed(id, prefix)))?,
        point,
        population: parse(&cell("population"), population)?.unwrap_or(0),
        names: names(prefix, &cell)?,
        details: Details {
            same_as: ids("same_as"),
            close_match: ids("close_match"),
            also_in: ids("also_in"),
            claims: claims.unwrap_or_default(),
        },
    };
    match entity.names.is_empty() {
        true => Err(Error::data("the row has no name")),
        false => Ok(Fragment { entity, complete: true, ..Fragment::default() }),
    }
}

fn names<'a>(prefix: &str, cell: &impl Fn(&str) -> Cow<'a, str>) -> Result<Vec<Name>> {
    let source = match cell("source").trim() {
        "" => prefix.to_owned(),
        source => source.to_owned(),
    };
    let flags = cell("flags");
    let (since, until) = (parse(&cell("since"), year)?, parse(&cell("until"), year)?);
    check_years(since, until)?;
    let main = Name {
        text: cell("name").trim().to_owned(),
        lang: parse(&cell("lang"), language)?.unwrap_or_default(),
        kind: parse(&cell("kind"), str::parse)?.unwrap_or_default(),
        since,
        until,
        by: cell("by").trim().to_owned(),
        source: source.clone(),
        machine: flags.contains('m'),
        weak: flags.contains('w'),
    };
    let variants = cell("variants");
    let variant = |text: &str| Name { text: text.to_owned(), source: source.clone(), ..Name::default() };
    let all = std::iter::once(main).chain(split_list(&variants).map(variant));
    all.filter(|name| !name.text.is_empty())
        .map(|name| match name.text.len() > Name::MAX_BYTES {
            true => Err(Error::data(format!("a name is longer than {} bytes", Name::MAX_BYTES))),
            false => Ok(name),
        })
        .collect()
}
