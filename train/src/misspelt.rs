//! Names that are misspelt by rule, and names that the gazetteer lacks.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use allonym::entity::Country;
use allonym::fold::Key;
use allonym::index::places::NameRef;
use allonym::{Error, Gazetteer, Point, Result};

use crate::dice::Dice;
use crate::names::{Example, nothing, restrict};

const FOLDS: usize = 5;
/// Names that are misspelt.
const NAMES: usize = 30_000;
/// Names that the gazetteer lacks, a third of all.
const LACKING: usize = 15_000;
/// An answer that near to a place of unknown name is likely that place, in kilometres; nearer, if its country is known.
const SAME_KM: f64 = 10.0;
const VARIANT_KM: f64 = 5.0;
/// What each of these counts.
const WEIGHT: f32 = 0.15;

/// Examples of both kinds. `files` are Who's On First records, one a line.
///
/// # Errors
/// If a file cannot be read.
pub fn examples(gazetteer: &Gazetteer, files: &[PathBuf]) -> Result<Vec<Example>> {
    let misspelt = misspell(gazetteer);
    let mut examples: Vec<Example> =
        misspelt.iter().enumerate().step_by(3).filter_map(|(n, e)| restrict(gazetteer, e, n / 3)).collect();
    examples.extend(misspelt);
    let records = records(files)?;
    examples.extend(lacking(gazetteer, &records));
    examples.extend(variants(gazetteer, &records));
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

/// A record of Who's On First.
struct Record {
    name: String,
    variants: Vec<String>,
    point: Option<Point>,
    country: Option<Country>,
}

fn records(files: &[PathBuf]) -> Result<Vec<Record>> {
    let mut records = Vec::new();
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
            let named = told.as_object().into_iter().flatten().filter(|(key, _)| key.starts_with("name:"));
            let variants = named.filter_map(|(_, names)| names[0].as_str().map(str::to_owned)).collect();
            records.push(Record {
                name: name.to_owned(),
                variants,
                point: Point::parse(&lat.to_string(), &lon.to_string()).ok(),
                country: told["wof:country"].as_str().and_then(|code| code.parse().ok()),
            });
        }
    }
    Ok(records)
}

/// Names of places that the gazetteer has no name like. A place nearby is likely that place under a name of its own, and so
/// right.
fn lacking(gazetteer: &Gazetteer, records: &[Record]) -> Vec<Example> {
    let is_unknown = |text: &str| text.chars().count() >= 4 && gazetteer.exact(&Key::of(text)).next().is_none();
    let all: Vec<&Record> = records.iter().filter(|record| is_unknown(&record.name)).collect();
    let step = (all.len() / LACKING).max(1);
    let example = |(n, record): (usize, &Record)| Example {
        point: record.point,
        reach: SAME_KM,
        ..nothing(record.name.clone(), WEIGHT, n % FOLDS)
    };
    all.into_iter().step_by(step).take(LACKING).enumerate().map(example).collect()
}

/// Names in many languages with their country, where the country has no such name: of places that the gazetteer has under others,
/// and of places that it lacks.
fn variants(gazetteer: &Gazetteer, records: &[Record]) -> Vec<Example> {
    let mut dice = Dice::new(23);
    let mut examples = Vec::new();
    let step = (records.len() / (2 * LACKING)).max(1);
    for record in records.iter().step_by(step) {
        let (Some(country), Some(point)) = (record.country, record.point) else { continue };
        if record.variants.is_empty() || examples.len() >= LACKING {
            continue;
        }
        let text = &record.variants[dice.below(record.variants.len())];
        let known = gazetteer
            .exact(&Key::of(text))
            .any(|posting| gazetteer.posted(posting).is_some_and(|e| e.country() == Some(country)));
        if !known && text.chars().count() >= 3 {
            let fold = examples.len() % FOLDS;
            examples.push(Example {
                point: Some(point),
                country: Some(country),
                reach: VARIANT_KM,
                ..nothing(text.clone(), WEIGHT, fold)
            });
        }
    }
    examples
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = std::fs::File::open(path).map_err(|e| Error::io("open", path, e))?;
    let reader = zstd::Decoder::new(file).map_err(|e| Error::io("read", path, e))?;
    Ok(BufReader::new(reader).lines())
}
