//! Positions: distance and mean on the sphere.

/// WGS84 decimal degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub lat: f64,
    pub lon: f64,
}

impl Point {
    /// A point, if the numbers are on the globe. (0, 0) is how sources say "unknown".
    pub fn new(lat: f64, lon: f64) -> Option<Point> {
        let valid = lat.abs() <= 90.0 && lon.abs() <= 180.0 && (lat != 0.0 || lon != 0.0);
        valid.then_some(Point { lat, lon })
    }

    /// Great-circle distance in kilometres.
    pub fn distance(self, other: Point) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (lat, lon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (lat / 2.0).sin().powi(2) + a.cos() * b.cos() * (lon / 2.0).sin().powi(2);
        2.0 * 6371.0 * h.sqrt().min(1.0).asin()
    }
}

/// A mean position in the making. It adds up unit vectors, so that places on both sides of the antimeridian
/// (Fiji, Chukotka) do not meet in Africa.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean {
    x: f64,
    y: f64,
    z: f64,
    count: u32,
}

impl Mean {
    pub fn add(&mut self, point: Point) {
        let (lat, lon) = (point.lat.to_radians(), point.lon.to_radians());
        self.x += lat.cos() * lon.cos();
        self.y += lat.cos() * lon.sin();
        self.z += lat.sin();
        self.count += 1;
    }

    /// The mean, if anything was added and it does not cancel out.
    pub fn point(&self) -> Option<Point> {
        let across = self.x.hypot(self.y);
        if self.count == 0 || across.hypot(self.z) < 1e-6 * f64::from(self.count) {
            return None;
        }
        Point::new(self.z.atan2(across).to_degrees(), self.y.atan2(self.x).to_degrees())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_across_the_antimeridian_stays_there() {
        let mut mean = Mean::default();
        for lon in [179.0, -179.0] {
            mean.add(Point { lat: -17.0, lon });
        }
        let point = mean.point().expect("two points have a mean");
        assert!(point.lon.abs() > 179.9, "{point:?}");
        assert!((point.lat + 17.0).abs() < 0.01, "{point:?}");
    }

    #[test]
    fn kyiv_to_lviv_is_about_470_km() {
        let distance = Point { lat: 50.45, lon: 30.52 }.distance(Point { lat: 49.84, lon: 24.03 });
        assert!((465.0..475.0).contains(&distance), "{distance}");
    }
}
