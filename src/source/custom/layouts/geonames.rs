//! GeoNames' dumps, as <https://download.geonames.org/export/dump/> describes them.

use crate::entity::{Entity, Name, NameKind};
use crate::error::{Error, Result};
use crate::source::custom::document::Document;
use crate::source::custom::fields::point;
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;
use crate::source::custom::lang;
use crate::source::custom::lines::{Line, Lines};
use crate::source::values::check_years;

/// Calls `read` with the cells of every line. Lines with fewer than `least` or more than `N` cells are faults.
fn each<const N: usize>(
    document: &mut Document<'_>,
    importer: &mut Importer<'_>,
    least: usize,
    mut read: impl FnMut(&mut Importer<'_>, &[&str; N]) -> Result<Option<Fragment>>,
) -> Result<()> {
    let mut lines = Lines::new(document);
    while let Some((number, line)) = lines.next()? {
        let text = match line {
            Line::Text(text) => text,
            Line::Faulty(reason) => {
                importer.count_record();
                importer.fault(number, reason);
                continue;
            }
        };
        if text.starts_with('#') {
            continue;
        }
        importer.count_record();
        let mut cells = [""; N];
        let mut count = 0;
        for cell in text.split('\t') {
            if let Some(slot) = cells.get_mut(count) {
                *slot = cell;
            }
            count += 1;
        }
        if count < least || count > N {
            importer.fault(number, format!("the line has {count} cells instead of {least}"));
            continue;
        }
        let fragment = read(importer, &cells);
        importer.take(number, fragment)?;
    }
    Ok(())
}

fn gn(number: &str) -> Result<String> {
    match !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(format!("gn:{number}")),
        false => Err(Error::data(format!("invalid GeoNames id '{number}'; expected digits"))),
    }
}

/// Reads places: 19 cells a line.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub(in crate::source::custom) fn read_places(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    each(document, importer, 19, |importer, cells: &[&str; 19]| {
        let [id, name, ascii, others, lat, lon, class, code, country, _, admin1, admin2, .., population, _, _, _, _] =
            *cells;
        let id = gn(id)?;
        let feature = match (class, code) {
            ("", _) => Default::default(),
            (class, "") => class.parse()?,
            (class, code) => format!("{class}.{code}").parse()?,
        };
        let mut entity = Entity {
            id,
            feature,
            country: if country.is_empty() { None } else { Some(country.parse()?) },
            point: if lat.is_empty() { None } else { point(lat, lon)? },
            population: population.parse::<u64>().map_or(0, |number| u32::try_from(number).unwrap_or(u32::MAX)),
            names: Vec::with_capacity(2),
            ..Entity::default()
        };
        entity.parent = containers(&entity, importer, country, admin1, admin2);
        entity.names.push(gn_name(name));
        if ascii != name {
            entity.names.push(Name { kind: NameKind::Romanized, machine: true, ..gn_name(ascii) });
        }
        entity.names.extend(others.split(',').filter(|other| !other.is_empty()).map(unclassified));
        Ok(Some(Fragment { entity, complete: true, ..Fragment::default() }))
    })
}

/// The administrative units that contain a place, the smallest first. Records the code of a place that is a unit.
fn containers(
    entity: &Entity,
    importer: &mut Importer<'_>,
    country: &str,
    admin1: &str,
    admin2: &str,
) -> Option<String> {
    let known = |code: &str| !code.is_empty() && code != "00" && !code.contains(' ');
    let first = (known(country) && known(admin1)).then(|| format!("adm:{country}.{admin1}"));
    let second = first.as_ref().filter(|_| known(admin2)).map(|_| format!("adm:{country}.{admin1}.{admin2}"));
    let mut all = vec![];
    match entity.feature.as_str() {
        "A.ADM1" => first.into_iter().for_each(|code| importer.add_unit_code(code, &entity.id)),
        "A.ADM2" => {
            second.into_iter().for_each(|code| importer.add_unit_code(code, &entity.id));
            all.extend(first);
        }
        _ => all.extend(second.into_iter().chain(first)),
    }
    if entity.feature.is_country() {
        return None;
    }
    if known(country) {
        all.push(format!("cc:{country}"));
    }
    (!all.is_empty()).then(|| all.join(" "))
}

fn gn_name(text: &str) -> Name {
    Name { text: text.to_owned(), source: "gn".to_owned(), ..Name::default() }
}

/// A name of the unclassified list: a machine wrote lowercase ASCII, three uppercase letters are an airport's code.
fn unclassified(text: &str) -> Name {
    let name = gn_name(text);
    if text.is_ascii() && text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Name { kind: NameKind::Romanized, machine: true, ..name };
    }
    match text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        true => Name { kind: NameKind::Code, ..name },
        false => name,
    }
}

/// Reads names: id, place, language, name, flags, first and last year.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub(in crate::source::custom) fn read_names(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    each(document, importer, 4, |importer, cells: &[&str; 10]| {
        let [_, id, language, text, preferred, short, colloquial, historic, from, to] = *cells;
        let mut entity = Entity { id: gn(id)?, ..Entity::default() };
        let kind = match (historic, colloquial, short) {
            ("1", ..) => NameKind::Historical,
            (_, "1", _) => NameKind::Colloquial,
            (.., "1") => NameKind::Short,
            _ => NameKind::Alternate,
        };
        let mut name = Name { kind, ..gn_name(text) };
        match language {
            "link" => return Ok(skipped(importer, "links to web pages")),
            "post" => return Ok(skipped(importer, "postal codes")),
            "wkdt" => {
                entity.details.same_as = vec![format!("wd:{text}")];
                return Ok(Some(Fragment { entity, ..Fragment::default() }));
            }
            "iata" | "icao" | "faac" | "tcid" | "unlc" => name.kind = NameKind::Code,
            "abbr" => name.kind = NameKind::Abbreviation,
            "phon" => return Ok(skipped(importer, "phonetic spellings")),
            "piny" => {
                name.kind = NameKind::Romanized;
                name.lang = "zh-Latn-pinyin".to_owned();
            }
            "fr_1793" => {
                name.kind = NameKind::Historical;
                name.lang = "fr".to_owned();
            }
            other => name.lang = importer.language(other),
        }
        (name.since, name.until) = (year(importer, from), year(importer, to));
        check_years(name.since, name.until)?;
        if name.until.is_some() && name.kind == NameKind::Alternate {
            name.kind = NameKind::Historical;
        }
        entity.names = vec![name];
        Ok(Some(Fragment { entity, preferred: preferred == "1" && historic != "1", ..Fragment::default() }))
    })
}

fn skipped(importer: &mut Importer<'_>, what: &'static str) -> Option<Fragment> {
    importer.skip(what);
    None
}

fn year(importer: &mut Importer<'_>, date: &str) -> Option<i16> {
    let year = lang::year(date);
    if year.is_none() && !date.trim().is_empty() {
        importer.skip("dates without a year, their names kept");
    }
    year
}

/// Reads containers: parent, child and the kind of their relation.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub(in crate::source::custom) fn read_hierarchy(
    document: &mut Document<'_>,
    importer: &mut Importer<'_>,
) -> Result<()> {
    each(document, importer, 2, |_, cells: &[&str; 3]| {
        let [parent, child, kind] = *cells;
        let mut entity = Entity { id: gn(child)?, ..Entity::default() };
        match kind {
            "ADM" | "" => entity.parent = Some(gn(parent)?),
            _ => entity.details.also_in = vec![gn(parent)?],
        }
        Ok(Some(Fragment { entity, ..Fragment::default() }))
    })
}

/// Reads the codes of administrative units of the first and second level: code, name, ASCII name, id.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub(in crate::source::custom) fn read_unit_codes(
    document: &mut Document<'_>,
    importer: &mut Importer<'_>,
) -> Result<()> {
    each(document, importer, 4, |importer, cells: &[&str; 4]| {
        let [code, name, ascii, id] = *cells;
        let mut parts = code.split('.');
        let (Some(country), Some(first), second) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::data(format!("invalid unit code '{code}'; expected a code such as AZ.09")));
        };
        let country = country.parse::<crate::entity::Country>()?;
        let above = second.map(|_| format!("adm:{country}.{first} "));
        let mut entity = Entity {
            id: gn(id)?,
            feature: if second.is_some() { "A.ADM2" } else { "A.ADM1" }.parse()?,
            country: Some(country),
            parent: Some(format!("{}cc:{country}", above.unwrap_or_default())),
            names: vec![gn_name(name)],
            ..Entity::default()
        };
        if ascii != name {
            entity.names.push(Name { kind: NameKind::Romanized, machine: true, ..gn_name(ascii) });
        }
        importer.add_unit_code(format!("adm:{code}"), &entity.id);
        Ok(Some(Fragment { entity, complete: true, ..Fragment::default() }))
    })
}
