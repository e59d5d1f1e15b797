//! The language that a name's letters give away, with the country's help.

use unicode_script::Script;

use crate::lang::script;

/// Scripts of one language, as far as names of places go.
const SCRIPTS: [(Script, &str); 20] = [
    (Script::Armenian, "hy"),
    (Script::Georgian, "ka"),
    (Script::Greek, "el"),
    (Script::Thai, "th"),
    (Script::Hangul, "ko"),
    (Script::Hiragana, "ja"),
    (Script::Katakana, "ja"),
    (Script::Khmer, "km"),
    (Script::Lao, "lo"),
    (Script::Tamil, "ta"),
    (Script::Telugu, "te"),
    (Script::Kannada, "kn"),
    (Script::Malayalam, "ml"),
    (Script::Gujarati, "gu"),
    (Script::Gurmukhi, "pa"),
    (Script::Oriya, "or"),
    (Script::Sinhala, "si"),
    (Script::Thaana, "dv"),
    (Script::Cherokee, "chr"),
    (Script::Ol_Chiki, "sat"),
];

/// The language of a name in another script than Latin, if its letters and country leave one only.
pub fn language(text: &str, country: &str) -> Option<&'static str> {
    let script = script(text)?;
    let has = |letters: &str| text.chars().any(|c| letters.contains(c));
    if let Some((_, language)) = SCRIPTS.iter().find(|(one, _)| *one == script) {
        return Some(language);
    }
    match script {
        // Yiddish has letters of its own.
        Script::Hebrew => (!has("\u{5f0}\u{5f1}\u{5f2}\u{fb2e}\u{fb2f}\u{5b7}\u{5b8}")).then_some("he"),
        Script::Han if has("々ヶケ") => Some("ja"),
        Script::Han => match country {
            "JP" => Some("ja"),
            "KR" | "KP" | "VN" => None,
            "TW" => Some("zh-Hant"),
            _ => Some("zh"),
        },
        Script::Ethiopic => match country {
            "ET" => Some("am"),
            "ER" => Some("ti"),
            _ => None,
        },
        Script::Bengali => Some(if has("ৰৱ") { "as" } else { "bn" }),
        Script::Myanmar => (!text.chars().any(|c| ('\u{1050}'..='\u{109f}').contains(&c))).then_some("my"),
        Script::Tibetan => match country {
            "BT" => Some("dz"),
            "CN" => Some("bo"),
            _ => None,
        },
        Script::Devanagari => match country {
            "NP" => Some("ne"),
            _ => None,
        },
        Script::Cyrillic => cyrillic(&text.to_lowercase(), country),
        Script::Arabic => arabic(text, country),
        _ => None,
    }
}

fn cyrillic(text: &str, country: &str) -> Option<&'static str> {
    let has = |letters: &str| text.chars().any(|c| letters.contains(c));
    if has("ѓќѕ") {
        return Some("mk");
    }
    if has("ђћ") {
        return Some("sr");
    }
    if has("јљњџ") {
        return match country {
            "MK" => Some("mk"),
            "RS" | "BA" | "ME" | "XK" | "HR" | "SI" => Some("sr"),
            _ => None,
        };
    }
    if has("ӑӗӳ") {
        return Some("cv");
    }
    if has("ҡҙ") {
        return Some("ba");
    }
    if has("ҝҹ") {
        return Some("az-Cyrl");
    }
    if has("ҳҷӣӯ") {
        return (!has("ў")).then_some("tg").or(Some("uz-Cyrl").filter(|_| country == "UZ"));
    }
    if has("ұ") || (has("әғқң") && has("і")) {
        return Some("kk");
    }
    if has("әғқңөүһҗҥҕӧӱӓӈҫӀӏӕӷҭҩ\u{301}") {
        return match country {
            "MN" if has("өү") && !has("әғқңһ") => Some("mn"),
            "KG" if has("өүң") && !has("әғқһ") => Some("ky"),
            "KZ" if !has("җҫ") => Some("kk"),
            _ => None,
        };
    }
    if has("ў") {
        return (country != "UZ").then_some("be");
    }
    if has("їєґ") {
        return Some("uk");
    }
    if has("і") {
        return match country {
            "BY" => Some("be"),
            "KZ" => None,
            _ if has("ыэё") => Some("be"),
            _ => Some("uk"),
        };
    }
    match country {
        "BG" => Some("bg").filter(|_| !has("ыэё")),
        "MK" => Some("mk").filter(|_| !has("ыэёщъюяй")),
        "RS" | "ME" | "BA" | "XK" => Some("sr").filter(|_| !has("ыэёщъюяй")),
        "RU" => Some("ru"),
        "BY" => Some("ru").filter(|_| has("ищъ")),
        "UA" => Some("ru").filter(|_| has("ыэёъ")),
        "KZ" | "KG" | "MN" | "TJ" | "UZ" | "TM" | "AZ" => Some("ru").filter(|_| has("ёщ")),
        _ => Some("ru").filter(|_| has("ыэё") && has("ищъ")),
    }
}

fn arabic(text: &str, country: &str) -> Option<&'static str> {
    let has = |letters: &str| text.chars().any(|c| letters.contains(c));
    if has("ټډړږښڼۍځڅ") {
        return Some("ps");
    }
    if has("ڄڃٻڀٺٽڙڳڱڻڦڪ") {
        return Some("sd");
    }
    if has("ٹڈڑںے") {
        return ["PK", "IN", "BD", "GB", "US"].contains(&country).then_some("ur").or(Some("ur").filter(|_| has("ے")));
    }
    if has("ێۆڵڕە") {
        return ["IQ", "IR", "SY", "TR"].contains(&country).then_some("ckb").filter(|_| !has("ۈۋ"));
    }
    if has("ۇۈۋېۅ") {
        return None;
    }
    const ARAB: [&str; 22] = [
        "AE", "BH", "DJ", "DZ", "EG", "EH", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA",
        "SD", "SY", "TN", "YE",
    ];
    if has("پچژگکیہ") {
        return match country {
            "IR" => Some("fa"),
            _ => None,
        };
    }
    match country {
        "IR" => Some("fa").filter(|_| !has("يكةى")),
        _ if ARAB.contains(&country) || has("ةىأإؤ") => Some("ar"),
        "PK" | "AF" | "IN" | "CN" | "TJ" => None,
        _ => Some("ar").filter(|_| has("يك")),
    }
}

/// The language that the main names of a country's towns are in, where the country has one official language and
/// writes it in Latin letters.
pub fn of_country(country: &str) -> Option<&'static str> {
    const LANGUAGES: [(&str, &str); 27] = [
        ("az", "AZ"),
        ("cs", "CZ"),
        ("da", "DK"),
        ("de", "DE AT LI"),
        ("en", "US GB AU NZ IE BS JM BB TT AG BM"),
        ("es", "ES MX CO AR PE VE CL EC GT CU BO DO HN PY SV NI CR PA UY PR"),
        ("et", "EE"),
        ("fi", "FI"),
        ("fr", "FR MC"),
        ("hr", "HR"),
        ("hu", "HU"),
        ("id", "ID"),
        ("is", "IS"),
        ("it", "IT SM VA"),
        ("lt", "LT"),
        ("lv", "LV"),
        ("ms", "MY BN"),
        ("nb", "NO"),
        ("nl", "NL"),
        ("pl", "PL"),
        ("pt", "PT BR"),
        ("ro", "RO MD"),
        ("sk", "SK"),
        ("sl", "SI"),
        ("sq", "AL"),
        ("sv", "SE"),
        ("tr", "TR"),
    ];
    LANGUAGES.iter().find(|(_, countries)| countries.split(' ').any(|code| code == country)).map(|(lang, _)| *lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_country_tell_the_language() {
        for (text, country, lang) in [
            ("Ստեփանակերտ", "AZ", Some("hy")),
            ("თბილისი", "GE", Some("ka")),
            ("Київ", "UA", Some("uk")),
            ("Киев", "UA", None),
            ("Казань", "RU", Some("ru")),
            ("Мінск", "BY", Some("be")),
            ("Магілёў", "BY", Some("be")),
            ("Скопје", "MK", Some("mk")),
            ("Алматы қаласы", "KZ", Some("kk")),
            ("Лондон", "GB", None),
            ("گرگان", "IR", Some("fa")),
            ("القاهرة", "EG", Some("ar")),
            ("کراچی", "PK", None),
            ("لاڑکانہ", "PK", Some("ur")),
            ("አዲስ አበባ", "ET", Some("am")),
            ("東京", "JP", Some("ja")),
            ("紐約", "US", Some("zh")),
            ("ソウル", "KR", Some("ja")),
            ("Paris", "FR", None),
        ] {
            assert_eq!(language(text, country), lang, "{text} in {country}");
        }
    }
}
