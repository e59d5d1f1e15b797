//! Hooks for programs that inspect the stages or learn from them.

use super::analysis::Analysis;
use super::model::TagModel;
use super::scored_span::ScoredSpan;
use super::tagger::Tagger;
use super::text_context::TextContext;
use crate::index::places::EntityRef;

impl<'g> Tagger<'g> {
    /// Stages 1 to 4 with a model. `overrule` replaces the probabilities that spans are names; it has one for each span of an
    /// earlier analysis of the text.
    pub fn analyse(&mut self, text: &str, model: &TagModel, overrule: Option<&[f32]>) -> Analysis {
        self.analyse_with(text, model, overrule)
    }

    /// How many known names are in a text, before any decision: what a benchmark of stage 1 measures.
    pub fn count_spans(&mut self, text: &str) -> usize {
        self.memory.find(self.index, &self.options, text);
        self.memory.spans.len()
    }

    /// The cue words of a span of the last analysis, folded: before it, after it, and the last word of the capitalized run that
    /// it begins.
    pub fn cues<'a>(&'a self, text: &'a str, span: &ScoredSpan) -> [Option<&'a str>; 3] {
        TextContext::new(self.index, text, &self.memory.folded).cues(span)
    }

    /// The senses of a span of the last analysis, in order.
    pub fn entities(&self, span: &ScoredSpan) -> Vec<EntityRef<'g>> {
        let senses = self.memory.senses.get(span.range).iter();
        senses.filter_map(|sense| self.index.entity(sense.entity)).collect()
    }

    /// Whether the first sense of a span of the last analysis is a demonym.
    pub fn is_demonym(&self, span: &ScoredSpan) -> bool {
        self.memory.senses.get(span.range).first().is_some_and(|sense| sense.demonym)
    }

    /// The senses of a selected span of the last analysis, the most probable first: entity and probability.
    pub fn senses(&self, analysis: &Analysis, n: usize) -> Vec<(EntityRef<'g>, f32)> {
        let span = &analysis.spans[n];
        let Some(choice) = analysis.senses.of(span) else { return Vec::new() };
        let entities = self.memory.senses.get(span.range).iter().map(|sense| self.index.entity(sense.entity));
        let mut all: Vec<_> = entities.zip(&choice.shares).filter_map(|(e, &share)| Some((e?, share))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1));
        all
    }
}
