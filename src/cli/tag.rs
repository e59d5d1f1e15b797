//! `allonym tag`.

use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Common, Format, input, lookup, open, render};
use crate::candidate::{Record, Verdict};
use crate::entity::EntityType;
use crate::error::{Error, Result};
use crate::resolve::{Resolution, Tagger, Taggers};
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
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TYPE")]
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
    /// Only mentions whose best candidate scores at least so much.
    #[arg(long, default_value_t = 0.0, value_name = "S")]
    min_score: f64,
    /// Show so many candidates of each mention.
    #[arg(long, default_value_t = 1, value_name = "N")]
    candidates: usize,
    /// The field of a .jsonl document that holds its id.
    #[arg(long, default_value = "id", value_name = "FIELD")]
    id_field: String,
    /// The field of a .jsonl document that holds its text.
    #[arg(long, default_value = "text", value_name = "FIELD")]
    text_field: String,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TypeArg {
    Place,
    Organization,
    Person,
}

/// A document with its name.
struct Document {
    name: String,
    text: String,
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
    best: Record<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<Record<'a>>,
}

impl Tag {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        if common.format() == Format::Json {
            return Err(Error::usage("tag writes one mention after another; --format takes table, jsonl or csv here"));
        }
        if !(0.0..=1.0).contains(&self.min_score) {
            return Err(Error::usage(format!("--min-score takes a number from 0 to 1, not {}", self.min_score)));
        }
        let near = self.near.as_deref().map(lookup::point).transpose()?;
        let gazetteer = open::open(common)?;
        let options = Options {
            types: self.types.iter().map(|t| EntityType::ALL[*t as usize]).collect(),
            demonyms: self.demonyms == YesNo::Yes,
            countries: lookup::countries(&gazetteer, &self.country)?,
            near,
            min_score: self.min_score,
            candidates: self.candidates.max(1),
        };
        let paths = if self.files.is_empty() { vec![PathBuf::from("-")] } else { self.files.clone() };
        let mut run =
            Run { taggers: gazetteer.taggers(options), tag: &self, common, out: Output::new(common.format())? };
        for path in input::files(&paths)? {
            run.file(&path)?;
        }
        run.out.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

struct Run<'a> {
    taggers: Taggers<'a>,
    tag: &'a Tag,
    common: &'a Common,
    out: Output,
}

/// Documents that are tagged at once, over all cores.
const BATCH: usize = 256;

impl Run<'_> {
    fn file(&mut self, path: &Path) -> Result<()> {
        let mut reader = input::reader(path)?;
        let plain = input::plain_name(path);
        let name = path.display().to_string();
        if plain.extension().is_some_and(|e| e == "jsonl" || e == "ndjson") {
            return self.json_lines(path, std::io::BufReader::with_capacity(1 << 18, reader));
        }
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|e| Error::io("read", path, e))?;
        let decoded = input::decode(bytes);
        if decoded.faults > 0 && !self.common.quiet {
            eprintln!("allonym: {name}: {} byte sequences are no UTF-8; each was read as one U+FFFD", decoded.faults);
        }
        if decoded.text.len() > Tagger::MAX_TEXT {
            return Err(Error::data(format!(
                "the text is longer than {} MB; split it, or give it as .jsonl with one document a line",
                Tagger::MAX_TEXT >> 20
            ))
            .in_file(path));
        }
        self.documents(&[Document { name, text: decoded.text }])
    }

    fn json_lines(&mut self, path: &Path, mut reader: impl std::io::BufRead) -> Result<()> {
        let mut documents = Vec::with_capacity(BATCH);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(|e| Error::io("read", path, e))?;
            if read == 0 {
                break;
            }
            let bytes = if number == 1 { line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&line) } else { &line };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let fields: Fields = serde_json::from_slice(bytes)
                .map_err(|e| Error::data(format!("the line is no JSON object ({e})")).because(e))
                .map_err(|e| e.in_file(path).on_line(number))?;
            documents.push(fields.document(self.tag, number).map_err(|e| e.in_file(path).on_line(number))?);
            if documents.len() == BATCH {
                self.documents(&documents)?;
                documents.clear();
            }
        }
        self.documents(&documents)
    }

    fn documents(&mut self, documents: &[Document]) -> Result<()> {
        let tagged: Vec<Vec<Resolution<'_>>> =
            documents.par_iter().map(|document| self.taggers.tag(&document.text)).collect();
        for (document, resolutions) in documents.iter().zip(&tagged) {
            self.out.document(document, resolutions, self.tag.candidates)?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Fields(serde_json::Map<String, serde_json::Value>);

impl Fields {
    fn document(mut self, tag: &Tag, number: u64) -> Result<Document> {
        let text = match self.0.remove(&tag.text_field) {
            Some(serde_json::Value::String(text)) => text,
            Some(_) => return Err(Error::data(format!("the field '{}' is no text", tag.text_field))),
            None => {
                let fields: Vec<_> = self.0.keys().map(String::as_str).collect();
                return Err(Error::data(format!(
                    "there is no field '{}'; --text-field names it (there are: {})",
                    tag.text_field,
                    fields.join(", ")
                )));
            }
        };
        let name = match self.0.remove(&tag.id_field) {
            Some(serde_json::Value::String(id)) => id,
            Some(serde_json::Value::Null) | None => number.to_string(),
            Some(other) => other.to_string(),
        };
        Ok(Document { name, text })
    }
}

/// Writes mentions in one of the formats.
enum Output {
    Lines(BufWriter<std::io::Stdout>),
    Csv(Box<::csv::Writer<std::io::Stdout>>),
    Table,
}

impl Output {
    fn new(format: Format) -> Result<Output> {
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

    fn document(&mut self, document: &Document, resolutions: &[Resolution<'_>], candidates: usize) -> Result<()> {
        if let Output::Table = self {
            return render::write(&render::mentions::table(&document.name, &document.text, resolutions));
        }
        for resolution in resolutions {
            let Some(best) = resolution.candidates.first() else { continue };
            let mention = resolution.mention;
            let line = Line {
                doc: &document.name,
                start: mention.start,
                end: mention.end,
                byte_start: mention.byte_start,
                byte_end: mention.byte_end,
                surface: &document.text[mention.byte_start..mention.byte_end],
                verdict: resolution.verdict,
                demonym: resolution.is_demonym(),
                best: best.record(),
                candidates: match candidates {
                    0 | 1 => Vec::new(),
                    _ => resolution.candidates.iter().map(|c| c.record()).collect(),
                },
            };
            match self {
                Output::Lines(out) => {
                    serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from).map_err(render::refused)?;
                    writeln!(out).map_err(render::refused)?;
                }
                Output::Csv(out) => {
                    render::mentions::csv(out, line.doc, line.surface, mention, &line.verdict, line.demonym, &line.best)
                        .map_err(render::refused_row)?
                }
                Output::Table => {}
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self {
            Output::Lines(mut out) => out.flush().map_err(render::refused),
            Output::Csv(mut out) => out.flush().map_err(render::refused),
            Output::Table => Ok(()),
        }
    }
}
