//! OCHA's tables of p-codes: units of every level on each row (`ADM1_EN`, `ADM1_PCODE`, `ADM0_EN` …), or one unit a row
//! with its parent's code (`Location, P-Code, Name, Parent P-Code`).

use hashbrown::HashSet;

use super::Sink;
use super::files::Document;
use super::piece::Piece;
use super::table::Rows;
use crate::entity::{Country, Entity, Name, NameKind};
use crate::error::{Error, Result};

/// Reads units; a row of HXL tags is passed over. The unit `AF01` becomes `pcode:AF01`, the country is that of the
/// bundled data.
///
/// # Errors
/// Where the file cannot be read on, or has no column of codes.
pub fn read(document: &mut Document<'_>, sink: &mut Sink<'_>) -> Result<()> {
    let mut rows = Rows::open(document)?;
    let header: Vec<String> = rows.header.iter().map(|name| name.trim().to_lowercase()).collect();
    let levels = levels(&header);
    let global = Global::of(&header);
    if levels.is_empty() && global.is_none() {
        return Err(Error::data("a table of p-codes needs a column such as ADM1_PCODE, or P-Code"));
    }
    let mut seen = HashSet::new();
    while let Some((line, row)) = rows.next(sink)? {
        if row.iter().any(|cell| cell.starts_with('#')) && row.iter().all(|c| c.is_empty() || c.starts_with('#')) {
            continue;
        }
        sink.row();
        if row.len() != header.len() {
            sink.fault(line, format!("the row has {} cells, the header {}", row.len(), header.len()));
            continue;
        }
        let cell = |at: usize| row.get(at).map(str::trim).unwrap_or_default();
        let units = match &global {
            Some(global) => global.unit(sink, &cell).map(|unit| vec![unit]),
            None => units(sink, &levels, &cell),
        };
        match units {
            Ok(units) => {
                for unit in units {
                    // Every row tells all units above it again.
                    if seen.insert(unit.id.clone()) {
                        sink.piece(line, Piece { entity: unit, whole: true, ..Piece::default() })?;
                    }
                }
            }
            Err(e) => sink.fault(line, e.to_string()),
        }
    }
    Ok(())
}

/// The columns of a level of units.
struct Level {
    number: u8,
    code: usize,
    /// Columns of names with their languages and kinds.
    names: Vec<(usize, String, NameKind)>,
    point: Option<(usize, usize)>,
}

/// The levels that a header has columns for, the widest first.
fn levels(header: &[String]) -> Vec<Level> {
    let find = |name: String| header.iter().position(|known| *known == name);
    let levels = (0..=5u8).filter_map(|number| {
        let code = find(format!("adm{number}_pcode")).or_else(|| find(format!("adm{number}pcode")))?;
        let mut names = Vec::new();
        for (at, column) in header.iter().enumerate() {
            let Some(rest) = column.strip_prefix(&format!("adm{number}")) else { continue };
            let alternative = rest.starts_with("alt");
            let rest = rest.trim_start_matches("alt").trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
            let plain = rest.trim_end_matches(|c: char| c.is_ascii_digit());
            match plain.strip_prefix("name").map(|rest| rest.trim_start_matches('_')).unwrap_or(plain) {
                "pcode" | "type" | "src" | "code" | "id" => {}
                "ref" => names.push((at, String::new(), NameKind::Alternate)),
                "" if plain == "name" => names.push((at, String::new(), NameKind::Official)),
                lang if (2..=3).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_lowercase()) => {
                    let kind = if alternative { NameKind::Alternate } else { NameKind::Official };
                    names.push((at, lang.to_owned(), kind));
                }
                _ => {}
            }
        }
        Some(Level { number, code, names, point: None })
    });
    let mut levels: Vec<Level> = levels.collect();
    let middle =
        find("center_lat".into()).zip(find("center_lon".into())).or(find("lat".into()).zip(find("lon".into())));
    if let Some(last) = levels.last_mut() {
        last.point = middle;
    }
    levels
}

/// A country's code, where a p-code begins with one.
fn country_of(code: &str) -> Option<Country> {
    code.get(..2).filter(|code| code.bytes().all(|b| b.is_ascii_uppercase())).and_then(|code| code.parse().ok())
}

fn unit(code: &str, level: u8, above: Option<&str>) -> Result<Entity> {
    if code.is_empty() {
        return Err(Error::data(format!("the row has no code for its level {level}")));
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

fn units<'r>(sink: &mut Sink<'_>, levels: &[Level], cell: &impl Fn(usize) -> &'r str) -> Result<Vec<Entity>> {
    let mut units = Vec::with_capacity(levels.len());
    let mut above: Option<&str> = None;
    for level in levels {
        let code = cell(level.code);
        let mut entity = unit(code, level.number, above)?;
        for (at, lang, kind) in &level.names {
            if !cell(*at).is_empty() {
                let lang = sink.language(lang);
                let name = Name { lang, kind: *kind, source: "pcode".to_owned(), ..sink.name(cell(*at)) };
                if !entity.names.iter().any(|known| known.text == name.text && known.lang == name.lang) {
                    entity.names.push(name);
                }
            }
        }
        if let Some((lat, lon)) = level.point
            && !cell(lat).is_empty()
        {
            entity.point = Some(crate::Point::parse(cell(lat), cell(lon))?);
        }
        above = Some(code);
        units.push(entity);
    }
    Ok(units)
}

/// The columns of the global table, a unit a row.
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

    fn unit<'r>(&self, sink: &Sink<'_>, cell: &impl Fn(usize) -> &'r str) -> Result<Entity> {
        let level = match self.level.map(cell) {
            Some(text) => text.parse().map_err(|_| Error::data(format!("'{text}' is no level of units")))?,
            None => 1,
        };
        // The parent of the first level is the country, told by three letters.
        let above = self.above.map(cell).filter(|code| code.len() > 3);
        let mut entity = unit(cell(self.code), level, above)?;
        let name = Name { kind: NameKind::Official, source: "pcode".to_owned(), ..sink.name(cell(self.name)) };
        entity.names.push(name);
        Ok(entity)
    }
}
