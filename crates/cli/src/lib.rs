//! The command line: what was typed, and one file per verb that says what it means. Nothing below knows clap.

mod changes;
mod documents;
mod eval;
mod export;
mod index;
mod input;
mod lookup;
mod normalize;
mod open;
mod output;
mod render;
mod resolve;
mod review;
mod serve;
mod tag;
mod usage;
mod variants;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use allonym::entity::EntityType;
use allonym::error::{Error, ErrorKind, Result};
use allonym::gazetteer::Gazetteer;
use allonym::label::Label;

/// Every place by every name: look up, tag and normalize place names, offline.
///
/// One place has many names. allonym finds it by any of them, says through which one it was found and how sure it is,
/// keeps all the others, and takes no side between them.
#[derive(Parser)]
#[command(name = "allonym", version = version(), max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Examples:
  allonym lookup Xankəndi                      which place is this?
  allonym variants Kyiv                        every name it goes by
  allonym tag article.txt                      the places in a text
  allonym normalize list.csv --column place    a column of names into ids")]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    common: Common,
}

// The doc comment in each verb's file is its help text.
#[derive(Subcommand)]
enum Verb {
    Lookup(lookup::Lookup),
    Variants(variants::Variants),
    Tag(tag::Tag),
    Normalize(normalize::Normalize),
    Review(review::Review),
    Resolve(resolve::Resolve),
    Usage(usage::Usage),
    Eval(eval::Eval),
    Serve(serve::Serve),
    /// Build, check, compare, describe or export the index.
    #[command(subcommand)]
    Index(index::Index),
    /// Write the completions of a shell to standard output.
    #[command(after_help = "Example:
  allonym completions bash > ~/.local/share/bash-completion/completions/allonym")]
    Completions {
        /// bash, elvish, fish, powershell or zsh.
        shell: clap_complete::Shell,
    },
    /// Write the manual page to standard output.
    #[command(after_help = "Example:
  allonym man | man -l -")]
    Man,
}

/// Options of every verb.
#[derive(Args)]
pub struct Common {
    /// How to write the answer [default: a table on a terminal, JSON lines otherwise].
    #[arg(long, global = true, value_enum)]
    format: Option<Format>,
    /// Use the index in this directory.
    #[arg(long, global = true, value_name = "DIR", env = "ALLONYM_INDEX", hide_env_values = true)]
    index: Option<PathBuf>,
    /// Number of threads [default: one per core].
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Which name stands for a place: source (the main name of the data), lang:az, official:AZ, as-written, or all.
    #[arg(long, global = true, value_name = "POLICY", default_value = "source", hide_default_value = true)]
    label: String,
    /// Print only the answer.
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading.
    Table,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// Comma-separated, with a header.
    Csv,
    /// A page in one file: charts (usage), the marked text and a map (tag, resolve).
    Html,
    /// Features for a geographic information system (tag, resolve, index export).
    Geojson,
    /// Linked Places Format (index export).
    Lpf,
    /// Linked Places' table (index export).
    LpTsv,
    /// A file of typed columns (index export).
    Parquet,
}

/// A type of entity as it is typed, in the order of [`EntityType::ALL`](allonym::EntityType::ALL).
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TypeArg {
    Place,
    Organization,
    Person,
}

impl TypeArg {
    fn all(types: &[TypeArg]) -> Vec<EntityType> {
        types.iter().map(|t| EntityType::ALL[*t as usize]).collect()
    }
}

impl Common {
    fn format(&self) -> Format {
        use std::io::IsTerminal;
        self.format.unwrap_or(if std::io::stdout().is_terminal() { Format::Table } else { Format::Jsonl })
    }

    fn label(&self, gazetteer: &Gazetteer) -> Result<Label> {
        allonym::filter::label(gazetteer, &self.label)
    }
}

impl Verb {
    /// Whether the verb does not write this format.
    fn lacks(&self, format: Option<Format>) -> bool {
        match format {
            Some(Format::Html) => !matches!(self, Verb::Usage(_) | Verb::Tag(_) | Verb::Resolve(_)),
            Some(Format::Geojson) => !matches!(self, Verb::Tag(_) | Verb::Resolve(_)) && !self.exports(),
            Some(Format::Lpf | Format::LpTsv | Format::Parquet) => !self.exports(),
            _ => false,
        }
    }

    fn exports(&self) -> bool {
        matches!(self, Verb::Index(index::Index::Export(_)))
    }
}

/// The error for a format that a verb does not write.
fn wrong_format() -> Error {
    Error::usage(
        "only usage, tag and resolve write html, only tag, resolve and index export geojson, and only index export lpf, lp-tsv and parquet; --format takes table, json, jsonl or csv here",
    )
}

fn version() -> &'static str {
    concat!(env!("CARGO_PKG_VERSION"), "\nPlace names: GeoNames (CC BY 4.0) and others; see NOTICE")
}

/// Runs a command line, the program's name first; returns its exit code. Errors go to standard error.
pub fn main(args: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let cli = Cli::parse_from(args);
    let index = cli.common.index.clone();
    match run(cli) {
        Ok(code) => code,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) if error.kind() == ErrorKind::StaleIndex => {
            let output = index.map_or_else(String::new, |dir| format!(" --output {}", dir.display()));
            eprintln!("allonym: {error}; 'allonym index build{output}' builds it");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("allonym: {error}");
            ExitCode::from(if matches!(error.kind(), ErrorKind::Usage | ErrorKind::Column) { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    if let Some(jobs) = cli.common.jobs {
        // Fails only where the pool is there already, which at this point it is not.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    match cli.verb {
        verb if verb.lacks(cli.common.format) => Err(wrong_format()),
        Verb::Lookup(verb) => verb.run(&cli.common),
        Verb::Variants(verb) => verb.run(&cli.common),
        Verb::Tag(verb) => verb.run(&cli.common),
        Verb::Review(verb) => verb.run(&cli.common),
        Verb::Normalize(verb) => verb.run(&cli.common),
        Verb::Resolve(verb) => verb.run(&cli.common),
        Verb::Usage(verb) => verb.run(&cli.common),
        Verb::Eval(verb) => verb.run(&cli.common),
        Verb::Serve(verb) => verb.run(&cli.common),
        Verb::Index(verb) => verb.run(&cli.common),
        Verb::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "allonym", &mut script);
            render::write(&String::from_utf8_lossy(&script))?;
            Ok(ExitCode::SUCCESS)
        }
        Verb::Man => {
            let page = clap_mangen::Man::new(Cli::command());
            let mut text = Vec::new();
            page.render(&mut text).map_err(|e| Error::stream("write the manual page", e))?;
            render::write(&String::from_utf8_lossy(&text))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
