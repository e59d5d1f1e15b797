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
    const LONG: [(&[u8], &str); 27] = [
        (b"tsch", "c"),
        (b"shch", "x"),
        (b"dzh", "j"),
        (b"tch", "c"),
        (b"sch", "x"),
        (b"dsh", "j"),
        (b"kh", "h"),
        (b"gh", "g"),
        (b"sh", "x"),
        (b"ch", "c"),
        (b"cz", "c"),
        (b"sz", "x"),
        (b"zh", "j"),
        (b"dj", "j"),
        (b"dz", "z"),
        (b"ph", "f"),
        (b"th", "t"),
        (b"ts", "s"),
        (b"tz", "s"),
        (b"ck", "k"),
        (b"ks", "s"),
        (b"qu", "k"),
        (b"ou", "o"),
        (b"oo", "o"),
        (b"ee", "i"),
        (b"ij", "i"),
        (b"iy", "i"),
    ];
    if starts && letters.starts_with(b"ye") {
        return ("a", 2);
    }
    if let Some((long, class)) = LONG.iter().find(|(long, _)| letters.starts_with(long)) {
        return (class, long.len());
    }
    let class = match letters[0] {
        b'a' | b'e' => "a",
        b'i' | b'y' => "i",
        b'o' | b'u' => "o",
        b'b' => "b",
        b'c' | b'k' => "k",
        b'd' => "d",
        b'f' => "f",
        b'g' | b'q' => "g",
        b'h' | b'x' => "h",
        b'j' => "j",
        b'l' => "l",
        b'm' => "m",
        b'n' => "n",
        b'p' => "p",
        b'r' => "r",
        b's' => "s",
        b't' => "t",
        b'v' | b'w' => "v",
        b'z' => "z",
        b'0' => "0",
        b'1' => "1",
        b'2' => "2",
        b'3' => "3",
        b'4' => "4",
        b'5' => "5",
        b'6' => "6",
        b'7' => "7",
        b'8' => "8",
        b'9' => "9",
        _ => "",
    };
    (class, 1)
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
    let mut bones = String::new();
    for c in sound(name).chars() {
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
