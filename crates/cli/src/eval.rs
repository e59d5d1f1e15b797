//! `allonym eval`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use comfy_table::Cell;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::output::{self, AtomicFile, Named};
use super::render::table::{new, right, text as lines};
use super::{Common, Format, input, open, render};
use allonym::error::{Error, Result};
use allonym::eval::{Counts, Document, Report};
use allonym::filter;
use allonym::gazetteer::Gazetteer;
use allonym::lookup::Query;
use allonym::rank::Verdict;
use allonym::render::words::thousands;
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
    /// Only mentions whose best candidate scores at least so much [default: as tag has it].
    #[arg(long, value_name = "S")]
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
            Format::Table => render::write(&table(&reports, &all, seconds))?,
            Format::Json | Format::Jsonl => render::json::document(&document(&reports, &all, seconds))?,
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
        if common.format() != Format::Table {
            let object = |(name, c): &(String, Found)| {
                json!({"file": name, "rows": c.rows, "first": c.share(c.first), "among_five": c.share(c.five),
                    "answered": c.share(c.answered), "resolved": c.share(c.resolved),
                    "resolved_right": c.resolved_right as f64 / c.resolved.max(1) as f64,
                    "rows_per_second": c.rows as f64 / c.seconds.max(1e-9)})
            };
            render::json::document(&rows.iter().map(object).collect::<Vec<_>>())?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut table = new(["file", "rows", "first", "among 5", "answered", "resolved", "of these right", "rows/s"]);
        for (name, c) in &rows {
            let percent = |part: f64| right(format!("{part:.3}"));
            table.add_row([
                Cell::new(name),
                right(thousands(c.rows)),
                percent(c.share(c.first)),
                percent(c.share(c.five)),
                percent(c.share(c.answered)),
                percent(c.share(c.resolved)),
                percent(c.resolved_right as f64 / c.resolved.max(1) as f64),
                right(thousands((c.rows as f64 / c.seconds.max(1e-9)) as u64)),
            ]);
        }
        render::write(&lines(&table))?;
        Ok(ExitCode::SUCCESS)
    }

    fn table(&self, gazetteer: &Gazetteer, path: &Path) -> Result<Found> {
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
        let one = |row: &::csv::StringRecord| -> Result<Found> {
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
            Ok(Found {
                rows: 1,
                first: n(at == Some(0)),
                five: n(at.is_some()),
                answered: n(!answer.candidates.is_empty()),
                resolved: n(resolved),
                resolved_right: n(resolved && at == Some(0)),
                seconds: 0.0,
            })
        };
        let found: Vec<Found> = rows.par_iter().map(one).collect::<Result<_>>()?;
        let mut sum = Found::default();
        found.iter().for_each(|found| sum.add(found));
        sum.seconds = begin.elapsed().as_secs_f64();
        Ok(sum)
    }
}

/// What was counted of a table.
#[derive(Default)]
struct Found {
    rows: u64,
    first: u64,
    five: u64,
    answered: u64,
    resolved: u64,
    resolved_right: u64,
    seconds: f64,
}

impl Found {
    fn share(&self, part: u64) -> f64 {
        part as f64 / self.rows.max(1) as f64
    }

    fn add(&mut self, other: &Found) {
        self.rows += other.rows;
        self.first += other.first;
        self.five += other.five;
        self.answered += other.answered;
        self.resolved += other.resolved;
        self.resolved_right += other.resolved_right;
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
        eprintln!(
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

fn table(reports: &[(String, Report)], all: &Report, seconds: f64) -> String {
    let mut table = new([
        "", "golds", "answers", "span P", "R", "F1", "overlap", "id", "(found)", "161 km", "(found)", "P", "R", "F1",
        "F1@161",
    ]);
    let mut row = |name: String, counts: &Counts| {
        let f = counts.figures();
        let mut cells = vec![Cell::new(name), right(thousands(counts.golds)), right(thousands(counts.answers))];
        let figures = [
            f.span_precision,
            f.span_recall,
            f.span_f1,
            f.overlap_f1,
            f.id_all,
            f.id_answered,
            f.near_all,
            f.near_answered,
            f.precision,
            f.recall,
            f.f1,
            f.f1_near,
        ];
        cells.extend(figures.map(|figure| right(format!("{figure:.3}"))));
        table.add_row(cells);
    };
    for (name, report) in reports {
        row(name.clone(), &report.places);
    }
    if reports.len() > 1 {
        row("all".to_owned(), &all.places);
    }
    row("all, with demonyms".to_owned(), &all.all);
    let mut out = lines(&table);
    let mut recall = new(["by", "", "golds", "span R", "id", "161 km"]);
    for (by, groups) in [("script", &all.scripts), ("class", &all.classes)] {
        let mut groups: Vec<_> = groups.iter().collect();
        groups.sort_by_key(|(name, counts)| (std::cmp::Reverse(counts.golds), *name));
        for (n, (name, counts)) in groups.into_iter().take(12).enumerate() {
            let f = counts.figures();
            recall.add_row([
                Cell::new(if n == 0 { by } else { "" }),
                Cell::new(name),
                right(thousands(counts.golds)),
                right(format!("{:.3}", f.span_recall)),
                right(format!("{:.3}", f.id_all)),
                right(format!("{:.3}", f.near_all)),
            ]);
        }
    }
    out.push_str(&format!("\n{}", lines(&recall)));
    if all.calibration.bins.iter().any(|bin| bin.0 > 0) {
        let mut bins = new(["score", "answers", "mean score", "right"]);
        for (n, (count, scores, right_ones)) in all.calibration.bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
            let of = |sum: f64| right(format!("{:.3}", sum / *count as f64));
            bins.add_row([
                Cell::new(format!("{:.1}–{:.1}", n as f64 / 10.0, (n + 1) as f64 / 10.0)),
                right(thousands(*count)),
                of(*scores),
                of(*right_ones as f64),
            ]);
        }
        let error = all.calibration.error();
        out.push_str(&format!("\n{}expected calibration error {error:.3}\n", lines(&bins)));
    }
    let (documents, bytes) = (all.documents as f64, all.bytes as f64);
    out.push_str(&format!(
        "\n{} documents, {:.1} MB, {:.0} documents and {:.1} MB a second\n",
        thousands(all.documents),
        bytes / 1e6,
        documents / seconds.max(1e-9),
        bytes / 1e6 / seconds.max(1e-9)
    ));
    out
}

fn document(reports: &[(String, Report)], all: &Report, seconds: f64) -> Value {
    let both = |counts: &Counts| json!({"counts": counts, "figures": counts.figures()});
    let groups = |groups: &std::collections::BTreeMap<String, Counts>| -> Value {
        groups.iter().map(|(name, counts)| (name.clone(), both(counts))).collect::<serde_json::Map<_, _>>().into()
    };
    let one = |report: &Report| {
        let bins: Vec<Value> = report
            .calibration
            .bins
            .iter()
            .map(|(count, scores, right)| {
                let n = (*count).max(1) as f64;
                json!({"answers": count, "mean_score": scores / n, "right": *right as f64 / n})
            })
            .collect();
        json!({"documents": report.documents, "bytes": report.bytes, "without_demonyms": both(&report.places),
            "with_demonyms": both(&report.all), "by_script": groups(&report.scripts), "by_class": groups(&report.classes),
            "calibration": {"error": report.calibration.error(), "bins": bins}})
    };
    let files: serde_json::Map<String, Value> =
        reports.iter().map(|(name, report)| (name.clone(), one(report))).collect();
    json!({"files": files, "all": one(all), "speed": {"seconds": seconds,
        "documents_per_second": all.documents as f64 / seconds.max(1e-9),
        "megabytes_per_second": all.bytes as f64 / 1e6 / seconds.max(1e-9)}})
}
