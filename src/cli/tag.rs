//! `allonym tag`.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;

use super::documents::{self, Fields};
use super::{Common, Format, TypeArg, input, lookup, open, render};
use crate::candidate::{Record, Verdict};
use crate::error::{Error, Result};
use crate::label::Label;
use crate::resolve::{Resolution, Why};
use crate::tag::Options;

/// Find the places in running text.
///
/// A file that ends in .jsonl holds one document a line, any other is one plain text; .gz and .zst are read as they are.
#[derive(Args)]
#[command(after_help = "Examples:
  echo 'The road from Lachin to Stepanakert (Khankendi)' | allonym tag
  allonym tag article.txt --demonyms no
  allonym tag corpus/ --format jsonl > places.jsonl
  allonym tag articles.jsonl.zst --text-field body --country AZ,AM --candidates 3")]
pub struct Tag {
    /// Files or directories; `-` is standard input [default: -].
    #[arg(value_name = "FILE|DIR")]
    files: Vec<PathBuf>,
    /// Only entities of these types.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TYPE", default_value = "place")]
    types: Vec<TypeArg>,
    /// Whether `Azerbaijani` and `Parisians` count.
    #[arg(long, value_enum, default_value = "yes", value_name = "yes|no")]
    demonyms: YesNo,
    /// Countries that the text is likely to speak of (ISO codes or names).
    #[arg(long, value_delimiter = ',', value_name = "CC")]
    country: Vec<String>,
    /// A point that the text is likely to speak of the surroundings of.
    #[arg(long, value_name = "LAT,LON", allow_hyphen_values = true)]
    near: Option<String>,
    /// Only mentions whose best candidate scores at least so much [default: 0.3 in English texts, 0 in others].
    #[arg(long, value_name = "S")]
    min_score: Option<f64>,
    /// Show so many candidates of each mention.
    #[arg(long, default_value_t = 1, value_name = "N")]
    candidates: usize,
    /// Names inside longer names, too: `Guinea` in `Papua New Guinea`; mentions overlap then.
    #[arg(long)]
    nested: bool,
    /// Show what spoke for and against each answer (JSON lines): features, their values and what each is worth.
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    fields: Fields,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

/// A mention as it is written out.
#[derive(Serialize)]
struct Line<'a> {
    doc: &'a str,
    start: usize,
    end: usize,
    byte_start: usize,
    byte_end: usize,
    surface: &'a str,
    verdict: Verdict,
    demonym: bool,
    #[serde(flatten)]
    best: Option<Record<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<Record<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a Why>,
}

impl Tag {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        if common.format() == Format::Json {
            return Err(Error::usage("tag writes one mention after another; --format takes table, jsonl or csv here"));
        }
        if let Some(least) = self.min_score.filter(|least| !(0.0..=1.0).contains(least)) {
            return Err(Error::usage(format!("--min-score takes a number from 0 to 1, not {least}")));
        }
        let near = self.near.as_deref().map(lookup::point).transpose()?;
        let gazetteer = open::open(common)?;
        let label = common.label(&gazetteer)?;
        let options = Options {
            types: TypeArg::all(&self.types),
            demonyms: self.demonyms == YesNo::Yes,
            countries: lookup::countries(&gazetteer, &self.country)?,
            near,
            min_score: self.min_score,
            candidates: self.candidates.max(1),
            nested: self.nested,
            explain: self.explain,
        };
        let paths = if self.files.is_empty() { vec![PathBuf::from("-")] } else { self.files.clone() };
        let taggers = gazetteer.taggers(options);
        let mut out = Output::new(common.format())?;
        for path in input::files(&paths)? {
            documents::each(&path, &self.fields, common, |documents| {
                let tagged: Vec<Vec<Resolution<'_>>> = documents.par_iter().map(|d| taggers.tag(&d.text)).collect();
                let mut both = documents.iter().zip(&tagged);
                both.try_for_each(|(document, found)| {
                    out.document(&document.name, &document.text, found, self.candidates, &label)
                })
            })?;
        }
        out.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes mentions in one of the formats.
pub enum Output {
    Lines(BufWriter<std::io::Stdout>),
    Csv(Box<::csv::Writer<std::io::Stdout>>),
    Table,
}

impl Output {
    pub fn new(format: Format) -> Result<Output> {
        let mut output = match format {
            Format::Table => Output::Table,
            Format::Csv => {
                Output::Csv(Box::new(::csv::WriterBuilder::new().has_headers(false).from_writer(std::io::stdout())))
            }
            _ => Output::Lines(BufWriter::with_capacity(1 << 16, std::io::stdout())),
        };
        if let Output::Csv(out) = &mut output {
            out.write_record(render::mentions::HEADER).map_err(render::refused_row)?;
        }
        Ok(output)
    }

    /// Writes the mentions of a document, those that nothing is known of included.
    pub fn document(
        &mut self,
        name: &str,
        text: &str,
        resolutions: &[Resolution<'_>],
        candidates: usize,
        label: &Label,
    ) -> Result<()> {
        if let Output::Table = self {
            return render::write(&render::mentions::table(name, text, resolutions, label));
        }
        for resolution in resolutions {
            let mention = resolution.mention;
            let surface = &text[mention.byte_start..mention.byte_end];
            let line = Line {
                doc: name,
                start: mention.start,
                end: mention.end,
                byte_start: mention.byte_start,
                byte_end: mention.byte_end,
                surface,
                verdict: resolution.verdict,
                demonym: resolution.is_demonym(),
                best: resolution.candidates.first().map(|best| best.labelled(label, surface)),
                candidates: match candidates {
                    0 | 1 => Vec::new(),
                    _ => resolution.candidates.iter().map(|c| c.labelled(label, surface)).collect(),
                },
                why: resolution.why.as_ref(),
            };
            match self {
                Output::Lines(out) => {
                    serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from).map_err(render::refused)?;
                    writeln!(out).map_err(render::refused)?;
                }
                Output::Csv(out) => render::mentions::csv(
                    out,
                    line.doc,
                    line.surface,
                    mention,
                    &line.verdict,
                    line.demonym,
                    line.best.as_ref(),
                )
                .map_err(render::refused_row)?,
                Output::Table => {}
            }
        }
        Ok(())
    }

    /// Writes what is not written yet.
    pub fn finish(self) -> Result<()> {
        match self {
            Output::Lines(mut out) => out.flush().map_err(render::refused),
            Output::Csv(mut out) => out.flush().map_err(render::refused),
            Output::Table => Ok(()),
        }
    }
}
