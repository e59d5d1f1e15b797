//! Names without case, marks and punctuation, for comparing what two sources say. Nothing folded is written.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower-case letters and digits in single-spaced words; Latin letters lose their marks.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.nfkd() {
        // Marks carry no sense on Latin, Greek and Cyrillic letters, but they are the vowels of Indic ones.
        if ('\u{300}'..='\u{36f}').contains(&c) || matches!(c, '\'' | '’' | 'ʼ' | '‘' | 'ʻ' | '`' | 'ʿ' | 'ʾ' | '.')
        {
            continue;
        }
        if !(c.is_alphanumeric() || is_combining_mark(c)) {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        for c in c.to_lowercase() {
            match c {
                'ı' => folded.push('i'),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ħ' => folded.push('h'),
                'ə' | 'ǝ' => folded.push('a'),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ß' => folded.push_str("ss"),
                'þ' => folded.push_str("th"),
                '\u{300}'..='\u{36f}' => {}
                c => folded.push(c),
            }
        }
    }
    folded
}

/// The folded name without the words that only say what kind of unit it is: "Kyivska oblast" is "kyivska".
///
/// A name that is nothing but such words ("Región Metropolitana") stays whole.
pub fn bare(folded: &str) -> String {
    let words: Vec<&str> = folded.split(' ').filter(|word| !is_type_word(word)).collect();
    if words.is_empty() { folded.to_string() } else { words.join(" ") }
}

/// The words that say what kind of unit a name stands for, in the languages the sources use most.
static TYPE_WORDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| include_str!("../type_words.txt").split_whitespace().map(fold).collect());

/// Whether a folded word only says what kind of unit a name stands for.
pub fn is_type_word(word: &str) -> bool {
    TYPE_WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_case_and_punctuation_go() {
        assert_eq!(fold("Xankəndi"), "xankandi");
        assert_eq!(fold("  Saint-Étienne "), "saint etienne");
        assert_eq!(fold("L'Aquila"), "laquila");
        assert_eq!(fold("İstanbul"), "istanbul");
        assert_eq!(fold("मुंबई"), "मुंबई");
    }

    #[test]
    fn type_words_go_unless_they_are_all() {
        assert_eq!(bare(&fold("Fulton County")), "fulton");
        assert_eq!(bare(&fold("Київська область")), "киівська");
        assert_eq!(bare(&fold("District Region")), "district region");
    }
}
