//! Mentions and their readings become resolutions, with the rest of the text as context.
//!
//! [`crate::tag`] proposes, [`context`] weighs what stands around; here both become [`Resolution`]s.

pub mod context;
pub mod features;

use std::sync::Mutex;

use serde::Serialize;

use crate::candidate::{Candidate, MatchKind, Verdict};
use crate::entity::{EntityType, NameKind};
use crate::error::{Error, Result};
use crate::fold::Folded;
use crate::fold::words::MAX_TEXT;
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;
use crate::lookup::Query;
use crate::model::{Forest, Model};
use crate::tag::{self, MIN_SCORE, Options, Readings, Recognized, Span, recognize, spans};
use context::{Choice, Choices};

/// A span of the original text that names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// First Unicode code point.
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// First byte of the UTF-8 text.
    pub byte_start: usize,
    /// Byte after the last.
    pub byte_end: usize,
}

/// A mention and what it means.
pub struct Resolution<'g> {
    /// Where it stands.
    pub mention: Mention,
    /// What it may mean, the likeliest first; never empty.
    pub candidates: Vec<Candidate<'g>>,
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// What spoke for and against it, where that was asked for and a model was.
    pub why: Option<Why>,
}

/// What spoke for and against an answer: the features that moved each of the three decisions most.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Why {
    /// Is it a name here?
    pub span: Vec<Reason>,
    /// Is this the place that is meant?
    pub reading: Vec<Reason>,
    /// Are both right?
    pub answer: Vec<Reason>,
}

/// A feature of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Reason {
    /// Its name.
    pub feature: &'static str,
    /// What it is here.
    pub value: f32,
    /// How far it moves the logarithm of the odds.
    pub worth: f32,
}

/// The features that move a score most, the strongest first.
fn reasons(forest: &Forest, names: &[&'static str], row: &[f32]) -> Vec<Reason> {
    let round = |number: f32| (number * 1e3).round() / 1e3;
    let worth = forest.explain(row);
    let all = names.iter().zip(row).zip(worth);
    let mut all: Vec<Reason> = all
        .map(|((&feature, &value), worth)| Reason { feature, value: round(value), worth: round(worth) })
        .filter(|reason| reason.worth != 0.0)
        .collect();
    all.sort_by(|a, b| b.worth.abs().total_cmp(&a.worth.abs()));
    all.truncate(8);
    all
}

impl Resolution<'_> {
    /// Whether the text names the people or their adjective, not the place.
    pub fn is_demonym(&self) -> bool {
        self.candidates.first().is_some_and(|c| c.name.kind() == NameKind::Demonym)
    }
}

impl Gazetteer {
    /// The mentions in a text, in order, none overlapping another.
    ///
    /// ```no_run
    /// use allonym::{Gazetteer, tag};
    /// let gazetteer = Gazetteer::bundled()?;
    /// let found = gazetteer.tag("The road from Lachin to Stepanakert (Khankendi)", &tag::Options::default());
    /// assert_eq!(found.len(), 3);
    /// # Ok::<(), allonym::Error>(())
    /// ```
    pub fn tag(&self, text: &str, options: &Options) -> Vec<Resolution<'_>> {
        self.tagger(options.clone()).tag(text)
    }

    /// Taggers for many texts on many threads.
    pub fn taggers(&self, options: Options) -> Taggers<'_> {
        Taggers { gazetteer: self, options }
    }

    /// A tagger for many texts; it remembers what it has looked up, and so does the gazetteer for the next one. One a thread.
    pub fn tagger(&self, options: Options) -> Tagger<'_> {
        Tagger { gazetteer: self, options, memory: self.memories.take() }
    }
}

/// What a tagger has looked up, and its buffers.
#[derive(Default)]
pub(crate) struct Memory {
    folded: Folded,
    spans: Vec<Span>,
    readings: Readings,
}

/// What taggers left behind that are gone, for those that come.
#[derive(Default)]
pub(crate) struct Memories(Mutex<Vec<Memory>>);

impl Memories {
    /// How many are kept: there is one for each thread that tags at once.
    const MOST: usize = 64;

    fn take(&self) -> Memory {
        self.0.lock().ok().and_then(|mut all| all.pop()).unwrap_or_default()
    }

    fn leave(&self, memory: Memory) {
        if let Ok(mut all) = self.0.lock()
            && all.len() < Memories::MOST
        {
            all.push(memory);
        }
    }
}

/// Taggers with the same options, for threads that take turns.
pub struct Taggers<'g> {
    gazetteer: &'g Gazetteer,
    options: Options,
}

impl<'g> Taggers<'g> {
    /// The mentions in a text, in order, none overlapping another.
    pub fn tag(&self, text: &str) -> Vec<Resolution<'g>> {
        self.gazetteer.tagger(self.options.clone()).tag(text)
    }
}

/// Tags texts one after another, reusing its buffers.
pub struct Tagger<'g> {
    gazetteer: &'g Gazetteer,
    options: Options,
    memory: Memory,
}

impl Drop for Tagger<'_> {
    fn drop(&mut self) {
        self.gazetteer.memories.leave(std::mem::take(&mut self.memory));
    }
}

impl<'g> Tagger<'g> {
    /// The longest text that is tagged at once, in bytes; what comes after is not read.
    pub const MAX_TEXT: usize = MAX_TEXT;

    /// The mentions in a text, in order, none overlapping another.
    pub fn tag(&mut self, text: &str) -> Vec<Resolution<'g>> {
        let model = Model::bundled();
        let draft = self.draft(text, model, None);
        let least = self.options.min_score.unwrap_or(if draft.learned { MIN_SCORE } else { 0.0 });
        let mut mentions = Mentions { text, chars: 0, bytes: 0 };
        let mut resolutions = Vec::with_capacity(draft.chosen.len());
        for &n in &draft.chosen {
            let recognized = &draft.weighed[n];
            let surface = &text[recognized.byte_start..recognized.byte_end];
            let candidates = self.candidates(surface, &draft, n, model);
            let Some(best) = candidates.first() else { continue };
            if best.score < least {
                continue;
            }
            let verdict = Verdict::of(&candidates);
            resolutions.push(Resolution {
                mention: mentions.mention(recognized.byte_start, recognized.byte_end),
                candidates,
                verdict,
                why: if self.options.explain { draft.why(n, model) } else { None },
            });
        }
        resolutions
    }

    /// What spans mean that somebody else found: first byte and byte after the last, in the order of the text. One resolution
    /// for each, with no candidates where nothing is known by such a name.
    ///
    /// # Errors
    /// Where the search index cannot be read.
    pub fn resolve(&mut self, text: &str, spans: &[(usize, usize)]) -> Result<Vec<Resolution<'g>>> {
        let model = Model::bundled();
        let Draft { mut weighed, chosen: own, .. } = self.draft(text, model, None);
        let at = |&(start, end): &(usize, usize)| {
            let ends = |span: &Recognized| span.byte_end == end || text.get(span.byte_end..end) == Some(".");
            weighed.iter().position(|span| span.byte_start == start && ends(span))
        };
        let places: Vec<Option<usize>> = spans.iter().map(at).collect();
        // Names elsewhere in the text are its context (`Paris, Texas` where Paris alone was marked).
        let overlaps = |span: &Recognized| spans.iter().any(|s| s.0 < span.byte_end && span.byte_start < s.1);
        let own = own.into_iter().filter(|&n| !overlaps(&weighed[n]));
        let mut chosen: Vec<usize> = places.iter().flatten().copied().chain(own).collect();
        chosen.sort_unstable();
        chosen.dedup();
        // The one who marked it has said that it is a name.
        places.iter().flatten().for_each(|&n| weighed[n].probability = 1.0);
        let mentions: Vec<&Recognized> = chosen.iter().map(|&n| &weighed[n]).collect();
        let choices = context::choose(
            self.gazetteer,
            &self.options,
            model,
            text,
            &self.memory.folded,
            &self.memory.readings,
            &mentions,
        );
        let draft = Draft { learned: true, weighed, rows: Vec::new(), chosen, choices };
        let mut mentions = Mentions { text, chars: 0, bytes: 0 };
        let mut resolutions = Vec::with_capacity(spans.len());
        for (&(start, end), place) in spans.iter().zip(places) {
            let surface = text.get(start..end).unwrap_or_default();
            let candidates = match place {
                Some(n) => self.candidates(surface, &draft, n, model),
                None => self.looked_up(surface)?,
            };
            let verdict = Verdict::of(&candidates);
            resolutions.push(Resolution { mention: mentions.mention(start, end), candidates, verdict, why: None });
        }
        Ok(resolutions)
    }

    /// Folds a text and finds the known names in it.
    fn find(&mut self, text: &str) {
        self.memory.folded.read(text);
        let told = self.options.english();
        tag::forget_capitals(&mut self.memory.folded, told);
        self.memory.spans.clear();
        let latin = !tag::is_english(&self.memory.folded, told);
        spans::find(self.gazetteer, &self.memory.folded, latin, &mut self.memory.spans);
    }

    /// What a surface may mean that is no name as it stands.
    fn looked_up(&self, surface: &str) -> Result<Vec<Candidate<'g>>> {
        let mut query = Query::new(surface);
        query.countries.clone_from(&self.options.countries);
        query.types.clone_from(&self.options.types);
        query.near = self.options.near;
        query.limit = self.options.candidates.max(1);
        match surface.trim().is_empty() || surface.len() > Query::MAX_BYTES {
            true => Ok(Vec::new()),
            false => Ok(self.gazetteer.lookup(&query)?.candidates),
        }
    }

    /// Everything that is weighed on the way to the mentions of a text, for those who want to look at it or learn from it.
    ///
    /// `overrule` says how likely each span is a name, in place of the model; as many as an earlier draft has.
    pub fn draft(&mut self, text: &str, model: &Model, overrule: Option<&[f32]>) -> Draft {
        self.find(text);
        let (page, mut weighed, best) = recognize::weigh(
            self.gazetteer,
            &self.options,
            text,
            &self.memory.folded,
            &self.memory.spans,
            &mut self.memory.readings,
        );
        let mut rows = Vec::new();
        let mut learned = recognize::judge(&page, self.options.english(), model, &mut weighed, &best, &mut rows);
        if let Some(overrule) = overrule {
            weighed.iter_mut().zip(overrule).for_each(|(span, &probability)| span.probability = probability);
            learned = !rows.is_empty();
        }
        let chosen = recognize::choose(&weighed, learned, self.options.nested);
        let mentions: Vec<&Recognized> = chosen.iter().map(|&n| &weighed[n]).collect();
        let choices = context::choose(
            self.gazetteer,
            &self.options,
            model,
            text,
            &self.memory.folded,
            &self.memory.readings,
            &mentions,
        );
        Draft { learned, weighed, rows, chosen, choices }
    }

    /// The words that tell something about a span of the last draft, folded: before it, after it, and the last one of the
    /// capitalised run that it begins.
    pub fn cues<'a>(&'a self, text: &'a str, span: &Recognized) -> [Option<&'a str>; 3] {
        tag::Page::new(self.gazetteer, text, &self.memory.folded).cues(span)
    }

    /// What a span of the last draft may mean, in the order of its readings.
    pub fn entities(&self, span: &Recognized) -> Vec<EntityRef<'g>> {
        let readings = self.memory.readings.get(span.range).iter();
        readings.filter_map(|r| self.gazetteer.places.entity(r.entity)).collect()
    }

    /// Whether a span of the last draft is first of all a demonym.
    pub fn is_demonym(&self, span: &Recognized) -> bool {
        self.memory.readings.get(span.range).first().is_some_and(|r| r.demonym)
    }

    /// The readings of a mention of the last draft, by falling probability: entity and probability.
    pub fn readings(&self, draft: &Draft, n: usize) -> Vec<(EntityRef<'g>, f32)> {
        let recognized = &draft.weighed[n];
        let Some(choice) = draft.choices.choices.get(&recognized.slot) else { return Vec::new() };
        let entities =
            self.memory.readings.get(recognized.range).iter().map(|r| self.gazetteer.places.entity(r.entity));
        let mut all: Vec<_> = entities.zip(&choice.shares).filter_map(|(e, &share)| Some((e?, share))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all
    }

    /// The likeliest candidates of a mention.
    fn candidates(&self, surface: &str, draft: &Draft, n: usize, model: &Model) -> Vec<Candidate<'g>> {
        let recognized = &draft.weighed[n];
        let Some(Choice { shares, .. }) = draft.choices.choices.get(&recognized.slot) else { return Vec::new() };
        let readings = self.memory.readings.get(recognized.range);
        let mut order: Vec<usize> = (0..shares.len()).filter(|&n| shares[n] > 0.0).collect();
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
        order.truncate(self.options.candidates.max(1));
        let place = order.first().is_some_and(|&best| readings[best].kind == EntityType::Place);
        let judge = model.answer_to(recognized.lost);
        let sure = draft.answer(n).filter(|_| place && !judge.is_empty()).map(|row| judge.probability(&row));
        let candidate = |(rank, &n): (usize, &usize)| -> Option<Candidate<'g>> {
            let name = self.gazetteer.places.name(readings[n].name)?;
            let how = match recognized.inflected {
                true => MatchKind::Inflected,
                false if name.text() == surface => MatchKind::Exact,
                false => MatchKind::Folded,
            };
            let score = recognized.probability * shares[n];
            let score = match sure {
                Some(sure) if rank == 0 => sure,
                Some(sure) => score.min(sure).min(1.0 - sure),
                None => score,
            };
            Some(Candidate {
                entity: self.gazetteer.places.entity(readings[n].entity)?,
                name,
                how,
                distance: 0,
                likeness: 1.0,
                evidence: f64::from(readings[n].evidence),
                score: f64::from(score),
            })
        };
        order.iter().enumerate().filter_map(candidate).collect()
    }

    /// How many known names stand in a text, before any choice: what a benchmark of the walk alone measures.
    pub fn count_spans(&mut self, text: &str) -> usize {
        self.find(text);
        self.memory.spans.len()
    }
}

/// What was weighed on the way to the mentions of a text.
pub struct Draft {
    /// Whether the model has learned from such texts; if not, reasons by hand decide.
    pub learned: bool,
    /// Every span that its spelling allows.
    pub weighed: Vec<Recognized>,
    /// The features of each, [`crate::tag::features::NAMES`] a row; none where the model was not asked.
    pub rows: Vec<f32>,
    /// The places of those that were chosen, in the order of the text.
    pub chosen: Vec<usize>,
    /// What these mean.
    pub choices: Choices,
}

impl Draft {
    /// What spoke for and against the answer to a chosen span.
    fn why(&self, n: usize, model: &Model) -> Option<Why> {
        const SPAN: usize = crate::tag::features::NAMES.len();
        let (answer, lost) = (self.answer(n)?, self.weighed[n].lost);
        let (span, reading) = (&answer[3..3 + SPAN], &answer[3 + SPAN..]);
        Some(Why {
            span: reasons(model.recognition_of(lost), &crate::tag::features::NAMES, span),
            reading: reasons(&model.resolution, &features::NAMES, reading),
            answer: reasons(model.answer_to(lost), &features::answer_names(), &answer),
        })
    }

    /// The features of the answer to a chosen span ([`features::answer_names`]); none where the model was not asked.
    pub fn answer(&self, n: usize) -> Option<Vec<f32>> {
        const SPAN: usize = crate::tag::features::NAMES.len();
        let span = self.rows.get(n * SPAN..(n + 1) * SPAN)?;
        let choice = self.choices.choices.get(&self.weighed[n].slot)?;
        let share = |&(reading, _): &(usize, usize)| choice.shares[reading];
        let best = choice.rows.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
        let next = choice.rows.iter().filter(|row| row.0 != best.0).map(share).fold(0.0, f32::max);
        let mut row = vec![self.weighed[n].probability, share(best), share(best) - next];
        row.extend_from_slice(span);
        row.extend_from_slice(&self.choices.rows[best.1..best.1 + features::NAMES.len()]);
        Some(row)
    }
}

/// The bytes of spans that are given in code points, `(first, after the last)`, in the same order.
///
/// # Errors
/// Where a span is empty, runs backwards or ends beyond the text.
pub fn byte_spans(text: &str, spans: &[(usize, usize)]) -> Result<Vec<(usize, usize)>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let one = |&(start, end): &(usize, usize)| match (starts.get(start), starts.get(end)) {
        (Some(&first), Some(&last)) if start < end => Ok((first, last)),
        _ => Err(Error::data(format!(
            "a mention has no start and end inside the text ({start} to {end}); both are code points, the text has {}",
            starts.len() - 1
        ))),
    };
    spans.iter().map(one).collect()
}

/// Turns byte offsets into code points, going through the text once.
struct Mentions<'t> {
    text: &'t str,
    chars: usize,
    bytes: usize,
}

impl Mentions<'_> {
    fn mention(&mut self, byte_start: usize, byte_end: usize) -> Mention {
        let start = self.to(byte_start);
        let end = self.to(byte_end);
        Mention { start, end, byte_start, byte_end }
    }

    fn to(&mut self, byte: usize) -> usize {
        let letters = |from: usize, to: usize| {
            let between = self.text.as_bytes().get(from..to).unwrap_or_default();
            between.iter().filter(|&&b| (b as i8) >= -0x40).count()
        };
        // A name inside another begins before the other ends.
        self.chars = self.chars + letters(self.bytes, byte) - letters(byte, self.bytes);
        self.bytes = byte;
        self.chars
    }
}
