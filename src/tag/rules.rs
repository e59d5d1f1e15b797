//! The rules of stage 2: whether the spelling of a span can be a name, and what its surroundings say, as a sum of log odds.
//!
//! Set by hand on the examples book. In English text the sum is one feature of the model, elsewhere it decides.

use super::cues;
use super::options::Options;
use super::scored_span::{ScoredSpan, Tie};
use super::senses::{Sense, Senses};
use super::spans::Span;
use super::text_context::TextContext;
use crate::fold::letters::{Role, is_apostrophe, role};
use crate::fold::{Case, Gap};
use crate::index::words::WordUse;

impl TextContext<'_> {
    /// The best sense that the spelling of a span allows, and how strongly the rules say that it is a name.
    pub(super) fn score_span(
        &self,
        options: &Options,
        span: &Span,
        senses: &mut Senses,
        ends: &[f32],
    ) -> Option<(ScoredSpan, Sense)> {
        let (first, last) = (span.first as usize, span.last as usize);
        let range = senses.of(self.index, span.slot);
        let byte_start = self.words[first].start as usize + self.prefix_bytes(first, span.prefix);
        let surface = &self.text[byte_start..self.words[last].end as usize];
        let allowed = |sense: &&Sense| self.allows(options, sense, first, last, surface);
        let best = *senses.get(range).iter().find(allowed)?;
        let byte_end = self.end_of(&best, first, last);
        let inflected = span.is_inflected();
        let reasons = self.reasons(&best, first, last, ends)
            - match (inflected, surface.is_ascii()) {
                (false, _) => 0.0,
                (true, false) => 0.7,
                (true, true) => 1.2,
            };
        let caseless = self.words[first].case == Case::Caseless;
        let (first, last, slot) = (span.first, span.last, span.slot.0);
        let (tie, probability) = (Tie::None, 0.0);
        let recognized = ScoredSpan {
            first,
            last,
            byte_start,
            byte_end,
            reasons,
            probability,
            slot,
            range,
            inflected,
            tie,
            caseless,
        };
        Some((recognized, best))
    }

    /// The length in bytes of a prefix of a word, given in letters; combining marks are not counted.
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
    fn end_of(&self, best: &Sense, first: usize, last: usize) -> usize {
        let end = self.words[last].end as usize;
        if !self.text[end..].starts_with('.') {
            return end;
        }
        let initialism = last > first && self.words[last].gap == Gap::Dot;
        let abbreviation = self.index.places.name(best.name).is_some_and(|name| name.text().ends_with('.'));
        end + usize::from(initialism || abbreviation)
    }

    /// Whether the spelling in the text can be the name of a sense.
    fn allows(&self, options: &Options, sense: &Sense, first: usize, last: usize, surface: &str) -> bool {
        if sense.demonym && !options.demonyms {
            return false;
        }
        let Some(entity) = self.index.places.entity(sense.entity) else { return false };
        if !options.types.is_empty() && !options.types.contains(&entity.kind()) {
            return false;
        }
        let Some(name) = self.index.places.name(sense.name) else { return false };
        let letters = surface.chars().filter(|c| c.is_alphabetic()).count();
        let word = &self.words[first];
        // "US" is not "us", and "WHO" is not a village: short uppercase names match uppercase words only.
        if first == last && letters <= 4 && surface.is_ascii() && word.case != Case::Caseless {
            let capitals = word.case == Case::Upper && letters > 1;
            if sense.capitals != capitals && (letters <= 3 || sense.capitals) {
                return false;
            }
        }
        if letters == 1 && !word.unspaced {
            return false;
        }
        // "Canada's" is not "Canadas": an apostrophe in the text must be in the name as well.
        let inner = &self.words[first..=last];
        if inner.iter().skip(1).any(|word| word.gap == Gap::Apostrophe) && !name.text().chars().any(is_apostrophe) {
            return false;
        }
        // "My" is not "Mỹ": short words lose too much with their diacritics.
        if letters <= 4 && surface.is_ascii() && !name.text().is_ascii() {
            return false;
        }
        // A lowercase word inside a name is lowercase in the name as well: "Isle of Man", but not "Paris talks".
        inner.iter().skip(1).all(|word| {
            word.case != Case::Lower || {
                let written = &self.text[word.start as usize..word.end as usize];
                name.text().contains(written)
            }
        })
    }

    /// The sum of the rules for a span.
    fn reasons(&self, best: &Sense, first: usize, last: usize, ends: &[f32]) -> f32 {
        let words = self.words;
        let single = first == last;
        let mut reasons = (0.45 * (best.evidence - 9.0)).clamp(-2.5, 3.5);
        // Long words are rarely names by coincidence.
        let length = self.words[first..=last].iter().map(|w| w.len).sum::<u32>() as f32;
        reasons += (0.2 * (length - 6.0)).clamp(-0.5, 1.2);
        if !single {
            reasons += 1.5;
        }
        if single && length <= 5.0 && self.is_foreign(best) {
            reasons -= 1.5;
        }
        // A single letter, such as 關, is mostly a word.
        if single && self.letters(first).chars().nth(1).is_none() {
            reasons -= 2.5;
        }
        let uses = self.uses_of(first, last);
        let starts = first == 0 || matches!(words[first].gap, Gap::Break);
        let listed = uses.weight(WordUse::Listed) > 0;
        if listed {
            reasons -= 3.0;
        } else if single && starts && uses.weight(WordUse::Ordinary) > 0 {
            reasons -= 1.5;
        } else if single && uses.weight(WordUse::Ordinary) > 2 {
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
        if single && uses.weight(WordUse::Given) > 0 && !best.is_country {
            reasons -= 0.8;
        }
        if single && uses.weight(WordUse::Surname) > 0 && !best.is_country {
            reasons -= 0.4;
        }
        reasons
    }

    /// Whether the name belongs to a particular language other than English and is not the main name: such short names in ASCII
    /// are mostly words of the language of the text.
    fn is_foreign(&self, best: &Sense) -> bool {
        self.index.places.name(best.name).is_some_and(|name| {
            let lang = name.lang();
            !name.is_main() && !lang.is_empty() && !lang.starts_with("en") && name.text().is_ascii()
        })
    }

    /// What the word before suggests.
    fn before(&self, first: usize, single: bool, best: &Sense, ends: &[f32]) -> f32 {
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

    /// What the word after suggests.
    fn after(&self, last: usize, single: bool, best: &Sense) -> f32 {
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
        let given = single && self.uses(last).weight(WordUse::Given) > 0;
        if given && !best.demonym && !best.is_country {
            return -6.0; // "Paris Hilton"
        }
        if single && !best.demonym && !best.is_country {
            return -1.5;
        }
        0.0
    }
}
