//! Queries that name a place and what it lies in: `Paris, Texas`, `Moscow, ID 83843`, `London United Kingdom`, and addresses.
//!
//! What the parts behind the name say is a restriction, never an answer: if the place is not known there, neither what it
//! would lie in nor a namesake elsewhere is meant.

use super::found::Found;
use super::prepared::PreparedQuery;
use super::query::{Fuzzy, Query};
use super::tiers::Search;
use super::{Answer, Lookup, area_of, by_evidence};
use crate::error::Result;
use crate::fold::Key;
use crate::fold::word_lists::without_state_words;
use crate::index::places::EntityRef;
use crate::rank::judge::Area;
use crate::rank::{Candidate, Verdict};

/// What separates the parts of a query.
pub(crate) const SEPARATORS: [char; 8] = [',', '，', '،', '、', '(', ')', '（', '）'];

/// A similar name that scores less in what the other parts name is no candidate.
const LEAST_SCORE: f64 = 0.2;

/// GeoNames codes of regions that contain places: islands, peninsulas, ranges, deserts, seas, and regions of the land.
const REGIONS: [&str; 11] = ["ISL", "ISLS", "PEN", "MTS", "DSRT", "SEA", "OCN", "GULF", "BAY", "RGN", "CONT"];

/// How far from the point of a region a place in it may be, in kilometres.
pub(crate) const REGION_KM: f64 = 500.0;

/// The longest name of a country or unit at the end of a query without commas, in words.
const MOST_WORDS: usize = 4;

/// What one part of a query names: the entities, and the text.
struct Container<'q> {
    text: &'q str,
    entities: Vec<u32>,
}

impl<'g> Lookup<'g> {
    /// The answer to a query whose parts are separated by commas or brackets; none if there is only one part. If the whole is
    /// known as well, only a known name in known parts is an answer.
    pub(super) fn by_parts(self, query: &Query<'_>, whole_is_known: bool) -> Result<Option<Answer<'g>>> {
        let brackets = query.text.contains(['(', '（']);
        let segments: Vec<String> =
            query.text.split(SEPARATORS).map(without_numbers).filter(|segment| !Key::of(segment).is_empty()).collect();
        let [first, rest @ ..] = &segments[..] else { return Ok(None) };
        if rest.is_empty() {
            let alone = Query { text: first, ..query.clone() };
            let is_same = whole_is_known || Key::of(first) == Key::of(query.text);
            return if is_same { Ok(None) } else { self.find(&alone).map(Some) };
        }
        // `Korea, Republic of`.
        if let [rest] = rest
            && !whole_is_known
        {
            let turned = format!("{rest} {first}");
            let candidates = self.known_in(&Query { text: &turned, ..query.clone() }, &[], Area::World, false)?;
            if !candidates.is_empty() {
                return Ok(Some(Answer::scored(candidates)));
            }
        }
        let containers: Vec<Container<'_>> = rest.iter().map(|text| self.container(text)).collect();
        if !whole_is_known && containers.iter().any(|container| container.entities.is_empty()) {
            let candidates = self.misspelt(query)?;
            if Verdict::of(&candidates) == Verdict::Resolved {
                return Ok(Some(Answer::scored(candidates)));
            }
        }
        for (head, name) in segments[..segments.len() - 1].iter().enumerate() {
            let (understood, unknown): (Vec<_>, Vec<_>) =
                containers[head..].iter().partition(|container| !container.entities.is_empty());
            if (head > 0 || whole_is_known) && !unknown.is_empty() {
                continue;
            }
            let within: Vec<&[u32]> = understood.iter().map(|container| &*container.entities).collect();
            let candidates = self.known_in(&Query { text: name, ..query.clone() }, &within, Area::Unit, brackets)?;
            if candidates.is_empty() {
                continue;
            }
            let answer = Answer::scored(candidates);
            return Ok(Some(match unknown.first() {
                Some(unknown) => answer.doubt(format!("'{}' is not known", unknown.text)),
                None => answer,
            }));
        }
        match whole_is_known || brackets && containers.len() == 1 {
            true => self.beside_a_country(query, first, &containers),
            false => self.similar_in(&Query { text: first, ..query.clone() }, &containers).map(Some),
        }
    }

    /// A country and something beside it that does not contain it, in doubt: `Niue (New Zealand)`.
    fn beside_a_country(
        self,
        query: &Query<'_>,
        name: &str,
        containers: &[Container<'_>],
    ) -> Result<Option<Answer<'g>>> {
        let candidates = self.known_in(&Query { text: name, ..query.clone() }, &[], Area::World, false)?;
        let is_country = candidates.first().is_some_and(|best| best.entity.feature().is_country());
        let other = containers.first().map_or("", |container| container.text);
        let reason = format!("'{name}' is not known in '{other}'");
        Ok(is_country.then(|| Answer::scored(candidates).doubt(reason)))
    }

    /// The whole query as a misspelt name: `Cocos (Keeling) Ilsands`.
    fn misspelt(self, query: &Query<'_>) -> Result<Vec<Candidate<'g>>> {
        if query.fuzzy == Fuzzy::Known || query.has_area() {
            return Ok(Vec::new());
        }
        let prepared = PreparedQuery::new(query.text.trim(), query.names_per_key());
        let mut search = Search::new(self.index, &prepared, query, Found::default());
        search.within_edits()?;
        Ok(self.judged(&prepared, query, Area::World, false, by_evidence(search.found, query)))
    }

    /// A misspelt name inside what the other parts name.
    fn similar_in(self, query: &Query<'_>, containers: &[Container<'_>]) -> Result<Answer<'g>> {
        let unknown = containers.iter().find(|container| container.entities.is_empty());
        let (Some(nearest), None) = (containers.first(), unknown) else {
            let text = unknown.map_or("", |unknown| unknown.text);
            return Ok(Answer::unmatched(format!("neither '{}' nor '{text}' is known", query.text)));
        };
        let reason = format!("'{}' is not known in '{}'", query.text, nearest.text);
        if query.fuzzy == Fuzzy::Known {
            return Ok(Answer::unmatched(reason));
        }
        let country = |&number: &u32| self.index.entity(number).filter(|e| e.feature().is_country())?.country();
        let countries: Vec<_> = nearest.entities.iter().filter_map(country).collect();
        let restricted = match countries.is_empty() {
            true => Query { within: nearest.entities.clone(), ..query.clone() },
            false => Query { countries, ..query.clone() },
        };
        let prepared = PreparedQuery::new(query.text, usize::MAX);
        let candidates = self.in_area(&prepared, &restricted)?;
        let mut candidates = self.judged(&prepared, &restricted, area_of(&restricted), true, candidates);
        let is_inside = |c: &Candidate<'_>| containers[1..].iter().all(|other| is_in(&c.entity, &other.entities));
        let is_container = |c: &Candidate<'_>| nearest.entities.contains(&c.entity.number());
        candidates.retain(|c| c.score() >= LEAST_SCORE && is_inside(c) && !is_container(c));
        Ok(match candidates.is_empty() {
            true => Answer::unmatched(reason),
            false => Answer::scored(candidates),
        })
    }

    /// The answer to a name followed by its country or unit without a comma, or by a postcode; `None` for anything else.
    pub(super) fn by_ending(self, query: &Query<'_>) -> Result<Option<Answer<'g>>> {
        let text = without_numbers(query.text);
        if text.len() < query.text.trim().len() && !text.is_empty() {
            let candidates = self.known_in(&Query { text: &text, ..query.clone() }, &[], Area::World, false)?;
            if !candidates.is_empty() {
                return Ok(Some(Answer::scored(candidates)));
            }
        }
        let spaces: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
        for &at in spaces.iter().rev().take(MOST_WORDS).rev() {
            let (name, ending) = (text[..at].trim(), text[at..].trim());
            let is_code = ending.len() <= 3;
            if is_code && !ending.chars().all(char::is_uppercase) {
                continue;
            }
            let container = self.container(ending);
            let is_large = |&number: &u32| {
                let feature = self.index.entity(number).map(|e| e.feature());
                feature.is_some_and(|f| f.is_country() || f.code() == "ADM1")
            };
            let within: Vec<u32> = container.entities.into_iter().filter(is_large).collect();
            if within.is_empty() {
                continue;
            }
            let candidates = self.known_in(&Query { text: name, ..query.clone() }, &[&within], Area::Unit, false)?;
            if !candidates.is_empty() {
                return Ok(Some(Answer::scored(candidates)));
            }
        }
        Ok(None)
    }

    /// The judged candidates of a known name inside each of some areas, or, with `or_same`, that are one of these themselves: two
    /// names of one place.
    fn known_in(self, query: &Query<'_>, within: &[&[u32]], area: Area, or_same: bool) -> Result<Vec<Candidate<'g>>> {
        let prepared = PreparedQuery::new(query.text.trim(), usize::MAX);
        let mut found = self.known(&prepared, query)?;
        let fits = |e: &EntityRef<'_>, area: &[u32]| {
            is_in(e, area) || self.is_in_region(e, area) || or_same && area.contains(&e.number())
        };
        found.retain(|entity| within.iter().all(|area| fits(entity, area)));
        Ok(self.judged(&prepared, query, area, false, by_evidence(found, query)))
    }

    /// Whether an entity may lie on an island, in a sea or in another region. The data do not say what these contain, so the
    /// distance from their point decides.
    fn is_in_region(self, entity: &EntityRef<'_>, regions: &[u32]) -> bool {
        let Some(here) = entity.point() else { return false };
        regions.iter().filter_map(|&region| self.index.entity(region)).any(|region| {
            let is_region = REGIONS.contains(&region.feature().code()) && region.number() != entity.number();
            is_region && region.point().is_some_and(|there| there.distance(&here) <= REGION_KM)
        })
    }

    /// The units, countries, regions, islands and towns that a part of a query names.
    fn container<'q>(self, text: &'q str) -> Container<'q> {
        let is_container = |e: &EntityRef<'_>| matches!(e.feature().class(), Some('A' | 'L' | 'P' | 'T' | 'H'));
        let mut entities: Vec<u32> = self.index.named(text).filter(is_container).map(|e| e.number()).collect();
        if entities.is_empty()
            && let Some(rest) = without_state_words(Key::of(text).as_str())
        {
            entities =
                self.index.named(rest).filter(|e| e.feature().class() == Some('A')).map(|e| e.number()).collect();
        }
        Container { text, entities }
    }
}

/// Whether an entity lies in one of the containers, without being that container.
fn is_in(entity: &EntityRef<'_>, containers: &[u32]) -> bool {
    containers.iter().any(|&container| container != entity.number() && entity.is_within(container))
}

/// A part without its words that contain digits, such as postcodes and house numbers.
fn without_numbers(part: &str) -> String {
    let has_digit = |word: &str| word.chars().any(|c| c.is_numeric());
    part.split_whitespace().filter(|word| !has_digit(word)).collect::<Vec<_>>().join(" ")
}
