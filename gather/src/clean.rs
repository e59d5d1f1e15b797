//! Spellings as sources give them, made fit to be names, or refused with the reason.

use unicode_normalization::UnicodeNormalization;

use crate::fold::fold;

/// A name, and what had to be done for it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Clean {
    pub text: String,
    pub mended: Vec<&'static str>,
    /// What stood in brackets behind the name: "Limón (Costa Rica)" has "Costa Rica".
    pub aside: Option<String>,
}

pub const EMPTY: &str = "nothing but spaces";
pub const NO_LETTER: &str = "no letter in it";
pub const GARBLED: &str = "characters that stand for nothing";
pub const ADDRESS: &str = "a web address";
pub const QUESTION: &str = "a question mark";
pub const COLON: &str = "a colon between words";
pub const BRACKETS: &str = "brackets that are no qualifier at the end";
pub const PRONUNCIATION: &str = "a pronunciation";
pub const DESCRIPTION: &str = "a description";

/// What only descriptions say, folded. The sources take some names from encyclopedias' short descriptions.
const DESCRIPTIONS: [&str; 16] = [
    "priomh chathair",
    "capital of",
    "capital city of",
    "see also",
    "disambiguation",
    "list of",
    "hauptstadt von",
    "kapital sa",
    "located in",
    "part of the",
    "subdivision of",
    "administrative division",
    "former name",
    "capitale de la",
    "capital del estado",
    "unit of local government",
];

/// Cleans one spelling.
pub fn clean(raw: &str) -> Result<Clean, &'static str> {
    let mut mended = Vec::new();
    let mut text = raw.to_string();
    let mut mend = |text: &mut String, new: String, what: &'static str| {
        if *text != new {
            *text = new;
            mended.push(what);
        }
    };
    let decoded = if text.contains('&') { html_escape::decode_html_entities(&text).into_owned() } else { text.clone() };
    mend(&mut text, decoded, "HTML entities decoded");
    let visible = without_invisible(&text);
    mend(&mut text, visible, "invisible and control characters taken out");
    let mut normal: String = text.nfc().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    normal = normal.trim().to_string();
    mend(&mut text, normal, "brought to one Unicode normal form, spaces trimmed");
    refuse(&text)?;
    // GeoNames keeps its alternates in one cell between commas and replaces a comma inside a name by a space:
    // "Silver Spring  Md." was "Silver Spring, Md.".
    let (head, qualifier) = text.split_once("  ").unwrap_or((&text, ""));
    let head = if qualifier.is_empty() || head.chars().count() < 2 { single_spaced(&text) } else { head.to_string() };
    mend(&mut text, head, "cut at a double space, which was a comma");
    if let Some((head, _)) = text.split_once(['،', '、']).filter(|(head, _)| head.chars().count() > 1) {
        let head = head.trim_end().to_string();
        mend(&mut text, head, "cut at an Arabic or ideographic comma");
    }
    let mut aside = None;
    if let Some((head, inside)) = qualified(&text) {
        aside = Some(inside);
        mend(&mut text, head, "a qualifier in brackets taken off");
    }
    // CLDR tells two subdivisions of one name apart by a raised figure: "Lənkəran²".
    let plain = text.trim_end_matches(['¹', '²', '³', '⁴']).to_string();
    mend(&mut text, plain, "a raised figure taken off");
    let trimmed = without_loose_ends(&text).to_string();
    mend(&mut text, trimmed, "loose punctuation at the ends taken off");
    if text.contains(['(', ')', '[', ']', '{', '}', '（', '）']) {
        return Err(BRACKETS);
    }
    if !text.chars().any(char::is_alphabetic) {
        return Err(NO_LETTER);
    }
    Ok(Clean { text, mended, aside })
}

/// Takes off what cannot be seen. Joiners stay inside a word: Persian and Indic spelling needs them.
fn without_invisible(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|&c| {
            !matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
                && (!c.is_control() || c.is_whitespace())
        })
        .collect();
    kept.trim_matches(|c: char| matches!(c, '\u{200c}' | '\u{200d}')).to_string()
}

/// The reasons why a text is no name at all.
fn refuse(text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err(EMPTY);
    }
    // UTF-8 read as Latin-1 shows as "Ã" and a sign that no name has there: "TÃ¼rkiye".
    let misread =
        text.match_indices('Ã').any(|(at, c)| matches!(text[at + c.len()..].chars().next(), Some('\u{80}'..='\u{bf}')));
    if misread || text.chars().any(|c| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\t' | '\n')) {
        return Err(GARBLED);
    }
    if text.contains("http:") || text.contains("https:") || text.contains("www.") {
        return Err(ADDRESS);
    }
    if text.contains(['?', '？']) {
        return Err(QUESTION);
    }
    if text.len() > 2 && text.starts_with('/') && text.ends_with('/') {
        return Err(PRONUNCIATION);
    }
    if has_separating_colon(text) {
        return Err(COLON);
    }
    if is_description(text) {
        return Err(DESCRIPTION);
    }
    Ok(())
}

/// A colon is a letter in Mohawk ("Kanon:no") and an abbreviation in Swedish ("S:t Mårtens"), where a small letter
/// follows it at once. Anything else ("Template:Map") is no name.
fn has_separating_colon(text: &str) -> bool {
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = before.is_some_and(char::is_alphabetic)
            && chars.peek().is_some_and(|next| next.is_lowercase() || *next == ' ' || next.is_ascii_digit());
        if matches!(c, ':' | '：') && chars.peek().is_some() && (!inside || chars.peek() == Some(&' ')) {
            return true;
        }
        before = Some(c);
    }
    false
}

/// Whether the text describes a place instead of naming it.
pub fn is_description(text: &str) -> bool {
    if text.split_whitespace().count() < 3 {
        return false;
    }
    let folded = format!(" {} ", fold(text));
    DESCRIPTIONS.iter().any(|cue| folded.contains(&format!(" {cue} ")))
}

/// Splits "Limón (Costa Rica)" into the name and its qualifier.
fn qualified(text: &str) -> Option<(String, String)> {
    let close = text.chars().last().filter(|c| matches!(c, ')' | ']' | '）'))?;
    let open = match close {
        ')' => '(',
        ']' => '[',
        _ => '（',
    };
    let (head, inside) = text[..text.len() - close.len_utf8()].split_once(open)?;
    let (head, inside) = (head.trim(), inside.trim());
    (!head.is_empty()).then(|| (head.to_string(), inside.to_string()))
}

fn single_spaced(text: &str) -> String {
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Takes off commas, semicolons and quotes that hang at the ends, and a full stop that ends no abbreviation.
fn without_loose_ends(text: &str) -> &str {
    let mut text = text.trim_matches(|c: char| matches!(c, ',' | ';' | ':' | '*' | '،') || c.is_whitespace());
    text = text.trim_start_matches(['.', '-', '–', '/']).trim_end_matches(['-', '–', '/']).trim();
    for (open, close) in [('"', '"'), ('“', '”'), ('«', '»'), ('„', '“'), ('”', '”')] {
        if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            text = inner;
        }
    }
    if let Some(head) = text.strip_suffix('.') {
        let last = head.rsplit([' ', '-', '/']).next().unwrap_or(head);
        if last.chars().count() > 6 && !last.contains('.') {
            text = head;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(raw: &str) -> String {
        clean(raw).unwrap_or_else(|reason| panic!("{raw}: {reason}")).text
    }

    #[test]
    fn qualifiers_go_and_names_stay() {
        assert_eq!(cleaned("Limón (Costa Rica)"), "Limón");
        assert_eq!(cleaned("中央地域 (フィジー)"), "中央地域");
        assert_eq!(cleaned("Garbsen [a. 1286]"), "Garbsen");
        assert_eq!(cleaned("Silver Spring  Md."), "Silver Spring");
        assert_eq!(cleaned("کامرس، ٹیکساس"), "کامرس");
        assert_eq!(clean("Éghezée (Hanret)").expect("a name").aside.as_deref(), Some("Hanret"));
        assert_eq!(cleaned("Brighton &amp; Hove"), "Brighton & Hove");
        assert_eq!(cleaned("عسفيا\u{200e}"), "عسفيا");
        assert_eq!(cleaned("نب\u{200c}ورد"), "نب\u{200c}ورد");
        assert_eq!(cleaned("Troyes;"), "Troyes");
        assert_eq!(cleaned("Lənkəran²"), "Lənkəran");
    }

    #[test]
    fn what_looks_odd_but_is_a_name_stays() {
        for name in [
            "Washington D.C.",
            "U.S.",
            "S:t Mårtens",
            "Kanon:no",
            "'s-Hertogenbosch",
            "‘Ajmān",
            "Waldkirchen/Erzgeb.",
            "United Kingdom of Great Britain and Northern Ireland",
            "Y",
            "津",
            "Tomsk-7",
            "San Andrés, Providencia y Santa Catalina",
            "Sant Julià de Lòria",
        ] {
            assert_eq!(cleaned(name), name);
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_the_reason() {
        for (raw, reason) in [
            ("", EMPTY),
            ("07", NO_LETTER),
            ("Louisenfelde (?)", QUESTION),
            ("https://example.org/a", ADDRESS),
            ("Ŝablono:TabelKapoLaŭĈarta", COLON),
            ("see also: Foo", COLON),
            ("Príomh chathair Poblacht na hArtsac", DESCRIPTION),
            ("/wɪlɪkiːz/", PRONUNCIATION),
            ("a\u{e04d}yantaliya", GARBLED),
            ("TÃ¼rkiye", GARBLED),
            ("Foo (bar) baz", BRACKETS),
            ("(Foo", BRACKETS),
        ] {
            assert_eq!(clean(raw), Err(reason), "{raw}");
        }
    }
}
