//! Stages 1 to 4 on one text, with everything that was worked out on the way.

use super::explain::{Explanation, reasons};
use super::model::TagModel;
use super::options::Options;
use super::scored_span::ScoredSpan;
use super::sense_choice::{self, ChosenSenses};
use super::senses::Senses;
use super::span_scores::{self, Spans};
use super::spans::{self, Span};
use super::text_context::TextContext;
use super::{language, sense_features, span_features};
use crate::fold::Folded;
use crate::index::Index;

const SPAN: usize = span_features::NAMES.len();
const SENSE: usize = sense_features::NAMES.len();

/// The buffers of a tagger, and the senses it has looked up.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) folded: Folded,
    pub(super) spans: Vec<Span>,
    pub(super) senses: Senses,
    /// Whether the text is English.
    english: bool,
}

impl Memory {
    /// Stage 1: folds a text and finds the known names in it.
    pub(super) fn find(&mut self, index: &Index, options: &Options, text: &str) {
        self.folded.read(text);
        self.english = language::is_english(&mut self.folded, options.english());
        self.spans.clear();
        spans::find(index, &self.folded, !self.english, &mut self.spans);
    }
}

/// What is known about the mentions of a text, before scores and verdicts.
#[derive(Debug)]
pub struct Analysis {
    /// Whether the model judged the spans; otherwise the rules did.
    pub learned: bool,
    /// Every span whose spelling allows it to be a name.
    pub spans: Vec<ScoredSpan>,
    /// The features of each span, [`span_features::NAMES`] a row; empty unless the model judged them.
    pub rows: Vec<f32>,
    /// The selected spans, by their place in `spans`, in text order.
    pub selected: Vec<usize>,
    /// What the selected spans mean.
    pub senses: ChosenSenses,
}

impl Analysis {
    /// Analyses a text. `overrule` replaces the probabilities that spans are names, for training; it has one for each span.
    pub(super) fn new(
        index: &Index,
        options: &Options,
        model: &TagModel,
        memory: &mut Memory,
        text: &str,
        overrule: Option<&[f32]>,
    ) -> Analysis {
        memory.find(index, options, text);
        memory.senses.clear_if_full();
        let context = TextContext::new(index, text, &memory.folded);
        let Spans { mut scored, best } = span_scores::by_rules(&context, options, &memory.spans, &mut memory.senses);
        let mut rows = Vec::new();
        let mut learned = memory.english && span_scores::by_model(&context, model, &mut scored, &best, &mut rows);
        if let Some(overrule) = overrule {
            scored.iter_mut().zip(overrule).for_each(|(span, &probability)| span.probability = probability);
            learned = !rows.is_empty();
        }
        let selected = span_scores::select(&scored, learned, options.nested);
        let mentions: Vec<&ScoredSpan> = selected.iter().map(|&n| &scored[n]).collect();
        let senses = sense_choice::choose(&context, options, model, &memory.senses, &mentions);
        Analysis { learned, spans: scored, rows, selected, senses }
    }

    /// The same spans with other mentions selected, whose senses are then chosen.
    pub(super) fn reselect(
        self,
        index: &Index,
        options: &Options,
        model: &TagModel,
        memory: &Memory,
        text: &str,
        selected: Vec<usize>,
    ) -> Analysis {
        let context = TextContext::new(index, text, &memory.folded);
        let mentions: Vec<&ScoredSpan> = selected.iter().map(|&n| &self.spans[n]).collect();
        let senses = sense_choice::choose(&context, options, model, &memory.senses, &mentions);
        Analysis { learned: true, spans: self.spans, rows: Vec::new(), selected, senses }
    }

    /// The features of the answer to a selected span ([`sense_features::answer_names`]); none unless the model judged it.
    pub fn answer(&self, n: usize) -> Option<Vec<f32>> {
        let span = self.rows.get(n * SPAN..(n + 1) * SPAN)?;
        let choice = self.senses.of(&self.spans[n])?;
        let share = |&(sense, _): &(usize, usize)| choice.shares[sense];
        let best = choice.rows.iter().max_by(|a, b| share(a).total_cmp(&share(b)))?;
        let next = choice.rows.iter().filter(|row| row.0 != best.0).map(share).fold(0.0, f32::max);
        let mut row = vec![self.spans[n].probability, share(best), share(best) - next];
        row.extend_from_slice(span);
        row.extend_from_slice(self.senses.row(best.1));
        Some(row)
    }

    /// Why a selected span got its answer.
    pub(super) fn explain(&self, n: usize, model: &TagModel) -> Option<Explanation> {
        let (answer, caseless) = (self.answer(n)?, self.spans[n].caseless);
        let (span, sense) = (&answer[3..3 + SPAN], &answer[3 + SPAN..3 + SPAN + SENSE]);
        Some(Explanation {
            span: reasons(model.recognition_for(caseless), &span_features::NAMES, span),
            sense: reasons(&model.resolution, &sense_features::NAMES, sense),
            answer: reasons(model.answer_for(caseless), &sense_features::answer_names(), &answer),
        })
    }
}
