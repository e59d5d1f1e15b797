//! Whether two names may be of one place, judged by their spelling alone, in any two scripts.
//!
//! Both are romanized and compared in several ways. A small forest weighs the comparisons; it was trained on pairs of names of
//! GeoNames places and of their neighbours (`docs/accuracy.md`). The result is a hint: two places may share a name, and one
//! place may have two.

use std::sync::LazyLock;

use hashbrown::HashSet;

use super::similarity::{self, is_abjad, plain};
use crate::entity::Script;
use crate::fold::{generic, phonetic_key, skeleton};
use crate::forest::{self, Forest};

/// The names of the comparisons, in the order of a row.
pub const NAMES: [&str; 20] = [
    "p-similar",
    "p-similar-joined",
    "p-similar-mute",
    "p-similar-bare",
    "p-winkler",
    "p-phonetic",
    "p-skeleton",
    "p-pairs",
    "p-start",
    "p-words-shared",
    "p-words-similar",
    "p-words-least",
    "p-first-similar",
    "p-last-similar",
    "p-within",
    "p-length",
    "p-longer",
    "p-words-more",
    "p-numbers",
    "p-scripts",
];

/// A name, prepared for comparison.
struct Side {
    plain: String,
    joined: String,
    bare: String,
    phonetic_key: String,
    script: Script,
}

impl Side {
    fn of(name: &str) -> Side {
        let plain = plain(name);
        let joined = plain.replace(' ', "");
        let bare = generic::strip(name).map_or_else(|| plain.clone(), |(rest, _)| self::plain(rest));
        Side { joined, bare, phonetic_key: phonetic_key(name), script: Script::of(name), plain }
    }

    fn words(&self) -> impl Iterator<Item = &str> + Clone {
        self.plain.split(' ').filter(|word| !word.is_empty())
    }

    fn is_abjad(&self) -> bool {
        is_abjad(self.script)
    }
}

/// The comparisons of two names, in the order of [`NAMES`]. Symmetric.
pub fn row(one: &str, other: &str) -> [f32; NAMES.len()] {
    let (a, b) = (Side::of(one), Side::of(other));
    let similar = |x: &str, y: &str| similarity::similar(x, y, false);
    let mute = a.is_abjad() != b.is_abjad();
    let (short, long) = if a.words().count() <= b.words().count() { (&a, &b) } else { (&b, &a) };
    let best = |word: &str| long.words().map(|other| similar(word, other)).fold(0.0, f64::max);
    let bests: Vec<f64> = short.words().map(best).collect();
    let words: [HashSet<&str>; 2] = [a.words().collect(), b.words().collect()];
    let shared = words[0].intersection(&words[1]).count() as f64 / words[0].union(&words[1]).count().max(1) as f64;
    let least = a.joined.len().min(b.joined.len()) as f64;
    let most = a.joined.len().max(b.joined.len()).max(1) as f64;
    let start = a.joined.bytes().zip(b.joined.bytes()).take_while(|(x, y)| x == y).count() as f64;
    let within = a.joined.contains(&b.joined) || b.joined.contains(&a.joined);
    let end = |side: &Side, last: bool| if last { side.words().last() } else { side.words().next() }.map(str::to_owned);
    let ends = |last: bool| match (end(&a, last), end(&b, last)) {
        (Some(x), Some(y)) => similar(&x, &y),
        _ => 0.0,
    };
    [
        similar(&a.plain, &b.plain),
        similar(&a.joined, &b.joined),
        similarity::similar(&a.joined, &b.joined, mute),
        similar(&a.bare, &b.bare),
        strsim::jaro_winkler(&a.joined, &b.joined),
        strsim::normalized_damerau_levenshtein(&a.phonetic_key, &b.phonetic_key),
        strsim::normalized_damerau_levenshtein(&skeleton(&a.phonetic_key), &skeleton(&b.phonetic_key)),
        strsim::sorensen_dice(&a.joined, &b.joined),
        start / most,
        shared,
        bests.iter().sum::<f64>() / bests.len().max(1) as f64,
        bests.iter().copied().fold(1.0, f64::min),
        ends(false),
        ends(true),
        f64::from(u8::from(within && least > 0.0)),
        least,
        most - least,
        a.words().count().abs_diff(b.words().count()) as f64,
        f64::from(u8::from(numbers(&a) == numbers(&b))),
        scripts(&a, &b),
    ]
    .map(|value| (value * 1e4).round() as f32 / 1e4)
}

/// The bundled model.
fn model() -> &'static Forest {
    static MODEL: LazyLock<Forest> = LazyLock::new(|| forest::bundled("pair", &NAMES));
    &MODEL
}

/// The probability that two names are of one place, 0 to 1, for pairs of which half are.
///
/// ```
/// use allonym::same_place;
/// assert!(same_place("Xankəndi", "Ханкенди") > 0.8);
/// assert!(same_place("Xankəndi", "Şuşa") < 0.5);
/// ```
pub fn same_place(one: &str, other: &str) -> f64 {
    f64::from(model().probability(&row(one, other)))
}

/// The numbers in a name: figures and Roman numerals.
fn numbers(side: &Side) -> Vec<&str> {
    let roman = |word: &&str| word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    side.words().filter(|word| word.bytes().any(|b| b.is_ascii_digit()) || roman(word)).collect()
}

/// Which two scripts meet, as a number: how much the romanization of the less certain one leaves open.
fn scripts(a: &Side, b: &Side) -> f64 {
    let of = |side: &Side| match side.script.as_str() {
        "Latn" => 0.0,
        "Cyrl" | "Grek" | "Armn" | "Geor" => 1.0,
        "Arab" | "Hebr" | "Syrc" => 3.0,
        "Hani" | "Jpan" | "Hira" | "Kana" | "Hang" => 5.0,
        _ => 7.0,
    };
    let (x, y): (f64, f64) = (of(a), of(b));
    if a.script == b.script { -1.0 - x } else { x.max(y) + if x.min(y) > 0.0 { 0.5 } else { 0.0 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_the_same_either_way() {
        let names = ["Xankəndi", "Ханкенди", "شوشا", "北京市", "ban png pa px", "", "Rue 2", "–"];
        for a in names {
            for b in names {
                assert_eq!(row(a, b), row(b, a), "{a} {b}");
                assert!(row(a, b).iter().all(|value| value.is_finite()), "{a} {b}");
            }
        }
    }
}
