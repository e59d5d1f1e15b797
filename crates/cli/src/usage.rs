//! `allonym usage`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::civil::Date;
use rayon::prelude::*;

use super::documents::{self, Document, Fields};
use super::options::{Common, Format, unit_interval};
use super::{input, open, options, render};
use allonym::error::{Error, Result};
use allonym::filter;
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
    /// Only mentions whose best candidate scores at least this.
    #[arg(long, default_value_t = MIN_SCORE, value_name = "S", value_parser = unit_interval)]
    min_score: f64,
    /// Number of places shown, the most mentioned first; 0 shows all.
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: usize,
    #[command(flatten)]
    fields: Fields,
}

impl Usage {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
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
        let table = render::usage::Table { by: &self.by, label: &label, documents: counter.documents(), usage: &usage };
        match common.format() {
            Format::Table => render::write(&render::usage::text(&table))?,
            Format::Html => render::write(&render::chart::page(&table))?,
            Format::Json => render::json::document(&table.lines())?,
            Format::Jsonl => render::json::lines(&table.lines())?,
            Format::Csv => table.csv()?,
            _ => return Err(options::wrong_format()),
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
                    note!("allonym: {} {what}", allonym::render::words::thousands(n));
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

/// Reads dates as they are written in spreadsheets and archives.
struct Dates(Vec<String>);

impl Dates {
    /// # Errors
    /// If the format has an unknown directive.
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
                "invalid date format '{format}'; it needs year, month and day, as in %d/%m/%Y"
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
