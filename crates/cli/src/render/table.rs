//! Tables for reading, set right for wide letters and for scripts that run from right to left.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use allonym::rank::{MatchKind, Verdict};
use allonym::record::Record;
use allonym::render::words::{claims, isolate, thousands, what};

/// The answers to queries, one table each.
pub fn answers<'a>(answers: impl Iterator<Item = (&'a str, Verdict, &'a str, &'a [Record<'a>])>) -> String {
    let mut out = String::new();
    for (n, (query, verdict, reason, candidates)) in answers.enumerate() {
        if n > 0 {
            out.push('\n');
        }
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        out.push_str(&format!("{} · {}{reason}\n", isolate(query), verdict_words(verdict, candidates.len())));
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
