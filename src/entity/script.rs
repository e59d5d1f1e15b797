//! ISO 15924 script codes.

use std::fmt;

use unicode_script::{Script as UnicodeScript, UnicodeScript as _};

/// An ISO 15924 script code, such as `Latn`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Script([u8; 4]);

impl Script {
    /// The script of a name: that of most of its letters, `Zyyy` if it has no letters, `Jpan` or `Kore` if it contains kana
    /// or hangul.
    ///
    /// ```
    /// use allonym::entity::Script;
    /// assert_eq!(Script::of("Qarabağ").as_str(), "Latn");
    /// assert_eq!(Script::of("Ղարաբաղ").as_str(), "Armn");
    /// ```
    pub fn of(text: &str) -> Script {
        let latin = text.bytes().filter(|b| b.is_ascii_alphabetic()).count();
        if latin * 2 > text.len() {
            return Script(*b"Latn");
        }
        let mut counts: Vec<(UnicodeScript, usize)> = Vec::with_capacity(2);
        for c in text.chars() {
            let script = c.script();
            if matches!(script, UnicodeScript::Common | UnicodeScript::Inherited) {
                continue;
            }
            match counts.iter_mut().find(|(s, _)| *s == script) {
                Some((_, n)) => *n += 1,
                None => counts.push((script, 1)),
            }
        }
        let has = |wanted: UnicodeScript| counts.iter().any(|(s, _)| *s == wanted);
        let han = has(UnicodeScript::Han);
        if has(UnicodeScript::Hiragana) || has(UnicodeScript::Katakana) {
            return Script(*b"Jpan");
        }
        if has(UnicodeScript::Hangul) {
            return Script(*b"Kore");
        }
        if han {
            return Script(*b"Hani");
        }
        let most = counts.iter().max_by_key(|(_, n)| *n).map_or(UnicodeScript::Common, |(s, _)| *s);
        let mut code = [0; 4];
        code.copy_from_slice(&most.short_name().as_bytes()[..4]);
        Script(code)
    }

    /// Decodes the four bytes stored in an index.
    pub(crate) fn from_bytes(bytes: [u8; 4]) -> Script {
        Script(bytes)
    }

    /// The four bytes stored in an index.
    pub(crate) fn to_bytes(self) -> [u8; 4] {
        self.0
    }

    /// The four letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_names() {
        for (name, script) in
            [("東京", "Hani"), ("さいたま市", "Jpan"), ("서울", "Kore"), ("Київ", "Cyrl"), ("123", "Zyyy")]
        {
            assert_eq!(Script::of(name).as_str(), script, "{name}");
        }
    }
}
