//! `allonym lookup`.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::options::{Common, Format};
use super::{input, open, options, render};
use allonym::error::{Error, Result};
use allonym::filter;
use allonym::lookup::{Fuzzy, Query};
use allonym::rank::Verdict;
use allonym::record::Record;

/// Find the places that a name may mean, the likeliest first.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym lookup Xankəndi
  allonym lookup 'Paris, Texas' 基輔 Артемівськ
  allonym lookup Springfield --country US --limit 10
  allonym lookup Victoria --class P --near 48.4,-123.3
  allonym lookup Shusha --within al:1
  cut -f2 list.tsv | allonym lookup -

Exit code: 0 when something was found for every name, 1 when not.")]
pub struct Lookup {
    /// Names in any script and language, ids (gn:2988507, wd:Q227) or codes (US-CA); `-` reads one per line from standard input.
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
    /// Only places of these countries (ISO codes or names).
    #[arg(long, value_delimiter = ',', value_name = "CC")]
    country: Vec<String>,
    /// Only places of these GeoNames classes or codes: P, A, PPLC, A.ADM1 …
    #[arg(long, value_delimiter = ',', value_name = "C")]
    class: Vec<String>,
    /// Only places in this one: an id.
    #[arg(long, value_name = "ID")]
    within: Option<String>,
    /// The nearer to this point the better.
    #[arg(long, value_name = "LAT,LON", allow_hyphen_values = true)]
    near: Option<String>,
    /// Maximum number of candidates.
    #[arg(long, default_value_t = 5, value_name = "N")]
    limit: usize,
    /// How many letters may differ.
    #[arg(long, default_value = "auto", value_name = "auto|0|1|2")]
    fuzzy: String,
}

#[derive(Serialize)]
struct Found<'a> {
    query: &'a str,
    verdict: Verdict,
    /// Why the answer is in doubt.
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
    candidates: Vec<Record<'a>>,
}

impl Lookup {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        let fuzzy = fuzzy(&self.fuzzy)?;
        let classes = self.class.iter().map(|c| filter::class(c)).collect::<Result<Vec<_>>>()?;
        let near = self.near.as_deref().map(filter::point).transpose()?;
        let gazetteer = open::open(common)?;
        let label = common.label(&gazetteer)?;
        let countries = filter::countries(&gazetteer, &self.country)?;
        let within = match &self.within {
            Some(id) => vec![filter::container(&gazetteer, id)?],
            None => Vec::new(),
        };
        let names = input::names(&self.names)?;
        let mut found = Vec::with_capacity(names.len());
        for name in &names {
            let mut query = Query::new(name);
            query.countries.clone_from(&countries);
            query.classes.clone_from(&classes);
            query.within.clone_from(&within);
            query.near = near;
            query.fuzzy = fuzzy;
            query.limit = self.limit;
            let answer = gazetteer.lookup(&query)?;
            let candidates = answer.candidates.iter().map(|c| Record::new(c, &label, name)).collect();
            found.push(Found { query: name, verdict: answer.verdict, reason: answer.reason, candidates });
        }
        let all = found.iter().all(|f| f.verdict != Verdict::Unmatched);
        match common.format() {
            Format::Table => {
                let answers = found.iter().map(|f| (f.query, f.verdict, &*f.reason, &f.candidates[..]));
                render::write(&render::table::answers(answers))?;
            }
            Format::Json => render::json::document(&found)?,
            Format::Jsonl => render::json::lines(&found)?,
            Format::Csv => {
                let answers = found.iter().map(|f| (f.query, f.verdict, &f.candidates[..]));
                render::csv::candidates(answers)?;
            }
            _ => return Err(options::wrong_format()),
        }
        Ok(ExitCode::from(u8::from(!all)))
    }
}

/// Reads `auto`, `0`, `1`, `2`.
fn fuzzy(text: &str) -> Result<Fuzzy> {
    match text {
        "auto" => Ok(Fuzzy::Auto),
        "0" | "1" | "2" => Ok(Fuzzy::Within(text.as_bytes()[0] - b'0')),
        _ => Err(Error::usage(format!("--fuzzy takes auto, 0, 1 or 2, not '{text}'"))),
    }
}
