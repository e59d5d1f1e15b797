//! A query climbs the ladder exact, folded, romanized, partial, fuzzy and becomes ranked candidates.

mod asked;
mod ladder;
pub mod misspelt;
mod nearest;
mod query;
mod within;

pub use nearest::Nearest;
pub use query::{Fuzzy, Query};

use asked::Asked;
use ladder::Found;

use crate::candidate::{Candidate, Verdict};
use crate::error::{Error, Result};
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::index::names::{Posting, Postings};
use crate::index::places::EntityRef;
use crate::score;

/// What was found.
pub struct Answer<'g> {
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// The likeliest first.
    pub candidates: Vec<Candidate<'g>>,
}

impl Gazetteer {
    /// Looks a name up.
    ///
    /// ```no_run
    /// use allonym::{Gazetteer, Query};
    /// let gazetteer = Gazetteer::bundled()?;
    /// let answer = gazetteer.lookup(&Query::new("Xankəndi"))?;
    /// assert_eq!(answer.candidates[0].entity.id(), "gn:146970");
    /// # Ok::<(), allonym::Error>(())
    /// ```
    ///
    /// # Errors
    /// Where the query is longer than [`Query::MAX_BYTES`], or the index is damaged.
    pub fn lookup(&self, query: &Query<'_>) -> Result<Answer<'_>> {
        if query.text.len() > Query::MAX_BYTES {
            return Err(Error::usage(format!(
                "the name is {} bytes long; the longest that can be looked up has {}",
                query.text.len(),
                Query::MAX_BYTES
            )));
        }
        let asked = Asked { names_per_key: query.names_per_key(), ..Asked::new(query.text.trim()) };
        let mut found = Found::default();
        self.known(&asked, query, &mut found);
        if found.best.is_empty()
            && let Some((head, containers)) = query.text.split_once(',')
        {
            found = self.within_named(&Query { text: head, ..query.clone() }, containers)?;
        }
        let mut candidates = if found.best.is_empty() && query.is_narrowed() && query.fuzzy == Fuzzy::Auto {
            self.closest(&asked, query, found)?
        } else {
            if found.best.is_empty() || matches!(query.fuzzy, Fuzzy::Within(_)) {
                self.climb(&asked, query, &mut found)?;
            }
            let mut candidates = found.into_candidates(query);
            score::probabilities(&mut candidates);
            misspelt::judge(asked.text, &mut candidates);
            candidates
        };
        if query.is_narrowed() && candidates.len() < query.limit {
            self.add_siblings(query, &mut candidates);
        }
        let verdict = Verdict::of(&candidates);
        candidates.truncate(query.limit);
        Ok(Answer { verdict, candidates })
    }

    /// The entity that has the name of a posting.
    pub fn posted(&self, posting: Posting) -> Option<EntityRef<'_>> {
        self.places.name(posting.name())?.entity()
    }

    /// Whether a name is known, and what it may mean: the first two rungs alone.
    pub fn exact(&self, key: &Key) -> Postings<'_> {
        self.names.get(key)
    }

    /// Whether the entity of a number lies in one of others.
    pub fn is_within(&self, number: u32, containers: &[u32]) -> bool {
        self.places.entity(number).is_some_and(|entity| containers.iter().any(|&c| entity.is_within(c)))
    }

    /// The entities that have this very name.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = EntityRef<'_>> {
        let postings = self.names.get(&Key::of(name));
        postings.filter_map(|posting| self.places.name(posting.name())?.entity())
    }
}
