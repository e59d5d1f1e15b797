//! The command line: one module per verb, above the modules that read, write and render.

#[macro_use]
mod note;

mod changes;
mod documents;
mod eval;
mod export;
mod index;
mod input;
mod lookup;
mod normalize;
mod open;
mod options;
mod output;
mod render;
mod resolve;
mod review;
mod serve;
mod tag;
mod usage;
mod variants;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use allonym::error::{Error, ErrorKind, Result};
use options::{Common, Format};

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
    Normalize(Box<normalize::Normalize>),
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

impl Verb {
    /// Whether the verb cannot write this format.
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
            note!("allonym: {error}; 'allonym index build{output}' builds it");
            ExitCode::FAILURE
        }
        Err(error) => {
            note!("allonym: {error}");
            ExitCode::from(if matches!(error.kind(), ErrorKind::Usage | ErrorKind::Column) { 2 } else { 1 })
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    if let Some(jobs) = cli.common.jobs {
        // Fails only if the pool exists already, which it does not yet.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build_global();
    }
    match cli.verb {
        verb if verb.lacks(cli.common.format) => Err(options::wrong_format()),
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
