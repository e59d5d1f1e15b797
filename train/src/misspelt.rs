//! Learns how sure an answer is that was found by similarity alone, from names that are misspelt by rule and names that the
//! gazetteer lacks.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use allonym::fold::Key;
use allonym::forest::Forest;
use allonym::rank::fuzzy;
use allonym::{Error, Gazetteer, Point, Query, Result, Verdict};
use rayon::prelude::*;

use crate::boost::{Growth, Rows, grow};
use crate::dice::Dice;

const GROWTH: Growth = Growth { trees: 120, leaves: 10, rate: 0.1, least: 20.0, ridge: 5.0 };
const FOLDS: usize = 5;
/// Names that are misspelt.
const NAMES: usize = 30_000;
/// Names that the gazetteer lacks, a third of all.
const LACKING: usize = 15_000;
/// An answer that near to a place of unknown name is likely that place under a name of its own.
const SAME_KM: f64 = 10.0;

/// A name as somebody typed it.
struct Typed {
    name: String,
    /// The entities that are right; none where the gazetteer lacks it.
    right: Vec<String>,
    point: Option<Point>,
}

/// Learns, and says how well each fifth is judged by the others. `lacking` are files of Who's On First records, one a line.
///
/// # Errors
/// Where a file cannot be read.
pub fn fit(gazetteer: &Gazetteer, lacking: &[PathBuf]) -> Result<Forest> {
    let mut typed = misspell(gazetteer);
    typed.extend(absent(gazetteer, lacking)?);
    let judged = |typed: &Typed| -> Option<([f32; fuzzy::NAMES.len()], bool)> {
        let answer = gazetteer.lookup(&Query { limit: 50, ..Query::new(&typed.name) }).ok()?;
        let best = answer.candidates.first()?;
        let apart = match (typed.point, best.entity.point()) {
            (Some(here), Some(there)) => here.distance(&there),
            _ => f64::INFINITY,
        };
        let right = typed.right.iter().any(|id| id == best.entity.id());
        let row = fuzzy::row(&typed.name, &answer.candidates)?;
        (apart > SAME_KM).then_some((row, right))
    };
    let rows: Vec<_> = typed.par_iter().map(judged).collect();
    let learn = |left_out: Option<usize>| {
        let mut kept = Rows::new(fuzzy::NAMES.len());
        let all = rows.iter().enumerate().filter(|(n, _)| Some(n % FOLDS) != left_out);
        for (row, right) in all.filter_map(|(_, row)| row.as_ref()) {
            kept.push(row, *right, 1.0);
        }
        grow(&kept, &GROWTH)
    };
    let folds: Vec<Forest> = (0..FOLDS).into_par_iter().map(|k| learn(Some(k))).collect();
    let told = rows.iter().enumerate().filter_map(|(n, row)| {
        let (row, right) = row.as_ref()?;
        Some((f64::from(folds[n % FOLDS].probability(row)), *right, typed[n].right.is_empty()))
    });
    let told: Vec<(f64, bool, bool)> = told.collect();
    println!("misspelt and lacking names: {} answers found by similarity", told.len());
    for tenth in 0..10 {
        let bin: Vec<_> = told.iter().filter(|(sure, ..)| (sure * 10.0).min(9.0) as usize == tenth).collect();
        let count = bin.len().max(1) as f64;
        let mean = |of: &dyn Fn(&(f64, bool, bool)) -> f64| bin.iter().map(|one| of(one)).sum::<f64>() / count;
        println!(
            "  scored {:.1}: {:6} answers, {:.3} said, {:.3} right, {:.3} of them names that are lacking",
            tenth as f64 / 10.0,
            bin.len(),
            mean(&|one| one.0),
            mean(&|one| f64::from(u8::from(one.1))),
            mean(&|one| f64::from(u8::from(one.2)))
        );
    }
    let sure = told.iter().filter(|(sure, ..)| *sure >= Verdict::RESOLVED_FROM);
    let (all, right) = sure.fold((0, 0), |(all, right), one| (all + 1, right + usize::from(one.1)));
    println!("  called resolved: {all}, {:.3} of them right", right as f64 / f64::from(all.max(1)));
    Ok(learn(None))
}

/// Names of the gazetteer, those of large places more often, with a letter or two wrong.
fn misspell(gazetteer: &Gazetteer) -> Vec<Typed> {
    let mut ends = Vec::new();
    let mut names = Vec::new();
    let mut sum = 0.0;
    for entity in gazetteer.entities() {
        for name in entity.names().filter(|name| !name.is_machine()) {
            sum += f64::from(entity.population().max(500)).sqrt();
            ends.push(sum);
            names.push(name);
        }
    }
    let mut dice = Dice::new(17);
    let mut typed = Vec::with_capacity(NAMES);
    while typed.len() < NAMES {
        let at = dice.fraction() * sum;
        let Some(name) = names.get(ends.partition_point(|&end| end < at)) else { continue };
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
        let right = same.filter_map(|posting| gazetteer.posted(posting)).map(|e| e.id().to_owned()).collect();
        typed.push(Typed { name: written, right, point: None });
    }
    typed
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

/// The names of places that the gazetteer lacks.
///
/// # Errors
/// If a file cannot be read.
pub fn lacking(gazetteer: &Gazetteer, files: &[PathBuf]) -> Result<Vec<String>> {
    Ok(absent(gazetteer, files)?.into_iter().map(|typed| typed.name).collect())
}

/// Names of places that the gazetteer has no name like.
fn absent(gazetteer: &Gazetteer, files: &[PathBuf]) -> Result<Vec<Typed>> {
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
                all.push(Typed { name: name.to_owned(), right: Vec::new(), point });
            }
        }
    }
    let step = (all.len() / LACKING).max(1);
    Ok(all.into_iter().step_by(step).take(LACKING).collect())
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = std::fs::File::open(path).map_err(|e| Error::io("open", path, e))?;
    let reader = zstd::Decoder::new(file).map_err(|e| Error::io("read", path, e))?;
    Ok(BufReader::new(reader).lines())
}
