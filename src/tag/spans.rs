//! Every run of words that is a key, found by walking the text along the automaton.

use crate::fold::words::{abbreviated, separator};
use crate::fold::{Case, Folded, Gap, Word, inflect};
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
    /// How many letters of the first word are a prefix that is no part of the name: `ב` in `בירושלים`.
    pub prefix: u8,
    /// Whether the last word has an ending that the name has not: `Москве`.
    pub ending: bool,
}

impl Span {
    /// Whether grammar has changed the name.
    pub fn is_inflected(&self) -> bool {
        self.prefix > 0 || self.ending
    }
}

/// No name has more words.
const MAX_WORDS: usize = 12;

/// Appends the spans of a text, by their first word, the shorter before the longer.
///
/// `latin` says whether endings of languages in Latin letters are undone, too: not in English, where there are none.
pub fn find(gazetteer: &Gazetteer, folded: &Folded, latin: bool, spans: &mut Vec<Span>) {
    let words = folded.words();
    let mut stem = String::new();
    for first in 0..words.len() {
        if !may_start(words, first) {
            continue;
        }
        let before = spans.len();
        let letters = folded.letters(&words[first]);
        let hashtag = words[first].gap == Gap::Hash && !words[first].unspaced && may_end(words, first);
        if let Some(slot) = hashtag.then(|| gazetteer.names.spaced(letters)).flatten() {
            spans.push(Span { first: first as u32, last: first as u32, slot, prefix: 0, ending: false });
            continue;
        }
        from(gazetteer, folded, (first, letters, 0), latin, &mut stem, spans);
        if spans.len() == before && !letters.is_ascii() {
            for (prefix, rest) in inflect::strip_prefixes(letters) {
                from(gazetteer, folded, (first, rest, prefix as u8), latin, &mut stem, spans);
                // Two letters alone are no name behind a prefix; they may begin one (מתל אביב).
                if rest.chars().count() < 3 {
                    spans.retain(|span| span.first as usize != first || span.last > span.first);
                }
            }
        }
    }
}

/// The spans from one word on, which is read as `letters`.
fn from(
    gazetteer: &Gazetteer,
    folded: &Folded,
    start: (usize, &str, u8),
    latin: bool,
    stem: &mut String,
    spans: &mut Vec<Span>,
) {
    let mut bent = false;
    let words = folded.words();
    let (first, first_letters, prefix) = start;
    let mut walk = gazetteer.names.walk();
    for last in first..words.len().min(first + MAX_WORDS) {
        let word = &words[last];
        // "Washington, D.C.": an initialism behind a comma may belong to the name.
        let joins = word.gap.joins() || word.gap == Gap::Comma && word.len == 1 && word.case == Case::Upper;
        if last > first && (!joins || !walk.step(separator(&words[last - 1], word))) {
            break;
        }
        // A word before another may be shortened (Saint Louis): the name ends at the full form, goes on at the short.
        let letters = if last == first { first_letters } else { folded.letters(word) };
        let short = abbreviated(letters);
        let mut end = walk;
        let ended = end.step(letters);
        if may_end(words, last) {
            let mut push =
                |slot, ending| spans.push(Span { first: first as u32, last: last as u32, slot, prefix, ending });
            if let Some(slot) = end.slot().filter(|_| ended) {
                push(slot, bent);
                if takes_unit(folded, last) {
                    spans.push(Span { first: first as u32, last: last as u32 + 1, slot, prefix, ending: true });
                }
            } else if latin || !letters.is_ascii() {
                // Whose ending it is, is not known: "Kanadzie" may be Kanad's or Kanada's. What follows chooses.
                inflect::stems(letters, stem, |stem| {
                    let mut end = walk;
                    let slot = if end.step(stem) { end.slot() } else { None };
                    slot.into_iter().for_each(|slot| push(slot, true));
                    false
                });
            }
        }
        let spaced = words.get(last + 1).is_some_and(|next| separator(word, next) == " ");
        if short.len() != letters.len() && spaced {
            if !walk.step(short) {
                break;
            }
        } else if ended {
            walk = end;
        } else if spaced && !letters.is_ascii() {
            // An adjective in another case: the walk goes on along the form that some name has.
            let mut found = false;
            inflect::adjective_stems(letters, stem, |stem| {
                let mut other = walk;
                let mut ahead = other;
                found = ahead.step(stem) && {
                    other = ahead;
                    ahead.step(" ")
                };
                if found {
                    walk = other;
                }
                found
            });
            if !found {
                break;
            }
            bent = true;
        } else {
            break;
        }
    }
}

/// Whether the word for its kind is written onto a name in Chinese: `維吉尼亞州`. Not where it begins another word (`州長`).
fn takes_unit(folded: &Folded, last: usize) -> bool {
    let letters =
        |at: usize| folded.words().get(at).filter(|w| w.unspaced && w.gap == Gap::None).map(|w| folded.letters(w));
    let unit = letters(last + 1)
        .is_some_and(|word| matches!(word, "省" | "市" | "县" | "区" | "州" | "镇" | "乡" | "村" | "郡" | "岛"));
    let other =
        |word: &str| matches!(word, "长" | "民" | "议" | "政" | "府" | "立" | "内" | "际" | "场" | "中" | "域" | "别");
    unit && folded.words()[last].unspaced && !letters(last + 2).is_some_and(other)
}

/// A name begins with a capital where its script has capitals, and not in the middle of an initialism, of a hashtag or of
/// a user's name.
fn may_start(words: &[Word], at: usize) -> bool {
    words[at].case != Case::Lower && !matches!(words[at].gap, Gap::Dot | Gap::Joined | Gap::Handle)
}

/// A name does not end in the middle of an initialism or of a hashtag: `#KeralaFloods` is a name of something else.
fn may_end(words: &[Word], at: usize) -> bool {
    words.get(at + 1).is_none_or(|next| !matches!(next.gap, Gap::Dot | Gap::Joined))
}
