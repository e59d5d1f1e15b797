//! The features that tell whether a span is a name here, one row of numbers for each span.

use hashbrown::HashMap;

use super::cues;
use super::scored_span::{ScoredSpan, Tie};
use super::senses::Sense;
use super::text_context::TextContext;
use crate::fold::{Case, Gap};
use crate::forest::CueWords;
use crate::index::words::WordUse;

/// The names of the features, in order.
pub const NAMES: [&str; 55] = [
    "reasons",
    "reasons-most",
    "reasons-mean",
    "reasons-rival",
    "evidence",
    "evidence-lead",
    "inhabitants",
    "class",
    "kind",
    "main",
    "weak",
    "english",
    "senses",
    "words",
    "letters",
    "case",
    "starts",
    "listed",
    "ordinary",
    "given",
    "surname",
    "inflected",
    "demonym",
    "capitals",
    "gap-before",
    "case-before",
    "locative-before",
    "title-before",
    "given-before",
    "ordinary-before",
    "cue-before",
    "name-before",
    "gap-after",
    "case-after",
    "head-after",
    "surname-after",
    "given-after",
    "ordinary-after",
    "cue-after",
    "name-after",
    "run-before",
    "run-after",
    "run-head",
    "cue-run",
    "tied",
    "inside",
    "holds",
    "times",
    "times-small",
    "times-locative",
    "times-given",
    "times-tied",
    "line-length",
    "position",
    "names-nearby",
];

/// What the words beside a name tell, learned from text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContextCues {
    /// Words before a name.
    pub before: CueWords,
    /// Words after it.
    pub after: CueWords,
    /// Last words of the capitalized run that it begins.
    pub run: CueWords,
}

/// A gap as a number; a hash separates words like a space.
fn gap(gap: Gap) -> f32 {
    f32::from(match gap {
        Gap::Hash | Gap::Joined => Gap::Space as u8,
        Gap::Handle => Gap::Break as u8,
        gap => gap as u8,
    })
}

/// What a text says about one surface, in all its positions.
#[derive(Clone, Copy, Default)]
struct Surface {
    times: f32,
    locative: f32,
    given: f32,
    tied: f32,
    most: f32,
    sum: f32,
}

/// Fills `rows` with a row for each span.
pub fn rows(
    context: &TextContext<'_>,
    cue_words: &ContextCues,
    spans: &[ScoredSpan],
    best: &[Sense],
    rows: &mut Vec<f32>,
) {
    rows.clear();
    rows.reserve(spans.len() * NAMES.len());
    let words = context.words;
    let mut surfaces: HashMap<u64, Surface> = HashMap::with_capacity(spans.len());
    // The best span that ends and that begins at each word.
    let mut ends = vec![f32::NEG_INFINITY; words.len()];
    let mut begins = vec![f32::NEG_INFINITY; words.len()];
    for span in spans {
        let first = span.first as usize;
        let surface = surfaces.entry(span.slot).or_insert(Surface { most: f32::NEG_INFINITY, ..Surface::default() });
        surface.times += 1.0;
        surface.locative += f32::from(u8::from(context.follows_locative(first)));
        surface.given += f32::from(u8::from(context.follows_given_name(first)));
        surface.tied += f32::from(u8::from(span.tie != Tie::None));
        surface.most = surface.most.max(span.reasons);
        surface.sum += span.reasons;
        ends[span.last as usize] = ends[span.last as usize].max(span.reasons);
        begins[first] = begins[first].max(span.reasons);
    }
    // Words that are lowercase somewhere in the text.
    let mut lowercase: HashMap<&str, f32> = HashMap::new();
    for word in words.iter().filter(|word| word.case == Case::Lower) {
        *lowercase.entry(context.folded.letters(word)).or_default() += 1.0;
    }
    let uses = |at: usize| context.uses(at);
    for (n, (span, best)) in spans.iter().zip(best).enumerate() {
        let (first, last) = (span.first as usize, span.last as usize);
        let single = first == last;
        let surface = surfaces.get(&span.slot).copied().unwrap_or_default();
        let overlaps = |other: &&ScoredSpan| other.first <= span.last && other.last >= span.first;
        let near = n.saturating_sub(12)..(n + 13).min(spans.len());
        let others =
            || spans[near.clone()].iter().filter(overlaps).filter(|o| (o.first, o.last) != (span.first, span.last));
        let longer = |o: &&ScoredSpan| o.last - o.first > span.last - span.first;
        let most = |some: &mut dyn Iterator<Item = f32>| some.fold(-9.0f32, f32::max);
        let inside = most(&mut others().filter(longer).map(|o| o.reasons));
        let holds = most(&mut others().filter(|o| !longer(o)).map(|o| o.reasons));
        let own = context.uses_of(first, last);
        let before = first.checked_sub(1).filter(|_| words[first].gap != Gap::Break);
        let after = (last + 1 < words.len() && words[last + 1].gap != Gap::Break).then_some(last + 1);
        let run_before = context.run(first, true);
        let run_after = context.run(last, false);
        let head = last + run_after;
        let weight = |at: Option<usize>, word_use: WordUse| at.map_or(0.0, |at| f32::from(uses(at).weight(word_use)));
        let name = context.index.places.name(best.name);
        let close = |o: &&ScoredSpan| o.reasons > 0.5 && !overlaps(o);
        let letters: u32 = words[first..=last].iter().map(|w| w.len).sum();
        let row = [
            span.reasons,
            surface.most,
            surface.sum / surface.times.max(1.0),
            inside.max(holds),
            best.evidence,
            best.lead,
            best.facts.inhabitants,
            best.facts.class,
            best.facts.kind,
            best.facts.main,
            best.facts.weak,
            name.map_or(
                0.0,
                |name| if name.lang() == "en" { 2.0 } else { f32::from(u8::from(name.lang().is_empty())) },
            ),
            (span.range.1 - span.range.0) as f32,
            (last - first + 1) as f32,
            letters as f32,
            words[first].case as u8 as f32,
            f32::from(u8::from(context.starts_sentence(first))),
            f32::from(own.weight(WordUse::Listed)),
            f32::from(own.weight(WordUse::Ordinary)),
            f32::from(own.weight(WordUse::Given)),
            f32::from(own.weight(WordUse::Surname)),
            f32::from(u8::from(span.inflected)),
            f32::from(u8::from(best.demonym)),
            f32::from(u8::from(best.capitals)),
            gap(words[first].gap),
            before.map_or(-1.0, |at| words[at].case as u8 as f32),
            f32::from(u8::from(before.is_some_and(|at| cues::is_locative(context.letters(at))))),
            f32::from(u8::from(before.is_some_and(|at| cues::is_title(context.letters(at))))),
            weight(before.filter(|&at| words[at].case != Case::Lower), WordUse::Given),
            weight(before, WordUse::Ordinary),
            before.map_or(0.0, |at| cue_words.before.log_odds(context.letters(at))),
            before.map_or(-9.0, |at| ends[at].max(-9.0)),
            words.get(last + 1).map_or(-1.0, |word| gap(word.gap)),
            after.map_or(-1.0, |at| words[at].case as u8 as f32),
            f32::from(u8::from(
                after.is_some_and(|at| words[at].case != Case::Lower && cues::is_head(context.letters(at))),
            )),
            weight(after.filter(|&at| words[at].case != Case::Lower), WordUse::Surname),
            weight(after.filter(|&at| words[at].case != Case::Lower), WordUse::Given),
            weight(after, WordUse::Ordinary),
            after.map_or(0.0, |at| cue_words.after.log_odds(context.letters(at))),
            after.map_or(-9.0, |at| begins[at].max(-9.0)),
            run_before as f32,
            run_after as f32,
            f32::from(u8::from(run_after > 0 && cues::is_head(context.letters(head)))),
            if run_after > 0 { cue_words.run.log_odds(context.letters(head)) } else { 0.0 },
            span.tie as u8 as f32,
            inside,
            holds,
            surface.times,
            if single { lowercase.get(context.letters(first)).copied().unwrap_or(0.0) } else { 0.0 },
            surface.locative,
            surface.given,
            surface.tied,
            context.line_length(first),
            (span.first as f32 / 50.0).min(20.0),
            spans[near.clone()].iter().filter(close).count() as f32,
        ];
        rows.extend_from_slice(&row);
    }
}
