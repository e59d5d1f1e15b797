//! The text of a query, prepared once for all tiers.

use std::cell::OnceCell;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::entity::Script;
use crate::fold::{self, Folded, Key};
use crate::rank::similarity::{plain, spelling_similarity};

/// The text of a query, folded and romanized.
#[derive(Debug)]
pub(super) struct PreparedQuery<'q> {
    pub(super) text: &'q str,
    /// The text in NFC, if it is not already.
    nfc: Option<String>,
    pub(super) folded: Folded,
    pub(super) key: Key,
    /// Romanized and folded.
    latin: String,
    /// The specific part of the name, if it has a generic element: its key, and the classes the generic element implies.
    specific: OnceCell<Option<(Key, &'static str)>>,
    /// How many names behind one key are considered.
    pub(super) names_per_key: usize,
}

impl<'q> PreparedQuery<'q> {
    pub(super) fn new(text: &'q str, names_per_key: usize) -> PreparedQuery<'q> {
        let mut folded = Folded::default();
        folded.read(text);
        let nfc = (!is_nfc(text)).then(|| text.nfc().collect());
        let (key, latin) = (Key::of(text), plain(text));
        PreparedQuery { text, nfc, key, latin, folded, specific: OnceCell::new(), names_per_key }
    }

    /// Whether the query is in Latin script with more than ASCII letters: then names with other diacritics are other spellings.
    pub(super) fn has_diacritics(&self) -> bool {
        !self.text.is_ascii() && Script::of(self.text).as_str() == "Latn"
    }

    /// Whether a name is the query except for case.
    pub(super) fn equals_ignoring_case(&self, name: &str) -> bool {
        self.nfc.as_deref().unwrap_or(self.text).to_lowercase() == name.to_lowercase()
    }

    /// Whether a name is the query, letter by letter.
    pub(super) fn equals(&self, name: &str) -> bool {
        self.nfc.as_deref().unwrap_or(self.text) == name
    }

    /// How many edits are searched for: short names have too many neighbours.
    pub(super) fn max_edits(&self) -> u8 {
        match self.key.as_str().chars().count() {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        }
    }

    /// The words of the query, folded.
    pub(super) fn words(&self) -> Vec<&str> {
        self.folded.words().iter().map(|word| self.folded.letters(word)).collect()
    }

    /// The key with a misspelt `Saint`, `Mount` or `Fort` abbreviated, as keys abbreviate them; `None` if it contains none of these.
    pub(super) fn abbreviated(&self) -> Option<Key> {
        let words: Vec<&str> = self.key.as_str().split(' ').collect();
        let abbreviation = |word: &str| {
            let known = [("saint", "st"), ("mount", "mt"), ("fort", "ft")];
            let is_near = |full: &str| word.len() >= 4 && strsim::osa_distance(word, full) == 1;
            known.into_iter().find(|(full, _)| is_near(full)).map(|(_, short)| short)
        };
        if words.len() < 2 || !words[..words.len() - 1].iter().any(|word| abbreviation(word).is_some()) {
            return None;
        }
        let last = words.len() - 1;
        let short =
            |(n, word): (usize, &&str)| if n < last { abbreviation(word).unwrap_or(word) } else { word }.to_owned();
        Some(Key::of(&words.iter().enumerate().map(short).collect::<Vec<String>>().join(" ")))
    }

    /// The specific part of the name, without the generic element at its beginning or end, and the classes that the element
    /// implies.
    pub(super) fn specific(&self) -> Option<(&Key, &'static str)> {
        self.specific.get_or_init(|| self.find_specific()).as_ref().map(|(key, classes)| (key, *classes))
    }

    fn find_specific(&self) -> Option<(Key, &'static str)> {
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

    /// The key of a run of words.
    pub(super) fn key_between(&self, first: usize, last: usize) -> Key {
        let words = self.folded.words();
        Key::of(&self.text[words[first].start as usize..words[last].end as usize])
    }

    /// Whether a name is the specific part of the query.
    pub(super) fn is_specific(&self, name: &str) -> bool {
        self.specific().is_some_and(|(key, _)| *key == Key::of(name))
    }

    /// How similar a name is to the query, 0 to 1.
    pub(super) fn similarity(&self, name: &str) -> f64 {
        spelling_similarity(&self.latin, &plain(name))
    }
}
