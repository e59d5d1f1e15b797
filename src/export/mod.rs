//! Exports an index in common layouts, one writer per layout.
//!
//! CSV and GeoJSON hold everything; [`Layout`] says what the others leave out.

mod csv;
mod geojson;
mod lp_tsv;
pub mod lpf;
#[cfg(feature = "parquet")]
mod parquet;

use std::io::Write;

use crate::entity::Country;
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;

/// A layout of exported files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// CSV: one row for each name; the first row of an entity has its facts.
    Csv,
    /// GeoJSON: one feature for each entity, with a list of its names.
    GeoJson,
    /// Linked Places Format, without claims.
    Lpf,
    /// LP-TSV, the tabular form of Linked Places: without kinds of names, users, populations and claims, with years only for
    /// the label, and without names that a machine made or that contain `;`, `|` or `@`.
    LpTsv,
    /// Parquet: one row for each name, in typed columns; requires the feature `parquet`.
    Parquet,
}

/// Selects the entities to export; by default all.
#[derive(Default)]
pub struct Choice<'a> {
    /// Only entities of these countries; all if empty.
    pub countries: Vec<Country>,
    /// Only entities in one of the entities with these numbers; all if empty.
    pub within: Vec<u32>,
    /// Only entities that this gazetteer lacks or has fewer names of.
    pub beyond: Option<&'a Gazetteer>,
}

impl Choice<'_> {
    fn takes(&self, entity: &EntityRef<'_>) -> bool {
        (self.countries.is_empty() || entity.country().is_some_and(|country| self.countries.contains(&country)))
            && (self.within.is_empty() || self.within.iter().any(|&number| entity.is_within(number)))
            && self.beyond.is_none_or(|known| is_more(entity, known))
    }
}

/// Whether a gazetteer lacks an entity or one of its names.
fn is_more(entity: &EntityRef<'_>, known: &Gazetteer) -> bool {
    let Some(known) = known.get(entity.id()) else { return true };
    let has = |text: &str, lang: &str| known.names().any(|name| name.text() == text && name.lang() == lang);
    known.name_count() < entity.name_count() && entity.names().any(|name| !has(name.text(), name.lang()))
}

/// Counts of what was exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Entities.
    pub entities: u64,
    /// Names.
    pub names: u64,
    /// Names left out because the layout cannot represent them.
    pub left_out: u64,
}

/// Writes one layout.
trait Writer {
    /// Writes an entity; returns the number of its names that were left out.
    fn entity(&mut self, entity: &EntityRef<'_>) -> Result<u64>;
    /// Ends the file.
    fn finish(&mut self) -> Result<()>;
}

/// The error for output that cannot be written.
fn refused(cause: std::io::Error) -> Error {
    Error::stream("write the export", cause)
}

/// Exports the entities of a gazetteer in the order of their ids.
///
/// # Errors
/// Returns an error if writing fails or this build lacks the layout.
pub fn export(
    gazetteer: &Gazetteer,
    layout: Layout,
    choice: &Choice<'_>,
    out: &mut (dyn Write + Send),
) -> Result<Written> {
    let mut writer: Box<dyn Writer + '_> = match layout {
        Layout::Csv => Box::new(csv::Csv::new(out)?),
        Layout::GeoJson => Box::new(geojson::GeoJson::new(out)?),
        Layout::Lpf => Box::new(lpf::Lpf::new(out)?),
        Layout::LpTsv => Box::new(lp_tsv::LpTsv::new(out)?),
        #[cfg(feature = "parquet")]
        Layout::Parquet => Box::new(parquet::Parquet::new(out)?),
        #[cfg(not(feature = "parquet"))]
        Layout::Parquet => {
            return Err(Error::usage("this build of allonym cannot write Parquet; it lacks the feature 'parquet'"));
        }
    };
    let mut written = Written::default();
    for entity in gazetteer.entities().filter(|entity| choice.takes(entity)) {
        written.left_out += writer.entity(&entity)?;
        written.entities += 1;
        written.names += u64::from(entity.name_count());
    }
    writer.finish()?;
    written.names -= written.left_out;
    Ok(written)
}

/// The flags of a name in tables: `m` for made by a machine, `w` for weak.
fn flags(name: &crate::index::places::NameRef<'_>) -> String {
    [(name.is_machine(), 'm'), (name.is_weak(), 'w')].iter().filter(|(is, _)| *is).map(|(_, flag)| flag).collect()
}
