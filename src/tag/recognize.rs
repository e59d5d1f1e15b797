//! Is this a name here? Each span gets a sum of small reasons for and against. In English texts a model looks at these and
//! at more ([`super::features`]); in all others what stays above zero is kept.

use super::page::{Page, is_english};
use super::readings::{Reading, Readings};
use super::spans::Span;
use super::{Options, cues, features};
use crate::entity::EntityType;
use crate::fold::letters::{Role, is_apostrophe, role};
use crate::fold::{Case, Folded, Gap};
use crate::gazetteer::Gazetteer;
use crate::index::words::WordUse;
use crate::model::Model;

/// A span that was recognized as a name, on its way to a resolution.
#[derive(Clone, Debug)]
pub struct Recognized {
    /// Its first word.
    pub first: u32,
    /// Its last word.
    pub last: u32,
    /// First byte in the text.
    pub byte_start: usize,
    /// Byte after the last.
    pub byte_end: usize,
    /// How strongly it is a name here, as a logarithm of odds.
    pub reasons: f32,
    /// The key's slot: the same for every mention of one surface.
    pub slot: u64,
    /// Its readings, in [`Readings`].
    pub range: (u32, u32),
    /// Whether grammar has changed the name.
    pub inflected: bool,
    /// How it is tied to the name beside it.
    pub tie: Tie,
    /// The probability that it is a name here.
    pub probability: f32,
    /// Whether the size of its letters says nothing ([`crate::fold::Case::Caseless`]).
    pub lost: bool,
}

/// How a span is tied to the name beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tie {
    /// Not at all.
    #[default]
    None = 0,
    /// One contains the other: `Reading, Pennsylvania`.
    Within = 1,
    /// Both name one entity: `Karabakh (Garabagh)`.
    Same = 2,
}

/// What is recognized by a model rather than by reasons: spans that are less likely than this are none.
const LEAST: f32 = 0.08;

/// Spans inside a chosen one that are less likely than this are no names of their own.
const NESTED: f32 = 0.5;

/// Every span that its spelling allows, weighed by hand; in the order of the text, the shorter before the longer.
pub fn weigh<'a>(
    gazetteer: &'a Gazetteer,
    options: &Options,
    text: &'a str,
    folded: &'a Folded,
    spans: &[Span],
    readings: &mut Readings,
) -> (Page<'a>, Vec<Recognized>, Vec<Reading>) {
    readings.clear_if_full();
    let page = Page::new(gazetteer, text, folded);
    let mut weighed: Vec<Recognized> = Vec::with_capacity(spans.len());
    let mut best = Vec::with_capacity(spans.len());
    let mut ends = vec![f32::NEG_INFINITY; folded.words().len()];
    for span in spans {
        let Some((recognized, reading)) = page.weigh(options, span, readings, &ends) else { continue };
        let end = &mut ends[recognized.last as usize];
        *end = end.max(recognized.reasons);
        weighed.push(recognized);
        best.push(reading);
    }
    page.tie(readings, &mut weighed);
    page.follow_persons(&mut weighed);
    weighed.iter_mut().for_each(|span| span.probability = sigmoid(span.reasons));
    (page, weighed, best)
}

/// Lets the model say how likely each span is a name, where it has learned from such texts; `told` is whether the user said that
/// this is one, `rows` keeps what it looked at.
pub fn judge(
    page: &Page<'_>,
    told: Option<bool>,
    model: &Model,
    weighed: &mut [Recognized],
    best: &[Reading],
    rows: &mut Vec<f32>,
) -> bool {
    rows.clear();
    if !is_english(page.folded, told) {
        return false;
    }
    features::rows(page, model, weighed, best, rows);
    if model.recognition.is_empty() {
        return false;
    }
    for ((span, row), best) in weighed.iter_mut().zip(rows.chunks_exact(features::NAMES.len())).zip(best) {
        // The model has seen places alone: what else is listed is told by hand.
        if best.kind != EntityType::Place {
            continue;
        }
        span.probability = model.recognition_of(span.lost).probability(row);
    }
    true
}

/// Chooses spans that do not overlap: the likeliest first; with `nested`, those inside them that are likely, too. Returns their
/// places, in the order of the text.
pub fn choose(weighed: &[Recognized], learned: bool, nested: bool) -> Vec<usize> {
    let least = if learned { LEAST } else { 0.5 };
    let mut order: Vec<usize> = (0..weighed.len()).filter(|&n| weighed[n].probability > least).collect();
    order.sort_by(|&a, &b| {
        let (one, other) = (&weighed[a], &weighed[b]);
        let length = |span: &Recognized| if learned { 0 } else { span.last - span.first };
        let by_length = length(other).cmp(&length(one));
        by_length.then(other.probability.total_cmp(&one.probability)).then(a.cmp(&b))
    });
    let mut taken = vec![false; weighed.iter().map(|span| span.last as usize + 1).max().unwrap_or(0)];
    let mut chosen = Vec::with_capacity(order.len());
    for n in order {
        let words = weighed[n].first as usize..weighed[n].last as usize + 1;
        if !taken[words.clone()].contains(&true) {
            taken[words].fill(true);
            chosen.push(n);
        }
    }
    if nested {
        let within = |inner: &Recognized, outer: &Recognized| {
            (inner.first, inner.last) != (outer.first, outer.last)
                && (outer.first..=outer.last).contains(&inner.first)
                && inner.last <= outer.last
        };
        let likely = |n: &usize| weighed[*n].probability > NESTED && !chosen.contains(n);
        let inside: Vec<usize> = (0..weighed.len())
            .filter(likely)
            .filter(|&n| chosen.iter().any(|&outer| within(&weighed[n], &weighed[outer])))
            .collect();
        chosen.extend(inside);
    }
    chosen.sort_unstable();
    chosen
}

fn sigmoid(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

impl<'a> Page<'a> {
    /// Two names side by side speak for each other: `Reading, Pennsylvania`, `Karabakh (Garabagh)`.
    fn tie(&self, readings: &Readings, weighed: &mut [Recognized]) {
        for n in 0..weighed.len() {
            let first = weighed[n].first as usize;
            let gap = self.words[first].gap;
            if first == 0 || matches!(gap, Gap::Space | Gap::None | Gap::Dot | Gap::Apostrophe) {
                continue;
            }
            for m in (0..n).rev() {
                if weighed[m].first as usize + 12 < first {
                    break;
                }
                if weighed[m].last as usize + 1 != first || weighed[m].reasons <= 0.0 && weighed[n].reasons <= 0.0 {
                    continue;
                }
                let tie = self.tied(readings, &weighed[m], &weighed[n], gap);
                let bonus = match tie {
                    Tie::None => continue,
                    Tie::Within => 4.0,
                    Tie::Same => 5.0,
                };
                for at in [m, n] {
                    if weighed[at].tie == Tie::None {
                        weighed[at].reasons += bonus;
                    }
                    weighed[at].tie = tie;
                }
            }
        }
    }

    fn tied(&self, readings: &Readings, left: &Recognized, right: &Recognized, gap: Gap) -> Tie {
        let slash = self.text.get(left.byte_end..right.byte_start).is_some_and(|between| between.contains('/'));
        if !matches!(gap, Gap::Comma | Gap::Paren) && !slash {
            return Tie::None;
        }
        let (ones, others) = (readings.get(left.range), readings.get(right.range));
        let pair = |tied: &dyn Fn(&Reading, &Reading) -> bool| {
            ones.iter().any(|one| others.iter().any(|other| !one.demonym && !other.demonym && tied(one, other)))
        };
        if gap != Gap::Comma && pair(&|one, other| one.entity == other.entity) {
            return Tie::Same;
        }
        match pair(&|one, other| one.chain.contains(&other.entity)) {
            true => Tie::Within,
            false => Tie::None,
        }
    }

    /// Whoever was named in full ("Jack London") is meant by the surname from there on, unless a place is spoken of.
    fn follow_persons(&self, weighed: &mut [Recognized]) {
        let mut persons: Vec<u64> = Vec::new();
        for span in weighed {
            let first = span.first as usize;
            if self.follows_given_name(first) {
                persons.push(span.slot);
            } else if persons.contains(&span.slot) {
                span.reasons -= if self.follows_locative(first) { 1.0 } else { 3.0 };
            }
        }
    }

    /// The span's readings that its spelling allows, and the reasons for its being a name.
    fn weigh(
        &self,
        options: &Options,
        span: &Span,
        readings: &mut Readings,
        ends: &[f32],
    ) -> Option<(Recognized, Reading)> {
        let (first, last) = (span.first as usize, span.last as usize);
        let range = readings.of(self.gazetteer, span.slot);
        let byte_start = self.words[first].start as usize + self.prefix_bytes(first, span.prefix);
        let surface = &self.text[byte_start..self.words[last].end as usize];
        let allowed = |reading: &&Reading| self.allows(options, reading, first, last, surface);
        let best = *readings.get(range).iter().find(allowed)?;
        let byte_end = self.end_of(&best, first, last);
        let inflected = span.is_inflected();
        let reasons = self.reasons(&best, first, last, ends)
            - match (inflected, surface.is_ascii()) {
                (false, _) => 0.0,
                (true, false) => 0.7,
                (true, true) => 1.2,
            };
        let lost = self.words[first].case == Case::Caseless;
        let (first, last, slot) = (span.first, span.last, span.slot.0);
        let (tie, probability) = (Tie::None, 0.0);
        let recognized =
            Recognized { first, last, byte_start, byte_end, reasons, probability, slot, range, inflected, tie, lost };
        Some((recognized, best))
    }

    /// How many bytes a prefix of so many letters takes in the text, with the marks on them.
    fn prefix_bytes(&self, word: usize, letters: u8) -> usize {
        if letters == 0 {
            return 0;
        }
        let word = &self.words[word];
        let written = &self.text[word.start as usize..word.end as usize];
        let mut starts = written.char_indices().filter(|(_, c)| role(*c) != Role::Mark).map(|(at, _)| at);
        starts.nth(usize::from(letters)).unwrap_or(0)
    }

    /// The end of the span's last word, with the dot of an initialism or abbreviation: `U.S.`, `Calif.`
    fn end_of(&self, best: &Reading, first: usize, last: usize) -> usize {
        let end = self.words[last].end as usize;
        if !self.text[end..].starts_with('.') {
            return end;
        }
        let initialism = last > first && self.words[last].gap == Gap::Dot;
        let abbreviation = self.gazetteer.places.name(best.name).is_some_and(|name| name.text().ends_with('.'));
        end + usize::from(initialism || abbreviation)
    }

    /// Whether the spelling in the text can be this reading's name.
    fn allows(&self, options: &Options, reading: &Reading, first: usize, last: usize, surface: &str) -> bool {
        if reading.demonym && !options.demonyms {
            return false;
        }
        let Some(entity) = self.gazetteer.places.entity(reading.entity) else { return false };
        if !options.types.is_empty() && !options.types.contains(&entity.kind()) {
            return false;
        }
        let Some(name) = self.gazetteer.places.name(reading.name) else { return false };
        let letters = surface.chars().filter(|c| c.is_alphabetic()).count();
        let word = &self.words[first];
        // "US" is no "us" and "WHO" no village: short names in capitals are themselves or nothing.
        if first == last && letters <= 4 && surface.is_ascii() && word.case != Case::Caseless {
            let capitals = word.case == Case::Upper && letters > 1;
            if reading.capitals != capitals && (letters <= 3 || reading.capitals) {
                return false;
            }
        }
        if letters == 1 && !word.unspaced {
            return false;
        }
        // "Canada's" is no "Canadas": an apostrophe in the text stands in the name too.
        let inner = &self.words[first..=last];
        if inner.iter().skip(1).any(|word| word.gap == Gap::Apostrophe) && !name.text().chars().any(is_apostrophe) {
            return false;
        }
        // "My" is no "Mỹ": short words lose too much with their marks.
        if letters <= 4 && surface.is_ascii() && !name.text().is_ascii() {
            return false;
        }
        // A word that begins small inside a name is small in the name too: "Isle of Man", no "Paris talks".
        inner.iter().skip(1).all(|word| {
            word.case != Case::Lower || {
                let written = &self.text[word.start as usize..word.end as usize];
                name.text().contains(written)
            }
        })
    }

    fn reasons(&self, best: &Reading, first: usize, last: usize, ends: &[f32]) -> f32 {
        let words = self.words;
        let single = first == last;
        let mut reasons = (0.45 * (best.evidence - 9.0)).clamp(-2.5, 3.5);
        // Long words are seldom something else by chance.
        let length = self.words[first..=last].iter().map(|w| w.len).sum::<u32>() as f32;
        reasons += (0.2 * (length - 6.0)).clamp(-0.5, 1.2);
        if !single {
            reasons += 1.5;
        }
        if single && length <= 5.0 && self.is_foreign(best) {
            reasons -= 1.5;
        }
        let senses = self.senses_of(first, last);
        let starts = first == 0 || matches!(words[first].gap, Gap::Break);
        let listed = senses.weight(WordUse::Listed) > 0;
        if listed {
            reasons -= 3.0;
        } else if single && starts && senses.weight(WordUse::Ordinary) > 0 {
            reasons -= 1.5;
        } else if single && senses.weight(WordUse::Ordinary) > 2 {
            reasons -= 0.7;
        }
        if single && starts {
            reasons -= 0.5;
        }
        if self.in_phrase(first, last) {
            reasons -= 8.0;
        }
        reasons += self.before(first, single, best, ends);
        reasons += self.after(last, single, best);
        if single && senses.weight(WordUse::Given) > 0 && !best.is_country {
            reasons -= 0.8;
        }
        if single && senses.weight(WordUse::Surname) > 0 && !best.is_country {
            reasons -= 0.4;
        }
        reasons
    }

    /// Whether the name is one of a particular language that is neither the place's main name nor English: such short
    /// names in Latin letters are mostly words of the text's own language.
    fn is_foreign(&self, best: &Reading) -> bool {
        self.gazetteer.places.name(best.name).is_some_and(|name| {
            let lang = name.lang();
            !name.is_main() && !lang.is_empty() && !lang.starts_with("en") && name.text().is_ascii()
        })
    }

    /// What the word before speaks for.
    fn before(&self, first: usize, single: bool, best: &Reading, ends: &[f32]) -> f32 {
        let Some(previous) = first.checked_sub(1) else { return 0.0 };
        let (gap, word) = (self.words[first].gap, &self.words[previous]);
        let touches = ends[previous] > 0.0;
        if gap == Gap::Comma && touches {
            return 1.0; // "Lachin, Shusha": a list, or a container
        }
        if !gap.joins() {
            return 0.0;
        }
        let letters = self.letters(previous);
        if cues::is_locative(letters) {
            return if word.case == Case::Lower || word.case == Case::Title { 1.8 } else { 0.5 };
        }
        if cues::is_title(letters) && word.case != Case::Lower && !best.is_country && !best.demonym {
            return -4.5;
        }
        let capital = word.case == Case::Title && gap == Gap::Space;
        if self.follows_given_name(first) && !best.demonym {
            return if best.is_country { -1.0 } else { -4.5 }; // "Jack London"
        }
        if capital && single && !touches && !self.starts_sentence(previous) && !best.is_country && !best.demonym {
            return -1.2; // inside a longer name
        }
        0.0
    }

    /// What the word after speaks for.
    fn after(&self, last: usize, single: bool, best: &Reading) -> f32 {
        let Some(word) = self.words.get(last + 1) else { return 0.0 };
        if word.gap == Gap::Comma && word.case == Case::Title {
            return 0.4;
        }
        if word.gap != Gap::Space || word.case != Case::Title {
            return 0.0;
        }
        let letters = self.folded.letters(word);
        if cues::is_head(letters) {
            return 0.3;
        }
        let given = single && self.senses(last).weight(WordUse::Given) > 0;
        if given && !best.demonym && !best.is_country {
            return -6.0; // "Paris Hilton"
        }
        if single && !best.demonym && !best.is_country {
            return -1.5;
        }
        0.0
    }
}
