//! Names that are misspelt by rule, and names that the gazetteer lacks.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use allonym::fold::Key;
use allonym::index::places::NameRef;
use allonym::{Error, Gazetteer, Point, Result};

use crate::dice::Dice;
use crate::names::{Example, nothing};

const FOLDS: usize = 5;
/// Names that are misspelt.
const NAMES: usize = 30_000;
/// Names that the gazetteer lacks, a third of all.
const LACKING: usize = 15_000;
/// What each of these counts.
const WEIGHT: f32 = 0.15;

/// Examples of both kinds. `files` are Who's On First records, one a line.
///
/// # Errors
/// If a file cannot be read.
pub fn examples(gazetteer: &Gazetteer, files: &[PathBuf]) -> Result<Vec<Example>> {
    let mut examples = misspell(gazetteer);
    examples.extend(lacking(gazetteer, files)?);
    Ok(examples)
}

/// Names of the gazetteer with a letter or two wrong: half of them main names of towns, of all sizes alike, the others any names,
/// those of large places more often.
fn misspell(gazetteer: &Gazetteer) -> Vec<Example> {
    let mut ends = Vec::new();
    let mut names = Vec::new();
    let mut sizes: [Vec<NameRef<'_>>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    let mut sum = 0.0;
    for entity in gazetteer.entities() {
        for name in entity.names().filter(|name| !name.is_machine()) {
            sum += f64::from(entity.population().max(500)).sqrt();
            ends.push(sum);
            names.push(name);
            if name.is_main() && entity.feature().class() == Some('P') {
                let size = match entity.population() {
                    100_000.. => 0,
                    5_000.. => 1,
                    _ => 2,
                };
                sizes[size].push(name);
            }
        }
    }
    let mut dice = Dice::new(17);
    let mut examples = Vec::with_capacity(NAMES);
    while examples.len() < NAMES {
        let name = if examples.len() % 2 == 0 {
            let at = dice.fraction() * sum;
            names.get(ends.partition_point(|&end| end < at))
        } else {
            let size = &sizes[dice.below(3)];
            size.get(dice.below(size.len()))
        };
        let Some(name) = name else { continue };
        let mut letters: Vec<char> = name.text().chars().collect();
        if !(4..=40).contains(&letters.len()) {
            continue;
        }
        let errors = if letters.len() > 5 && dice.below(5) == 0 { 2 } else { 1 };
        (0..errors).for_each(|_| err(&mut letters, &mut dice));
        let written: String = letters.into_iter().collect();
        if gazetteer.exact(&Key::of(&written)).next().is_some() || written.trim() != written {
            continue;
        }
        let same = gazetteer.exact(&Key::of(name.text()));
        let ids = same.filter_map(|posting| gazetteer.posted(posting)).map(|e| e.id().to_owned()).collect();
        examples.push(Example { ids, ..nothing(written, WEIGHT, examples.len() % FOLDS) });
    }
    examples
}

/// A letter missing (four in ten), another one, two in the wrong order, or one too many.
fn err(letters: &mut Vec<char>, dice: &mut Dice) {
    let at = dice.below(letters.len());
    let other = letters[dice.below(letters.len())];
    match dice.below(20) {
        0..8 => drop(letters.remove(at)),
        8..13 => letters[at] = other,
        13..17 if at > 0 => letters.swap(at - 1, at),
        _ => letters.insert(at, other),
    }
}

/// Names of places that the gazetteer has no name like. A place nearby is likely that place under a name of its own, and so
/// right.
fn lacking(gazetteer: &Gazetteer, files: &[PathBuf]) -> Result<Vec<Example>> {
    let mut all = Vec::new();
    for path in files {
        for line in lines(path)? {
            let line = line.map_err(|e| Error::io("read", path, e))?;
            let Ok(record) = serde_json::from_str::<serde_json::Value>(&line) else { continue };
            let told = &record["properties"];
            let (Some(name), Some(lat), Some(lon)) =
                (told["wof:name"].as_str(), told["geom:latitude"].as_f64(), told["geom:longitude"].as_f64())
            else {
                continue;
            };
            let point = Point::parse(&lat.to_string(), &lon.to_string()).ok();
            if name.chars().count() >= 4 && gazetteer.exact(&Key::of(name)).next().is_none() {
                all.push((name.to_owned(), point));
            }
        }
    }
    let step = (all.len() / LACKING).max(1);
    let example = |(n, (text, point))| Example { point, ..nothing(text, WEIGHT, n % FOLDS) };
    Ok(all.into_iter().step_by(step).take(LACKING).enumerate().map(example).collect())
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = std::fs::File::open(path).map_err(|e| Error::io("open", path, e))?;
    let reader = zstd::Decoder::new(file).map_err(|e| Error::io("read", path, e))?;
    Ok(BufReader::new(reader).lines())
}
