//! Texts and lines whose capitals say nothing: headlines in capitals, messages in small letters, hashtags.
//!
//! Their letters are marked [`Case::Caseless`]. Such words may begin a name whatever their size, and English ones are judged by a
//! model of their own.

use super::page::{is_english, is_short};
use crate::fold::{Case, Folded, Gap, Word};

/// A line with so many words, all in capitals, is a headline.
const HEADLINE: usize = 3;

/// In a text in small letters, at most one word in so many begins with a capital without beginning a sentence.
const SELDOM: usize = 50;

/// Marks the letters of a text whose size says nothing. `told` is whether the user said that it is English.
pub fn forget(folded: &mut Folded, told: Option<bool>) {
    let small = is_small(folded, told);
    let words = folded.words_mut();
    for word in words.iter_mut() {
        if word.case == Case::Lower && (small || word.gap == Gap::Hash) {
            word.case = Case::Caseless;
        }
    }
    for line in words.chunk_by_mut(|_, next| next.gap != Gap::Break) {
        let long = |word: &&Word| word.len > 1 && !matches!(word.case, Case::Uncased);
        let capitals = line.iter().filter(long).filter(|word| word.case == Case::Upper).count();
        if capitals >= HEADLINE && capitals == line.iter().filter(long).count() {
            line.iter_mut().filter(|word| word.case == Case::Upper).for_each(|word| word.case = Case::Caseless);
        }
    }
}

/// Whether a text is English in small letters, but perhaps for the beginnings of sentences.
fn is_small(folded: &Folded, told: Option<bool>) -> bool {
    let words = folded.words();
    let (mut small, mut inner) = (0, 0);
    for (n, word) in words.iter().enumerate() {
        let begins = n == 0 || matches!(word.gap, Gap::Break | Gap::Hash | Gap::Handle | Gap::Joined);
        small += usize::from(word.case == Case::Lower);
        inner += usize::from(word.case == Case::Title && !begins);
    }
    small > 0 && inner * SELDOM <= small && (is_english(folded, told) || told.is_none() && is_short(folded))
}
