//! Number to record: entities and their names, read where they lie in mapped files.

use std::fmt;
use std::fs::File;
use std::path::Path;

use memmap2::Mmap;
use zerocopy::little_endian::{I16, I32, U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::entity::{Country, Details, EntityType, Feature, NameKind, Point, Script, id_order};
use crate::error::{Error, Result};

/// An entity on disk: 48 bytes, little-endian.
#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct EntityRecord {
    /// Where its id lies in the text.
    pub id: U32,
    /// GeoNames class and code, padded with zeros.
    pub feature: [u8; 8],
    /// ISO 3166-1 alpha-2, zeros for none.
    pub country: [u8; 2],
    /// An [`EntityType`] by its number.
    pub kind: u8,
    /// Whether there is a point: 0 none, 1 given, 2 derived.
    pub point: u8,
    /// The number of the container, [`NONE`] if there is none.
    pub parent: U32,
    /// Hundred-thousandths of a degree.
    pub lat: I32,
    /// Hundred-thousandths of a degree.
    pub lon: I32,
    /// Inhabitants as a source gives them, 0 where unknown.
    pub population: U32,
    /// Inhabitants, or for a unit without a figure the sum of its towns': how well known a place is likely to be.
    pub prominence: U32,
    /// The number of its first name.
    pub first_name: U32,
    /// How many names it has.
    pub names: U32,
    /// Where its [`Details`] lie in the text as JSON, [`NONE`] where it has none.
    pub details: U32,
}

/// A name on disk: 24 bytes, little-endian.
#[derive(Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub struct NameRecord {
    /// The number of its entity.
    pub entity: U32,
    /// Where its spelling lies in the text.
    pub text: U32,
    /// Its language, source and users: numbers of tags.
    pub lang: U16,
    /// The code of its source.
    pub source: U16,
    /// Who uses it.
    pub by: U16,
    /// First year, [`NO_YEAR`] where unknown.
    pub since: I16,
    /// Last year, [`NO_YEAR`] where unknown.
    pub until: I16,
    /// A [`NameKind`] by its number.
    pub kind: u8,
    /// [`MACHINE`], [`WEAK`].
    pub flags: u8,
    /// ISO 15924.
    pub script: [u8; 4],
}

/// No such record.
pub const NONE: u32 = u32::MAX;
/// No such year.
pub const NO_YEAR: i16 = i16::MIN;
/// Flag of a name that a machine made.
pub const MACHINE: u8 = 1;
/// Flag of a name that its source holds for weak.
pub const WEAK: u8 = 2;
/// Parts of a degree in [`EntityRecord::lat`].
pub const DEGREE: f64 = 100_000.0;

/// Maps a file of an index.
#[allow(unsafe_code)] // a mapped file is the one thing the standard library has no safe call for
pub(super) fn map(path: &Path) -> Result<Mmap> {
    let file = File::open(path).map_err(|e| Error::io("open the index file", path, e))?;
    // SAFETY: index files are written once under another name and never changed in place; whoever truncates one while
    // it is mapped takes the same risk as with any mapped library.
    unsafe { Mmap::map(&file) }.map_err(|e| Error::io("map the index file", path, e))
}

/// Entities and names of an opened index.
pub struct Places {
    entities: Mmap,
    names: Mmap,
    text: Mmap,
    tags: Mmap,
}

impl Places {
    /// Maps the records of a generation.
    ///
    /// # Errors
    /// Where a file is missing or holds no whole number of records.
    pub fn open(dir: &Path) -> Result<Places> {
        let places = Places {
            entities: map(&dir.join("entities.bin"))?,
            names: map(&dir.join("names.bin"))?,
            text: map(&dir.join("text.bin"))?,
            tags: map(&dir.join("tags.bin"))?,
        };
        let whole = places.entities.len().is_multiple_of(size_of::<EntityRecord>())
            && places.names.len().is_multiple_of(size_of::<NameRecord>())
            && places.tags.len().is_multiple_of(size_of::<U32>());
        if !whole {
            return Err(Error::stale_index(format!(
                "the index in {} is damaged (a record is cut short)",
                dir.display()
            )));
        }
        Ok(places)
    }

    fn entities(&self) -> &[EntityRecord] {
        <[EntityRecord]>::ref_from_bytes(&self.entities).unwrap_or_default()
    }

    fn names(&self) -> &[NameRecord] {
        <[NameRecord]>::ref_from_bytes(&self.names).unwrap_or_default()
    }

    /// How many entities there are; they are numbered from 0.
    pub fn len(&self) -> u32 {
        self.entities().len() as u32
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many names there are; they are numbered from 0.
    pub fn name_count(&self) -> u32 {
        self.names().len() as u32
    }

    /// The entity of a number, if there is one.
    pub fn entity(&self, number: u32) -> Option<EntityRef<'_>> {
        let record = self.entities().get(number as usize)?;
        Some(EntityRef { places: self, number, record })
    }

    /// The name of a number, if there is one.
    pub fn name(&self, number: u32) -> Option<NameRef<'_>> {
        let record = self.names().get(number as usize)?;
        Some(NameRef { places: self, number, record })
    }

    /// The entity of an id, by binary search.
    pub fn find(&self, id: &str) -> Option<EntityRef<'_>> {
        let at = self.entities().binary_search_by(|record| id_order(self.text(record.id.get()), id)).ok()?;
        self.entity(at as u32)
    }

    fn text(&self, at: u32) -> &str {
        read_text(&self.text, at)
    }

    fn tag(&self, number: u16) -> &str {
        match self.tags.chunks_exact(4).nth(number as usize) {
            Some(&[a, b, c, d]) => self.text(u32::from_le_bytes([a, b, c, d])),
            _ => "",
        }
    }
}

/// The string that begins at `at`; empty where the bytes are not one.
pub(super) fn read_text(text: &[u8], at: u32) -> &str {
    let mut at = at as usize;
    let mut length = 0usize;
    let mut shift = 0;
    loop {
        let Some(&byte) = text.get(at) else { return "" };
        at += 1;
        length |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
        shift += 7;
        if shift > 28 {
            return "";
        }
    }
    let bytes = at.checked_add(length).and_then(|end| text.get(at..end)).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// An entity of an opened index.
#[derive(Clone, Copy)]
pub struct EntityRef<'a> {
    places: &'a Places,
    number: u32,
    record: &'a EntityRecord,
}

impl fmt::Debug for EntityRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntityRef").field("id", &self.id()).field("label", &self.label()).finish()
    }
}

impl<'a> EntityRef<'a> {
    /// Its number in this index; another build may give another.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Its id.
    pub fn id(&self) -> &'a str {
        self.places.text(self.record.id.get())
    }

    /// Whether its id is one of those that the bundled data use: of GeoNames, ISO 3166, or this project.
    pub fn is_bundled(&self) -> bool {
        ["gn:", "al:", "iso:"].iter().any(|authority| self.id().starts_with(authority))
    }

    /// What it is.
    pub fn kind(&self) -> EntityType {
        EntityType::ALL.get(self.record.kind as usize).copied().unwrap_or_default()
    }

    /// GeoNames' class and code.
    pub fn feature(&self) -> Feature {
        Feature::from_bytes(self.record.feature)
    }

    /// Its country.
    pub fn country(&self) -> Option<Country> {
        Country::from_bytes(self.record.country)
    }

    /// Its next container up.
    pub fn parent(&self) -> Option<EntityRef<'a>> {
        self.places.entity(self.record.parent.get())
    }

    /// Its containers, from the nearest up.
    pub fn containers(&self) -> impl Iterator<Item = EntityRef<'a>> + use<'a> {
        // A damaged index may hold a circle: no chain on Earth is longer than this.
        std::iter::successors(self.parent(), EntityRef::parent).take(16)
    }

    /// Whether the entity of that number is this one or contains it.
    pub fn is_within(&self, container: u32) -> bool {
        if self.number == container || self.containers().any(|c| c.number == container) {
            return true;
        }
        let extra = |entity: &EntityRef<'a>| {
            entity.has_details()
                && entity.details().also_in.iter().any(|id| self.places.find(id).is_some_and(|c| c.number == container))
        };
        extra(self) || self.containers().any(|c| extra(&c))
    }

    /// Where it is.
    pub fn point(&self) -> Option<Point> {
        (self.record.point != 0).then(|| Point {
            lat: f64::from(self.record.lat.get()) / DEGREE,
            lon: f64::from(self.record.lon.get()) / DEGREE,
            derived: self.record.point == 2,
        })
    }

    /// Inhabitants as a source gives them, 0 where unknown.
    pub fn population(&self) -> u32 {
        self.record.population.get()
    }

    /// Inhabitants, or the sum of those of its towns.
    pub fn prominence(&self) -> u32 {
        self.record.prominence.get()
    }

    /// Its main name.
    pub fn label(&self) -> &'a str {
        self.places.name(self.record.first_name.get()).map_or("", |name| name.text())
    }

    /// How many names it has.
    pub fn name_count(&self) -> u32 {
        self.record.names.get()
    }

    /// Every name, the main name first.
    pub fn names(&self) -> impl Iterator<Item = NameRef<'a>> + use<'a> {
        let first = self.record.first_name.get();
        let places = self.places;
        (first..first.saturating_add(self.record.names.get())).map_while(move |number| places.name(number))
    }

    /// Whether there are [`Details`] to read.
    pub fn has_details(&self) -> bool {
        self.record.details.get() != NONE
    }

    /// What few entities have; parsed at each call.
    pub fn details(&self) -> Details {
        if !self.has_details() {
            return Details::default();
        }
        serde_json::from_str(self.places.text(self.record.details.get())).unwrap_or_default()
    }
}

/// A name of an opened index.
#[derive(Clone, Copy)]
pub struct NameRef<'a> {
    places: &'a Places,
    number: u32,
    record: &'a NameRecord,
}

impl fmt::Debug for NameRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NameRef").field("text", &self.text()).field("lang", &self.lang()).finish()
    }
}

impl<'a> NameRef<'a> {
    /// Its number in this index; another build may give another.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Whose name it is.
    pub fn entity(&self) -> Option<EntityRef<'a>> {
        self.places.entity(self.record.entity.get())
    }

    /// The spelling.
    pub fn text(&self) -> &'a str {
        self.places.text(self.record.text.get())
    }

    /// BCP 47, empty where unknown.
    pub fn lang(&self) -> &'a str {
        self.places.tag(self.record.lang.get())
    }

    /// The script it is written in.
    pub fn script(&self) -> Script {
        Script::from_bytes(self.record.script)
    }

    /// What kind of name it is.
    pub fn kind(&self) -> NameKind {
        NameKind::ALL.get(self.record.kind as usize).copied().unwrap_or_default()
    }

    /// First year of use.
    pub fn since(&self) -> Option<i16> {
        Some(self.record.since.get()).filter(|&year| year != NO_YEAR)
    }

    /// Last year of use.
    pub fn until(&self) -> Option<i16> {
        Some(self.record.until.get()).filter(|&year| year != NO_YEAR)
    }

    /// Who uses it.
    pub fn by(&self) -> &'a str {
        self.places.tag(self.record.by.get())
    }

    /// The short code of the source that has it.
    pub fn source(&self) -> &'a str {
        self.places.tag(self.record.source.get())
    }

    /// Made by a machine.
    pub fn is_machine(&self) -> bool {
        self.record.flags & MACHINE != 0
    }

    /// Weak, as its source holds.
    pub fn is_weak(&self) -> bool {
        self.record.flags & WEAK != 0
    }

    /// Whether it is the main name of its entity.
    pub fn is_main(&self) -> bool {
        self.entity().is_some_and(|entity| entity.record.first_name.get() == self.number)
    }

    /// Whether it may be recognized in running text.
    pub fn in_text(&self) -> bool {
        !self.is_machine() && !matches!(self.kind(), NameKind::Code | NameKind::Misspelling)
    }
}
