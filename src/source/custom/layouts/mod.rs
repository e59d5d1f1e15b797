//! One reader per layout. Each turns records into fragments and hands them to the importer.

mod features;
pub(super) mod geojson;
pub(super) mod geonames;
pub(super) mod linked_places;
pub(super) mod lp_tsv;
pub(super) mod pcodes;
mod rows;
#[cfg(feature = "sqlite")]
pub(super) mod sqlite;
pub(super) mod table;
mod timespan;
mod uri;
pub(super) mod wof;
