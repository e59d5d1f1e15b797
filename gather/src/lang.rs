//! Locale codes of many habits (`pt_BR`, `sr@latin`, `zh_CN.UTF-8`, `cmn`) as canonical BCP 47 tags.

use icu_locale::{Locale, LocaleCanonicalizer};

/// Turns the sources' locale codes into tags.
pub struct Tags {
    canonicalizer: LocaleCanonicalizer,
}

impl Tags {
    pub fn new() -> Tags {
        Tags { canonicalizer: LocaleCanonicalizer::new_extended() }
    }

    /// The canonical tag, or none if `code` is no language (`root`, `und`, a mistake).
    pub fn tag(&self, code: &str) -> Option<String> {
        let mut locale = Locale::try_from_str(&hyphenated(code)).ok()?;
        // Collations, calendars and the like say nothing about a name.
        locale.extensions = icu_locale::extensions::Extensions::default();
        self.canonicalizer.canonicalize(&mut locale);
        let tag = locale.to_string();
        (!locale.id.language.is_unknown() && code != "root").then_some(tag)
    }
}

/// POSIX to BCP 47: the encoding goes, a modifier is a script or a variant.
fn hyphenated(code: &str) -> String {
    let (base, modifier) = code.split_once('@').unwrap_or((code, ""));
    let base = base.split('.').next().unwrap_or(base).replace('_', "-");
    let script = match modifier {
        "latin" => "Latn",
        "cyrillic" => "Cyrl",
        "devanagari" => "Deva",
        "arabic" => "Arab",
        "hebrew" => "Hebr",
        "iqtelif" => return format!("{base}-Latn"),
        "" | "euro" => return base,
        variant => return format!("{base}-{variant}"),
    };
    match base.split_once('-') {
        Some((language, rest)) => format!("{language}-{script}-{rest}"),
        None => format!("{base}-{script}"),
    }
}

/// The shorter tags that `tag` falls back to: `zh-Hant-HK` to `zh-Hant`, then `zh`.
pub fn fallbacks(tag: &str) -> impl Iterator<Item = &str> {
    tag.rmatch_indices('-').map(move |(at, _)| &tag[..at])
}

/// The language without script, region and variant.
pub fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_of_all_habits_become_tags() {
        let tags = Tags::new();
        for (code, tag) in [
            ("az", "az"),
            ("pt_BR", "pt-BR"),
            ("zh_TW", "zh-TW"),
            ("zh_Hant", "zh-Hant"),
            ("sr@latin", "sr-Latn"),
            ("sr_RS@latin", "sr-Latn-RS"),
            ("az_Cyrl", "az-Cyrl"),
            ("ca@valencia", "ca-valencia"),
            ("ca-ES-valencia", "ca-ES-valencia"),
            ("be@tarask", "be-tarask"),
            ("de_DE.UTF-8", "de-DE"),
            ("cmn", "zh"),
            ("iw", "he"),
            ("sh", "sr-Latn"),
        ] {
            assert_eq!(tags.tag(code).as_deref(), Some(tag), "{code}");
        }
        for code in ["root", "und", "", "x", "not a locale", "link"] {
            assert_eq!(tags.tag(code), None, "{code}");
        }
    }

    #[test]
    fn a_tag_falls_back_step_by_step() {
        assert_eq!(fallbacks("zh-Hant-HK").collect::<Vec<_>>(), ["zh-Hant", "zh"]);
        assert_eq!(fallbacks("az").count(), 0);
        assert_eq!(primary("ar-AE"), "ar");
    }
}
