//! How similar two names are written: an edit distance that knows common misspellings, and a plain one.

use crate::entity::Script;
use crate::fold::{self, Key};

/// The longest name that is compared, in letters.
pub(crate) const LONGEST: usize = 63;
/// How many letters of each kind a name has.
pub(crate) type Counts = [u8; 16];

/// A name's letters as they are compared: romanized, folded.
pub(crate) fn plain(name: &str) -> String {
    Key::of(&fold::romanize(name)).as_str().to_owned()
}

/// Whether a script mostly omits vowels.
pub(crate) fn is_abjad(script: Script) -> bool {
    matches!(script.as_str(), "Arab" | "Hebr" | "Syrc")
}

/// How similar two plain names are, 0 to 1; `mute` if only one of them is written with vowels. Letters beyond the longest name that
/// is compared are ignored.
pub(crate) fn similar(a: &str, b: &str, mute: bool) -> f64 {
    let cut = |plain: &str| letters(&plain[..plain.len().min(LONGEST)]);
    misspelling_similarity(&cut(a), &cut(b), i32::MAX / 2, if mute { MUTE } else { VOWEL }, &mut [[0; LONGEST + 1]; 3])
}

/// Letters as they are compared: `a` to `z` from 0, the space, and one for all others.
const LETTERS: usize = 28;

fn letter(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' => byte - b'a',
        b' ' => 26,
        _ => 27,
    }
}

/// A plain name's letters by number.
pub(crate) fn letters(plain: &str) -> Box<[u8]> {
    plain.bytes().map(letter).collect()
}

/// Letters that are confused with each other, by kind; those of the kinds from [`ALONE`] on are not.
const KINDS: [&[u8]; 13] =
    [b"aeiouy", b"ckqg", b"szx", b"fvw", b"td", b"mn", b"bp", b"lr", b"h", b"j", b" ", b"?", b""];
const ALONE: usize = 8;
/// Letters of different kinds that are confused nevertheless.
const PAIRS: [&[u8; 2]; 4] = [b"cs", b"cz", b"fp", b"uw"];

/// The kind of each letter.
const KIND: [u8; LETTERS] = {
    let mut kinds = [11; LETTERS];
    let mut kind = 0;
    while kind < KINDS.len() {
        let mut at = 0;
        while at < KINDS[kind].len() {
            let byte = KINDS[kind][at];
            kinds[if byte == b' ' {
                26
            } else if byte == b'?' {
                27
            } else {
                (byte - b'a') as usize
            }] = kind as u8;
            at += 1;
        }
        kind += 1;
    }
    kinds
};

/// The cost of a substitution, in tenths.
const CHANGED: [[i32; LETTERS]; LETTERS] = {
    let mut costs = [[10; LETTERS]; LETTERS];
    let mut x = 0;
    while x < LETTERS {
        let mut y = 0;
        while y < LETTERS {
            if x == y {
                costs[x][y] = 0;
            } else if KIND[x] == KIND[y] && (KIND[x] as usize) < ALONE {
                costs[x][y] = 5;
            }
            y += 1;
        }
        x += 1;
    }
    let mut at = 0;
    while at < PAIRS.len() {
        let (x, y) = ((PAIRS[at][0] - b'a') as usize, (PAIRS[at][1] - b'a') as usize);
        costs[x][y] = 5;
        costs[y][x] = 5;
        at += 1;
    }
    costs
};

/// The cost of an inserted or deleted vowel, in tenths of a letter; and if one side omits vowels.
pub(crate) const VOWEL: i32 = 7;
pub(crate) const MUTE: i32 = 2;
/// The cost of a transposition.
const SWAPPED: i32 = 7;

/// The cost of an inserted or deleted letter: least if it doubles the one before or is silent.
fn insertion(letters: &[u8], at: usize, vowel: i32) -> i32 {
    let letter = letters[at];
    match KIND[usize::from(letter)] {
        _ if at > 0 && letters[at - 1] == letter => 4,
        0 => vowel,
        // h and the space; w is close to a vowel.
        8 | 10 => 7,
        _ if letter == b'w' - b'a' => 7,
        _ => 10,
    }
}

/// How many letters of each kind there are.
pub(crate) fn counts(letters: &[u8]) -> Counts {
    let mut counts = Counts::default();
    for &letter in letters {
        counts[usize::from(KIND[usize::from(letter)])] += 1;
    }
    counts
}

/// The rows of the dynamic programme.
pub(crate) type Matrix = [[i32; LONGEST + 1]; 3];

/// How similar two names are, 0 to 1: one minus the cost of the misspelling over the length of the longer name, slightly better if
/// the beginnings agree. Zero if it costs more than `most` tenths.
pub(crate) fn misspelling_similarity(a: &[u8], b: &[u8], most: i32, vowel: i32, rows: &mut Matrix) -> f64 {
    let Some(cost) = cost(a, b, most, vowel, rows) else { return 0.0 };
    let same = 1.0 - f64::from(cost) / 10.0 / a.len().max(b.len()).max(1) as f64;
    let start = a.iter().zip(b).take(4).take_while(|(a, b)| a == b).count() as f64;
    same + (1.0 - same) * 0.05 * start
}

/// Optimal string alignment in which similar, doubled and silent letters cost less than others, in tenths of a letter; none if it
/// costs more than `most`. Both names have at most [`LONGEST`] letters.
fn cost(a: &[u8], b: &[u8], most: i32, vowel: i32, rows: &mut Matrix) -> Option<i32> {
    let [before, last, row] = rows;
    let (mut before, mut last, mut row) = (before, last, row);
    last[0] = 0;
    for j in 1..=b.len() {
        last[j] = last[j - 1] + insertion(b, j - 1, vowel);
    }
    for i in 1..=a.len() {
        let (less, changed) = (insertion(a, i - 1, vowel), &CHANGED[usize::from(a[i - 1])]);
        row[0] = last[0] + less;
        let mut least = row[0];
        for j in 1..=b.len() {
            let kept = last[j - 1] + changed[usize::from(b[j - 1])];
            let mut here = kept.min(last[j] + less).min(row[j - 1] + insertion(b, j - 1, vowel));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                here = here.min(before[j - 2] + SWAPPED);
            }
            row[j] = here;
            least = least.min(here);
        }
        // A transposition may still be cheaper by one step.
        if least > most + SWAPPED {
            return None;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    Some(last[b.len()]).filter(|cost| *cost <= most)
}

/// How similar two romanized names are, 0 to 1: their normalized Damerau-Levenshtein similarity, slightly better if the
/// beginnings agree (people rarely mistype beginnings).
pub fn spelling_similarity(a: &str, b: &str) -> f64 {
    let same = strsim::normalized_damerau_levenshtein(a, b);
    let start = a.chars().zip(b.chars()).take(4).take_while(|(a, b)| a == b).count() as f64;
    same + (1.0 - same) * 0.05 * start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: &str, b: &str) -> i32 {
        cost(&letters(a), &letters(b), 999, VOWEL, &mut [[0; LONGEST + 1]; 3]).expect("a cost")
    }

    #[test]
    fn common_misspellings_cost_little() {
        assert_eq!(of("juneau", "juneau"), 0);
        assert_eq!(of("", "ab"), of("ab", ""));
        assert_eq!(of("cannon", "canon"), 4);
        assert_eq!(of("wosko", "wasco"), 10);
        assert_eq!(of("jenuau", "juneau"), of("juneau", "jenuau"));
        assert!(of("cannon", "canon") < of("cannon", "canton"));
        assert!(of("hosuton", "houston") < 10);
        assert_eq!(cost(&letters("baku"), &letters("tbilisi"), 20, VOWEL, &mut [[0; LONGEST + 1]; 3]), None);
    }

    #[test]
    fn likeness_is_between_none_and_one() {
        let of = |a, b| misspelling_similarity(&letters(a), &letters(b), 999, VOWEL, &mut [[0; LONGEST + 1]; 3]);
        for (a, b) in [("a", "b"), ("", ""), ("", "abc"), ("baku", "baku"), ("baku", "bakou"), ("xyz", "uvwabc")] {
            let similarity = of(a, b);
            assert!((0.0..=1.0).contains(&similarity), "{a} {b}: {similarity}");
        }
        assert!(of("wallis", "wallace") > 0.55);
    }
}
