//! What a name is to its place, as far as the sources let one say.

use crate::fold::fold;
use crate::lang::primary;
use crate::model::{Kind, Name, Place};

/// Decides the kinds of a place's names that no source has said anything about.
///
/// Endonym here means no more than: the name's language is among those that GeoNames lists for the country.
pub fn decide(place: &mut Place, languages: &[String]) {
    let town = place.is_town();
    let names: Vec<String> = place
        .names
        .iter()
        .filter(|name| !name.text.is_ascii() || !is_caps(&name.text))
        .map(|name| fold(&name.text))
        .collect();
    for name in place.names.iter_mut().filter(|name| name.kind == Kind::Alternate) {
        if !name.lang.is_empty() {
            if languages.iter().any(|language| language == primary(&name.lang)) {
                name.kind = Kind::Endonym;
            }
        } else if name.text != place.label && is_machine_romanized(&name.text) {
            name.kind = Kind::Romanized;
            name.machine = true;
        } else if town && is_code(&name.text) && name.text != place.label && !names.contains(&fold(&name.text)) {
            name.kind = Kind::Code;
        }
    }
    for name in place.names.iter_mut().filter(|name| name.kind == Kind::Short && is_abbreviation(&name.text)) {
        name.kind = Kind::Abbreviation;
    }
    if place.country.is_empty() {
        return;
    }
    let own: Vec<String> =
        place.names.iter().filter(|name| name.kind == Kind::Endonym).map(|name| name.text.clone()).collect();
    for name in &mut place.names {
        if is_foreign(name) && name.text != place.label && !own.contains(&name.text) {
            name.kind = Kind::Exonym;
        }
    }
}

fn is_foreign(name: &Name) -> bool {
    name.kind == Kind::Alternate && !name.lang.is_empty()
}

/// GeoNames' alternates include romanizations made by rule, all in small letters: "mmbay", "han ken de", "mʿskr".
fn is_machine_romanized(text: &str) -> bool {
    let mut letter = false;
    for c in text.chars() {
        match c {
            'a'..='z' => letter = true,
            ' ' | '-' | '\'' | '`' | '.' | '/' | ':' | '"' | '’' | '‘' | '0'..='9' | 'ʻ' | 'ʼ' | 'ʾ' | 'ʿ' | 'ٱ' =>
                {}
            _ => return false,
        }
    }
    letter
}

/// Codes of airports and railways that pass for names: "IEV".
fn is_code(text: &str) -> bool {
    matches!(text.len(), 3 | 4) && is_caps(text)
}

/// CLDR calls "USA" and "EE. UU." short; they are a few capitals, where the script has any.
fn is_abbreviation(text: &str) -> bool {
    text.chars().count() <= 7 && text.chars().all(|c| c.is_uppercase() || matches!(c, '.' | ' ' | '-'))
}

fn is_caps(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kyiv_has_a_name_of_each_kind() {
        let mut place = Place::new("P.PPLC", "UA", "Kyiv", "a");
        for (text, lang) in [
            ("Київ", "uk"),
            ("Киев", "ru"),
            ("Kyjev", "cs"),
            ("Kyiv", "nl"),
            ("IEV", ""),
            ("kyyf", ""),
            ("Kief", ""),
            ("KYIV", ""),
        ] {
            place.names.push(Name::new(text, lang, "a"));
        }
        decide(&mut place, &["uk".to_string(), "ru".to_string()]);
        let kinds: Vec<Kind> = place.names.iter().map(|name| name.kind).collect();
        use Kind::{Alternate, Code, Endonym, Exonym, Romanized};
        assert_eq!(kinds, [Alternate, Endonym, Endonym, Exonym, Alternate, Code, Romanized, Alternate, Alternate]);
        assert!(place.names[6].machine && !place.names[5].machine);
    }

    #[test]
    fn machine_made_is_small_ascii_only() {
        assert!(is_machine_romanized("han ken de") && is_machine_romanized("mʿskr") && is_machine_romanized("ko"));
        assert!(is_abbreviation("EE. UU.") && is_abbreviation("АҚШ") && !is_abbreviation("Marekani"));
        assert!(!is_machine_romanized("Ko") && !is_machine_romanized("bağ") && !is_machine_romanized("10"));
    }
}
