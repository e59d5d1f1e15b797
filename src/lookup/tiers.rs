//! Candidate generation: the tiers of a lookup, in the order in which they are searched.

use super::found::Found;
use super::prepared::PreparedQuery;
use super::query::{Fuzzy, Query};
use crate::entity::{NameKind, Script};
use crate::error::Result;
use crate::fold::word_lists::without_state_words;
use crate::fold::{self, Key};
use crate::index::Index;
use crate::index::names::{Posting, Slot};
use crate::rank::similarity::is_abjad;
use crate::rank::{Candidate, MatchKind, calibration, evidence};

/// Keys that a tier considers at most; the most prominent come first.
const KEYS_PER_TIER: usize = 64;

/// More words than this are a text, not a name.
const MAX_WORDS: usize = 16;

/// Names less similar than this are not candidates.
const MIN_SIMILARITY: f64 = 0.5;

/// The similarity of a name that is known beside a generic element: `Lachin district`, where the element fits what it names.
pub(super) const WITH_GENERIC: f64 = 0.97;
/// The same where the element fits nothing of that name: `Lynn Lake` is not the town of Lynn.
pub(super) const WITH_OTHER_GENERIC: f64 = 0.95;

/// A step of the search: when it applies, and what it does.
struct Tier {
    applies: fn(&Search<'_, '_>) -> bool,
    search: fn(&mut Search<'_, '_>) -> Result<()>,
}

/// The letters of all GeoNames classes.
const ANY_CLASS: &str = "AHLPRSTUV";

/// The tiers, in order. The README and `DESIGN.md` list them in the same order.
const TIERS: [Tier; 5] = [
    // 1, 2: the very name, and the name except for case, diacritics, punctuation and letters that keyboards lack.
    Tier { applies: |search| search.found.is_empty(), search: |search| search.known() },
    // 3: a known name beside a generic element (`Lachin district`).
    Tier { applies: |search| !search.is_known || search.is_wide(), search: |search| search.without_generic() },
    // 4: names within one or two edits.
    Tier {
        applies: |search| search.allows_similar() && (search.is_known || !search.has_generic),
        search: |search| search.within_edits(),
    },
    // 5: names with the same phonetic key, in any script.
    Tier { applies: |search| search.needs_more(), search: |search| search.same_sound() },
    // 6: names with the words of the query, and names among its words.
    Tier { applies: |search| search.needs_more(), search: |search| search.shared_words() },
];

/// A search in progress.
pub(super) struct Search<'g, 'q> {
    index: &'g Index,
    prepared: &'q PreparedQuery<'q>,
    query: &'q Query<'q>,
    /// What has been found so far.
    pub(super) found: Found<'g>,
    /// Whether the name is known as it stands.
    is_known: bool,
    /// Whether it is known without its generic element.
    has_generic: bool,
    /// Whether a misspelling explains the whole name well.
    is_explained: bool,
}

impl<'g, 'q> Search<'g, 'q> {
    /// A search that begins with `found`.
    pub(super) fn new(
        index: &'g Index,
        prepared: &'q PreparedQuery<'q>,
        query: &'q Query<'q>,
        found: Found<'g>,
    ) -> Search<'g, 'q> {
        let is_known = !found.is_empty();
        Search { index, prepared, query, found, is_known, has_generic: false, is_explained: false }
    }

    /// Searches tier by tier.
    pub(super) fn run(&mut self) -> Result<()> {
        if self.prepared.key.is_empty() {
            return Ok(());
        }
        TIERS.iter().try_for_each(|tier| if (tier.applies)(self) { (tier.search)(self) } else { Ok(()) })
    }

    /// Whether similar names are wanted beside known ones.
    fn is_wide(&self) -> bool {
        matches!(self.query.fuzzy, Fuzzy::Within(_))
    }

    fn allows_similar(&self) -> bool {
        self.query.fuzzy != Fuzzy::Known
    }

    /// Whether nothing better than a misspelling has been found.
    fn needs_more(&self) -> bool {
        self.allows_similar() && !self.is_known && !self.has_generic
    }

    /// Tiers 1 and 2.
    pub(super) fn known(&mut self) -> Result<()> {
        self.take_all(self.index.names.get(&self.prepared.key), MatchKind::Folded, 0);
        self.is_known = !self.found.is_empty();
        Ok(())
    }

    /// Tier 3. Where the generic element fits no entity of that name, it is ignored, unless it is that of a state.
    fn without_generic(&mut self) -> Result<()> {
        let before = self.found.is_empty();
        if let Some(rest) = without_state_words(self.prepared.key.as_str()) {
            self.take_specific(&Key::of(rest), "A", WITH_GENERIC);
        }
        if let Some((specific, classes)) = self.prepared.specific().filter(|_| self.found.is_empty()) {
            self.take_specific(specific, classes, WITH_GENERIC);
            if self.found.is_empty() {
                self.take_specific(specific, ANY_CLASS, WITH_OTHER_GENERIC);
            }
        }
        self.has_generic = before && !self.found.is_empty();
        Ok(())
    }

    /// Takes the entities of some GeoNames classes that have a name.
    fn take_specific(&mut self, specific: &Key, classes: &str, similarity: f64) {
        for posting in self.index.names.get(specific).take(self.prepared.names_per_key) {
            let name = self.index.places.name(posting.name());
            let class = name.and_then(|name| name.entity()).and_then(|entity| entity.feature().class());
            if class.is_some_and(|class| classes.contains(class)) {
                self.take_as(posting, MatchKind::Partial, 0, Some(similarity));
            }
        }
    }

    /// Tier 4. Two edits are searched only if one explains nothing well: that takes ten times as long.
    pub(super) fn within_edits(&mut self) -> Result<()> {
        if let Fuzzy::Within(edits) = self.query.fuzzy {
            self.within(edits);
            return Ok(());
        }
        for edits in 1..=self.prepared.max_edits() {
            self.within(edits);
            let well = |c: &Candidate<'_>| c.evidence() > evidence::none_of_these(c.how, c.similarity) + 2.0;
            self.is_explained = self.found.any(well);
            if self.is_explained {
                break;
            }
        }
        Ok(())
    }

    fn within(&mut self, edits: u8) {
        if edits == 0 {
            return;
        }
        self.within_edits_of(&self.prepared.key, edits.min(2), 0);
        if let Some(key) = self.prepared.abbreviated() {
            self.take_all(self.index.names.get(&key), MatchKind::Fuzzy, 1);
            self.within_edits_of(&key, 1, 1);
        }
    }

    /// Takes names within some edits of a key that has been edited already.
    fn within_edits_of(&mut self, key: &Key, edits: u8, before: u8) {
        for near in self.index.names.within_edits(key, edits, 8 * KEYS_PER_TIER) {
            if near.edits > 0 {
                self.take_all(self.index.names.postings(near.slot), MatchKind::Fuzzy, before + near.edits);
            }
        }
    }

    /// Tier 5. Arabic and Hebrew omit vowels: where one side is written so, the consonant skeletons must do.
    pub(super) fn same_sound(&mut self) -> Result<()> {
        let phonetic_key = fold::phonetic_key(self.prepared.text);
        let skeleton = fold::skeleton(&phonetic_key);
        for slot in self.index.search.with_phonetic_key(&phonetic_key, KEYS_PER_TIER)? {
            self.take_slot(slot, MatchKind::Romanized);
        }
        let abjad = is_abjad(Script::of(self.prepared.text));
        if skeleton.len() <= 2 || !abjad && !self.found.is_empty() {
            return Ok(());
        }
        let limit = if abjad { 4 * KEYS_PER_TIER } else { KEYS_PER_TIER };
        for slot in self.index.search.with_skeleton(&skeleton, limit)? {
            for posting in self.index.names.postings(slot).take(self.prepared.names_per_key) {
                let name = self.index.places.name(posting.name());
                if abjad || name.is_some_and(|name| is_abjad(name.script())) {
                    self.take(posting, MatchKind::Romanized, 0);
                }
            }
        }
        Ok(())
    }

    /// Tier 6. Similar words are searched unless a misspelling explains the whole name.
    pub(super) fn shared_words(&mut self) -> Result<()> {
        let mut words = self.prepared.words();
        if words.len() > MAX_WORDS {
            return Ok(());
        }
        // Generic words of states are no evidence for a name.
        if let Some(rest) = without_state_words(self.prepared.key.as_str()) {
            words = rest.split(' ').collect();
        }
        let index = self.index;
        let mut slots = index.search.with_words(&words, KEYS_PER_TIER)?;
        if slots.is_empty() && words.len() > 1 && !self.is_explained {
            let similar = |word: &str, edits| index.names.words_within_edits(word, edits, KEYS_PER_TIER);
            slots = index.search.with_similar_words(&words, similar, KEYS_PER_TIER)?;
        }
        for slot in slots {
            self.take_slot(slot, MatchKind::Partial);
        }
        let length = self.prepared.key.as_str().len();
        for (first, last) in shorter_runs(self.prepared.words().len()) {
            let key = self.prepared.key_between(first, last);
            if key.as_str().len() * 5 >= length * 2 {
                self.take_all(index.names.get(&key), MatchKind::Partial, 0);
            }
        }
        Ok(())
    }

    fn take_slot(&mut self, slot: Slot, how: MatchKind) {
        self.take_all(self.index.names.postings(slot), how, 0);
    }

    fn take_all(&mut self, postings: impl Iterator<Item = Posting>, how: MatchKind, edits: u8) {
        for posting in postings.take(self.prepared.names_per_key) {
            self.take(posting, how, edits);
        }
    }

    fn take(&mut self, posting: Posting, how: MatchKind, edits: u8) {
        self.take_as(posting, how, edits, None);
    }

    /// Makes a candidate of a name, and keeps it if it is the best of its entity.
    fn take_as(&mut self, posting: Posting, how: MatchKind, edits: u8, similarity: Option<f64>) {
        let Some(name) = self.index.places.name(posting.name()) else { return };
        let Some(entity) = name.entity().filter(|entity| self.query.allows(entity)) else { return };
        // Nobody misspells a code.
        if name.kind() == NameKind::Code && matches!(how, MatchKind::Fuzzy | MatchKind::Romanized) {
            return;
        }
        let prepared = self.prepared;
        let how = if how == MatchKind::Folded && prepared.equals(name.text()) { MatchKind::Exact } else { how };
        let similarity = match how {
            _ if similarity.is_some() => similarity.unwrap_or_default(),
            MatchKind::Exact => 1.0,
            MatchKind::Partial if prepared.is_specific(name.text()) => WITH_OTHER_GENERIC,
            MatchKind::Folded if posting.is_spelled() => 0.95,
            MatchKind::Folded if prepared.has_diacritics() && !prepared.equals_ignoring_case(name.text()) => {
                calibration::DIACRITICS_DIFFER
            }
            MatchKind::Folded => 0.99,
            _ => prepared.similarity(name.text()),
        };
        if similarity >= MIN_SIMILARITY {
            self.found.keep(Candidate::matched(entity, name, how, edits, similarity, self.query.near.as_ref()));
        }
    }
}

/// Every shorter run of words, the longest first.
fn shorter_runs(words: usize) -> impl Iterator<Item = (usize, usize)> {
    (1..words).rev().flat_map(move |length| (0..=words - length).map(move |from| (from, from + length - 1)))
}
