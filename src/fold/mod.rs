//! Text to [`Key`]: the one folding that names, queries and running text all go through.
//!
//! Folding is an ordered list of small rules, each with a reason:
//!
//! 1. [`letters`]: case, marks, compatibility forms, special letters (`ə` `ı` `ß` `ك`) become plain letters;
//! 2. [`words`]: everything else ends a word; `&` is a word of its own;
//! 3. [`words::separator`]: words meet with a space (`Winston-Salem`, `winston salem`), but an apostrophe, the
//!    dot of an initialism (`U.S.`) and a script written without spaces leave nothing between them;
//! 4. [`words::abbreviated`]: `Saint`, `Mount`, `Fort` before another word are `st`, `mt`, `ft`.
//!
//! Each word keeps its byte range in the original, so that a match leads back to the text it was found in.
//! Beside the key, [`spellings`] gives the other ways in which people without the right keyboard write a name, and
//! [`phonetic_key`] what it sounds like, in any script.

pub mod generic;
pub mod inflect;
pub mod letters;
pub mod phonetic;
pub mod romanize;
mod simplified;
pub mod spellings;
#[cfg(feature = "train")]
pub mod word_lists;
#[cfg(not(feature = "train"))]
pub(crate) mod word_lists;
pub mod words;

pub use phonetic::{phonetic_key, skeleton};
pub use romanize::romanize;
pub use spellings::spellings;
pub use words::{Case, Folded, Gap, Word};

use std::fmt;
use std::sync::LazyLock;

/// A folded string: what two spellings share when they differ only in case, marks, punctuation or keyboard.
///
/// Only this module makes one. Folding a key gives the same key again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of a name or query; empty where the text has no letter and no digit.
    ///
    /// ```
    /// use allonym::fold::Key;
    /// assert_eq!(Key::of("Xankəndi").as_str(), "xankendi");
    /// assert_eq!(Key::of("Saint-Étienne"), Key::of("ST. ETIENNE"));
    /// assert_eq!(Key::of("Côte d’Ivoire").as_str(), "cote divoire");
    /// ```
    pub fn of(text: &str) -> Key {
        let mut folded = Folded::default();
        folded.read(text);
        Key(folded.key())
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing was left: the text had no letter and no digit.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A digest of the folding rules: an index built with other rules is stale.
///
/// It covers every letter of the scripts that are folded, the table of Chinese characters, and samples of the rules that look
/// at several letters, so that a change of any table changes it.
pub fn fingerprint() -> String {
    static FINGERPRINT: LazyLock<String> = LazyLock::new(|| fingerprint_of(&fold_all()));
    FINGERPRINT.clone()
}

fn fingerprint_of(folded: &str) -> String {
    crate::digest::hash(folded.as_bytes())
}

/// The blocks of the scripts that are folded. Hangul syllables and ideographs are left out: they are computed or a table.
const SCRIPTS: [std::ops::Range<char>; 6] = [
    '\u{80}'..'\u{1800}',
    '\u{1c80}'..'\u{2190}',
    '\u{2c00}'..'\u{2e00}',
    '\u{3040}'..'\u{3100}',
    '\u{a640}'..'\u{a6a0}',
    '\u{ff10}'..'\u{ffa0}',
];

/// Samples of the rules that look at more than one letter, at least one for each rule.
const SAMPLES: [&str; 28] = [
    "Saint-Étienne",
    "Sainte Anne",
    "Fort Worth",
    "Mount Ağrı",
    "U.S. & Đồng",
    "W.Va. N’Djamena",
    "Xankəndi",
    "Düsseldorf Ålborg Tromsø Köln",
    "Tschechien Schtsch",
    "Phnom Penh Quito Ijssel Zhdanov Dzhankoy",
    "Ստեփանակերտ Երևան Որոտան",
    "Щучинск Екатеринбург",
    "სოხუმი",
    "Θεσσαλονίκη Ουρανούπολη Μπάλι Ντία Γκύζη Άγγελος Τζιά",
    "غزة شوشا ولاية يافا",
    "تهران",
    "حفر الباطن",
    "ירושלים ועד יפו",
    "東京都",
    "臺灣 蘇聯",
    "กรุงเทพ",
    "दिल्ली",
    "서울",
    "ﾄｳｷｮｳ A",
    "㆒A",
    "가.A",
    "Кⷪв",
    "\u{c15}\u{c48}\u{c4d}",
];

/// The folded forms, spellings, phonetic keys and skeletons of all letters and samples.
fn fold_all() -> String {
    let mut all = String::new();
    for letter in SCRIPTS.into_iter().flatten() {
        letters::fold_letter(letter, &mut all);
        all.push(if letters::is_unspaced(letter) { '|' } else { '\n' });
    }
    all.push_str(allonym_data::SIMPLIFIED);
    // Beyond Arabic, phonetic keys come from the tables of a library.
    for letter in ('\u{80}'..'\u{780}').chain('\u{10a0}'..'\u{1100}').chain('\u{1e00}'..'\u{2000}').chain('a'..='z') {
        let text = letter.to_string();
        all.push_str(&phonetic_key(&text));
        all.push_str(&romanize(&text));
        spellings(&text).iter().for_each(|key| all.push_str(key.as_str()));
        all.push('\n');
    }
    for sample in SAMPLES {
        all.push_str(Key::of(sample).as_str());
        spellings(sample).iter().for_each(|key| all.push_str(key.as_str()));
        let key = phonetic_key(sample);
        all.push_str(&key);
        all.push_str(&skeleton(&key));
        all.push('\n');
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_one_by_one() {
        let rows = [
            ("case", "BAKU", "baku"),
            ("marks", "Genève", "geneve"),
            ("marks of a decomposed text", "Gene\u{300}ve", "geneve"),
            ("Turkic i", "İzmir", "izmir"),
            ("Turkic dotless i", "IĞDIR ığdır", "igdir igdir"),
            ("schwa", "Xankəndi", "xankendi"),
            ("stroke letters", "Łódź Đồng Þórshöfn", "lodz dong thorshofn"),
            ("ligatures", "Ærø Cœur ﬁn", "aero coeur fin"),
            ("sharp s", "Weißenfels", "weissenfels"),
            ("hyphen and space", "Port-au-Prince", "port au prince"),
            ("apostrophes", "N’Djamena Xi'an Sanʻa", "ndjamena xian sana"),
            ("initialisms", "Washington, D.C.", "washington dc"),
            ("initialism with a last word", "U.S. Virgin Islands", "us virgin islands"),
            ("ampersand", "Trinidad & Tobago", "trinidad and tobago"),
            ("saint", "Saint Louis / St. Louis", "st louis st louis"),
            ("saint alone", "Saint", "saint"),
            ("mount", "Mount Everest", "mt everest"),
            ("Cyrillic short i and io", "Майкоп Королёв", "маикоп королев"),
            ("Greek accents and final sigma", "Πειραιάς", "πειραιασ"),
            ("Armenian ligature", "Երևան", "երեւան"),
            ("Arabic alef, yeh, heh", "آیگوان إلى القاهرة", "ايگوان الي القاهره"),
            ("Arabic vowel signs and tatweel", "بَغْدَاد بغـداد", "بغداد بغداد"),
            ("Hebrew points", "יְרוּשָׁלַיִם", "ירושלים"),
            ("a script without spaces", "北京 市", "北京市"),
            ("both forms of Chinese letters", "蘇聯 苏联 廣東省 \u{fa52}", "苏联苏联广东省祸"),
            ("full width", "ＴＯＫＹＯ", "tokyo"),
            ("nothing left", "—!?", ""),
        ];
        for (rule, text, key) in rows {
            assert_eq!(Key::of(text).as_str(), key, "{rule}: {text}");
            assert_eq!(Key::of(key).as_str(), key, "{rule}: folding twice");
        }
    }

    #[test]
    fn vowel_signs_of_indic_and_thai_scripts_stay() {
        assert_ne!(Key::of("दिल्ली"), Key::of("दल्ल"));
        assert_ne!(Key::of("กรุงเทพ"), Key::of("กรงเทพ"));
    }

    #[test]
    fn the_fingerprint_covers_every_folded_script() {
        let all = fold_all();
        for sample in [
            "a", "б", "γ", "ա", "ა", "ب", "א", "क", "ক", "ก", "ກ", "ក", "က", "ཀ", "あ", "ア", "서", "苏", "አ", "த",
            "Ａ",
        ] {
            assert!(all.contains(Key::of(sample).as_str()), "{sample}");
        }
        assert_ne!(fingerprint_of(&all), fingerprint_of(&all.replacen("苏", "蘇", 1)));
    }

    #[test]
    fn samples_show_every_rule_for_several_letters() {
        for (sample, pair) in [("Ουρανούπολη", "ou"), ("Μπάλι", "b"), ("Τζιά", "tz"), ("Երևան", "ev"), ("Որոտան", "vo")]
        {
            assert!(SAMPLES.iter().any(|all| all.contains(sample)), "{sample}");
            assert!(romanize(sample).contains(pair), "{sample}");
        }
    }
}
