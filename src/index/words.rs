//! Words that are something else beside names of places: ordinary words, given names, surnames.
//!
//! An automaton from folded words and phrases to a [`WordUses`]; mapped like everything else.

use std::path::Path;

use fst::raw::Fst;
use memmap2::Mmap;

use super::places::map;
use crate::error::{Error, Result};

/// What a word is beside a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordUses(u64);

/// One of the things a word can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordUse {
    /// Listed by hand as usually something else.
    Listed = 0,
    /// A common word of the language.
    Ordinary = 1,
    /// A given name.
    Given = 2,
    /// A surname.
    Surname = 3,
}

impl WordUses {
    /// How strongly a word has a sense, 0 where not at all, at most 255.
    pub fn weight(self, sense: WordUse) -> u8 {
        (self.0 >> (8 * sense as u32)) as u8
    }

    /// Adds a sense.
    pub fn with(self, sense: WordUse, weight: u8) -> WordUses {
        let shift = 8 * sense as u32;
        WordUses(self.0 & !(0xff << shift) | u64::from(weight.max(self.weight(sense))) << shift)
    }

    pub(super) fn bits(self) -> u64 {
        self.0
    }
}

/// The words of an opened index.
pub struct Words(Fst<Mmap>);

impl Words {
    /// Maps the words of a generation.
    ///
    /// # Errors
    /// If the file is missing or was not written by this program.
    pub fn open(dir: &Path) -> Result<Words> {
        let path = dir.join("words.fst");
        let words = Fst::new(map(&path)?)
            .map_err(|e| Error::stale_index(format!("{} is damaged", path.display())).because(e))?;
        Ok(Words(words))
    }

    /// What a folded word or phrase is beside a name.
    pub fn uses(&self, folded: &str) -> WordUses {
        WordUses(self.0.get(folded).map_or(0, |output| output.value()))
    }
}
