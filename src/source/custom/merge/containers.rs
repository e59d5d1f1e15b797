//! Containers: ids and codes resolved to entities, cycles and too long chains cut.

use hashbrown::{HashMap, HashSet};

use super::clusters::Clusters;
use crate::source::custom::fragment::Fragment;
use crate::source::custom::gazetteer::{CustomGazetteer, IdHash, hash};
use crate::source::custom::report::ConflictKind;

/// The longest chain of containers that is kept; no chain on Earth is longer.
const LONGEST_CHAIN: usize = 15;

/// Gives fragments the ids and containers that they have among all others.
pub(super) struct Placer<'a> {
    pub(super) gazetteers: &'a [CustomGazetteer],
    pub(super) clusters: &'a Clusters,
    /// Containers that are complete records.
    pub(super) known: &'a HashSet<IdHash>,
}

impl Placer<'_> {
    /// Replaces a fragment's id by that of its cluster, and its candidate containers by the one that exists.
    pub(super) fn place(&self, fragment: &mut Fragment) {
        let gazetteer = &self.gazetteers[fragment.origin.gazetteer as usize];
        self.join_cluster(gazetteer, fragment);
        let id = fragment.entity.id.clone();
        fragment.entity.details.same_as.retain(|other| *other != id && !other.starts_with("cc:"));
        let Some(candidates) = fragment.entity.parent.take() else { return };
        fragment.entity.parent = candidates.split(' ').filter_map(|one| self.container(one)).find(|one| *one != id);
        let is_code = |one: &str| one.starts_with("adm:") || one.starts_with("cc:");
        let first = candidates.split(' ').find(|one| !is_code(one) && *one != id);
        if let (None, Some(first)) = (&fragment.entity.parent, first) {
            gazetteer.report_conflict(ConflictKind::MissingContainer, fragment.origin, || {
                format!("{id} lies in {first}, which does not exist; {id} gets no container")
            });
        }
    }

    fn join_cluster(&self, gazetteer: &CustomGazetteer, fragment: &mut Fragment) {
        let Some(cluster) = self.clusters.of_fragment(fragment) else { return };
        let entity = &mut fragment.entity;
        if fragment.complete && (cluster.is_bundled || *cluster.id != *entity.id) {
            let mut conflicts = gazetteer.lock_conflicts();
            match cluster.is_bundled {
                true => conflicts.merged_into_bundled += 1,
                false => conflicts.merged_into_others += 1,
            }
        }
        if *cluster.id != *entity.id {
            let before = std::mem::replace(&mut entity.id, cluster.id.to_string());
            if fragment.complete {
                entity.details.same_as.insert(0, before);
            }
        }
    }

    /// The entity of a container's id or code, if it exists.
    fn container(&self, id: &str) -> Option<String> {
        if id.starts_with("adm:") {
            let id = self.gazetteers.iter().find_map(|gazetteer| gazetteer.unit_codes.get(id))?;
            return self.container(id);
        }
        match self.clusters.find(id) {
            Some(cluster) => Some(cluster.id.to_string()),
            None => self.known.contains(&hash(id)).then(|| id.to_owned()),
        }
    }
}

/// The containers of entities, each entity's directly above it.
#[derive(Default)]
pub(super) struct Containers {
    above: HashMap<IdHash, IdHash>,
    /// Entities of custom gazetteers that have a container, in the order in which they were read.
    added: Vec<IdHash>,
}

impl Containers {
    /// Adds the container of a bundled entity.
    pub(super) fn add_bundled(&mut self, id: IdHash, container: IdHash) {
        self.above.insert(id, container);
    }

    /// Adds the container of a custom entity, unless it has one.
    pub(super) fn add(&mut self, id: IdHash, container: IdHash) {
        self.above.entry(id).or_insert_with(|| {
            self.added.push(id);
            container
        });
    }

    /// The custom entities whose containers must be cut: in a cycle the one that was read last, and whatever lies too
    /// deep.
    pub(super) fn cut(mut self) -> HashSet<IdHash> {
        let mut cut = HashSet::new();
        let links: Vec<(IdHash, IdHash)> =
            self.added.iter().filter_map(|&id| Some((id, self.above.remove(&id)?))).collect();
        // Links are added again one by one. A link closes a cycle if its lower end is at the top of its upper end's chain.
        let mut tops = Tops::default();
        for (id, container) in links {
            if tops.top(container, &self.above) == id {
                cut.insert(id);
            } else {
                self.above.insert(id, container);
            }
        }
        for id in self.added {
            if std::iter::successors(self.above.get(&id), |at| self.above.get(*at)).nth(LONGEST_CHAIN).is_some() {
                self.above.remove(&id);
                cut.insert(id);
            }
        }
        cut
    }
}

/// Finds the top of chains. Remembers how far each was followed, so that long chains are not walked again and again.
#[derive(Default)]
struct Tops {
    shortcuts: HashMap<IdHash, IdHash>,
    path: Vec<IdHash>,
    #[cfg(test)]
    steps: usize,
}

impl Tops {
    fn top(&mut self, from: IdHash, above: &HashMap<IdHash, IdHash>) -> IdHash {
        let mut at = from;
        while let Some(&next) = self.shortcuts.get(&at).or_else(|| above.get(&at)) {
            self.path.push(at);
            at = next;
            #[cfg(test)]
            {
                self.steps += 1;
            }
        }
        for passed in self.path.drain(..) {
            self.shortcuts.insert(passed, at);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn containers(links: impl IntoIterator<Item = (IdHash, IdHash)>) -> Containers {
        let mut containers = Containers::default();
        links.into_iter().for_each(|(id, container)| containers.add(id, container));
        containers
    }

    #[test]
    fn cycles_are_cut_once_and_chains_are_kept() {
        let cut = containers([(1, 2), (2, 3), (3, 1), (4, 1), (5, 5)]).cut();
        assert_eq!(cut, HashSet::from([3, 5]));
        let long = containers((1..20).map(|n| (n, n + 1))).cut();
        assert_eq!(long, HashSet::from([1, 2, 3, 4]));
    }

    #[test]
    fn the_work_for_a_long_chain_grows_with_its_length() {
        const COUNT: u64 = 100_000;
        let above: HashMap<IdHash, IdHash> = (1..COUNT).map(|n| (n, n + 1)).collect();
        let mut tops = Tops::default();
        for id in (1..COUNT).rev() {
            assert_eq!(tops.top(id, &above), COUNT);
        }
        assert!(tops.steps < 3 * COUNT as usize, "{} steps", tops.steps);
    }
}
