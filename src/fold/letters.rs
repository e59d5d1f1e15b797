//! One letter at a time: case, marks, compatibility forms and special letters become plain letters.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_script::{Script, UnicodeScript};

use super::simplified::{is_ideograph, simplified};

/// Appends the folded form of a letter, digit or mark to `out`; appends nothing for marks that only decorate.
pub fn fold_letter(letter: char, out: &mut String) {
    if letter.is_ascii() {
        out.push(letter.to_ascii_lowercase());
        return;
    }
    match common(letter) {
        Some(known) => out.push_str(&known.folded),
        None if is_ideograph(letter) => out.push(simplified(letter)),
        None => fold_any(letter, out),
    }
}

/// What a character does in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An uppercase letter.
    Uppercase,
    /// A lowercase letter.
    Lowercase,
    /// A letter without case, a digit.
    Letter,
    /// A mark on the letter before.
    Mark,
    /// An apostrophe in one of its many forms.
    Apostrophe,
    /// Anything else; ends a word.
    Other,
}

/// What a character does in a text.
pub fn role(c: char) -> Role {
    common(c).map_or_else(|| role_of_any(c), |known| known.role)
}

fn role_of_any(c: char) -> Role {
    if is_ideograph(c) || matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}') {
        Role::Letter
    } else if is_apostrophe(c) {
        Role::Apostrophe
    } else if is_combining_mark(c) {
        // Before letters: some vowel signs are both, and marks that may change places must not part words.
        Role::Mark
    } else if c.is_alphanumeric() {
        // Georgian has capitals only for display; its everyday letters begin names as they are.
        match c {
            '\u{10d0}'..='\u{10ff}' => Role::Letter,
            _ if c.is_lowercase() => Role::Lowercase,
            _ if c.is_uppercase() => Role::Uppercase,
            _ => Role::Letter,
        }
    } else {
        Role::Other
    }
}

/// Where the scripts of most non-ASCII text begin: Latin-1 to Arabic are folded once and kept.
const COMMON_START: usize = 0x80;
const COMMON_END: usize = 0x780;

/// A character that was looked at once.
struct Known {
    folded: Box<str>,
    role: Role,
}

fn common(letter: char) -> Option<&'static Known> {
    static COMMON: LazyLock<Vec<Known>> = LazyLock::new(|| {
        let letters = (COMMON_START..COMMON_END).map(|code| char::from_u32(code as u32).unwrap_or(' '));
        letters
            .map(|letter| {
                let mut folded = String::new();
                fold_any(letter, &mut folded);
                Known { folded: folded.into_boxed_str(), role: role_of_any(letter) }
            })
            .collect()
    });
    COMMON.get((letter as usize).wrapping_sub(COMMON_START))
}

fn fold_any(letter: char, out: &mut String) {
    for lower in letter.to_lowercase() {
        if let Some(plain) = special(lower) {
            out.push_str(plain);
            continue;
        }
        decompose_compatible(lower, |part| {
            for part in part.to_lowercase() {
                if let Some(plain) = special(part) {
                    out.push_str(plain);
                } else if is_word_part(part) && !is_decoration(part) {
                    out.push(simplified(part));
                }
            }
        });
    }
}

/// Whether a character belongs inside a word: letters, digits, and the marks that follow them.
pub fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Marks that decorate a letter of a script whose readers do without them when they must.
///
/// Not the vowel signs of Indic scripts, the tone marks of Thai or the voicing marks of kana: those tell names apart.
fn is_decoration(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' // combining marks of Latin, Greek, Cyrillic
        | '\u{483}'..='\u{489}' // Cyrillic titlo and the like
        | '\u{591}'..='\u{5c7}' // Hebrew points
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}' // Arabic
        | '\u{2de0}'..='\u{2dff}' | '\u{a66f}'..='\u{a672}' | '\u{a674}'..='\u{a67d}' | '\u{a69e}'..='\u{a69f}' // Church Slavonic
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters that no decomposition takes apart, and letters that keyboards of one script write in several ways.
fn special(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'þ' => "th",
        'ł' => "l",
        'ı' => "i",
        'ə' | 'ɛ' | 'ǝ' => "e",
        'ɔ' => "o",
        'ŋ' => "ng",
        'ħ' => "h",
        'ŧ' => "t",
        'ɓ' => "b",
        'ƙ' => "k",
        'ƴ' => "y",
        'ɨ' => "i",
        'ĸ' => "k",
        // Letters that are apostrophes in all but name.
        'ʹ'..='ˁ' | 'ˈ' | 'ꞌ' => "",
        'ς' => "σ",
        'և' => "եւ",
        'ґ' => "г",
        'ѐ' => "е",
        'ӏ' => "",
        // Arabic: one letter, many keyboards (Arabic, Persian, Urdu, Kurdish, Uyghur).
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' => "ا",
        'ى' | 'ی' | 'ې' | 'ے' | 'ئ' | 'ۍ' => "ي",
        'ؤ' => "و",
        'ة' | 'ۀ' | 'ە' | 'ہ' | 'ۃ' | 'ھ' => "ه",
        'ک' | 'ڪ' => "ك",
        'ء' => "",
        _ => return None,
    })
}

/// Whether a script is written without spaces between words, so that every letter may begin a name.
///
/// Compatibility forms (half-width kana, kanbun signs) are told by the letters that they stand for.
pub fn is_unspaced(c: char) -> bool {
    if (c as u32) < 0xe00 {
        return false;
    }
    match c.script() {
        Script::Common if c == '\u{30fc}' => true,
        Script::Common if c as u32 >= 0x2e80 => {
            let mut unspaced = false;
            decompose_compatible(c, |part| unspaced |= part != c && is_unspaced(part));
            unspaced
        }
        script => matches!(
            script,
            Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Bopomofo
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
                | Script::Tibetan
        ),
    }
}

/// Whether a character is an apostrophe in one of its many forms.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | 'ʽ' | '′' | '＇' | '׳' | '՚')
}
