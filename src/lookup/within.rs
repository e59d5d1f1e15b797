//! Where the country or the unit is said: every name there takes the place of the ladder's lower rungs.

use super::asked::Asked;
use super::ladder::Found;
use super::query::Query;
use crate::candidate::{Candidate, MatchKind};
use crate::error::Result;
use crate::fold::{self, Key};
use crate::gazetteer::Gazetteer;
use crate::index::names::Posting;
use crate::index::places::EntityRef;
use crate::score;

/// How far apart a town and the unit around it may have their points.
const SIBLINGS_KM: f64 = 60.0;
/// How likely it is that the other one of two is meant.
const SIBLING: f64 = 0.02;

/// What it is worth that the generic element speaks for what an entity is.
fn class_fit(entity: &EntityRef<'_>, classes: &str) -> f64 {
    if entity.feature().class().is_some_and(|class| classes.contains(class)) { 2.0 } else { -4.0 }
}

/// From which likeness on a name in a known place needs no further rungs.
const NOT_ALIKE: f64 = 0.75;

impl Gazetteer {
    /// Puts the town behind its unit and the unit behind its town, where the two have the same main name and the gazetteer knows
    /// the name asked for of one of them only.
    pub(super) fn add_siblings<'g>(&'g self, query: &Query<'_>, candidates: &mut Vec<Candidate<'g>>) {
        for best in candidates.clone().into_iter().take(2) {
            let Some(here) = best.entity.point() else { continue };
            for posting in self.names.get(&Key::of(best.entity.label())) {
                let Some(name) = self.places.name(posting.name()) else { continue };
                let Some(entity) = name.entity().filter(|entity| query.allows(entity)) else { continue };
                let is_near = entity.point().is_some_and(|there| there.distance(&here) <= SIBLINGS_KM);
                let is_new = candidates.iter().all(|c| c.entity.number() != entity.number());
                if is_near && is_new && candidates.len() < query.limit {
                    let (how, likeness) = (MatchKind::Partial, best.likeness * 0.9);
                    let score = best.score * SIBLING;
                    candidates.push(Candidate {
                        entity,
                        name,
                        how,
                        distance: 0,
                        likeness,
                        evidence: best.evidence,
                        score,
                    });
                }
            }
        }
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    }

    /// The rungs below the known names where the place is: all names that are there are held against the one asked for.
    pub(super) fn closest<'g>(
        &'g self,
        asked: &Asked<'_>,
        query: &Query<'_>,
        mut found: Found<'g>,
    ) -> Result<Vec<Candidate<'g>>> {
        let specific = fold::generic::strip(asked.text);
        if let Some((rest, classes)) = specific {
            for posting in self.names.get(&Key::of(rest)) {
                self.take_specific(posting, classes, query, &mut found);
            }
        }
        if !found.best.is_empty() {
            let mut candidates = found.into_candidates(query);
            score::probabilities(&mut candidates);
            return Ok(candidates);
        }
        let mut nearest = self.nearest.find(self, query);
        if let Some((rest, classes)) = specific {
            // A generic element in common makes all districts alike.
            nearest.retain(|near| near.likeness >= 0.8);
            let like = self.nearest.find(self, &Query { text: rest, ..query.clone() });
            nearest.extend(
                like.into_iter().map(|c| Candidate { evidence: c.evidence + class_fit(&c.entity, classes), ..c }),
            );
        }
        if nearest.iter().all(|near| near.likeness < NOT_ALIKE) && !asked.key.is_empty() {
            self.sounding(asked, query, &mut found)?;
            self.partly(asked, query, false, &mut found)?;
        }
        for near in nearest {
            let kept = found.best.entry(near.entity.number()).or_insert(near);
            if near.evidence > kept.evidence {
                *kept = near;
            }
        }
        let mut candidates = found.into_candidates(query);
        score::probabilities(&mut candidates);
        score::likely_in(&mut candidates, !query.within.is_empty());
        Ok(candidates)
    }

    /// Weighs a name that is the one asked for but for its generic element.
    fn take_specific<'g>(&'g self, posting: Posting, classes: &str, query: &Query<'_>, found: &mut Found<'g>) {
        let Some(name) = self.places.name(posting.name()) else { return };
        let Some(entity) = name.entity().filter(|entity| query.allows(entity)) else { return };
        let (how, likeness) = (MatchKind::Partial, 0.95);
        let evidence = score::prominence(&entity)
            + score::name_kind(&name)
            + score::match_kind(how, likeness)
            + class_fit(&entity, classes)
            + query.near.as_ref().map_or(0.0, |near| score::nearness(entity.point(), near));
        let candidate = Candidate { entity, name, how, distance: 0, likeness, evidence, score: 0.0 };
        let kept = found.best.entry(entity.number()).or_insert(candidate);
        if candidate.evidence > kept.evidence {
            *kept = candidate;
        }
    }
}
