//! A query climbs the ladder exact, folded, romanized, partial, fuzzy and becomes ranked candidates.

use hashbrown::HashMap;
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::candidate::{Candidate, MatchKind, Verdict};
use crate::entity::{Country, EntityType, Point};
use crate::error::{Error, Result};
use crate::fold::{self, Folded, Key};
use crate::gazetteer::Gazetteer;
use crate::index::names::{Posting, Postings};
use crate::index::places::EntityRef;
use crate::{misspelt, score};

/// How many letters may differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fuzzy {
    /// None in names below four letters, one below eight, two from there; only where nothing better is found.
    #[default]
    Auto,
    /// At most so many (0, 1 or 2), beside the better matches.
    Within(u8),
    /// No other spellings of any kind: names that are known, whole or but for their generic element.
    Known,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Query<'q> {
    /// A name, in any script; its containers may follow after commas (`Paris, Texas`).
    pub text: &'q str,
    /// Only entities of these countries; all where empty.
    pub countries: Vec<Country>,
    /// Only entities of these GeoNames classes (`P`) or codes (`PPLC`, `P.PPLC`); all where empty.
    pub classes: Vec<String>,
    /// Only entities of these types; all where empty.
    pub types: Vec<EntityType>,
    /// Only what lies in one of the entities of these numbers; everywhere where empty.
    pub within: Vec<u32>,
    /// The nearer to this point the better.
    pub near: Option<Point>,
    /// How many letters may differ.
    pub fuzzy: Fuzzy,
    /// How many candidates are wanted.
    pub limit: usize,
}

impl<'q> Query<'q> {
    /// The longest query that is looked up, in bytes; no name is longer.
    pub const MAX_BYTES: usize = crate::entity::Name::MAX_BYTES;

    /// A query for a name, without conditions, for five candidates.
    pub fn new(text: &'q str) -> Query<'q> {
        Query {
            text,
            countries: Vec::new(),
            classes: Vec::new(),
            types: Vec::new(),
            within: Vec::new(),
            near: None,
            fuzzy: Fuzzy::Auto,
            limit: 5,
        }
    }

    /// Whether it is said in which country or unit the entity is.
    pub(crate) fn is_narrowed(&self) -> bool {
        !(self.countries.is_empty() && self.within.is_empty())
    }

    /// How many names behind one key are looked at.
    fn names_per_key(&self) -> usize {
        let open = !self.is_narrowed() && self.classes.is_empty() && self.types.is_empty() && self.near.is_none();
        if open { NAMES_PER_KEY } else { usize::MAX }
    }

    /// Whether an entity meets the conditions.
    pub(crate) fn allows(&self, entity: &EntityRef<'_>) -> bool {
        let class = || {
            let feature = entity.feature();
            let one = |wanted: &String| {
                feature.class().is_some_and(|c| wanted.len() == 1 && wanted.starts_with(c))
                    || feature.code() == wanted
                    || feature.as_str() == wanted
            };
            self.classes.is_empty() || self.classes.iter().any(one)
        };
        (self.types.is_empty() || self.types.contains(&entity.kind()))
            && (self.countries.is_empty() || entity.country().is_some_and(|c| self.countries.contains(&c)))
            && class()
            && (self.within.is_empty() || self.within.iter().any(|&container| entity.is_within(container)))
    }
}

/// What was found.
pub struct Answer<'g> {
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// The likeliest first.
    pub candidates: Vec<Candidate<'g>>,
}

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
/// Keys that a rung looks at, at most: the most prominent come first.
const KEYS_PER_RUNG: usize = 64;
/// Names behind one key that are weighed where nothing is said of what is wanted: a name that thousands of places have
/// tells none of them from the others, and the most prominent come first. No name of the bundled data has as many.
const NAMES_PER_KEY: usize = 512;

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

    /// Puts the town behind its unit and the unit behind its town, where the two have the same main name and the gazetteer knows
    /// the name asked for of one of them only.
    fn add_siblings<'g>(&'g self, query: &Query<'_>, candidates: &mut Vec<Candidate<'g>>) {
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
    fn closest<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, mut found: Found<'g>) -> Result<Vec<Candidate<'g>>> {
        let specific = fold::generic::without(asked.text);
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

    /// The entity that has the name of a posting.
    pub fn posted(&self, posting: Posting) -> Option<EntityRef<'_>> {
        self.places.name(posting.name())?.entity()
    }

    /// Whether a name is known, and what it may mean: the first two rungs alone.
    pub fn exact(&self, key: &Key) -> Postings<'_> {
        self.names.get(key)
    }

    /// The rungs below the known names.
    fn climb<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, found: &mut Found<'g>) -> Result<()> {
        if asked.key.is_empty() {
            return Ok(());
        }
        let enough = !found.best.is_empty();
        let mut explained = false;
        self.without_generic(asked, query, found);
        if query.fuzzy == Fuzzy::Known {
            return Ok(());
        }
        if enough || found.best.is_empty() {
            match query.fuzzy {
                Fuzzy::Within(distance) => self.misspelt(asked, distance, query, found),
                Fuzzy::Auto | Fuzzy::Known => {
                    // Two errors are looked for only where one explains nothing well: that takes ten times as long.
                    for distance in 1..=asked.distance() {
                        self.misspelt(asked, distance, query, found);
                        let good = |c: &Candidate<'_>| c.evidence > score::nothing(c.how, c.likeness) + 2.0;
                        explained = found.best.values().any(good);
                        if explained {
                            break;
                        }
                    }
                }
            }
        }
        if found.best.values().all(|candidate| candidate.how == MatchKind::Fuzzy) && !enough {
            self.sounding(asked, query, found)?;
            self.partly(asked, query, explained, found)?;
        }
        Ok(())
    }

    /// Rungs one and two: the name is known, letter by letter or folded.
    fn known<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, found: &mut Found<'g>) {
        for posting in self.names.get(&asked.key).take(asked.names_per_key) {
            self.take(posting, MatchKind::Folded, 0, asked, query, found);
        }
    }

    /// `Lachin district`, `г. Донецк`: a known name beside a word that says what it names.
    fn without_generic<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, found: &mut Found<'g>) {
        let Some((specific, classes)) = asked.specific() else { return };
        for posting in self.names.get(&specific).take(asked.names_per_key) {
            let fits =
                self.places.name(posting.name()).and_then(|name| name.entity()).and_then(|e| e.feature().class());
            if fits.is_some_and(|class| classes.contains(class)) {
                self.take(posting, MatchKind::Partial, 0, asked, query, found);
            }
        }
        if found.best.is_empty() {
            for posting in self.names.get(&specific).take(asked.names_per_key) {
                self.take(posting, MatchKind::Partial, 0, asked, query, found);
            }
        }
    }

    /// Rung three: names that sound the same, whatever their script.
    fn sounding<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, found: &mut Found<'g>) -> Result<()> {
        let search = &self.search;
        let sound = fold::sound(asked.text);
        let bones = fold::bones_of(&sound);
        for slot in search.with_sound(&sound, KEYS_PER_RUNG)? {
            for posting in self.names.postings(slot).take(asked.names_per_key) {
                self.take(posting, MatchKind::Romanized, 0, asked, query, found);
            }
        }
        // Arabic and Hebrew leave vowels out: where one side is written so, consonants must do.
        let abjad = is_abjad(crate::entity::Script::of(asked.text));
        if bones.len() <= 2 || !abjad && !found.best.is_empty() {
            return Ok(());
        }
        for slot in search.with_bones(&bones, if abjad { 4 * KEYS_PER_RUNG } else { KEYS_PER_RUNG })? {
            for posting in self.names.postings(slot).take(asked.names_per_key) {
                if abjad || self.places.name(posting.name()).is_some_and(|name| is_abjad(name.script())) {
                    self.take(posting, MatchKind::Romanized, 0, asked, query, found);
                }
            }
        }
        Ok(())
    }

    /// Rung four: names with all the words asked for, and known names among these words. Words alike are looked for unless a
    /// misspelt name explains the whole already.
    fn partly<'g>(
        &'g self,
        asked: &Asked<'_>,
        query: &Query<'_>,
        explained: bool,
        found: &mut Found<'g>,
    ) -> Result<()> {
        let words: Vec<&str> = asked.folded.words().iter().map(|word| asked.folded.letters(word)).collect();
        if words.len() > 16 {
            return Ok(()); // no name, a text
        }
        let search = &self.search;
        let mut slots = search.with_words(&words, KEYS_PER_RUNG)?;
        if slots.is_empty() && words.len() > 1 && !explained {
            slots = search.with_words_like(&words, KEYS_PER_RUNG)?;
        }
        for slot in slots {
            for posting in self.names.postings(slot).take(asked.names_per_key) {
                self.take(posting, MatchKind::Partial, 0, asked, query, found);
            }
        }
        let length = asked.key.as_str().len();
        for (from, to) in runs(words.len()) {
            let key = asked.key_between(from, to);
            if key.as_str().len() * 5 >= length * 2 {
                for posting in self.names.get(&key).take(asked.names_per_key) {
                    self.take(posting, MatchKind::Partial, 0, asked, query, found);
                }
            }
        }
        Ok(())
    }

    /// Rung five: names but for one or two letters.
    fn misspelt<'g>(&'g self, asked: &Asked<'_>, distance: u8, query: &Query<'_>, found: &mut Found<'g>) {
        if distance == 0 {
            return;
        }
        for near in self.names.near(&asked.key, distance.min(2), 8 * KEYS_PER_RUNG) {
            if near.edits == 0 {
                continue;
            }
            for posting in self.names.postings(near.slot).take(asked.names_per_key) {
                self.take(posting, MatchKind::Fuzzy, near.edits, asked, query, found);
            }
        }
    }

    /// Weighs one name and keeps it, if it is its entity's best.
    fn take<'g>(
        &'g self,
        posting: Posting,
        how: MatchKind,
        distance: u8,
        asked: &Asked<'_>,
        query: &Query<'_>,
        found: &mut Found<'g>,
    ) {
        let Some(name) = self.places.name(posting.name()) else { return };
        let Some(entity) = name.entity() else { return };
        if !query.allows(&entity) {
            return;
        }
        let how = if how == MatchKind::Folded && asked.is(name.text()) { MatchKind::Exact } else { how };
        let likeness = match how {
            MatchKind::Exact => 1.0,
            MatchKind::Partial if asked.is_specific(name.text()) => 0.95,
            MatchKind::Folded if posting.is_spelled() => 0.95,
            MatchKind::Folded if asked.has_marks() && !asked.is_but_for_case(name.text()) => MARKS_DIFFER,
            MatchKind::Folded => 0.99,
            _ => asked.likeness(name.text()),
        };
        if likeness < 0.5 {
            return;
        }
        let mut evidence = score::prominence(&entity) + score::name_kind(&name) + score::match_kind(how, likeness);
        if let Some(near) = &query.near {
            evidence += score::nearness(entity.point(), near);
        }
        let candidate = Candidate { entity, name, how, distance, likeness, evidence, score: 0.0 };
        let kept = found.best.entry(entity.number()).or_insert(candidate);
        // One spelling serves many languages: English tells the most readers where it comes from.
        let rank = |c: &Candidate<'_>| (c.evidence, c.name.lang() == "en");
        if rank(&candidate) > rank(kept) {
            *kept = candidate;
        }
    }

    /// `Paris, Texas`: the name in what the rest names.
    fn within_named(&self, query: &Query<'_>, containers: &str) -> Result<Found<'_>> {
        let asked = Asked::new(query.text.trim());
        let mut found = Found::default();
        self.known(&asked, query, &mut found);
        if found.best.is_empty() {
            self.climb(&asked, query, &mut found)?;
        }
        for container in containers.split(',').map(str::trim).filter(|c| !c.is_empty()) {
            let wanted: Vec<u32> = self.named(container).map(|e| e.number()).collect();
            if !wanted.is_empty() {
                let inside = |number: u32, e: &EntityRef<'_>| wanted.iter().any(|&w| w != number && e.is_within(w));
                found.best.retain(|&number, candidate| inside(number, &candidate.entity));
            }
        }
        Ok(found)
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

/// Whether a script leaves short vowels out.
fn is_abjad(script: crate::entity::Script) -> bool {
    matches!(script.as_str(), "Arab" | "Hebr")
}

/// Every shorter run of words, the longest first.
fn runs(words: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..words).rev().flat_map(move |length| (0..=words - length).map(move |from| (from, from + length - 1)))
}

/// How alike a name is that has other marks than the query.
const MARKS_DIFFER: f64 = 0.8;

/// A query's text, folded and romanized once.
struct Asked<'q> {
    text: &'q str,
    nfc: Option<String>,
    folded: Folded,
    key: Key,
    latin: String,
    /// How many names behind one key are looked at.
    names_per_key: usize,
}

impl<'q> Asked<'q> {
    fn new(text: &'q str) -> Asked<'q> {
        let mut folded = Folded::default();
        folded.read(text);
        let nfc = (!is_nfc(text)).then(|| text.nfc().collect());
        Asked { text, nfc, key: Key::of(text), latin: plain(text), folded, names_per_key: usize::MAX }
    }

    /// Whether it is written with letters that are more than plain Latin: then other marks are another spelling.
    fn has_marks(&self) -> bool {
        !self.text.is_ascii() && crate::entity::Script::of(self.text).as_str() == "Latn"
    }

    fn is_but_for_case(&self, name: &str) -> bool {
        self.nfc.as_deref().unwrap_or(self.text).to_lowercase() == name.to_lowercase()
    }

    fn is(&self, name: &str) -> bool {
        self.nfc.as_deref().unwrap_or(self.text) == name
    }

    fn distance(&self) -> u8 {
        match self.key.as_str().chars().count() {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        }
    }

    /// The name without the generic element at its beginning or end, and the classes that this speaks for.
    fn specific(&self) -> Option<(Key, &'static str)> {
        let words = self.folded.words();
        let letters = |n: usize| self.folded.letters(&words[n]);
        let last = words.len().checked_sub(1).filter(|&last| last > 0)?;
        if let Some(generic) = fold::generic::generic(letters(last)) {
            return Some((self.key_between(0, last - 1), generic.classes));
        }
        let generic = fold::generic::generic(letters(0))?;
        let from = if last > 1 && fold::generic::is_joint(letters(1)) { 2 } else { 1 };
        Some((self.key_between(from, last), generic.classes))
    }

    fn key_between(&self, first: usize, last: usize) -> Key {
        let words = self.folded.words();
        Key::of(&self.text[words[first].start as usize..words[last].end as usize])
    }

    fn is_specific(&self, name: &str) -> bool {
        self.specific().is_some_and(|(key, _)| key == Key::of(name))
    }

    fn likeness(&self, name: &str) -> f64 {
        score::likeness(&self.latin, &plain(name))
    }
}

/// A name's letters as they are compared: romanized, folded.
pub(crate) fn plain(name: &str) -> String {
    Key::of(&fold::romanize(name)).as_str().to_owned()
}

/// The best candidate of each entity.
#[derive(Default)]
struct Found<'g> {
    best: HashMap<u32, Candidate<'g>>,
}

impl<'g> Found<'g> {
    fn into_candidates(self, query: &Query<'_>) -> Vec<Candidate<'g>> {
        let mut candidates: Vec<Candidate<'g>> = self.best.into_values().collect();
        // Names on the better rungs push those on the others aside, unless both were asked for.
        if query.fuzzy == Fuzzy::Auto && candidates.iter().any(|c| c.how <= MatchKind::Folded) {
            candidates.retain(|c| c.how <= MatchKind::Folded);
        }
        if candidates.iter().any(|c| c.how == MatchKind::Exact && !c.name.text().is_ascii()) {
            let other = |c: &&mut Candidate<'_>| c.how == MatchKind::Folded && c.likeness == MARKS_DIFFER;
            candidates.iter_mut().filter(other).for_each(|c| c.evidence += score::OTHER_MARKS);
        }
        let around =
            |unit: &Candidate<'_>| candidates.iter().any(|town| score::is_unit_around(&unit.entity, &town.entity));
        let units: Vec<bool> = candidates.iter().map(around).collect();
        for (candidate, _) in candidates.iter_mut().zip(units).filter(|(_, around)| *around) {
            candidate.evidence += score::UNIT_AROUND_ITS_TOWN;
        }
        candidates
    }
}
