//! Whether two names may be of one place, judged by their spelling alone, in any two scripts.
//!
//! Both are romanized and compared in several ways; a small forest, learned from pairs of names of GeoNames' places and of their
//! neighbours, weighs the comparisons (`docs/accuracy.md`). It proposes: two places may share a name, one place may have two.

use hashbrown::HashSet;

use crate::alike::{self, is_abjad, plain};
use crate::entity::Script;
use crate::fold::{generic, phonetic_key, skeleton};
use crate::model::Model;

/// What is compared, in the order of a row.
pub const NAMES: [&str; 20] = [
    "p-alike",
    "p-alike-joined",
    "p-alike-mute",
    "p-alike-bare",
    "p-winkler",
    "p-sound",
    "p-bones",
    "p-pairs",
    "p-start",
    "p-words-shared",
    "p-words-alike",
    "p-words-least",
    "p-first-alike",
    "p-last-alike",
    "p-within",
    "p-length",
    "p-longer",
    "p-words-more",
    "p-numbers",
    "p-scripts",
];

/// A name, made ready to be compared.
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

/// The comparisons of two names, [`NAMES`] in order; the same whichever comes first.
pub fn row(one: &str, other: &str) -> [f32; NAMES.len()] {
    let (a, b) = (Side::of(one), Side::of(other));
    let alike = |x: &str, y: &str| alike::alike(x, y, false);
    let mute = a.is_abjad() != b.is_abjad();
    let (short, long) = if a.words().count() <= b.words().count() { (&a, &b) } else { (&b, &a) };
    let best = |word: &str| long.words().map(|other| alike(word, other)).fold(0.0, f64::max);
    let bests: Vec<f64> = short.words().map(best).collect();
    let words: [HashSet<&str>; 2] = [a.words().collect(), b.words().collect()];
    let shared = words[0].intersection(&words[1]).count() as f64 / words[0].union(&words[1]).count().max(1) as f64;
    let least = a.joined.len().min(b.joined.len()) as f64;
    let most = a.joined.len().max(b.joined.len()).max(1) as f64;
    let start = a.joined.bytes().zip(b.joined.bytes()).take_while(|(x, y)| x == y).count() as f64;
    let within = a.joined.contains(&b.joined) || b.joined.contains(&a.joined);
    let end = |side: &Side, last: bool| if last { side.words().last() } else { side.words().next() }.map(str::to_owned);
    let ends = |last: bool| match (end(&a, last), end(&b, last)) {
        (Some(x), Some(y)) => alike(&x, &y),
        _ => 0.0,
    };
    [
        alike(&a.plain, &b.plain),
        alike(&a.joined, &b.joined),
        alike::alike(&a.joined, &b.joined, mute),
        alike(&a.bare, &b.bare),
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

/// How likely two names are of one place, 0 to 1, for a pair that is as likely to be as not.
///
/// ```
/// use allonym::pair::same;
/// assert!(same("Xankəndi", "Ханкенди") > 0.8);
/// assert!(same("Xankəndi", "Şuşa") < 0.5);
/// ```
pub fn same(one: &str, other: &str) -> f64 {
    f64::from(Model::bundled().pair.probability(&row(one, other)))
}

/// What counts in a name: figures, and the numerals that stand for them.
fn numbers(side: &Side) -> Vec<&str> {
    let roman = |word: &&str| word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    side.words().filter(|word| word.bytes().any(|b| b.is_ascii_digit()) || roman(word)).collect()
}

/// Which two scripts meet, as a number: alike, or how much a romanization leaves open.
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
