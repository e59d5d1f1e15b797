//! A query's text, made ready.

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::alike::plain;
use crate::entity::Script;
use crate::fold::{self, Folded, Key};
use crate::score;

/// A query's text, folded and romanized once.
pub(super) struct Asked<'q> {
    pub(super) text: &'q str,
    pub(super) nfc: Option<String>,
    pub(super) folded: Folded,
    pub(super) key: Key,
    pub(super) latin: String,
    /// How many names behind one key are looked at.
    pub(super) names_per_key: usize,
}

impl<'q> Asked<'q> {
    pub(super) fn new(text: &'q str) -> Asked<'q> {
        let mut folded = Folded::default();
        folded.read(text);
        let nfc = (!is_nfc(text)).then(|| text.nfc().collect());
        Asked { text, nfc, key: Key::of(text), latin: plain(text), folded, names_per_key: usize::MAX }
    }

    /// Whether it is written with letters that are more than plain Latin: then other marks are another spelling.
    pub(super) fn has_marks(&self) -> bool {
        !self.text.is_ascii() && Script::of(self.text).as_str() == "Latn"
    }

    pub(super) fn is_but_for_case(&self, name: &str) -> bool {
        self.nfc.as_deref().unwrap_or(self.text).to_lowercase() == name.to_lowercase()
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.nfc.as_deref().unwrap_or(self.text) == name
    }

    pub(super) fn distance(&self) -> u8 {
        match self.key.as_str().chars().count() {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        }
    }

    /// The name without the generic element at its beginning or end, and the classes that this speaks for.
    pub(super) fn specific(&self) -> Option<(Key, &'static str)> {
        let words = self.folded.words();
        let letters = |n: usize| self.folded.letters(&words[n]);
        let last = words.len().checked_sub(1).filter(|&last| last > 0)?;
        if let Some(generic) = fold::generic::generic(letters(last)) {
            return Some((self.key_between(0, last - 1), generic.classes));
        }
        let generic = fold::generic::generic(letters(0))?;
        let from = if last > 1 && fold::generic::is_connective(letters(1)) { 2 } else { 1 };
        Some((self.key_between(from, last), generic.classes))
    }

    pub(super) fn key_between(&self, first: usize, last: usize) -> Key {
        let words = self.folded.words();
        Key::of(&self.text[words[first].start as usize..words[last].end as usize])
    }

    pub(super) fn is_specific(&self, name: &str) -> bool {
        self.specific().is_some_and(|(key, _)| key == Key::of(name))
    }

    pub(super) fn likeness(&self, name: &str) -> f64 {
        score::likeness(&self.latin, &plain(name))
    }
}
