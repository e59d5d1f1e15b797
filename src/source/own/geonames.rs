//! GeoNames' dumps, as <https://download.geonames.org/export/dump/> describes them.

use super::Sink;
use super::files::Document;
use super::lang;
use super::lines::{Line, Lines};
use super::piece::Piece;
use crate::entity::{Entity, Name, NameKind, Point};
use crate::error::{Error, Result};

/// Calls `read` with the cells of every line; lines with another number of cells are faults.
fn each<const N: usize>(
    document: &mut Document<'_>,
    sink: &mut Sink<'_>,
    least: usize,
    mut read: impl FnMut(&mut Sink<'_>, &[&str; N]) -> Result<Option<Piece>>,
) -> Result<()> {
    let mut lines = Lines::new(document);
    while let Some((number, line)) = lines.next()? {
        let text = match line {
            Line::Text(text) => text,
            Line::Faulty(reason) => {
                sink.row();
                sink.fault(number, reason);
                continue;
            }
        };
        if text.starts_with('#') {
            continue;
        }
        sink.row();
        let mut cells = [""; N];
        let mut count = 0;
        for cell in text.split('\t') {
            if let Some(place) = cells.get_mut(count) {
                *place = cell;
            }
            count += 1;
        }
        if count < least || count > N {
            sink.fault(number, format!("the line has {count} cells, not {least}"));
            continue;
        }
        match read(sink, &cells) {
            Ok(Some(piece)) => sink.piece(number, piece)?,
            Ok(None) => {}
            Err(e) => sink.fault(number, e.to_string()),
        }
    }
    Ok(())
}

fn gn(number: &str) -> Result<String> {
    match !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(format!("gn:{number}")),
        false => Err(Error::data(format!("'{number}' is no number of GeoNames"))),
    }
}

/// Reads places: 19 cells a line.
///
/// # Errors
/// Where the file cannot be read on.
pub fn places(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    each(document, sink, 19, |sink, cells: &[&str; 19]| {
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
            point: if lat.is_empty() { None } else { Some(Point::parse(lat, lon)?) },
            population: population.parse::<u64>().map_or(0, |number| u32::try_from(number).unwrap_or(u32::MAX)),
            names: Vec::with_capacity(2),
            ..Entity::default()
        };
        entity.parent = containers(&entity, sink, country, admin1, admin2);
        entity.names.push(gn_name(name));
        if ascii != name {
            entity.names.push(Name { kind: NameKind::Romanized, machine: true, ..gn_name(ascii) });
        }
        entity.names.extend(others.split(',').filter(|other| !other.is_empty()).map(unsorted));
        Ok(Some(Piece { entity, whole: true, bare: true, ..Piece::default() }))
    })
}

/// The units that a place lies in, the nearest first; a unit tells its code.
fn containers(entity: &Entity, sink: &mut Sink<'_>, country: &str, admin1: &str, admin2: &str) -> Option<String> {
    let known = |code: &str| !code.is_empty() && code != "00" && !code.contains(' ');
    let first = (known(country) && known(admin1)).then(|| format!("adm:{country}.{admin1}"));
    let second = first.as_ref().filter(|_| known(admin2)).map(|_| format!("adm:{country}.{admin1}.{admin2}"));
    let mut all = vec![];
    match entity.feature.as_str() {
        "A.ADM1" => first.into_iter().for_each(|code| sink.code(code, &entity.id)),
        "A.ADM2" => {
            second.into_iter().for_each(|code| sink.code(code, &entity.id));
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

/// A name of the unsorted list: small ASCII letters are a machine's, three capitals an airport's.
fn unsorted(text: &str) -> Name {
    let name = gn_name(text);
    if text.is_ascii() && text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Name { kind: NameKind::Romanized, machine: true, ..name };
    }
    match text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        true => Name { kind: NameKind::Code, ..name },
        false => name,
    }
}

/// Reads names: their numbers, places, languages and flags, and since when and until when they were used.
///
/// # Errors
/// Where the file cannot be read on.
pub fn names(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    each(document, sink, 4, |sink, cells: &[&str; 10]| {
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
            "link" => return Ok(left_out(sink, "links to pages")),
            "post" => return Ok(left_out(sink, "postal codes")),
            "wkdt" => {
                entity.details.same_as = vec![format!("wd:{text}")];
                return Ok(Some(Piece { entity, ..Piece::default() }));
            }
            "iata" | "icao" | "faac" | "tcid" | "unlc" => name.kind = NameKind::Code,
            "abbr" => name.kind = NameKind::Abbreviation,
            "phon" => return Ok(left_out(sink, "phonetic spellings")),
            "piny" => {
                name.kind = NameKind::Romanized;
                name.lang = "zh-Latn-pinyin".to_owned();
            }
            "fr_1793" => {
                name.kind = NameKind::Historical;
                name.lang = "fr".to_owned();
            }
            other => name.lang = sink.language(other),
        }
        (name.since, name.until) = (year(sink, from), year(sink, to));
        if let (Some(since), Some(until)) = (name.since, name.until)
            && since > until
        {
            return Err(Error::data(format!("the name ends in {until}, before it begins in {since}")));
        }
        if name.until.is_some() && name.kind == NameKind::Alternate {
            name.kind = NameKind::Historical;
        }
        entity.names = vec![name];
        Ok(Some(Piece { entity, preferred: preferred == "1" && historic != "1", ..Piece::default() }))
    })
}

fn left_out(sink: &mut Sink<'_>, what: &'static str) -> Option<Piece> {
    sink.leave_out(what);
    None
}

fn year(sink: &mut Sink<'_>, date: &str) -> Option<i16> {
    let year = lang::year(date);
    if year.is_none() && !date.trim().is_empty() {
        sink.leave_out("dates that are no years, their names kept");
    }
    year
}

/// Reads containers: parent, child and the kind of their relation.
///
/// # Errors
/// Where the file cannot be read on.
pub fn hierarchy(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    each(document, sink, 2, |_, cells: &[&str; 3]| {
        let [parent, child, kind] = *cells;
        let mut entity = Entity { id: gn(child)?, ..Entity::default() };
        match kind {
            "ADM" | "" => entity.parent = Some(gn(parent)?),
            _ => entity.details.also_in = vec![gn(parent)?],
        }
        Ok(Some(Piece { entity, ..Piece::default() }))
    })
}

/// Reads units of the first and second level: code, name, name in ASCII, number.
///
/// # Errors
/// Where the file cannot be read on.
pub fn units(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    each(document, sink, 4, |sink, cells: &[&str; 4]| {
        let [code, name, ascii, id] = *cells;
        let mut parts = code.split('.');
        let (Some(country), Some(first), second) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::data(format!("'{code}' is no code of a unit; it should look like AZ.09")));
        };
        let country = country.parse::<crate::Country>()?;
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
        sink.code(format!("adm:{code}"), &entity.id);
        Ok(Some(Piece { entity, whole: true, bare: true, ..Piece::default() }))
    })
}
