//! What records contradict: counted, and the first of each kind shown.

use std::collections::BTreeMap;

use super::Fault;

/// What records contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictKind {
    /// Two points of one place are more than 50 km apart.
    Point,
    /// Two countries of one place.
    Country,
    /// Two types or classes of features of one entity.
    Type,
    /// `same_as` that is not believed.
    Apart,
    /// A container that is nowhere.
    Container,
    /// Containers that go in a circle, or are too many.
    Circle,
    /// Names of an entity that is nowhere.
    Nowhere,
}

impl ConflictKind {
    /// What is counted.
    pub fn as_str(self) -> &'static str {
        match self {
            ConflictKind::Point => "records whose point is far from that of the same place",
            ConflictKind::Country => "records whose country is another than that of the same place",
            ConflictKind::Type => "records whose type or class is another than that of the same entity",
            ConflictKind::Apart => "records that are kept apart from what they are said to be the same as",
            ConflictKind::Container => "containers that are nowhere, cut",
            ConflictKind::Circle => "containers that go in a circle, cut",
            ConflictKind::Nowhere => "names and containers of entities that are nowhere, left out",
        }
    }
}

/// How many of each kind of conflict are kept to be shown.
const SHOWN: usize = 5;

/// What came out of merging.
#[derive(Clone, Debug, Default)]
pub struct Conflicts {
    /// How many records went into entities of the bundled data.
    pub into_bundled: u64,
    /// How many records went into other records' entities.
    pub into_others: u64,
    /// How many contradictions of each kind there are.
    pub counts: BTreeMap<ConflictKind, u64>,
    /// The first of each kind.
    pub first: Vec<(ConflictKind, Fault)>,
}

impl Conflicts {
    pub(super) fn add(&mut self, kind: ConflictKind, fault: impl FnOnce() -> Fault) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= SHOWN as u64 {
            self.first.push((kind, fault()));
        }
    }
}
