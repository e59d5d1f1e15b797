//! A small map: points on the outlines of the world, as SVG that needs nothing from outside.
//!
//! The projection is equirectangular, true to scale in the middle of the picture; the picture shows all points, across the
//! antimeridian where that is shorter.

use std::fmt::Write as _;

use super::html::escape;
use super::outlines::Outlines;
use crate::entity::Point;

/// A place on the map.
pub struct Dot<'a> {
    /// Where it is.
    pub point: Point,
    /// What stands beside it.
    pub label: &'a str,
    /// What `data-p` says, by which a page finds the dot of a place.
    pub number: usize,
    /// Whether it is in doubt that the place is meant.
    pub doubtful: bool,
    /// How often it occurs: the more, the sooner it is labelled.
    pub weight: usize,
}

/// The picture's width, in its own units.
const WIDTH: f64 = 1200.0;
/// How large letters of labels are, in the picture's units.
const LETTER: f64 = 36.0;
/// Labels of one map at most.
const MOST_LABELS: usize = 30;
/// Degrees that a map shows at least, north to south: a place alone is seen with its neighbourhood.
const LEAST_DEGREES: f64 = 7.0;

/// The map of some points; empty if there are none. `title` describes it in words.
pub fn svg(dots: &[Dot<'_>], title: &str) -> String {
    let Some(frame) = Frame::around(dots) else { return String::new() };
    let mut out = format!(
        "<svg class=\"al-map\" viewBox=\"0 0 {WIDTH} {:.0}\" role=\"img\" aria-label=\"{}\">\
         <rect class=\"al-sea\" width=\"{WIDTH}\" height=\"{:.0}\"/>",
        frame.height,
        escape(title),
        frame.height
    );
    let world = Outlines::bundled();
    path(&mut out, "al-land", world.land.iter().flat_map(|ring| frame.ring(ring)), true);
    path(&mut out, "al-border", world.borders.iter().flat_map(|line| frame.line(line)), false);
    path(&mut out, "al-border al-disputed", world.disputed.iter().flat_map(|line| frame.line(line)), false);
    let mut order: Vec<&Dot<'_>> = dots.iter().collect();
    order.sort_by_key(|dot| (dot.doubtful, std::cmp::Reverse(dot.weight), dot.number));
    for dot in order.iter().rev() {
        let [x, y] = frame.place([dot.point.lon, dot.point.lat]);
        let _ = write!(
            out,
            "<circle class=\"al-dot{}\" data-p=\"{}\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"13\"><title>{}</title></circle>",
            if dot.doubtful { " al-doubt" } else { "" },
            dot.number,
            escape(dot.label)
        );
    }
    labels(&mut out, &frame, &order);
    out.push_str("</svg>");
    out
}

/// What of the world is shown.
struct Frame {
    west: f64,
    north: f64,
    east: f64,
    south: f64,
    /// The picture's units in a degree, eastwards and northwards.
    scale: [f64; 2],
    height: f64,
}

impl Frame {
    fn around(dots: &[Dot<'_>]) -> Option<Frame> {
        let lats = || dots.iter().map(|dot| dot.point.lat);
        let (south, north) = (lats().reduce(f64::min)?, lats().reduce(f64::max)?);
        let (west, width) = narrowest(dots.iter().map(|dot| dot.point.lon).collect());
        let middle = [west + width / 2.0, ((south + north) / 2.0).clamp(-70.0, 70.0)];
        let shrink = middle[1].to_radians().cos();
        let high = ((north - south) * 1.3).max(LEAST_DEGREES);
        let wide = (width * 1.3).max(LEAST_DEGREES);
        // Between a square and twice as wide as high, whatever the points ask for.
        let high = high.max(wide * shrink / 2.0).min(170.0);
        let wide = wide.max(high * 1.5 / shrink).min(360.0);
        let scale = WIDTH / wide;
        let south = (middle[1] - high / 2.0).max(-88.0).min(88.0 - high);
        let (west, north) = (middle[0] - wide / 2.0, south + high);
        Some(Frame {
            west,
            north,
            east: west + wide,
            south,
            scale: [scale, scale / shrink],
            height: high * scale / shrink,
        })
    }

    /// Where a point lies in the picture.
    fn place(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        let lon = self.west + (lon - self.west).rem_euclid(360.0);
        self.project([lon, lat])
    }

    fn project(&self, [lon, lat]: [f64; 2]) -> [f64; 2] {
        [(lon - self.west) * self.scale[0], (self.north - lat) * self.scale[1]]
    }

    /// How far east or west a line must be moved to be seen: whole turns of the world.
    fn turns(&self, line: &[[f64; 2]]) -> impl Iterator<Item = f64> + use<> {
        let (mut least, mut most) = (f64::MAX, f64::MIN);
        for [lon, _] in line {
            (least, most) = (least.min(*lon), most.max(*lon));
        }
        let (west, east) = (self.west, self.east);
        [-720.0, -360.0, 0.0, 360.0, 720.0].into_iter().filter(move |turn| least + turn < east && most + turn > west)
    }

    /// A ring cut off at the edges of the frame, once for each turn of the world.
    fn ring(&self, ring: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
        let of = |turn: f64| {
            let moved: Vec<[f64; 2]> = ring.iter().map(|[lon, lat]| [lon + turn, *lat]).collect();
            let cut = self.cut(moved);
            (cut.len() > 2).then(|| thin(cut.into_iter().map(|point| self.project(point))))
        };
        self.turns(ring).filter_map(of).collect()
    }

    /// A polygon cut off a little outside the frame, where the cut is not seen (Sutherland and Hodgman 1974).
    fn cut(&self, mut ring: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
        let margin = (self.east - self.west) * 0.02;
        let edges = [
            (0, self.west - margin, 1.0),
            (0, self.east + margin, -1.0),
            (1, self.south - margin, 1.0),
            (1, self.north + margin, -1.0),
        ];
        for (axis, edge, sign) in edges {
            let inside = |point: &[f64; 2]| (point[axis] - edge) * sign >= 0.0;
            if ring.iter().all(inside) {
                continue;
            }
            let mut kept = Vec::with_capacity(ring.len());
            for (n, point) in ring.iter().enumerate() {
                let before = &ring[if n == 0 { ring.len() - 1 } else { n - 1 }];
                if inside(point) != inside(before) {
                    let part = (edge - before[axis]) / (point[axis] - before[axis]);
                    let mut at = [0, 1].map(|axis| before[axis] + part * (point[axis] - before[axis]));
                    at[axis] = edge;
                    kept.push(at);
                }
                if inside(point) {
                    kept.push(*point);
                }
            }
            ring = kept;
        }
        ring
    }

    /// The parts of a line that are near the frame.
    fn line(&self, line: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
        let margin = (self.east - self.west) * 0.05;
        let near = |[lon, lat]: [f64; 2]| {
            (self.west - margin..self.east + margin).contains(&lon)
                && (self.south - margin..self.north + margin).contains(&lat)
        };
        let mut parts = Vec::new();
        for turn in self.turns(line) {
            let moved: Vec<[f64; 2]> = line.iter().map(|[lon, lat]| [lon + turn, *lat]).collect();
            let mut part: Vec<[f64; 2]> = Vec::new();
            for pair in moved.windows(2) {
                if near(pair[0]) || near(pair[1]) {
                    if part.is_empty() {
                        part.push(pair[0]);
                    }
                    part.push(pair[1]);
                } else if !part.is_empty() {
                    parts.push(std::mem::take(&mut part));
                }
            }
            parts.push(part);
        }
        let shown = parts.into_iter().filter(|part| part.len() > 1);
        shown.map(|part| thin(part.into_iter().map(|point| self.project(point)))).collect()
    }
}

/// Where the shortest arc begins that holds all longitudes, and how many degrees it is long.
fn narrowest(mut lons: Vec<f64>) -> (f64, f64) {
    lons.sort_by(f64::total_cmp);
    let (Some(&first), Some(&last)) = (lons.first(), lons.last()) else { return (0.0, 0.0) };
    let gaps = lons.windows(2).map(|pair| (pair[1] - pair[0], pair[1]));
    match gaps.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(gap, _)| *gap > first + 360.0 - last) {
        Some((gap, after)) => (after, 360.0 - gap),
        None => (first, last - first),
    }
}

/// Points that are not nearer to each other than can be seen.
fn thin(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    let mut last = None;
    for point in points {
        if kept.last().is_none_or(|k| (k[0] - point[0]).abs() + (k[1] - point[1]).abs() >= 2.0) {
            kept.push(point);
            last = None;
        } else {
            last = Some(point);
        }
    }
    kept.extend(last);
    kept
}

fn path(out: &mut String, class: &str, lines: impl Iterator<Item = Vec<[f64; 2]>>, closed: bool) {
    let _ = write!(out, "<path class=\"{class}\" d=\"");
    for line in lines {
        let mut last: Option<[i64; 2]> = None;
        for point in line {
            let at = [point[0].round() as i64, point[1].round() as i64];
            let _ = match last {
                None => write!(out, "M{} {}", at[0], at[1]),
                Some(last) => write!(out, "l{} {}", at[0] - last[0], at[1] - last[1]),
            };
            last = Some(at);
        }
        if closed {
            out.push('z');
        }
    }
    out.push_str("\"/>");
}

/// Writes labels where they cover neither each other nor a dot, the weightiest first.
fn labels(out: &mut String, frame: &Frame, dots: &[&Dot<'_>]) {
    let places: Vec<[f64; 2]> = dots.iter().map(|dot| frame.place([dot.point.lon, dot.point.lat])).collect();
    let mut taken: Vec<[f64; 4]> = Vec::new();
    let mut named: Vec<(&str, [f64; 2])> = Vec::new();
    for (dot, &[x, y]) in dots.iter().zip(&places) {
        let label = short(dot.label);
        let wide = label.chars().map(|c| if c as u32 >= 0x2e80 { 1.0 } else { 0.58 }).sum::<f64>() * LETTER;
        // Beside the dot, else below it, else above it.
        let ways = [
            (x + 20.0, y + 12.0, "start", x + 18.0),
            (x - 20.0, y + 12.0, "end", x - 18.0 - wide),
            (x, y + 48.0, "middle", x - wide / 2.0),
            (x, y - 22.0, "middle", x - wide / 2.0),
        ];
        let same = named.iter().any(|(name, at)| *name == dot.label && (at[0] - x).hypot(at[1] - y) < 3.0 * LETTER);
        let free = ways.iter().find(|(_, base, _, left)| {
            let own = [*left, base - LETTER, left + wide, base + 6.0];
            let meets =
                |other: &[f64; 4]| own[0] < other[2] && own[2] > other[0] && own[1] < other[3] && own[3] > other[1];
            let covers = |at: &&[f64; 2]| {
                (own[0] - 8.0..own[2] + 8.0).contains(&at[0]) && (own[1] - 6.0..own[3] + 6.0).contains(&at[1])
            };
            let inside = own[0] > 4.0 && own[2] < WIDTH - 4.0 && own[1] > 4.0 && own[3] < frame.height - 4.0;
            inside && !taken.iter().any(meets) && !places.iter().any(|at| *at != [x, y] && covers(&at))
        });
        let Some((tx, base, anchor, left)) = free.filter(|_| !same && named.len() < MOST_LABELS) else { continue };
        taken.push([*left, base - LETTER, left + wide, base + 6.0]);
        named.push((dot.label, [x, y]));
        let _ = write!(
            out,
            "<text class=\"al-label\" data-p=\"{}\" x=\"{tx:.0}\" y=\"{base:.0}\" text-anchor=\"{anchor}\">{}</text>",
            dot.number,
            escape(&label)
        );
    }
}

fn short(label: &str) -> String {
    match label.chars().count() {
        0..=24 => label.to_owned(),
        _ => label.chars().take(23).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(lat: f64, lon: f64) -> Dot<'static> {
        Dot { point: Point { lat, lon, derived: false }, label: "<b>", number: 1, doubtful: false, weight: 1 }
    }

    #[test]
    fn every_dot_lies_in_the_picture_wherever_it_is() {
        for dots in [
            vec![dot(39.8, 46.75)],
            vec![dot(-17.7, 178.1), dot(-13.8, -171.8)],
            vec![dot(90.0, 0.0), dot(-90.0, 180.0), dot(0.0, -180.0)],
            vec![dot(64.0, -150.0), dot(-54.0, 20.0), dot(35.0, 139.0)],
        ] {
            let frame = Frame::around(&dots).expect("a frame");
            for dot in &dots {
                let [x, y] = frame.place([dot.point.lon, dot.point.lat]);
                let inside = (-1.0..WIDTH + 1.0).contains(&x) && (-60.0..frame.height + 60.0).contains(&y);
                assert!(inside, "{x} {y} of {} at {:?}", frame.height, dot.point);
            }
            assert!((500.0..1300.0).contains(&frame.height), "{}", frame.height);
        }
    }

    #[test]
    fn names_are_escaped_and_nothing_is_drawn_for_no_points() {
        assert_eq!(svg(&[], "nothing"), "");
        let map = svg(&[dot(39.8, 46.75)], "\"<script>");
        assert!(!map.contains("<b>") && !map.contains("<script>") && map.contains("&lt;b&gt;"), "{map}");
    }

    #[test]
    fn the_narrowest_arc_crosses_the_antimeridian_where_that_is_shorter() {
        assert_eq!(narrowest(vec![178.0, -171.0]), (178.0, 11.0));
        assert_eq!(narrowest(vec![10.0, 30.0]), (10.0, 20.0));
        assert_eq!(narrowest(vec![10.0]), (10.0, 0.0));
    }
}
