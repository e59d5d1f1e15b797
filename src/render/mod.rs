//! Answers as something to look at, for every client: words for what they hold, a text with its mentions marked, a map, GeoJSON.
//!
//! What only a terminal needs lies in the command line's own folder.

#[cfg(feature = "arrow")]
pub mod columns;
pub mod geojson;
pub mod html;
pub mod map;
pub mod marked;
pub mod mention;
pub mod names;
pub mod outlines;
pub mod words;
