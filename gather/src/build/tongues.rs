//! Languages of names: taken from tags that their script contradicts, and given where script, letters and country
//! leave no doubt. Names in Latin letters get none here: their language cannot be told from the letters.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use super::World;
use crate::lang::primary;
use crate::model::{Kind, Name};
use crate::read::{cldr_dates, cldr_territories, libgeonames};
use crate::report::Section;
use crate::script::{of, script};

/// A script in which trusted sources write less than this part of a language's names is not the language's.
const SHARE: f64 = 0.05;

/// Takes the language from names that are not in its script. keshvar leaves English names under Lao, Pashto, Inuktitut.
pub fn untag(world: &mut World) {
    let trusted = [libgeonames::CODE, cldr_territories::CODE, cldr_dates::CODE];
    let mut scripts: HashMap<String, BTreeMap<&'static str, usize>> = HashMap::new();
    for name in world.places.values().flat_map(|place| &place.names).filter(|name| trusted.contains(&name.source)) {
        if let (false, Some(script)) = (name.lang.is_empty(), script(&name.text)) {
            *scripts.entry(without_region(&name.lang)).or_default().entry(script).or_default() += 1;
        }
    }
    let usual = |lang: &str, script: &str| {
        let Some(counts) = scripts.get(&without_region(lang)).or_else(|| scripts.get(primary(lang))) else {
            return true;
        };
        let all: usize = counts.values().sum();
        counts.get(script).is_some_and(|count| *count as f64 >= SHARE * all as f64)
    };
    for place in world.places.values_mut() {
        for name in place.names.iter_mut().filter(|name| !name.lang.is_empty()) {
            if matches!(name.kind, Kind::Code | Kind::Abbreviation | Kind::Demonym) {
                continue;
            }
            let Some(script) = script(&name.text) else { continue };
            if !usual(&name.lang, script) {
                world.report.note(Section::Mended, "languages taken from names in another script", || {
                    format!("{} ({})", name.text, name.lang)
                });
                name.lang.clear();
            }
        }
    }
}

/// `sr-Latn-RS` as `sr-Latn`.
fn without_region(tag: &str) -> String {
    let parts = tag.split('-').take(2);
    let kept: Vec<&str> = parts.enumerate().filter(|(at, part)| *at == 0 || part.len() == 4).map(|(_, p)| p).collect();
    kept.join("-")
}

/// Gives a language to names that have none, where it is beyond doubt.
pub fn tag(world: &mut World) {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for place in world.places.values_mut() {
        place.names.retain(|name| {
            let broken = name.lang.is_empty() && is_half_transliterated(&name.text) && name.text != place.label;
            if broken {
                world.report.note(Section::Dropped, "transliterated halfway", || name.text.clone());
            }
            !broken
        });
        let country = place.country.clone();
        for name in place.names.iter_mut().filter(|name| name.lang.is_empty() && may_be_tagged(name)) {
            if let Some(lang) = language(&name.text, &country) {
                name.lang = lang.to_string();
                *counts.entry(lang).or_default() += 1;
            }
        }
    }
    for (lang, count) in counts {
        world.report.count(Section::Tagged, lang, count);
    }
}

fn may_be_tagged(name: &Name) -> bool {
    !name.machine && !matches!(name.kind, Kind::Code | Kind::Abbreviation | Kind::Romanized)
}

const ARAB: [&str; 22] = [
    "AE", "BH", "DZ", "EG", "EH", "IQ", "JO", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA", "SD", "SY", "TN",
    "YE", "SO", "DJ",
];
/// Where towns have names in Yiddish too.
const YIDDISH: [&str; 18] =
    ["AT", "BY", "CZ", "DE", "EE", "FR", "HU", "LT", "LV", "MD", "NL", "PL", "RO", "RU", "SK", "UA", "BE", "RS"];

/// The language of a name by its script, its letters and the country of the place; none if two are possible.
///
/// Each rule was measured against names whose language is known; those below 97 in 100 are not here.
pub fn language(text: &str, country: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let any = |letters: &str| lower.contains(|c| letters.contains(c));
    let lang = match script(text)? {
        "Armn" => "hy",
        "Grek" => "el",
        // Mingrelian is written in Georgian letters too.
        "Geor" if !matches!(country, "GE" | "TR") => "ka",
        "Hang" => "ko",
        "Jpan" => "ja",
        "Thai" => "th",
        "Laoo" => "lo",
        "Khmr" => "km",
        "Thaa" => "dv",
        "Taml" => "ta",
        "Telu" => "te",
        "Knda" => "kn",
        "Gujr" => "gu",
        "Guru" => "pa",
        "Mlym" => "ml",
        "Sinh" => "si",
        "Orya" => "or",
        "Beng" if !any("ৰৱ") => "bn",
        // Shan, Mon and Karen have letters of their own.
        "Mymr"
            if text.chars().all(|c| {
                u32::from(c) < 0x1050 && !matches!(c, '\u{1022}' | '\u{1028}' | '\u{1033}' | '\u{1034}' | '\u{1035}')
            }) =>
        {
            "my"
        }
        "Ethi" if !matches!(country, "ER" | "ET") => "am",
        "Hebr" if country == "IL" || !(YIDDISH.contains(&country) || is_yiddish(text)) => "he",
        "Hani" => chinese(text, country)?,
        "Cyrl" => cyrillic(&lower, country)?,
        "Arab" => arabic(text, country)?,
        _ => return None,
    };
    Some(lang)
}

fn is_yiddish(text: &str) -> bool {
    ["ײ", "װ", "ױ", "יי", "וו", "ע", "אָ", "אַ"].iter().any(|letters| text.contains(letters))
}

/// Chinese characters are Chinese but in Japan, Korea and Viet Nam; traditional ones say so.
fn chinese(text: &str, country: &str) -> Option<&'static str> {
    static TRADITIONAL: LazyLock<HashSet<char>> = LazyLock::new(|| {
        let rows = include_str!("../../../data/lang/simplified.tsv").lines().skip(1);
        let cells = rows.filter_map(|row| {
            let mut cells = row.split('\t');
            Some((cells.next()?.chars().next()?, cells.next()?))
        });
        // Those that are used in simplified texts too ("乾") tell nothing.
        cells.filter(|(traditional, simplified)| !simplified.contains(*traditional)).map(|(c, _)| c).collect()
    });
    match country {
        "JP" => Some("ja"),
        "KR" | "KP" | "VN" => None,
        _ if text.chars().any(|c| TRADITIONAL.contains(&c)) => Some("zh-Hant"),
        _ => Some("zh"),
    }
}

fn cyrillic(lower: &str, country: &str) -> Option<&'static str> {
    let any = |letters: &str| lower.contains(|c| letters.contains(c));
    if any("ӏӧӱӓӹѣѧѫꙋꙑѳѵ") {
        return None;
    }
    if any("ҙҡ") {
        return Some("ba");
    }
    if any("ӑӗӳҫ") {
        return Some("cv");
    }
    if any("ҷҳӣӯ") {
        return Some("tg").filter(|_| !any("қў") || matches!(country, "TJ"));
    }
    if any("әғқңөүұһҗӕ") {
        return Some("kk").filter(|_| any("ұ") || (any("і") && any("әғқңөү")));
    }
    if any("ў") {
        return Some("be").filter(|_| !matches!(country, "UZ" | "TJ" | "KG" | "TM" | "KZ"));
    }
    if any("ґїє") {
        return Some("uk").filter(|_| !any("ыэё"));
    }
    if any("ѓќѕ") {
        return Some("mk");
    }
    if any("ђћ") {
        return Some("sr");
    }
    if any("јљњџ") {
        return Some("sr").filter(|_| !matches!(country, "MK" | "AL" | "BG" | "GR" | "XK"));
    }
    if any("і") && country != "KZ" {
        return match (any("ыэё"), any("ищ"), any("ъ")) {
            (true, false, false) => Some("be"),
            (false, true, false) => Some("uk"),
            _ => None,
        };
    }
    None
}

fn arabic(text: &str, country: &str) -> Option<&'static str> {
    let any = |letters: &str| text.contains(|c| letters.contains(c));
    if any("ټډړږښڼ") {
        return Some("ps");
    }
    if any("ڄڃڇڍڊٻڀٺٽٿڦڻڳڱ") {
        return Some("sd");
    }
    if any("ڕڵۆێ") {
        return Some("ckb").filter(|_| !any("ۇۈۋې"));
    }
    let foreign = any("پچژگکیٹڈڑںےہھۇۈۋې");
    Some("ar").filter(|_| ARAB.contains(&country) && any("يكىةأإؤئ") && !foreign)
}

/// Whether letters of Latin and of another script stand in one word: "jeነራል" was transliterated halfway.
pub fn is_half_transliterated(text: &str) -> bool {
    text.split([' ', '-']).any(|word| {
        let scripts: HashSet<&str> = word.chars().filter_map(of).collect();
        scripts.contains("Latn") && ["Ethi", "Arab", "Mlym", "Deva", "Beng", "Guru"].iter().any(|s| scripts.contains(s))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_tell_the_language_or_none() {
        for (text, country, lang) in [
            ("Երևան", "AM", Some("hy")),
            ("北京", "CN", Some("zh")),
            ("臺灣", "TW", Some("zh-Hant")),
            ("大阪", "JP", Some("ja")),
            ("서울", "KR", Some("ko")),
            ("Київ", "UA", Some("uk")),
            ("Мінск", "BY", None),
            ("Магілёў", "BY", Some("be")),
            ("Београд", "RS", None),
            ("Ниш", "RS", None),
            ("Ђердап", "RS", Some("sr")),
            ("Москва", "RU", None),
            ("القاهرة", "EG", Some("ar")),
            ("لاہور", "PK", None),
            ("Berlin", "DE", None),
            ("חיפה", "IL", Some("he")),
        ] {
            assert_eq!(language(text, country), lang, "{text}");
        }
        assert!(is_half_transliterated("jeነራል lasi") && !is_half_transliterated("ጀነራል La"));
    }
}
