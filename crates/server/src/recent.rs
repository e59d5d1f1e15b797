//! Through which variants entities were found lately.
//!
//! A client of the reconciliation service that asks for more about an entity has its id alone: what it was found as, and why, is
//! kept here for a while, in bounded space.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;

/// Entities that are kept.
const ENTITIES: usize = 20_000;
/// Matches that are kept of each.
const MATCHES: usize = 8;

/// One way in which an entity was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// What was asked.
    pub query: String,
    /// The name that it matched.
    pub variant: String,
    /// In words: how, how sure, and what speaks against it.
    pub why: String,
}

/// What was found lately.
#[derive(Default)]
pub struct Recent(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    matches: HashMap<u32, VecDeque<Match>>,
    order: VecDeque<u32>,
}

impl Recent {
    /// Keeps a match of an entity, by its number.
    pub fn keep(&self, entity: u32, found: Match) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.matches.contains_key(&entity) {
            if kept.order.len() >= ENTITIES
                && let Some(oldest) = kept.order.pop_front()
            {
                kept.matches.remove(&oldest);
            }
            kept.order.push_back(entity);
        }
        let matches = kept.matches.entry(entity).or_default();
        if matches.iter().any(|known| known.query == found.query && known.why == found.why) {
            return;
        }
        if matches.len() >= MATCHES {
            matches.pop_front();
        }
        matches.push_back(found);
    }

    /// The matches of an entity, the latest first.
    pub fn of(&self, entity: u32) -> Vec<Match> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.matches.get(&entity).map(|matches| matches.iter().rev().cloned().collect()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_when_there_is_no_room() {
        let recent = Recent::default();
        let found = |query: usize| Match { query: query.to_string(), variant: String::new(), why: String::new() };
        for n in 0..ENTITIES as u32 + 5 {
            recent.keep(n, found(0));
        }
        assert!(recent.of(4).is_empty() && recent.of(5).len() == 1);
        (0..MATCHES + 3).for_each(|n| recent.keep(7, found(n)));
        assert_eq!(recent.of(7)[0].query, (MATCHES + 2).to_string());
        assert_eq!(recent.of(7).len(), MATCHES);
    }
}
