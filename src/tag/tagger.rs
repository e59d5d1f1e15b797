//! Taggers: stage 5, and the pool of their memories.

use std::fmt;
use std::sync::Mutex;

use super::analysis::{Analysis, Memory};
use super::mention::{CodePoints, Resolution};
use super::model::TagModel;
use super::options::{MIN_SCORE, Options};
use super::scored_span::ScoredSpan;
use crate::entity::EntityType;
use crate::error::Result;
use crate::fold::words::MAX_TEXT;
use crate::index::Index;
use crate::lookup::{Lookup, Query};
use crate::rank::{Candidate, MatchKind, Verdict, calibration};

/// The memories of taggers that have been dropped, for new ones.
#[derive(Default)]
pub struct TaggerPool(Mutex<Vec<Memory>>);

impl fmt::Debug for TaggerPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaggerPool").finish_non_exhaustive()
    }
}

impl TaggerPool {
    /// How many are kept: one for each thread that tags at the same time.
    const MAX: usize = 64;

    fn take(&self) -> Memory {
        self.0.lock().ok().and_then(|mut all| all.pop()).unwrap_or_default()
    }

    fn give_back(&self, memory: Memory) {
        if let Ok(mut all) = self.0.lock()
            && all.len() < TaggerPool::MAX
        {
            all.push(memory);
        }
    }
}

/// Taggers with the same options, for many threads.
#[derive(Debug)]
pub struct Taggers<'g> {
    lookup: Lookup<'g>,
    pool: &'g TaggerPool,
    options: Options,
}

impl<'g> Taggers<'g> {
    pub(crate) fn new(lookup: Lookup<'g>, pool: &'g TaggerPool, options: Options) -> Taggers<'g> {
        Taggers { lookup, pool, options }
    }

    /// The mentions in a text, in order.
    pub fn tag(&self, text: &str) -> Vec<Resolution<'g>> {
        Tagger::new(self.lookup, self.pool, self.options.clone()).tag(text)
    }
}

/// Tags texts one after another, reusing its buffers.
#[derive(Debug)]
pub struct Tagger<'g> {
    lookup: Lookup<'g>,
    pub(super) index: &'g Index,
    pool: &'g TaggerPool,
    pub(super) options: Options,
    pub(super) memory: Memory,
}

impl Drop for Tagger<'_> {
    fn drop(&mut self) {
        self.pool.give_back(std::mem::take(&mut self.memory));
    }
}

impl<'g> Tagger<'g> {
    /// The longest text that is tagged, in bytes; the rest is ignored.
    pub const MAX_TEXT: usize = MAX_TEXT;

    pub(crate) fn new(lookup: Lookup<'g>, pool: &'g TaggerPool, options: Options) -> Tagger<'g> {
        Tagger { lookup, index: lookup.index, pool, options, memory: pool.take() }
    }

    /// The mentions in a text, in order; none overlaps another unless [`Options::nested`] is set.
    pub fn tag(&mut self, text: &str) -> Vec<Resolution<'g>> {
        let model = TagModel::bundled();
        let analysis = self.analyse_with(text, model, None);
        let least = self.options.min_score.unwrap_or(if analysis.learned { MIN_SCORE } else { 0.0 });
        let mut code_points = CodePoints::new(text);
        let mut resolutions = Vec::with_capacity(analysis.selected.len());
        for &n in &analysis.selected {
            let span = &analysis.spans[n];
            let candidates = self.candidates(&text[span.byte_start..span.byte_end], &analysis, n, model);
            if candidates.first().is_none_or(|best| best.score() < least) {
                continue;
            }
            resolutions.push(Resolution {
                mention: code_points.mention(span.byte_start, span.byte_end),
                verdict: Verdict::of(&candidates),
                candidates,
                why: if self.options.explain { analysis.explain(n, model) } else { None },
            });
        }
        resolutions
    }

    /// Resolves given mentions: first byte and byte after the last, in text order. Returns one resolution for each; it has no
    /// candidates if nothing is known by that name.
    ///
    /// # Errors
    /// If the search index cannot be read.
    pub fn resolve(&mut self, text: &str, given: &[(usize, usize)]) -> Result<Vec<Resolution<'g>>> {
        let model = TagModel::bundled();
        let mut analysis = self.analyse_with(text, model, None);
        let place = |&(start, end): &(usize, usize)| {
            let ends = |span: &ScoredSpan| span.byte_end == end || text.get(span.byte_end..end) == Some(".");
            analysis.spans.iter().position(|span| span.byte_start == start && ends(span))
        };
        let places: Vec<Option<usize>> = given.iter().map(place).collect();
        // Other names in the text are context (`Paris, Texas`, where only Paris is given).
        let overlaps = |span: &ScoredSpan| given.iter().any(|s| s.0 < span.byte_end && span.byte_start < s.1);
        let others = analysis.selected.iter().copied().filter(|&n| !overlaps(&analysis.spans[n]));
        let mut selected: Vec<usize> = places.iter().flatten().copied().chain(others).collect();
        selected.sort_unstable();
        selected.dedup();
        // Whoever gave the mention has said that it is a name.
        places.iter().flatten().for_each(|&n| analysis.spans[n].probability = 1.0);
        let analysis = analysis.reselect(self.index, &self.options, model, &self.memory, text, selected);
        let mut code_points = CodePoints::new(text);
        let mut resolutions = Vec::with_capacity(given.len());
        for (&(start, end), place) in given.iter().zip(places) {
            let surface = text.get(start..end).unwrap_or_default();
            let candidates = match place {
                Some(n) => self.candidates(surface, &analysis, n, model),
                None => self.look_up(surface)?,
            };
            let (mention, verdict) = (code_points.mention(start, end), Verdict::of(&candidates));
            resolutions.push(Resolution { mention, candidates, verdict, why: None });
        }
        Ok(resolutions)
    }

    /// Stages 1 to 4. `overrule` replaces the probabilities that spans are
    /// names; it has one for each span of an earlier analysis of the text.
    pub(super) fn analyse_with(&mut self, text: &str, model: &TagModel, overrule: Option<&[f32]>) -> Analysis {
        Analysis::new(self.index, &self.options, model, &mut self.memory, text, overrule)
    }

    /// The most likely candidates of a selected span, scored.
    fn candidates(&self, surface: &str, analysis: &Analysis, n: usize, model: &TagModel) -> Vec<Candidate<'g>> {
        let span = &analysis.spans[n];
        let Some(choice) = analysis.senses.of(span) else { return Vec::new() };
        let (shares, senses) = (&choice.shares, self.memory.senses.get(span.range));
        let mut order: Vec<usize> = (0..shares.len()).filter(|&n| shares[n] > 0.0).collect();
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
        order.truncate(self.options.candidates.max(1));
        let is_place = order.first().is_some_and(|&best| senses[best].kind == EntityType::Place);
        let judge = model.answer_for(span.caseless);
        // That judge does not know what the caller said about the text.
        let is_told = !self.options.countries.is_empty() || self.options.near.is_some();
        let is_judged = is_place && !is_told && !judge.is_empty();
        let right = analysis.answer(n).filter(|_| is_judged).map(|row| judge.probability(&row));
        let candidate = |(rank, &n): (usize, &usize)| -> Option<Candidate<'g>> {
            let name = self.index.places.name(senses[n].name)?;
            let how = match span.inflected {
                true => MatchKind::Inflected,
                false if name.text() == surface => MatchKind::Exact,
                false => MatchKind::Folded,
            };
            let score = calibration::mention_score(rank, span.probability, shares[n], right);
            let entity = self.index.entity(senses[n].entity)?;
            Some(Candidate::scored(entity, name, how, f64::from(senses[n].evidence), score))
        };
        order.iter().enumerate().filter_map(candidate).collect()
    }

    /// The candidates of a given mention that is not a known name as it stands.
    fn look_up(&self, surface: &str) -> Result<Vec<Candidate<'g>>> {
        if surface.trim().is_empty() || surface.len() > Query::MAX_BYTES {
            return Ok(Vec::new());
        }
        let mut query = Query::new(surface);
        query.countries.clone_from(&self.options.countries);
        query.types.clone_from(&self.options.types);
        query.near = self.options.near;
        query.limit = self.options.candidates.max(1);
        Ok(self.lookup.find(&query)?.candidates)
    }
}
