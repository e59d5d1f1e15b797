//! What the text around a mention says about which of its readings is meant.
//!
//! First by hand: what a mention may mean is weighed by how prominent it is, by what stands beside it
//! (`Paris, Texas`; `Karabakh (Garabagh)`), by the countries and units that the other mentions speak of, and by what the
//! user said of the text. One surface means one thing throughout a text. Then a model looks at all of this and at how near
//! the other places are ([`super::features`]).

use hashbrown::HashMap;

use super::features::{self, Surroundings};
use crate::entity::Script;
use crate::fold::{Folded, Gap, generic};
use crate::gazetteer::Gazetteer;
use crate::index::names::Slot;
use crate::index::places::NONE;
use crate::model::Model;
use crate::score;
use crate::tag::{Options, Reading, Readings, Recognized};

/// A mention while it is weighed.
struct Weighed<'k> {
    mention: &'k Recognized,
    /// What the user's hints are worth to each reading.
    given: Vec<f32>,
    /// What each reading gains by standing where it stands, the hints included.
    beside: Vec<f32>,
    /// The probability of each reading.
    shares: Vec<f32>,
}

/// What one surface means throughout a text.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The probability of each reading of its range.
    pub shares: Vec<f32>,
    /// The readings that were weighed in full, and where their features begin in [`Choices::rows`].
    pub rows: Vec<(usize, usize)>,
}

/// What every surface of a text means.
#[derive(Debug, Default)]
pub struct Choices {
    /// By slot.
    pub choices: HashMap<u64, Choice>,
    /// The features of readings, [`features::NAMES`] a row.
    pub rows: Vec<f32>,
}

/// So many readings of a surface are weighed in full: the likeliest ones.
const MOST: usize = 12;

/// Which readings of the mentions are meant, by the text around them.
pub fn choose(
    gazetteer: &Gazetteer,
    options: &Options,
    model: &Model,
    text: &str,
    folded: &Folded,
    readings: &Readings,
    mentions: &[&Recognized],
) -> Choices {
    let mut kept: Vec<Weighed<'_>> = mentions
        .iter()
        .map(|mention| {
            let given: Vec<f32> = readings.get(mention.range).iter().map(|r| given(gazetteer, options, r)).collect();
            Weighed { mention, beside: given.clone(), given, shares: Vec::new() }
        })
        .collect();
    kept.iter_mut().for_each(|chosen| generics(folded, readings, chosen));
    kept.iter_mut().for_each(|chosen| marks(gazetteer, text, readings, chosen));
    neighbours(gazetteer, text, folded, readings, &mut kept);
    for chosen in &mut kept {
        chosen.shares = shares(readings.get(chosen.mention.range), &chosen.beside, |_| 0.0);
    }
    let senses = one_sense(&kept);
    let context = Context::of(readings, &kept, &senses);
    let mut choices = Choices::default();
    let mut around = Surroundings::default();
    let mut supports = Vec::with_capacity(senses.len());
    for &(slot, leader) in &senses {
        let support = context.support(readings, &kept[leader]);
        let all = readings.get(kept[leader].mention.range);
        let shares = shares(all, &kept[leader].beside, |n| support[n].worth());
        around.add(slot, kept[leader].mention.probability, all, &shares);
        supports.push(support);
        choices.choices.insert(slot, Choice { shares, rows: Vec::new() });
    }
    around.settle();
    for (&(slot, leader), support) in senses.iter().zip(&supports) {
        let Some(choice) = choices.choices.get_mut(&slot) else { continue };
        let chosen = &kept[leader];
        let all = readings.get(chosen.mention.range);
        let mut order: Vec<usize> = (0..all.len()).filter(|&n| choice.shares[n] > 0.0).collect();
        order.sort_by(|&a, &b| choice.shares[b].total_cmp(&choice.shares[a]).then(a.cmp(&b)));
        order.truncate(MOST);
        let own = features::Own::new(slot, chosen.mention.probability, all);
        for (rank, &n) in order.iter().enumerate() {
            let weighed = features::Weighed {
                beside: chosen.beside[n] - chosen.given[n],
                support: support[n].worth(),
                country: support[n].country,
                unit: support[n].unit,
                share: choice.shares[n],
                rank,
            };
            choice.rows.push((n, choices.rows.len()));
            features::row(&around, &own, &all[n], &weighed, &mut choices.rows);
        }
        if !model.resolution.is_empty() {
            rank(model, all, &choices.rows, &chosen.given, choice);
        }
    }
    choices
}

/// Lets the model say which reading is meant; what the user said of the text counts beside it.
fn rank(model: &Model, all: &[Reading], rows: &[f32], given: &[f32], choice: &mut Choice) {
    choice.shares.fill(0.0);
    for &(n, at) in &choice.rows {
        let worth = model.resolution.probability(&rows[at..at + features::NAMES.len()]);
        // City, county and state of one name: the text must speak for the unit, the town needs no word for it.
        let town = |&(m, _): &(usize, usize)| all[m].class == b'P' && all[m].chain.contains(&all[n].entity);
        let twin = all[n].class == b'A' && !all[n].is_country && choice.rows.iter().any(town);
        choice.shares[n] = worth * given[n].exp() * if twin { score::UNIT_OF_ONE_NAME } else { 1.0 };
    }
    let total: f32 = choice.shares.iter().sum();
    if total > 0.0 {
        choice.shares.iter_mut().for_each(|share| *share /= total);
    }
}

/// What the user's hints are worth to a reading; readings that the options rule out are worth nothing.
fn given(gazetteer: &Gazetteer, options: &Options, reading: &Reading) -> f32 {
    if reading.demonym && !options.demonyms {
        return f32::NEG_INFINITY;
    }
    if !options.types.is_empty() && !options.types.contains(&reading.kind) {
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
        _ if generic::is_connective(folded.letters(&words[first - 1])) && joins(first - 1) => Some(first - 2),
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
    weight: f32,
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
            let weight = chosen.mention.probability;
            let mut own = Own { weight, ..Own::default() };
            for (reading, share) in readings.get(chosen.mention.range).iter().zip(&chosen.shares) {
                let share = share * weight;
                *own.countries.entry(reading.country).or_insert(0.0) += share;
                *context.countries.entry(reading.country).or_insert(0.0) += share;
                if reading.admin1 != NONE {
                    *own.units.entry(reading.admin1).or_insert(0.0) += share;
                    *context.units.entry(reading.admin1).or_insert(0.0) += share;
                }
            }
            context.total += weight;
            context.own.insert(slot, own);
        }
        context
    }

    /// What the rest of the text says of each reading of a mention.
    fn support(&self, readings: &Readings, chosen: &Weighed<'_>) -> Vec<Support> {
        let all = readings.get(chosen.mention.range);
        let none = || vec![Support::default(); all.len()];
        let Some(own) = self.own.get(&chosen.mention.slot) else { return none() };
        let others = self.total - own.weight;
        if others <= 0.0 {
            return none();
        }
        let rest = |map: f32, own: f32| ((map - own) / (others + 1.0)).max(0.0);
        let one = |reading: &Reading| {
            let of = |r: &Reading| self.countries.get(&r.country).copied().unwrap_or(0.0);
            let country = rest(of(reading), own.countries.get(&reading.country).copied().unwrap_or(0.0));
            let unit = match reading.admin1 {
                NONE => 0.0,
                unit => {
                    rest(self.units.get(&unit).copied().unwrap_or(0.0), own.units.get(&unit).copied().unwrap_or(0.0))
                }
            };
            Support { country, unit }
        };
        all.iter().map(one).collect()
    }
}

/// How much of the rest of a text is about a reading's country and first-level unit, 0 to 1.
#[derive(Clone, Copy, Default)]
struct Support {
    country: f32,
    unit: f32,
}

impl Support {
    fn worth(self) -> f32 {
        6.0 * self.country.sqrt() + 5.0 * self.unit.sqrt()
    }
}
