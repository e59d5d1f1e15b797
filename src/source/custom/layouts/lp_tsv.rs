//! LP-TSV, the tabular form of Linked Places, versions 0.1 to 0.5: one row for each place.

use super::rows::{Quoting, Rows};
use super::uri::linked_id;
use crate::entity::{Country, Entity, Feature, Name, Point};
use crate::error::{Error, Result};
use crate::source::custom::document::Document;
use crate::source::custom::fields::{point, prefixed, split_list};
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;
use crate::source::custom::lang;
use crate::source::values::check_years;

/// Columns that earlier versions of the format call otherwise.
const OLD_NAMES: [(&str, &str); 5] = [
    ("matches", "close_matches"),
    ("matches", "close_match"),
    ("parent_name", "parent"),
    ("start", "min"),
    ("end", "max"),
];

/// Reads rows. `variants` are names with their languages (`Şuşa@az`), `matches` links to similar places, `start` and
/// `end` the years of the title.
///
/// # Errors
/// Returns an error if the file cannot be read or has no column `id` or `title`.
pub(in crate::source::custom) fn read(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    let mut rows = Rows::open(document, Quoting::NotWithTabs)?;
    let header = rows.lowercase_header();
    for required in ["id", "title"] {
        if !header.iter().any(|name| name == required) {
            return Err(Error::data(format!("an LP-TSV table needs a column '{required}'")));
        }
    }
    let find = |name: &str| header.iter().position(|known| known == name);
    while let Some((line, row)) = rows.next(importer)? {
        let cell = |name: &str| {
            let old = || OLD_NAMES.iter().filter(|(new, _)| *new == name).find_map(|(_, old)| find(old));
            let at = find(name).or_else(old);
            at.and_then(|at| row.get(at)).map(unquoted).unwrap_or_default()
        };
        let read = entity(importer, &cell);
        let fragment = read.map(|entity| Some(Fragment { entity, complete: true, ..Fragment::default() }));
        importer.take(line, fragment)?;
    }
    Ok(())
}

/// A cell without the quotes that spreadsheets put around it.
fn unquoted(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')).unwrap_or(cell)
}

fn entity<'r>(importer: &mut Importer<'_>, cell: &impl Fn(&str) -> &'r str) -> Result<Entity> {
    let prefix = importer.prefix.clone();
    let id = match cell("id") {
        "" => return Err(Error::data("the row has no id")),
        id => prefixed(id, &prefix),
    };
    let country = split_list(cell("ccodes")).next().map(str::parse::<Country>).transpose()?;
    let feature = split_list(cell("fclasses")).next().map(str::parse::<Feature>).transpose()?.unwrap_or_default();
    let point = location(importer, cell)?;
    let parent = Some(cell("parent_id")).filter(|id| !id.is_empty()).map(|id| linked_id(id, "", &prefix));
    if parent.is_none() && !cell("parent_name").is_empty() {
        importer.skip("containers given only by name");
    }
    let mut entity = Entity { id, country, feature, point, parent, ..Entity::default() };
    entity.details.close_match = split_list(cell("matches")).map(|id| linked_id(id, "", &prefix)).collect();
    entity.names = names(importer, cell);
    let (since, until) = (year(cell, "start")?, year(cell, "end")?);
    check_years(since, until)?;
    (entity.names[0].since, entity.names[0].until) = (since, until);
    Ok(entity)
}

/// The point of a row; `geowkt` takes precedence over `lat` and `lon`.
fn location<'r>(importer: &mut Importer<'_>, cell: &impl Fn(&str) -> &'r str) -> Result<Option<Point>> {
    match wkt_point(cell("geowkt")) {
        Some((lat, lon)) => Point::parse(lat, lon).map(Some),
        None => {
            if !cell("geowkt").is_empty() {
                importer.skip("shapes other than points");
            }
            point(cell("lat"), cell("lon"))
        }
    }
}

/// Latitude and longitude of `POINT(lon lat)`.
fn wkt_point(text: &str) -> Option<(&str, &str)> {
    let (kind, rest) = text.split_once('(')?;
    let (lon, lat) = rest.strip_suffix(')')?.trim().split_once(' ')?;
    (kind.trim().eq_ignore_ascii_case("point") && !lat.trim().contains(' ')).then(|| (lat.trim(), lon.trim()))
}

/// The names of a row, its title first.
fn names<'r>(importer: &mut Importer<'_>, cell: &impl Fn(&str) -> &'r str) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for variant in split_list(cell("variants")) {
        let (text, lang) = match variant.rsplit_once('@') {
            Some((text, lang)) => (text, importer.language(lang.trim())),
            None => (variant, String::new()),
        };
        names.push(Name { lang, ..importer.name(text) });
    }
    let title = cell("title");
    match names.iter().position(|name| name.text == title) {
        Some(at) => names[..=at].rotate_right(1),
        None => names.insert(0, importer.name(title)),
    }
    names
}

fn year<'r>(cell: &impl Fn(&str) -> &'r str, name: &str) -> Result<Option<i16>> {
    match cell(name) {
        "" => Ok(None),
        date => lang::year(date)
            .map(Some)
            .ok_or_else(|| Error::data(format!("invalid date '{date}' in '{name}'; expected ISO 8601, such as 1752"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_well_known_text() {
        for (text, point) in [
            ("POINT(19.03797 54.03613)", Some(("54.03613", "19.03797"))),
            ("Point ( -7.5 40 )", Some(("40", "-7.5"))),
            ("POINT EMPTY", None),
            ("POINT(1 2 3)", None),
            ("POLYGON((1 2, 3 4))", None),
            ("", None),
        ] {
            assert_eq!(wkt_point(text), point, "{text}");
        }
    }
}
