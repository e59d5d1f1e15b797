//! Mentions and their readings become resolutions, with the rest of the text as context.
//!
//! [`crate::tag`] proposes, [`context`] weighs what stands around; here both become [`Resolution`]s.

pub mod context;

use std::sync::Mutex;

use crate::candidate::{Candidate, MatchKind, Verdict};
use crate::entity::NameKind;
use crate::fold::Folded;
use crate::fold::words::MAX_TEXT;
use crate::gazetteer::Gazetteer;
use crate::tag::{Options, Readings, Recognized, Span, recognize, spans};

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
        Taggers { gazetteer: self, options, idle: Mutex::new(Vec::new()) }
    }

    /// A tagger for many texts; it remembers what it has looked up. One a thread.
    pub fn tagger(&self, options: Options) -> Tagger<'_> {
        Tagger { gazetteer: self, options, folded: Folded::default(), spans: Vec::new(), readings: Readings::default() }
    }
}

/// A stock of taggers, so that what one thread has looked up stays known when its turn is over.
pub struct Taggers<'g> {
    gazetteer: &'g Gazetteer,
    options: Options,
    idle: Mutex<Vec<Tagger<'g>>>,
}

impl<'g> Taggers<'g> {
    /// The mentions in a text, in order, none overlapping another.
    pub fn tag(&self, text: &str) -> Vec<Resolution<'g>> {
        let idle = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut tagger = idle.unwrap_or_else(|| self.gazetteer.tagger(self.options.clone()));
        let resolutions = tagger.tag(text);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(tagger);
        }
        resolutions
    }
}

/// Tags texts one after another, reusing its buffers.
pub struct Tagger<'g> {
    gazetteer: &'g Gazetteer,
    options: Options,
    folded: Folded,
    spans: Vec<Span>,
    readings: Readings,
}

impl<'g> Tagger<'g> {
    /// The longest text that is tagged at once, in bytes; what comes after is not read.
    pub const MAX_TEXT: usize = MAX_TEXT;

    /// The mentions in a text, in order, none overlapping another.
    pub fn tag(&mut self, text: &str) -> Vec<Resolution<'g>> {
        self.folded.read(text);
        self.spans.clear();
        spans::find(self.gazetteer, &self.folded, &mut self.spans);
        let kept = recognize(self.gazetteer, &self.options, text, &self.folded, &self.spans, &mut self.readings);
        let shares = context::choose(self.gazetteer, &self.options, text, &self.folded, &self.readings, &kept);
        let mut mentions = Mentions { text, chars: 0, bytes: 0 };
        let mut resolutions = Vec::with_capacity(kept.len());
        for (recognized, shares) in kept.iter().zip(&shares) {
            let surface = &text[recognized.byte_start..recognized.byte_end];
            let candidates = self.candidates(surface, recognized, shares);
            let Some(best) = candidates.first() else { continue };
            if best.score < self.options.min_score {
                continue;
            }
            let verdict = Verdict::of(&candidates);
            resolutions.push(Resolution {
                mention: mentions.mention(recognized.byte_start, recognized.byte_end),
                candidates,
                verdict,
            });
        }
        resolutions
    }

    /// The likeliest candidates of a mention, each with its share of the mention's own probability.
    fn candidates(&self, surface: &str, recognized: &Recognized, shares: &[f32]) -> Vec<Candidate<'g>> {
        let readings = self.readings.get(recognized.range);
        let mut order: Vec<usize> = (0..shares.len()).filter(|&n| shares[n] > 0.0).collect();
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
        order.truncate(self.options.candidates.max(1));
        let candidate = |n: usize| -> Option<Candidate<'g>> {
            let name = self.gazetteer.places.name(readings[n].name)?;
            let how = match recognized.inflected {
                true => MatchKind::Inflected,
                false if name.text() == surface => MatchKind::Exact,
                false => MatchKind::Folded,
            };
            Some(Candidate {
                entity: self.gazetteer.places.entity(readings[n].entity)?,
                name,
                how,
                distance: 0,
                likeness: 1.0,
                evidence: f64::from(readings[n].evidence),
                score: f64::from(shares[n]) * recognized.probability(),
            })
        };
        order.into_iter().filter_map(candidate).collect()
    }

    /// How many known names stand in a text, before any choice: what a benchmark of the walk alone measures.
    pub fn count_spans(&mut self, text: &str) -> usize {
        self.folded.read(text);
        self.spans.clear();
        spans::find(self.gazetteer, &self.folded, &mut self.spans);
        self.spans.len()
    }
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
        let between = &self.text.as_bytes()[self.bytes..byte];
        self.chars += between.iter().filter(|&&b| (b as i8) >= -0x40).count();
        self.bytes = byte;
        self.chars
    }
}
