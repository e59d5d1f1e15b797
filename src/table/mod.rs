//! Columns of names in, the same table with id columns out.
//!
//! A table passes through these modules in order:
//!
//! 1. [`syntax`]: encoding, delimiter and quotes, or JSON Lines
//! 2. [`rows`]: records, whose bytes stay as they are
//! 3. [`values`]: distinct values, each resolved once
//! 4. [`cell`], [`place_type`], [`context`]: the parts of a cell, and what the other columns say
//! 5. [`search`], [`answer`]: lookups in that context, and the answer
//! 6. [`values`] again: what the column has in common, the final verdict, and the added cells
//! 7. [`mod@normalize`]: the records, written with the added cells
//!
//! [`review`] writes what is in doubt, [`decisions`] reads what people decided. `arrow` and `parquet` do for record batches
//! what [`mod@normalize`] does for text.

mod answer;
#[cfg(feature = "arrow")]
mod arrow;
mod asker;
mod cell;
mod context;
mod decisions;
mod field;
mod normalize;
mod options;
#[cfg(feature = "parquet")]
mod parquet;
mod place_type;
mod review;
mod rows;
mod search;
mod summary;
mod syntax;
mod values;

pub use answer::Answer;
#[cfg(feature = "arrow")]
pub use arrow::{Normalizer, column_at, is_text, text, valid};
pub use asker::Asker;
pub use context::Context;
pub use decisions::{Decisions, NONE, REVIEW, VALUE, is_decided};
pub use field::Field;
pub use normalize::{normalize, normalize_reviewed};
pub use options::{ADDED, ContextScope, Level, Options};
#[cfg(feature = "parquet")]
pub use parquet::normalize_parquet;
pub use review::{Open, Review};
pub use summary::Summary;
pub use values::Inferred;
