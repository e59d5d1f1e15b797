//! Completion in any script: the entities that somebody who has typed the start of a name is likely to mean.

use std::cmp::Reverse;
use std::sync::OnceLock;

use hashbrown::{HashMap, HashSet};

use crate::entity::NameKind;
use crate::error::Result;
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::index::places::{EntityRef, NameRef};
use crate::lookup::Query;

/// Prefixes of up to this many letters have their best entities collected beforehand; longer ones start few enough names to
/// look through.
const SHORT: usize = 3;
/// Entities kept for each short prefix.
const KEPT: usize = 24;
/// Keys examined for a longer prefix.
const KEYS: usize = 20_000;
/// The weight of a foreign name is divided by this: a name in a language that is neither local nor English.
const FOREIGN: u32 = 64;
/// The weight of an administrative unit is divided by this, so that the town of the same name comes first.
const UNIT: u32 = 8;
/// Names examined for one key: a unit may have the same name in many languages before its town comes.
const NAMES_OF_KEY: usize = 64;

/// Completes names of a gazetteer. The first short prefix costs about a second, or call [`prepare`](Self::prepare) beforehand.
#[derive(Default)]
pub struct Completer {
    /// The most prominent entities for each short prefix, as numbers of entity and name.
    short: OnceLock<Beginnings>,
}

/// The best entities and names by number, for each short prefix.
type Beginnings = HashMap<Box<str>, Vec<(u32, u32)>>;

/// A suggested entity and the name that matched.
pub type Suggestion<'g> = (EntityRef<'g>, NameRef<'g>);

impl Completer {
    /// Collects the best entities for every short prefix, unless that is done.
    pub fn prepare(&self, gazetteer: &Gazetteer) {
        self.short(gazetteer);
    }

    /// Up to `limit` entities with a name that starts with `prefix`: whole names first, then the most prominent entities; if
    /// there are fewer than three, also entities with a similar name. `accept` restricts the entities.
    ///
    /// # Errors
    /// Returns an error if the index is damaged.
    pub fn complete<'g>(
        &self,
        gazetteer: &'g Gazetteer,
        prefix: &str,
        accept: Option<&dyn Fn(&EntityRef<'g>) -> bool>,
        limit: usize,
    ) -> Result<Vec<Suggestion<'g>>> {
        let text = prefix.trim();
        let key = Key::of(text);
        let mut found: Vec<Suggestion<'g>> = Vec::new();
        if key.is_empty() || text.len() > Query::MAX_BYTES {
            return Ok(found);
        }
        let accepts = |entity: &EntityRef<'g>| accept.is_none_or(|accept| accept(entity));
        let mut add = |entity: EntityRef<'g>, name: NameRef<'g>| {
            let new = found.iter().all(|(known, _)| known.number() != entity.number());
            if found.len() < limit && new && accepts(&entity) {
                found.push((entity, name));
            }
        };
        for posting in gazetteer.exact(&key) {
            if let Some(name) = gazetteer.index().places.name(posting.name())
                && let Some(entity) = suggestible(&name)
            {
                add(entity, name);
            }
        }
        let longer = match key.as_str().chars().count() {
            0..=SHORT if accept.is_none() => self.short(gazetteer).get(key.as_str()).cloned().unwrap_or_default(),
            _ => {
                let mut best = Best::default();
                gazetteer.index().names.beginning(key.as_str(), KEYS, |_, slot| {
                    let names =
                        gazetteer.index().names.postings(slot).filter_map(|p| gazetteer.index().places.name(p.name()));
                    for name in names.take(NAMES_OF_KEY) {
                        if let Some(entity) = suggestible(&name).filter(accepts) {
                            best.add(&entity, &name);
                        }
                    }
                });
                best.take(limit)
            }
        };
        for (entity, name) in longer {
            if let (Some(entity), Some(name)) =
                (gazetteer.index().places.entity(entity), gazetteer.index().places.name(name))
            {
                add(entity, name);
            }
        }
        if found.len() < limit.min(3) && text.chars().count() >= SHORT {
            let answer = gazetteer.lookup(&Query { limit, ..Query::new(text) })?;
            for candidate in answer.candidates {
                let new = found.iter().all(|(known, _)| known.number() != candidate.entity.number());
                if found.len() < limit && new && accepts(&candidate.entity) {
                    found.push((candidate.entity, candidate.name));
                }
            }
        }
        Ok(found)
    }

    fn short(&self, gazetteer: &Gazetteer) -> &Beginnings {
        self.short.get_or_init(|| {
            let mut all = HashMap::new();
            let mut groups: [(String, Best); SHORT] = std::array::from_fn(|_| (String::new(), Best::default()));
            let mut end = |prefix: &mut String, best: &mut Best| {
                if !prefix.is_empty() {
                    all.insert(std::mem::take(prefix).into_boxed_str(), best.take(KEPT));
                }
            };
            gazetteer.index().names.each(|key, slot| {
                // The postings of a key start with the most prominent entity.
                let mut names =
                    gazetteer.index().names.postings(slot).filter_map(|p| gazetteer.index().places.name(p.name()));
                let Some((name, entity)) = names.find_map(|name| suggestible(&name).map(|entity| (name, entity)))
                else {
                    return;
                };
                let mut ends = key.char_indices().map(|(at, c)| at + c.len_utf8());
                for (prefix, best) in &mut groups {
                    let Some(letters) = ends.next().map(|end| &key[..end]) else { break };
                    if prefix != letters {
                        end(prefix, best);
                        prefix.push_str(letters);
                    }
                    best.add(&entity, &name);
                }
            });
            groups.iter_mut().for_each(|(prefix, best)| end(prefix, best));
            all
        })
    }
}

/// The entity of a name, unless the name is of a kind that is not suggested.
fn suggestible<'g>(name: &NameRef<'g>) -> Option<EntityRef<'g>> {
    let hidden = name.is_machine() || matches!(name.kind(), NameKind::Code | NameKind::Misspelling | NameKind::Demonym);
    if hidden { None } else { name.entity() }
}

/// How likely a typed name means an entity: the entity's prominence, less for foreign names and administrative units.
fn weight(entity: &EntityRef<'_>, name: &NameRef<'_>) -> u32 {
    let own = name.is_main() || name.lang() == "en" || matches!(name.kind(), NameKind::Official | NameKind::Endonym);
    let unit = entity.feature().class() == Some('A') && !entity.feature().is_country();
    entity.prominence() / if own { 1 } else { FOREIGN } / if unit { UNIT } else { 1 }
}

/// The entities with the greatest weight so far: weight, entity, name.
#[derive(Default)]
struct Best(Vec<(u32, u32, u32)>);

impl Best {
    fn add(&mut self, entity: &EntityRef<'_>, name: &NameRef<'_>) {
        self.0.push((weight(entity, name), entity.number(), name.number()));
        if self.0.len() > 64 * KEPT {
            self.sort(KEPT);
        }
    }

    fn sort(&mut self, limit: usize) {
        self.0.sort_by_key(|&(weight, entity, name)| (Reverse(weight), entity, name));
        let mut seen = HashSet::new();
        self.0.retain(|(_, entity, _)| seen.insert(*entity));
        self.0.truncate(limit);
    }

    fn take(&mut self, limit: usize) -> Vec<(u32, u32)> {
        self.sort(limit);
        std::mem::take(&mut self.0).into_iter().map(|(_, entity, name)| (entity, name)).collect()
    }
}
