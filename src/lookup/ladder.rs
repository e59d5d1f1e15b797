//! The rungs exact, folded, romanized, partial, fuzzy, and what is found on them.

use hashbrown::HashMap;

use super::asked::Asked;
use super::query::{Fuzzy, Query};
use crate::alike::is_abjad;
use crate::candidate::{Candidate, MatchKind};
use crate::entity::Script;
use crate::error::Result;
use crate::fold;
use crate::gazetteer::Gazetteer;
use crate::index::names::Posting;
use crate::index::places::EntityRef;
use crate::score;

/// Keys that a rung looks at, at most: the most prominent come first.
const KEYS_PER_RUNG: usize = 64;
/// Names behind one key that are weighed where nothing is said of what is wanted: a name that thousands of places have
/// tells none of them from the others, and the most prominent come first. No name of the bundled data has as many.
pub(super) const NAMES_PER_KEY: usize = 512;

/// How alike a name is that has other marks than the query.
const MARKS_DIFFER: f64 = 0.8;

impl Gazetteer {
    /// The rungs below the known names.
    pub(super) fn climb<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, found: &mut Found<'g>) -> Result<()> {
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
    pub(super) fn known<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, found: &mut Found<'g>) {
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
    pub(super) fn sounding<'g>(&'g self, asked: &Asked<'_>, query: &Query<'_>, found: &mut Found<'g>) -> Result<()> {
        let search = &self.search;
        let phonetic = fold::phonetic_key(asked.text);
        let skeleton = fold::skeleton(&phonetic);
        for slot in search.with_phonetic_key(&phonetic, KEYS_PER_RUNG)? {
            for posting in self.names.postings(slot).take(asked.names_per_key) {
                self.take(posting, MatchKind::Romanized, 0, asked, query, found);
            }
        }
        // Arabic and Hebrew leave vowels out: where one side is written so, consonants must do.
        let abjad = is_abjad(Script::of(asked.text));
        if skeleton.len() <= 2 || !abjad && !found.best.is_empty() {
            return Ok(());
        }
        for slot in search.with_skeleton(&skeleton, if abjad { 4 * KEYS_PER_RUNG } else { KEYS_PER_RUNG })? {
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
    pub(super) fn partly<'g>(
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
            let near = |word: &str, distance| self.names.words_within_edits(word, distance, KEYS_PER_RUNG);
            slots = search.with_similar_words(&words, near, KEYS_PER_RUNG)?;
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
        for near in self.names.within_edits(&asked.key, distance.min(2), 8 * KEYS_PER_RUNG) {
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
    pub(super) fn within_named(&self, query: &Query<'_>, containers: &str) -> Result<Found<'_>> {
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
}

/// Every shorter run of words, the longest first.
fn runs(words: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..words).rev().flat_map(move |length| (0..=words - length).map(move |from| (from, from + length - 1)))
}

/// The best candidate of each entity.
#[derive(Default)]
pub(super) struct Found<'g> {
    pub(super) best: HashMap<u32, Candidate<'g>>,
}

impl<'g> Found<'g> {
    pub(super) fn into_candidates(self, query: &Query<'_>) -> Vec<Candidate<'g>> {
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
