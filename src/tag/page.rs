//! A text with what can be asked about any place in it.

use std::cell::Cell;

use super::cues;
use super::recognize::Recognized;
use crate::fold::{Case, Folded, Gap, Word};
use crate::gazetteer::Gazetteer;
use crate::index::words::{WordUse, WordUses};

/// A text with what is known about all of it.
pub struct Page<'a> {
    pub(super) gazetteer: &'a Gazetteer,
    pub(super) text: &'a str,
    pub(super) folded: &'a Folded,
    pub(super) words: &'a [Word],
    /// What each word is beside a name, and whether it begins a listed phrase of two words; asked for once each.
    known: Vec<Cell<(Option<WordUses>, Option<bool>)>>,
}

/// Words that every English sentence has.
fn is_common_english(word: &str) -> bool {
    matches!(
        word,
        "a" | "after"
            | "and"
            | "as"
            | "at"
            | "but"
            | "by"
            | "for"
            | "from"
            | "has"
            | "have"
            | "in"
            | "is"
            | "it"
            | "its"
            | "of"
            | "on"
            | "said"
            | "that"
            | "the"
            | "their"
            | "this"
            | "to"
            | "was"
            | "were"
            | "with"
    )
}

/// So many words at the beginning of a text tell its language.
const SAMPLE: usize = 400;

/// A text of at most so many words is too short to tell its language by common words.
const SHORT: usize = 12;

/// Whether a text is in the language that the model has learned from: one word in eight is one of the commonest, or it is a
/// short message or headline in plain letters whose size says nothing. `told` is what the user said of it.
pub fn is_english(folded: &Folded, told: Option<bool>) -> bool {
    if let Some(told) = told {
        return told;
    }
    let words = &folded.words()[..folded.words().len().min(SAMPLE)];
    let common = |word: &&Word| word.case != Case::Uncased && is_common_english(folded.letters(word));
    words.iter().filter(common).count() * 8 >= words.len()
        || is_short(folded) && words.iter().any(|w| w.case == Case::Caseless)
}

/// Whether a text is a few words in plain letters.
pub(super) fn is_short(folded: &Folded) -> bool {
    folded.words().len() <= SHORT && folded.words().iter().all(|word| folded.letters(word).is_ascii())
}

impl<'a> Page<'a> {
    /// What is known about a text that was folded.
    pub fn new(gazetteer: &'a Gazetteer, text: &'a str, folded: &'a Folded) -> Page<'a> {
        Page { gazetteer, text, folded, words: folded.words(), known: vec![Cell::default(); folded.words().len()] }
    }

    /// Whether a preposition of place stands before a word.
    pub(super) fn follows_locative(&self, first: usize) -> bool {
        let joins = |gap: Gap| gap.joins() || gap == Gap::Hash;
        first > 0 && joins(self.words[first].gap) && cues::is_locative(self.letters(first - 1))
    }

    /// How many capitalised words stand side by side before or after a word.
    pub(super) fn run(&self, from: usize, before: bool) -> usize {
        let joined = |at: usize| matches!(self.words[at].gap, Gap::Space | Gap::Hyphen);
        let capital = |at: usize| matches!(self.words[at].case, Case::Title | Case::Upper);
        match before {
            true => (0..from).rev().take(4).take_while(|&at| joined(at + 1) && capital(at)).count(),
            false => (from + 1..self.words.len()).take(4).take_while(|&at| joined(at) && capital(at)).count(),
        }
    }

    /// The words before and after a span, and the last word of the capitalised run that it begins.
    pub(crate) fn cues(&self, span: &Recognized) -> [Option<&'a str>; 3] {
        let (first, last) = (span.first as usize, span.last as usize);
        let before = first.checked_sub(1).filter(|_| self.words[first].gap != Gap::Break);
        let after = (last + 1 < self.words.len() && self.words[last + 1].gap != Gap::Break).then_some(last + 1);
        let run = self.run(last, false);
        let head = (run > 0).then_some(last + run);
        [before, after, head].map(|at| at.map(|at| self.folded.letters(&self.words[at])))
    }

    /// How many bytes the line of a word has, at most 200.
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
            && self.senses(previous).weight(WordUse::Given) > 0
    }

    pub(super) fn letters(&self, word: usize) -> &'a str {
        self.folded.letters(&self.words[word])
    }

    /// What a word is beside a name.
    pub(super) fn senses(&self, word: usize) -> WordUses {
        let Some(cell) = self.known.get(word) else { return WordUses::default() };
        let (senses, phrase) = cell.get();
        senses.unwrap_or_else(|| {
            let senses = self.gazetteer.words.uses(self.letters(word));
            cell.set((Some(senses), phrase));
            senses
        })
    }

    /// What a run of words is beside a name.
    pub(super) fn senses_of(&self, first: usize, last: usize) -> WordUses {
        match first == last {
            true => self.senses(first),
            false => self.gazetteer.words.uses(&self.folded.key_of(first..last + 1)),
        }
    }

    /// Whether words side by side are listed as something else.
    fn is_phrase(&self, first: usize, last: usize) -> bool {
        let look = || {
            self.words[first + 1..=last].iter().all(|w| w.gap.joins())
                && self.senses_of(first, last).weight(WordUse::Listed) > 0
        };
        if last != first + 1 {
            return look();
        }
        let (senses, phrase) = self.known[first].get();
        phrase.unwrap_or_else(|| {
            let phrase = look();
            self.known[first].set((senses, Some(phrase)));
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
