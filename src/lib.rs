//! allonym
pub mod candidate;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod entity;
pub mod error;
pub mod fold;
pub mod gazetteer;
pub mod index;
pub mod lookup;
pub mod resolve;
pub mod score;
pub mod source;
pub mod table;
pub mod tag;
pub use candidate::{Candidate, MatchKind, Verdict};
pub use error::{Error, ErrorKind, Result};
pub use gazetteer::Gazetteer;
pub use lookup::{Answer, Fuzzy, Query};
