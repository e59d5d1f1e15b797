//! What the words beside a name tell.

use hashbrown::HashMap;

use super::section::Section;
use crate::error::Result;

/// Log odds by folded word; 0 for words that tell nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CueWords(HashMap<String, f32>);

impl CueWords {
    /// The log odds of a folded word.
    pub fn log_odds(&self, word: &str) -> f32 {
        self.0.get(word).copied().unwrap_or(0.0)
    }

    /// Writes the words as a section, in alphabetical order.
    #[cfg(feature = "train")]
    pub fn write(&self, name: &str, out: &mut String) {
        use std::fmt::Write as _;
        let mut words: Vec<_> = self.0.iter().collect();
        words.sort_by(|a, b| a.0.cmp(b.0));
        let _ = writeln!(out, "cues {name} {}", words.len());
        for (word, log_odds) in words {
            let _ = writeln!(out, "{word} {log_odds}");
        }
    }

    /// Reads a section that [`CueWords::write`] wrote, from a model file.
    ///
    /// # Errors
    /// If there is no such section, or a line is not a word and a number.
    pub fn read(name: &str, file: &str) -> Result<CueWords> {
        let mut section = Section::find("cues", name, file)?;
        let mut cues = HashMap::with_capacity(section.len().min(10_000));
        for _ in 0..section.len() {
            let entry = section.line()?.split_once(' ').and_then(|(word, odds)| Some((word, odds.parse().ok()?)));
            let (word, log_odds) = entry.ok_or_else(|| section.error("expected a word and a number"))?;
            cues.insert(word.to_owned(), log_odds);
        }
        Ok(CueWords(cues))
    }
}

impl FromIterator<(String, f32)> for CueWords {
    fn from_iter<T: IntoIterator<Item = (String, f32)>>(words: T) -> CueWords {
        CueWords(words.into_iter().collect())
    }
}
