//! Is this a name here? Each span gets a sum of small reasons for and against; what stays above zero is kept.

use super::readings::{Reading, Readings};
use super::spans::Span;
use super::{Options, cues};
use crate::fold::letters::{Role, is_apostrophe, role};
use crate::fold::{Case, Folded, Gap, Word};
use crate::gazetteer::Gazetteer;
use crate::index::words::Sense;

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
}

impl Recognized {
    /// The probability that it is a name here.
    pub fn probability(&self) -> f64 {
        1.0 / (1.0 + (-f64::from(self.reasons)).exp())
    }
}

/// Chooses among the spans those that are names here and do not overlap, in the order of the text.
pub fn recognize(
    gazetteer: &Gazetteer,
    options: &Options,
    text: &str,
    folded: &Folded,
    spans: &[Span],
    readings: &mut Readings,
) -> Vec<Recognized> {
    readings.clear_if_full();
    let page = Page::new(gazetteer, text, folded);
    let mut kept: Vec<Recognized> = Vec::new();
    let mut at = 0;
    while at < spans.len() {
        // Spans with one first word stand together, the longest last.
        let first = spans[at].first;
        let end = at + spans[at..].iter().take_while(|s| s.first == first).count();
        // A span that is doubtful by itself keeps its place only until a sure one wants it.
        while kept.last().is_some_and(|last| last.last >= first && last.reasons <= 0.0) {
            kept.pop();
        }
        if kept.last().is_none_or(|last| last.last < first) {
            let weighed =
                spans[at..end].iter().rev().filter_map(|span| page.weigh(options, span, readings, kept.last()));
            let weighed: Vec<Recognized> = weighed.collect();
            let sure = weighed.iter().position(|c| c.reasons > 0.0);
            kept.extend(weighed.into_iter().nth(sure.unwrap_or(0)));
        }
        at = end;
    }
    page.lean_on_neighbours(readings, &mut kept);
    page.follow_persons(&mut kept);
    kept.retain(|c| c.reasons > 0.0);
    kept
}

/// A text with what is known about all of it.
struct Page<'a> {
    gazetteer: &'a Gazetteer,
    text: &'a str,
    folded: &'a Folded,
    words: &'a [Word],
    /// Whether most words are in capitals, so that capitals tell nothing.
    shouting: bool,
}

impl<'a> Page<'a> {
    fn new(gazetteer: &'a Gazetteer, text: &'a str, folded: &'a Folded) -> Page<'a> {
        let words = folded.words();
        let count = |case: Case| words.iter().filter(|w| w.case == case).count();
        let shouting = count(Case::Upper) * 2 > words.len() && words.len() > 3;
        Page { gazetteer, text, folded, words, shouting }
    }

    /// Two names side by side speak for each other: `Reading, Pennsylvania`, `Karabakh (Garabagh)`.
    fn lean_on_neighbours(&self, readings: &Readings, kept: &mut [Recognized]) {
        for n in 1..kept.len() {
            let (left, right) = (&kept[n - 1], &kept[n]);
            if right.first != left.last + 1 || left.reasons <= 0.0 && right.reasons <= 0.0 {
                continue;
            }
            let gap = self.words[right.first as usize].gap;
            let slash = self.text[left.byte_end..right.byte_start].contains('/');
            if !matches!(gap, Gap::Comma | Gap::Paren) && !slash {
                continue;
            }
            let (ones, others) = (readings.get(left.range), readings.get(right.range));
            let pair = |tied: &dyn Fn(&Reading, &Reading) -> bool| {
                ones.iter().any(|one| others.iter().any(|other| !one.demonym && !other.demonym && tied(one, other)))
            };
            let same = gap != Gap::Comma && pair(&|one, other| one.entity == other.entity);
            let within = |one: &Reading, other: &Reading| {
                one.entity != other.entity
                    && self.gazetteer.places.entity(one.entity).is_some_and(|e| e.is_within(other.entity))
            };
            let bonus = if same {
                5.0
            } else if pair(&within) {
                4.0
            } else {
                continue;
            };
            kept[n - 1].reasons += bonus;
            kept[n].reasons += bonus;
        }
    }

    /// Whoever was named in full ("Jack London") is meant by the surname from there on, unless a place is spoken of.
    fn follow_persons(&self, kept: &mut [Recognized]) {
        let mut persons: Vec<u64> = Vec::new();
        for chosen in kept {
            let first = chosen.first as usize;
            if self.follows_given_name(first) {
                persons.push(chosen.slot);
            } else if persons.contains(&chosen.slot) {
                let locative = first > 0 && self.words[first].gap.joins() && cues::is_locative(self.letters(first - 1));
                chosen.reasons -= if locative { 1.0 } else { 3.0 };
            }
        }
    }

    fn follows_given_name(&self, first: usize) -> bool {
        let Some(previous) = first.checked_sub(1) else { return false };
        self.words[first].gap == Gap::Space
            && self.words[previous].case == Case::Title
            && self.gazetteer.words.senses(self.letters(previous)).weight(Sense::Given) > 0
    }

    fn letters(&self, word: usize) -> &str {
        self.folded.letters(&self.words[word])
    }

    /// The span's readings that its spelling allows, and the reasons for its being a name.
    fn weigh(
        &self,
        options: &Options,
        span: &Span,
        readings: &mut Readings,
        before: Option<&Recognized>,
    ) -> Option<Recognized> {
        let (first, last) = (span.first as usize, span.last as usize);
        let range = readings.of(self.gazetteer, span.slot);
        let byte_start = self.words[first].start as usize + self.prefix_bytes(first, span.prefix);
        let surface = &self.text[byte_start..self.words[last].end as usize];
        let allowed = |reading: &&Reading| self.allows(options, reading, first, last, surface);
        let best = readings.get(range).iter().find(allowed)?;
        let byte_end = self.end_of(best, first, last);
        let inflected = span.is_inflected();
        let reasons = self.reasons(best, first, last, before) - if inflected { 0.7 } else { 0.0 };
        let (first, last, slot) = (span.first, span.last, span.slot.0);
        Some(Recognized { first, last, byte_start, byte_end, reasons, slot, range, inflected })
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
        if first == last && letters <= 4 && surface.is_ascii() && !self.shouting {
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

    fn reasons(&self, best: &Reading, first: usize, last: usize, before: Option<&Recognized>) -> f32 {
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
        let key = self.folded.key_of(first..last + 1);
        let senses = self.gazetteer.words.senses(&key);
        let starts = first == 0 || matches!(words[first].gap, Gap::Break);
        let listed = senses.weight(Sense::Listed) > 0;
        if listed {
            reasons -= 3.0;
        } else if single && starts && senses.weight(Sense::Ordinary) > 0 {
            reasons -= 1.5;
        } else if single && senses.weight(Sense::Ordinary) > 2 {
            reasons -= 0.7;
        }
        if single && starts {
            reasons -= 0.5;
        }
        if self.in_phrase(first, last) {
            reasons -= 8.0;
        }
        reasons += self.before(first, single, best, before);
        reasons += self.after(last, single, best);
        if single && senses.weight(Sense::Given) > 0 && !best.is_country {
            reasons -= 0.8;
        }
        if single && senses.weight(Sense::Surname) > 0 && !best.is_country {
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
    fn before(&self, first: usize, single: bool, best: &Reading, before: Option<&Recognized>) -> f32 {
        let Some(previous) = first.checked_sub(1) else { return 0.0 };
        let (gap, word) = (self.words[first].gap, &self.words[previous]);
        if gap == Gap::Comma && before.is_some_and(|b| b.last as usize == previous) {
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
        let touches = before.is_some_and(|b| b.last as usize == previous);
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
        let given = single && self.gazetteer.words.senses(self.letters(last)).weight(Sense::Given) > 0;
        if given && !best.demonym && !best.is_country {
            return -6.0; // "Paris Hilton"
        }
        if single && !best.demonym && !best.is_country {
            return -1.5;
        }
        0.0
    }

    fn starts_sentence(&self, word: usize) -> bool {
        word == 0 || matches!(self.words[word].gap, Gap::Break)
    }

    /// Whether the span is part of a phrase that is listed as something else: "turkey sandwich".
    fn in_phrase(&self, first: usize, last: usize) -> bool {
        let listed = |from: usize, to: usize| {
            self.words[from + 1..=to].iter().all(|w| w.gap.joins())
                && self.gazetteer.words.senses(&self.folded.key_of(from..to + 1)).weight(Sense::Listed) > 0
        };
        let next = last + 1 < self.words.len() && listed(first, last + 1);
        next || first > 0 && listed(first - 1, last)
    }
}
