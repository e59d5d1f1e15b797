//! Key to postings: whether these words are a name we know. The only file that knows `fst`.

use std::path::Path;

use fst::raw::{Fst, Node, Output};
use fst::{IntoStreamer, Streamer};
use levenshtein_automata::{Distance, LevenshteinAutomatonBuilder, SINK_STATE};
use memmap2::Mmap;

use super::places::map;
use crate::error::{Error, Result};
use crate::fold::Key;

/// Where the names of a key are: what the automaton keeps for it.
///
/// Odd: the one posting itself, shifted left by one. Even: where in `postings.bin` the list begins, shifted likewise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(pub u64);

/// One name behind a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting(pub u32);

/// The bit of a posting that says: by a further spelling ([`crate::fold::spellings`]), not by the name's own key.
pub const SPELLED: u32 = 1 << 31;

impl Posting {
    /// The number of the name.
    pub fn name(self) -> u32 {
        self.0 & !SPELLED
    }

    /// Whether the key is a further spelling of the name.
    pub fn is_spelled(self) -> bool {
        self.0 & SPELLED != 0
    }
}

/// Every key of an opened index.
pub struct Names {
    keys: Fst<Mmap>,
    /// The same keys, read from their ends.
    ends: Fst<Mmap>,
    postings: Mmap,
}

impl Names {
    /// Maps the keys and postings of a generation.
    ///
    /// # Errors
    /// If a file is missing or was not written by this program.
    pub fn open(dir: &Path) -> Result<Names> {
        let automaton = |name: &str| -> Result<Fst<Mmap>> {
            let path = dir.join(name);
            Fst::new(map(&path)?).map_err(|e| Error::stale_index(format!("{} is damaged", path.display())).because(e))
        };
        Ok(Names {
            keys: automaton("keys.fst")?,
            ends: automaton("ends.fst")?,
            postings: map(&dir.join("postings.bin"))?,
        })
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The names behind a key, the most prominent entity's first.
    pub fn get(&self, key: &Key) -> Postings<'_> {
        match self.keys.get(key.as_str()) {
            Some(output) => self.postings(Slot(output.value())),
            None => Postings(Kind::List(&[])),
        }
    }

    /// The names behind a slot.
    pub fn postings(&self, slot: Slot) -> Postings<'_> {
        if slot.0 & 1 == 1 {
            return Postings(Kind::One(Some((slot.0 >> 1) as u32)));
        }
        let at = (slot.0 >> 1) as usize * 4;
        let word = |at: usize| self.postings.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let count = word(at).unwrap_or(0) as usize;
        let end = at.saturating_add(4).saturating_add(count.saturating_mul(4));
        Postings(Kind::List(self.postings.get(at + 4..end).unwrap_or_default()))
    }

    /// Begins a walk along the keys.
    pub fn walk(&self) -> Walk<'_> {
        Walk { keys: &self.keys, at: self.keys.root().addr(), output: Output::zero() }
    }

    /// The first key that is `letters` with spaces put in: `new york` for `newyork`.
    pub fn spaced(&self, letters: &str) -> Option<Slot> {
        fn from(walk: Walk<'_>, letters: &str) -> Option<Slot> {
            let Some(letter) = letters.chars().next() else { return walk.slot() };
            let (letter, rest) = letters.split_at(letter.len_utf8());
            let mut space = walk;
            let apart = (space.step(" ") && space.step(letter)).then_some(space);
            let mut walk = walk;
            let together = walk.step(letter).then_some(walk);
            [together, apart].into_iter().flatten().find_map(|walk| from(walk, rest))
        }
        from(self.walk(), letters)
    }

    /// Keys within `distance` (1 or 2) edits of `key`, transpositions counting as one; the nearest first, at most `limit`.
    ///
    /// Of so few errors, at most `distance - 1` lie before the middle, or none behind it (Mihov and Schulz 2004): the one
    /// kind of key is found from its beginning, the other from its end. Either way few of the automaton's states are
    /// visited. For two errors the middle lies at three fifths, where both ways were found to cost about the same.
    pub fn within_edits(&self, key: &Key, distance: u8, limit: usize) -> Vec<EditMatch> {
        let distance = distance.clamp(1, 2);
        let mut near = Vec::new();
        let key = Halves::of(key.as_str(), distance);
        key.find([&self.keys, &self.ends], false, |key, node, output, edits, backwards| {
            let slot = Slot(output.cat(node.final_output()).value());
            if node.is_final() && !(backwards && near.iter().any(|n: &EditMatch| n.slot == slot)) {
                near.push(EditMatch { key, slot, edits });
            }
        });
        near.sort_by(|a, b| a.edits.cmp(&b.edits).then_with(|| a.key.cmp(&b.key)));
        near.truncate(limit);
        near
    }

    /// Words within `distance` (1 or 2) edits of `word` that some key begins or ends with; the nearest first, at most `limit`.
    /// Found as [`Names::within_edits`] finds keys.
    pub fn words_within_edits(&self, word: &str, distance: u8, limit: usize) -> Vec<String> {
        let mut near: Vec<(u8, String)> = Vec::new();
        Halves::of(word, distance.clamp(1, 2)).find([&self.keys, &self.ends], true, |word, node, _, edits, _| {
            if (node.is_final() || node.find_input(b' ').is_some()) && !near.iter().any(|near| near.1 == word) {
                near.push((edits, word));
            }
        });
        near.sort();
        near.truncate(limit);
        near.into_iter().map(|(_, word)| word).collect()
    }

    /// The first `limit` keys that begin with these letters, in order, each with its slot.
    pub fn beginning(&self, letters: &str, limit: usize, mut visit: impl FnMut(&str, Slot)) {
        let mut stream = self.keys.range().ge(letters).into_stream();
        let mut left = limit;
        while let Some((bytes, output)) = stream.next() {
            if left == 0 || !bytes.starts_with(letters.as_bytes()) {
                return;
            }
            left -= 1;
            visit(std::str::from_utf8(bytes).unwrap_or_default(), Slot(output.value()));
        }
    }

    /// Every key with its slot, in order.
    pub fn each(&self, mut visit: impl FnMut(&str, Slot)) {
        let mut stream = self.keys.stream();
        while let Some((bytes, output)) = stream.next() {
            visit(std::str::from_utf8(bytes).unwrap_or_default(), Slot(output.value()));
        }
    }
}

/// A key near to another.
pub struct EditMatch {
    /// The key.
    pub key: String,
    /// Where its names are.
    pub slot: Slot,
    /// How many edits lie between.
    pub edits: u8,
}

/// A word that is looked for from both of its ends.
struct Halves {
    distance: u8,
    /// The whole, and as it is read from its end.
    whole: [String; 2],
    /// The letters of its beginning, and of its end read backwards.
    halves: [String; 2],
}

impl Halves {
    fn of(word: &str, distance: u8) -> Halves {
        let letters: Vec<char> = word.chars().collect();
        let middle = if distance == 1 { letters.len() / 2 } else { letters.len() * 3 / 5 };
        // One letter less, so that two letters that changed places across the middle leave one part whole.
        let first = letters[..middle.saturating_sub(1)].iter().collect();
        let second = letters[middle..].iter().rev().collect();
        Halves { distance, whole: [word.to_owned(), letters.iter().rev().collect()], halves: [first, second] }
    }

    /// Calls `found` with what is near: read forwards, the node and the output where it ends, the edits, and whether it was found
    /// from its end.
    fn find<D: AsRef<[u8]>>(
        &self,
        [keys, ends]: [&Fst<D>; 2],
        words: bool,
        mut found: impl FnMut(String, &Node<'_>, Output, u8, bool),
    ) {
        let [forwards, backwards] = &self.whole;
        let [first, second] = &self.halves;
        let foreign = foreign(forwards);
        let begun = match self.distance {
            1 => Sought { start: first, rest: &forwards[first.len()..], part: None, distance: 1, words, foreign },
            distance => Sought { start: "", rest: forwards, part: Some(first), distance, words, foreign },
        };
        search(keys, &begun, |key, node, output, edits| found(key.to_owned(), node, output, edits, false));
        let ended = Sought { start: second, rest: &backwards[second.len()..], part: None, ..begun };
        let turned = |key: &str| key.chars().rev().collect();
        search(ends, &ended, |key, node, output, edits| found(turned(key), node, output, edits, true));
    }
}

/// What is looked for in an automaton: what begins with `start` and goes on within `distance` of `rest`; where a `part` of that is
/// told, it begins within one edit less of it.
#[derive(Clone, Copy)]
struct Sought<'a> {
    start: &'a str,
    rest: &'a str,
    part: Option<&'a str>,
    distance: u8,
    /// Words at the beginning of keys, not whole keys.
    words: bool,
    /// What [`foreign`] says.
    foreign: u8,
}

/// Calls `found` with all ways from the root that are near, the node and the output where they end, and the edits.
///
/// Common letters at the beginning leave the distance as it is, and automata for half a word are built in half the time.
fn search<D: AsRef<[u8]>>(keys: &Fst<D>, sought: &Sought<'_>, mut found: impl FnMut(&str, &Node<'_>, Output, u8)) {
    let &Sought { start, rest, part, distance, words, foreign } = sought;
    let mut node = keys.root();
    let mut output = Output::zero();
    for &byte in start.as_bytes() {
        let Some(way) = node.find_input(byte).map(|n| node.transition(n)) else { return };
        (node, output) = (keys.node(way.addr), output.cat(way.out));
    }
    let whole = automata(distance).build_dfa(rest);
    let part = part.map(|part| automata(distance - 1).build_prefix_dfa(part));
    // Without a part, any state that does not accept will do.
    let mut state = (whole.initial_state(), SINK_STATE + 1);
    if let Some(part) = &part {
        state.1 = part.initial_state();
    }
    let is_begun = |state| part.as_ref().is_none_or(|part| matches!(part.distance(state), Distance::Exact(_)));
    let begin = |state, byte| part.as_ref().map_or(state, |part| part.transition(state, byte));
    let mut key = Vec::with_capacity(2 * (start.len() + rest.len()));
    key.extend_from_slice(start.as_bytes());
    let mut steps = vec![Step { node, way: 0, state, output }];
    while let Some(step) = steps.last_mut() {
        if step.way == 0
            && let Distance::Exact(edits) = whole.distance(step.state.0)
            && is_begun(step.state.1)
            && let Ok(key) = std::str::from_utf8(&key)
        {
            found(key, &step.node, step.output, edits);
        }
        // Most ways on lead too far away. What lies behind them is not looked at, as a stream of the automaton's own would.
        let near = (step.way..step.node.len()).find_map(|n| {
            let way = step.node.transition(n);
            let state = (whole.transition(step.state.0, way.inp), begin(step.state.1, way.inp));
            let goes_on = way.inp < foreign && !(words && way.inp == b' ');
            let near = goes_on && state.0 != SINK_STATE && state.1 != SINK_STATE;
            near.then_some((n, way, state))
        });
        match near {
            Some((n, way, state)) => {
                step.way = n + 1;
                let output = step.output.cat(way.out);
                key.push(way.inp);
                steps.push(Step { node: keys.node(way.addr), way: 0, state, output });
            }
            None => {
                key.pop();
                steps.pop();
            }
        }
    }
}

/// A node on the way to keys near to a word.
struct Step<'a> {
    node: Node<'a>,
    /// The first of its ways on that was not taken yet.
    way: usize,
    /// Where the automata for the whole and for the beginning are.
    state: (u32, u32),
    output: Output,
}

/// The byte from which on a letter (its first byte in UTF-8) is of a script far from those of `word`.
///
/// Nobody types a Chinese letter for a Latin one by mistake, and there are thousands of them: an automaton that lets any
/// letter stand for the first of a word spends nearly all its time among them.
pub(super) fn foreign(word: &str) -> u8 {
    match word.bytes().max().unwrap_or(0) {
        0..0xcc => 0xcc,    // Latin letters, with those of phonetic alphabets: up to U+02FF
        0xcc..0xe0 => 0xe0, // letters of two bytes: Greek, Cyrillic, Armenian, Hebrew, Arabic
        _ => u8::MAX,
    }
}

fn automata(distance: u8) -> &'static LevenshteinAutomatonBuilder {
    use std::sync::OnceLock;
    static ALL: [OnceLock<LevenshteinAutomatonBuilder>; 3] = [const { OnceLock::new() }; 3];
    let distance = distance.min(2);
    ALL[usize::from(distance)].get_or_init(|| LevenshteinAutomatonBuilder::new(distance, true))
}

/// A place on the way along the keys: the letters so far begin some key.
#[derive(Clone, Copy)]
pub struct Walk<'a> {
    keys: &'a Fst<Mmap>,
    at: fst::raw::CompiledAddr,
    output: Output,
}

impl Walk<'_> {
    /// Goes on by the bytes of `letters`; false where no key goes on so, and the walk is over.
    #[inline]
    pub fn step(&mut self, letters: &str) -> bool {
        let mut node = self.keys.node(self.at);
        for &byte in letters.as_bytes() {
            let Some(way) = node.find_input(byte) else { return false };
            let transition = node.transition(way);
            self.output = self.output.cat(transition.out);
            node = self.keys.node(transition.addr);
        }
        self.at = node.addr();
        true
    }

    /// The slot of the key that ends here, if one does.
    #[inline]
    pub fn slot(&self) -> Option<Slot> {
        let node = self.keys.node(self.at);
        node.is_final().then(|| Slot(self.output.cat(node.final_output()).value()))
    }
}

/// The names behind a key, the most prominent entity's first.
#[derive(Clone)]
pub struct Postings<'a>(Kind<'a>);

#[derive(Clone)]
enum Kind<'a> {
    One(Option<u32>),
    List(&'a [u8]),
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    fn next(&mut self) -> Option<Posting> {
        match &mut self.0 {
            Kind::One(posting) => posting.take().map(Posting),
            Kind::List(bytes) => {
                let (word, rest) = bytes.split_first_chunk::<4>()?;
                *bytes = rest;
                Some(Posting(u32::from_le_bytes(*word)))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            Kind::One(posting) => usize::from(posting.is_some()),
            Kind::List(bytes) => bytes.len() / 4,
        };
        (left, Some(left))
    }
}

impl ExactSizeIterator for Postings<'_> {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn automaton(words: impl Iterator<Item = String>) -> Fst<Vec<u8>> {
        let words: BTreeSet<String> = words.collect();
        Fst::from_iter_set(words).expect("an automaton")
    }

    /// Near keys as they are found from both ends, and as every key tells that is asked.
    fn both(word: &str, keys: &BTreeSet<String>, distance: u8) -> [BTreeSet<(String, u8)>; 2] {
        let forwards = automaton(keys.iter().cloned());
        let backwards = automaton(keys.iter().map(|key| key.chars().rev().collect()));
        let mut found = BTreeSet::new();
        Halves::of(word, distance).find([&forwards, &backwards], false, |key, node, _, edits, _| {
            if node.is_final() {
                found.insert((key, edits));
            }
        });
        let edits = |key: &String| (key.clone(), strsim::osa_distance(word, key) as u8);
        [found, keys.iter().map(edits).filter(|(_, edits)| *edits <= distance).collect()]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default() })]
        #[test]
        fn from_both_ends_every_near_key_is_found_and_no_other(
            keys in prop::collection::btree_set("[abcé ]{1,9}", 1..60),
            word in "[abcé]{1,9}",
            distance in 1u8..=2,
        ) {
            let [found, wanted] = both(&word, &keys, distance);
            prop_assert_eq!(found, wanted);
        }
    }
}
