//! Candidates and how they are judged: the only room that writes a score.
//!
//! [`candidate`] holds what an answer is made of. [`similarity`] compares spellings, [`name_pairs`] judges pairs of names.
//! [`evidence`] adds up what speaks for a candidate, with the constants of [`weights`]; [`calibration`] turns evidence into
//! probabilities, [`fuzzy`] those of answers found by similarity alone.

pub(crate) mod calibration;
mod candidate;
pub(crate) mod evidence;
#[cfg(feature = "train")]
pub mod fuzzy;
#[cfg(not(feature = "train"))]
pub(crate) mod fuzzy;
#[cfg(feature = "train")]
pub mod judge;
#[cfg(not(feature = "train"))]
pub(crate) mod judge;
mod match_kind;
#[cfg(feature = "train")]
pub mod name_pairs;
#[cfg(not(feature = "train"))]
mod name_pairs;
pub(crate) mod similarity;
pub(crate) mod weights;

pub use candidate::{Candidate, Verdict};
pub use match_kind::MatchKind;
pub use name_pairs::same_place;
