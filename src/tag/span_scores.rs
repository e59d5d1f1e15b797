//! Stages 2 and 3: is this span a name here?
//!
//! Each span gets a sum of rules for and against ([`super::rules`]). In English text a model judges these sums and more features
//! ([`super::span_features`]); in other text the spans with a positive sum are kept.

use super::model::TagModel;
use super::options::Options;
use super::scored_span::{ScoredSpan, Tie};
use super::senses::{Sense, Senses};
use super::span_features;
use super::spans::Span;
use super::text_context::TextContext;
use crate::entity::EntityType;
use crate::fold::Gap;

/// The least probability of a selected span, if the model judged it. Low, because the score of the answer is judged later.
const MIN_BY_MODEL: f32 = 0.08;

/// The same, if only the rules did.
const MIN_BY_RULES: f32 = 0.5;

/// The least probability of a span inside a selected one.
const MIN_NESTED: f32 = 0.5;

/// Spans, scored, and the best sense of each whatever the text around it.
pub struct Spans {
    /// In text order, the shorter before the longer.
    pub scored: Vec<ScoredSpan>,
    /// The best sense that the spelling of each allows.
    pub best: Vec<Sense>,
}

/// Stage 2, by rules: every span whose spelling allows it to be a name.
pub fn by_rules(context: &TextContext<'_>, options: &Options, spans: &[Span], senses: &mut Senses) -> Spans {
    let mut scored: Vec<ScoredSpan> = Vec::with_capacity(spans.len());
    let mut best = Vec::with_capacity(spans.len());
    let mut ends = vec![f32::NEG_INFINITY; context.words.len()];
    for span in spans {
        let Some((span, sense)) = context.score_span(options, span, senses, &ends) else { continue };
        let end = &mut ends[span.last as usize];
        *end = end.max(span.reasons);
        scored.push(span);
        best.push(sense);
    }
    tie(context, senses, &mut scored);
    follow_persons(context, &mut scored);
    scored.iter_mut().for_each(|span| span.probability = sigmoid(span.reasons));
    Spans { scored, best }
}

/// Stage 2, by the model: replaces the probabilities of places. `rows` receives the features. Returns whether there is a model.
pub fn by_model(
    context: &TextContext<'_>,
    model: &TagModel,
    spans: &mut [ScoredSpan],
    best: &[Sense],
    rows: &mut Vec<f32>,
) -> bool {
    span_features::rows(context, &model.cues, spans, best, rows);
    if model.recognition.is_empty() {
        return false;
    }
    for ((span, row), best) in spans.iter_mut().zip(rows.chunks_exact(span_features::NAMES.len())).zip(best) {
        // The model was trained on places only; the rules judge other entities.
        if best.kind == EntityType::Place {
            span.probability = model.recognition_for(span.caseless).probability(row);
        }
    }
    true
}

/// Stage 3: selects spans that do not overlap, the most likely first; with `nested`, also likely ones inside them. Returns
/// their places, in text order.
pub fn select(spans: &[ScoredSpan], learned: bool, nested: bool) -> Vec<usize> {
    let least = if learned { MIN_BY_MODEL } else { MIN_BY_RULES };
    let mut order: Vec<usize> = (0..spans.len()).filter(|&n| spans[n].probability > least).collect();
    order.sort_by(|&a, &b| {
        let (one, other) = (&spans[a], &spans[b]);
        let length = |span: &ScoredSpan| if learned { 0 } else { span.last - span.first };
        let by_length = length(other).cmp(&length(one));
        by_length.then(other.probability.total_cmp(&one.probability)).then(a.cmp(&b))
    });
    let mut taken = vec![false; spans.iter().map(|span| span.last as usize + 1).max().unwrap_or(0)];
    let mut selected = Vec::with_capacity(order.len());
    for n in order {
        let words = spans[n].first as usize..spans[n].last as usize + 1;
        if !taken[words.clone()].contains(&true) {
            taken[words].fill(true);
            selected.push(n);
        }
    }
    if nested {
        let within = |inner: &ScoredSpan, outer: &ScoredSpan| {
            (inner.first, inner.last) != (outer.first, outer.last)
                && (outer.first..=outer.last).contains(&inner.first)
                && inner.last <= outer.last
        };
        let likely = |n: &usize| spans[*n].probability > MIN_NESTED && !selected.contains(n);
        let inside: Vec<usize> = (0..spans.len())
            .filter(likely)
            .filter(|&n| selected.iter().any(|&outer| within(&spans[n], &spans[outer])))
            .collect();
        selected.extend(inside);
    }
    selected.sort_unstable();
    selected
}

fn sigmoid(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// Two names side by side speak for each other: `Sense, Pennsylvania`, `Karabakh (Garabagh)`.
fn tie(context: &TextContext<'_>, senses: &Senses, spans: &mut [ScoredSpan]) {
    for n in 0..spans.len() {
        let first = spans[n].first as usize;
        let gap = context.words[first].gap;
        if first == 0 || matches!(gap, Gap::Space | Gap::None | Gap::Dot | Gap::Apostrophe) {
            continue;
        }
        for m in (0..n).rev() {
            if spans[m].first as usize + 12 < first {
                break;
            }
            if spans[m].last as usize + 1 != first || spans[m].reasons <= 0.0 && spans[n].reasons <= 0.0 {
                continue;
            }
            let tie = tied(context, senses, &spans[m], &spans[n], gap);
            let bonus = match tie {
                Tie::None => continue,
                Tie::Within => 4.0,
                Tie::Same => 5.0,
            };
            for at in [m, n] {
                if spans[at].tie == Tie::None {
                    spans[at].reasons += bonus;
                }
                spans[at].tie = tie;
            }
        }
    }
}

fn tied(context: &TextContext<'_>, senses: &Senses, left: &ScoredSpan, right: &ScoredSpan, gap: Gap) -> Tie {
    let slash = context.text.get(left.byte_end..right.byte_start).is_some_and(|between| between.contains('/'));
    if !matches!(gap, Gap::Comma | Gap::Paren) && !slash {
        return Tie::None;
    }
    let (ones, others) = (senses.get(left.range), senses.get(right.range));
    let pair = |tied: &dyn Fn(&Sense, &Sense) -> bool| {
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

/// After a person is named in full ("Jack London"), the surname alone means the person, unless a locative precedes it.
fn follow_persons(context: &TextContext<'_>, spans: &mut [ScoredSpan]) {
    let mut persons: Vec<u64> = Vec::new();
    for span in spans {
        let first = span.first as usize;
        if context.follows_given_name(first) {
            persons.push(span.slot);
        } else if persons.contains(&span.slot) {
            span.reasons -= if context.follows_locative(first) { 1.0 } else { 3.0 };
        }
    }
}
