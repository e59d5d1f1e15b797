//! What one record of a file says of an entity, and how it is kept while it waits.
//!
//! An entity may be told in pieces: its row in one file, its names in another, its container in a third. Pieces of one
//! id are put together when all of them are sorted.

use std::io::{self, Read, Write};

use crate::entity::{Country, Details, Entity, EntityType, Feature, Name, NameKind, Point};

/// What one record says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Piece {
    /// What is said; `parent` holds several ids with a space between, the first of which that there is shall be it.
    pub entity: Entity,
    /// Whether this alone makes an entity. Names and containers from further files do not.
    pub whole: bool,
    /// Whether these names come before the other pieces' names.
    pub preferred: bool,
    /// Whether a name without a language gives way to the same name with one.
    pub bare: bool,
    /// Where it was read.
    pub origin: Origin,
}

/// Where a piece was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The number of the added path.
    pub own: u32,
    /// The number of the file in it.
    pub file: u32,
    /// The line, from 1; 0 where there are none.
    pub line: u64,
}

fn number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// A year as a number without a sign; 0 is none.
fn year(year: Option<i16>) -> u64 {
    year.map_or(0, |year| (i64::from(year) + 0x8001) as u64)
}

impl Piece {
    /// Appends the piece: its length, its id, the rest.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut all = Vec::with_capacity(128);
        let entity = &self.entity;
        text(&mut all, &entity.id);
        all.push(u8::from(self.whole) | u8::from(self.preferred) << 1 | u8::from(self.bare) << 2);
        for n in [u64::from(self.origin.own), u64::from(self.origin.file), self.origin.line] {
            number(&mut all, n);
        }
        all.push(entity.kind as u8);
        all.extend_from_slice(&entity.feature.to_bytes());
        all.extend_from_slice(&entity.country.map_or([0; 2], |country| country.to_bytes()));
        text(&mut all, entity.parent.as_deref().unwrap_or_default());
        all.push(entity.point.map_or(0, |point| if point.derived { 2 } else { 1 }));
        if let Some(point) = entity.point {
            all.extend_from_slice(&point.lat.to_le_bytes());
            all.extend_from_slice(&point.lon.to_le_bytes());
        }
        number(&mut all, u64::from(entity.population));
        let details = match entity.details.is_empty() {
            true => String::new(),
            false => serde_json::to_string(&entity.details).unwrap_or_default(),
        };
        text(&mut all, &details);
        number(&mut all, entity.names.len() as u64);
        for name in &entity.names {
            for part in [&name.text, &name.lang, &name.by, &name.source] {
                text(&mut all, part);
            }
            all.push(name.kind as u8);
            all.push(u8::from(name.machine) | u8::from(name.weak) << 1);
            number(&mut all, year(name.since));
            number(&mut all, year(name.until));
        }
        number(out, all.len() as u64);
        out.extend_from_slice(&all);
    }

    /// The piece that `bytes`, without their length, are.
    ///
    /// # Errors
    /// Where they are none.
    pub fn read(bytes: &[u8]) -> io::Result<Piece> {
        let mut bytes = Bytes(bytes);
        let mut piece = Piece::default();
        let entity = &mut piece.entity;
        entity.id = bytes.text()?.to_owned();
        let [flags] = bytes.take()?;
        (piece.whole, piece.preferred, piece.bare) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        piece.origin = Origin { own: bytes.number()? as u32, file: bytes.number()? as u32, line: bytes.number()? };
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
            entity.details = serde_json::from_str::<Details>(details).map_err(io::Error::other)?;
        }
        for _ in 0..bytes.number()? {
            let [text, lang, by, source] = [bytes.text()?, bytes.text()?, bytes.text()?, bytes.text()?];
            let [kind, flags] = bytes.take()?;
            let year = |number: u64| (number != 0).then(|| (number as i64 - 0x8001) as i16);
            entity.names.push(Name {
                text: text.to_owned(),
                lang: lang.to_owned(),
                by: by.to_owned(),
                source: source.to_owned(),
                kind: NameKind::ALL.get(kind as usize).copied().unwrap_or_default(),
                machine: flags & 1 != 0,
                weak: flags & 2 != 0,
                since: year(bytes.number()?),
                until: year(bytes.number()?),
            });
        }
        Ok(piece)
    }
}

/// The id at the beginning of a piece's bytes.
pub fn id_of(bytes: &[u8]) -> &str {
    Bytes(bytes).text().unwrap_or_default()
}

/// Reads the next piece's bytes into `buffer`; false at the end.
///
/// # Errors
/// Where they cannot be read or are cut short.
pub fn next_bytes(reader: &mut impl Read, buffer: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = 0usize;
    for shift in (0..35).step_by(7) {
        let mut byte = [0];
        if reader.read(&mut byte)? == 0 {
            return if shift == 0 { Ok(false) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        length |= usize::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            break;
        }
    }
    buffer.resize(length, 0);
    reader.read_exact(buffer)?;
    Ok(true)
}

/// Writes a piece's bytes with their length.
///
/// # Errors
/// Where they cannot be written.
pub fn write_bytes(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let mut length = Vec::with_capacity(5);
    number(&mut length, bytes.len() as u64);
    out.write_all(&length)?;
    out.write_all(bytes)
}

/// Bytes that are taken from the left.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let [byte] = self.take()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        Ok(number)
    }

    fn text(&mut self) -> io::Result<&'a str> {
        let length = self.number()? as usize;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
        self.0 = rest;
        std::str::from_utf8(taken).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_read_as_it_was_written() {
        let name =
            Name { text: "Şuşa".into(), since: Some(-330), until: Some(1923), machine: true, ..Name::default() };
        let mut entity = Entity { id: "x:1".into(), population: 70_000, names: vec![name], ..Entity::default() };
        entity.point = Some(Point { lat: 39.75, lon: -46.5, derived: true });
        entity.details.same_as = vec!["wd:Q1".into()];
        let piece = Piece { entity, whole: true, origin: Origin { own: 1, file: 2, line: 300 }, ..Piece::default() };
        let mut bytes = Vec::new();
        piece.write(&mut bytes);
        let mut buffer = Vec::new();
        assert!(next_bytes(&mut &bytes[..], &mut buffer).expect("whole"));
        assert_eq!(Piece::read(&buffer).expect("a piece"), piece);
        assert_eq!(id_of(&buffer), "x:1");
        assert!(Piece::read(&buffer[..buffer.len() - 1]).is_err());
    }
}
