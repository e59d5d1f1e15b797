//! All records in the order of ids, each put together from what is the same ([`super::cluster`]).
//!
//! Records of one id are one entity. A record that says `same_as` another's id is that other, and records that are the
//! same as a third are one where nothing speaks against it. What the bundled data has keeps its id, its label and its
//! facts; what is missing there is filled in. Contradictions are told, the first that was read is kept.

use std::iter::Peekable;

use hashbrown::{HashMap, HashSet};

use super::cluster::{Clusters, FAR, country_id};
use super::conflict::{ConflictKind, Conflicts};
use super::piece::{Origin, Piece};
use super::spool::{Sorted, Sorter};
use super::{Own, hash};
use crate::entity::{Entity, EntityType, Name, NameKind};
use crate::error::Result;

/// The longest chain of containers; no chain on Earth is longer.
const DEEPEST: usize = 15;

/// Own records in the order of their ids, each put together from its pieces.
pub struct Merged<'a> {
    own: &'a [Own],
    sorted: Peekable<Sorted>,
    bundled: HashSet<u64>,
    /// Hashes of the ids whose containers are cut.
    cut: HashSet<u64>,
}

/// An entity that a user's records tell, and where its first one is.
pub struct Told {
    /// The entity.
    pub entity: Entity,
    origin: Origin,
}

/// Merges all records; `bundled` hands over the entities that the data has.
///
/// # Errors
/// Where records cannot be read or kept, or `bundled` fails.
pub fn merge<'a>(
    own: &'a [Own],
    bundled: impl FnOnce(&mut dyn FnMut(&Entity)) -> Result<()>,
) -> Result<Peekable<Merged<'a>>> {
    let mut clusters = Clusters::default();
    let mut containers: HashMap<u64, u64> = HashMap::new();
    bundled(&mut |entity| {
        clusters.add_bundled(entity);
        if let Some(parent) = &entity.parent {
            containers.insert(hash(&entity.id), hash(parent));
        }
    })?;
    let bundled: HashSet<u64> = clusters.all.iter().map(|cluster| hash(&cluster.id)).collect();
    let links: HashSet<u64> = own.iter().flat_map(|own| &own.links).copied().collect();
    let mut parents: HashSet<u64> = own.iter().flat_map(|own| &own.parents).copied().collect();
    parents.extend(own.iter().flat_map(|own| own.codes.values()).map(|id| hash(id)));
    let mut known: HashSet<u64> = HashSet::new();
    for own in own {
        *own.conflicts.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Conflicts::default();
        own.pieces.each(|piece| {
            let entity = &piece.entity;
            let id = hash(&entity.id);
            if piece.whole && parents.contains(&id) {
                known.insert(id);
            }
            let asked = || {
                country_id(entity).map(|id| hash(&id)).is_some_and(|id| parents.contains(&id) || links.contains(&id))
            };
            if piece.whole && (!entity.details.same_as.is_empty() || links.contains(&id) || asked()) {
                clusters.add(entity, |reason| own.conflict(ConflictKind::Apart, piece.origin, || reason));
            }
            Ok(())
        })?;
    }
    let placing = Placing { own, clusters: &clusters, known: &known };
    let mut sorter = Sorter::new(own.first().map_or(std::path::Path::new("."), |own| own.pieces.dir()));
    let mut nodes: Vec<u64> = Vec::new();
    for (number, one) in (0..).zip(own) {
        one.pieces.each(|mut piece| {
            piece.origin.own = number;
            let before = hash(&piece.entity.id);
            placing.place(&mut piece);
            if let Some(parent) = &piece.entity.parent {
                let id = hash(&piece.entity.id);
                if id != before || parents.contains(&id) || bundled.contains(&id) {
                    containers.entry(id).or_insert_with(|| {
                        nodes.push(id);
                        hash(parent)
                    });
                }
            }
            sorter.push(&piece)
        })?;
    }
    let cut = circles(&nodes, &mut containers);
    Ok(Merged { own, sorted: sorter.finish()?.peekable(), bundled, cut }.peekable())
}

/// The entities whose containers go in a circle, or are too many: of a circle, the one that was told last.
fn circles(nodes: &[u64], containers: &mut HashMap<u64, u64>) -> HashSet<u64> {
    let mut cut = HashSet::new();
    let said: Vec<(u64, u64)> = nodes.iter().filter_map(|&node| Some((node, containers.remove(&node)?))).collect();
    for (node, above) in said {
        let mut chain = std::iter::successors(Some(above), |at| containers.get(at).copied());
        if chain.any(|at| at == node) {
            cut.insert(node);
        } else {
            containers.insert(node, above);
        }
    }
    for &node in nodes {
        if std::iter::successors(containers.get(&node), |at| containers.get(*at)).nth(DEEPEST).is_some() {
            containers.remove(&node);
            cut.insert(node);
        }
    }
    cut
}

/// Gives pieces the ids and containers that they have among all others.
struct Placing<'a> {
    own: &'a [Own],
    clusters: &'a Clusters,
    known: &'a HashSet<u64>,
}

impl Placing<'_> {
    fn place(&self, piece: &mut Piece) {
        let own = &self.own[piece.origin.own as usize];
        if let Some(cluster) = self.clusters.id_for(piece) {
            let entity = &mut piece.entity;
            if piece.whole && (cluster.bundled || *cluster.id != *entity.id) {
                let mut conflicts = own.conflicts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let count = if cluster.bundled { &mut conflicts.into_bundled } else { &mut conflicts.into_others };
                *count += 1;
            }
            if *cluster.id != *entity.id {
                let before = std::mem::replace(&mut entity.id, cluster.id.to_string());
                if piece.whole {
                    entity.details.same_as.insert(0, before);
                }
            }
        }
        let id = piece.entity.id.clone();
        piece.entity.details.same_as.retain(|other| *other != id && !other.starts_with("cc:"));
        let Some(said) = piece.entity.parent.take() else { return };
        piece.entity.parent = said.split(' ').filter_map(|one| self.container(one)).find(|one| *one != id);
        let first = said.split(' ').find(|one| !one.starts_with("adm:") && !one.starts_with("cc:") && *one != id);
        if let (None, Some(first)) = (&piece.entity.parent, first) {
            own.conflict(ConflictKind::Container, piece.origin, || {
                format!("{id} lies in {first}, which is nowhere; it has no container now")
            });
        }
    }

    /// The entity that a container's id or code stands for, where there is one.
    fn container(&self, id: &str) -> Option<String> {
        if id.starts_with("adm:") {
            let id = self.own.iter().find_map(|own| own.codes.get(id))?;
            return self.container(id);
        }
        match self.clusters.find(id) {
            Some(cluster) => Some(cluster.id.to_string()),
            None => self.known.contains(&hash(id)).then(|| id.to_owned()),
        }
    }
}

impl Merged<'_> {
    fn conflict(&self, kind: ConflictKind, origin: Origin, reason: impl FnOnce() -> String) {
        if let Some(own) = self.own.get(origin.own as usize) {
            own.conflict(kind, origin, reason);
        }
    }

    /// The next entity, from all pieces of it; none at the end.
    fn read(&mut self) -> Result<Option<Told>> {
        loop {
            let Some(first) = self.sorted.next().transpose()? else { return Ok(None) };
            let mut pieces = vec![first];
            while let Some(piece) =
                self.sorted.next_if(|next| next.as_ref().is_ok_and(|next| next.entity.id == pieces[0].entity.id))
            {
                pieces.push(piece?);
            }
            let id = hash(&pieces[0].entity.id);
            if !pieces.iter().any(|piece| piece.whole) && !self.bundled.contains(&id) {
                for piece in &pieces {
                    self.conflict(ConflictKind::Nowhere, piece.origin, || {
                        format!("there is no {} to which this belongs", piece.entity.id)
                    });
                }
                continue;
            }
            let parent = pieces.iter().find_map(|piece| Some((piece.entity.parent.clone()?, piece.origin)));
            // The label is the first name of the first record that tells the entity whole.
            pieces.sort_by_key(|piece| (!piece.whole, !piece.preferred));
            let mut pieces = pieces.into_iter();
            let Some(Piece { mut entity, origin: head, .. }) = pieces.next() else { return Ok(None) };
            for piece in pieces {
                let origin = piece.origin;
                let same_file = (origin.own, origin.file) == (head.own, head.file);
                fill(&mut entity, piece.entity, same_file, |kind, reason| self.conflict(kind, origin, || reason));
            }
            entity.parent = None;
            match parent {
                Some((parent, origin)) if self.cut.contains(&id) => {
                    self.conflict(ConflictKind::Circle, origin, || {
                        let id = &entity.id;
                        format!(
                            "{id} lies in {parent}, which lies in it, or in too many others; it has no container now"
                        )
                    });
                }
                parent => entity.parent = parent.map(|(parent, _)| parent),
            }
            return Ok(Some(Told { entity, origin: head }));
        }
    }

    /// Puts what a user's records tell over an entity of the data: more names, and facts that were missing.
    pub fn put_over(own: &[Own], known: &mut Entity, told: Told) {
        let Told { entity, origin } = told;
        fill(known, entity, false, |kind, reason| {
            if let Some(own) = own.get(origin.own as usize) {
                own.conflict(kind, origin, || reason);
            }
        });
    }
}

impl Iterator for Merged<'_> {
    type Item = Result<Told>;

    fn next(&mut self) -> Option<Result<Told>> {
        self.read().transpose()
    }
}

/// Adds to an entity what another record says of it; what it contradicts is told.
fn fill(known: &mut Entity, more: Entity, same_file: bool, mut tell: impl FnMut(ConflictKind, String)) {
    let id = &known.id;
    if known.kind != more.kind && !more.names.is_empty() && more.kind != EntityType::default() {
        tell(ConflictKind::Type, format!("{id} is a {} here, a {} before; that is kept", more.kind, known.kind));
    }
    if let (Some(a), Some(b)) = (known.feature.class(), more.feature.class())
        && a != b
    {
        let (a, b) = (known.feature, more.feature);
        tell(ConflictKind::Type, format!("{id} has the feature {b:?} here, {a:?} before; that is kept"));
    }
    if let (Some(a), Some(b)) = (known.country, more.country)
        && a != b
    {
        tell(ConflictKind::Country, format!("{id} has another country here ({b}) than before ({a}); that is kept"));
    }
    if let (Some(a), Some(b)) = (known.point, more.point) {
        let km = a.distance(&b);
        if km > FAR {
            tell(ConflictKind::Point, format!("{id} lies {km:.0} km from where it was before; that is kept"));
        }
    }
    if known.feature == Default::default() {
        known.feature = more.feature;
    }
    known.country = known.country.or(more.country);
    known.point = known.point.or(more.point);
    known.parent = known.parent.take().or(more.parent);
    if known.population == 0 {
        known.population = more.population;
    }
    let Entity { names, details, .. } = more;
    for (list, more) in [(&mut known.details.same_as, details.same_as), (&mut known.details.also_in, details.also_in)] {
        for one in more {
            if one != known.id && !list.contains(&one) {
                list.push(one);
            }
        }
    }
    for claim in details.claims {
        if !known.details.claims.contains(&claim) {
            known.details.claims.push(claim);
        }
    }
    for name in names {
        add_name(&mut known.names, name, same_file);
    }
}

/// Adds a name, or says more about the same one from another file.
fn add_name(names: &mut Vec<Name>, name: Name, same_file: bool) {
    let people = |name: &Name| name.kind == NameKind::Demonym;
    let same = |known: &Name| match same_file {
        true => *known == name,
        false => {
            known.text == name.text
                && people(known) == people(&name)
                && (known.lang == name.lang || known.lang.is_empty() || name.lang.is_empty())
        }
    };
    let Some(known) = names.iter_mut().find(|known| same(known)) else {
        names.push(name);
        return;
    };
    if known.lang.is_empty() {
        known.lang = name.lang;
    }
    if known.kind == NameKind::Alternate {
        known.kind = name.kind;
    }
    known.since = known.since.or(name.since);
    known.until = known.until.or(name.until);
    if known.by.is_empty() {
        known.by = name.by;
    }
    known.machine &= name.machine;
    known.weak &= name.weak;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_cut_once_and_chains_are_left() {
        let mut containers = HashMap::from([(1, 2), (2, 3), (3, 1), (4, 1), (5, 5)]);
        assert_eq!(circles(&[1, 2, 3, 4, 5], &mut containers), HashSet::from([3, 5]));
        let mut long: HashMap<u64, u64> = (1..20).map(|n| (n, n + 1)).collect();
        let nodes: Vec<u64> = (1..20).collect();
        assert_eq!(circles(&nodes, &mut long), HashSet::from([1, 2, 3, 4]));
    }
}
