//! A text as folded words, each with its way back to the bytes it came from.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::letters::{Role, fold_letter, is_apostrophe, is_unspaced, role};

/// How the letters of a word are cased in the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `baku`, and `iPhone`: the first letter is small.
    Lower,
    /// `Baku`, `McAllen`: the first letter is a capital, another is not.
    Title,
    /// `BAKU`, and `U`: every letter is a capital.
    Upper,
    /// A script without case, or digits.
    Uncased,
    /// A letter whose size says nothing, because its whole text or line is written in one: see [`crate::tag`]. Reading a text
    /// never gives it.
    Caseless,
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing: two letters of a script written without spaces, or the start of the text.
    None,
    /// An apostrophe: `N'Djamena`, `Baku's`.
    Apostrophe,
    /// The dot inside an initialism: `U.S.`
    Dot,
    /// White space, within a line or where a long line was wrapped.
    Space,
    /// A hyphen or dash without spaces, a slash, the dot of a short word (`St. Louis`).
    Hyphen,
    /// A comma and white space.
    Comma,
    /// An opening parenthesis.
    Paren,
    /// Anything that no name goes across: the end of a sentence, a blank line, a semicolon.
    Break,
    /// The sign of a hashtag: `#Baku`.
    Hash,
    /// An underscore inside a hashtag: `#New_York`.
    Joined,
    /// The sign of a user's name or an address: `@baku`, `info@baku.az`, and what an underscore adds to it.
    Handle,
}

impl Gap {
    /// Whether one name may go on across this gap in running text.
    pub fn joins(self) -> bool {
        matches!(self, Gap::None | Gap::Apostrophe | Gap::Dot | Gap::Space | Gap::Hyphen | Gap::Joined)
    }
}

/// One word of a [`Folded`] text.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Where its folded letters begin in [`Folded::letters`], in bytes.
    pub at: u32,
    /// How many bytes its folded letters take.
    pub len: u32,
    /// First byte in the original.
    pub start: u32,
    /// Byte after the last in the original.
    pub end: u32,
    /// What stands before it.
    pub gap: Gap,
    /// How it is cased in the original.
    pub case: Case,
    /// Whether it is one letter of a script written without spaces.
    pub unspaced: bool,
}

/// What stands between two words in a key.
pub fn separator(before: &Word, word: &Word) -> &'static str {
    match word.gap {
        _ if before.unspaced && word.unspaced => "",
        Gap::Apostrophe | Gap::Dot if !before.unspaced && !word.unspaced => "",
        _ => " ",
    }
}

/// The short form that a word takes in a key when another word follows: `Saint Louis` and `St. Louis` are one key.
pub fn abbreviated(folded: &str) -> &str {
    match folded {
        "saint" => "st",
        "sainte" => "ste",
        "mount" => "mt",
        "fort" => "ft",
        _ => folded,
    }
}

/// A text folded into words. Reusable: [`Folded::read`] keeps the buffers' space.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    letters: String,
    words: Vec<Word>,
}

/// Longest text that is folded at once, in bytes; offsets are 32 bits wide.
pub const MAX_TEXT: usize = u32::MAX as usize / 4;

impl Folded {
    /// The words, in order.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The words, for those who know more about their letters than the letters say.
    pub(crate) fn words_mut(&mut self) -> &mut [Word] {
        &mut self.words
    }

    /// The folded letters of a word.
    pub fn letters(&self, word: &Word) -> &str {
        &self.letters[word.at as usize..(word.at + word.len) as usize]
    }

    /// The key of all words together.
    pub fn key(&self) -> String {
        self.key_of(0..self.words.len())
    }

    /// The key of a run of words. Words of letters that fold to nothing leave no trace.
    pub fn key_of(&self, range: std::ops::Range<usize>) -> String {
        let mut key = String::with_capacity(self.letters.len() + range.len());
        let words = &self.words[range];
        let mut stray = false;
        for (n, word) in words.iter().enumerate() {
            let letters = self.letters(word);
            if n > 0 {
                let separator = separator(&words[n - 1], word);
                stray |= separator.is_empty() && letters.starts_with(is_combining_mark);
                key.push_str(separator);
            }
            let spaced = words.get(n + 1).is_some_and(|next| separator(word, next) == " ");
            key.push_str(if spaced { abbreviated(letters) } else { letters });
        }
        // A mark at the start of a word joins those of the word before, and stands among them in one order.
        if stray { key.nfd().collect() } else { key }
    }

    /// Replaces the content by the words of `text`, which is at most [`MAX_TEXT`] bytes long (the rest is not read).
    pub fn read(&mut self, text: &str) {
        self.letters.clear();
        self.words.clear();
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte.is_ascii_alphanumeric() {
                at = self.word(text, at);
            } else if byte == b'&' {
                self.ampersand(text, at);
                at += 1;
            } else if byte < 0x80 {
                at += 1;
            } else {
                let letter = letter_at(text, at);
                if matches!(role(letter), Role::Apostrophe | Role::Other) {
                    at += letter.len_utf8();
                } else {
                    at = self.word(text, at);
                }
            }
        }
    }

    /// Reads the word that begins at `start`; returns where it ends.
    fn word(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let at = self.letters.len();
        let mut end = start;
        let mut case = CaseReader::default();
        let (mut unspaced, mut marked, mut bare) = (false, false, true);
        while end < bytes.len() {
            let byte = bytes[end];
            if byte.is_ascii_alphanumeric() {
                if unspaced {
                    break;
                }
                bare = false;
                self.letters.push(byte.to_ascii_lowercase() as char);
                case.ascii(byte);
                end += 1;
            } else if byte < 0x80 {
                break;
            } else {
                let letter = letter_at(text, end);
                let role = role(letter);
                if matches!(role, Role::Apostrophe | Role::Other) {
                    break;
                }
                let mark = role == Role::Mark;
                // A vowel sign that stands first is a letter of its script like any other.
                let starts_unspaced = (!mark || bare) && is_unspaced(letter);
                if end > start && !mark && (unspaced || starts_unspaced) {
                    break;
                }
                unspaced |= starts_unspaced;
                marked |= mark;
                let folded = self.letters.len();
                fold_letter(letter, &mut self.letters);
                bare &= mark || self.letters.len() == folded;
                case.letter(role);
                end += letter.len_utf8();
            }
        }
        if marked {
            // Marks that a letter brought with it and marks that follow it stand in one order, however they were typed.
            let ordered: String = self.letters[at..].nfd().collect();
            self.letters.truncate(at);
            self.letters.push_str(&ordered);
        }
        // A word of marks alone (a stray accent, a tatweel) folds to nothing and is not a word.
        if self.letters.len() > at {
            let gap = self.gap(text, start, end, unspaced);
            self.words.push(Word {
                at: at as u32,
                len: (self.letters.len() - at) as u32,
                start: start as u32,
                end: end as u32,
                gap,
                case: case.finish(),
                unspaced,
            });
        }
        end
    }

    fn ampersand(&mut self, text: &str, start: usize) {
        let gap = self.gap(text, start, start + 1, false);
        let at = self.letters.len() as u32;
        self.letters.push_str("and");
        let (start, end) = (start as u32, start as u32 + 1);
        self.words.push(Word { at, len: 3, start, end, gap, case: Case::Uncased, unspaced: false });
    }

    /// What stands between the last word and the one that fills `start..end`.
    fn gap(&self, text: &str, start: usize, end: usize, unspaced: bool) -> Gap {
        let Some(last) = self.words.last() else { return opening(&text[..start]) };
        // Stray marks stand between words like any other sign.
        let between = &text[last.end as usize..start];
        match between {
            " " => return Gap::Space,
            "" if unspaced || last.unspaced => return Gap::None,
            "_" => {
                return match last.gap {
                    Gap::Hash | Gap::Joined => Gap::Joined,
                    Gap::Handle => Gap::Handle,
                    _ => Gap::Hyphen,
                };
            }
            "-" | "‐" | "‑" | "–" | "/" | "־" | "・" | "·" => return Gap::Hyphen,
            ", " | "," | "، " | "，" | "、" => return Gap::Comma,
            // "U.S.": single letters, of a script that has capitals, with nothing but a dot between them.
            "." => {
                let single = |word: &str| {
                    let mut letters = word.chars().filter(|&c| !is_combining_mark(c));
                    letters.next().is_some_and(is_cased) && letters.next().is_none()
                };
                let (before, after) = (&text[last.start as usize..last.end as usize], &text[start..end]);
                return match (single(before), single(after)) {
                    (true, true) => Gap::Dot,
                    // "W.Va.", "N.Dak.": abbreviations without a space.
                    (true, false) if last.case == Case::Upper && after.len() <= 4 && text[end..].starts_with('.') => {
                        Gap::Hyphen
                    }
                    _ => Gap::Break,
                };
            }
            // "St. Louis": a short capitalised word and its dot.
            ". " => {
                let length = last.end - last.start;
                let short = length <= 4 && last.case == Case::Title || length == 1 && last.case == Case::Upper;
                return if short { Gap::Hyphen } else { Gap::Break };
            }
            _ => {}
        }
        let mut chars = between.chars();
        if let (Some(only), None) = (chars.next(), chars.next())
            && is_apostrophe(only)
        {
            return Gap::Apostrophe;
        }
        self.long_gap(text, between, start)
    }

    fn long_gap(&self, text: &str, between: &str, start: usize) -> Gap {
        if let Some(sign) = sign(between) {
            return sign;
        }
        let blank =
            |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if between.chars().all(blank) {
            let lines = between.matches('\n').count();
            return match lines {
                0 => Gap::Space,
                // A name goes on in the next line only where the text was wrapped.
                1 if line_before(text, start) >= WRAPPED => Gap::Space,
                _ => Gap::Break,
            };
        }
        let trimmed = between.trim_matches(blank);
        match trimmed {
            "," | "،" | "、" | "，" => Gap::Comma,
            "(" | "[" | "（" => Gap::Paren,
            _ => Gap::Break,
        }
    }
}

/// The sign of a hashtag or of a user's name at the end of what stands before a word. A `#` right behind a word is none: it
/// belongs to an address.
fn sign(between: &str) -> Option<Gap> {
    match between.as_bytes() {
        [.., b'@'] => Some(Gap::Handle),
        [.., _, b'#'] => Some(Gap::Hash),
        _ => None,
    }
}

/// What stands before the first word.
fn opening(before: &str) -> Gap {
    match before {
        "#" => Gap::Hash,
        _ => sign(before).unwrap_or(Gap::None),
    }
}

/// Bytes from which on a line counts as wrapped prose rather than as an item of a list.
const WRAPPED: usize = 50;

/// How long the line is that ends last before `start`, in bytes.
fn line_before(text: &str, start: usize) -> usize {
    let Some(end) = text[..start].rfind('\n') else { return 0 };
    let bytes = &text.as_bytes()[..end];
    let from = end.saturating_sub(WRAPPED + 1);
    match bytes[from..].iter().rposition(|&b| b == b'\n') {
        Some(newline) => end - (from + newline) - 1,
        None => end - from,
    }
}

/// Whether a letter is of a script with capitals: small, or with a small form.
fn is_cased(c: char) -> bool {
    c.is_lowercase() || !c.to_lowercase().eq([c])
}

fn letter_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or(' ')
}

/// Tells the case of a word from its letters, one at a time.
#[derive(Default)]
struct CaseReader {
    first_upper: Option<bool>,
    any_lower: bool,
}

impl CaseReader {
    fn ascii(&mut self, byte: u8) {
        if byte.is_ascii_lowercase() {
            self.first_upper.get_or_insert(false);
            self.any_lower = true;
        } else if byte.is_ascii_uppercase() {
            self.first_upper.get_or_insert(true);
        }
    }

    fn letter(&mut self, role: Role) {
        match role {
            Role::Lowercase => {
                self.first_upper.get_or_insert(false);
                self.any_lower = true;
            }
            Role::Uppercase => {
                self.first_upper.get_or_insert(true);
            }
            _ => {}
        }
    }

    fn finish(self) -> Case {
        match (self.first_upper, self.any_lower) {
            (None, _) => Case::Uncased,
            (Some(false), _) => Case::Lower,
            (Some(true), true) => Case::Title,
            (Some(true), false) => Case::Upper,
        }
    }
}
