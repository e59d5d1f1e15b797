//! `allonym resolve`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::options::{Common, Format};
use super::tag::Output;
use super::{input, open};
use allonym::error::{Error, Result};
use allonym::filter;
use allonym::tag::Options;
use allonym::tag::byte_spans;

/// Say what spans mean that another program, or a person, has marked.
///
/// One JSON document a line: id, text, and mentions with start and end in code points. Every mention is answered, in the order of
/// its start; what nothing is known of is unmatched.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym resolve spans.jsonl
  echo '{\"id\":1,\"text\":\"From Paris to Dallas.\",\"mentions\":[{\"start\":5,\"end\":10}]}' | allonym resolve")]
pub struct Resolve {
    /// Documents with marked spans; `-` is standard input.
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// Countries that the texts are likely to speak of (ISO codes or names).
    #[arg(long, value_delimiter = ',', value_name = "CC")]
    country: Vec<String>,
    /// A point that the texts are likely to speak of the surroundings of.
    #[arg(long, value_name = "LAT,LON", allow_hyphen_values = true)]
    near: Option<String>,
    /// Number of candidates shown for each mention.
    #[arg(long, default_value_t = 1, value_name = "N")]
    candidates: usize,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    text: String,
    mentions: Vec<Map<String, Value>>,
}

impl Resolve {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        if matches!(common.format(), Format::Json) {
            return Err(Error::usage(
                "resolve writes one mention after another; --format takes table, jsonl, csv, html or geojson here",
            ));
        }
        let near = self.near.as_deref().map(filter::point).transpose()?;
        let gazetteer = open::open(common)?;
        let label = common.label(&gazetteer)?;
        let mut tagger = gazetteer.tagger(Options {
            countries: filter::countries(&gazetteer, &self.country)?,
            near,
            candidates: super::tag::shown(common.format(), self.candidates),
            ..Options::default()
        });
        let mut out = Output::new(common.format())?;
        let reader = BufReader::with_capacity(1 << 18, input::reader(&self.file)?);
        for (number, line) in (1..).zip(reader.lines()) {
            let line = line.map_err(|e| Error::io("read", &self.file, e))?;
            let line = line.trim_start_matches('\u{feff}');
            if line.trim().is_empty() {
                continue;
            }
            let place = |e: Error| e.in_file(&self.file).on_line(number);
            let read: Line = serde_json::from_str(line)
                .map_err(|e| {
                    Error::data(format!("the line is not a JSON object with text and mentions ({e})")).because(e)
                })
                .map_err(place)?;
            let spans = spans(&read.text, &read.mentions).map_err(place)?;
            let found = tagger.resolve(&read.text, &spans).map_err(place)?;
            let name = match read.id {
                Value::Null => number.to_string(),
                Value::String(id) => id,
                other => other.to_string(),
            };
            out.document(&name, &read.text, &found, self.candidates, &label)?;
        }
        out.finish()?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The bytes of the marked spans, in the order of the text.
fn spans(text: &str, mentions: &[Map<String, Value>]) -> Result<Vec<(usize, usize)>> {
    let place = |mention: &Map<String, Value>, field: &str| {
        mention.get(field).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok()).ok_or_else(|| {
            Error::data(format!(
                "a mention has no start and end inside the text ({}); both are code points, the text has {}",
                Value::Object(mention.clone()),
                text.chars().count()
            ))
        })
    };
    let both = |mention: &Map<String, Value>| Ok((place(mention, "start")?, place(mention, "end")?));
    let mut spans = byte_spans(text, &mentions.iter().map(both).collect::<Result<Vec<_>>>()?)?;
    spans.sort_unstable();
    Ok(spans)
}
