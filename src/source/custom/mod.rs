//! Custom gazetteers: a user's own files, in any common layout, merged with the bundled data.
//!
//! [`CustomGazetteer::read`] recognizes the [`Layout`] of each file and reads its records as fragments of entities, which
//! wait in a temporary file. [`merge`] then finds the records that describe the same entity, also among the bundled data,
//! and returns all entities in the order of ids.

mod document;
mod fields;
mod fragment;
mod gazetteer;
mod importer;
mod lang;
mod layout;
mod layouts;
mod lines;
pub(super) mod merge;
mod packed;
mod read;
mod report;
mod spool;

pub use fields::{FIELDS, FieldMap, parse_field_map};
pub use gazetteer::CustomGazetteer;
pub use layout::Layout;
pub use read::ImportOptions;
pub use report::{ConflictKind, Conflicts, Fault};
