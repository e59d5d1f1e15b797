//! Answers cells in their context.

use super::Options;
use super::answer::Answer;
use super::context::{Constants, Context, Filters};
use super::search::Search;
use crate::entity::{EntityType, Point};
use crate::error::Result;
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;
use crate::lookup::Query;
use crate::rank::{Candidate, Verdict};

/// Answers cells.
pub struct Asker<'g> {
    gazetteer: &'g Gazetteer,
    types: Vec<EntityType>,
    constants: Constants,
}

impl<'g> Asker<'g> {
    /// An asker for entities of these types; for all if there are none.
    pub fn new(gazetteer: &'g Gazetteer, types: &[EntityType]) -> Asker<'g> {
        Asker { gazetteer, types: types.to_vec(), constants: Constants::default() }
    }

    /// An asker for a table, with what the options say of all its rows.
    ///
    /// # Errors
    /// If the country or the unit is not known.
    pub fn for_table(gazetteer: &'g Gazetteer, options: &Options) -> Result<Asker<'g>> {
        let constants = Constants::new(gazetteer, options)?;
        Ok(Asker { constants, ..Asker::new(gazetteer, &options.types) })
    }

    /// Answers a cell with up to `limit` candidates, or a few more.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn answer(&self, text: &str, context: &Context, limit: usize) -> Result<Answer<'g>> {
        if text.len() > Query::MAX_BYTES {
            return Ok(Answer::unmatched(format!("longer than {} bytes; no name is", Query::MAX_BYTES)));
        }
        let mut filters = Filters::new(self.gazetteer, &self.constants, context, limit);
        filters.query.types.clone_from(&self.types);
        let mut answer = Search::new(self.gazetteer, &filters).read(text)?;
        if let Some(point) = filters.point {
            answer = answer.located(point);
        }
        answer.known = filters.unknown.is_empty();
        if !answer.known {
            answer = answer.doubt(filters.unknown);
        }
        Ok(answer)
    }
}

impl Answer<'_> {
    /// Compares the answer with coordinates. They choose among namesakes, and may contradict.
    fn located(mut self, point: Point) -> Self {
        let fits = |c: &Candidate<'_>| c.entity.point().is_some_and(|p| p.distance(&point) <= reach(&c.entity));
        let fitting: Vec<usize> = (0..self.candidates.len()).filter(|&n| fits(&self.candidates[n])).collect();
        let Some(&first) = fitting.first() else {
            let best = self.candidates.first().and_then(|best| best.entity.point());
            let distance = best.map(|place| place.distance(&point));
            return match distance {
                Some(km) => self.contradicted(format!("the coordinates are {km:.0} km away")),
                None => self,
            };
        };
        self.candidates[..=first].rotate_right(1);
        let best = &mut self.candidates[0];
        if fitting.len() == 1 && best.is_known_name() {
            best.confirm_by_point();
            if self.reason.is_empty() {
                self.verdict = Verdict::Resolved;
            }
        }
        self
    }
}

/// How far from its coordinates a place may be, in kilometres. Sources agree on the points of towns, but not on those of
/// units, rivers and seas.
fn reach(entity: &EntityRef<'_>) -> f64 {
    let feature = entity.feature();
    match (feature.class(), feature.code()) {
        (Some('P' | 'S' | 'V' | 'U'), _) => 50.0,
        (Some('A'), code) if code.starts_with("PCL") || code == "TERR" => 3000.0,
        (Some('A'), "ADM1") => 500.0,
        (Some('A'), _) => 150.0,
        _ => 1000.0,
    }
}
