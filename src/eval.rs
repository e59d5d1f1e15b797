//! How right a tagger is, measured on texts in which people marked the places.
//!
//! A marked span with an id or coordinates is a *gold*; one without them, in a file that has ids, counts neither way, and nor do
//! answers that overlap it. Where a file has no ids at all, only the finding of spans is measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::entity::{NameKind, Point, Script};
use crate::error::{Error, Result};
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::tag::Resolution;

/// A text with its marked spans.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id.
    pub id: String,
    /// The text.
    pub text: String,
    /// The marked spans, in the order of the text.
    pub golds: Vec<Gold>,
    /// Whether its file gives ids or coordinates.
    pub linked: bool,
}

/// A marked span.
#[derive(Clone, Debug, PartialEq)]
pub struct Gold {
    /// First code point.
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// What is written there.
    pub surface: String,
    /// The id of the place.
    pub id: Option<String>,
    /// Where it is.
    pub point: Option<Point>,
    /// Whether it is marked as a demonym or an adjective.
    pub demonym: bool,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: serde_json::Value,
    text: String,
    mentions: Vec<Mention>,
}

#[derive(Deserialize)]
struct Mention {
    start: i64,
    end: i64,
    surface: Option<String>,
    #[serde(default)]
    geonameid: serde_json::Value,
    #[serde(default)]
    id: serde_json::Value,
    lat: Option<f64>,
    lon: Option<f64>,
    r#type: Option<String>,
}

/// Types of marked spans that are not names of places but adjectives of them.
const DEMONYMS: [&str; 2] = ["Demonym", "Non_Literal_Modifier"];

impl Document {
    /// Reads a line of a gold file: `id`, `text` and `mentions`, each with `start` and `end` in code points and where known
    /// `geonameid` (or `id`), `lat`, `lon`, `type`. Returns the document and how many spans fit no text.
    ///
    /// # Errors
    /// If the line is not such a JSON object.
    pub fn parse(line: &str, number: u64) -> Result<(Document, usize)> {
        let read: Line = serde_json::from_str(line).map_err(|e| {
            Error::data(format!("the line is not a JSON object with text and mentions ({e})")).because(e)
        })?;
        let letters: Vec<char> = read.text.chars().collect();
        let mut faults = 0;
        let mut golds = Vec::with_capacity(read.mentions.len());
        for mention in read.mentions {
            let at = |place: i64| usize::try_from(place).ok().filter(|&at| at <= letters.len());
            let (Some(start), Some(end)) = (at(mention.start), at(mention.end)) else {
                faults += 1;
                continue;
            };
            let surface: String = letters.get(start..end).unwrap_or_default().iter().collect();
            if surface.is_empty() || mention.surface.as_ref().is_some_and(|written| *written != surface) {
                faults += 1;
                continue;
            }
            let id = word(&mention.id).or_else(|| word(&mention.geonameid).map(|id| format!("gn:{id}")));
            let point = mention.lat.zip(mention.lon).map(|(lat, lon)| Point { lat, lon, derived: false });
            let demonym = mention.r#type.as_deref().is_some_and(|kind| DEMONYMS.contains(&kind));
            golds.push(Gold { start, end, surface, id, point, demonym });
        }
        golds.sort_by_key(|gold| (gold.start, gold.end));
        let id = word(&read.id).unwrap_or_else(|| number.to_string());
        Ok((Document { id, text: read.text, golds, linked: false }, faults))
    }
}

fn word(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) if !text.is_empty() => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What went wrong with one gold or one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Miss {
    /// Nothing was answered where the gold is.
    NotFound,
    /// An answer overlaps it, with other ends.
    WrongBoundary,
    /// The span is right, the place is not.
    WrongPlace,
    /// An answer where no place is marked.
    NotAPlace,
    /// The gazetteer has no such place.
    NoSuchEntry,
}

impl Miss {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Miss::NotFound => "not found",
            Miss::WrongBoundary => "wrong boundary",
            Miss::WrongPlace => "wrong place",
            Miss::NotAPlace => "not a place",
            Miss::NoSuchEntry => "no such entry",
        }
    }
}

/// An error, for a list of them.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Its kind.
    pub miss: Miss,
    /// First code point.
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// What is written there.
    pub surface: String,
    /// What should have been answered.
    pub gold: Option<String>,
    /// What was answered.
    pub answer: Option<(String, f64)>,
}

/// Plain counts; every figure is a quotient of two of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Counts {
    /// Marked spans that count.
    pub golds: u64,
    /// Answers that count.
    pub answers: u64,
    /// Answers with the very ends of a gold.
    pub exact: u64,
    /// Golds that some answer overlaps.
    pub golds_overlapped: u64,
    /// Answers that overlap a gold.
    pub answers_overlapping: u64,
    /// Golds with an id.
    pub golds_with_id: u64,
    /// Of them, those with an answer of the same ends.
    pub id_answered: u64,
    /// Of these, those with the same id.
    pub id_right: u64,
    /// Golds with a point.
    pub golds_with_point: u64,
    /// Of them, those with an answer of the same ends.
    pub point_answered: u64,
    /// Of these, those within 161 km.
    pub point_right: u64,
    /// Golds with a point, overlapped by an answer within 161 km.
    pub near: u64,
}

/// The distance that counts as near in the literature, in kilometres (100 miles).
pub const NEAR_KM: f64 = 161.0;

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn f1(precision: f64, recall: f64) -> f64 {
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

/// The figures of [`Counts`], each 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Exact spans: of the answers, how many are golds.
    pub span_precision: f64,
    /// Exact spans: of the golds, how many are answered.
    pub span_recall: f64,
    /// Exact spans.
    pub span_f1: f64,
    /// Overlapping spans.
    pub overlap_f1: f64,
    /// Exact id, of all golds with one.
    pub id_all: f64,
    /// Exact id, of those whose span was found.
    pub id_answered: f64,
    /// Within 161 km, of all golds with a point.
    pub near_all: f64,
    /// Within 161 km, of those whose span was found.
    pub near_answered: f64,
    /// Exact span and exact id: of all answers.
    pub precision: f64,
    /// Exact span and exact id: of all golds with an id (the exact-match rate).
    pub recall: f64,
    /// Exact span and exact id.
    pub f1: f64,
    /// Overlapping span and within 161 km.
    pub f1_near: f64,
}

impl Counts {
    /// The figures.
    pub fn figures(&self) -> Figures {
        let (span_precision, span_recall) = (share(self.exact, self.answers), share(self.exact, self.golds));
        let overlap = (share(self.answers_overlapping, self.answers), share(self.golds_overlapped, self.golds));
        let (precision, recall) = (share(self.id_right, self.answers), share(self.id_right, self.golds_with_id));
        Figures {
            span_precision,
            span_recall,
            span_f1: f1(span_precision, span_recall),
            overlap_f1: f1(overlap.0, overlap.1),
            id_all: share(self.id_right, self.golds_with_id),
            id_answered: share(self.id_right, self.id_answered),
            near_all: share(self.point_right, self.golds_with_point),
            near_answered: share(self.point_right, self.point_answered),
            precision,
            recall,
            f1: f1(precision, recall),
            f1_near: f1(share(self.near, self.answers), share(self.near, self.golds_with_point)),
        }
    }

    fn add(&mut self, other: &Counts) {
        self.golds += other.golds;
        self.answers += other.answers;
        self.exact += other.exact;
        self.golds_overlapped += other.golds_overlapped;
        self.answers_overlapping += other.answers_overlapping;
        self.golds_with_id += other.golds_with_id;
        self.id_answered += other.id_answered;
        self.id_right += other.id_right;
        self.golds_with_point += other.golds_with_point;
        self.point_answered += other.point_answered;
        self.point_right += other.point_right;
        self.near += other.near;
    }
}

/// How scores and truth agree: ten bins of equal width.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// For each bin: answers, the sum of their scores, how many are right.
    pub bins: [(u64, f64, u64); 10],
}

impl Calibration {
    fn take(&mut self, score: f64, right: bool) {
        let bin = &mut self.bins[((score * 10.0) as usize).min(9)];
        *bin = (bin.0 + 1, bin.1 + score, bin.2 + u64::from(right));
    }

    fn add(&mut self, other: &Calibration) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            *bin = (bin.0 + other.0, bin.1 + other.1, bin.2 + other.2);
        }
    }

    /// The expected calibration error: how far the mean score of a bin is from the share that is right, weighted.
    pub fn error(&self) -> f64 {
        let all: u64 = self.bins.iter().map(|bin| bin.0).sum();
        let gap = |&(_, scores, right): &(u64, f64, u64)| (scores - right as f64).abs();
        self.bins.iter().map(gap).sum::<f64>() / all.max(1) as f64
    }
}

/// What was counted of some texts.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Everything.
    pub all: Counts,
    /// Without demonyms, in golds and in answers.
    pub places: Counts,
    /// Without demonyms, by the script of the gold's surface.
    pub scripts: BTreeMap<String, Counts>,
    /// Without demonyms, by the class of the gold's entity; the golds alone.
    pub classes: BTreeMap<String, Counts>,
    /// How scores and truth agree, where there are ids or points.
    pub calibration: Calibration,
    /// Documents.
    pub documents: u64,
    /// Bytes of their texts.
    pub bytes: u64,
    /// What went wrong: the document's number in the order of counting, and the fault. Kept where they were asked for.
    pub faults: Vec<(usize, Fault)>,
}

impl Report {
    /// Adds another report, whose documents come behind.
    pub fn add(&mut self, other: Report) {
        let before = self.documents as usize;
        self.all.add(&other.all);
        self.places.add(&other.places);
        self.calibration.add(&other.calibration);
        self.bytes += other.bytes;
        self.documents += other.documents;
        for (script, counts) in &other.scripts {
            self.scripts.entry(script.clone()).or_default().add(counts);
        }
        for (class, counts) in &other.classes {
            self.classes.entry(class.clone()).or_default().add(counts);
        }
        self.faults.extend(other.faults.into_iter().map(|(n, fault)| (before + n, fault)));
    }

    /// Counts one document.
    pub fn of(gazetteer: &Gazetteer, document: &Document, found: &[Resolution<'_>], keep: bool) -> Report {
        let mut report = Report { documents: 1, bytes: document.text.len() as u64, ..Report::default() };
        let judge = Judge { gazetteer, document, found };
        report.all = judge.counts(|_| true, |_| true);
        let place = |gold: &Gold| !judge.is_demonym(gold);
        let answer = |answer: &Resolution<'_>| !answer.is_demonym();
        report.places = judge.counts(place, answer);
        if document.linked {
            judge.calibrate(&mut report.calibration);
        }
        let all: Vec<&Resolution<'_>> = found.iter().collect();
        for gold in document.golds.iter().filter(|gold| judge.counts_as_gold(gold) && place(gold)) {
            let counts = judge.gold(gold, &all);
            report.scripts.entry(Script::of(&gold.surface).to_string()).or_default().add(&counts);
            let entity = gold.id.as_deref().and_then(|id| gazetteer.get(id));
            let class = entity.map_or("none".to_owned(), |e| e.feature().as_str().to_owned());
            report.classes.entry(class).or_default().add(&counts);
        }
        if keep {
            report.faults = judge.faults().into_iter().map(|fault| (0, fault)).collect();
        }
        report
    }
}

struct Judge<'a> {
    gazetteer: &'a Gazetteer,
    document: &'a Document,
    found: &'a [Resolution<'a>],
}

impl Judge<'_> {
    /// Whether a span counts: where ids are given, spans without one count neither way.
    fn counts_as_gold(&self, gold: &Gold) -> bool {
        !self.document.linked || gold.id.is_some() || gold.point.is_some()
    }

    /// Whether the gazetteer knows what is written only as the people of a place or their adjective.
    fn is_demonym(&self, gold: &Gold) -> bool {
        gold.demonym || {
            let postings = self.gazetteer.exact(&Key::of(&gold.surface));
            let mut names =
                postings.filter_map(|posting| self.gazetteer.index().places.name(posting.name())).peekable();
            names.peek().is_some() && names.all(|name| name.kind() == NameKind::Demonym)
        }
    }

    fn point(&self, gold: &Gold) -> Option<Point> {
        gold.point.or_else(|| self.gazetteer.get(gold.id.as_deref()?)?.point())
    }

    fn is_near(&self, gold: &Gold, answer: &Resolution<'_>) -> bool {
        let there = answer.candidates.first().and_then(|c| c.entity.point());
        self.point(gold).zip(there).is_some_and(|(a, b)| a.distance(&b) <= NEAR_KM)
    }

    fn has_id(gold: &Gold, answer: &Resolution<'_>) -> bool {
        gold.id.as_deref().is_some_and(|id| answer.candidates.first().is_some_and(|c| c.entity.id() == id))
    }

    /// Whether an answer is judged at all: not where only spans that count neither way lie below it.
    fn is_judged(&self, answer: &Resolution<'_>, gold: &impl Fn(&Gold) -> bool) -> bool {
        let mut below = self.document.golds.iter().filter(|g| overlap(g, answer)).peekable();
        below.peek().is_none() || below.any(|g| self.counts_as_gold(g) && gold(g))
    }

    fn counts(&self, gold: impl Fn(&Gold) -> bool, answer: impl Fn(&Resolution<'_>) -> bool) -> Counts {
        let mut counts = Counts::default();
        let answers: Vec<_> = self.found.iter().filter(|a| answer(a) && self.is_judged(a, &gold)).collect();
        let golds: Vec<_> = self.document.golds.iter().filter(|g| self.counts_as_gold(g) && gold(g)).collect();
        counts.answers = answers.len() as u64;
        counts.answers_overlapping = answers.iter().filter(|a| golds.iter().any(|g| overlap(g, a))).count() as u64;
        for gold in golds {
            counts.add(&self.gold(gold, &answers));
        }
        counts
    }

    /// What one gold adds.
    fn gold(&self, gold: &Gold, answers: &[&Resolution<'_>]) -> Counts {
        let exact = answers.iter().find(|a| (a.mention.start, a.mention.end) == (gold.start, gold.end));
        let over = answers.iter().any(|a| overlap(gold, a));
        let n = u64::from;
        let (id, point) = (gold.id.is_some(), self.point(gold).is_some());
        Counts {
            golds: 1,
            exact: n(exact.is_some()),
            golds_overlapped: n(over),
            golds_with_id: n(id),
            id_answered: n(id && exact.is_some()),
            id_right: n(exact.is_some_and(|a| Self::has_id(gold, a))),
            golds_with_point: n(point),
            point_answered: n(point && exact.is_some()),
            point_right: n(exact.is_some_and(|a| self.is_near(gold, a))),
            near: n(answers.iter().any(|a| overlap(gold, a) && self.is_near(gold, a))),
            ..Counts::default()
        }
    }

    fn calibrate(&self, calibration: &mut Calibration) {
        for answer in self.found.iter().filter(|a| self.is_judged(a, &|_| true)) {
            let Some(best) = answer.candidates.first() else { continue };
            let right = |gold: &&Gold| match gold.id {
                Some(_) => Self::has_id(gold, answer),
                None => self.is_near(gold, answer),
            };
            let span = (answer.mention.start, answer.mention.end);
            calibration.take(best.score(), self.document.golds.iter().any(|g| (g.start, g.end) == span && right(&g)));
        }
    }

    fn faults(&self) -> Vec<Fault> {
        let answered =
            |answer: &Resolution<'_>| answer.candidates.first().map(|c| (c.entity.id().to_owned(), c.score()));
        let mut faults = Vec::new();
        for gold in self.document.golds.iter().filter(|g| self.counts_as_gold(g)) {
            let over: Vec<_> = self.found.iter().filter(|a| overlap(gold, a)).collect();
            let exact = over.iter().find(|a| (a.mention.start, a.mention.end) == (gold.start, gold.end));
            let known = gold.id.as_deref().is_none_or(|id| self.gazetteer.get(id).is_some());
            let right = exact.is_some_and(|a| match gold.id {
                Some(_) => Self::has_id(gold, a),
                None => gold.point.is_none() || self.is_near(gold, a),
            });
            let miss = match (right, known, exact.is_some(), over.is_empty()) {
                (true, ..) => continue,
                (_, false, ..) => Miss::NoSuchEntry,
                (_, _, true, _) => Miss::WrongPlace,
                (_, _, _, false) => Miss::WrongBoundary,
                _ => Miss::NotFound,
            };
            faults.push(Fault {
                miss,
                start: gold.start,
                end: gold.end,
                surface: gold.surface.clone(),
                gold: gold.id.clone(),
                answer: exact.or(over.first()).and_then(|a| answered(a)),
            });
        }
        for answer in self.found.iter().filter(|a| !self.document.golds.iter().any(|g| overlap(g, a))) {
            faults.push(Fault {
                miss: Miss::NotAPlace,
                start: answer.mention.start,
                end: answer.mention.end,
                surface: self.document.text[answer.mention.byte_start..answer.mention.byte_end].to_owned(),
                gold: None,
                answer: answered(answer),
            });
        }
        faults.sort_by_key(|fault| (fault.start, fault.end));
        faults
    }
}

fn overlap(gold: &Gold, answer: &Resolution<'_>) -> bool {
    gold.start < answer.mention.end && answer.mention.start < gold.end
}
