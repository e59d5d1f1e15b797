//! All entities of the data in the order of ids: the world, the overlays over it, custom gazetteers over both.

use super::custom::merge::{self, MergedEntity};
use super::data::Data;
use super::overlays::Overlays;
use super::world::World;
use crate::entity::{Entity, Name, NameKind, id_order};
use crate::error::Result;

/// Hands every entity of the data to `take`, in the order of ids.
///
/// # Errors
/// Returns an error with file and line if a file cannot be read, or the error of `take`.
pub fn entities(data: &Data<'_>, mut take: impl FnMut(Entity) -> Result<()>) -> Result<()> {
    if data.custom.is_empty() {
        return bundled_entities(data, take);
    }
    let mut merged = merge::merge(data.custom, |see| {
        bundled_entities(data, |entity| {
            see(&entity);
            Ok(())
        })
    })?;
    bundled_entities(data, |mut entity| {
        while let Some(earlier) = merged.next_if(|custom| is_before(custom, &entity.id)) {
            take_custom(earlier?, &mut take)?;
        }
        if let Some(same) = merged.next_if(|custom| custom.as_ref().is_ok_and(|it| it.entity.id == entity.id)) {
            merge::extend_bundled(data.custom, &mut entity, same?);
        }
        take(entity)
    })?;
    merged.try_for_each(|custom| take_custom(custom?, &mut take))
}

/// Whether a custom entity comes before an id. Errors come first.
fn is_before(custom: &Result<MergedEntity>, id: &str) -> bool {
    custom.as_ref().map_or(true, |custom| id_order(&custom.entity.id, id).is_lt())
}

fn take_custom(custom: MergedEntity, take: &mut impl FnMut(Entity) -> Result<()>) -> Result<()> {
    let mut entity = custom.entity;
    add_country_code(&mut entity);
    take(entity)
}

/// The entities of the world and the overlays.
fn bundled_entities(data: &Data<'_>, mut take: impl FnMut(Entity) -> Result<()>) -> Result<()> {
    let mut overlays = Overlays::read(data.overlays)?;
    let mut fresh = overlays.new_entities()?.into_iter().peekable();
    let world = data.world.map(|(places, names)| World::open(places, names)).transpose()?;
    for entity in world.into_iter().flatten() {
        let entity = entity?;
        while let Some(before) = fresh.next_if(|e| id_order(&e.id, &entity.id).is_lt()) {
            take(before)?;
        }
        let patched = match fresh.next_if(|e| e.id == entity.id) {
            // The overlays describe an entity completely that the world has as well: both are one.
            Some(own) => overlays.merge(entity, own),
            None => entity,
        };
        if let Some(mut entity) = overlays.apply(patched)? {
            add_country_code(&mut entity);
            add_subdivision_codes(&mut entity);
            take(entity)?;
        }
    }
    for entity in fresh {
        take(entity)?;
    }
    overlays.check_all_used()
}

/// Makes a country's ISO code one of its names.
fn add_country_code(entity: &mut Entity) {
    let Some(country) = entity.country.filter(|_| entity.feature.is_country()) else { return };
    if entity.names.iter().all(|name| name.text != country.as_str()) {
        let text = country.as_str().to_owned();
        entity.names.push(Name { text, kind: NameKind::Code, source: "iso".to_owned(), ..Name::default() });
    }
}

/// Makes the ISO 3166-2 codes that a unit is linked with names of it.
fn add_subdivision_codes(entity: &mut Entity) {
    let linked = entity.details.same_as.iter().chain([&entity.id]);
    let codes: Vec<String> = linked
        .filter_map(|id| id.strip_prefix("iso:").filter(|code| code.contains('-')))
        .filter(|code| entity.names.iter().all(|name| name.text != **code))
        .map(str::to_owned)
        .collect();
    entity.names.extend(codes.into_iter().map(|text| Name {
        text,
        kind: NameKind::Code,
        source: "iso".to_owned(),
        ..Name::default()
    }));
}
