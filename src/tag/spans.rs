//! Stage 1: every run of words that is a known name, found by walking the text along the key automaton.

use crate::fold::words::{abbreviated, separator};
use crate::fold::{Case, Folded, Gap, Word, inflect};
use crate::index::Index;
use crate::index::names::Slot;

/// A run of words that a name folds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first word.
    pub first: u32,
    /// The last word.
    pub last: u32,
    /// The names.
    pub slot: Slot,
    /// How many letters of the first word are a prefix that is not part of the name: `ב` in `בירושלים`.
    pub prefix: u8,
    /// Whether the last word has an ending that the name lacks: `Москве`.
    pub ending: bool,
}

impl Span {
    /// Whether grammar has inflected the name.
    pub fn is_inflected(&self) -> bool {
        self.prefix > 0 || self.ending
    }
}

/// The most words of a name.
const MAX_WORDS: usize = 12;

/// Appends the spans of a text, by their first word, the shorter before the longer.
///
/// `latin` says whether the endings of languages in Latin script are stripped as well; English has none.
pub fn find(index: &Index, folded: &Folded, latin: bool, spans: &mut Vec<Span>) {
    let words = folded.words();
    let mut stem = String::new();
    for first in 0..words.len() {
        if !may_start(words, first) {
            continue;
        }
        let before = spans.len();
        let letters = folded.letters(&words[first]);
        let hashtag = words[first].gap == Gap::Hash && !words[first].unspaced && may_end(words, first);
        if let Some(slot) = hashtag.then(|| index.names.spaced(letters)).flatten() {
            spans.push(Span { first: first as u32, last: first as u32, slot, prefix: 0, ending: false });
            continue;
        }
        from(index, folded, (first, letters, 0), latin, &mut stem, spans);
        if spans.len() == before && !letters.is_ascii() {
            for (prefix, rest) in inflect::strip_prefixes(letters) {
                from(index, folded, (first, rest, prefix as u8), latin, &mut stem, spans);
                // Two letters alone are not a name after a prefix, but may begin one (מתל אביב).
                if rest.chars().count() < 3 {
                    spans.retain(|span| span.first as usize != first || span.last > span.first);
                }
            }
        }
    }
}

/// The spans that begin at a word, which is read as `letters`.
fn from(
    index: &Index,
    folded: &Folded,
    start: (usize, &str, u8),
    latin: bool,
    stem: &mut String,
    spans: &mut Vec<Span>,
) {
    let mut bent = false;
    let words = folded.words();
    let (first, first_letters, prefix) = start;
    let mut walk = index.names.walk();
    for last in first..words.len().min(first + MAX_WORDS) {
        let word = &words[last];
        // "Washington, D.C.": an initialism behind a comma may belong to the name.
        let joins = word.gap.joins() || word.gap == Gap::Comma && word.len == 1 && word.case == Case::Upper;
        if last > first && (!joins || !walk.step(separator(&words[last - 1], word))) {
            break;
        }
        // A word before another may be abbreviated (Saint Louis): a name may end with the full form, and continues from the short one.
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
                // The stem is ambiguous: "Kanadzie" may come from Kanad or Kanada. Later stages choose.
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
            // An adjective in another case: the walk continues along the form that a name has.
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

/// Whether a Chinese name is followed by its generic element without a space (`維吉尼亞州`), unless that begins another word (`州長`).
fn takes_unit(folded: &Folded, last: usize) -> bool {
    let letters =
        |at: usize| folded.words().get(at).filter(|w| w.unspaced && w.gap == Gap::None).map(|w| folded.letters(w));
    let unit = letters(last + 1)
        .is_some_and(|word| matches!(word, "省" | "市" | "县" | "区" | "州" | "镇" | "乡" | "村" | "郡" | "岛"));
    let other =
        |word: &str| matches!(word, "长" | "民" | "议" | "政" | "府" | "立" | "内" | "际" | "场" | "中" | "域" | "别");
    unit && folded.words()[last].unspaced && !letters(last + 2).is_some_and(other)
}

/// Whether a name may begin at a word: it is not lowercase, and not inside an initialism, hashtag or user name.
fn may_start(words: &[Word], at: usize) -> bool {
    words[at].case != Case::Lower && !matches!(words[at].gap, Gap::Dot | Gap::Joined | Gap::Handle)
}

/// Whether a name may end at a word: not inside an initialism or hashtag (`#KeralaFloods` names something else).
fn may_end(words: &[Word], at: usize) -> bool {
    words.get(at + 1).is_none_or(|next| !matches!(next.gap, Gap::Dot | Gap::Joined))
}
