//! Words that are something else beside names: `data/world/words.tsv.zst` and `data/overlays/ordinary.tsv`.

use super::Data;
use super::tsv::Table;
use super::world::unpacked;
use crate::error::{Error, Result};
use crate::index::words::WordUse;

/// The header of `words.tsv`.
pub const WORDS: [&str; 4] = ["word", "sense", "weight", "source"];
/// The header of `ordinary.tsv`.
pub const ORDINARY: [&str; 4] = ["word", "lang", "source", "note"];

/// Hands every word to `take`, with what it is and how strongly.
///
/// # Errors
/// With file and line, where a row cannot be read as what it should be.
pub fn words(data: &Data<'_>, mut take: impl FnMut(&str, WordUse, u8)) -> Result<()> {
    let mut table = Table::open(data.words.name, unpacked(data.words)?, &WORDS)?;
    while let Some(mut row) = table.row()? {
        let word = row.cell();
        let sense = match row.cell() {
            "ordinary" => WordUse::Ordinary,
            "given" => WordUse::Given,
            "surname" => WordUse::Surname,
            other => return Err(row.at(Error::data(format!("'{other}' is no sense of a word")))),
        };
        let weight =
            row.parse(|text| text.parse::<u64>().map_err(|_| Error::data(format!("'{text}' is no weight"))))?;
        take(word, sense, weight.unwrap_or(1).clamp(1, 255) as u8);
    }
    let mut table = Table::open(data.ordinary.name, data.ordinary.bytes, &ORDINARY)?;
    while let Some(mut row) = table.row()? {
        take(row.cell(), WordUse::Listed, 1);
    }
    Ok(())
}
