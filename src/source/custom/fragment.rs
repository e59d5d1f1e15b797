//! What one record of a file says about an entity.
//!
//! An entity may be spread over several records and files: a row with its facts, another file with its names, a third
//! with its container. Each record is read as a fragment; fragments of one id are put together once all are sorted.

use super::packed::{Reader, put_number, put_text};
use crate::entity::{Country, Details, Entity, EntityType, Feature, Name, NameKind, Point};

/// What one record says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Fragment {
    /// The facts; `parent` holds candidate ids or codes separated by spaces, of which the first that exists is taken.
    pub(super) entity: Entity,
    /// Whether the record alone makes an entity. Names and containers from supplementary files do not.
    pub(super) complete: bool,
    /// Whether its names come before the names of other fragments.
    pub(super) preferred: bool,
    /// Where it was read.
    pub(super) origin: Origin,
}

/// Where a fragment was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// The number of the custom gazetteer.
    pub(super) gazetteer: u32,
    /// The number of the file in it.
    pub(super) file: u32,
    /// The line, from 1; 0 if the file has no lines.
    pub(super) line: u64,
}

/// A year as an unsigned number; 0 if there is none.
fn pack_year(year: Option<i16>) -> u64 {
    year.map_or(0, |year| (i64::from(year) + 0x8001) as u64)
}

fn unpack_year(number: u64) -> Option<i16> {
    (number != 0).then(|| (number as i64 - 0x8001) as i16)
}

impl Fragment {
    /// Appends the fragment as packed bytes.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let entity = &self.entity;
        put_text(out, &entity.id);
        out.push(u8::from(self.complete) | u8::from(self.preferred) << 1);
        for n in [u64::from(self.origin.gazetteer), u64::from(self.origin.file), self.origin.line] {
            put_number(out, n);
        }
        out.push(entity.kind as u8);
        out.extend_from_slice(&entity.feature.to_bytes());
        out.extend_from_slice(&entity.country.map_or([0; 2], |country| country.to_bytes()));
        put_text(out, entity.parent.as_deref().unwrap_or_default());
        out.push(entity.point.map_or(0, |point| if point.derived { 2 } else { 1 }));
        if let Some(point) = entity.point {
            out.extend_from_slice(&point.lat.to_le_bytes());
            out.extend_from_slice(&point.lon.to_le_bytes());
        }
        put_number(out, u64::from(entity.population));
        let details = match entity.details.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&entity.details).unwrap_or_default(),
        };
        put_text(out, &details);
        put_number(out, entity.names.len() as u64);
        entity.names.iter().for_each(|name| write_name(name, out));
    }

    /// Reads what [`Fragment::write`] wrote.
    ///
    /// # Errors
    /// Returns an error if the bytes are cut short or were not written by it.
    pub(super) fn read(bytes: &[u8]) -> std::io::Result<Fragment> {
        let mut bytes = Reader(bytes);
        let mut fragment = Fragment::default();
        let entity = &mut fragment.entity;
        entity.id = bytes.text()?.to_owned();
        let [flags] = bytes.take()?;
        (fragment.complete, fragment.preferred) = (flags & 1 != 0, flags & 2 != 0);
        fragment.origin =
            Origin { gazetteer: bytes.number()? as u32, file: bytes.number()? as u32, line: bytes.number()? };
        let [kind] = bytes.take()?;
        entity.kind = EntityType::ALL.get(kind as usize).copied().unwrap_or_default();
        entity.feature = Feature::from_bytes(bytes.take()?);
        entity.country = Country::from_bytes(bytes.take()?);
        entity.parent = Some(bytes.text()?).filter(|parent| !parent.is_empty()).map(str::to_owned);
        let [point] = bytes.take()?;
        if point != 0 {
            let (lat, lon) = (f64::from_le_bytes(bytes.take()?), f64::from_le_bytes(bytes.take()?));
            entity.point = Some(Point { lat, lon, derived: point == 2 });
        }
        entity.population = bytes.number()? as u32;
        let details = bytes.text()?;
        if !details.is_empty() {
            entity.details = serde_json::from_str::<Details>(details).map_err(std::io::Error::other)?;
        }
        for _ in 0..bytes.number()? {
            entity.names.push(read_name(&mut bytes)?);
        }
        Ok(fragment)
    }
}

fn write_name(name: &Name, out: &mut Vec<u8>) {
    for part in [&name.text, &name.lang, &name.by, &name.source] {
        put_text(out, part);
    }
    out.push(name.kind as u8);
    out.push(u8::from(name.machine) | u8::from(name.weak) << 1);
    put_number(out, pack_year(name.since));
    put_number(out, pack_year(name.until));
}

fn read_name(bytes: &mut Reader<'_>) -> std::io::Result<Name> {
    let [text, lang, by, source] = [bytes.text()?, bytes.text()?, bytes.text()?, bytes.text()?];
    let [kind, flags] = bytes.take()?;
    Ok(Name {
        text: text.to_owned(),
        lang: lang.to_owned(),
        by: by.to_owned(),
        source: source.to_owned(),
        kind: NameKind::ALL.get(kind as usize).copied().unwrap_or_default(),
        machine: flags & 1 != 0,
        weak: flags & 2 != 0,
        since: unpack_year(bytes.number()?),
        until: unpack_year(bytes.number()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_is_read_as_it_was_written() {
        let name =
            Name { text: "Şuşa".into(), since: Some(-330), until: Some(1923), machine: true, ..Name::default() };
        let mut entity = Entity { id: "x:1".into(), population: 70_000, names: vec![name], ..Entity::default() };
        entity.point = Some(Point { lat: 39.75, lon: -46.5, derived: true });
        entity.details.same_as = vec!["wd:Q1".into()];
        let origin = Origin { gazetteer: 1, file: 2, line: 300 };
        let fragment = Fragment { entity, complete: true, origin, ..Fragment::default() };
        let mut bytes = Vec::new();
        fragment.write(&mut bytes);
        assert_eq!(Fragment::read(&bytes).expect("a fragment"), fragment);
        assert!(Fragment::read(&bytes[..bytes.len() - 1]).is_err());
    }
}
