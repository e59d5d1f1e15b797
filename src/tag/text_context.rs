//! A folded text and what can be asked about its words.

use std::cell::Cell;

use super::cues;
#[cfg(feature = "train")]
use super::scored_span::ScoredSpan;
use crate::fold::{Case, Folded, Gap, Word};
use crate::index::Index;
use crate::index::words::{WordUse, WordUses};

/// A text, folded, and what is known about its words.
pub struct TextContext<'a> {
    pub(super) index: &'a Index,
    pub(super) text: &'a str,
    pub(super) folded: &'a Folded,
    pub(super) words: &'a [Word],
    /// The uses of each word besides names, and whether it begins a listed phrase of two words; looked up once.
    known: Vec<Cell<(Option<WordUses>, Option<bool>)>>,
}

impl<'a> TextContext<'a> {
    /// The context of a text, from its folded form.
    pub fn new(index: &'a Index, text: &'a str, folded: &'a Folded) -> TextContext<'a> {
        TextContext { index, text, folded, words: folded.words(), known: vec![Cell::default(); folded.words().len()] }
    }

    /// Whether a locative preposition stands before a word.
    pub(super) fn follows_locative(&self, first: usize) -> bool {
        let joins = |gap: Gap| gap.joins() || gap == Gap::Hash;
        first > 0 && joins(self.words[first].gap) && cues::is_locative(self.letters(first - 1))
    }

    /// How many capitalized words stand in a row before or after a word.
    pub(super) fn run(&self, from: usize, before: bool) -> usize {
        let joined = |at: usize| matches!(self.words[at].gap, Gap::Space | Gap::Hyphen);
        let capital = |at: usize| matches!(self.words[at].case, Case::Title | Case::Upper);
        match before {
            true => (0..from).rev().take(4).take_while(|&at| joined(at + 1) && capital(at)).count(),
            false => (from + 1..self.words.len()).take(4).take_while(|&at| joined(at) && capital(at)).count(),
        }
    }

    /// The words before and after a span, and the last word of the capitalized run that it begins.
    #[cfg(feature = "train")]
    pub(crate) fn cues(&self, span: &ScoredSpan) -> [Option<&'a str>; 3] {
        let (first, last) = (span.first as usize, span.last as usize);
        let before = first.checked_sub(1).filter(|_| self.words[first].gap != Gap::Break);
        let after = (last + 1 < self.words.len() && self.words[last + 1].gap != Gap::Break).then_some(last + 1);
        let run = self.run(last, false);
        let head = (run > 0).then_some(last + run);
        [before, after, head].map(|at| at.map(|at| self.folded.letters(&self.words[at])))
    }

    /// The length in bytes of the line of a word, at most 200.
    pub(super) fn line_length(&self, word: usize) -> f32 {
        let bytes = self.text.as_bytes();
        let at = self.words[word].start as usize;
        let back = bytes[at.saturating_sub(100)..at].iter().rev().take_while(|&&b| b != b'\n').count();
        let on = bytes[at..(at + 100).min(bytes.len())].iter().take_while(|&&b| b != b'\n').count();
        (back + on) as f32
    }

    pub(super) fn follows_given_name(&self, first: usize) -> bool {
        let Some(previous) = first.checked_sub(1) else { return false };
        self.words[first].gap == Gap::Space
            && matches!(self.words[previous].case, Case::Title | Case::Caseless)
            && self.uses(previous).weight(WordUse::Given) > 0
    }

    pub(super) fn letters(&self, word: usize) -> &'a str {
        self.folded.letters(&self.words[word])
    }

    /// The uses of a word besides names.
    pub(super) fn uses(&self, word: usize) -> WordUses {
        let Some(cell) = self.known.get(word) else { return WordUses::default() };
        let (uses, phrase) = cell.get();
        uses.unwrap_or_else(|| {
            let uses = self.index.words.uses(self.letters(word));
            cell.set((Some(uses), phrase));
            uses
        })
    }

    /// The uses of a run of words besides names.
    pub(super) fn uses_of(&self, first: usize, last: usize) -> WordUses {
        match first == last {
            true => self.uses(first),
            false => self.index.words.uses(&self.folded.key_of(first..last + 1)),
        }
    }

    /// Whether words in a row are listed as something else.
    fn is_phrase(&self, first: usize, last: usize) -> bool {
        let look = || {
            self.words[first + 1..=last].iter().all(|w| w.gap.joins())
                && self.uses_of(first, last).weight(WordUse::Listed) > 0
        };
        if last != first + 1 {
            return look();
        }
        let (uses, phrase) = self.known[first].get();
        phrase.unwrap_or_else(|| {
            let phrase = look();
            self.known[first].set((uses, Some(phrase)));
            phrase
        })
    }

    pub(super) fn starts_sentence(&self, word: usize) -> bool {
        word == 0 || matches!(self.words[word].gap, Gap::Break)
    }

    /// Whether the span is part of a phrase that is listed as something else: "turkey sandwich".
    pub(super) fn in_phrase(&self, first: usize, last: usize) -> bool {
        let next = last + 1 < self.words.len() && self.is_phrase(first, last + 1);
        next || first > 0 && self.is_phrase(first - 1, last)
    }
}
