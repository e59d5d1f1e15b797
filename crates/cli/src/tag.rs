//! `allonym tag`.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::documents::{self, Fields};
use super::options::{Common, Format, TypeArg, unit_interval};
use super::{input, open, options, render};
use allonym::error::{Error, Result};
use allonym::filter;
use allonym::label::Label;
use allonym::render::{geojson, marked, mention::Line};
use allonym::tag::Options;
use allonym::tag::Resolution;

/// Find the places in running text.
///
/// A file that ends in .jsonl holds one document a line, any other is one plain text; .gz and .zst are read as they are.
#[derive(Args)]
#[command(after_help = "Examples:
  echo 'The road from Lachin to Stepanakert (Khankendi)' | allonym tag
  allonym tag article.txt --demonyms no
  allonym tag corpus/ --format jsonl > places.jsonl
  allonym tag dispatch.txt --format html > dispatch.html
  allonym tag dispatch.txt --format geojson > dispatch.geojson
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
    /// Language of the texts (ISO 639 code) [default: told by their commonest words].
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// A point that the text is likely to speak of the surroundings of.
    #[arg(long, value_name = "LAT,LON", allow_hyphen_values = true)]
    near: Option<String>,
    /// Only mentions whose best candidate scores at least this [default: 0.3 in English texts, 0 in others].
    #[arg(long, value_name = "S", value_parser = unit_interval)]
    min_score: Option<f64>,
    /// Number of candidates shown for each mention.
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

impl Tag {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        if common.format() == Format::Json {
            return Err(Error::usage(
                "tag writes one mention after another; --format takes table, jsonl, csv, html or geojson here",
            ));
        }
        let near = self.near.as_deref().map(filter::point).transpose()?;
        let gazetteer = open::open(common)?;
        let label = common.label(&gazetteer)?;
        let options = Options {
            types: TypeArg::all(&self.types),
            demonyms: self.demonyms == YesNo::Yes,
            countries: filter::countries(&gazetteer, &self.country)?,
            lang: self.lang.as_deref().map(filter::language).transpose()?,
            near,
            min_score: self.min_score,
            candidates: shown(common.format(), self.candidates),
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

/// How many candidates are looked for: a page shows some of each mention.
pub fn shown(format: Format, candidates: usize) -> usize {
    match format {
        Format::Html => candidates.max(ON_PAGE),
        _ => candidates.max(1),
    }
}

/// Candidates that a page shows of a mention.
const ON_PAGE: usize = 4;

type Stdout = BufWriter<std::io::Stdout>;

/// Writes mentions in one of the formats.
pub enum Output {
    Lines(Stdout),
    Csv(Box<::csv::Writer<std::io::Stdout>>),
    Page(Stdout, usize),
    Features(geojson::Collection<Stdout>),
    Table,
}

impl Output {
    pub fn new(format: Format) -> Result<Output> {
        let stdout = || BufWriter::with_capacity(1 << 16, std::io::stdout());
        Ok(match format {
            Format::Table => Output::Table,
            Format::Csv => {
                let mut out = ::csv::WriterBuilder::new().has_headers(false).from_writer(std::io::stdout());
                out.write_record(render::mentions::HEADER).map_err(render::refused_row)?;
                Output::Csv(Box::new(out))
            }
            Format::Html => {
                let mut out = stdout();
                out.write_all(marked::head("Places in the text").as_bytes()).map_err(render::refused)?;
                Output::Page(out, 0)
            }
            Format::Geojson => Output::Features(geojson::Collection::new(stdout()).map_err(render::refused)?),
            Format::Json | Format::Jsonl => Output::Lines(stdout()),
            Format::Lpf | Format::LpTsv | Format::Parquet => return Err(options::wrong_format()),
        })
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
        match self {
            Output::Table => return render::write(&render::mentions::table(name, text, resolutions, label)),
            Output::Page(out, number) => {
                *number += 1;
                let section = marked::section(*number, name, text, resolutions, label);
                return out.write_all(section.as_bytes()).map_err(render::refused);
            }
            _ => {}
        }
        for resolution in resolutions {
            let line = Line::of(name, text, resolution, candidates, label);
            match self {
                Output::Lines(out) => {
                    serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from).map_err(render::refused)?;
                    writeln!(out).map_err(render::refused)?;
                }
                Output::Csv(out) => render::mentions::csv(
                    out,
                    line.doc,
                    line.surface,
                    resolution.mention,
                    &line.verdict,
                    line.demonym,
                    line.best.as_ref(),
                )
                .map_err(render::refused_row)?,
                Output::Features(out) => out.mention(&line).map_err(render::refused)?,
                Output::Table | Output::Page(..) => {}
            }
        }
        Ok(())
    }

    /// Writes what is not written yet.
    pub fn finish(self) -> Result<()> {
        match self {
            Output::Lines(mut out) => out.flush().map_err(render::refused),
            Output::Csv(mut out) => out.flush().map_err(render::refused),
            Output::Page(mut out, _) => {
                out.write_all(marked::tail().as_bytes()).and_then(|()| out.flush()).map_err(render::refused)
            }
            Output::Features(out) => out.finish().map(|_| ()).map_err(render::refused),
            Output::Table => Ok(()),
        }
    }
}
