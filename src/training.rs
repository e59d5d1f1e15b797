//! Hooks for programs that train the models, behind the feature `train`. Not covered by the versioning policy.

pub use crate::forest::{CueWords, Forest, Tree};
pub use crate::rank::{fuzzy, pair_features};
pub use crate::tag::{Analysis, ContextCues, ScoredSpan, TagModel, sense_features, span_features};
