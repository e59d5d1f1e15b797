//! `allonym eval`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use rayon::prelude::*;

use super::options::{Common, Format, unit_interval};
use super::output::{self, AtomicFile, Named};
use super::render::eval::Lookups;
use super::{input, open, render};
use allonym::error::{Error, Result};
use allonym::eval::{Document, Report};
use allonym::filter;
use allonym::gazetteer::Gazetteer;
use allonym::lookup::Query;
use allonym::rank::Verdict;
use allonym::tag::Options;

/// Measure how right the answers are, on annotated texts, tables or lists of names.
///
/// A .jsonl file holds one text a line: `text` and `mentions`, each with `start` and `end` in code points and where known
/// `geonameid` or `id`, `lat`, `lon`. A .csv or .tsv file is a table with a column of names and one of right ids.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym eval news.jsonl tweets.jsonl.zst
  allonym eval news.jsonl --format json --errors misses.csv
  allonym eval cities.csv --column city --id-column gold_id --admin-column state
  allonym eval names.tsv --column name --id-column id --country-column country

Columns of the table: P, R, F1 of exact spans; F1 of overlapping ones; id = exact id of all marked places (and of those whose span was
found); 161 km likewise; then both together: P, R, F1 of exact span and exact id, F1 of overlapping span within 161 km.")]
pub struct Eval {
    /// Annotated texts (.jsonl) or tables (.csv, .tsv); .gz and .zst are read as they are.
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,
    /// The column that holds the names of a table.
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// The column that holds the right ids of a table.
    #[arg(long, default_value = "id", value_name = "NAME")]
    id_column: String,
    /// The column of a table that says in which country.
    #[arg(long, value_name = "NAME")]
    country_column: Option<String>,
    /// The column of a table that says in which unit.
    #[arg(long, value_name = "NAME")]
    admin_column: Option<String>,
    /// Countries that the texts are likely to speak of (ISO codes or names).
    #[arg(long, value_delimiter = ',', value_name = "CC")]
    country: Vec<String>,
    /// Only mentions whose best candidate scores at least this [default: as in tag].
    #[arg(long, value_name = "S", value_parser = unit_interval)]
    min_score: Option<f64>,
    /// Write every miss into this CSV file.
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

impl Eval {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        let gold: Vec<Named<'_>> = self.gold.iter().map(|path| Named { role: "GOLD", path }).collect();
        let errors = Named::option("--errors", self.errors.as_deref());
        output::check_distinct(&gold, errors.as_slice())?;
        let gazetteer = open::open(common)?;
        let is_table = |path: &PathBuf| {
            input::plain_name(path).extension().is_some_and(|extension| extension == "csv" || extension == "tsv")
        };
        if self.gold.iter().all(is_table) {
            return self.tables(&gazetteer, common);
        }
        if let Some(path) = self.gold.iter().find(|path| is_table(path)) {
            return Err(Error::usage(format!(
                "{} is a table; measure tables and texts one after the other",
                path.display()
            )));
        }
        self.texts(&gazetteer, common)
    }

    fn texts(&self, gazetteer: &Gazetteer, common: &Common) -> Result<ExitCode> {
        let taggers = gazetteer.taggers(Options {
            countries: filter::countries(gazetteer, &self.country)?,
            min_score: self.min_score,
            ..Options::default()
        });
        let mut errors = self.errors.as_deref().map(errors_file).transpose()?;
        let mut reports: Vec<(String, Report)> = Vec::new();
        let mut seconds = 0.0;
        for path in &self.gold {
            let documents = documents(path, common)?;
            let begin = Instant::now();
            let found: Vec<_> = documents.par_iter().map(|document| taggers.tag(&document.text)).collect();
            seconds += begin.elapsed().as_secs_f64();
            let mut report = Report::default();
            for (document, found) in documents.iter().zip(&found) {
                report.add(Report::of(gazetteer, document, found, errors.is_some()));
            }
            if let Some(errors) = &mut errors {
                write_errors(errors, path, &documents, &report)?;
            }
            report.faults.clear();
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            reports.push((name, report));
        }
        if let Some(errors) = errors {
            errors.into_inner().map_err(|e| Error::stream("write the errors", e.into_error()))?.finish()?;
        }
        let mut all = Report::default();
        reports.iter().for_each(|(_, report)| all.add(report.clone()));
        match common.format() {
            Format::Table => render::write(&render::eval::table(&reports, &all, seconds))?,
            Format::Json | Format::Jsonl => render::json::document(&render::eval::document(&reports, &all, seconds))?,
            _ => return Err(Error::usage("eval writes table or json")),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn tables(&self, gazetteer: &Gazetteer, common: &Common) -> Result<ExitCode> {
        let mut rows = Vec::new();
        for path in &self.gold {
            let counts = self.table(gazetteer, path)?;
            rows.push((path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned(), counts));
        }
        match common.format() {
            Format::Table => render::write(&render::eval::lookups_table(&rows))?,
            Format::Json | Format::Jsonl => render::json::document(&render::eval::lookups_document(&rows))?,
            _ => return Err(Error::usage("eval writes table or json")),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn table(&self, gazetteer: &Gazetteer, path: &Path) -> Result<Lookups> {
        let tabs = input::plain_name(path).extension().is_some_and(|e| e == "tsv");
        let mut builder = ::csv::ReaderBuilder::new();
        builder.delimiter(if tabs { b'\t' } else { b',' }).quoting(!tabs);
        let mut reader = builder.from_reader(input::reader(path)?);
        let wrong = |e: ::csv::Error| {
            let line = e.position().map_or(1, ::csv::Position::line);
            Error::data(format!("the row cannot be read ({e})")).in_file(path).on_line(line)
        };
        let header = reader.headers().map_err(wrong)?.clone();
        let find = |name: &str| {
            header.iter().position(|column| column.trim_start_matches('\u{feff}') == name).ok_or_else(|| {
                let known: Vec<&str> = header.iter().collect();
                Error::usage(format!("there is no column '{name}' (there are: {})", known.join(", "))).in_file(path)
            })
        };
        let (name, id) = (find(self.column.as_deref().unwrap_or("name"))?, find(&self.id_column)?);
        let country = self.country_column.as_deref().map(find).transpose()?;
        let admin = self.admin_column.as_deref().map(find).transpose()?;
        let rows: Vec<::csv::StringRecord> = reader.records().collect::<std::result::Result<_, _>>().map_err(wrong)?;
        let begin = Instant::now();
        let one = |row: &::csv::StringRecord| -> Result<Lookups> {
            let cell = |at: usize| row.get(at).unwrap_or_default().trim();
            let gold = match cell(id).bytes().all(|b| b.is_ascii_digit()) {
                true => format!("gn:{}", cell(id)),
                false => cell(id).to_owned(),
            };
            let mut query = Query::new(cell(name));
            query.countries = country.and_then(|at| gazetteer.country(cell(at))).into_iter().collect();
            if let Some(unit) = admin.map(cell).filter(|unit| !unit.is_empty()) {
                query.within = gazetteer.units(unit, &query.countries);
            }
            query.limit = 5;
            let answer = gazetteer.lookup(&query)?;
            let at = answer.candidates.iter().position(|c| c.entity.id() == gold);
            let resolved = answer.verdict == Verdict::Resolved;
            let n = u64::from;
            Ok(Lookups {
                rows: 1,
                first: n(at == Some(0)),
                five: n(at.is_some()),
                answered: n(!answer.candidates.is_empty()),
                resolved: n(resolved),
                resolved_right: n(resolved && at == Some(0)),
                seconds: 0.0,
            })
        };
        let found: Vec<Lookups> = rows.par_iter().map(one).collect::<Result<_>>()?;
        let mut sum = Lookups::default();
        found.iter().for_each(|found| sum.add(found));
        sum.seconds = begin.elapsed().as_secs_f64();
        Ok(sum)
    }
}

/// Reads a file of annotated texts; spans that fit no text are counted and told.
fn documents(path: &Path, common: &Common) -> Result<Vec<Document>> {
    let reader = BufReader::with_capacity(1 << 18, input::reader(path)?);
    let mut documents = Vec::new();
    let (mut faults, mut first) = (0, None);
    for (number, line) in (1..).zip(reader.lines()) {
        let line = line.map_err(|e| Error::io("read", path, e))?;
        let line = line.trim_start_matches('\u{feff}');
        if line.trim().is_empty() {
            continue;
        }
        let (document, wrong) = Document::parse(line, number).map_err(|e| e.in_file(path).on_line(number))?;
        if wrong > 0 {
            first.get_or_insert(number);
            faults += wrong;
        }
        documents.push(document);
    }
    if documents.is_empty() {
        return Err(Error::data("there are no texts in it").in_file(path));
    }
    let linked = documents.iter().flat_map(|d| &d.golds).any(|g| g.id.is_some() || g.point.is_some());
    documents.iter_mut().for_each(|document| document.linked = linked);
    if let (Some(first), false) = (first, common.quiet) {
        note!(
            "allonym: {}: {faults} marked spans do not fit their text and were left out, the first on line {first}",
            path.display()
        );
    }
    Ok(documents)
}

fn errors_file(path: &Path) -> Result<::csv::Writer<AtomicFile>> {
    let mut out = ::csv::Writer::from_writer(AtomicFile::create(path)?);
    let header = ["file", "doc", "start", "end", "surface", "gold", "answer", "score", "kind", "context"];
    out.write_record(header).map_err(|e| Error::io("write", path, std::io::Error::other(e)))?;
    Ok(out)
}

fn write_errors(
    out: &mut ::csv::Writer<AtomicFile>,
    path: &Path,
    documents: &[Document],
    report: &Report,
) -> Result<()> {
    for (n, fault) in &report.faults {
        let document = &documents[*n];
        let from = fault.start.saturating_sub(40);
        let context: String = document.text.chars().skip(from).take(fault.end + 40 - from).collect();
        let (answer, score) = match &fault.answer {
            Some((id, score)) => (&**id, format!("{score:.3}")),
            None => ("", String::new()),
        };
        out.write_record([
            &*path.file_name().unwrap_or(path.as_os_str()).to_string_lossy(),
            &document.id,
            &fault.start.to_string(),
            &fault.end.to_string(),
            &fault.surface,
            fault.gold.as_deref().unwrap_or_default(),
            answer,
            &score,
            fault.miss.as_str(),
            &context.replace('\n', " "),
        ])
        .map_err(|e| Error::stream("write the errors", std::io::Error::other(e)))?;
    }
    Ok(())
}
