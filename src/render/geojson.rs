//! Mentions for geographic information systems: GeoJSON (RFC 7946), one feature a mention, written as they come.

use std::io::{self, Write};

use serde::Serialize;

use super::mention::Line;

/// A mention as a feature; its geometry is null where no coordinates are known.
#[derive(Serialize)]
pub struct Feature<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    geometry: Option<Geometry>,
    properties: &'a Line<'a>,
}

#[derive(Serialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: &'static str,
    /// Degrees east, then degrees north.
    coordinates: [f64; 2],
}

impl<'a> Feature<'a> {
    /// The feature of a mention.
    pub fn of(line: &'a Line<'a>) -> Feature<'a> {
        let point = line.best.as_ref().and_then(|best| Some([best.lon?, best.lat?]));
        let geometry = point.map(|coordinates| Geometry { kind: "Point", coordinates });
        Feature { kind: "Feature", geometry, properties: line }
    }
}

/// A collection of features in the making.
pub struct Collection<W: Write> {
    out: W,
    begun: bool,
}

impl<W: Write> Collection<W> {
    /// Begins a collection.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn new(mut out: W) -> io::Result<Collection<W>> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
        Ok(Collection { out, begun: false })
    }

    /// Writes a mention.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn mention(&mut self, line: &Line<'_>) -> io::Result<()> {
        self.out.write_all(if self.begun { b",\n" } else { b"\n" })?;
        self.begun = true;
        serde_json::to_writer(&mut self.out, &Feature::of(line)).map_err(io::Error::from)
    }

    /// Ends the collection.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()?;
        Ok(self.out)
    }
}
