//! What a name may look like without the endings and prefixes of its language's grammar.
//!
//! For scripts whose languages inflect names in running text as a rule and whose words are not written in Latin letters:
//! `в Баку, из Еревана`, `Երևանում`, `თბილისში`, `Αθήνας`, `وبيروت`, `בירושלים`. Only case endings of nouns are undone, one
//! word at a time; a stem counts where it is a name.

/// Endings and what may stand in their place, on folded words; the longer endings first.
type Endings = &'static [(&'static str, &'static [&'static str])];

/// Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Macedonian nouns (й is и, ї is і after folding).
const CYRILLIC: Endings = &[
    ("иеи", &["ия"]),
    ("ією", &["ія"]),
    ("ами", &["ы", "и", "а"]),
    ("ии", &["ия"]),
    ("ию", &["ия"]),
    ("іі", &["ія"]),
    ("ію", &["ія"]),
    ("ом", &["", "о"]),
    ("ем", &["", "ь", "и", "е"]),
    ("ои", &["а"]),
    ("ою", &["а"]),
    ("еи", &["я", "а"]),
    ("ах", &["ы", "и", "а"]),
    ("ове", &["ов", "ово"]),
    ("ов", &["ы", "и"]),
    ("а", &["", "о"]),
    ("я", &["ь", "и"]),
    ("у", &["", "а", "о"]),
    ("ю", &["ь", "и", "я"]),
    ("е", &["", "а", "о", "я", "ь", "и"]),
    ("ы", &["а"]),
    ("и", &["а", "я", "ь"]),
    ("і", &["", "а", "о", "ь"]),
];

/// Adjectives before a noun, in Russian and Ukrainian: `Северной Каролины`, `Нагорного Карабаха`.
const CYRILLIC_ADJECTIVES: Endings = &[
    ("ыми", &["ые"]),
    ("ими", &["ие"]),
    ("ого", &["ыи", "ии", "ое", "ои"]),
    ("его", &["ии", "ее"]),
    ("ому", &["ыи", "ии", "ое", "ои"]),
    ("ых", &["ые"]),
    ("их", &["ие", "і"]),
    ("ым", &["ыи", "ое"]),
    ("им", &["ии", "ее"]),
    ("ом", &["ыи", "ии", "ое", "ои"]),
    ("ои", &["ая", "а"]),
    ("оі", &["а"]),
    ("іи", &["а"]),
    ("еи", &["яя", "ая"]),
    ("ую", &["ая"]),
    ("юю", &["яя"]),
];

/// Polish and Czech, German and Dutch, Finnish, Turkish and Azerbaijani, Hungarian: in texts that are not English.
const LATIN: Endings = &[
    ("ngissa", &["nki"]),
    ("ngista", &["nki"]),
    ("ngin", &["nki"]),
    ("czech", &["cy"]),
    ("owie", &["ow", "owo"]),
    ("ynie", &["yn", "ynia"]),
    ("inie", &["in", "ina"]),
    ("anie", &["an", "ana"]),
    ("onie", &["on", "ona"]),
    ("awie", &["awa"]),
    ("dzie", &["d", "da"]),
    ("issa", &["i"]),
    ("ista", &["i"]),
    ("ndan", &[""]),
    ("nden", &[""]),
    ("sce", &["ska"]),
    ("cie", &["t", "ta"]),
    ("rze", &["r", "ra"]),
    ("ssa", &[""]),
    ("sta", &[""]),
    ("lla", &[""]),
    ("lta", &[""]),
    ("lle", &[""]),
    ("nda", &[""]),
    ("nde", &[""]),
    ("dan", &[""]),
    ("den", &[""]),
    ("tan", &[""]),
    ("ten", &[""]),
    ("nin", &[""]),
    ("nun", &[""]),
    ("ban", &[""]),
    ("ben", &[""]),
    ("bol", &[""]),
    ("rol", &[""]),
    ("nak", &[""]),
    ("nek", &[""]),
    ("iem", &["", "ie"]),
    ("iach", &["ia", "ie", "y"]),
    ("ach", &["a", "y", "i", ""]),
    ("iami", &["ia", "ie"]),
    ("ami", &["a", "y", "i", ""]),
    ("iom", &["ie"]),
    ("ie", &["", "a", "o"]),
    ("ego", &["y", "e"]),
    ("ej", &["a"]),
    ("om", &["y", "i"]),
    ("ii", &["ia"]),
    ("ji", &["ja"]),
    ("iu", &["", "ie"]),
    ("da", &[""]),
    ("de", &[""]),
    ("ta", &[""]),
    ("te", &[""]),
    ("in", &[""]),
    ("un", &[""]),
    ("ya", &[""]),
    ("ye", &[""]),
    ("em", &[""]),
    ("s", &[""]),
    ("n", &[""]),
    ("a", &[""]),
    ("u", &["", "o", "a"]),
    ("y", &["a"]),
    ("i", &["a", "ia", ""]),
    ("e", &["a"]),
];

/// Eastern Armenian: genitive, dative, ablative, instrumental, locative, the article.
const ARMENIAN: Endings = &[
    ("ներում", &[""]),
    ("ում", &[""]),
    ("ից", &[""]),
    ("ով", &[""]),
    ("ին", &[""]),
    ("ի", &[""]),
    ("ը", &[""]),
    ("ն", &[""]),
];

/// Georgian: locative, ablative, dative, genitive, ergative.
const GEORGIAN: Endings = &[
    ("იდან", &["ი"]),
    ("დან", &["", "ი"]),
    ("ში", &["ი", ""]),
    ("ზე", &["ი", ""]),
    ("ის", &["ი", "ა"]),
    ("მა", &["ი"]),
    ("ს", &["ი", ""]),
];

/// Greek: genitive and accusative.
const GREEK: Endings = &[
    ("ου", &["οσ", "ο"]),
    ("ουσ", &["οι"]),
    ("ων", &["α", "εσ"]),
    ("σ", &[""]),
    ("ο", &["οσ"]),
    ("α", &["ασ"]),
    ("η", &["ησ"]),
];

/// Arabic `and`, `in`, `to`, `so`, `as` are written together with the next word.
const ARABIC: &[&str] = &["و", "ب", "ل", "ف", "ك", "وب", "ول"];

/// Hebrew `and`, `the`, `in`, `to`, `from`, `that`, `as`.
const HEBREW: &[&str] = &["ו", "ה", "ב", "ל", "מ", "ש", "כ", "וב", "ול", "ומ", "וה", "שב"];

/// The least length of a name without its ending or prefix, in letters.
const SHORTEST: usize = 3;

/// The least number of letters left in the text if the ending changes the stem: `Polsce`, from Polska.
const LEAST: usize = 2;

fn endings(word: &str) -> Endings {
    match word.chars().next() {
        Some('\u{400}'..='\u{52f}') => CYRILLIC,
        Some('\u{531}'..='\u{58f}') => ARMENIAN,
        Some('\u{10d0}'..='\u{10ff}') => GEORGIAN,
        Some('\u{370}'..='\u{3ff}') => GREEK,
        Some('a'..='z') => LATIN,
        _ => &[],
    }
}

/// Calls `each` with every form that the folded word may be the inflection of, until it says that it is enough.
pub fn stems(word: &str, stem: &mut String, each: impl FnMut(&str) -> bool) {
    let shortest = if word.is_ascii() { SHORTEST + 1 } else { SHORTEST };
    undo(endings(word), word, shortest, stem, each);
}

/// The same for an adjective that another word of the name follows.
pub fn adjective_stems(word: &str, stem: &mut String, each: impl FnMut(&str) -> bool) {
    if let Some('\u{400}'..='\u{52f}') = word.chars().next() {
        undo(CYRILLIC_ADJECTIVES, word, SHORTEST, stem, each);
    }
}

fn undo(endings: Endings, word: &str, shortest: usize, stem: &mut String, mut each: impl FnMut(&str) -> bool) {
    for (ending, replacements) in endings {
        let Some(root) = word.strip_suffix(ending) else { continue };
        let letters = root.chars().count();
        let least = if word.is_ascii() { LEAST } else { shortest };
        for replacement in *replacements {
            if letters < least || letters + replacement.chars().count() < shortest {
                continue;
            }
            stem.clear();
            stem.push_str(root);
            stem.push_str(replacement);
            if each(stem) {
                return;
            }
        }
    }
}

/// The parts of a folded word behind the prefixes that it may begin with: how many letters the prefix has, and the rest.
pub fn strip_prefixes(word: &str) -> impl Iterator<Item = (usize, &str)> {
    let prefixes = match word.chars().next() {
        Some('\u{620}'..='\u{6ff}') => ARABIC,
        Some('\u{5d0}'..='\u{5ea}') => HEBREW,
        _ => &[],
    };
    prefixes.iter().filter_map(move |prefix| {
        let rest = word.strip_prefix(prefix)?;
        (rest.chars().count() + 1 >= SHORTEST).then(|| (prefix.chars().count(), rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Key;

    #[test]
    fn inflected_names_lead_to_their_names() {
        let rows = [
            ("Еревана", "Ереван"),
            ("Москве", "Москва"),
            ("Киеве", "Киев"),
            ("Армении", "Армения"),
            ("Україні", "Україна"),
            ("Երևանում", "Երևան"),
            ("Ստեփանակերտից", "Ստեփանակերտ"),
            ("თბილისში", "თბილისი"),
            ("Αθήνας", "Αθήνα"),
        ];
        for (inflected, name) in rows {
            let (word, wanted) = (Key::of(inflected), Key::of(name));
            let mut found = false;
            stems(word.as_str(), &mut String::new(), |stem| {
                found |= stem == wanted.as_str();
                found
            });
            assert!(found, "{inflected}");
        }
        for (prefixed, name) in [("وبيروت", "بيروت"), ("בירושלים", "ירושלים")] {
            let (word, wanted) = (Key::of(prefixed), Key::of(name));
            assert!(strip_prefixes(word.as_str()).any(|(_, rest)| rest == wanted.as_str()), "{prefixed}");
        }
    }
}
