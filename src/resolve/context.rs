//! What the text around a mention says about which of its readings is meant.
//!
//! The choice is simple and honest: what a mention may mean is weighed by how prominent it is, by what stands beside it
//! (`Paris, Texas`; `Karabakh (Garabagh)`), by the countries and units that the other mentions speak of, and by what the
//! user said of the text. One surface means one thing throughout a text.

use hashbrown::HashMap;

use crate::entity::Script;
use crate::fold::{Folded, Gap, generic};
use crate::gazetteer::Gazetteer;
use crate::index::names::Slot;
use crate::index::places::NONE;
use crate::score;
use crate::tag::{Options, Reading, Readings, Recognized};

/// A mention while it is weighed.
struct Weighed<'k> {
    mention: &'k Recognized,
    /// What each reading gains by standing where it stands.
    beside: Vec<f32>,
    /// The probability of each reading.
    shares: Vec<f32>,
}

/// For each mention the probabilities of its readings, by the text around it; in the order of the mentions.
pub fn choose(
    gazetteer: &Gazetteer,
    options: &Options,
    text: &str,
    folded: &Folded,
    readings: &Readings,
    mentions: &[Recognized],
) -> Vec<Vec<f32>> {
    let given =
        |mention: &Recognized| readings.get(mention.range).iter().map(|r| given(gazetteer, options, r)).collect();
    let mut kept: Vec<Weighed<'_>> =
        mentions.iter().map(|mention| Weighed { mention, beside: given(mention), shares: Vec::new() }).collect();
    kept.iter_mut().for_each(|chosen| generics(folded, readings, chosen));
    kept.iter_mut().for_each(|chosen| marks(gazetteer, text, readings, chosen));
    neighbours(gazetteer, text, folded, readings, &mut kept);
    for chosen in &mut kept {
        chosen.shares = shares(readings.get(chosen.mention.range), &chosen.beside, |_| 0.0);
    }
    let senses = one_sense(&kept);
    let context = Context::of(readings, &kept, &senses);
    let mut settled: HashMap<u64, Vec<f32>> = HashMap::with_capacity(senses.len());
    for &(sense, leader) in &senses {
        let support = context.support(readings, &kept[leader]);
        let all = readings.get(kept[leader].mention.range);
        settled.insert(sense, shares(all, &kept[leader].beside, |n| support[n]));
    }
    mentions.iter().map(|mention| settled.get(&mention.slot).cloned().unwrap_or_default()).collect()
}

/// What the user's hints are worth to a reading; readings that the options rule out are worth nothing.
fn given(gazetteer: &Gazetteer, options: &Options, reading: &Reading) -> f32 {
    if reading.demonym && !options.demonyms {
        return f32::NEG_INFINITY;
    }
    let mut worth = 0.0;
    if !options.countries.is_empty() && options.countries.iter().any(|c| c.to_bytes() == reading.country) {
        worth += 10.0;
    }
    if let Some(near) = &options.near {
        let point = gazetteer.places.entity(reading.entity).and_then(|e| e.point());
        worth += score::nearness(point, near) as f32;
    }
    worth
}

/// Marks that were written are meant: who has the very spelling goes before who has it with other marks.
fn marks(gazetteer: &Gazetteer, text: &str, readings: &Readings, chosen: &mut Weighed<'_>) {
    let surface = &text[chosen.mention.byte_start..chosen.mention.byte_end];
    if surface.is_ascii() || Script::of(surface).as_str() != "Latn" {
        return;
    }
    let surface = surface.to_lowercase();
    let names = gazetteer.names.postings(Slot(chosen.mention.slot)).filter_map(|p| gazetteer.places.name(p.name()));
    let alike: Vec<u32> = names
        .filter(|name| name.text().to_lowercase() == surface)
        .filter_map(|name| name.entity().map(|entity| entity.number()))
        .collect();
    if !alike.is_empty() {
        for (reading, beside) in readings.get(chosen.mention.range).iter().zip(&mut chosen.beside) {
            *beside += if alike.contains(&reading.entity) { 0.0 } else { score::OTHER_MARKS as f32 };
        }
    }
}

/// A generic element beside the name: `Donetsk oblast`, `the city of Donetsk`, `г. Донецк`.
fn generics(folded: &Folded, readings: &Readings, chosen: &mut Weighed<'_>) {
    let words = folded.words();
    let (first, last) = (chosen.mention.first as usize, chosen.mention.last as usize);
    let after = words.get(last + 1).filter(|next| matches!(next.gap, Gap::Space | Gap::Hyphen)).map(|_| last + 1);
    let joins = |at: usize| words[at].gap.joins();
    let before = match first {
        0 => None,
        1 => Some(0),
        // "city of Donetsk", unless "of" begins something else.
        _ if generic::is_joint(folded.letters(&words[first - 1])) && joins(first - 1) => Some(first - 2),
        _ => Some(first - 1),
    };
    let before = before.filter(|_| joins(first));
    let found = [after, before].into_iter().flatten().find_map(|at| generic::generic(folded.letters(&words[at])));
    let Some(found) = found else { return };
    for (reading, gain) in readings.get(chosen.mention.range).iter().zip(&mut chosen.beside) {
        if found.classes.contains(reading.class as char) && !reading.is_country {
            *gain += score::GENERIC_FITS as f32;
        }
    }
}

/// Two mentions side by side: one contains the other (`Paris, Texas`), or both are names of one entity
/// (`Karabakh (Garabagh)`, `Khankendi/Stepanakert`).
fn neighbours(gazetteer: &Gazetteer, text: &str, folded: &Folded, readings: &Readings, kept: &mut [Weighed<'_>]) {
    const CONTAINED: f32 = 6.0;
    const SAME: f32 = 8.0;
    for n in 1..kept.len() {
        let (left, right) = (kept[n - 1].mention, kept[n].mention);
        if right.first != left.last + 1 {
            continue;
        }
        let gap = folded.words()[right.first as usize].gap;
        let slash = text[left.byte_end..right.byte_start].contains('/');
        let (ones, others) = (readings.get(left.range), readings.get(right.range));
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
                let Some(entity) = gazetteer.places.entity(one.entity) else { continue };
                for (b, other) in others.iter().enumerate() {
                    if one.entity != other.entity && !one.demonym && !other.demonym && entity.is_within(other.entity) {
                        gains.0[a] = gains.0[a].max(CONTAINED);
                        gains.1[b] = gains.1[b].max(CONTAINED);
                    }
                }
            }
        }
        for (chosen, gains) in [(n - 1, gains.0), (n, gains.1)] {
            kept[chosen].beside.iter_mut().zip(gains).for_each(|(have, gain)| *have += gain);
        }
    }
}

/// For each surface the mention that tells most: the one whose surroundings say most.
/// In the order of the text, so that sums come out the same at every run.
fn one_sense(kept: &[Weighed<'_>]) -> Vec<(u64, usize)> {
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut leaders: Vec<(u64, usize)> = Vec::new();
    let weight = |c: &Weighed<'_>| c.beside.iter().copied().fold(0.0, f32::max);
    for (n, chosen) in kept.iter().enumerate() {
        let slot = chosen.mention.slot;
        let place = *places.entry(slot).or_insert_with(|| {
            leaders.push((slot, n));
            leaders.len() - 1
        });
        if weight(chosen) > weight(&kept[leaders[place].1]) {
            leaders[place].1 = n;
        }
    }
    leaders
}

/// The probabilities of readings that exclude each other.
fn shares(readings: &[Reading], beside: &[f32], support: impl Fn(usize) -> f32) -> Vec<f32> {
    let weights: Vec<f32> = readings.iter().enumerate().map(|(n, r)| r.evidence + beside[n] + support(n)).collect();
    let top = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !top.is_finite() {
        return vec![0.0; readings.len()];
    }
    let mut shares: Vec<f32> = weights.iter().map(|w| (w - top).exp()).collect();
    let total: f32 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}

/// What one surface alone says of countries and units.
#[derive(Default)]
struct Own {
    countries: HashMap<[u8; 2], f32>,
    units: HashMap<u32, f32>,
}

/// What a text speaks of: how much of it is about which country and which first-level unit.
struct Context {
    countries: HashMap<[u8; 2], f32>,
    units: HashMap<u32, f32>,
    total: f32,
    own: HashMap<u64, Own>,
}

impl Context {
    fn of(readings: &Readings, kept: &[Weighed<'_>], senses: &[(u64, usize)]) -> Context {
        let mut context = Context { countries: HashMap::new(), units: HashMap::new(), total: 0.0, own: HashMap::new() };
        for &(slot, leader) in senses {
            let chosen = &kept[leader];
            let mut own = Own::default();
            for (reading, &share) in readings.get(chosen.mention.range).iter().zip(&chosen.shares) {
                *own.countries.entry(reading.country).or_insert(0.0) += share;
                *context.countries.entry(reading.country).or_insert(0.0) += share;
                if reading.admin1 != NONE {
                    *own.units.entry(reading.admin1).or_insert(0.0) += share;
                    *context.units.entry(reading.admin1).or_insert(0.0) += share;
                }
            }
            context.total += 1.0;
            context.own.insert(slot, own);
        }
        context
    }

    /// What the rest of the text is worth to each reading of a mention.
    fn support(&self, readings: &Readings, chosen: &Weighed<'_>) -> Vec<f32> {
        let others = self.total - 1.0;
        let all = readings.get(chosen.mention.range);
        let Some(Own { countries: own_countries, units: own_units }) = self.own.get(&chosen.mention.slot) else {
            return vec![0.0; all.len()];
        };
        if others <= 0.0 {
            return vec![0.0; all.len()];
        }
        let rest = |map: f32, own: f32| ((map - own) / (others + 1.0)).max(0.0);
        let one = |reading: &Reading| {
            let of = |r: &Reading| self.countries.get(&r.country).copied().unwrap_or(0.0);
            let country = rest(of(reading), own_countries.get(&reading.country).copied().unwrap_or(0.0));
            let unit = match reading.admin1 {
                NONE => 0.0,
                unit => {
                    rest(self.units.get(&unit).copied().unwrap_or(0.0), own_units.get(&unit).copied().unwrap_or(0.0))
                }
            };
            6.0 * country.sqrt() + 5.0 * unit.sqrt()
        };
        all.iter().map(one).collect()
    }
}
