//! Documents out of files: texts as they are, JSON lines, tables with a column of texts.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::input;
use super::options::Common;
use allonym::error::{Error, Result};
use allonym::tag::Tagger;

/// Where in a record its id and its text are.
#[derive(Args, Clone)]
pub struct Fields {
    /// The field of a .jsonl document that holds its id.
    #[arg(long, default_value = "id", value_name = "FIELD")]
    pub id_field: String,
    /// The field of a .jsonl document that holds its text.
    #[arg(long, default_value = "text", value_name = "FIELD")]
    pub text_field: String,
    /// Further fields to keep, in this order.
    #[arg(skip)]
    pub keep: Vec<String>,
    /// Whether .csv and .tsv files are read as one document a row.
    #[arg(skip)]
    pub tables: bool,
}

/// A document with its name.
pub struct Document {
    /// Its id, the number of its line, or its file.
    pub name: String,
    /// What it says.
    pub text: String,
    /// The fields that were to be kept, empty where it lacks them.
    pub kept: Vec<String>,
}

/// Documents that are worked on at once, over all cores.
const BATCH: usize = 256;

/// Hands the documents of a file to `take`, a batch at a time.
///
/// # Errors
/// Where the file cannot be read as what its name says, with line, or `take` fails.
pub fn each(
    path: &Path,
    fields: &Fields,
    common: &Common,
    mut take: impl FnMut(&[Document]) -> Result<()>,
) -> Result<()> {
    let reader = input::reader(path)?;
    let plain = input::plain_name(path);
    match plain.extension().and_then(|e| e.to_str()) {
        Some("jsonl" | "ndjson") => json_lines(path, BufReader::with_capacity(1 << 18, reader), fields, take),
        Some(kind @ ("csv" | "tsv")) if fields.tables => {
            table(path, BufReader::with_capacity(1 << 18, reader), kind == "tsv", fields, take)
        }
        _ => take(&[whole(path, reader, fields, common)?]),
    }
}

fn whole(path: &Path, mut reader: impl Read, fields: &Fields, common: &Common) -> Result<Document> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).map_err(|e| Error::io("read", path, e))?;
    let name = path.display().to_string();
    let decoded = input::decode(bytes);
    if decoded.faults > 0 && !common.quiet {
        note!("allonym: {name}: {} byte sequences are not UTF-8; each was read as U+FFFD", decoded.faults);
    }
    if decoded.text.len() > Tagger::MAX_TEXT {
        return Err(Error::data(format!(
            "the text is longer than {} MB; split it, or give it as .jsonl with one document a line",
            Tagger::MAX_TEXT >> 20
        ))
        .in_file(path));
    }
    Ok(Document { name, text: decoded.text, kept: vec![String::new(); fields.keep.len()] })
}

fn json_lines(
    path: &Path,
    mut reader: impl BufRead,
    fields: &Fields,
    mut take: impl FnMut(&[Document]) -> Result<()>,
) -> Result<()> {
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
        let record: Record = serde_json::from_slice(bytes)
            .map_err(|e| Error::data(format!("the line is not a JSON object ({e})")).because(e))
            .map_err(|e| e.in_file(path).on_line(number))?;
        documents.push(record.document(fields, number).map_err(|e| e.in_file(path).on_line(number))?);
        if documents.len() == BATCH {
            take(&documents)?;
            documents.clear();
        }
    }
    take(&documents)
}

#[derive(Deserialize)]
struct Record(Map<String, Value>);

impl Record {
    fn document(mut self, fields: &Fields, number: u64) -> Result<Document> {
        let kept = fields.keep.iter().map(|field| self.0.get(field).map(word).unwrap_or_default()).collect();
        let text = match self.0.remove(&fields.text_field) {
            Some(Value::String(text)) => text,
            Some(_) => return Err(Error::data(format!("the field '{}' is not text", fields.text_field))),
            None => return Err(no_text(&fields.text_field, self.0.keys().map(String::as_str))),
        };
        let name = match self.0.remove(&fields.id_field) {
            Some(Value::Null) | None => number.to_string(),
            Some(id) => word(&id),
        };
        Ok(Document { name, text, kept })
    }
}

fn word(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn no_text<'a>(field: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let known: Vec<_> = known.collect();
    Error::data(format!("there is no field '{field}'; --text-field names it (there are: {})", known.join(", ")))
}

fn table(
    path: &Path,
    mut reader: impl BufRead,
    tabs: bool,
    fields: &Fields,
    mut take: impl FnMut(&[Document]) -> Result<()>,
) -> Result<()> {
    let start = reader.fill_buf().map_err(|e| Error::io("read", path, e))?;
    let header = start.split(|&b| b == b'\n').next().unwrap_or_default();
    let count = |d: u8| header.iter().filter(|&&b| b == d).count();
    let delimiter = match tabs {
        true => b'\t',
        false => *b",;\t|".iter().max_by_key(|&&d| (count(d), d == b',')).unwrap_or(&b','),
    };
    let mut table = ::csv::ReaderBuilder::new().delimiter(delimiter).from_reader(reader);
    let wrong = |e: ::csv::Error| {
        let line = e.position().map_or(1, ::csv::Position::line);
        Error::data(format!("the row cannot be read ({e})")).in_file(path).on_line(line)
    };
    let header = table.byte_headers().map_err(wrong)?.clone();
    let names: Vec<_> = header.iter().map(String::from_utf8_lossy).collect();
    let column = |field: &str| names.iter().position(|name| name.trim_start_matches('\u{feff}') == field);
    let text = column(&fields.text_field)
        .ok_or_else(|| no_text(&fields.text_field, names.iter().map(|name| &**name)).in_file(path).on_line(1))?;
    let id = column(&fields.id_field);
    let keep: Vec<_> = fields.keep.iter().map(|field| column(field)).collect();
    let mut documents = Vec::with_capacity(BATCH);
    for (number, row) in (1..).zip(table.byte_records()) {
        let row = row.map_err(wrong)?;
        let cell = |at: usize| String::from_utf8_lossy(row.get(at).unwrap_or_default()).into_owned();
        documents.push(Document {
            name: id.map_or_else(|| number.to_string(), cell),
            text: cell(text),
            kept: keep.iter().map(|at| at.map(cell).unwrap_or_default()).collect(),
        });
        if documents.len() == BATCH {
            take(&documents)?;
            documents.clear();
        }
    }
    take(&documents)
}
