//! Data to sorted entities: one file per layout.
//!
//! [`world`] reads the two tables of `data/world`, [`overlays`] the hand-edited tables of `data/overlays`;
//! [`own`] the tables that users add; [`entities`] puts each over the one before and hands the result on in the order of
//! ids.

pub mod overlays;
pub mod own;
pub mod tsv;
pub mod words;
pub mod world;

pub use words::words;

use crate::entity::{Entity, Name, NameKind, id_order};
use crate::error::Result;
use overlays::Overlays;
use own::Own;
use own::merge::{Merged, Told};
use world::World;

/// A file of data: its name, for messages, and its bytes.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// Its path inside `data/`.
    pub name: &'a str,
    /// Its content; the files of `data/world` are compressed with zstd.
    pub bytes: &'a [u8],
}

/// The data that an index is made from.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    /// `places.tsv.zst` and the parts of `names.tsv.zst` of `data/world`; `None` where only a user's own data is wanted.
    pub world: Option<(File<'a>, &'a [File<'a>])>,
    /// `words.tsv.zst` of `data/world`.
    pub words: File<'a>,
    /// `ordinary.tsv` of `data/overlays`.
    pub ordinary: File<'a>,
    /// The tables of `data/overlays` that speak of entities.
    pub overlays: &'a [File<'a>],
    /// What a user adds.
    pub own: &'a [Own],
}

impl Data<'_> {
    /// A short text that changes when the data does.
    ///
    /// The compressed files are told by their lengths and their ends, where zstd keeps a checksum of the content: no
    /// start of the program reads them through.
    pub fn fingerprint(&self) -> String {
        let mut all = Vec::new();
        let world = self.world.iter().flat_map(|(places, names)| [places].into_iter().chain(*names));
        for file in world.chain([&self.words]) {
            let end = &file.bytes[file.bytes.len().saturating_sub(1024)..];
            all.extend_from_slice(&(file.bytes.len() as u64).to_le_bytes());
            all.extend_from_slice(end);
        }
        for file in self.overlays.iter().chain([&self.ordinary]) {
            all.extend_from_slice(file.name.as_bytes());
            all.extend_from_slice(file.bytes);
        }
        self.own.iter().for_each(|own| all.extend_from_slice(own.fingerprint.as_bytes()));
        crate::digest::hash(&all)
    }
}

/// The data inside this library.
#[cfg(feature = "bundled")]
pub fn bundled() -> Data<'static> {
    use std::sync::LazyLock;
    fn file((name, bytes): allonym_data::File) -> File<'static> {
        File { name, bytes }
    }
    static NAMES: LazyLock<Vec<File<'static>>> = LazyLock::new(|| allonym_data::NAMES.map(file).to_vec());
    static OVERLAYS: LazyLock<Vec<File<'static>>> =
        LazyLock::new(|| allonym_data::OVERLAYS.iter().copied().map(file).collect());
    Data {
        world: Some((file(allonym_data::PLACES), &NAMES)),
        words: file(allonym_data::WORDS),
        ordinary: file(allonym_data::ORDINARY),
        overlays: &OVERLAYS,
        own: &[],
    }
}

/// A country's ISO code finds it, too.
fn add_code(entity: &mut Entity) {
    let Some(country) = entity.country.filter(|_| entity.feature.is_country()) else { return };
    if entity.names.iter().all(|name| name.text != country.as_str()) {
        let text = country.as_str().to_owned();
        entity.names.push(Name { text, kind: NameKind::Code, source: "iso".to_owned(), ..Name::default() });
    }
}

fn world<'a>(data: &Data<'a>) -> Result<impl Iterator<Item = Result<Entity>> + use<'a>> {
    let world = data.world.map(|(places, names)| World::open(places, names)).transpose()?;
    Ok(world.into_iter().flatten())
}

/// Hands every entity of the data to `take`, in the order of ids, the overlays put over the world.
///
/// # Errors
/// Where a file cannot be read as what it should be (with file and line), or `take` fails.
pub fn entities(data: &Data<'_>, mut take: impl FnMut(Entity) -> Result<()>) -> Result<()> {
    if data.own.is_empty() {
        return bundled_entities(data, take);
    }
    let mut told = own::merge::merge(data.own, |see| {
        bundled_entities(data, |entity| {
            see(&entity);
            Ok(())
        })
    })?;
    bundled_entities(data, |mut entity| {
        while let Some(before) = told.next_if(|own| is_before(own, &entity.id)) {
            take_own(before?, &mut take)?;
        }
        if let Some(own) = told.next_if(|own| own.as_ref().is_ok_and(|own| own.entity.id == entity.id)) {
            Merged::put_over(data.own, &mut entity, own?);
        }
        take(entity)
    })?;
    told.try_for_each(|own| take_own(own?, &mut take))
}

/// Whether what a user tells comes before an id; what went wrong comes first.
fn is_before(own: &Result<Told>, id: &str) -> bool {
    own.as_ref().map_or(true, |own| id_order(&own.entity.id, id).is_lt())
}

fn take_own(own: Told, take: &mut impl FnMut(Entity) -> Result<()>) -> Result<()> {
    let mut entity = own.entity;
    add_code(&mut entity);
    take(entity)
}

/// The entities of the data without a user's own.
fn bundled_entities(data: &Data<'_>, mut take: impl FnMut(Entity) -> Result<()>) -> Result<()> {
    let mut overlays = Overlays::read(data.overlays)?;
    let mut fresh = overlays.new_entities()?.into_iter().peekable();
    for entity in world(data)? {
        let entity = entity?;
        while let Some(before) = fresh.next_if(|e| id_order(&e.id, &entity.id).is_lt()) {
            take(before)?;
        }
        let patched = match fresh.next_if(|e| e.id == entity.id) {
            // A place that the overlays tell whole stands beside the world's: both are one.
            Some(own) => overlays.merge(entity, own),
            None => entity,
        };
        if let Some(mut entity) = overlays.apply(patched)? {
            add_code(&mut entity);
            take(entity)?;
        }
    }
    for entity in fresh {
        take(entity)?;
    }
    overlays.check_all_used()
}
