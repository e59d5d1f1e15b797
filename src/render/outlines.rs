//! Coasts and borders of the world, for small maps (`data/outlines`).

use std::sync::OnceLock;

/// Hundredths of a degree are one.
const UNITS: f64 = 100.0;

/// Written by `gather outlines`; its first lines of code say what a line holds.
const WORLD: &[u8] = allonym_data::OUTLINES;

/// A line or ring by its points: degrees east and north.
pub type Line = Vec<[f64; 2]>;

/// The outlines of the world.
#[derive(Default)]
pub struct Outlines {
    /// Rings around land; a ring inside another is water.
    pub land: Vec<Line>,
    /// Borders between countries.
    pub borders: Vec<Line>,
    /// Borders that a party to them disputes.
    pub disputed: Vec<Line>,
}

impl Outlines {
    /// The bundled ones, unpacked once.
    pub fn bundled() -> &'static Outlines {
        static BUNDLED: OnceLock<Outlines> = OnceLock::new();
        BUNDLED.get_or_init(|| {
            let text = zstd::decode_all(WORLD).unwrap_or_default();
            Outlines::read(&String::from_utf8_lossy(&text))
        })
    }

    fn read(text: &str) -> Outlines {
        let mut outlines = Outlines::default();
        for line in text.lines() {
            let (kind, steps) = line.split_once(' ').unwrap_or((line, ""));
            let points = points(steps);
            match kind {
                "land" => outlines.land.push(closed(unrolled(points))),
                "border" => outlines.borders.push(unrolled(points)),
                "disputed" => outlines.disputed.push(unrolled(points)),
                _ => {}
            }
        }
        outlines
    }
}

/// The points of a line that is given by its first point and the steps to the next ones.
fn points(steps: &str) -> Line {
    let mut numbers = steps.split(' ').map_while(|step| step.parse::<i32>().ok());
    let mut at = [0.0, 0.0];
    let mut points = Line::new();
    while let (Some(east), Some(north)) = (numbers.next(), numbers.next()) {
        at = [at[0] + f64::from(east), at[1] + f64::from(north)];
        points.push([at[0] / UNITS, at[1] / UNITS]);
    }
    points
}

/// The same line with longitudes that go on where it crosses the antimeridian.
fn unrolled(mut line: Line) -> Line {
    let mut turn = 0.0;
    for n in 1..line.len() {
        let step = line[n][0] + turn - line[n - 1][0];
        turn -= if step > 180.0 {
            360.0
        } else if step < -180.0 {
            -360.0
        } else {
            0.0
        };
        line[n][0] += turn;
    }
    line
}

/// A ring around a pole ends a turn away from where it began: it is closed along the pole.
fn closed(mut ring: Line) -> Line {
    let (Some(&first), Some(&last)) = (ring.first(), ring.last()) else { return ring };
    if first != last {
        let pole = if first[1] < 0.0 { -90.0 } else { 90.0 };
        ring.extend([[last[0], pole], [first[0], pole], first]);
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_outlines_are_those_of_the_world() {
        let world = Outlines::bundled();
        assert!(world.land.len() > 500 && world.borders.len() > 200 && !world.disputed.is_empty());
        let all = || world.land.iter().chain(&world.borders).chain(&world.disputed).flatten();
        assert!(all().all(|[lon, lat]| lon.abs() <= 540.0 && lat.abs() <= 90.0));
        let far = |line: &Line| {
            line.windows(2).any(|pair| (pair[0][0] - pair[1][0]).abs() > 180.0 && pair[0][1].abs() < 90.0)
        };
        assert!(!world.land.iter().chain(&world.borders).any(far), "a line runs around the world");
        assert!(world.land.iter().all(|ring| ring.first() == ring.last()), "a ring is not closed");
    }

    #[test]
    fn lines_are_read_step_by_step() {
        let outlines = Outlines::read("land 100 200 50 -100 -50 100\nriver 1 1\nborder 1\n");
        assert_eq!(outlines.land, [vec![[1.0, 2.0], [1.5, 1.0], [1.0, 2.0]]]);
        assert_eq!(outlines.borders, [Line::new()]);
        assert_eq!(
            unrolled(vec![[179.0, 1.0], [-179.0, 2.0], [178.0, 3.0]]),
            [[179.0, 1.0], [181.0, 2.0], [178.0, 3.0]]
        );
    }
}
