//! Reading data into sorted entities, one file per layout.
//!
//! [`world`] reads the two tables of `data/world` and [`overlays`] the hand-edited tables of `data/overlays`; [`custom`]
//! imports gazetteers that users add. [`entities`] applies each to the one before and hands the result on in the order of
//! ids.

#[cfg(feature = "bundled")]
mod bundled;
pub mod custom;
mod data;
mod entities;
pub mod overlays;
pub mod tsv;
mod values;
pub mod words;
pub mod world;

#[cfg(feature = "bundled")]
pub use bundled::bundled;
pub use data::{Data, File};
pub use entities::entities;
pub use words::words;
