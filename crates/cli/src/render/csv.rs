//! Comma-separated values with a header.

use std::io::stdout;

use serde::Serialize;

use allonym::entity::NameKind;
use allonym::error::Result;
use allonym::rank::Verdict;
use allonym::record::Record;
use allonym::render::names::Variant;

const HEADER: [&str; 13] = [
    "query",
    "verdict",
    "id",
    "label",
    "score",
    "name",
    "lang",
    "how",
    "feature",
    "country",
    "lat",
    "lon",
    "population",
];

/// Writes a row for each candidate of each query, and one for a query without candidates.
pub fn candidates<'a>(answers: impl Iterator<Item = (&'a str, Verdict, &'a [Record<'a>])>) -> Result<()> {
    let mut out = ::csv::Writer::from_writer(stdout().lock());
    let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
    let write = || -> ::csv::Result<()> {
        out.write_record(HEADER)?;
        for (query, verdict, candidates) in answers {
            if candidates.is_empty() {
                let mut row = [""; HEADER.len()];
                [row[0], row[1]] = [query, verdict.as_str()];
                out.write_record(row)?;
            }
            for c in candidates {
                out.write_record([
                    query,
                    verdict.as_str(),
                    c.id,
                    &c.label,
                    &c.score.to_string(),
                    c.matched.name,
                    c.matched.lang.unwrap_or_default(),
                    c.matched.how.as_str(),
                    &c.feature,
                    c.country.as_deref().unwrap_or_default(),
                    &number(c.lat),
                    &number(c.lon),
                    &c.population.to_string(),
                ])?;
            }
        }
        out.flush()?;
        Ok(())
    };
    write().map_err(super::refused_row)
}

/// Writes a row for each name.
pub fn variants(variants: &[Variant<'_>]) -> Result<()> {
    let mut out = ::csv::Writer::from_writer(stdout().lock());
    for variant in variants {
        out.serialize(CsvRow::from(variant)).map_err(super::refused_row)?;
    }
    out.flush().map_err(super::refused)
}

#[derive(Serialize)]
struct CsvRow<'a> {
    id: &'a str,
    name: &'a str,
    lang: &'a str,
    script: &'a str,
    kind: NameKind,
    since: Option<i16>,
    until: Option<i16>,
    by: &'a str,
    source: &'a str,
    machine: bool,
}

impl<'a> From<&'a Variant<'a>> for CsvRow<'a> {
    fn from(v: &'a Variant<'a>) -> CsvRow<'a> {
        CsvRow {
            id: v.id,
            name: v.name,
            lang: v.lang.unwrap_or_default(),
            script: &v.script,
            kind: v.kind,
            since: v.since,
            until: v.until,
            by: v.by,
            source: v.source,
            machine: v.machine,
        }
    }
}
