//! A mention whose senses are being weighed.

use super::scored_span::ScoredSpan;

/// A mention and what speaks for each of its senses.
pub(super) struct WeighedMention<'k> {
    pub(super) span: &'k ScoredSpan,
    /// Log odds of each sense from what the caller said.
    pub(super) hints: Vec<f32>,
    /// Log odds of each sense from the words and names beside it, hints included.
    pub(super) beside: Vec<f32>,
    /// The probability of each sense without the rest of the text.
    pub(super) shares: Vec<f32>,
}
