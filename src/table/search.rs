//! Looks the names of a cell up, in its context.

use super::answer::Answer;
use super::cell;
use super::context::Filters;
use crate::error::Result;
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::lookup::{Fuzzy, Query, REGION_KM, SEPARATORS};
use crate::rank::{Candidate, MatchKind, Verdict};

/// A fuzzy match of the whole cell that scores less is less likely than a known name inside the cell.
const FAR_FETCHED: f64 = 0.3;
/// The least similarity at which a partial match is certain.
const CERTAIN_PARTIAL: f64 = 0.95;

/// The least similarity at which a misspelt name is certain. Less similar ones are dropped if they score less than
/// [`UNLIKELY`] or, in a unit, [`UNLIKELY_IN_UNIT`].
const SIMILAR: f64 = 0.75;
const UNLIKELY: f64 = 0.05;
const UNLIKELY_IN_UNIT: f64 = 0.01;
/// If the text is the name of another place, how similar a name of the context must be in order to be shown, in a country
/// and in a unit.
const SIMILAR_TO_KNOWN: f64 = 0.85;
const SIMILAR_TO_KNOWN_IN_UNIT: f64 = 0.6;

/// Looks up the names of one cell.
pub(super) struct Search<'g, 'f> {
    gazetteer: &'g Gazetteer,
    filters: &'f Filters,
}

impl<'g, 'f> Search<'g, 'f> {
    pub fn new(gazetteer: &'g Gazetteer, filters: &'f Filters) -> Search<'g, 'f> {
        Search { gazetteer, filters }
    }

    /// Reads the cell as one name or, if that is unknown, as whatever else people write into a cell.
    pub fn read(&self, text: &str) -> Result<Answer<'g>> {
        let whole = self.name(text)?;
        let read_in_parts = !whole.reason.is_empty() && text.contains(SEPARATORS);
        if whole.is_known_name() || read_in_parts {
            return Ok(whole);
        }
        if let Some((one, other)) = cell::halves(text) {
            return self.pair(one, other);
        }
        if cell::listed(text).nth(1).is_some() && !whole.candidates.is_empty() {
            return Ok(whole.doubt("lists several places; the multi option reads them one by one"));
        }
        if let Some(place) = cell::reference_place(text) {
            return Ok(self.read(place)?.doubt(format!("only near {place}")));
        }
        if whole.candidates.first().is_none_or(|best| best.how == MatchKind::Fuzzy && best.score() < FAR_FETCHED)
            && let Some(inside) = self.inside(text)?
        {
            return Ok(inside);
        }
        Ok(whole)
    }

    fn look_up(&self, query: &Query<'_>) -> Result<Answer<'g>> {
        let found = self.gazetteer.lookup(query)?;
        Ok(Answer { reason: found.reason, ..Answer::new(found.verdict, found.candidates) })
    }

    /// The longest known name inside a cell that is not a name itself, in doubt.
    fn inside(&self, text: &str) -> Result<Option<Answer<'g>>> {
        for run in cell::word_runs(text) {
            let answer = self.look_up(&Query { text: run, fuzzy: Fuzzy::Known, ..self.filters.query.clone() })?;
            if !answer.candidates.is_empty() {
                return Ok(Some(answer.contradicted(format!("only '{run}' is known"))));
            }
        }
        Ok(None)
    }

    /// Two names side by side: of one place, or of a place and what it is in.
    fn pair(&self, one: &str, other: &str) -> Result<Answer<'g>> {
        let (first, second) = (self.name(one)?, self.name(other)?);
        if let Some(answer) = shared(&first, &second) {
            return Ok(answer);
        }
        let inside = match self.inside_unit(one, other)? {
            None => self.inside_region(one, &second)?,
            found => found,
        };
        Ok(inside.unwrap_or_else(|| match first.candidates.is_empty() {
            true => second.doubt(format!("'{one}' is not known")),
            false => first.doubt(format!("'{one}' and '{other}' are not known as one place")),
        }))
    }

    /// A name inside the units of another.
    fn inside_unit(&self, name: &str, unit: &str) -> Result<Option<Answer<'g>>> {
        let within = self.gazetteer.units(unit, &self.filters.query.countries);
        if within.is_empty() {
            return Ok(None);
        }
        let mut answer = self.look_up(&Query { text: name, within: within.clone(), ..self.filters.query.clone() })?;
        let first = answer.candidates.first().map(|c| c.entity.number());
        answer.candidates.retain(|c| !within.contains(&c.entity.number()));
        if answer.candidates.first().map(|c| c.entity.number()) != first {
            return Ok(None);
        }
        // In a small unit, more than one wrong letter makes another name.
        let is_near = answer.candidates.first().is_some_and(|best| best.distance <= 1);
        let is_sure = answer.verdict == Verdict::Resolved && is_near;
        Ok(Some(answer).filter(|answer| is_sure || answer.is_known_name()))
    }

    /// A name inside a sea, an island or another region. There is no list of what these contain, but they have a point.
    fn inside_region(&self, name: &str, regions: &Answer<'g>) -> Result<Option<Answer<'g>>> {
        let is_region = |c: &&Candidate<'_>| matches!(c.entity.feature().class(), Some('T' | 'L' | 'H'));
        for point in regions.candidates.iter().filter(is_region).filter_map(|c| c.entity.point()) {
            let answer = self.look_up(&Query { text: name, near: Some(point), ..self.filters.query.clone() })?;
            let close = |c: &Candidate<'_>| c.entity.point().is_some_and(|p| p.distance(&point) <= REGION_KM);
            if answer.candidates.first().is_some_and(|best| best.is_known_name() && close(best)) {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    /// Looks a name up in its context. If nothing fits, drops the filters one by one, the least telling first, and says so.
    fn name(&self, text: &str) -> Result<Answer<'g>> {
        if text.trim().is_empty() {
            return Ok(Answer::unmatched(""));
        }
        let mut query = Query { text, ..self.filters.query.clone() };
        if let Some(place_type) = &self.filters.place_type {
            query.classes.clone_from(&place_type.classes);
            if !place_type.types.is_empty() {
                query.types.clone_from(&place_type.types);
            }
        }
        let mut dropped = Vec::new();
        loop {
            let answer = self.filtered(&mut query)?;
            let reason = answer.reason.clone();
            if !answer.candidates.is_empty() {
                return Ok(match dropped.is_empty() {
                    true => answer,
                    false => answer.contradicted(format!("the {} says otherwise", dropped.join(" and the "))),
                });
            }
            match self.drop_filter(&mut query) {
                Some(filter) => dropped.push(filter),
                None => return Ok(Answer::unmatched(reason)),
            }
        }
    }

    /// Removes the least telling filter of a query.
    fn drop_filter(&self, query: &mut Query<'_>) -> Option<&'static str> {
        let types = &self.filters.query.types;
        if !query.classes.is_empty() || query.types != *types {
            query.classes.clear();
            query.types.clone_from(types);
            Some("type")
        } else if !query.within.is_empty() {
            query.within.clear();
            Some("unit")
        } else if !query.countries.is_empty() {
            query.countries.clear();
            Some("country")
        } else {
            None
        }
    }

    /// Looks a name up with the filters of a query.
    fn filtered(&self, query: &mut Query<'_>) -> Result<Answer<'g>> {
        // A misspelt name outside the stated country is not an answer.
        let anywhere = !query.has_area();
        query.fuzzy = if anywhere && !self.filters.is_anywhere() { Fuzzy::Known } else { Fuzzy::Auto };
        let mut answer = self.look_up(query)?;
        let best = answer.candidates.first();
        if !anywhere && best.is_some_and(|best| !best.is_known_name() && best.how != MatchKind::Inflected) {
            answer = self.similar(answer, query)?;
        }
        // A name that only begins like another, or is only a part of the cell, is never certain.
        let partial = |c: &&Candidate<'_>| c.how == MatchKind::Partial && c.similarity < CERTAIN_PARTIAL;
        let name = answer.candidates.first().filter(partial).map(|best| best.name.text());
        Ok(match name.filter(|_| answer.verdict == Verdict::Resolved) {
            Some(name) => answer.doubt(partly_similar(name)),
            None => answer,
        })
    }

    /// Judges names of the context that are only similar to the text. If the text is the very name of a place elsewhere, that
    /// place is a candidate, too; the names of the context are dropped if they are not very similar.
    fn similar(&self, mut answer: Answer<'g>, query: &Query<'_>) -> Result<Answer<'g>> {
        let (unlikely, similar_to_known) = match query.within.is_empty() {
            true => (UNLIKELY, SIMILAR_TO_KNOWN),
            false => (UNLIKELY_IN_UNIT, SIMILAR_TO_KNOWN_IN_UNIT),
        };
        answer.candidates.retain(|c| c.similarity >= SIMILAR || c.score() >= unlikely);
        let Some(best) = answer.candidates.first().copied() else { return Ok(Answer::unmatched("")) };
        if best.similarity < SIMILAR {
            answer = answer.doubt(partly_similar(best.name.text()));
        }
        if self.gazetteer.exact(&Key::of(query.text)).next().is_none() {
            return Ok(answer);
        }
        let (countries, within, classes) = (Vec::new(), Vec::new(), Vec::new());
        let wide = Query { countries, within, classes, fuzzy: Fuzzy::Known, ..query.clone() };
        let mut elsewhere = self.look_up(&wide)?.candidates;
        elsewhere.retain(Candidate::is_known_name);
        if elsewhere.is_empty() {
            return Ok(answer);
        }
        if best.similarity < similar_to_known {
            // Nothing in the context: the filters are dropped next.
            return Ok(Answer::unmatched(""));
        }
        elsewhere.truncate(query.limit.saturating_sub(1).max(1));
        let mut answer = answer.doubt("the name of another place; only a similar name is known here");
        answer.candidates.extend(elsewhere);
        answer.candidates.truncate(query.limit);
        Ok(answer)
    }
}

/// Two names that agree on a place: neither alone need be certain.
fn shared<'g>(first: &Answer<'g>, second: &Answer<'g>) -> Option<Answer<'g>> {
    let mut shared: Vec<Candidate<'g>> = Vec::new();
    for candidate in &first.candidates {
        if let Some(same) = second.candidates.iter().find(|c| c.entity.number() == candidate.entity.number()) {
            shared.push(candidate.corroborated_by(*same));
        }
    }
    shared.sort_by(|a, b| b.score().total_cmp(&a.score()));
    let best = shared.first()?;
    let leads = shared.get(1).is_none_or(|next| best.score() > next.score());
    let sure = leads && (first.is_known_name() || second.is_known_name());
    Some(Answer::new(if sure { Verdict::Resolved } else { Verdict::Ambiguous }, shared))
}

fn partly_similar(name: &str) -> String {
    format!("only partly similar to '{name}'")
}
