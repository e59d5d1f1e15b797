//! The features of a GeoJSON file, read one after another: a collection, one a line, or one a file.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::entity::Point;
use crate::error::{Error, Result};
use crate::source::custom::document::{Document, unreadable};
use crate::source::custom::fragment::Fragment;
use crate::source::custom::importer::Importer;
use crate::source::custom::lines::{Line, Lines};

/// Calls `read` with the JSON of every feature and takes the fragments that it makes of them; `None` is a feature that is
/// skipped.
///
/// # Errors
/// Returns an error if the file cannot be read or is not JSON.
pub(super) fn each(
    document: &mut Document<'_>,
    importer: &mut Importer<'_>,
    mut read: impl FnMut(&mut Importer<'_>, &str) -> Result<Option<Fragment>>,
) -> Result<()> {
    let mut take = |importer: &mut Importer<'_>, line: u64, text: &str| -> Result<()> {
        importer.count_record();
        let fragment = read(importer, text);
        importer.take(line, fragment)
    };
    if !is_lines(document)? {
        return read_collection(document, importer, &mut take);
    }
    let mut lines = Lines::new(document);
    while let Some((number, line)) = lines.next()? {
        match line {
            Line::Text(text) => take(importer, number, text)?,
            Line::Faulty(reason) => {
                importer.count_record();
                importer.fault(number, reason);
            }
        }
    }
    Ok(())
}

/// Parses the JSON of a feature.
///
/// # Errors
/// Returns an error if it is not what `T` expects.
pub(super) fn parse<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::data(format!("the record is not a valid feature ({e})")).because(e))
}

/// Whether every line is a JSON text of its own.
fn is_lines(document: &mut Document<'_>) -> Result<bool> {
    let base = document.base().to_lowercase();
    if ["jsonl", "ndjson", "geojsonl", "geojsons", "geojsonseq"].iter().any(|ending| base.ends_with(ending)) {
        return Ok(true);
    }
    let head = document.head()?;
    let mut lines = head.split(|&b| b == b'\n');
    let alone = |line: Option<&[u8]>| {
        line.is_some_and(|line| line.first() == Some(&b'{') && serde_json::from_slice::<IgnoredAny>(line).is_ok())
    };
    Ok(alone(lines.next()) && lines.next().is_some_and(|line| line.first() == Some(&b'{')))
}

type Take<'t> = dyn FnMut(&mut Importer<'_>, u64, &str) -> Result<()> + 't;

/// Reads one JSON text: a collection of features, a list of them, or a single one.
fn read_collection(document: &mut Document<'_>, importer: &mut Importer<'_>, take: &mut Take<'_>) -> Result<()> {
    let lines = Rc::new(Cell::new(1));
    let counted = Counted { reader: &mut document.reader, lines: lines.clone() };
    let mut read = serde_json::Deserializer::from_reader(counted);
    let mut failed = None;
    let features = Features { importer, take, lines: &lines, failed: &mut failed };
    let whole = features.deserialize(&mut read).and_then(|()| read.end());
    match (failed, whole) {
        (Some(e), _) => Err(e),
        (None, Ok(())) => Ok(()),
        (None, Err(e)) if e.is_io() => Err(unreadable(&io::Error::from(e))),
        (None, Err(e)) if e.is_eof() => {
            Err(Error::data("the file is cut short; download it again").on_line(lines.get()))
        }
        (None, Err(e)) => Err(Error::data(format!("the file is not GeoJSON ({e})")).on_line(lines.get())),
    }
}

/// Counts the lines that are read.
struct Counted<R> {
    reader: R,
    lines: Rc<Cell<u64>>,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let lines = buffer[..read].iter().filter(|&&b| b == b'\n').count() as u64;
        self.lines.set(self.lines.get() + lines);
        Ok(read)
    }
}

struct Features<'f, 's, 't> {
    importer: &'f mut Importer<'s>,
    take: &'f mut Take<'t>,
    lines: &'f Rc<Cell<u64>>,
    /// The error that ended reading, if it was not one of the JSON.
    failed: &'f mut Option<Error>,
}

impl Features<'_, '_, '_> {
    fn one<E: serde::de::Error>(&mut self, line: u64, text: &str) -> Result<(), E> {
        (self.take)(self.importer, line, text).map_err(|e| {
            *self.failed = Some(e);
            E::custom("stopped")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Features<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a collection of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        loop {
            let line = self.lines.get();
            match items.next_element::<Box<RawValue>>()? {
                Some(item) => self.one(line, item.get())?,
                None => return Ok(()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        // A single feature has few keys: put it together again.
        let mut single = String::from("{");
        let mut many = false;
        let line = self.lines.get();
        while let Some(key) = map.next_key::<String>()? {
            if key == "features" {
                many = true;
                let Features { importer, take, lines, failed } = &mut self;
                map.next_value_seed(Features { importer, take: &mut **take, lines, failed })?;
                continue;
            }
            let value = map.next_value::<Box<RawValue>>()?;
            if !many {
                single.push_str(if single.len() > 1 { "," } else { "" });
                single.push_str(&serde_json::to_string(&key).unwrap_or_default());
                single.push(':');
                single.push_str(value.get());
            }
        }
        if many {
            return Ok(());
        }
        single.push('}');
        self.one(line, &single)
    }
}

/// A geometry, as far as it takes to find a point for it.
#[derive(Deserialize)]
pub(super) struct Geometry {
    #[serde(default)]
    coordinates: Option<Coordinates>,
    #[serde(default)]
    geometries: Vec<Member>,
}

/// A member of a geometry collection. Linked Places writes `"null"` for an unknown location.
#[derive(Deserialize)]
#[serde(untagged)]
enum Member {
    Geometry(Geometry),
    Unknown(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Coordinates {
    Number(f64),
    List(Vec<Coordinates>),
}

impl Geometry {
    /// The point, or the middle of the shape's bounding box; `None` for a shape across the antimeridian.
    ///
    /// # Errors
    /// Returns an error if a coordinate is out of range.
    pub(super) fn point(&self) -> Result<Option<Point>> {
        let mut span: Option<[f64; 4]> = None;
        self.add_to(&mut span);
        let Some([west, south, east, north]) = span else { return Ok(None) };
        if east - west > 180.0 {
            return Ok(None);
        }
        let middle = |a: f64, b: f64| ((a + b) / 2.0 * 1e6).round() / 1e6;
        let point = Point::parse(&middle(south, north).to_string(), &middle(west, east).to_string())?;
        Ok(Some(Point { derived: west != east || south != north, ..point }))
    }

    fn add_to(&self, span: &mut Option<[f64; 4]>) {
        self.coordinates.iter().for_each(|coordinates| coordinates.add_to(span));
        for member in &self.geometries {
            if let Member::Geometry(geometry) = member {
                geometry.add_to(span);
            }
        }
    }
}

impl Coordinates {
    fn add_to(&self, span: &mut Option<[f64; 4]>) {
        let Coordinates::List(list) = self else { return };
        match list[..] {
            [Coordinates::Number(lon), Coordinates::Number(lat), ..] => {
                let [west, south, east, north] = span.unwrap_or([lon, lat, lon, lat]);
                *span = Some([west.min(lon), south.min(lat), east.max(lon), north.max(lat)]);
            }
            _ => list.iter().for_each(|inner| inner.add_to(span)),
        }
    }
}
