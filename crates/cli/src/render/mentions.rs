//! The mentions of a document: a table for reading, rows for a spreadsheet.

use std::io::Write;

use comfy_table::Cell;

use super::table::{new, right, text as lines};
use allonym::label::Label;
use allonym::rank::Verdict;
use allonym::record::Record;
use allonym::render::words::{claims, isolate, what};
use allonym::tag::{Mention, Resolution};

/// One document's mentions, one surface a row.
pub fn table(name: &str, text: &str, resolutions: &[Resolution<'_>], label: &Label) -> String {
    let mut rows: Vec<(&str, Record<'_>, Verdict, bool, usize)> = Vec::new();
    for resolution in resolutions {
        let surface = &text[resolution.mention.byte_start..resolution.mention.byte_end];
        let Some(best) = resolution.candidates.first() else { continue };
        match rows.iter_mut().find(|(s, r, ..)| *s == surface && r.id == best.entity.id()) {
            Some((.., count)) => *count += 1,
            None => {
                rows.push((surface, Record::new(best, label, surface), resolution.verdict, resolution.is_demonym(), 1))
            }
        }
    }
    let mentions = resolutions.len();
    let mut out = match name {
        "-" => String::new(),
        name => format!("{name}\n"),
    };
    if rows.is_empty() {
        out.push_str("no places found\n");
        return out;
    }
    let mut table = new(["in the text", "times", "place", "id", "where", "what", "score"]);
    for (surface, record, verdict, demonym, count) in &rows {
        let mut score = format!("{:.2}", record.score);
        if *verdict == Verdict::Ambiguous {
            score.push('?');
        }
        let kind = if *demonym { "people, adjective".into() } else { what(&record.feature) };
        let place: Vec<_> = record.admin.iter().rev().map(|part| isolate(part)).collect();
        table.add_row([
            Cell::new(isolate(&surface.replace('\n', " "))),
            right(count),
            Cell::new(isolate(&record.label)),
            Cell::new(record.id),
            Cell::new(place.join(", ")),
            Cell::new(kind),
            right(score),
        ]);
    }
    out.push_str(&format!("{}{mentions} mentions of {} names\n", lines(&table), rows.len()));
    let mut disputed: Vec<&Record<'_>> = rows.iter().map(|(_, r, ..)| r).filter(|r| !r.claims.is_empty()).collect();
    disputed.sort_by_key(|r| r.id);
    disputed.dedup_by_key(|r| r.id);
    for record in disputed {
        out.push_str(&format!(
            "{} · {}\n{}",
            record.id,
            isolate(&record.label),
            claims(record.id, &record.claims, "  ")
        ));
    }
    out
}

/// The columns of [`csv`].
pub const HEADER: [&str; 16] = [
    "doc",
    "start",
    "end",
    "byte_start",
    "byte_end",
    "surface",
    "verdict",
    "demonym",
    "id",
    "label",
    "score",
    "name",
    "feature",
    "country",
    "lat",
    "lon",
];

/// One mention as a row.
pub fn csv<W: Write>(
    out: &mut ::csv::Writer<W>,
    doc: &str,
    surface: &str,
    mention: Mention,
    verdict: &Verdict,
    demonym: bool,
    best: Option<&Record<'_>>,
) -> ::csv::Result<()> {
    #[derive(serde::Serialize)]
    struct Row<'a> {
        doc: &'a str,
        start: usize,
        end: usize,
        byte_start: usize,
        byte_end: usize,
        surface: &'a str,
        verdict: &'a str,
        demonym: bool,
        id: &'a str,
        label: &'a str,
        score: Option<f64>,
        name: &'a str,
        feature: &'a str,
        country: &'a str,
        lat: Option<f64>,
        lon: Option<f64>,
    }
    out.serialize(Row {
        doc,
        start: mention.start,
        end: mention.end,
        byte_start: mention.byte_start,
        byte_end: mention.byte_end,
        surface,
        verdict: verdict.as_str(),
        demonym,
        id: best.map_or("", |b| b.id),
        label: best.map_or("", |b| &b.label),
        score: best.map(|b| b.score),
        name: best.map_or("", |b| b.matched.name),
        feature: best.map_or("", |b| &b.feature),
        country: best.and_then(|b| b.country.as_deref()).unwrap_or_default(),
        lat: best.and_then(|b| b.lat),
        lon: best.and_then(|b| b.lon),
    })
}
