//! Words with other meanings than places: `data/world/words.tsv.zst` and `data/overlays/ordinary.tsv`.

use super::data::Data;
use super::tsv::Table;
use super::world::decompressed;
use crate::error::{Error, Result};
use crate::index::words::WordUse;

/// The header of `words.tsv`.
pub const WORDS: [&str; 4] = ["word", "sense", "weight", "source"];
/// The header of `ordinary.tsv`.
pub const ORDINARY: [&str; 4] = ["word", "lang", "source", "note"];

/// Hands every word to `take`, with its sense and the weight of that sense, 1 to 255.
///
/// # Errors
/// Returns an error with file and line if a row is invalid.
pub fn words(data: &Data<'_>, mut take: impl FnMut(&str, WordUse, u8)) -> Result<()> {
    let mut table = Table::open(data.words.name, decompressed(data.words)?, &WORDS)?;
    while let Some(mut row) = table.row()? {
        let word = row.cell();
        let sense = match row.cell() {
            "ordinary" => WordUse::Ordinary,
            "given" => WordUse::Given,
            "surname" => WordUse::Surname,
            other => {
                return Err(
                    row.at(Error::data(format!("invalid sense '{other}'; expected ordinary, given or surname")))
                );
            }
        };
        let weight = row.parse(|text| {
            text.parse::<u64>().map_err(|_| Error::data(format!("invalid weight '{text}'; expected a whole number")))
        })?;
        take(word, sense, weight.unwrap_or(1).clamp(1, 255) as u8);
    }
    let mut table = Table::open(data.ordinary.name, data.ordinary.bytes, &ORDINARY)?;
    while let Some(mut row) = table.row()? {
        take(row.cell(), WordUse::Listed, 1);
    }
    Ok(())
}
