//! `allonym normalize`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Common, input, open};
use crate::error::{Error, Result};
use crate::label::Label;
use crate::table::{self, Options, Summary};

/// Turn a column of names into ids.
///
/// The table comes out as it went in, row for row and byte for byte, with columns added: id, label, status (resolved,
/// ambiguous, unmatched, empty), score, variant (the name it matched), how, country, lat, lon.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym normalize places.csv --column place -o places.ids.csv
  allonym normalize events.csv --column town --country-column country --admin-column region
  xzcat big.csv.xz | allonym normalize - --column location --prefix loc_ > big.ids.csv

Exit code: 0 done, 3 done but --strict found doubtful or unmatched values.")]
pub struct Normalize {
    /// A CSV or TSV file; `-` is standard input. `.gz` and `.zst` are read as they are.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column that holds the names.
    #[arg(long, value_name = "NAME")]
    column: String,
    /// A column with the country: names in any language, or ISO codes.
    #[arg(long, value_name = "NAME")]
    country_column: Option<String>,
    /// A column with the first- or second-level unit.
    #[arg(long, value_name = "NAME")]
    admin_column: Option<String>,
    /// What the added columns begin with [default: the column's name and _].
    #[arg(long, value_name = "P")]
    prefix: Option<String>,
    /// The delimiter, one letter or `tab` [default: told from the header].
    #[arg(long, short, value_name = "D")]
    delimiter: Option<String>,
    /// Take rows with fewer or more cells than the header as they are.
    #[arg(long)]
    flexible: bool,
    /// Exit with 3 when a value is doubtful or unmatched.
    #[arg(long)]
    strict: bool,
    /// Write to this file, which appears when it is whole [default: standard output].
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
}

impl Normalize {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        let mut options = Options {
            column: self.column.clone(),
            country_column: self.country_column.clone(),
            admin_column: self.admin_column.clone(),
            prefix: self.prefix.clone(),
            delimiter: self.delimiter()?,
            flexible: self.flexible,
            label: Label::Source,
        };
        let total = std::fs::metadata(&self.file).map(|m| m.len()).unwrap_or(0);
        let reader = input::reader(&self.file)?;
        let gazetteer = open::open(common)?;
        options.label = common.label(&gazetteer)?;
        let bar = Bar::new(common.quiet || self.file == Path::new("-"), total);
        // Bytes of a packed file are counted as they are on disk only where it is not packed.
        let packed = input::plain_name(&self.file) != self.file;
        let begin = Instant::now();
        let watch = |bytes, rows| bar.show(if packed { 0 } else { bytes }, rows);
        let summary = match &self.output {
            None => table::normalize(
                &gazetteer,
                reader,
                BufWriter::with_capacity(1 << 18, std::io::stdout()),
                &options,
                watch,
            ),
            Some(path) => self.with_file(path, |out| table::normalize(&gazetteer, reader, out, &options, watch)),
        };
        bar.finish();
        let summary = summary.map_err(|e| if e.is_closed_pipe() { e } else { e.in_file(&self.file) })?;
        if !common.quiet {
            report(&summary, begin.elapsed());
        }
        Ok(ExitCode::from(if self.strict && !summary.is_certain() { 3 } else { 0 }))
    }

    fn delimiter(&self) -> Result<Option<u8>> {
        match self.delimiter.as_deref() {
            None => Ok(None),
            Some("tab" | "\\t" | "\t") => Ok(Some(b'\t')),
            Some(d) if d.len() == 1 && d.is_ascii() && !matches!(d, "\"" | "\n" | "\r") => Ok(Some(d.as_bytes()[0])),
            Some(d) => Err(Error::usage(format!("'{d}' can be no delimiter; give one letter such as ';', or tab"))),
        }
    }

    /// Writes beside the file first: whatever happens, there is no half of one under its name.
    fn with_file(&self, path: &Path, work: impl FnOnce(&mut dyn Write) -> Result<Summary>) -> Result<Summary> {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".part-{}", std::process::id()));
        let part = PathBuf::from(name);
        let file = File::create(&part).map_err(|e| Error::io("write", path, e))?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        let done = work(&mut out).and_then(|summary| {
            out.flush().map_err(|e| Error::io("write", path, e))?;
            std::fs::rename(&part, path).map_err(|e| Error::io("write", path, e))?;
            Ok(summary)
        });
        if done.is_err() {
            let _ = std::fs::remove_file(&part);
        }
        done
    }
}

fn report(s: &Summary, time: Duration) {
    use super::render::table::thousands;
    let percent = |n: u64| 100.0 * n as f64 / s.rows.max(1) as f64;
    let rate = (s.rows as f64 / time.as_secs_f64().max(1e-3)) as u64;
    eprintln!(
        "{} rows, {} different values, {} rows a second",
        thousands(s.rows),
        thousands(s.distinct),
        thousands(rate)
    );
    for (what, n) in
        [("resolved", s.resolved), ("ambiguous", s.ambiguous), ("unmatched", s.unmatched), ("empty", s.empty)]
    {
        eprintln!("  {what:<10} {:>12}  {:>5.1} %", thousands(n), percent(n));
    }
    let faults = [
        (s.ragged, "rows have not as many cells as the header"),
        (s.not_utf8, "rows are no UTF-8; their bytes were kept, what is no letter was read as U+FFFD"),
        (s.unknown_context, "different values have a country or unit that is not known; it was left out of account"),
    ];
    for (n, what) in faults.into_iter().filter(|(n, _)| *n > 0) {
        eprintln!("  {} {what}", thousands(n));
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
            bar.set_message(format!("{} rows", super::render::table::thousands(rows)));
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
