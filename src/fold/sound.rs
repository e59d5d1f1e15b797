//! What a name sounds like, roughly and in any script: spellings that people hold for the same share a sound.
//!
//! A sound only *proposes*: names that share one are compared letter by letter before anything is answered.

use super::romanize;

/// The sound of a name: its romanization with like letters made one (`kh x h`, `gh ğ q g`, `sh ş š`, `a e ə`,
/// `i y`, `o u`, `v w`), doubled letters single and spaces gone.
///
/// ```
/// use allonym::fold::sound;
/// assert_eq!(sound("Xankəndi"), sound("Khankendi"));
/// assert_eq!(sound("Степанакерт"), sound("Stepanakert"));
/// assert_eq!(sound("Ust-Kamenogorsk"), sound("Ustkamenogorsk"));
/// ```
pub fn sound(name: &str) -> String {
    let latin = romanize(name);
    let letters: Vec<u8> =
        latin.bytes().filter(|b| b.is_ascii_alphanumeric() || *b == b'\'').map(|b| b.to_ascii_lowercase()).collect();
    let mut sound = String::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let (class, taken) = class(&letters[at..], at == 0);
        for c in class.bytes() {
            if sound.as_bytes().last() != Some(&c) {
                sound.push(c as char);
            }
        }
        at += taken;
    }
    sound
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

/// The consonants of a sound: what Arabic and Hebrew spellings, which leave short vowels out, share with the others.
///
/// `p`, `v` and `f` meet `b` because Arabic has one letter for each pair.
///
/// ```
/// use allonym::fold::bones;
/// assert_eq!(bones("دمشق"), bones("Dimashq"));
/// ```
pub fn bones(name: &str) -> String {
    bones_of(&sound(name))
}

/// [`bones`] of a name whose sound is known.
pub fn bones_of(sound: &str) -> String {
    let mut bones = String::new();
    for c in sound.chars() {
        let c = match c {
            'a' | 'i' | 'o' => continue,
            'p' | 'v' | 'f' => 'b',
            'c' => 'x',
            other => other,
        };
        if !bones.ends_with(c) {
            bones.push(c);
        }
    }
    bones
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_sound() {
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
                assert_eq!(sound(name), sound(group[0]), "{name} and {}", group[0]);
            }
        }
    }

    #[test]
    fn consonants_meet_across_vowels() {
        for (unvowelled, latin) in [("بغداد", "Baghdad"), ("تهران", "Tehran"), ("حيفا", "Haifa"), ("باريس", "Paris")]
        {
            assert_eq!(bones(unvowelled), bones(latin), "{latin}");
        }
    }
}
