//! Annotated texts: one document a line, with `text` and `mentions` (`start` and `end` in code points, `geonameid`).

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use allonym::{Error, Point, Result};
use serde::Deserialize;

/// A text with its marked places.
pub struct Document {
    /// Which corpus it is from, by number.
    pub corpus: usize,
    /// The text.
    pub text: String,
    golds: Vec<Gold>,
}

/// A marked span.
#[derive(Clone)]
pub struct Gold {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Whether it is marked as an adjective or the people of a place.
    pub demonym: bool,
    id: Option<String>,
    point: Option<Point>,
}

/// A marked place with its spelling.
pub struct Named<'d> {
    /// As it is written.
    pub text: &'d str,
    /// The id of the place.
    pub id: String,
    /// Where the annotation says it is.
    pub point: Option<Point>,
}

/// What a span is by the annotation.
#[derive(Clone, Debug, PartialEq)]
pub enum Label {
    /// No place.
    Nothing,
    /// The place of an id.
    Place(String),
    /// Marked, but without an id: it counts neither way.
    Ignored,
}

impl Document {
    /// What the annotation says of a span.
    pub fn label(&self, start: usize, end: usize) -> Label {
        let same = self.golds.iter().find(|g| g.start == start && g.end == end);
        match same {
            Some(Gold { id: Some(id), .. }) => Label::Place(id.clone()),
            Some(_) => Label::Ignored,
            None => {
                let overlaps = |g: &&Gold| g.start < end && start < g.end;
                let mut over = self.golds.iter().filter(overlaps).peekable();
                match over.peek().is_some() && over.all(|g| g.id.is_none()) {
                    true => Label::Ignored,
                    false => Label::Nothing,
                }
            }
        }
    }

    /// The same text in small letters or in capitals; only plain letters change, so that every span stays where it is.
    pub fn in_one_size(&self, capitals: bool) -> Document {
        let text = if capitals { self.text.to_ascii_uppercase() } else { self.text.to_ascii_lowercase() };
        Document { corpus: self.corpus, text, golds: self.golds.clone() }
    }

    /// Its sentences that name nothing: those where nothing is marked and where no word but the first begins with a capital.
    pub fn nameless(&self) -> Document {
        let mut text = String::new();
        let mut start = 0;
        for sentence in self.text.split_inclusive(['.', '!', '?', '\n']) {
            let end = start + sentence.len();
            let marked = self.golds.iter().any(|g| g.start < end && start < g.end);
            let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric());
            if !marked && !sentence.split_whitespace().skip(1).any(capital) && sentence.split_whitespace().count() > 3 {
                text.push_str(sentence.trim());
                text.push('\n');
            }
            start = end;
        }
        Document { corpus: self.corpus, text, golds: Vec::new() }
    }

    /// The marked places that have an id, with their spellings.
    pub fn named(&self) -> impl Iterator<Item = Named<'_>> {
        self.golds
            .iter()
            .filter_map(|g| Some(Named { text: self.text.get(g.start..g.end)?, id: g.id.clone()?, point: g.point }))
    }

    /// The marked places that have an id.
    pub fn places(&self) -> impl Iterator<Item = &Gold> {
        self.golds.iter().filter(|g| g.id.is_some())
    }

    /// Whether a marked demonym begins here.
    pub fn is_demonym(&self, start: usize) -> bool {
        self.golds.iter().any(|g| g.start == start && g.demonym)
    }
}

#[derive(Deserialize)]
struct Line {
    text: String,
    mentions: Vec<Mention>,
}

#[derive(Deserialize)]
struct Mention {
    start: i64,
    end: i64,
    geonameid: Option<serde_json::Value>,
    r#type: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
}

/// Reads a file of documents.
pub fn read(path: &Path, corpus: usize) -> Result<Vec<Document>> {
    let refused = |e| Error::io("read", path, e);
    let file = std::fs::File::open(path).map_err(refused)?;
    let reader: Box<dyn Read> = match path.extension().is_some_and(|e| e == "zst") {
        true => Box::new(zstd::Decoder::new(file).map_err(refused)?),
        false => Box::new(file),
    };
    let mut documents = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(reader).lines()) {
        let line = line.map_err(refused)?;
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |e: serde_json::Error| Error::data(e.to_string()).in_file(path).on_line(number);
        documents.push(document(serde_json::from_str(&line).map_err(wrong)?, corpus));
    }
    Ok(documents)
}

fn document(line: Line, corpus: usize) -> Document {
    let starts: Vec<usize> = line.text.char_indices().map(|(at, _)| at).chain([line.text.len()]).collect();
    let gold = |m: Mention| {
        let id = match m.geonameid {
            Some(serde_json::Value::String(id)) if !id.is_empty() => Some(format!("gn:{id}")),
            Some(serde_json::Value::Number(id)) => Some(format!("gn:{id}")),
            _ => None,
        };
        let demonym = matches!(m.r#type.as_deref(), Some("Non_Literal_Modifier" | "Demonym"));
        // A span outside the text (there are some) is left out.
        let byte = |at: i64| starts.get(usize::try_from(at).ok()?).copied();
        let point = match (m.lat, m.lon) {
            (Some(lat), Some(lon)) => Point::parse(&lat.to_string(), &lon.to_string()).ok(),
            _ => None,
        };
        Some(Gold { start: byte(m.start)?, end: byte(m.end)?, demonym, id, point })
    };
    let golds = line.mentions.into_iter().filter_map(gold).collect();
    Document { corpus, text: line.text, golds }
}
