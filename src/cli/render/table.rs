//! Tables for reading, set right for wide letters and for scripts that run from right to left.

use std::borrow::Cow;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use unicode_script::{Script, UnicodeScript};

use crate::candidate::{MatchKind, Record, Verdict};
use crate::entity::Claim;

/// The answers to queries, one table each.
pub fn answers<'a>(answers: impl Iterator<Item = (&'a str, Verdict, &'a [Record<'a>])>) -> String {
    let mut out = String::new();
    for (n, (query, verdict, candidates)) in answers.enumerate() {
        if n > 0 {
            out.push('\n');
        }
        out.push_str(&format!("{} · {}\n", isolate(query), verdict_words(verdict, candidates.len())));
        if !candidates.is_empty() {
            let mut table = new(["id", "place", "where", "what", "inhabitants", "found as", "score"]);
            for c in candidates {
                table.add_row([
                    Cell::new(c.id),
                    Cell::new(isolate(&c.label)),
                    Cell::new(place(c)),
                    Cell::new(what(&c.feature)),
                    right(if c.population > 0 { thousands(c.population) } else { String::new() }),
                    Cell::new(found_as(c)),
                    right(format!("{:.2}", c.score)),
                ]);
            }
            out.push_str(&text(&table));
        }
        for c in candidates.iter().filter(|c| !c.claims.is_empty()) {
            out.push_str(&format!("{} · {}\n{}", c.id, isolate(&c.label), claims(c.id, &c.claims, "  ")));
        }
    }
    out
}

/// Who holds, claims, declares and recognizes what, one role a line.
pub fn claims(id: &str, claims: &[Claim], indent: &str) -> String {
    let mut out = String::new();
    for role in ["administers", "claims", "declared", "recognizes"] {
        let of: Vec<String> = claims.iter().filter(|claim| claim.role == role).map(|claim| party(id, claim)).collect();
        if !of.is_empty() {
            let heading = match role {
                "administers" => "administered by",
                "claims" => "claimed by",
                "declared" => "self-declared",
                _ => "recognized by",
            };
            out.push_str(&format!("{indent}{heading}: {}\n", of.join("; ")));
        }
    }
    out
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

/// An empty table in the house's style.
pub fn new<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    table
}

/// A table as text, without blanks at the ends of its lines.
pub fn text(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// A cell of a number.
pub fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn verdict_words(verdict: Verdict, count: usize) -> String {
    match verdict {
        Verdict::Resolved => "resolved".to_owned(),
        Verdict::Ambiguous => format!("ambiguous: {count} places may be meant"),
        Verdict::Unmatched => "nothing found".to_owned(),
    }
}

fn place(c: &Record<'_>) -> String {
    let mut parts: Vec<String> = c.admin.iter().rev().map(|part| isolate(part).into_owned()).collect();
    if parts.is_empty() {
        parts.extend(c.country.clone());
    }
    parts.join(", ")
}

fn found_as(c: &Record<'_>) -> String {
    let name = isolate(c.matched.name);
    match c.matched.how {
        MatchKind::Exact => name.into_owned(),
        how => format!("{name} ({})", how.as_str()),
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
