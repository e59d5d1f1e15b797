//! An index as files of the trade, one layout a file: nothing is locked in.
//!
//! CSV, GeoJSON and Parquet hold everything; what the others cannot hold is said where they are written.

mod csv;
mod geojson;
mod lp_tsv;
mod lpf;
#[cfg(feature = "parquet")]
mod parquet;

use std::io::Write;

use crate::entity::Country;
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;

/// A layout that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A row for each name, an entity's facts on its first.
    Csv,
    /// A feature for each entity, its names in a list.
    GeoJson,
    /// Linked Places Format. Claims are not held.
    Lpf,
    /// Linked Places' table. Kinds of names, years but the label's, users, inhabitants and claims are not held; names that
    /// a machine made and names with `;` or `|` in them are left out.
    LpTsv,
    /// The rows of CSV in typed columns; needs the feature `parquet`.
    Parquet,
}

/// Which entities are written; everything where nothing is said.
#[derive(Default)]
pub struct Choice<'a> {
    /// Of these countries.
    pub countries: Vec<Country>,
    /// In one of the entities of these numbers.
    pub within: Vec<u32>,
    /// What this gazetteer does not have: entities, or names of entities.
    pub beyond: Option<&'a Gazetteer>,
}

impl Choice<'_> {
    fn takes(&self, entity: &EntityRef<'_>) -> bool {
        (self.countries.is_empty() || entity.country().is_some_and(|country| self.countries.contains(&country)))
            && (self.within.is_empty() || self.within.iter().any(|&number| entity.is_within(number)))
            && self.beyond.is_none_or(|known| is_more(entity, known))
    }
}

/// Whether an entity, or one of its names, is not in a gazetteer.
fn is_more(entity: &EntityRef<'_>, known: &Gazetteer) -> bool {
    let Some(known) = known.get(entity.id()) else { return true };
    let has = |text: &str, lang: &str| known.names().any(|name| name.text() == text && name.lang() == lang);
    known.name_count() < entity.name_count() && entity.names().any(|name| !has(name.text(), name.lang()))
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Entities.
    pub entities: u64,
    /// Names.
    pub names: u64,
    /// Names that the layout cannot hold.
    pub left_out: u64,
}

/// One layout in the making.
trait Writer {
    /// Writes an entity; returns how many of its names could not be.
    fn entity(&mut self, entity: &EntityRef<'_>) -> Result<u64>;
    /// Writes what is left.
    fn finish(&mut self) -> Result<()>;
}

/// What is said where a file cannot be written on.
fn refused(cause: std::io::Error) -> Error {
    Error::stream("write the export", cause)
}

/// Writes the entities of a gazetteer, one after another.
///
/// # Errors
/// Where writing fails, or this program does not write the layout.
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
            return Err(Error::usage("this allonym writes no Parquet; build it with --features parquet"));
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

/// The flags of a name as tables have them: `m` made by a machine, `w` weak.
fn flags(name: &crate::index::places::NameRef<'_>) -> String {
    [(name.is_machine(), 'm'), (name.is_weak(), 'w')].iter().filter(|(is, _)| *is).map(|(_, flag)| flag).collect()
}
