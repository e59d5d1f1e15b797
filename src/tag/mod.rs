//! Running text to mentions and what they mean, in five stages.
//!
//! 1. [`spans`] finds every run of words that is a known name, along the key automaton.
//! 2. [`span_scores`] says how likely each span is a name here: by rules, and by a model in English text.
//! 3. [`span_scores::select`] keeps the most likely spans that do not overlap.
//! 4. [`sense_choice`] ranks the senses of each by the text around it.
//! 5. [`tagger`] turns the best senses into candidates with scores and a verdict.
//!
//! [`analysis`] runs stages 1 to 4; `train/` learns from it.

mod analysis;
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
mod sense_choice;
#[cfg(feature = "train")]
pub mod sense_features;
#[cfg(not(feature = "train"))]
mod sense_features;
mod senses;
#[cfg(feature = "train")]
pub mod span_features;
#[cfg(not(feature = "train"))]
mod span_features;
mod span_scores;
mod spans;
mod surroundings;
mod tagger;
mod text_context;
#[cfg(feature = "train")]
mod training;
mod weighed_mention;

#[cfg(feature = "train")]
pub use analysis::Analysis;
pub use explain::{Explanation, Reason};
pub use mention::{Mention, Resolution, byte_spans};
#[cfg(feature = "train")]
pub use model::TagModel;
pub use options::{MIN_SCORE, Options};
#[cfg(feature = "train")]
pub use scored_span::ScoredSpan;
#[cfg(feature = "train")]
pub use span_features::ContextCues;
pub use tagger::{Tagger, TaggerPool, Taggers};
