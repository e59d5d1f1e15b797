//! Learns whether two names may be of one place.

use std::path::Path;

use allonym::forest::Forest;
use allonym::rank::name_pairs;
use allonym::{Error, Result};
use rayon::prelude::*;

use crate::boost::{Growth, Rows, grow};

const PAIR: Growth = Growth { trees: 150, leaves: 10, rate: 0.1, least: 5.0, ridge: 3.0 };
const FOLDS: usize = 5;

/// Learns from a table of pairs and says how many of each fold the others tell right. Rows of the same place stay in one fold.
///
/// # Errors
/// If the file cannot be read or a line is not a pair.
pub fn fit(path: &Path) -> Result<Forest> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::io("read", path, e))?;
    let mut pairs = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut cells = line.split('\t');
        let (Some(one), Some(other), Some(same)) = (cells.next(), cells.next(), cells.next()) else {
            return Err(Error::data("a pair is two names and TRUE or FALSE, tabs between")
                .in_file(path)
                .on_line(number));
        };
        let place = cells.next().unwrap_or_default().bytes().fold(0usize, |sum, b| sum * 31 + usize::from(b));
        pairs.push((one, other, same == "TRUE", place % FOLDS));
    }
    let rows: Vec<_> = pairs.par_iter().map(|(one, other, ..)| name_pairs::row(one, other)).collect();
    let forest = |left_out: Option<usize>| {
        let mut kept = Rows::new(name_pairs::NAMES.len());
        for (row, (_, _, same, _)) in rows.iter().zip(&pairs).filter(|(_, pair)| Some(pair.3) != left_out) {
            kept.push(row, *same, 1.0);
        }
        grow(&kept, &PAIR)
    };
    let folds: Vec<Forest> = (0..FOLDS).into_par_iter().map(|k| forest(Some(k))).collect();
    let told = |(row, (_, _, same, k)): &(&[f32; name_pairs::NAMES.len()], &(&str, &str, bool, usize))| {
        (folds[*k].probability(&row[..]) > 0.5) == *same
    };
    let right = rows.iter().zip(&pairs).filter(told).count();
    println!(
        "pairs of names: {} of {} right in cross-validation ({:.3})",
        right,
        rows.len(),
        right as f64 / rows.len().max(1) as f64
    );
    Ok(forest(None))
}
