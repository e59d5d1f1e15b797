//! Merges the records of all custom gazetteers and returns entities in the order of ids.
//!
//! Records of one id are one entity. A record that names another's id in `same_as` is that entity, and records that name
//! the same third id are one if no fact contradicts it ([`clusters`]). An entity of the bundled data keeps its id, label
//! and facts; missing ones are filled in. Contradictions are reported, and the first record wins ([`combine`]).

mod clusters;
mod combine;
mod containers;
mod names;

use std::iter::Peekable;
use std::path::Path;

use hashbrown::HashSet;

use super::fragment::{Fragment, Origin};
use super::gazetteer::{CustomGazetteer, IdHash, hash};
use super::report::{ConflictKind, Conflicts};
use super::spool::{FragmentSorter, SortedFragments};
use crate::entity::Entity;
use crate::error::{Error, Result};
use clusters::{Clusters, country_id};
use combine::Combined;
use containers::{Containers, Placer};

/// Records of one id that are accepted. More mean that a column was taken for the id that is not.
const MOST_RECORDS: usize = 1_000_000;

/// The entities of custom gazetteers in the order of their ids, each combined from its fragments.
pub(in crate::source) struct Merged<'a> {
    gazetteers: &'a [CustomGazetteer],
    sorted: Peekable<SortedFragments>,
    bundled: HashSet<IdHash>,
    /// Entities whose containers are cut.
    cut: HashSet<IdHash>,
}

/// An entity of a custom gazetteer.
pub(in crate::source) struct MergedEntity {
    /// The entity.
    pub(in crate::source) entity: Entity,
    /// Where its first record was read.
    origin: Origin,
}

/// Merges all records; `bundled` hands over the entities of the bundled data.
///
/// # Errors
/// Returns an error if records cannot be read or written, or the error of `bundled`.
pub(in crate::source) fn merge<'a>(
    gazetteers: &'a [CustomGazetteer],
    bundled: impl FnOnce(&mut dyn FnMut(&Entity)) -> Result<()>,
) -> Result<Peekable<Merged<'a>>> {
    let mut clusters = Clusters::default();
    let mut containers = Containers::default();
    bundled(&mut |entity| {
        clusters.add_bundled(entity);
        if let Some(parent) = &entity.parent {
            containers.add_bundled(hash(&entity.id), hash(parent));
        }
    })?;
    let bundled = clusters.bundled_ids();
    let mut parents: HashSet<IdHash> = gazetteers.iter().flat_map(|one| &one.parents).copied().collect();
    parents.extend(gazetteers.iter().flat_map(|one| one.unit_codes.values()).map(|id| hash(id)));
    let known = cluster(gazetteers, &parents, &mut clusters)?;
    let placer = Placer { gazetteers, clusters: &clusters, known: &known };
    let temp_dir = gazetteers.first().map_or(Path::new("."), |one| one.fragments.dir());
    let mut sorter = FragmentSorter::new(temp_dir);
    for (number, gazetteer) in (0..).zip(gazetteers) {
        gazetteer.fragments.each(|mut fragment| {
            fragment.origin.gazetteer = number;
            let before = hash(&fragment.entity.id);
            placer.place(&mut fragment);
            if let Some(parent) = &fragment.entity.parent {
                let id = hash(&fragment.entity.id);
                if id != before || parents.contains(&id) || bundled.contains(&id) {
                    containers.add(id, hash(parent));
                }
            }
            sorter.push(&fragment)
        })?;
    }
    let cut = containers.cut();
    Ok(Merged { gazetteers, sorted: sorter.finish()?.peekable(), bundled, cut }.peekable())
}

/// Clusters the records that are linked with others; returns the containers that are complete records.
fn cluster(
    gazetteers: &[CustomGazetteer],
    parents: &HashSet<IdHash>,
    clusters: &mut Clusters,
) -> Result<HashSet<IdHash>> {
    let identities: HashSet<IdHash> = gazetteers.iter().flat_map(|one| &one.identities).copied().collect();
    let mut known: HashSet<IdHash> = HashSet::new();
    for gazetteer in gazetteers {
        *gazetteer.lock_conflicts() = Conflicts::default();
        gazetteer.fragments.each(|fragment| {
            let entity = &fragment.entity;
            let id = hash(&entity.id);
            if fragment.complete && parents.contains(&id) {
                known.insert(id);
            }
            let is_country_of_others = || {
                country_id(entity)
                    .map(|id| hash(&id))
                    .is_some_and(|id| parents.contains(&id) || identities.contains(&id))
            };
            let is_linked = !entity.details.same_as.is_empty() || identities.contains(&id) || is_country_of_others();
            if fragment.complete && is_linked {
                clusters.add(entity, |reason| {
                    gazetteer.report_conflict(ConflictKind::Identity, fragment.origin, || reason);
                });
            }
            Ok(())
        })?;
    }
    Ok(known)
}

/// Adds to an entity of the bundled data what custom records say about it: more names, and facts that were missing.
pub(in crate::source) fn extend_bundled(gazetteers: &[CustomGazetteer], known: &mut Entity, custom: MergedEntity) {
    let MergedEntity { entity, origin } = custom;
    let mut combined = Combined::new(std::mem::take(known));
    combined.add(entity, false, |kind, reason| {
        if let Some(gazetteer) = gazetteers.get(origin.gazetteer as usize) {
            gazetteer.report_conflict(kind, origin, || reason);
        }
    });
    *known = combined.finish();
}

impl Merged<'_> {
    fn report(&self, kind: ConflictKind, origin: Origin, reason: impl FnOnce() -> String) {
        if let Some(gazetteer) = self.gazetteers.get(origin.gazetteer as usize) {
            gazetteer.report_conflict(kind, origin, reason);
        }
    }

    /// All fragments of the next id; empty at the end.
    fn next_fragments(&mut self) -> Result<Vec<Fragment>> {
        let Some(first) = self.sorted.next().transpose()? else { return Ok(Vec::new()) };
        let mut fragments = vec![first];
        while let Some(fragment) =
            self.sorted.next_if(|next| next.as_ref().is_ok_and(|next| next.entity.id == fragments[0].entity.id))
        {
            if fragments.len() == MOST_RECORDS {
                let id = &fragments[0].entity.id;
                return Err(Error::data(format!(
                    "more than {MOST_RECORDS} records have the id {id}; check which column holds the ids"
                )));
            }
            fragments.push(fragment?);
        }
        Ok(fragments)
    }

    /// The next entity; `None` at the end.
    fn read(&mut self) -> Result<Option<MergedEntity>> {
        loop {
            let mut fragments = self.next_fragments()?;
            let Some(first) = fragments.first() else { return Ok(None) };
            let id = hash(&first.entity.id);
            if !fragments.iter().any(|fragment| fragment.complete) && !self.bundled.contains(&id) {
                for fragment in &fragments {
                    self.report(ConflictKind::MissingEntity, fragment.origin, || {
                        format!("the record belongs to {}, which does not exist", fragment.entity.id)
                    });
                }
                continue;
            }
            let parent = fragments.iter().find_map(|one| Some((one.entity.parent.clone()?, one.origin)));
            // The label is the first name of the first complete record.
            fragments.sort_by_key(|fragment| (!fragment.complete, !fragment.preferred));
            let mut merged = self.combine(fragments);
            merged.entity.parent = parent.and_then(|parent| self.container(id, &merged.entity.id, parent));
            return Ok(Some(merged));
        }
    }

    fn combine(&self, fragments: Vec<Fragment>) -> MergedEntity {
        let mut fragments = fragments.into_iter();
        let Fragment { entity, origin: head, .. } = fragments.next().unwrap_or_default();
        if fragments.len() == 0 {
            return MergedEntity { entity, origin: head };
        }
        let mut combined = Combined::new(entity);
        for fragment in fragments {
            let origin = fragment.origin;
            let same_file = (origin.gazetteer, origin.file) == (head.gazetteer, head.file);
            combined.add(fragment.entity, same_file, |kind, reason| self.report(kind, origin, || reason));
        }
        MergedEntity { entity: combined.finish(), origin: head }
    }

    /// The container of an entity, unless it is cut.
    fn container(&self, hash: IdHash, id: &str, (parent, origin): (String, Origin)) -> Option<String> {
        if !self.cut.contains(&hash) {
            return Some(parent);
        }
        self.report(ConflictKind::ContainerCycle, origin, || {
            format!("{id} lies in {parent}, which lies in {id} or too deep; {id} gets no container")
        });
        None
    }
}

impl Iterator for Merged<'_> {
    type Item = Result<MergedEntity>;

    fn next(&mut self) -> Option<Result<MergedEntity>> {
        self.read().transpose()
    }
}
