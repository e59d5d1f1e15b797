//! Points and distances on Earth.

use crate::error::{Error, Result};

/// A point on Earth (WGS84).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north, -90 to 90.
    pub lat: f64,
    /// Degrees east, -180 to 180.
    pub lon: f64,
    /// Whether it was computed from the towns of a unit rather than given by a source.
    pub derived: bool,
}

impl Point {
    /// Reads a latitude and a longitude in decimal degrees.
    ///
    /// # Errors
    /// Returns an error if either is not a number or is out of range.
    pub fn parse(lat: &str, lon: &str) -> Result<Point> {
        let number = |text: &str, limit: f64, what: &str| match text.trim().parse::<f64>() {
            Ok(degrees) if degrees.abs() <= limit => Ok(degrees),
            _ => Err(Error::data(format!("'{text}' is not a {what}; expected degrees from -{limit} to {limit}"))),
        };
        Ok(Point { lat: number(lat, 90.0, "latitude")?, lon: number(lon, 180.0, "longitude")?, derived: false })
    }

    /// Great-circle distance in kilometres, on a sphere of radius 6371 km (haversine).
    pub fn distance(&self, other: &Point) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * 6371.0 * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_validated() {
        assert!(Point::parse("91", "0").is_err());
        assert!(Point::parse("NaN", "0").is_err());
    }

    #[test]
    fn distances_are_great_circles() {
        let baku = Point::parse("40.37767", "49.89201").unwrap();
        let yerevan = Point::parse("40.18111", "44.51361").unwrap();
        let km = baku.distance(&yerevan);
        assert!((450.0..465.0).contains(&km), "{km}");
    }
}
