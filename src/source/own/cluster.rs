//! Which records are the same, by what they say of each other.

use hashbrown::{HashMap, HashSet};

use super::hash;
use super::piece::Piece;
use crate::entity::{Country, Entity, EntityType, Point};

/// Further apart, in kilometres, two points are told as a contradiction.
pub(super) const FAR: f64 = 50.0;
/// Further apart, in kilometres, `same_as` is not believed: wrong joins are frequent in large gazetteers.
const TOO_FAR: f64 = 200.0;
/// Records that are one entity.
pub(super) struct Cluster {
    pub(super) id: Box<str>,
    pub(super) bundled: bool,
    /// The cluster that it went into; itself where it went into none.
    root: u32,
    kind: EntityType,
    class: Option<char>,
    country: Option<Country>,
    point: Option<(f32, f32)>,
}

impl Cluster {
    fn of(entity: &Entity, bundled: bool, root: u32) -> Cluster {
        Cluster {
            id: entity.id.as_str().into(),
            bundled,
            root,
            kind: entity.kind,
            class: entity.feature.class(),
            country: entity.country,
            point: entity.point.map(|point| (point.lat as f32, point.lon as f32)),
        }
    }

    /// Kilometres to an entity, where both have a point.
    fn distance(&self, point: Option<Point>) -> Option<f64> {
        let (lat, lon) = self.point?;
        let own = Point { lat: lat.into(), lon: lon.into(), derived: false };
        point.map(|point| own.distance(&point))
    }

    /// Why an entity cannot be this one, where it cannot.
    fn refuses(&self, entity: &Entity) -> Option<String> {
        if self.kind != entity.kind {
            return Some(format!("one is a {}, the other a {}", self.kind, entity.kind));
        }
        let km = self.distance(entity.point).filter(|km| *km > TOO_FAR)?;
        Some(format!("they are {km:.0} km apart"))
    }

    /// Whether nothing speaks against an entity's being this one.
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

/// What is the same as what.
#[derive(Default)]
pub(super) struct Clusters {
    pub(super) all: Vec<Cluster>,
    /// The cluster of an id's hash.
    ids: HashMap<u64, u32>,
    /// The clusters that say they are the same as an id that nothing has.
    shared: HashMap<u64, Vec<u32>>,
    /// Pairs of ids of which it was told that they are not the same.
    apart: HashSet<(u64, u64)>,
}

/// The id that stands for a country wherever its code is known.
pub(super) fn country_id(entity: &Entity) -> Option<String> {
    let country = entity.country.filter(|_| entity.feature.is_country() && entity.kind == EntityType::Place)?;
    Some(format!("cc:{country}"))
}

impl Clusters {
    fn root(&self, mut cluster: u32) -> u32 {
        while let Some(next) = self.all.get(cluster as usize).map(|c| c.root).filter(|root| *root != cluster) {
            cluster = next;
        }
        cluster
    }

    pub(super) fn find(&self, id: &str) -> Option<&Cluster> {
        self.ids.get(&hash(id)).and_then(|&cluster| self.all.get(self.root(cluster) as usize))
    }

    pub(super) fn add_bundled(&mut self, entity: &Entity) {
        let number = self.all.len() as u32;
        self.all.push(Cluster::of(entity, true, number));
        self.ids.insert(hash(&entity.id), number);
        if let Some(id) = country_id(entity) {
            self.ids.entry(hash(&id)).or_insert(number);
        }
        for id in &entity.details.same_as {
            self.shared.entry(hash(id)).or_default().push(number);
        }
    }

    /// Finds out what a record is the same as; `tell` is told what is not believed.
    pub(super) fn add(&mut self, entity: &Entity, mut tell: impl FnMut(String)) {
        let own = hash(&entity.id);
        let mut mine = self.ids.get(&own).map(|&cluster| self.root(cluster));
        let names: Vec<u64> = std::iter::once(own).chain(country_id(entity).map(|id| hash(&id))).collect();
        let said = entity.details.same_as.iter().map(|id| hash(id));
        let named: Vec<u32> =
            said.clone().chain(names.iter().copied()).filter_map(|id| self.ids.get(&id)).copied().collect();
        let naming: Vec<u32> = names.iter().filter_map(|id| self.shared.get(id)).flatten().copied().collect();
        let beside: Vec<u32> = said.clone().filter_map(|id| self.shared.get(&id)).flatten().copied().collect();
        for (others, is_said) in [(named, true), (naming, true), (beside, false)] {
            for other in others {
                let other = self.root(other);
                if mine == Some(other) {
                    continue;
                }
                let cluster = &self.all[other as usize];
                if is_said {
                    if let Some(reason) = cluster.refuses(entity) {
                        let other = hash(&cluster.id);
                        if !self.apart.insert((own.min(other), own.max(other))) {
                            continue;
                        }
                        tell(format!("{} is not taken for the same as {}: {reason}", entity.id, cluster.id));
                        continue;
                    }
                } else if !cluster.agrees(entity) {
                    continue;
                }
                mine = Some(self.unite(mine, other));
            }
        }
        let mine = mine.unwrap_or_else(|| {
            let number = self.all.len() as u32;
            self.all.push(Cluster::of(entity, false, number));
            number
        });
        for name in names {
            self.ids.entry(name).or_insert(mine);
        }
        for id in said {
            let clusters = self.shared.entry(id).or_default();
            if !clusters.contains(&mine) {
                clusters.push(mine);
            }
        }
    }

    /// Makes two clusters one; two of the bundled data stay two. Returns the one that a record of both belongs to.
    fn unite(&mut self, mine: Option<u32>, other: u32) -> u32 {
        let Some(mine) = mine else { return other };
        let bundled = |cluster: u32| self.all[cluster as usize].bundled;
        let (kept, gone) = match (bundled(mine), bundled(other)) {
            (true, true) => return mine,
            (true, false) => (mine, other),
            (false, true) => (other, mine),
            (false, false) => (mine.min(other), mine.max(other)),
        };
        self.all[gone as usize].root = kept;
        kept
    }

    /// The id under which a piece goes on.
    pub(super) fn id_for(&self, piece: &Piece) -> Option<&Cluster> {
        let id = hash(&piece.entity.id);
        let known = self.ids.get(&id).copied();
        // Names of GeoNames' number 12 are those of whatever says that it is the same as gn:12.
        let shared = || self.shared.get(&id).and_then(|clusters| clusters.first()).copied().filter(|_| !piece.whole);
        self.all.get(self.root(known.or_else(shared)?) as usize)
    }
}
