//! What an import reports: faulty records, and facts that contradict each other.

use std::collections::BTreeMap;

/// Faults that are kept to be shown; all others are only counted.
pub(super) const FAULTS_KEPT: usize = 50;
/// Conflicts of each kind that are kept to be shown.
const CONFLICTS_KEPT: u64 = 5;

/// A record, or one fact of it, that was left out, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line in the file, from 1; 0 if it has no lines.
    pub line: u64,
    /// One sentence.
    pub reason: String,
}

/// What two records contradict each other about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ConflictKind {
    /// One place has two points more than 50 km apart.
    Point,
    /// One place has two countries.
    Country,
    /// One entity has two types or feature classes.
    Type,
    /// A `same_as` that is not believed.
    Identity,
    /// A container that does not exist.
    MissingContainer,
    /// Containers that form a cycle or a chain that is too long.
    ContainerCycle,
    /// Names or containers of an entity that does not exist.
    MissingEntity,
}

impl ConflictKind {
    /// What is counted, in words.
    pub fn as_str(self) -> &'static str {
        match self {
            ConflictKind::Point => "records with a point far from that of the same place",
            ConflictKind::Country => "records with another country than the same place",
            ConflictKind::Type => "records with another type or feature class than the same entity",
            ConflictKind::Identity => "records kept apart from what they claim to be the same as",
            ConflictKind::MissingContainer => "containers dropped because they do not exist",
            ConflictKind::ContainerCycle => "containers dropped because they form a cycle or too long a chain",
            ConflictKind::MissingEntity => "names and containers dropped because their entity does not exist",
        }
    }
}

/// The outcome of merging the records of one custom gazetteer with all others.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Conflicts {
    /// Records merged into entities of the bundled data.
    pub merged_into_bundled: u64,
    /// Records merged into entities of other records.
    pub merged_into_others: u64,
    /// Conflicts by kind.
    pub counts: BTreeMap<ConflictKind, u64>,
    /// The first conflicts of each kind.
    pub examples: Vec<(ConflictKind, Fault)>,
}

impl Conflicts {
    pub(super) fn add(&mut self, kind: ConflictKind, fault: impl FnOnce() -> Fault) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= CONFLICTS_KEPT {
            self.examples.push((kind, fault()));
        }
    }
}
