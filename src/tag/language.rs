//! Whether a text is English, the language that the model was trained on. Decided once per text.

use crate::fold::{Case, Folded, Word};

use super::caseless;

/// The most frequent words of English prose; every sentence has some.
const COMMON: [&str; 26] = [
    "a", "after", "and", "as", "at", "but", "by", "for", "from", "has", "have", "in", "is", "it", "its", "of", "on",
    "said", "that", "the", "their", "this", "to", "was", "were", "with",
];

/// The language is judged by this many words at the beginning of a text.
const SAMPLE: usize = 400;

/// A text of at most this many words is too short to judge by common words.
const SHORT: usize = 12;

/// Marks the caseless words of a text and decides whether it is English: one word in eight is common, or it is a short caseless
/// message or headline in ASCII letters. `told` is what the caller says, and wins.
pub(super) fn is_english(folded: &mut Folded, told: Option<bool>) -> bool {
    let looks_english = has_common_words(folded);
    let is_short = is_short(folded);
    let may_be_english = told.unwrap_or(looks_english || is_short);
    caseless::mark(folded, may_be_english);
    told.unwrap_or_else(|| looks_english || is_short && folded.words().iter().any(|w| w.case == Case::Caseless))
}

fn has_common_words(folded: &Folded) -> bool {
    let words = &folded.words()[..folded.words().len().min(SAMPLE)];
    let is_common = |word: &&Word| word.case != Case::Uncased && is_common(folded.letters(word));
    words.iter().filter(is_common).count() * 8 >= words.len()
}

fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

/// Whether a text is a few words in ASCII letters.
fn is_short(folded: &Folded) -> bool {
    folded.words().len() <= SHORT && folded.words().iter().all(|word| folded.letters(word).is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_words_are_sorted() {
        assert!(COMMON.is_sorted());
    }
}
