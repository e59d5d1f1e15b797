//! `allonym usage`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

use super::documents::{self, Document, Fields};
use super::{Common, Format, input, open, render};
use allonym::entity::NameKind;
use allonym::error::{Error, Result};
use allonym::filter;
use allonym::label::Label;
use allonym::tag::Options;
use allonym::tag::Resolution;
use allonym::usage::{Counter, MIN_SCORE, Usage as Count};

/// Count which variant of a place is used, by whom and when.
///
/// Files that end in .jsonl hold one document a line, .csv and .tsv one a row, any other is one text; .gz and .zst are
/// read as they are. `--format html` gives a page with charts.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym usage articles.jsonl --place Khankendi --by outlet
  allonym usage articles.csv --text-field body --place al:1,gn:146970 --by outlet,month --format html > usage.html
  allonym usage reports/ --format csv > variants.csv

A mention counts for the name in the gazetteer that it matches, whatever its case and ending. Demonyms and mentions whose
best place scores less than --min-score are left out.")]
pub struct Usage {
    /// Files or directories; `-` is standard input [default: -].
    #[arg(value_name = "FILE|DIR")]
    files: Vec<PathBuf>,
    /// Only these places: ids or names (the likeliest place is taken) [default: every place].
    #[arg(long, value_delimiter = ',', value_name = "ID|NAME")]
    place: Vec<String>,
    /// What to compare: document, month, or fields of the records, such as outlet.
    #[arg(long, value_delimiter = ',', value_name = "FIELD")]
    by: Vec<String>,
    /// The field that holds the date, for `--by month`.
    #[arg(long, default_value = "date", value_name = "FIELD")]
    date_field: String,
    /// How dates are written, such as %d/%m/%Y [default: 2023-09-19, 2023/09/19, 19.09.2023, 19 Sep 2023, Sep 19, 2023].
    #[arg(long, value_name = "FORMAT")]
    date_format: Option<String>,
    /// Countries that the texts are likely to speak of (ISO codes or names).
    #[arg(long, value_delimiter = ',', value_name = "CC")]
    country: Vec<String>,
    /// Only mentions whose best candidate scores at least so much.
    #[arg(long, default_value_t = MIN_SCORE, value_name = "S")]
    min_score: f64,
    /// Show so many places, the most mentioned first; 0 is all.
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
    #[command(flatten)]
    fields: Fields,
}

/// A line of output.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    label: &'a str,
    #[serde(flatten)]
    group: Map<String, Value>,
    variant: &'a str,
    langs: Vec<&'a str>,
    script: String,
    kind: NameKind,
    mentions: u64,
    documents: u64,
    share: f64,
}

impl Usage {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        if !(0.0..=1.0).contains(&self.min_score) {
            return Err(Error::usage(format!("--min-score takes a number from 0 to 1, not {}", self.min_score)));
        }
        let dates = Dates::new(self.date_format.as_deref())?;
        let gazetteer = open::open(common)?;
        let label = common.label(&gazetteer)?;
        let mut wanted = Vec::new();
        for place in &self.place {
            let found = filter::entity(&gazetteer, place)?;
            wanted.push(found.ok_or_else(|| Error::usage(format!("nothing is known by the name or id '{place}'")))?);
        }
        let taggers = gazetteer.taggers(Options {
            demonyms: false,
            countries: filter::countries(&gazetteer, &self.country)?,
            candidates: 1,
            min_score: Some(0.0),
            ..Options::default()
        });
        let mut fields = self.fields.clone();
        fields.tables = true;
        fields.keep =
            self.by.iter().map(|by| if by == "month" { self.date_field.clone() } else { by.clone() }).collect();
        let mut counter = Counter::new(wanted.iter().map(|entity| entity.number()), self.min_score);
        let mut undated = 0u64;
        let paths = if self.files.is_empty() { vec![PathBuf::from("-")] } else { self.files.clone() };
        for path in input::files(&paths)? {
            documents::each(&path, &fields, common, |documents| {
                let tagged: Vec<Vec<Resolution<'_>>> = documents.par_iter().map(|d| taggers.tag(&d.text)).collect();
                for (document, found) in documents.iter().zip(&tagged) {
                    counter.document(&self.group(document, &dates, &mut undated), found);
                }
                Ok(())
            })?;
        }
        let usage = self.limited(counter.usage());
        let table = Table { by: &self.by, label: &label, documents: counter.documents(), usage: &usage };
        match common.format() {
            Format::Table => render::write(&render::usage::table(&table))?,
            Format::Html => render::write(&render::chart::page(&table))?,
            Format::Json => render::json::document(&table.lines())?,
            Format::Jsonl => render::json::lines(&table.lines())?,
            Format::Csv => table.csv()?,
            _ => return Err(super::wrong_format()),
        }
        if !common.quiet {
            for (n, what) in [
                (
                    undated,
                    "documents have no date that is understood; their month is empty (--date-format says how dates are written)",
                ),
                (counter.doubtful(), "doubtful mentions were left out (--min-score 0 takes them in)"),
            ] {
                if n > 0 {
                    eprintln!("allonym: {} {what}", allonym::render::words::thousands(n));
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    fn group(&self, document: &Document, dates: &Dates, undated: &mut u64) -> Vec<String> {
        let value = |(by, kept): (&String, &String)| match by.as_str() {
            "document" => document.name.clone(),
            "month" => dates.month(kept).unwrap_or_else(|| {
                *undated += 1;
                String::new()
            }),
            _ => kept.clone(),
        };
        self.by.iter().zip(&document.kept).map(value).collect()
    }

    fn limited<'g>(&self, mut usage: Vec<Count<'g>>) -> Vec<Count<'g>> {
        let mut places = 0;
        let mut last = None;
        let end = usage.iter().position(|count| {
            places += usize::from(last.replace(count.entity.number()) != Some(count.entity.number()));
            self.limit > 0 && places > self.limit
        });
        usage.truncate(end.unwrap_or(usage.len()));
        usage
    }
}

/// What was counted, for the formats.
pub struct Table<'a, 'g> {
    /// The fields that are compared.
    pub by: &'a [String],
    /// Which name stands for a place.
    pub label: &'a Label,
    /// How many documents were read.
    pub documents: u64,
    /// The counts, those of a place together.
    pub usage: &'a [Count<'g>],
}

impl<'g> Table<'_, 'g> {
    /// The counts of one place after the other, the most mentioned first.
    pub fn places(&self) -> impl Iterator<Item = &[Count<'g>]> {
        self.usage.chunk_by(|a, b| a.entity.number() == b.entity.number())
    }

    fn lines(&self) -> Vec<serde_json::Value> {
        let line = |count: &Count<'_>| {
            let values = count.group.iter().map(|value| Value::String(value.clone()));
            let line = Line {
                id: count.entity.id(),
                label: &self.label.of(count.entity, count.variant.text()),
                group: self.by.iter().cloned().zip(values).collect(),
                variant: count.variant.text(),
                langs: langs(count),
                script: count.variant.script().to_string(),
                kind: count.variant.kind(),
                mentions: count.mentions,
                documents: count.documents,
                share: (count.share * 1e4).round() / 1e4,
            };
            serde_json::to_value(line).unwrap_or_default()
        };
        self.usage.iter().map(line).collect()
    }

    fn csv(&self) -> Result<()> {
        let mut out = ::csv::Writer::from_writer(std::io::stdout().lock());
        let fixed = ["variant", "langs", "script", "kind", "mentions", "documents", "share"];
        let header = ["id", "label"].into_iter().chain(self.by.iter().map(String::as_str)).chain(fixed);
        out.write_record(header).map_err(render::refused_row)?;
        for count in self.usage {
            let label = self.label.of(count.entity, count.variant.text());
            let numbers = [count.mentions.to_string(), count.documents.to_string(), format!("{:.4}", count.share)];
            let name = count.variant;
            let script = name.script();
            let langs = langs(count).join(" ");
            let row = [count.entity.id(), &label]
                .into_iter()
                .chain(count.group.iter().map(String::as_str))
                .chain([name.text(), &langs, script.as_str(), name.kind().as_str()])
                .chain(numbers.iter().map(String::as_str));
            out.write_record(row).map_err(render::refused_row)?;
        }
        out.flush().map_err(render::refused)
    }
}

/// The languages in which the place has this name.
fn langs<'g>(count: &Count<'g>) -> Vec<&'g str> {
    let same = count.entity.names().filter(|name| name.text() == count.variant.text());
    let mut langs: Vec<_> = same.map(|name| name.lang()).filter(|lang| !lang.is_empty()).collect();
    langs.sort_unstable();
    langs.dedup();
    langs
}

/// Reads dates as they are written in spreadsheets and archives.
struct Dates(Vec<String>);

impl Dates {
    /// # Errors
    /// Where the format has a directive that is none.
    fn new(format: Option<&str>) -> Result<Dates> {
        let Some(format) = format else {
            return Ok(Dates(
                [
                    "%Y-%m-%d",
                    "%Y/%m/%d",
                    "%Y%m%d",
                    "%d.%m.%Y",
                    "%d %b %Y",
                    "%d %B %Y",
                    "%b %d, %Y",
                    "%B %d, %Y",
                    "%a, %d %b %Y",
                ]
                .map(str::to_owned)
                .to_vec(),
            ));
        };
        let sample = jiff::fmt::strtime::format(format, jiff::civil::date(2023, 9, 19));
        let back = sample.as_ref().ok().and_then(|sample| Date::strptime(format, sample).ok());
        match back {
            Some(_) => Ok(Dates(vec![format.to_owned()])),
            None => Err(Error::usage(format!(
                "'{format}' is no date format with year, month and day; it should look like %d/%m/%Y"
            ))),
        }
    }

    /// The year and month of a date, as `2023-09`; what follows the date (a time) is not looked at.
    fn month(&self, text: &str) -> Option<String> {
        let text = text.trim();
        let read = |format: &String| jiff::fmt::strtime::BrokenDownTime::parse_prefix(format, text).ok();
        let date = self.0.iter().filter_map(read).find_map(|(time, _)| time.to_date().ok())?;
        Some(format!("{:04}-{:02}", date.year(), date.month()))
    }
}
