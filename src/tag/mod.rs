//! Running text to mentions and what they mean, in five stages.
//!
//! 1. [`spans`] finds every run of words that is a known name, along the key automaton.
//! 2. [`span_scores`] says how likely each span is a name here: by rules, and by a model in English text.
//! 3. [`span_scores::select`] keeps the most likely spans that do not overlap.
//! 4. [`sense_choice`] ranks the senses of each by the text around it.
//! 5. [`tagger`] turns the best senses into candidates with scores and a verdict.
//!
//! [`analysis`] runs stages 1 to 4; `train/` learns from it.

pub mod analysis;
mod caseless;
mod context_totals;
mod cues;
mod explain;
mod language;
mod mention;
mod model;
mod neighbours;
mod options;
mod rules;
mod scored_span;
pub mod sense_choice;
pub mod sense_features;
pub mod senses;
pub mod span_features;
pub mod span_scores;
pub mod spans;
mod surroundings;
mod tagger;
mod text_context;
mod weighed_mention;

pub use analysis::Analysis;
pub use explain::{Explanation, Reason};
pub use mention::{Mention, Resolution, byte_spans};
pub use model::TagModel;
pub use options::{MIN_SCORE, Options};
pub use scored_span::ScoredSpan;
pub use span_features::ContextCues;
pub use tagger::{Tagger, TaggerPool, Taggers};
