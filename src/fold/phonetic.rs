//! The phonetic key and the consonant skeleton of a name, the same for every script.
//!
//! They only propose candidates: names that share one are then compared letter by letter.

use super::romanize;

/// The phonetic key of a name: its romanization with similar letters merged into classes (`kh x h`, `gh ğ q g`, `sh ş š`,
/// `a e ə`, `i y`, `o u`, `v w`), doubled letters written once and spaces removed.
///
/// ```
/// use allonym::fold::phonetic_key;
/// assert_eq!(phonetic_key("Xankəndi"), phonetic_key("Khankendi"));
/// assert_eq!(phonetic_key("Степанакерт"), phonetic_key("Stepanakert"));
/// assert_eq!(phonetic_key("Ust-Kamenogorsk"), phonetic_key("Ustkamenogorsk"));
/// ```
pub fn phonetic_key(name: &str) -> String {
    let latin = romanize(name);
    let letters: Vec<u8> =
        latin.bytes().filter(|b| b.is_ascii_alphanumeric() || *b == b'\'').map(|b| b.to_ascii_lowercase()).collect();
    let mut key = String::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let (class, taken) = class(&letters[at..], at == 0);
        for c in class.bytes() {
            if key.as_bytes().last() != Some(&c) {
                key.push(c as char);
            }
        }
        at += taken;
    }
    key
}

/// The class of the next letters and how many of them it covers.
fn class(letters: &[u8], starts: bool) -> (&'static str, usize) {
    match letters {
        [b'y', b'e', ..] if starts => ("a", 2),
        [b't', b's', b'c', b'h', ..] => ("c", 4),
        [b's', b'h', b'c', b'h', ..] => ("x", 4),
        [b'd', b'z', b'h', ..] | [b'd', b's', b'h', ..] => ("j", 3),
        [b't', b'c', b'h', ..] => ("c", 3),
        [b's', b'c', b'h', ..] => ("x", 3),
        [b's', b'h' | b'z', ..] => ("x", 2),
        [b'c', b'h' | b'z', ..] => ("c", 2),
        [b'z', b'h', ..] | [b'd', b'j', ..] => ("j", 2),
        [b'k', b'h', ..] => ("h", 2),
        [b'g', b'h', ..] => ("g", 2),
        [b'd', b'z', ..] => ("z", 2),
        [b'p', b'h', ..] => ("f", 2),
        [b't', b'h', ..] => ("t", 2),
        [b't', b's' | b'z', ..] | [b'k', b's', ..] => ("s", 2),
        [b'c', b'k', ..] | [b'q', b'u', ..] => ("k", 2),
        [b'o', b'u' | b'o', ..] => ("o", 2),
        [b'e', b'e', ..] | [b'i', b'j' | b'y', ..] => ("i", 2),
        [b'a' | b'e', ..] => ("a", 1),
        [b'i' | b'y', ..] => ("i", 1),
        [b'o' | b'u', ..] => ("o", 1),
        [b'c' | b'k', ..] => ("k", 1),
        [b'g' | b'q', ..] => ("g", 1),
        [b'h' | b'x', ..] => ("h", 1),
        [b'v' | b'w', ..] => ("v", 1),
        [other, ..] => (single(*other), 1),
        [] => ("", 1),
    }
}

/// A letter or digit that is a class of its own.
fn single(letter: u8) -> &'static str {
    const ALL: &str = "0123456789bdfjlmnprstz";
    ALL.bytes().position(|b| b == letter).map_or("", |at| &ALL[at..=at])
}

/// The consonant skeleton of a [`phonetic_key`]: what spellings in Arabic and Hebrew letters, which omit short vowels, share
/// with other spellings.
///
/// `p`, `v` and `f` become `b`, because Arabic has one letter for each pair.
///
/// ```
/// use allonym::fold::{phonetic_key, skeleton};
/// assert_eq!(skeleton(&phonetic_key("دمشق")), skeleton(&phonetic_key("Dimashq")));
/// ```
pub fn skeleton(phonetic_key: &str) -> String {
    let mut skeleton = String::new();
    for c in phonetic_key.chars() {
        let c = match c {
            'a' | 'i' | 'o' => continue,
            'p' | 'v' | 'f' => 'b',
            'c' => 'x',
            other => other,
        };
        if !skeleton.ends_with(c) {
            skeleton.push(c);
        }
    }
    skeleton
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_phonetic_key() {
        let groups: [&[&str]; 8] = [
            &["Xankəndi", "Khankendi", "Hankendi", "Ханкенди", "Խանքենդի", "ხანქენდი"],
            &["Şuşa", "Shusha", "Шуша", "Շուշա"],
            &["Qarabağ", "Garabagh", "Qarabagh"],
            &["Harkiv", "Kharkiv", "Харків"],
            &["Yerevan", "Erevan", "Երևան", "Ереван"],
            &["Saint Petersburg", "Saintpetersburg"],
            &["Ağdam", "Aghdam", "Agdam", "Агдам"],
            &["Θεσσαλονίκη", "Thessaloniki"],
        ];
        for group in groups {
            for name in group {
                assert_eq!(phonetic_key(name), phonetic_key(group[0]), "{name} and {}", group[0]);
            }
        }
    }

    #[test]
    fn skeletons_ignore_vowels() {
        for (unvowelled, latin) in [("بغداد", "Baghdad"), ("تهران", "Tehran"), ("حيفا", "Haifa"), ("باريس", "Paris")]
        {
            assert_eq!(skeleton(&phonetic_key(unvowelled)), skeleton(&phonetic_key(latin)), "{latin}");
        }
    }
}
