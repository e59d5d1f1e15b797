//! Which records describe the same entity, from what they say about each other.

use hashbrown::{HashMap, HashSet};

use crate::entity::{Country, Entity, EntityType, Point};
use crate::source::custom::fragment::Fragment;
use crate::source::custom::gazetteer::{IdHash, hash};

/// Two points of one entity that are further apart, in kilometres, are reported as a conflict.
pub(super) const FAR: f64 = 50.0;
/// Points further apart, in kilometres, refute `same_as`: wrong links are frequent in large gazetteers.
const TOO_FAR: f64 = 200.0;
/// Clusters that are compared because they name the same third id. An id that more of them name identifies nothing.
const MOST_CLAIMANTS: usize = 1000;

/// Records of one entity.
pub(super) struct Cluster {
    /// The id of the entity.
    pub(super) id: Box<str>,
    /// Whether the bundled data has the entity.
    pub(super) is_bundled: bool,
    /// The cluster that this one was merged into, or itself.
    root: u32,
    kind: EntityType,
    class: Option<char>,
    country: Option<Country>,
    /// Latitude and longitude.
    point: Option<(f32, f32)>,
}

impl Cluster {
    fn of(entity: &Entity, is_bundled: bool, root: u32) -> Cluster {
        Cluster {
            id: entity.id.as_str().into(),
            is_bundled,
            root,
            kind: entity.kind,
            class: entity.feature.class(),
            country: entity.country,
            point: entity.point.map(|point| (point.lat as f32, point.lon as f32)),
        }
    }

    /// Kilometres to a point, if both are known.
    fn distance(&self, point: Option<Point>) -> Option<f64> {
        let (lat, lon) = self.point?;
        let own = Point { lat: lat.into(), lon: lon.into(), derived: false };
        point.map(|point| own.distance(&point))
    }

    /// The reason why an entity cannot be this one, if there is one.
    fn refutes(&self, entity: &Entity) -> Option<String> {
        if self.kind != entity.kind {
            return Some(format!("one is a {}, the other a {}", self.kind, entity.kind));
        }
        let km = self.distance(entity.point).filter(|km| *km > TOO_FAR)?;
        Some(format!("they are {km:.0} km apart"))
    }

    /// Whether no fact contradicts that an entity is this one.
    fn agrees(&self, entity: &Entity) -> bool {
        fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
            a.zip(b).is_none_or(|(a, b)| a == b)
        }
        self.kind == entity.kind
            && same(self.class, entity.feature.class())
            && same(self.country, entity.country)
            && self.distance(entity.point).is_none_or(|km| km <= FAR)
    }
}

/// All clusters, as a union-find structure.
#[derive(Default)]
pub(super) struct Clusters {
    all: Vec<Cluster>,
    /// The cluster of an id.
    ids: HashMap<IdHash, u32>,
    /// The clusters that claim to be the same as an id.
    claimants: HashMap<IdHash, Vec<u32>>,
    /// Pairs of ids that were reported as different.
    apart: HashSet<(IdHash, IdHash)>,
}

/// The id that stands for a country wherever its code is known: `cc:AZ`.
pub(super) fn country_id(entity: &Entity) -> Option<String> {
    let country = entity.country.filter(|_| entity.feature.is_country() && entity.kind == EntityType::Place)?;
    Some(format!("cc:{country}"))
}

/// Why two clusters may be the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basis {
    /// One names the other.
    Claim,
    /// Both name a third id.
    SharedClaim,
}

impl Clusters {
    fn root(&self, mut cluster: u32) -> u32 {
        while let Some(next) = self.all.get(cluster as usize).map(|c| c.root).filter(|root| *root != cluster) {
            cluster = next;
        }
        cluster
    }

    /// [`Clusters::root`], shortening the way to it.
    fn compress(&mut self, cluster: u32) -> u32 {
        let root = self.root(cluster);
        let mut at = cluster;
        while at != root {
            at = std::mem::replace(&mut self.all[at as usize].root, root);
        }
        root
    }

    /// The ids of the bundled data.
    pub(super) fn bundled_ids(&self) -> HashSet<IdHash> {
        self.all.iter().filter(|cluster| cluster.is_bundled).map(|cluster| hash(&cluster.id)).collect()
    }

    /// The cluster of an id.
    pub(super) fn find(&self, id: &str) -> Option<&Cluster> {
        self.ids.get(&hash(id)).and_then(|&cluster| self.all.get(self.root(cluster) as usize))
    }

    /// The cluster of a fragment.
    pub(super) fn of_fragment(&self, fragment: &Fragment) -> Option<&Cluster> {
        let id = hash(&fragment.entity.id);
        let known = self.ids.get(&id).copied();
        // The names of GeoNames' number 12 belong to whatever claims to be the same as gn:12.
        let claimant = || {
            let claimants = self.claimants.get(&id).filter(|_| !fragment.complete)?;
            claimants.first().copied()
        };
        self.all.get(self.root(known.or_else(claimant)?) as usize)
    }

    /// Adds an entity of the bundled data.
    pub(super) fn add_bundled(&mut self, entity: &Entity) {
        let number = self.all.len() as u32;
        self.all.push(Cluster::of(entity, true, number));
        self.ids.insert(hash(&entity.id), number);
        if let Some(id) = country_id(entity) {
            self.ids.entry(hash(&id)).or_insert(number);
        }
        for id in &entity.details.same_as {
            self.claimants.entry(hash(id)).or_default().push(number);
        }
    }

    /// Adds a record to the clusters that it belongs to, which become one; `report` gets the claims that are not believed.
    pub(super) fn add(&mut self, entity: &Entity, mut report: impl FnMut(String)) {
        let own = hash(&entity.id);
        let mut mine = self.ids.get(&own).copied().map(|cluster| self.compress(cluster));
        let ids: Vec<IdHash> = std::iter::once(own).chain(country_id(entity).map(|id| hash(&id))).collect();
        let claims: Vec<IdHash> = entity.details.same_as.iter().map(|id| hash(id)).collect();
        for (other, basis) in self.related(&ids, &claims) {
            let other = self.compress(other);
            if mine == Some(other) {
                continue;
            }
            let cluster = &self.all[other as usize];
            if basis == Basis::SharedClaim {
                if !cluster.agrees(entity) {
                    continue;
                }
            } else if let Some(reason) = cluster.refutes(entity) {
                let pair = (own.min(hash(&cluster.id)), own.max(hash(&cluster.id)));
                if self.apart.insert(pair) {
                    report(format!("{} is kept apart from {}: {reason}", entity.id, cluster.id));
                }
                continue;
            }
            mine = Some(self.unite(mine, other));
        }
        let mine = mine.unwrap_or_else(|| {
            let number = self.all.len() as u32;
            self.all.push(Cluster::of(entity, false, number));
            number
        });
        for id in ids {
            self.ids.entry(id).or_insert(mine);
        }
        for id in claims {
            let clusters = self.claimants.entry(id).or_default();
            if clusters.len() < MOST_CLAIMANTS && !clusters.contains(&mine) {
                clusters.push(mine);
            }
        }
    }

    /// The clusters that a record names, that name it, and that name the same ids as it.
    fn related(&self, ids: &[IdHash], claims: &[IdHash]) -> Vec<(u32, Basis)> {
        let named = claims.iter().chain(ids).filter_map(|id| self.ids.get(id)).copied();
        let naming = ids.iter().filter_map(|id| self.claimants.get(id)).flatten().copied();
        let sharing = claims.iter().filter_map(|id| self.claimants.get(id)).flatten().copied();
        let claimed = named.chain(naming).map(|cluster| (cluster, Basis::Claim));
        claimed.chain(sharing.map(|cluster| (cluster, Basis::SharedClaim))).collect()
    }

    /// Makes two clusters one, unless both are of the bundled data. Returns the one that a record of both belongs to.
    fn unite(&mut self, mine: Option<u32>, other: u32) -> u32 {
        let Some(mine) = mine else { return other };
        let is_bundled = |cluster: u32| self.all[cluster as usize].is_bundled;
        let (kept, merged) = match (is_bundled(mine), is_bundled(other)) {
            (true, true) => return mine,
            (true, false) => (mine, other),
            (false, true) => (other, mine),
            (false, false) => (mine.min(other), mine.max(other)),
        };
        self.all[merged as usize].root = kept;
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: u32, same_as: u32) -> Entity {
        let mut entity = Entity { id: format!("x:{id}"), ..Entity::default() };
        entity.details.same_as = vec![format!("x:{same_as}")];
        entity
    }

    /// The longest way from a record to the root of its cluster.
    fn depth(clusters: &Clusters) -> usize {
        let steps = |mut at: u32| {
            let mut steps = 0;
            while clusters.all[at as usize].root != at {
                at = clusters.all[at as usize].root;
                steps += 1;
            }
            steps
        };
        (0..clusters.all.len() as u32).map(steps).max().unwrap_or(0)
    }

    #[test]
    fn a_ring_of_records_is_one_cluster_in_any_order() {
        const COUNT: u32 = 10_000;
        for step in [1, COUNT - 1, 7919] {
            let mut clusters = Clusters::default();
            for n in 0..COUNT {
                let id = (u64::from(n) * u64::from(step) % u64::from(COUNT)) as u32;
                clusters.add(&record(id, (id + 1) % COUNT), |_| {});
            }
            let root = clusters.find("x:0").map(|cluster| cluster.id.clone()).expect("a cluster");
            for id in 0..COUNT {
                assert_eq!(clusters.find(&format!("x:{id}")).map(|cluster| &cluster.id), Some(&root));
            }
            assert!(depth(&clusters) < 64, "{step}: {}", depth(&clusters));
        }
    }

    #[test]
    fn an_id_that_very_many_records_claim_keeps_a_bounded_list() {
        let mut clusters = Clusters::default();
        for n in 0..2 * MOST_CLAIMANTS as u32 {
            let point =
                Point { lat: f64::from(n % 60) * 2.0 - 60.0, lon: f64::from(n / 60) * 4.0 - 90.0, derived: false };
            let mut entity = Entity { id: format!("x:{n}"), point: Some(point), ..Entity::default() };
            entity.details.same_as = vec!["wd:Q1".to_owned()];
            clusters.add(&entity, |_| {});
        }
        assert_eq!(clusters.claimants[&hash("wd:Q1")].len(), MOST_CLAIMANTS);
    }
}
