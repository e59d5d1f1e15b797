//! One cell and its context to an answer, with the reason where it is a doubt.

use super::Options;
use super::cell::{self, Wanted};
use crate::entity::{EntityType, Point};
use crate::error::Result;
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;
use crate::lookup::{Fuzzy, Query};
use crate::rank::{Candidate, MatchKind, Verdict};

/// What the other columns say of a value, as they say it; empty where they say nothing.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Countries, each narrower than the one before (`--country-column` given more than once).
    pub countries: Vec<String>,
    /// Units, from the largest down.
    pub units: Vec<String>,
    /// Degrees north.
    pub lat: String,
    /// Degrees east.
    pub lon: String,
    /// What it is.
    pub kind: String,
}

impl Context {
    /// The cells, in the order of [`Options::context_columns`].
    pub fn cells<'a>(&'a self, options: &'a Options) -> impl Iterator<Item = &'a String> {
        let single =
            [(&options.lat_column, &self.lat), (&options.lon_column, &self.lon), (&options.type_column, &self.kind)];
        let single = single.into_iter().filter(|(column, _)| column.is_some()).map(|(_, cell)| cell);
        self.countries.iter().chain(&self.units).chain(single)
    }

    /// The cells, each with the name of its column.
    pub fn named<'a>(&'a self, options: &'a Options) -> Vec<(&'a str, &'a str)> {
        options.context_columns().map(String::as_str).zip(self.cells(options).map(String::as_str)).collect()
    }
}

/// What a cell means.
pub struct Answer<'g> {
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// The likeliest first.
    pub candidates: Vec<Candidate<'g>>,
    /// Why it is a doubt; empty where nothing more is to be said than the scores do.
    pub reason: String,
    /// Whether all of the context could be read.
    pub known: bool,
}

impl<'g> Answer<'g> {
    /// The same as a doubt.
    fn doubt(mut self, reason: String) -> Answer<'g> {
        if self.verdict == Verdict::Resolved {
            self.verdict = Verdict::Ambiguous;
        }
        self.reason = reason;
        self
    }

    /// The same as a doubt that the context contradicts: one of the two is wrong, and it is not known which.
    fn contradicted(mut self, reason: String) -> Answer<'g> {
        self.candidates.iter_mut().for_each(Candidate::contradict);
        self.doubt(reason)
    }

    fn is_known_name(&self) -> bool {
        self.candidates.first().is_some_and(is_known)
    }
}

/// The context as it narrows a query.
struct Narrowed<'q> {
    query: Query<'q>,
    point: Option<Point>,
    wanted: Option<Wanted>,
    known: bool,
}

/// Says what cells mean.
pub struct Asker<'g, 'o> {
    gazetteer: &'g Gazetteer,
    types: &'o [EntityType],
}

impl<'g, 'o> Asker<'g, 'o> {
    /// One that knows entities of these types; all where there are none.
    pub fn new(gazetteer: &'g Gazetteer, types: &'o [EntityType]) -> Asker<'g, 'o> {
        Asker { gazetteer, types }
    }

    /// Says what a cell means.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn answer(&self, text: &str, context: &Context, limit: usize) -> Result<Answer<'g>> {
        answer(self, text, context, limit)
    }
}

fn answer<'g>(asker: &Asker<'g, '_>, text: &str, context: &Context, limit: usize) -> Result<Answer<'g>> {
    let mut narrowed = narrow(asker.gazetteer, context, limit);
    narrowed.query.types = asker.types.to_vec();
    let mut answer = read(asker, text, &narrowed)?;
    if let Some(point) = narrowed.point {
        answer = measured(answer, point);
    }
    answer.known = narrowed.known;
    Ok(answer)
}

impl Narrowed<'_> {
    /// Whether nothing is said of where the place is.
    fn is_anywhere(&self) -> bool {
        !self.query.has_area()
    }
}

fn narrow<'q>(gazetteer: &Gazetteer, context: &Context, limit: usize) -> Narrowed<'q> {
    let mut query = Query::new("");
    query.limit = limit.max(8);
    let mut known = true;
    for cell in context.countries.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()) {
        match gazetteer.country(cell) {
            Some(country) => query.countries = vec![country],
            None => known = false,
        }
    }
    for cell in context.units.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()) {
        let units = gazetteer.units(cell, &query.countries);
        // The units of a further column lie in those of the one before, or stand alone where none does.
        let inside: Vec<u32> = units.iter().copied().filter(|&unit| gazetteer.is_within(unit, &query.within)).collect();
        match (units.is_empty(), inside.is_empty()) {
            (true, _) => known = false,
            (false, true) if query.within.is_empty() => query.within = units,
            (false, true) => known = false,
            (false, false) => query.within = inside,
        }
    }
    let (lat, lon) = (context.lat.trim(), context.lon.trim());
    let point = match (lat.is_empty() && lon.is_empty(), Point::parse(lat, lon)) {
        (true, _) => None,
        (false, Ok(point)) => Some(point),
        (false, Err(_)) => {
            known = false;
            None
        }
    };
    query.near = point;
    let wanted = match context.kind.trim() {
        "" => None,
        text => {
            let wanted = cell::wanted(text);
            known &= wanted.is_some();
            wanted
        }
    };
    Narrowed { query, point, wanted, known }
}

/// Reads the cell as one name, and where it is none that is known, as what else people write into a cell.
fn read<'g>(asker: &Asker<'g, '_>, text: &str, narrowed: &Narrowed<'_>) -> Result<Answer<'g>> {
    let whole = ask(asker, text, narrowed)?;
    if whole.is_known_name() {
        return Ok(whole);
    }
    if let Some((one, other)) = cell::halves(text) {
        return pair(asker, one, other, narrowed);
    }
    if cell::listed(text).nth(1).is_some() && !whole.candidates.is_empty() {
        return Ok(whole.doubt("a list; several places of a cell are read with --multi".to_owned()));
    }
    if let Some(place) = cell::near(text) {
        return Ok(read(asker, place, narrowed)?.doubt(format!("only near {place}")));
    }
    if whole.candidates.first().is_none_or(|best| best.how == MatchKind::Fuzzy && best.score() < FAR_FETCHED) {
        let part = inside(asker, text, narrowed)?;
        return Ok(if part.candidates.is_empty() { whole } else { part });
    }
    Ok(whole)
}

/// Below which score a known name in the cell is likelier than a name that the whole cell is a little like.
const FAR_FETCHED: f64 = 0.3;

/// The longest known name that stands in a cell which is none itself, as a doubt.
fn inside<'g>(asker: &Asker<'g, '_>, text: &str, narrowed: &Narrowed<'_>) -> Result<Answer<'g>> {
    for part in cell::parts(text) {
        let mut query = Query { text: part, fuzzy: Fuzzy::Known, ..narrowed.query.clone() };
        query.types.clone_from(&narrowed.query.types);
        let answer = asker.gazetteer.lookup(&query)?;
        if !answer.candidates.is_empty() {
            let (verdict, candidates) = (answer.verdict, answer.candidates);
            let known = Answer { verdict, candidates, reason: String::new(), known: true };
            return Ok(known.contradicted(format!("only '{part}' is known")));
        }
    }
    Ok(Answer { verdict: Verdict::Unmatched, candidates: Vec::new(), reason: String::new(), known: true })
}

/// How far from the point of its region a place may be.
const REGION_KM: f64 = 500.0;

/// Two names beside each other: of one place, or of a place and what it is in.
fn pair<'g>(asker: &Asker<'g, '_>, one: &str, other: &str, narrowed: &Narrowed<'_>) -> Result<Answer<'g>> {
    let (mut first, second) = (ask(asker, one, narrowed)?, ask(asker, other, narrowed)?);
    let both = |c: &Candidate<'_>| second.candidates.iter().find(|s| s.entity.number() == c.entity.number()).copied();
    let mut shared: Vec<Candidate<'g>> = Vec::new();
    for candidate in &first.candidates {
        if let Some(same) = both(candidate) {
            shared.push(candidate.corroborated_by(same));
        }
    }
    shared.sort_by(|a, b| b.score().total_cmp(&a.score()));
    if let Some(best) = shared.first() {
        let sure = shared.get(1).is_none_or(|next| best.score() > next.score())
            && [&first, &second].iter().any(|answer| answer.is_known_name());
        let verdict = if sure { Verdict::Resolved } else { Verdict::Ambiguous };
        return Ok(Answer { verdict, candidates: shared, reason: String::new(), known: true });
    }
    let units = asker.gazetteer.units(other, &narrowed.query.countries);
    if !units.is_empty() {
        let mut query = narrowed.query.clone();
        query.within = units;
        let inside = asker.gazetteer.lookup(&Query { text: one, ..query })?;
        if inside.verdict == Verdict::Resolved || inside.candidates.first().is_some_and(is_known) {
            let (verdict, candidates) = (inside.verdict, inside.candidates);
            return Ok(Answer { verdict, candidates, reason: String::new(), known: true });
        }
    }
    // A sea, an island or a region has no list of what is in it, but a point.
    let around = second.candidates.iter().filter(|c| matches!(c.entity.feature().class(), Some('T' | 'L' | 'H')));
    for point in around.filter_map(|c| c.entity.point()) {
        let query = Query { text: one, near: Some(point), ..narrowed.query.clone() };
        let answer = asker.gazetteer.lookup(&query)?;
        let close = |c: &Candidate<'_>| c.entity.point().is_some_and(|p| p.distance(&point) <= REGION_KM);
        if answer.candidates.first().is_some_and(|best| is_known(best) && close(best)) {
            let (verdict, candidates) = (answer.verdict, answer.candidates);
            return Ok(Answer { verdict, candidates, reason: String::new(), known: true });
        }
    }
    let mut reason = format!("'{one}' and '{other}' are not known as one place");
    if first.candidates.is_empty() {
        reason = format!("'{one}' is not known");
        first = second;
    }
    Ok(first.doubt(reason))
}

/// Looks a name up in its context; where nothing fits, the context is let go, least telling part first, and that is said.
fn ask<'g>(asker: &Asker<'g, '_>, text: &str, narrowed: &Narrowed<'_>) -> Result<Answer<'g>> {
    let empty = || Answer { verdict: Verdict::Unmatched, candidates: Vec::new(), reason: String::new(), known: true };
    if text.trim().is_empty() || text.len() > Query::MAX_BYTES {
        return Ok(empty());
    }
    let mut query = Query { text, ..narrowed.query.clone() };
    let mut let_go: Vec<&str> = Vec::new();
    if let Some(wanted) = &narrowed.wanted {
        query.classes.clone_from(&wanted.classes);
        if !wanted.types.is_empty() {
            query.types.clone_from(&wanted.types);
        }
    }
    loop {
        // A misspelt name in another country than the one that is said is no answer.
        let anywhere = !query.has_area();
        query.fuzzy = if anywhere && !narrowed.is_anywhere() { Fuzzy::Known } else { Fuzzy::Auto };
        let answer = asker.gazetteer.lookup(&query)?;
        let mut found =
            Answer { verdict: answer.verdict, candidates: answer.candidates, reason: String::new(), known: true };
        if !anywhere && found.candidates.first().is_some_and(|best| !is_known(best) && best.how != MatchKind::Inflected)
        {
            found = like(asker, found, &query)?;
        }
        // A name that only begins like another, or only stands in the cell, is never certain.
        if let Some(best) = found.candidates.first()
            && found.verdict == Verdict::Resolved
            && best.how == MatchKind::Partial
            && best.similarity < 0.95
        {
            let reason = format!("only partly like '{}'", best.name.text());
            found = found.doubt(reason);
        }
        if !found.candidates.is_empty() {
            return Ok(match let_go.is_empty() {
                true => found,
                false => found.contradicted(format!("the {} says otherwise", let_go.join(" and the "))),
            });
        }
        if !query.classes.is_empty() || query.types != narrowed.query.types {
            query.classes.clear();
            query.types.clone_from(&narrowed.query.types);
            let_go.push("type");
        } else if !query.within.is_empty() {
            query.within.clear();
            let_go.push("unit");
        } else if !query.countries.is_empty() {
            query.countries.clear();
            let_go.push("country");
        } else {
            return Ok(empty());
        }
    }
}

/// Candidates less likely than this are none, unless they are alike.
const UNLIKELY: f64 = 0.05;
const UNLIKELY_IN_UNIT: f64 = 0.001;
/// From which similarity on a misspelt name can be certain.
const ALIKE: f64 = 0.75;

/// A name that is only like the one asked for. Where that is itself the name of another place, it is shown too, and alone where
/// what the context has is not very like it.
fn like<'g>(asker: &Asker<'g, '_>, mut found: Answer<'g>, query: &Query<'_>) -> Result<Answer<'g>> {
    let unlikely = if query.within.is_empty() { UNLIKELY } else { UNLIKELY_IN_UNIT };
    found.candidates.retain(|c| c.similarity >= ALIKE || c.score() >= unlikely);
    let Some(best) = found.candidates.first().copied() else {
        return Ok(Answer { verdict: Verdict::Unmatched, ..found });
    };
    if best.similarity < ALIKE {
        found = found.doubt(format!("only partly like '{}'", best.name.text()));
    }
    if asker.gazetteer.exact(&Key::of(query.text)).next().is_none() {
        return Ok(found);
    }
    let (countries, within, classes) = (Vec::new(), Vec::new(), Vec::new());
    let wide = Query { countries, within, classes, fuzzy: Fuzzy::Known, ..query.clone() };
    let mut outside: Vec<_> = asker.gazetteer.lookup(&wide)?.candidates.into_iter().filter(is_known).collect();
    if outside.is_empty() {
        return Ok(found);
    }
    if best.similarity < if query.within.is_empty() { 0.85 } else { 0.6 } {
        return Ok(Answer { verdict: Verdict::Unmatched, candidates: Vec::new(), ..found });
    }
    outside.truncate(query.limit.saturating_sub(1).max(1));
    found = found.doubt("a name of another place; here only one like it is known".to_owned());
    found.candidates.extend(outside);
    found.candidates.truncate(query.limit);
    Ok(found)
}

fn is_known(candidate: &Candidate<'_>) -> bool {
    matches!(candidate.how, MatchKind::Exact | MatchKind::Folded)
}

/// How far from its coordinates a place may be, in kilometres: points of towns are near each other in every source, those of
/// units, rivers and seas are not.
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

/// Holds an answer against coordinates: they decide between namesakes, and they contradict.
fn measured(mut answer: Answer<'_>, point: Point) -> Answer<'_> {
    let fits = |c: &Candidate<'_>| c.entity.point().is_some_and(|p| p.distance(&point) <= reach(&c.entity));
    let Some(best) = answer.candidates.first() else { return answer };
    let fitting: Vec<usize> = (0..answer.candidates.len()).filter(|&n| fits(&answer.candidates[n])).collect();
    match fitting[..] {
        [] => match best.entity.point() {
            None => answer,
            Some(place) => {
                let km = place.distance(&point);
                answer.contradicted(format!("the coordinates are {km:.0} km away"))
            }
        },
        [only] if is_known(&answer.candidates[only]) => {
            answer.candidates[..=only].rotate_right(1);
            answer.candidates[0].confirm_by_point();
            if answer.reason.is_empty() {
                answer.verdict = Verdict::Resolved;
            }
            answer
        }
        [first, ..] => {
            answer.candidates[..=first].rotate_right(1);
            answer
        }
    }
}
