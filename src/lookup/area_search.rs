//! Lookup inside a known country or unit: every name there is compared with the query, instead of the tiers below the known
//! names.

use super::Lookup;
use super::found::Found;
use super::prepared::PreparedQuery;
use super::query::Query;
use super::tiers::{Search, WITH_GENERIC, WITH_OTHER_GENERIC};
use crate::error::Result;
use crate::fold::{self, Key};
use crate::index::names::Posting;
use crate::rank::{Candidate, MatchKind, calibration, evidence};

/// How far apart a town and the unit around it may have their points, in kilometres.
const SIBLINGS_KM: f64 = 60.0;

/// If the most similar name in the area is less similar than this, the phonetic and word tiers are searched as well.
const DISSIMILAR: f64 = 0.75;

/// A name whose generic element is that of the query must be this similar: the element makes all districts alike.
const SIMILAR_WITH_GENERIC: f64 = 0.8;

impl<'g> Lookup<'g> {
    /// Adds the town of a unit and the unit of a town, where both have the same main name and the gazetteer knows the name in
    /// the query for one of them only.
    pub(super) fn add_siblings(self, query: &Query<'_>, candidates: &mut Vec<Candidate<'g>>) {
        for best in candidates.clone().into_iter().take(2) {
            let Some(here) = best.entity.point() else { continue };
            for posting in self.index.names.get(&Key::of(best.entity.label())) {
                let Some(name) = self.index.places.name(posting.name()) else { continue };
                let Some(entity) = name.entity().filter(|entity| query.allows(entity)) else { continue };
                let is_near = entity.point().is_some_and(|there| there.distance(&here) <= SIBLINGS_KM);
                let is_new = candidates.iter().all(|c| c.entity.number() != entity.number());
                if is_near && is_new && candidates.len() < query.limit {
                    candidates.push(best.sibling(entity, name));
                }
            }
        }
        candidates.sort_by(|a, b| b.score().total_cmp(&a.score()));
    }

    /// The candidates of a name that is not known in the area, by evidence, best first.
    pub(super) fn in_area(self, prepared: &PreparedQuery<'_>, query: &Query<'_>) -> Result<Vec<Candidate<'g>>> {
        let mut found = Found::default();
        let specific = fold::generic::strip(prepared.text);
        if let Some((rest, classes)) = specific {
            for posting in self.index.names.get(&Key::of(rest)) {
                self.take_specific(posting, classes, query, &mut found);
            }
        }
        if !found.is_empty() {
            // Where the element fits something of that name, nothing else is meant.
            if found.any(|candidate| candidate.similarity == WITH_GENERIC) {
                found.retain_candidates(|candidate| candidate.similarity == WITH_GENERIC);
            }
            let mut candidates = found.into_candidates(query);
            calibration::probabilities(&mut candidates);
            return Ok(candidates);
        }
        let mut similar = self.area_names.similar(self.index, query);
        if let Some((rest, classes)) = specific {
            similar.retain(|candidate| candidate.similarity >= SIMILAR_WITH_GENERIC);
            let of_rest = self.area_names.similar(self.index, &Query { text: rest, ..query.clone() });
            similar.extend(of_rest.into_iter().map(|c| c.with_evidence(evidence::class_fit(&c.entity, classes))));
        }
        if similar.iter().all(|candidate| candidate.similarity < DISSIMILAR) && !prepared.key.is_empty() {
            let mut search = Search::new(self.index, prepared, query, found);
            search.same_sound()?;
            search.shared_words()?;
            found = search.found;
        }
        similar.into_iter().for_each(|candidate| found.keep(candidate));
        let mut candidates = found.into_candidates(query);
        calibration::probabilities(&mut candidates);
        Ok(candidates)
    }

    /// Makes a candidate of a name that is the one in the query without its generic element.
    fn take_specific(self, posting: Posting, classes: &str, query: &Query<'_>, found: &mut Found<'g>) {
        let Some(name) = self.index.places.name(posting.name()) else { return };
        let Some(entity) = name.entity().filter(|entity| query.allows(entity)) else { return };
        let fits = entity.feature().class().is_some_and(|class| classes.contains(class));
        let similarity = if fits { WITH_GENERIC } else { WITH_OTHER_GENERIC };
        let candidate = Candidate::matched(entity, name, MatchKind::Partial, 0, similarity, query.near.as_ref());
        found.keep(candidate.with_evidence(evidence::class_fit(&entity, classes)));
    }
}
