//! Languages and dates as sources write them, normalized to BCP 47 tags and years.

use hashbrown::HashMap;
use isolang::Language;
use language_tags::LanguageTag;

use crate::error::Result;
use crate::source::values;

/// A language tag in a table. Languages newer than the built-in registry are accepted by their ISO 639-3 code.
///
/// # Errors
/// Returns an error if there is no such language.
pub(super) fn language(text: &str) -> Result<String> {
    values::language(text).or_else(|e| if is_recent(text) { Ok(text.to_owned()) } else { Err(e) })
}

/// Whether a tag begins with a language of ISO 639-3 that has no two-letter code.
fn is_recent(tag: &str) -> bool {
    let primary = tag.split('-').next().unwrap_or_default();
    Language::from_639_3(primary).is_some_and(|language| language.to_639_1().is_none())
        && LanguageTag::parse(tag).is_ok()
}

/// Normalizes language tags and remembers the results.
#[derive(Default)]
pub(super) struct Languages(HashMap<String, Option<String>>);

impl Languages {
    /// The tag of a language, such as `en` for `eng` and `zh-TW` for `zh_tw`; `None` if there is no such language.
    pub(super) fn tag(&mut self, raw: &str) -> Option<&str> {
        if !self.0.contains_key(raw) {
            self.0.insert(raw.to_owned(), canonical(raw));
        }
        self.0.get(raw)?.as_deref()
    }
}

fn canonical(raw: &str) -> Option<String> {
    if raw.is_empty() || raw == "und" || raw == "unk" {
        return Some(String::new());
    }
    let parts: Vec<&str> = raw.split(['-', '_']).collect();
    let short = match parts[0].len() {
        3 => Language::from_639_3(&parts[0].to_ascii_lowercase()).and_then(|language| language.to_639_1()),
        _ => None,
    };
    let whole = match (short, &parts[1..]) {
        (Some(short), []) => short.to_owned(),
        (Some(short), rest) => format!("{short}-{}", rest.join("-")),
        (None, _) => parts.join("-"),
    };
    let tag = LanguageTag::parse(&whole).ok().filter(|tag| tag.validate().is_ok() || is_recent(&whole))?;
    Some(tag.canonicalize().unwrap_or(tag).to_string())
}

/// The year that a date begins with, negative before the common era: `1923`, `1923-05-01`, `19230501`, `-0330`.
pub(super) fn year(date: &str) -> Option<i16> {
    let date = date.trim();
    let (sign, digits) = match date.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, date),
    };
    let end = digits.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len());
    let year = match end {
        8 => &digits[..4],
        1..=4 => &digits[..end],
        _ => return None,
    };
    let follows = &digits[end..];
    let whole = follows.is_empty() || follows.starts_with(['-', '/', '.', 'T', '~', '?']);
    year.parse::<i16>().ok().filter(|&year| whole && year <= 2200).map(|year| sign * year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_become_tags() {
        let mut languages = Languages::default();
        for (raw, tag) in [
            ("eng", Some("en")),
            ("aze", Some("az")),
            ("zh-tw", Some("zh-TW")),
            ("zh_min_nan", Some("nan")),
            ("iw", Some("he")),
            ("und", Some("")),
            ("hy-Latn", Some("hy-Latn")),
            ("klingonish", None),
            ("x", None),
        ] {
            assert_eq!(languages.tag(raw), tag, "{raw}");
        }
    }

    #[test]
    fn years_of_dates() {
        for (date, expected) in [
            ("1923", Some(1923)),
            ("1923-05", Some(1923)),
            ("19230501", Some(1923)),
            ("-0330", Some(-330)),
            ("c. 1700", None),
            ("", None),
            ("uuuu", None),
        ] {
            assert_eq!(year(date), expected, "{date}");
        }
    }
}
