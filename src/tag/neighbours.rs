//! What the words and names beside a mention say about its senses: generic elements, diacritics, containers and apposition.

use super::senses::Senses;
use super::text_context::TextContext;
use super::weighed_mention::WeighedMention;
use crate::entity::Script;
use crate::fold::{Gap, generic};
use crate::index::names::Slot;
use crate::rank::weights::WEIGHTS;

/// Log odds of a sense inside a sense of the next mention: `Paris, Texas`.
const CONTAINED: f32 = 6.0;
/// Log odds of a sense that is also one of the next mention: `Karabakh (Garabagh)`, `Khankendi/Stepanakert`.
const SAME: f32 = 8.0;

/// Adds the log odds to the mentions of a text.
pub(super) fn weigh(context: &TextContext<'_>, senses: &Senses, mentions: &mut [WeighedMention<'_>]) {
    for mention in mentions.iter_mut() {
        generic_elements(context, senses, mention);
        diacritics(context, senses, mention);
    }
    for n in 1..mentions.len() {
        let (left, right) = mentions.split_at_mut(n);
        adjacent(context, senses, &mut left[n - 1], &mut right[0]);
    }
}

/// A generic element beside the name: `Donetsk oblast`, `the city of Donetsk`, `г. Донецк`.
fn generic_elements(context: &TextContext<'_>, senses: &Senses, mention: &mut WeighedMention<'_>) {
    let words = context.words;
    let (first, last) = (mention.span.first as usize, mention.span.last as usize);
    let after = words.get(last + 1).filter(|next| matches!(next.gap, Gap::Space | Gap::Hyphen)).map(|_| last + 1);
    let before = match first {
        0 => None,
        1 => Some(0),
        // "city of Donetsk", unless "of" begins something else.
        _ if generic::is_connective(context.letters(first - 1)) && words[first - 1].gap.joins() => Some(first - 2),
        _ => Some(first - 1),
    };
    let before = before.filter(|_| words[first].gap.joins());
    let found = [after, before].into_iter().flatten().find_map(|at| generic::generic(context.letters(at)));
    let Some(found) = found else { return };
    for (sense, beside) in senses.get(mention.span.range).iter().zip(&mut mention.beside) {
        if found.classes.contains(sense.class as char) && !sense.is_country {
            *beside += WEIGHTS.generic_fits as f32;
        }
    }
}

/// Written diacritics are meant: an entity with the very spelling comes before one with other diacritics.
fn diacritics(context: &TextContext<'_>, senses: &Senses, mention: &mut WeighedMention<'_>) {
    let surface = &context.text[mention.span.byte_start..mention.span.byte_end];
    if surface.is_ascii() || Script::of(surface).as_str() != "Latn" {
        return;
    }
    let surface = surface.to_lowercase();
    let same: Vec<u32> = context
        .index
        .names_at(Slot(mention.span.slot))
        .filter(|name| name.text().to_lowercase() == surface)
        .filter_map(|name| name.entity().map(|entity| entity.number()))
        .collect();
    if !same.is_empty() {
        for (sense, beside) in senses.get(mention.span.range).iter().zip(&mut mention.beside) {
            *beside += if same.contains(&sense.entity) { 0.0 } else { WEIGHTS.other_diacritics as f32 };
        }
    }
}

/// Two mentions side by side: one contains the other, or both name one entity.
fn adjacent(context: &TextContext<'_>, senses: &Senses, left: &mut WeighedMention<'_>, right: &mut WeighedMention<'_>) {
    if right.span.first != left.span.last + 1 {
        return;
    }
    let gap = context.words[right.span.first as usize].gap;
    let slash = context.text[left.span.byte_end..right.span.byte_start].contains('/');
    let (ones, others) = (senses.get(left.span.range), senses.get(right.span.range));
    let mut gains = (vec![0f32; ones.len()], vec![0f32; others.len()]);
    if gap == Gap::Paren || slash {
        for (a, one) in ones.iter().enumerate() {
            for (b, other) in others.iter().enumerate() {
                if one.entity == other.entity {
                    gains.0[a] = SAME;
                    gains.1[b] = SAME;
                }
            }
        }
    }
    if matches!(gap, Gap::Comma | Gap::Paren) {
        for (a, one) in ones.iter().enumerate() {
            let Some(entity) = context.index.entity(one.entity) else { continue };
            for (b, other) in others.iter().enumerate() {
                if one.entity != other.entity && !one.demonym && !other.demonym && entity.is_within(other.entity) {
                    gains.0[a] = gains.0[a].max(CONTAINED);
                    gains.1[b] = gains.1[b].max(CONTAINED);
                }
            }
        }
    }
    left.beside.iter_mut().zip(gains.0).for_each(|(have, gain)| *have += gain);
    right.beside.iter_mut().zip(gains.1).for_each(|(have, gain)| *have += gain);
}
