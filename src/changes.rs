//! The differences between two indexes, so that an update of the data can be reviewed like a change of code.

use hashbrown::HashSet;
use serde::Serialize;

use crate::entity::id_order;
use crate::error::Result;
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::index::places::{EntityRef, NameRef};

/// One difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// A new entity, with all its names.
    PlaceAdded {
        /// Its id.
        id: String,
        /// Its main name.
        label: String,
    },
    /// An entity that no longer exists, with all its names.
    PlaceRemoved {
        /// Its id.
        id: String,
        /// Its main name.
        label: String,
    },
    /// A new name of an entity.
    NameAdded {
        /// The entity.
        id: String,
        /// The name.
        name: String,
        /// Its language.
        lang: String,
    },
    /// A name that an entity no longer has.
    NameRemoved {
        /// The entity.
        id: String,
        /// The name.
        name: String,
        /// Its language.
        lang: String,
    },
    /// A different main name.
    Renamed {
        /// The entity.
        id: String,
        /// Its label before.
        from: String,
        /// Its label now.
        to: String,
    },
    /// A point more than [`MOVED`] kilometres from the earlier one.
    Moved {
        /// The entity.
        id: String,
        /// Its label.
        label: String,
        /// The distance in kilometres.
        km: f64,
    },
    /// A spelling that referred to one entity and now refers to several.
    Ambiguous {
        /// A name with this key.
        name: String,
        /// The entities it refers to now, the most prominent first.
        ids: Vec<String>,
    },
}

/// Points within this distance, in kilometres, count as the same.
pub const MOVED: f64 = 1.0;

/// What is counted, in the order in which it is shown.
const WHAT: [&str; 7] = [
    "places added",
    "places removed",
    "names added",
    "names removed",
    "labels changed",
    "places moved",
    "spellings newly ambiguous",
];

impl Change {
    fn number(&self) -> usize {
        match self {
            Change::PlaceAdded { .. } => 0,
            Change::PlaceRemoved { .. } => 1,
            Change::NameAdded { .. } => 2,
            Change::NameRemoved { .. } => 3,
            Change::Renamed { .. } => 4,
            Change::Moved { .. } => 5,
            Change::Ambiguous { .. } => 6,
        }
    }

    /// The kind of change, in words.
    pub fn what(&self) -> &'static str {
        WHAT[self.number()]
    }
}

/// The number of changes of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Entities that are new.
    pub places_added: u64,
    /// Entities that are gone.
    pub places_removed: u64,
    /// Names that places of both builds got.
    pub names_added: u64,
    /// Names that places of both builds lost.
    pub names_removed: u64,
    /// Places with another label.
    pub renamed: u64,
    /// Places with another point.
    pub moved: u64,
    /// Spellings that now refer to several places.
    pub newly_ambiguous: u64,
}

impl Counts {
    /// Counts a change; returns the number of changes of its kind so far.
    pub fn add(&mut self, change: &Change) -> u64 {
        let counts = [
            &mut self.places_added,
            &mut self.places_removed,
            &mut self.names_added,
            &mut self.names_removed,
            &mut self.renamed,
            &mut self.moved,
            &mut self.newly_ambiguous,
        ];
        let mut counts = counts.into_iter();
        counts.nth(change.number()).map_or(0, |count| {
            *count += 1;
            *count
        })
    }

    /// The kinds of change, with their counts.
    pub fn rows(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = [
            self.places_added,
            self.places_removed,
            self.names_added,
            self.names_removed,
            self.renamed,
            self.moved,
            self.newly_ambiguous,
        ];
        WHAT.into_iter().zip(counts)
    }
}

/// Hands every difference to `take`, in the order of ids, newly ambiguous spellings last.
///
/// # Errors
/// Returns the error of `take`.
pub fn changes(old: &Gazetteer, new: &Gazetteer, mut take: impl FnMut(Change) -> Result<()>) -> Result<()> {
    let mut added: Vec<u32> = Vec::new();
    let (mut before, mut after) = (old.entities().peekable(), new.entities().peekable());
    loop {
        let order = match (before.peek(), after.peek()) {
            (Some(a), Some(b)) => id_order(a.id(), b.id()),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => break,
        };
        let gone = if order.is_le() { before.next() } else { None };
        let fresh = if order.is_ge() { after.next() } else { None };
        match (gone, fresh) {
            (Some(a), Some(b)) => one(&a, &b, &mut added, &mut take)?,
            (Some(a), None) => take(Change::PlaceRemoved { id: a.id().into(), label: a.label().into() })?,
            (None, Some(b)) => {
                added.extend(b.names().map(|name| name.number()));
                take(Change::PlaceAdded { id: b.id().into(), label: b.label().into() })?;
            }
            (None, None) => {}
        }
    }
    ambiguous(old, new, &added, take)
}

/// The differences of an entity that both indexes have.
fn one(
    a: &EntityRef<'_>,
    b: &EntityRef<'_>,
    added: &mut Vec<u32>,
    take: &mut impl FnMut(Change) -> Result<()>,
) -> Result<()> {
    let id = || b.id().to_owned();
    let owned = |name: &NameRef<'_>| (name.text().to_owned(), name.lang().to_owned());
    let same = a.name_count() == b.name_count()
        && a.names().zip(b.names()).all(|(a, b)| a.text() == b.text() && a.lang() == b.lang());
    if !same {
        let before: HashSet<_> = a.names().map(|name| (name.text(), name.lang())).collect();
        let after: HashSet<_> = b.names().map(|name| (name.text(), name.lang())).collect();
        for name in b.names().filter(|name| !before.contains(&(name.text(), name.lang()))) {
            added.push(name.number());
            let (name, lang) = owned(&name);
            take(Change::NameAdded { id: id(), name, lang })?;
        }
        for name in a.names().filter(|name| !after.contains(&(name.text(), name.lang()))) {
            let (name, lang) = owned(&name);
            take(Change::NameRemoved { id: id(), name, lang })?;
        }
    }
    if a.label() != b.label() {
        take(Change::Renamed { id: id(), from: a.label().into(), to: b.label().into() })?;
    }
    if let (Some(from), Some(to)) = (a.point(), b.point()) {
        let km = from.distance(&to);
        if km > MOVED {
            take(Change::Moved { id: id(), label: b.label().into(), km: (km * 10.0).round() / 10.0 })?;
        }
    }
    Ok(())
}

/// The spellings of added names that referred to one entity and now refer to several.
fn ambiguous(
    old: &Gazetteer,
    new: &Gazetteer,
    added: &[u32],
    mut take: impl FnMut(Change) -> Result<()>,
) -> Result<()> {
    let referents = |gazetteer: &'_ Gazetteer, key: &Key| -> Vec<String> {
        let mut ids: Vec<String> = Vec::new();
        for posting in gazetteer.index().names.get(key) {
            let entity = gazetteer.index().places.name(posting.name()).and_then(|name| name.entity());
            if let Some(entity) = entity
                && !ids.iter().any(|id| id == entity.id())
            {
                ids.push(entity.id().to_owned());
            }
        }
        ids
    };
    let mut seen: HashSet<Key> = HashSet::new();
    for &number in added {
        let Some(name) = new.index().places.name(number) else { continue };
        let key = Key::of(name.text());
        if key.is_empty() || seen.contains(&key) {
            continue;
        }
        let (before, now) = (referents(old, &key), referents(new, &key));
        seen.insert(key);
        if before.len() == 1 && now.len() > 1 {
            take(Change::Ambiguous { name: name.text().to_owned(), ids: now })?;
        }
    }
    Ok(())
}
