//! `allonym normalize`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::options::{Common, TypeArg};
use super::output::{self, AtomicFile, Named};
use super::{input, open};
use allonym::error::{Error, Result};
use allonym::label::Label;
use allonym::table::{self, ContextScope, Decisions, Level, Options, Summary};

/// Turn columns of names into ids.
///
/// The table comes out as it went in, row for row and byte for byte, with columns added: id, label, status (resolved,
/// ambiguous, unmatched, empty), score, variant (the name it matched), how, country, lat, lon.
///
/// Other columns help: they say in which country or unit a place is, where it lies, what it is. Where they contradict the
/// name, the value is a doubt with a reason, never overridden in silence. --review writes the doubts into a table; with the
/// column `choose` filled in (by hand or with `allonym review`) it is what --decisions takes, now and for every later table.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym normalize places.csv --column place -o places.ids.csv
  allonym normalize events.csv --column town --country-column country --admin-column region --review doubts.csv -o out.csv
  allonym review doubts.csv
  allonym normalize events.csv --column town --country-column country --admin-column region --decisions doubts.csv -o out.csv
  allonym normalize trips.csv --column origin --column destination --add admin1,population
  allonym normalize raions.csv --column raion --level admin2 --country UA
  allonym normalize mentions.csv --column place --group document
  xzcat big.csv.xz | allonym normalize - --column location --prefix loc_ > big.ids.csv

Exit code: 0 done, 3 done but --strict found doubtful or unmatched values.")]
pub struct Normalize {
    /// A CSV or TSV file, or JSON Lines; `-` is standard input. `.gz` and `.zst` are read as they are, `.parquet` where that was
    /// built in.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column that holds the names; may be given several times.
    #[arg(long, value_name = "NAME", required = true)]
    column: Vec<String>,
    /// A column with the country: names in any language, or ISO codes.
    #[arg(long, value_name = "NAME", help_heading = "Context")]
    country_column: Vec<String>,
    /// A column with a first- or second-level unit; may be given several times, the largest first.
    #[arg(long, value_name = "NAME", help_heading = "Context")]
    admin_column: Vec<String>,
    /// A column with degrees north.
    #[arg(long, value_name = "NAME", requires = "lon_column", help_heading = "Context")]
    lat_column: Option<String>,
    /// A column with degrees east.
    #[arg(long, value_name = "NAME", requires = "lat_column", help_heading = "Context")]
    lon_column: Option<String>,
    /// A column that says what it is: city, district, river, organization, or a code of GeoNames.
    #[arg(long, value_name = "NAME", help_heading = "Context")]
    type_column: Option<String>,
    /// Only entities of these types.
    #[arg(long, value_name = "TYPE", value_delimiter = ',', value_enum, help_heading = "Context")]
    types: Vec<TypeArg>,
    /// The country of every row that names none itself: a name in any language, or an ISO code.
    #[arg(long, value_name = "COUNTRY", help_heading = "Context")]
    country: Option<String>,
    /// The unit of every row, by name, code or id.
    #[arg(long, value_name = "UNIT", help_heading = "Context")]
    within: Option<String>,
    /// What the column holds: country, admin1, admin2 or place [default: inferred from the column].
    #[arg(long, value_enum, value_name = "LEVEL", conflicts_with = "type_column", help_heading = "Context")]
    level: Option<LevelArg>,
    /// Let the other values of the column help (column), or only the row itself (row).
    #[arg(long, value_enum, default_value = "column", value_name = "SCOPE", help_heading = "Context")]
    context: ContextArg,
    /// Let only values with the same content of this column help each other: a document, an outlet, a country.
    #[arg(long, value_name = "NAME", help_heading = "Context")]
    group: Option<String>,
    /// What the added columns begin with [default: the column's name and _].
    #[arg(long, value_name = "P", help_heading = "What is written")]
    prefix: Option<String>,
    /// Further fields to add: type, feature, population, admin, admin1, admin2, lang, script, kind, distance, same_as, claims,
    /// reason.
    #[arg(long, value_name = "FIELD", value_delimiter = ',', help_heading = "What is written")]
    add: Vec<String>,
    /// Number of candidates written; each after the first as id, label and score.
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, help_heading = "What is written",
        value_parser = clap::value_parser!(u16).range(1..=50))]
    candidates: u16,
    /// Put the label in the place of what is resolved instead of adding columns.
    #[arg(long, help_heading = "What is written")]
    in_place: bool,
    /// Read several places in a cell: between semicolons, bars or line breaks.
    #[arg(long)]
    multi: bool,
    /// Write the doubts to this table, a row for each value and candidate.
    #[arg(long, value_name = "FILE", help_heading = "Doubts")]
    review: Option<PathBuf>,
    /// Take what was decided in this table: a review with the column `choose` filled in.
    #[arg(long, value_name = "FILE", help_heading = "Doubts")]
    decisions: Option<PathBuf>,
    /// Exit with 3 when a value is doubtful or unmatched.
    #[arg(long, help_heading = "Doubts")]
    strict: bool,
    /// The delimiter, one letter or `tab` [default: told from the header].
    #[arg(long, short, value_name = "D", help_heading = "How the table is written")]
    delimiter: Option<String>,
    /// What stands around cells that hold a delimiter, one letter or `none` [default: "].
    #[arg(long, value_name = "Q", help_heading = "How the table is written")]
    quote: Option<String>,
    /// The encoding of the table, such as latin1, windows-1251 or utf-16le; it is written as UTF-8 [default: UTF-8, or UTF-16
    /// where a byte order mark says so].
    #[arg(long, value_name = "NAME", help_heading = "How the table is written")]
    encoding: Option<String>,
    /// Take rows with fewer or more cells than the header as they are.
    #[arg(long, help_heading = "How the table is written")]
    flexible: bool,
    /// Write the counts to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,
    /// Write to this file, which appears when it is whole [default: standard output].
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
}

/// What the answer to a value may depend on.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ContextArg {
    Column,
    Row,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LevelArg {
    Country,
    Admin1,
    Admin2,
    Place,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Level {
        match level {
            LevelArg::Country => Level::Country,
            LevelArg::Admin1 => Level::Admin1,
            LevelArg::Admin2 => Level::Admin2,
            LevelArg::Place => Level::Place,
        }
    }
}

impl Normalize {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        let mut options = Options {
            columns: self.column.clone(),
            country_columns: self.country_column.clone(),
            admin_columns: self.admin_column.clone(),
            lat_column: self.lat_column.clone(),
            lon_column: self.lon_column.clone(),
            type_column: self.type_column.clone(),
            types: TypeArg::all(&self.types),
            prefix: self.prefix.clone(),
            delimiter: letter(self.delimiter.as_deref(), "delimiter")?,
            quote: match self.quote.as_deref() {
                Some("none" | "") => None,
                quote => Some(letter(quote, "quote")?.unwrap_or(b'"')),
            },
            encoding: self.encoding.clone(),
            flexible: self.flexible,
            label: Label::Source,
            in_place: self.in_place,
            add: self.add.iter().map(|name| name.parse()).collect::<Result<_>>()?,
            candidates: usize::from(self.candidates),
            multi: self.multi,
            context: match self.context {
                ContextArg::Column => ContextScope::Column,
                ContextArg::Row => ContextScope::Row,
            },
            group_column: self.group.clone(),
            country: self.country.clone(),
            within: self.within.clone(),
            level: self.level.map(Level::from),
        };
        if self.group.is_some() && matches!(self.context, ContextArg::Row) {
            return Err(Error::usage("--group has no effect with --context row; leave one of them out"));
        }
        self.check_outputs()?;
        let total = std::fs::metadata(&self.file).map(|m| m.len()).unwrap_or(0);
        let parquet = self.file.extension().is_some_and(|e| e == "parquet");
        if parquet && !cfg!(feature = "parquet") {
            return Err(Error::usage(format!(
                "{} is a Parquet file, which this build does not read; build with --features parquet",
                self.file.display()
            )));
        }
        let reader = input::reader(&self.file)?;
        let gazetteer = open::open(common)?;
        options.label = common.label(&gazetteer)?;
        let decisions = match &self.decisions {
            Some(path) => Decisions::read(input::reader(path)?, &gazetteer).map_err(|e| e.in_file(path))?,
            None => Decisions::default(),
        };
        let bar = Bar::new(common.quiet || self.file == Path::new("-"), total);
        // Bytes of a packed file are counted as they are on disk only where it is not packed.
        let packed = input::plain_name(&self.file) != self.file;
        let begin = Instant::now();
        let watch = |bytes, rows| bar.show(if packed { 0 } else { bytes }, rows);

        let mut output = self.output.as_deref().map(AtomicFile::create).transpose()?;
        let mut review = self.review.as_deref().map(AtomicFile::create).transpose()?;
        let mut stdout;
        let out: &mut (dyn Write + Send) = match &mut output {
            Some(file) => file,
            None => {
                stdout = BufWriter::with_capacity(1 << 18, std::io::stdout());
                &mut stdout
            }
        };
        let doubts = review.as_mut().map(|file| file as &mut dyn Write);
        let summary = match parquet {
            #[cfg(feature = "parquet")]
            true => File::open(&self.file)
                .map_err(|e| Error::io("read", &self.file, e))
                .and_then(|file| table::normalize_parquet(&gazetteer, file, out, &options, &decisions, doubts, watch)),
            _ => table::normalize_reviewed(&gazetteer, reader, out, &options, &decisions, doubts, watch),
        };
        bar.finish();
        let summary = summary.map_err(|e| if e.is_closed_pipe() { e } else { e.in_file(&self.file) })?;
        for file in [output, review].into_iter().flatten() {
            file.finish()?;
        }
        if let Some(path) = &self.summary {
            let mut file = AtomicFile::create(path)?;
            serde_json::to_writer_pretty(&mut file, &summary)
                .map_err(std::io::Error::from)
                .and_then(|()| writeln!(file))
                .map_err(|e| Error::io("write", path, e))?;
            file.finish()?;
        }
        if !common.quiet {
            report(&summary, begin.elapsed());
            if let Some(path) = self.review.as_ref().filter(|_| !summary.is_certain()) {
                note!("  the doubts are in {0}; 'allonym review {0}' walks through them", path.display());
            }
        }
        Ok(ExitCode::from(if self.strict && !summary.is_certain() { 3 } else { 0 }))
    }

    /// Checks that no output overwrites an input, another output or decisions. Only the table itself may be replaced by its
    /// output, by naming it as `-o`.
    fn check_outputs(&self) -> Result<()> {
        let table = Named { role: "the table", path: &self.file };
        let decisions = Named::option("--decisions", self.decisions.as_deref());
        let review = Named::option("--review", self.review.as_deref());
        let summary = Named::option("--summary", self.summary.as_deref());
        let output = Named::option("-o", self.output.as_deref());
        let reports: Vec<Named<'_>> = review.into_iter().chain(summary).collect();
        let inputs: Vec<Named<'_>> = decisions.into_iter().chain([table]).collect();
        output::check_distinct(&inputs, &reports)?;
        let others: Vec<Named<'_>> = decisions.into_iter().chain(reports).collect();
        output::check_distinct(&others, output.as_slice())?;
        match &self.review {
            Some(path) if File::open(path).is_ok_and(table::is_decided) => Err(Error::usage(format!(
                "{} contains decisions, which would be lost; pass it as --decisions and name another file for --review",
                path.display()
            ))),
            _ => Ok(()),
        }
    }
}

/// One byte given as an argument.
fn letter(text: Option<&str>, what: &str) -> Result<Option<u8>> {
    match text {
        None => Ok(None),
        Some("tab" | "\\t" | "\t") => Ok(Some(b'\t')),
        Some(d) if d.len() == 1 && d.is_ascii() && !matches!(d, "\n" | "\r") && (what == "quote" || d != "\"") => {
            Ok(Some(d.as_bytes()[0]))
        }
        Some(d) => {
            let example = if what == "quote" { "\", or none" } else { ";, or tab" };
            Err(Error::usage(format!("'{d}' can be no {what}; give one letter such as {example}")))
        }
    }
}

fn report(s: &Summary, time: Duration) {
    use allonym::render::words::thousands;
    let percent = |n: u64| 100.0 * n as f64 / s.cells().max(1) as f64;
    let rate = (s.rows as f64 / time.as_secs_f64().max(1e-3)) as u64;
    note!("{} rows, {} different values, {} rows a second", thousands(s.rows), thousands(s.distinct), thousands(rate));
    let counts = [
        ("resolved", s.resolved),
        ("decided", s.decided),
        ("ambiguous", s.ambiguous),
        ("unmatched", s.unmatched),
        ("empty", s.empty),
    ];
    for (what, n) in counts.into_iter().filter(|(what, n)| *n > 0 || *what != "decided") {
        note!("  {what:<10} {:>12}  {:>5.1} %", thousands(n), percent(n));
    }
    let faults = [
        (s.ragged, "rows have not as many cells as the header"),
        (s.not_utf8, "rows are not UTF-8; their bytes were kept, and invalid sequences were read as U+FFFD"),
        (
            s.unknown_context,
            "different values have a context that is not known, and are in doubt; --add reason says which",
        ),
    ];
    for (n, what) in faults.into_iter().filter(|(n, _)| *n > 0) {
        note!("  {} {what}", thousands(n));
    }
    if let Some(inferred) = &s.inferred {
        let place = match &inferred.unit {
            Some((_, unit)) => format!("{unit}, {}", inferred.country),
            None => inferred.country.to_string(),
        };
        let share = (100.0 * inferred.share).round();
        note!("  the column is about {place}: {share} % of {} values", thousands(inferred.values));
    }
    if s.hxl {
        note!("  the first row is one of HXL hashtags; it was passed through");
    }
    if let Some(encoding) = &s.encoding {
        note!("  the table is {encoding}; it was written as UTF-8");
    }
    if !s.unused_decisions.is_empty() {
        let some: Vec<String> = s.unused_decisions.iter().take(5).map(|value| format!("'{value}'")).collect();
        let more = if s.unused_decisions.len() > some.len() { ", …" } else { "" };
        note!(
            "  {} decisions fit no value here: {}{more}",
            thousands(s.unused_decisions.len() as u64),
            some.join(", ")
        );
    }
}

/// How far a run is, on standard error, on a terminal.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn new(hidden: bool, total: u64) -> Bar {
        if hidden || total < 1 << 20 {
            return Bar(None);
        }
        let bar = ProgressBar::new(total);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_bar} {percent}% {msg} {eta} left") {
            bar.set_style(style);
        }
        Bar(Some(bar))
    }

    fn show(&self, bytes: u64, rows: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(bytes);
            bar.set_message(format!("{} rows", allonym::render::words::thousands(rows)));
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
