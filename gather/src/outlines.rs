//! `data/outlines`: coasts and borders for small maps, out of Natural Earth as the package world-atlas has it.
//!
//! Lines are made simpler arc by arc, so that neighbours still share their border afterwards.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::package::Package;
use crate::sources::Source;
use crate::{fetch, write};

/// The code of the source in `data/sources.toml`.
const CODE: &str = "ne";
const FILE: &str = "countries-50m.json";
/// What is written: a hundredth of a degree is one.
const UNITS: f64 = 100.0;
/// How far a simplified line may lie from the line, in units; half a screen's point on a map of a small country.
const TOLERANCE: f64 = 5.0;

/// Borders that a party to them disputes, by the names that Natural Earth has for what lies on both sides, and the part that is
/// meant: west, south, east, north. They are drawn dotted, whoever is right.
const DISPUTED: [(&str, &str, [f64; 4]); 14] = [
    ("Armenia", "Azerbaijan", WORLD),
    ("China", "India", WORLD),
    ("China", "Siachen Glacier", WORLD),
    ("Cyprus", "N. Cyprus", WORLD),
    ("Georgia", "Russia", WORLD),
    ("India", "Pakistan", [72.0, 32.0, 81.0, 38.0]),
    ("India", "Siachen Glacier", WORLD),
    ("Israel", "Palestine", WORLD),
    ("Israel", "Syria", WORLD),
    ("Kosovo", "Serbia", WORLD),
    ("Morocco", "W. Sahara", WORLD),
    ("Pakistan", "Siachen Glacier", WORLD),
    ("Russia", "Ukraine", WORLD),
    ("Somalia", "Somaliland", WORLD),
];
const WORLD: [f64; 4] = [-180.0, -90.0, 180.0, 90.0];

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    countries: Collection,
    land: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    arcs: Rings,
    #[serde(default)]
    properties: Properties,
}

#[derive(Default, Deserialize)]
struct Properties {
    #[serde(default)]
    name: String,
}

/// The arcs of a polygon or of several, by their numbers; `!n` is the arc `n` from its end.
#[derive(Deserialize)]
#[serde(untagged)]
enum Rings {
    One(Vec<Vec<i64>>),
    Many(Vec<Vec<Vec<i64>>>),
}

impl Rings {
    fn each(&self) -> Box<dyn Iterator<Item = &Vec<i64>> + '_> {
        match self {
            Rings::One(rings) => Box::new(rings.iter()),
            Rings::Many(polygons) => Box::new(polygons.iter().flatten()),
        }
    }
}

type Line = Vec<[i64; 2]>;

/// Writes `world.txt.zst` into `target`.
pub fn build(sources: &[Source], packages: &Path, target: &Path) -> Result<()> {
    let source = sources.iter().find(|source| source.code == CODE).context("data/sources.toml has no source ne")?;
    fetch::verify(source, &packages.join(&source.file))?;
    let package = Package::open(packages, source)?;
    let topology: Topology =
        serde_json::from_str(package.text(FILE)?).with_context(|| format!("{FILE} is no topology"))?;
    let text = text(&topology)?;
    fs::create_dir_all(target).with_context(|| format!("cannot create {}", target.display()))?;
    let path = target.join("world.txt.zst");
    let packed = write::pack(&text)?;
    fs::write(&path, &packed).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{} lines, {} bytes, {} packed: {}", text.lines().count(), text.len(), packed.len(), path.display());
    Ok(())
}

/// A line of text for each ring of land and each border: `land`, `border` or `disputed`, then longitude and latitude of the
/// first point and the steps to the next ones, in hundredths of a degree.
fn text(topology: &Topology) -> Result<String> {
    let full: Vec<Line> = topology.arcs.iter().map(|arc| points(arc, &topology.transform)).collect();
    let arcs: Vec<Line> = full.iter().map(|line| simple(line)).collect();
    let mut lines: Vec<(&str, Line)> = Vec::new();
    for ring in topology.objects.land.geometries.iter().flat_map(|land| land.arcs.each()) {
        let ring = joined(ring, &arcs)?;
        // What has shrunk to a line is too small to be seen.
        if ring.len() > 3 {
            lines.push(("land", ring));
        }
    }
    for (&arc, names) in &sides(topology)? {
        let [one, other] = names[..] else { continue };
        lines.push((kind(one, other, &full[arc]), arcs[arc].clone()));
    }
    ensure!(lines.len() > 100, "the outlines are too few");
    let mut out = String::new();
    for (kind, line) in lines {
        out.push_str(kind);
        let mut last = [0, 0];
        for point in line {
            let _ = write!(out, " {} {}", point[0] - last[0], point[1] - last[1]);
            last = point;
        }
        out.push('\n');
    }
    Ok(out)
}

/// The points of an arc, in units.
fn points(arc: &[[i64; 2]], transform: &Transform) -> Line {
    let mut at = [0, 0];
    let unit = |n: usize, steps: i64| {
        let degrees = steps as f64 * transform.scale[n] + transform.translate[n];
        (degrees * UNITS).round() as i64
    };
    let step = |delta: &[i64; 2]| {
        at = [at[0] + delta[0], at[1] + delta[1]];
        [unit(0, at[0]), unit(1, at[1])]
    };
    arc.iter().map(step).collect()
}

/// Which countries lie on the sides of each arc.
fn sides(topology: &Topology) -> Result<BTreeMap<usize, Vec<&str>>> {
    let mut sides: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for country in &topology.objects.countries.geometries {
        for &arc in country.arcs.each().flatten() {
            let number = usize::try_from(if arc < 0 { !arc } else { arc }).context("an arc has no number")?;
            ensure!(number < topology.arcs.len(), "the arc {number} is not there");
            sides.entry(number).or_default().push(&country.properties.name);
        }
    }
    Ok(sides)
}

fn kind(one: &str, other: &str, line: &[[i64; 2]]) -> &'static str {
    let pair = if one < other { (one, other) } else { (other, one) };
    let middle = line[line.len() / 2].map(|n| n as f64 / UNITS);
    let inside = |[west, south, east, north]: [f64; 4]| {
        (west..=east).contains(&middle[0]) && (south..=north).contains(&middle[1])
    };
    let disputed = DISPUTED.iter().any(|&(a, b, part)| (a, b) == pair && inside(part));
    if disputed { "disputed" } else { "border" }
}

/// The arcs of a ring, one after the other.
fn joined(ring: &[i64], arcs: &[Line]) -> Result<Line> {
    let mut line = Line::new();
    for &arc in ring {
        let backwards = arc < 0;
        let number = usize::try_from(if backwards { !arc } else { arc }).unwrap_or(usize::MAX);
        let Some(points) = arcs.get(number) else { bail!("the arc {number} is not there") };
        let mut points = points.clone();
        if backwards {
            points.reverse();
        }
        // Where one arc ends, the next one begins.
        let from = usize::from(!line.is_empty());
        line.extend_from_slice(&points[from..]);
    }
    Ok(line)
}

/// The line with fewer points, none farther off than [`TOLERANCE`] (Douglas and Peucker 1973); small islands keep their shape.
fn simple(line: &[[i64; 2]]) -> Line {
    let extent = |axis: usize| {
        let all = || line.iter().map(|point| point[axis]);
        all().max().unwrap_or(0) - all().min().unwrap_or(0)
    };
    let tolerance = TOLERANCE.min(extent(0).max(extent(1)) as f64 / 8.0);
    let mut kept = vec![false; line.len()];
    let Some(last) = line.len().checked_sub(1) else { return Line::new() };
    (kept[0], kept[last]) = (true, true);
    let mut parts = vec![(0, last)];
    if line[0] == line[last] {
        // A ring has no straight line between its ends: it is cut at the point farthest from its beginning.
        let far = (0..=last).max_by_key(|&n| square(line[n], line[0])).unwrap_or(0);
        kept[far] = true;
        parts = vec![(0, far), (far, last)];
    }
    while let Some((from, to)) = parts.pop() {
        let off = |n: usize| distance(line[n], line[from], line[to]);
        let Some(farthest) = (from + 1..to).max_by(|&a, &b| off(a).total_cmp(&off(b))) else { continue };
        if off(farthest) > tolerance {
            kept[farthest] = true;
            parts.extend([(from, farthest), (farthest, to)]);
        }
    }
    let mut simple: Line = line.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect();
    simple.dedup();
    simple
}

fn square(a: [i64; 2], b: [i64; 2]) -> i64 {
    (a[0] - b[0]).pow(2) + (a[1] - b[1]).pow(2)
}

/// How far a point lies from the straight line between two others.
fn distance(point: [i64; 2], from: [i64; 2], to: [i64; 2]) -> f64 {
    let (dx, dy) = ((to[0] - from[0]) as f64, (to[1] - from[1]) as f64);
    let (px, py) = ((point[0] - from[0]) as f64, (point[1] - from[1]) as f64);
    let length = dx.hypot(dy);
    if length == 0.0 { px.hypot(py) } else { (dx * py - dy * px).abs() / length }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simple_line_keeps_its_corners_alone() {
        assert_eq!(simple(&[[0, 0], [50, 1], [100, 0], [100, 100]]), [[0, 0], [100, 0], [100, 100]]);
        assert_eq!(simple(&[[0, 0], [0, 8], [8, 8], [8, 0], [0, 0]]).len(), 5);
    }

    #[test]
    fn a_border_is_disputed_where_it_is_said() {
        assert_eq!(kind("Serbia", "Kosovo", &[[2000, 4200], [2100, 4300]]), "disputed");
        assert_eq!(kind("India", "Pakistan", &[[6900, 2500], [6900, 2500]]), "border");
    }
}
