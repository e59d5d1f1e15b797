//! Candidates and how they are judged: the only room that writes a score.
//!
//! [`candidate`] holds what an answer is made of. [`similarity`] compares spellings, [`same_place`] judges pairs of names.
//! [`evidence`] adds up what speaks for a candidate, with the constants of [`weights`]; [`calibration`] turns evidence into
//! probabilities, [`fuzzy`] those of answers found by similarity alone.

pub mod calibration;
pub mod candidate;
pub mod evidence;
pub mod fuzzy;
mod match_kind;
pub mod same_place;
pub mod similarity;
pub mod weights;

pub use candidate::{Candidate, Verdict};
pub use match_kind::MatchKind;
