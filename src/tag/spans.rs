//! Every run of words that is a key, found by walking the text along the automaton.

use crate::fold::words::{joint, short_form};
use crate::fold::{Case, Folded, Gap, Word};
use crate::gazetteer::Gazetteer;
use crate::index::names::Slot;

/// A run of words that some name folds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first word.
    pub first: u32,
    /// The last word.
    pub last: u32,
    /// The names.
    pub slot: Slot,
}

impl Span {
    /// How many words it covers.
    pub fn len(&self) -> u32 {
        self.last - self.first + 1
    }
}

/// No name has more words.
const MAX_WORDS: usize = 12;

/// Appends the spans of a text, by their first word, the shorter before the longer.
pub fn find(gazetteer: &Gazetteer, folded: &Folded, spans: &mut Vec<Span>) {
    let words = folded.words();
    for first in 0..words.len() {
        if !may_start(words, first) {
            continue;
        }
        let mut walk = gazetteer.names.walk();
        for last in first..words.len().min(first + MAX_WORDS) {
            let word = &words[last];
            if last > first {
                if !word.gap.joins() || !walk.step(joint(&words[last - 1], word)) {
                    break;
                }
            }
            // A word before another may be shortened (Saint Louis): the name ends at the full form, goes on at the short.
            let letters = folded.letters(word);
            let short = short_form(letters);
            let mut end = walk;
            let ended = end.step(letters);
            if ended
                && may_end(words, last)
                && let Some(slot) = end.slot()
            {
                spans.push(Span { first: first as u32, last: last as u32, slot });
            }
            let spaced = words.get(last + 1).is_some_and(|next| joint(word, next) == " ");
            if short.len() != letters.len() && spaced {
                if !walk.step(short) {
                    break;
                }
            } else if ended {
                walk = end;
            } else {
                break;
            }
        }
    }
}

/// A name begins with a capital where its script has capitals, and not in the middle of an initialism.
fn may_start(words: &[Word], at: usize) -> bool {
    words[at].case != Case::Lower && words[at].gap != Gap::Dot
}

/// A name does not end in the middle of an initialism.
fn may_end(words: &[Word], at: usize) -> bool {
    words.get(at + 1).is_none_or(|next| next.gap != Gap::Dot)
}
