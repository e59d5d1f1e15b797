//! Words that may be meant where a place's name stands: "reading", "mobile", "nice", "Paris Hilton", "Jackson".

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::fold::fold;
use crate::model::{Kind, Places};
use crate::read::census::{self, Share};
use crate::read::{rigour, wordnet};
use crate::write::Word;

const ORDINARY: &str = "ordinary";
const GIVEN: &str = "given";
const SURNAME: &str = "surname";

/// Where the words come from.
pub struct Lists<'a> {
    pub wordnet: &'a wordnet::WordNet,
    /// Groups of equal name parts of persons, given and family names alike.
    pub persons: &'a [Vec<&'a str>],
    pub given: Vec<Share>,
    pub surnames: Vec<Share>,
}

/// The rows of `words.tsv`: sorted by word, then sense.
///
/// Given names are kept in full, for they also tell that a surname follows; the others only where a place is called so.
pub fn words(places: &Places, lists: &Lists) -> Vec<Word> {
    let known = known(places);
    let mut rows: BTreeMap<(String, &'static str), (u32, &'static str)> = BTreeMap::new();
    for (word, weight) in ordinary(lists.wordnet) {
        if known.contains(&fold(&word)) {
            rows.insert((word, ORDINARY), (weight, wordnet::CODE));
        }
    }
    let mut add = |name: String, sense: &'static str, weight: u32, source: &'static str| {
        if name.chars().count() > 1 && (sense == GIVEN || known.contains(&name)) {
            let row = rows.entry((name, sense)).or_insert((0, source));
            row.0 = row.0.max(weight);
        }
    };
    let given = given(lists);
    for name in &lists.given {
        add(fold(&name.name), GIVEN, name.share, census::CODE);
    }
    for (name, count) in &given {
        add(name.clone(), GIVEN, *count, wordnet::CODE);
    }
    for name in &lists.surnames {
        add(fold(&name.name), SURNAME, name.share, census::CODE);
    }
    let common: HashSet<String> = lists.given.iter().map(|name| fold(&name.name)).chain(given.into_keys()).collect();
    for group in lists.persons {
        let latin: Vec<String> = group.iter().map(|name| fold(name)).filter(|name| is_latin_word(name)).collect();
        // A group that has a given name in it spells the same name in other languages.
        let sense = if latin.iter().filter(|name| common.contains(*name)).count() > 1 { GIVEN } else { SURNAME };
        for name in latin.into_iter().filter(|name| !common.contains(name)) {
            add(name, sense, 1, rigour::CODE);
        }
    }
    rows.into_iter().map(|((word, sense), (weight, source))| Word { word, sense, weight, source }).collect()
}

/// All names that a text could contain, folded.
fn known(places: &Places) -> HashSet<String> {
    let names = places.values().flat_map(|place| &place.names);
    names.filter(|name| !name.machine && name.kind != Kind::Code).map(|name| fold(&name.text)).collect()
}

/// Given names of the persons WordNet knows: their first names, where two persons at least share one.
fn given(lists: &Lists) -> BTreeMap<String, u32> {
    const TITLES: [&str; 16] = [
        "saint",
        "st",
        "sir",
        "king",
        "queen",
        "lord",
        "lady",
        "pope",
        "duke",
        "prince",
        "emperor",
        "baron",
        "count",
        "general",
        "president",
        "the",
    ];
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for person in &lists.wordnet.persons {
        let first = fold(person.split([' ', '-']).next().unwrap_or(person));
        if first.len() > 2 && is_latin_word(&first) && !TITLES.contains(&first.as_str()) {
            *counts.entry(first).or_default() += 1;
        }
    }
    counts.retain(|name, count| *count > 1 && !lists.wordnet.words.contains_key(name));
    counts
}

fn is_latin_word(name: &str) -> bool {
    name.len() > 2 && name.bytes().all(|b| b.is_ascii_lowercase())
}

/// English words and their inflections; the weight is the number of senses and of uses in WordNet's annotated texts.
fn ordinary(net: &wordnet::WordNet) -> HashMap<String, u32> {
    let mut words: HashMap<String, u32> = HashMap::new();
    let weight = |word: &str| {
        let senses: u32 = net.words.get(word).map(|parts| parts.values().sum()).unwrap_or_default();
        senses + net.tagged.get(word).copied().unwrap_or_default()
    };
    let mut add = |word: String, weight: u32| {
        let known = words.entry(word).or_default();
        *known = weight.max(*known);
    };
    for (word, parts) in &net.words {
        let own = weight(word);
        add(word.clone(), own);
        for part in parts.keys() {
            for inflected in inflections(word, wordnet::PARTS[*part]) {
                add(inflected, own);
            }
        }
    }
    for (inflected, word) in &net.irregular {
        if net.words.contains_key(word) {
            add(inflected.clone(), weight(word));
        }
    }
    words
}

/// The regular inflections of an English word.
fn inflections(word: &str, part: &str) -> Vec<String> {
    let sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end));
    let stem = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    let plural = match stem {
        Some(stem) => format!("{stem}ies"),
        None if sibilant => format!("{word}es"),
        None => format!("{word}s"),
    };
    match part {
        "noun" => vec![plural],
        "verb" => {
            let doubled = doubled(word);
            let base = doubled.as_deref().unwrap_or(word);
            let mute = word.strip_suffix('e');
            let past = match (stem, mute) {
                (Some(stem), _) => format!("{stem}ied"),
                (None, Some(mute)) => format!("{mute}ed"),
                (None, None) => format!("{base}ed"),
            };
            let present = match mute.filter(|mute| !mute.ends_with(['e', 'o', 'y'])) {
                Some(mute) => format!("{mute}ing"),
                None => format!("{base}ing"),
            };
            vec![plural, past, present.clone(), format!("{present}s")]
        }
        _ => Vec::new(),
    }
}

/// "stop" doubles its last letter before an ending: one vowel between consonants, in a word of one syllable.
fn doubled(word: &str) -> Option<String> {
    let vowel = |b: &u8| b"aeiou".contains(b);
    let bytes = word.as_bytes();
    let [.., a, b, c] = bytes else { return None };
    let short = bytes.iter().filter(|b| vowel(b)).count() == 1 && !word.contains(' ');
    (short && !vowel(a) && vowel(b) && !vowel(c) && !b"wxy".contains(c)).then(|| format!("{word}{}", char::from(*c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_inflect() {
        assert_eq!(inflections("reading", "noun"), ["readings"]);
        assert_eq!(inflections("stop", "verb"), ["stops", "stopped", "stopping", "stoppings"]);
        assert_eq!(inflections("bake", "verb"), ["bakes", "baked", "baking", "bakings"]);
        assert_eq!(inflections("carry", "verb"), ["carries", "carried", "carrying", "carryings"]);
        assert_eq!(inflections("church", "noun"), ["churches"]);
        assert_eq!(inflections("nice", "adj"), Vec::<String>::new());
    }
}
