//! Combines several records of one entity.

use hashbrown::HashSet;

use super::clusters::FAR;
use super::names::Names;
use crate::entity::{Entity, EntityType};
use crate::source::custom::report::ConflictKind;

/// An entity to which further records are added.
pub(super) struct Combined {
    entity: Entity,
    names: Names,
    same_as: Ids,
    close_match: Ids,
    also_in: Ids,
}

/// Ids in the order in which they were added, each once.
struct Ids {
    list: Vec<String>,
    known: HashSet<String>,
}

impl Ids {
    fn new(list: Vec<String>) -> Ids {
        Ids { known: list.iter().cloned().collect(), list }
    }

    fn add(&mut self, more: Vec<String>, own: &str) {
        for id in more {
            if id != own && !self.known.contains(&id) {
                self.known.insert(id.clone());
                self.list.push(id);
            }
        }
    }
}

impl Combined {
    /// Begins with the record whose facts are kept.
    pub(super) fn new(mut entity: Entity) -> Combined {
        let details = &mut entity.details;
        Combined {
            same_as: Ids::new(std::mem::take(&mut details.same_as)),
            close_match: Ids::new(std::mem::take(&mut details.close_match)),
            also_in: Ids::new(std::mem::take(&mut details.also_in)),
            names: Names::new(std::mem::take(&mut entity.names)),
            entity,
        }
    }

    /// Adds a record: its names, and facts that are missing; `report` gets what it contradicts.
    pub(super) fn add(&mut self, more: Entity, same_file: bool, mut report: impl FnMut(ConflictKind, String)) {
        contradictions(&self.entity, &more, &mut report);
        let known = &mut self.entity;
        if known.feature == Default::default() {
            known.feature = more.feature;
        }
        known.country = known.country.or(more.country);
        known.point = known.point.or(more.point);
        known.parent = known.parent.take().or(more.parent);
        if known.population == 0 {
            known.population = more.population;
        }
        let details = more.details;
        self.same_as.add(details.same_as, &known.id);
        self.close_match.add(details.close_match, &known.id);
        self.also_in.add(details.also_in, &known.id);
        for claim in details.claims {
            if !known.details.claims.contains(&claim) {
                known.details.claims.push(claim);
            }
        }
        more.names.into_iter().for_each(|name| self.names.add(name, same_file));
    }

    /// The entity.
    pub(super) fn finish(self) -> Entity {
        let Combined { mut entity, names, same_as, close_match, also_in } = self;
        entity.names = names.into_list();
        entity.details.same_as = same_as.list;
        entity.details.close_match = close_match.list;
        entity.details.also_in = also_in.list;
        entity
    }
}

/// Reports what two records of one entity contradict each other about.
fn contradictions(known: &Entity, more: &Entity, report: &mut impl FnMut(ConflictKind, String)) {
    let id = &known.id;
    if known.kind != more.kind && !more.names.is_empty() && more.kind != EntityType::default() {
        let reason = format!("{id} is a {} here and a {} before; the {} is kept", more.kind, known.kind, known.kind);
        report(ConflictKind::Type, reason);
    }
    if let (Some(a), Some(b)) = (known.feature.class(), more.feature.class())
        && a != b
    {
        let (a, b) = (known.feature, more.feature);
        report(ConflictKind::Type, format!("{id} has the feature {b:?} here and {a:?} before; {a:?} is kept"));
    }
    if let (Some(a), Some(b)) = (known.country, more.country)
        && a != b
    {
        report(ConflictKind::Country, format!("{id} has the country {b} here and {a} before; {a} is kept"));
    }
    if let (Some(a), Some(b)) = (known.point, more.point) {
        let km = a.distance(&b);
        if km > FAR {
            report(ConflictKind::Point, format!("{id} lies {km:.0} km from its earlier point, which is kept"));
        }
    }
}
