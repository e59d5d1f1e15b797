//! OCHA's tables of p-codes: administrative units of every level on each row (`ADM1_EN`, `ADM1_PCODE`, `ADM0_EN` …), or one
//! unit on each row with its parent's code (`Location, P-Code, Name, Parent P-Code`).

use hashbrown::HashSet;

use super::rows::{Quoting, Rows};
use crate::entity::{Country, Entity, Name, NameKind};
use crate::error::{Error, Result};
use crate::source::custom::document::Document;
use crate::source::custom::fields;
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;

/// Reads units. The unit `AF01` becomes `pcode:AF01`; its country is that of the bundled data.
///
/// # Errors
/// Returns an error if the file cannot be read or has no column of p-codes.
pub(in crate::source::custom) fn read(document: &mut Document<'_>, importer: &mut Importer<'_>) -> Result<()> {
    let mut rows = Rows::open(document, Quoting::Always)?;
    let header = rows.lowercase_header();
    let levels = levels(&header);
    let global = Global::of(&header);
    if levels.is_empty() && global.is_none() {
        return Err(Error::data("a table of p-codes needs a column such as ADM1_PCODE or P-Code"));
    }
    // Every row repeats all units above its own.
    let mut seen = HashSet::new();
    while let Some((line, row)) = rows.next(importer)? {
        let cell = |at: usize| row.get(at).map(str::trim).unwrap_or_default();
        let units = match &global {
            Some(global) => global.unit(importer, &cell).map(|unit| vec![unit]),
            None => units(importer, &levels, &cell),
        };
        match units {
            Ok(units) => {
                for unit in units {
                    if seen.insert(unit.id.clone()) {
                        importer.add(line, Fragment { entity: unit, complete: true, ..Fragment::default() })?;
                    }
                }
            }
            Err(e) => importer.fault(line, e.to_string()),
        }
    }
    Ok(())
}

/// The columns of a level of units.
struct Level {
    number: u8,
    code: usize,
    names: Vec<NameColumn>,
    point: Option<(usize, usize)>,
}

/// A column of names.
struct NameColumn {
    at: usize,
    lang: String,
    kind: NameKind,
}

/// The levels that a header has columns for, the widest first.
fn levels(header: &[String]) -> Vec<Level> {
    let find = |name: String| header.iter().position(|known| *known == name);
    let level = |number: u8| {
        let code = find(format!("adm{number}_pcode")).or_else(|| find(format!("adm{number}pcode")))?;
        let names = header.iter().enumerate().filter_map(|(at, column)| name_column(number, at, column)).collect();
        Some(Level { number, code, names, point: None })
    };
    let mut levels: Vec<Level> = (0..=5u8).filter_map(level).collect();
    let center = find("center_lat".into()).zip(find("center_lon".into()));
    if let Some(last) = levels.last_mut() {
        last.point = center.or_else(|| find("lat".into()).zip(find("lon".into())));
    }
    levels
}

/// The column of a level's names that a header's cell denotes: `adm1_en`, `adm1_name1`, `adm1alt1en`, `adm1_ref_name`.
fn name_column(level: u8, at: usize, column: &str) -> Option<NameColumn> {
    let rest = column.strip_prefix(&format!("adm{level}"))?;
    let is_alternative = rest.starts_with("alt");
    let rest = rest.trim_start_matches("alt").trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
    let plain = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let kind = if is_alternative { NameKind::Alternate } else { NameKind::Official };
    match plain.strip_prefix("name").map(|rest| rest.trim_start_matches('_')).unwrap_or(plain) {
        "pcode" | "type" | "src" | "code" | "id" => None,
        "ref" => Some(NameColumn { at, lang: String::new(), kind: NameKind::Alternate }),
        "" if plain == "name" => Some(NameColumn { at, lang: String::new(), kind: NameKind::Official }),
        lang if (2..=3).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_lowercase()) => {
            Some(NameColumn { at, lang: lang.to_owned(), kind })
        }
        _ => None,
    }
}

/// The country whose code a p-code begins with.
fn country_of(code: &str) -> Option<Country> {
    code.get(..2).filter(|code| code.bytes().all(|b| b.is_ascii_uppercase())).and_then(|code| code.parse().ok())
}

fn unit(code: &str, level: u8, above: Option<&str>) -> Result<Entity> {
    if code.is_empty() {
        return Err(Error::data(format!("the row has no p-code for level {level}")));
    }
    let country = country_of(code);
    let mut entity = Entity { id: format!("pcode:{code}"), country, ..Entity::default() };
    entity.feature = match level {
        0 => "A.PCLI".parse()?,
        level => format!("A.ADM{level}").parse()?,
    };
    match (level, country) {
        (0, Some(country)) => entity.details.same_as = vec![format!("cc:{country}")],
        _ => {
            let country = country.map(|country| format!("cc:{country}"));
            let above = above.map(|code| format!("pcode:{code}"));
            let all: Vec<String> = above.into_iter().chain(country).collect();
            entity.parent = (!all.is_empty()).then(|| all.join(" "));
        }
    }
    Ok(entity)
}

/// The units of a row, one for each level.
fn units<'r>(importer: &mut Importer<'_>, levels: &[Level], cell: &impl Fn(usize) -> &'r str) -> Result<Vec<Entity>> {
    let mut units = Vec::with_capacity(levels.len());
    let mut above: Option<&str> = None;
    for level in levels {
        let code = cell(level.code);
        let mut entity = unit(code, level.number, above)?;
        for column in &level.names {
            if !cell(column.at).is_empty() {
                let lang = importer.language(&column.lang);
                let name =
                    Name { lang, kind: column.kind, source: "pcode".to_owned(), ..importer.name(cell(column.at)) };
                if !entity.names.iter().any(|known| known.text == name.text && known.lang == name.lang) {
                    entity.names.push(name);
                }
            }
        }
        if let Some((lat, lon)) = level.point
            && !cell(lat).is_empty()
        {
            entity.point = fields::point(cell(lat), cell(lon))?;
        }
        above = Some(code);
        units.push(entity);
    }
    Ok(units)
}

/// The columns of the global table, one unit on each row.
struct Global {
    code: usize,
    name: usize,
    level: Option<usize>,
    above: Option<usize>,
}

impl Global {
    fn of(header: &[String]) -> Option<Global> {
        let find = |names: &[&str]| header.iter().position(|known| names.contains(&known.as_str()));
        Some(Global {
            code: find(&["p-code", "pcode"])?,
            name: find(&["name"])?,
            level: find(&["admin level", "level"]),
            above: find(&["parent p-code", "parent pcode"]),
        })
    }

    fn unit<'r>(&self, importer: &Importer<'_>, cell: &impl Fn(usize) -> &'r str) -> Result<Entity> {
        let level = match self.level.map(cell) {
            Some(text) => {
                text.parse().map_err(|_| Error::data(format!("invalid admin level '{text}'; expected a number")))?
            }
            None => 1,
        };
        // The parent of the first level is the country, as a three-letter code.
        let above = self.above.map(cell).filter(|code| code.len() > 3);
        let mut entity = unit(cell(self.code), level, above)?;
        let name = Name { kind: NameKind::Official, source: "pcode".to_owned(), ..importer.name(cell(self.name)) };
        entity.names.push(name);
        Ok(entity)
    }
}
