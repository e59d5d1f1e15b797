//! Locale codes of many habits (`pt_BR`, `sr@latin`, `zh_CN.UTF-8`, `cmn`) as canonical BCP 47 tags.

use icu_locale::{Locale, LocaleCanonicalizer, LocaleExpander};
use unicode_script::{Script, UnicodeScript};

/// Turns the sources' locale codes into tags.
pub struct Tags {
    canonicalizer: LocaleCanonicalizer,
    expander: LocaleExpander,
}

/// Languages written in more scripts than the one that their bare tag stands for.
const SCRIPTS: [(&str, &[Script]); 28] = [
    ("az", &[Script::Cyrillic, Script::Arabic]),
    ("be", &[Script::Latin]),
    ("bs", &[Script::Cyrillic]),
    ("cdo", &[Script::Latin]),
    ("crh", &[Script::Cyrillic]),
    ("ff", &[Script::Adlam]),
    ("ha", &[Script::Arabic]),
    ("hak", &[Script::Latin]),
    ("iu", &[Script::Latin]),
    ("kab", &[Script::Tifinagh]),
    ("kk", &[Script::Latin, Script::Arabic]),
    ("kok", &[Script::Latin]),
    ("ks", &[Script::Devanagari]),
    ("ku", &[Script::Arabic, Script::Cyrillic]),
    ("ky", &[Script::Arabic, Script::Latin]),
    ("mn", &[Script::Mongolian]),
    ("mni", &[Script::Meetei_Mayek]),
    ("ms", &[Script::Arabic]),
    ("pa", &[Script::Arabic]),
    ("ro", &[Script::Cyrillic]),
    ("sd", &[Script::Devanagari]),
    ("shi", &[Script::Latin, Script::Arabic]),
    ("sr", &[Script::Latin]),
    ("tg", &[Script::Latin, Script::Arabic]),
    ("tk", &[Script::Cyrillic, Script::Arabic]),
    ("tt", &[Script::Latin]),
    ("ug", &[Script::Cyrillic, Script::Latin]),
    ("uz", &[Script::Cyrillic, Script::Arabic]),
];

impl Tags {
    pub fn new() -> Tags {
        Tags { canonicalizer: LocaleCanonicalizer::new_extended(), expander: LocaleExpander::new_extended() }
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

    /// The tag under which a name in `script` may stand that its source tagged `tag`: the tag itself, the tag with the
    /// script, or none where the language is not written so.
    pub fn fitting(&self, tag: &str, script: Script) -> Option<String> {
        let mut id = Locale::try_from_str(tag).ok()?.id;
        let spoken = id.script.is_some();
        self.expander.maximize(&mut id);
        let Some(usual) = id.script else { return Some(tag.to_string()) };
        let usual: &[Script] = match usual.as_str() {
            "Hans" | "Hant" => &[Script::Han, Script::Bopomofo],
            "Jpan" => &[Script::Han, Script::Hiragana, Script::Katakana],
            "Kore" => &[Script::Hangul, Script::Han],
            name => &[Script::from_short_name(name)?],
        };
        if usual.contains(&script) {
            return Some(tag.to_string());
        }
        let more = SCRIPTS.iter().find(|(language, _)| *language == primary(tag)).map(|(_, scripts)| *scripts);
        let more = more.filter(|scripts| !spoken && scripts.contains(&script))?;
        let script = more.iter().find(|other| **other == script)?.short_name();
        let rest = tag.strip_prefix(primary(tag)).unwrap_or_default();
        self.tag(&format!("{}-{script}{rest}", primary(tag)))
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

/// The script that most of a name's letters are in.
pub fn script(text: &str) -> Option<Script> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).map(|c| c.script());
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in letters.filter(|script| !matches!(script, Script::Common | Script::Inherited | Script::Unknown)) {
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(script, _)| script)
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
    fn a_tag_must_fit_the_script() {
        let tags = Tags::new();
        for (tag, text, fitting) in [
            ("lo", "Japan", None),
            ("sr", "Beograd", Some("sr-Latn")),
            ("sr", "Београд", Some("sr")),
            ("az", "Бакы", Some("az-Cyrl")),
            ("ja", "東京", Some("ja")),
            ("zh-TW", "台北", Some("zh-TW")),
            ("ko", "서울", Some("ko")),
            ("hi-Latn", "Dilli", Some("hi-Latn")),
            ("hi", "Delhi", None),
            ("uz-AF", "کابل", Some("uz-AF")),
        ] {
            let script = script(text).expect("it has letters");
            assert_eq!(tags.fitting(tag, script).as_deref(), fitting, "{tag} {text}");
        }
    }

    #[test]
    fn a_tag_falls_back_step_by_step() {
        assert_eq!(fallbacks("zh-Hant-HK").collect::<Vec<_>>(), ["zh-Hant", "zh"]);
        assert_eq!(fallbacks("az").count(), 0);
        assert_eq!(primary("ar-AE"), "ar");
    }
}
