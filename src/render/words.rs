//! Words for what an answer holds: features, years, claims, numbers.

use std::borrow::Cow;

use unicode_script::{Script, UnicodeScript};

use crate::entity::Claim;

/// Who holds, claims, declares and recognizes what, one role a line.
pub fn claims(id: &str, claims: &[Claim], indent: &str) -> String {
    roles(id, claims).map(|(role, parties)| format!("{indent}{role}: {parties}\n")).collect()
}

/// The roles that parties have in a disputed place, each with who has it.
pub fn roles<'a>(id: &'a str, claims: &'a [Claim]) -> impl Iterator<Item = (&'static str, String)> + 'a {
    let roles = [
        ("administers", "administered by"),
        ("claims", "claimed by"),
        ("declared", "self-declared"),
        ("recognizes", "recognized by"),
    ];
    roles.into_iter().filter_map(move |(role, words)| {
        let of: Vec<String> = claims.iter().filter(|claim| claim.role == role).map(|claim| party(id, claim)).collect();
        (!of.is_empty()).then(|| (words, of.join("; ")))
    })
}

fn party(id: &str, claim: &Claim) -> String {
    let years = years(claim.since, claim.until);
    let party = match claim.role.as_str() {
        "declared" => "",
        _ if claim.party == id => "its own authorities",
        _ => &*claim.party,
    };
    let words: Vec<&str> = [party, &years].into_iter().filter(|word| !word.is_empty()).collect();
    match (words.is_empty(), claim.note.is_empty()) {
        (_, true) => words.join(" "),
        (true, false) => claim.note.clone(),
        (false, false) => format!("{} ({})", words.join(" "), claim.note),
    }
}

/// Years as a reader expects them: `1923–1991`, `since 2023`.
pub fn years(since: Option<i16>, until: Option<i16>) -> String {
    match (since, until) {
        (None, None) => String::new(),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(since), Some(until)) => format!("{since}–{until}"),
    }
}

/// A GeoNames feature in words; the code itself where it has none here.
pub fn what(feature: &str) -> Cow<'_, str> {
    Cow::Borrowed(match feature.split_once('.').map_or(feature, |(_, code)| code) {
        "PCLI" | "PCL" => "country",
        "PCLD" | "PCLS" | "PCLF" | "PCLIX" | "TERR" => "territory",
        "ADM1" => "first-level unit",
        "ADM2" => "second-level unit",
        "ADM3" | "ADM4" | "ADM5" | "ADMD" => "unit",
        "ADM1H" | "ADM2H" | "ADMDH" | "PCLH" => "former unit",
        "PPLC" => "capital",
        "PPLA" => "seat of a first-level unit",
        "PPLA2" => "seat of a second-level unit",
        "PPL" | "PPLA3" | "PPLA4" | "PPLA5" | "PPLG" | "PPLL" | "PPLS" | "PPLF" | "PPLR" | "STLMT" => "populated place",
        "PPLX" => "part of a town",
        "PPLH" | "PPLQ" | "PPLW" | "PPLCH" => "former place",
        "CONT" => "continent",
        "RGN" | "RGNE" | "RGNH" | "AREA" => "region",
        "SEA" => "sea",
        "GULF" => "gulf",
        "MTS" | "MT" | "PK" => "mountains",
        "ISL" | "ISLS" => "island",
        "PEN" => "peninsula",
        "DSRT" => "desert",
        "" => "",
        _ => return Cow::Borrowed(feature),
    })
}

/// 1234567 as 1,234,567.
pub fn thousands(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A text of a script that runs from right to left, set apart so that it does not turn the rest of the line around.
pub fn isolate(text: &str) -> Cow<'_, str> {
    let rtl = |c: char| {
        matches!(
            c.script(),
            Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana | Script::Nko | Script::Adlam
        )
    };
    if text.chars().any(char::is_control) {
        // What somebody typed or wrote must not steer the terminal.
        let harmless: String = text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        return Cow::Owned(isolate(&harmless).into_owned());
    }
    match text.chars().any(rtl) {
        true => Cow::Owned(format!("\u{2068}{text}\u{2069}")),
        false => Cow::Borrowed(text),
    }
}
