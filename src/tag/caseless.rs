//! Caseless text, where letter case says nothing: headlines in capitals, lowercase messages, hashtags.
//!
//! Its words are marked [`Case::Caseless`]. They may begin a name whatever their case, and a model of their own judges them.

use crate::fold::{Case, Folded, Gap, Word};

/// A line of at least this many words, all uppercase, is a headline.
const HEADLINE: usize = 3;

/// In lowercase text, at most one word in this many is capitalized without beginning a sentence.
const RARE: usize = 50;

/// Marks the caseless words of a text. Only text that may be English is taken to be lowercase as a whole.
pub(super) fn mark(folded: &mut Folded, may_be_english: bool) {
    let lowercase = may_be_english && is_lowercase(folded);
    let words = folded.words_mut();
    for word in words.iter_mut() {
        if word.case == Case::Lower && (lowercase || word.gap == Gap::Hash) {
            word.case = Case::Caseless;
        }
    }
    for line in words.chunk_by_mut(|_, next| next.gap != Gap::Break) {
        let long = |word: &&Word| word.len > 1 && !matches!(word.case, Case::Uncased);
        let uppercase = line.iter().filter(long).filter(|word| word.case == Case::Upper).count();
        if uppercase >= HEADLINE && uppercase == line.iter().filter(long).count() {
            line.iter_mut().filter(|word| word.case == Case::Upper).for_each(|word| word.case = Case::Caseless);
        }
    }
}

/// Whether a text is lowercase, except perhaps at the beginnings of sentences.
fn is_lowercase(folded: &Folded) -> bool {
    let words = folded.words();
    let (mut lowercase, mut capitalized) = (0, 0);
    for (n, word) in words.iter().enumerate() {
        let begins = n == 0 || matches!(word.gap, Gap::Break | Gap::Hash | Gap::Handle | Gap::Joined);
        lowercase += usize::from(word.case == Case::Lower);
        capitalized += usize::from(word.case == Case::Title && !begins);
    }
    lowercase > 0 && capitalized * RARE <= lowercase
}
