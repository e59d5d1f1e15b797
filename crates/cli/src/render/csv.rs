//! Comma-separated values with a header.

use std::io::stdout;

use allonym::error::Result;
use allonym::rank::Verdict;
use allonym::record::Record;

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

/// Writes a row for each candidate.
pub fn candidates<'a>(rows: impl Iterator<Item = (&'a str, Verdict, &'a Record<'a>)>) -> Result<()> {
    let mut out = ::csv::Writer::from_writer(stdout().lock());
    let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
    let write = || -> ::csv::Result<()> {
        out.write_record(HEADER)?;
        for (query, verdict, c) in rows {
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
        out.flush()?;
        Ok(())
    };
    write().map_err(super::refused_row)
}
