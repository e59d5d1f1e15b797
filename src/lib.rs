//! Every place by every name.
//!
//! A [`Gazetteer`] knows the world's places by all their names: own and foreign, old and new, in every script. It looks
//! names up, finds them in running text and turns columns of them into ids, always saying through which name a place was
//! found and how sure that is. No name is merged away, and none is preferred.
//!
//! ```no_run
//! use allonym::{Gazetteer, Query};
//!
//! let gazetteer = Gazetteer::bundled()?; // builds its index once, then opens in milliseconds
//! let answer = gazetteer.lookup(&Query::new("Xankəndi"))?;
//! let best = &answer.candidates[0];
//! println!("{} is {}, score {:.2}", best.name.text(), best.entity.id(), best.score());
//! for name in best.entity.names() {
//!     println!("{} [{}] {}", name.text(), name.lang(), name.kind());
//! }
//! # Ok::<(), allonym::Error>(())
//! ```
//!
//! Places in a text:
//!
//! ```no_run
//! # let gazetteer = allonym::Gazetteer::bundled()?;
//! let text = "The road from Lachin to Stepanakert (Khankendi)";
//! for found in gazetteer.tag(text, &allonym::tag::Options::default()) {
//!     let surface = &text[found.mention.byte_start..found.mention.byte_end];
//!     println!("{surface}: {} ({:?})", found.candidates[0].entity.id(), found.verdict);
//! }
//! # Ok::<(), allonym::Error>(())
//! ```
//!
//! A column of a table:
//!
//! ```no_run
//! # let gazetteer = allonym::Gazetteer::bundled()?;
//! let table = "id,place\n1,Kiev\n2,Київ\n";
//! let mut out = Vec::new();
//! let options = allonym::table::Options::new("place");
//! let summary = allonym::table::normalize(&gazetteer, table.as_bytes(), &mut out, &options)?;
//! assert_eq!(summary.resolved, 2);
//! # Ok::<(), allonym::Error>(())
//! ```

#![warn(missing_docs)]

pub mod changes;
pub mod complete;
pub mod delimited;
mod digest;
pub mod entity;
pub mod error;
pub mod eval;
pub mod export;
mod external_sort;
pub mod filter;
pub mod fold;
#[cfg(feature = "train")]
pub mod forest;
#[cfg(not(feature = "train"))]
mod forest;
pub mod gazetteer;
pub mod index;
pub mod label;
pub mod lookup;
pub mod rank;
pub mod record;
pub mod render;
pub mod source;
pub mod table;
pub mod tag;
pub mod usage;

pub use entity::{Country, EntityType, Feature, NameKind, Point, Script};
pub use error::{Error, ErrorKind, Position, Result};
pub use gazetteer::Gazetteer;
pub use label::Label;
pub use lookup::{Answer, Fuzzy, Query};
pub use rank::{Candidate, MatchKind, Verdict, same_place};
pub use record::Record;
pub use tag::{Mention, Resolution, Tagger};
