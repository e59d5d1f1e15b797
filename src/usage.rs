//! Which variant of a place is used, how often, by whom and when.

use std::collections::{BTreeMap, HashSet};

use crate::index::places::{EntityRef, NameRef};
use crate::rank::Candidate;
use crate::tag::Resolution;

/// Counts the variants in documents. A document belongs to one group: the values of the fields that are compared.
pub struct Counter<'g> {
    wanted: HashSet<u32>,
    min_score: f64,
    counts: BTreeMap<(u32, Vec<String>, &'g str), Count<'g>>,
    /// Documents of each group, with mentions or without.
    documents: BTreeMap<Vec<String>, u64>,
    doubtful: u64,
}

struct Count<'g> {
    entity: EntityRef<'g>,
    name: NameRef<'g>,
    mentions: u64,
    documents: u64,
}

/// How often a group of documents uses a variant.
pub struct Usage<'g> {
    /// The place.
    pub entity: EntityRef<'g>,
    /// The group: one value for each field that is compared.
    pub group: Vec<String>,
    /// The variant: a name of the gazetteer, whatever the case and ending in the text.
    pub variant: NameRef<'g>,
    /// How often it is there.
    pub mentions: u64,
    /// In how many documents.
    pub documents: u64,
    /// Of all mentions of the place in the group, 0 to 1.
    pub share: f64,
}

impl<'g> Counter<'g> {
    /// Counts mentions of these entities, by their numbers (of all where none is named), whose best candidate scores at
    /// least `min_score`.
    pub fn new(wanted: impl IntoIterator<Item = u32>, min_score: f64) -> Counter<'g> {
        Counter {
            wanted: wanted.into_iter().collect(),
            min_score,
            counts: BTreeMap::new(),
            documents: BTreeMap::new(),
            doubtful: 0,
        }
    }

    /// Counts what was found in a document.
    pub fn document(&mut self, group: &[String], found: &[Resolution<'g>]) {
        *self.documents.entry(group.to_vec()).or_default() += 1;
        let mut seen = HashSet::new();
        for resolution in found {
            let Some(best) = resolution.candidates.first().filter(|best| self.wants(best)) else { continue };
            if best.score() < self.min_score {
                self.doubtful += 1;
                continue;
            }
            let (entity, name) = (best.entity, best.name);
            let count = self.counts.entry((entity.number(), group.to_vec(), name.text()));
            let count = count.or_insert(Count { entity, name, mentions: 0, documents: 0 });
            count.mentions += 1;
            count.documents += u64::from(seen.insert((entity.number(), name.text())));
        }
    }

    fn wants(&self, best: &Candidate<'_>) -> bool {
        self.wanted.is_empty() || self.wanted.contains(&best.entity.number())
    }

    /// Documents that were counted.
    pub fn documents(&self) -> u64 {
        self.documents.values().sum()
    }

    /// Mentions that were left out because their best candidate scores too little; see [`MIN_SCORE`].
    pub fn doubtful(&self) -> u64 {
        self.doubtful
    }

    /// What was counted: the most mentioned place first, then by group, then the most used variant first.
    pub fn usage(&self) -> Vec<Usage<'g>> {
        let mut of_place: BTreeMap<u32, u64> = BTreeMap::new();
        let mut of_group: BTreeMap<(u32, &[String]), u64> = BTreeMap::new();
        for ((place, group, _), count) in &self.counts {
            *of_place.entry(*place).or_default() += count.mentions;
            *of_group.entry((*place, group)).or_default() += count.mentions;
        }
        let mut usage: Vec<Usage<'g>> = self
            .counts
            .iter()
            .map(|((place, group, _), count)| Usage {
                entity: count.entity,
                group: group.clone(),
                variant: count.name,
                mentions: count.mentions,
                documents: count.documents,
                share: count.mentions as f64 / of_group.get(&(*place, group)).copied().unwrap_or(1) as f64,
            })
            .collect();
        let total = |u: &Usage<'_>| of_place.get(&u.entity.number()).copied().unwrap_or(0);
        usage.sort_by(|a, b| {
            total(b).cmp(&total(a)).then_with(|| a.entity.number().cmp(&b.entity.number())).then_with(|| {
                a.group.cmp(&b.group).then(b.mentions.cmp(&a.mentions)).then(a.variant.text().cmp(b.variant.text()))
            })
        });
        usage
    }
}

/// The least score of a mention that is counted, unless something else is asked for: four in five English mentions score so much,
/// and about nine in ten of these are right.
pub const MIN_SCORE: f64 = 0.6;
