//! The tables, compressed so that the same rows always give the same bytes.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::build::World;
use crate::model::{Name, Place, Position};
use crate::report::{Report, Section};
use crate::sources::Source;

const LEVEL: i32 = 19;
/// 128 MB, so that far repetitions in the names are found.
const WINDOW: u32 = 27;
/// The header of `names.tsv`.
const NAMES: &str = "id\tname\tlang\tkind\tflags\tsource\n";
/// The names are cut into this many parts, each in a package of its own (`data/world/names-1` and so on).
const PARTS: usize = 3;
/// A part may have this many bytes: a registry takes packages of up to 10 MB, with everything in them.
const MAX_PART: usize = 9_500_000;
/// The parts of the README that the program writes, between `<!-- NAME: …` and `<!-- end of NAME -->`.
const COUNTS: &str = "counts";
const SOURCES: &str = "sources";

/// One row of `words.tsv`.
pub struct Word {
    pub word: String,
    pub sense: &'static str,
    pub weight: u32,
    pub source: &'static str,
}

/// Writes `places.tsv.zst` and the parts of `names.tsv.zst`.
pub fn tables(world: &mut World, target: &Path) -> Result<()> {
    fs::create_dir_all(target).with_context(|| format!("cannot create {}", target.display()))?;
    let (places, names, starts) = rows(world);
    count(world);
    compress(&places, target, "places.tsv.zst", &mut world.report)?;
    for (number, rows) in (1..).zip(split(&names, &starts)) {
        let file = format!("names-{number}/names.tsv.zst");
        let bytes = compress(&format!("{NAMES}{rows}"), target, &file, &mut world.report)?;
        ensure!(bytes <= MAX_PART, "{file} has {bytes} bytes, more than {MAX_PART}; cut the names into more parts");
    }
    Ok(())
}

/// Writes `places.tsv` and `names.tsv` as they are.
pub fn plain(world: &World, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let (places, names, _) = rows(world);
    for (file, text) in [("places.tsv", places), ("names.tsv", format!("{NAMES}{names}"))] {
        let path = folder.join(file);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// Prints what the report would say.
pub fn print(world: &mut World) -> Result<()> {
    count(world);
    println!("{}", world.report.markdown());
    Ok(())
}

/// The tables of places and names, and where in the second each place begins.
fn rows(world: &World) -> (String, String, Vec<usize>) {
    let mut places = String::from("id\tfeature\tcountry\tparent\tlat\tlon\tpoint\tpopulation\tsame_as\n");
    let mut names = String::new();
    let mut starts = Vec::with_capacity(world.places.len());
    for (id, place) in &world.places {
        starts.push(names.len());
        place_row(&mut places, &id.to_string(), place);
        for name in &place.names {
            let _ = writeln!(
                names,
                "{id}\t{}\t{}\t{}\t{}\t{}",
                name.text,
                name.lang,
                name.kind.as_str(),
                flags(name),
                name.source
            );
        }
    }
    (places, names, starts)
}

/// Cuts the rows into parts of about the same length, between two places.
fn split<'a>(rows: &'a str, starts: &[usize]) -> [&'a str; PARTS] {
    let cut = |part: usize| {
        let at = starts.partition_point(|&start| start < rows.len() * part / PARTS);
        starts.get(at).copied().filter(|_| part < PARTS).unwrap_or(rows.len())
    };
    std::array::from_fn(|part| &rows[cut(part)..cut(part + 1)])
}

fn place_row(table: &mut String, id: &str, place: &Place) {
    let parent = place.parent.as_ref().map(ToString::to_string).unwrap_or_default();
    let (lat, lon) = place.position.point().map(|point| (degrees(point.lat), degrees(point.lon))).unwrap_or_default();
    let point = match place.position {
        Position::Unknown => "",
        Position::Given(_) => "given",
        Position::Derived(_) => "derived",
    };
    let same_as = place.same_as.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let (feature, country, population) = (&place.feature, &place.country, place.population);
    let _ = writeln!(table, "{id}\t{feature}\t{country}\t{parent}\t{lat}\t{lon}\t{point}\t{population}\t{same_as}");
}

/// At most five decimals, which is a metre.
fn degrees(value: f64) -> String {
    let text = format!("{value:.5}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

fn flags(name: &Name) -> String {
    [(name.machine, 'm'), (name.weak, 'w')].into_iter().filter_map(|(set, flag)| set.then_some(flag)).collect()
}

fn count(world: &mut World) {
    let mut counts: BTreeMap<(Section, String), usize> = BTreeMap::new();
    let mut tally = |section, what: &str| *counts.entry((section, what.to_string())).or_default() += 1;
    for place in world.places.values() {
        tally(Section::Places, "places");
        tally(Section::Places, &format!("of them {}", class(&place.feature)));
        match place.position {
            Position::Unknown => tally(Section::Places, "position: unknown"),
            Position::Given(_) => tally(Section::Places, "position: given"),
            Position::Derived(_) => tally(Section::Places, "position: derived"),
        }
        let mut texts = HashSet::new();
        for name in &place.names {
            tally(Section::Names, "names");
            tally(Section::Names, &format!("kind: {}", name.kind.as_str()));
            tally(Section::Names, &format!("source: {}", name.source));
            if !name.lang.is_empty() {
                tally(Section::Names, "names with a language");
            }
            if name.machine {
                tally(Section::Names, "flag: m (machine-made)");
            }
            if name.weak {
                tally(Section::Names, "flag: w (weak)");
            }
            if texts.insert(&name.text) {
                tally(Section::Names, "pairs of a place and a name");
            }
        }
        if texts.len() > 1 {
            tally(Section::Places, "places with two or more names");
        }
    }
    for ((section, what), count) in counts {
        world.report.count(section, &what, count);
    }
}

fn class(feature: &str) -> &'static str {
    match feature {
        "L.CONT" => "continents",
        "A.ADM1" => "first-level units",
        "A.ADM2" => "second-level units",
        "S.AIRP" => "airports",
        _ if feature.ends_with('H') => "former units",
        _ if feature.starts_with("P.") => "towns and other populated places",
        _ => "countries and territories",
    }
}

/// Writes `words.tsv.zst`.
pub fn words(words: &[Word], target: &Path, report: &mut Report) -> Result<()> {
    let mut table = String::from("word\tsense\tweight\tsource\n");
    for word in words {
        let _ = writeln!(table, "{}\t{}\t{}\t{}", word.word, word.sense, word.weight, word.source);
        report.note(Section::Names, &format!("words.tsv, sense {}", word.sense), || word.word.clone());
    }
    compress(&table, target, "words.tsv.zst", report)?;
    Ok(())
}

/// Writes a compressed file; returns its size in bytes.
fn compress(text: &str, target: &Path, file: &str, report: &mut Report) -> Result<usize> {
    let bytes = pack(text)?;
    report.count(Section::Places, &format!("size of {file} in bytes"), bytes.len());
    let path = target.join(file);
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(bytes.len())
}

/// A text as it is bundled: the same text always gives the same bytes.
pub fn pack(text: &str) -> Result<Vec<u8>> {
    let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
    encoder.long_distance_matching(true)?;
    encoder.window_log(WINDOW)?;
    encoder.include_contentsize(true)?;
    encoder.set_pledged_src_size(Some(text.len() as u64))?;
    encoder.write_all(text.as_bytes())?;
    Ok(encoder.finish()?)
}

/// Prints the report, writes it as `report.md`, and puts counts and sources into the README between their markers.
pub fn report(report: &Report, sources: &[Source], target: &Path, readme: &Path) -> Result<()> {
    let text = report.markdown();
    println!("{text}");
    fs::write(target.join("report.md"), &text).with_context(|| format!("cannot write {}", target.display()))?;
    let mut list = String::from("| code | what | package | licence | attribution |\n|---|---|---|---|---|\n");
    for source in sources {
        let Source { code, title, package, version, licence, attribution, .. } = source;
        let _ = writeln!(list, "| `{code}` | {title} | {package} {version} | {licence} | {attribution} |");
    }
    let old = fs::read_to_string(readme).with_context(|| format!("cannot read {}", readme.display()))?;
    let new = between(&old, COUNTS, &report.table(&[Section::Places, Section::Names]))
        .and_then(|text| between(&text, SOURCES, &list))
        .with_context(|| format!("{} lacks the marks of what is written into it", readme.display()))?;
    fs::write(readme, new).with_context(|| format!("cannot write {}", readme.display()))
}

/// Replaces what stands between two marks.
fn between(text: &str, name: &str, content: &str) -> Option<String> {
    let begin = format!("<!-- {name}: written by gather build -->");
    let end = format!("<!-- end of {name} -->");
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{content}\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_what_is_between_the_marks_changes() {
        let text = "a\n<!-- x: written by gather build -->\nold\n<!-- end of x -->\nb\n";
        let new = super::between(text, "x", "new\n").expect("the marks are there");
        assert_eq!(new, "a\n<!-- x: written by gather build -->\n\nnew\n\n<!-- end of x -->\nb\n");
        assert_eq!(super::between(&new, "x", "new\n").as_ref(), Some(&new));
        assert_eq!(super::between(text, "y", ""), None);
    }

    #[test]
    fn names_are_cut_between_places() {
        let rows = "1\ta\n1\tb\n2\tc\n3\td\n3\te\n3\tf\n";
        assert_eq!(super::split(rows, &[0, 8, 12]), ["1\ta\n1\tb\n", "2\tc\n3\td\n3\te\n3\tf\n", ""]);
        assert_eq!(super::split(rows, &[0]), [rows, "", ""]);
        assert_eq!(super::split("", &[]), [""; 3]);
    }

    #[test]
    fn degrees_have_no_idle_zeros() {
        assert_eq!(super::degrees(39.5), "39.5");
        assert_eq!(super::degrees(-0.000_001), "0");
        assert_eq!(super::degrees(46.123_456_7), "46.12346");
        assert_eq!(super::degrees(10.0), "10");
    }
}
