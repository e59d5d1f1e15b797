//! A candidate among the other values of its column.
//!
//! [`ColumnContext`] adds up what the candidates of all distinct values say about the column: its countries, first-level units,
//! kinds of places, and where on the map they lie. [`ColumnJudge`] then judges the candidates of one value by what the *other*
//! values say. All sums are of whole numbers, so the order of the values makes no difference.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::features::{PARTIAL, UNIT_YIELDS, class, how, rounded};
use super::{JUDGED, finish, is_same_place, share};
use crate::entity::Country;
use crate::forest::{self, Forest};
use crate::index::places::EntityRef;
use crate::rank::Candidate;
use crate::rank::evidence::{is_unit_around, name_kind};

/// The names of the features.
pub const NAMES: [&str; 26] = [
    "how",
    "similarity",
    "name-kind",
    "main",
    "class",
    "inhabitants",
    "odds",
    "lead",
    "score",
    "rank",
    "candidates",
    "values",
    "country",
    "country-cover",
    "country-lead",
    "country-top",
    "unit",
    "unit-cover",
    "unit-lead",
    "unit-top",
    "kind",
    "kind-lead",
    "near",
    "near-lead",
    "above",
    "best-score",
];

/// The features of a candidate.
pub type Row = [f32; NAMES.len()];

/// The names of the features of an answer: those of its best candidate, and what the first forest makes of all.
pub fn answer_names() -> Vec<&'static str> {
    NAMES.iter().copied().chain(["sense-share", "sense-odds", "sense-lead", "same-place"]).collect()
}

/// How often what the column is about is worked out from the answers to its values.
pub const ROUNDS: usize = 2;

/// Fewer values with candidates than this are no company.
pub const LEAST_VALUES: u64 = 4;

/// What a candidate says about its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    number: u32,
    /// The probability in thousandths.
    weight: u64,
    country: Option<Country>,
    unit: Option<u32>,
    class: u8,
    cell: Option<(i16, i16)>,
}

impl Evidence {
    /// What each of some candidates says, with the scores that `judged` gives them.
    pub fn of_all(candidates: &[Candidate<'_>], judged: &[Candidate<'_>]) -> Vec<Evidence> {
        let score = |number: u32| judged.iter().find(|c| c.entity.number() == number).map_or(0.0, |c| c.score);
        let one = |c: &Candidate<'_>| Evidence { weight: thousandths(score(c.entity.number())), ..Evidence::of(c) };
        candidates.iter().map(one).collect()
    }

    /// What a candidate says, by its score.
    pub fn of(candidate: &Candidate<'_>) -> Evidence {
        let entity = &candidate.entity;
        Evidence {
            number: entity.number(),
            weight: thousandths(candidate.score),
            country: entity.country(),
            unit: unit(entity),
            class: kind(entity),
            cell: entity.point().map(|p| (p.lat.floor() as i16, p.lon.floor() as i16)),
        }
    }
}

fn thousandths(score: f64) -> u64 {
    (score * 1000.0).round() as u64
}

/// The first-level unit that an entity is or lies in.
fn unit(entity: &EntityRef<'_>) -> Option<u32> {
    let is_first = |e: &EntityRef<'_>| e.feature().code() == "ADM1";
    std::iter::once(*entity).chain(entity.containers()).find(is_first).map(|e| e.number())
}

/// Kinds of places that columns are made of: countries, first-level units, other units, towns, other places, what is no place.
fn kind(entity: &EntityRef<'_>) -> u8 {
    match class(entity) as u8 {
        class @ 0..=2 => class,
        3 => 2,
        4..=8 => 4,
        class => class,
    }
}

/// What the values of a column have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnContext {
    /// How many values have candidates.
    values: u64,
    /// The probabilities of all candidates, in thousandths.
    weight: u64,
    countries: HashMap<Country, Sum>,
    units: HashMap<u32, Sum>,
    kinds: HashMap<u8, Sum>,
    cells: HashMap<(i16, i16), u64>,
    entities: HashMap<u32, u64>,
}

/// Probabilities in thousandths, and how many values have a candidate at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    weight: u64,
    values: u64,
}

impl ColumnContext {
    /// Adds up the candidates of values.
    pub fn new<'e>(values: impl Iterator<Item = &'e [Evidence]>) -> ColumnContext {
        let mut context = ColumnContext::default();
        for value in values.filter(|value| !value.is_empty()) {
            context.values += 1;
            for (n, one) in value.iter().enumerate() {
                context.weight += one.weight;
                let earlier = &value[..n];
                let add = |sum: &mut Sum, is_new: bool| {
                    sum.weight += one.weight;
                    sum.values += u64::from(is_new);
                };
                if let Some(country) = one.country {
                    let is_new = earlier.iter().all(|e| e.country != one.country);
                    add(context.countries.entry(country).or_default(), is_new);
                }
                if let Some(unit) = one.unit {
                    let is_new = earlier.iter().all(|e| e.unit != one.unit);
                    add(context.units.entry(unit).or_default(), is_new);
                }
                add(context.kinds.entry(one.class).or_default(), earlier.iter().all(|e| e.class != one.class));
                if let Some(cell) = one.cell {
                    *context.cells.entry(cell).or_default() += one.weight;
                }
                *context.entities.entry(one.number).or_default() += one.weight;
            }
        }
        context
    }

    /// Whether there are enough values to say anything.
    pub fn is_telling(&self) -> bool {
        self.values >= LEAST_VALUES
    }

    /// How many values have candidates.
    pub fn values(&self) -> u64 {
        self.values
    }

    /// The country that explains most of the column, and its share of all values with candidates, 0 to 1.
    pub fn main_country(&self) -> Option<(Country, f64)> {
        let best = self.countries.iter().max_by_key(|(country, sum)| (sum.weight, std::cmp::Reverse(**country)))?;
        Some((*best.0, best.1.weight as f64 / 1000.0 / self.values as f64))
    }

    /// The first-level unit that explains most of the column, by number, and its share of all values with candidates, 0 to 1.
    pub fn main_unit(&self) -> Option<(u32, f64)> {
        let best = self.units.iter().max_by_key(|(unit, sum)| (sum.weight, std::cmp::Reverse(**unit)))?;
        Some((*best.0, best.1.weight as f64 / 1000.0 / self.values as f64))
    }

    /// The features of the first candidates of a value, best first; `own` is what they added to this context.
    pub fn rows(&self, own: &[Evidence], candidates: &[Candidate<'_>]) -> Vec<Row> {
        let judged = &candidates[..candidates.len().min(JUDGED).min(own.len())];
        let own_weight: u64 = own.iter().map(|e| e.weight).sum();
        let rest = (self.weight.saturating_sub(own_weight)) as f64 / 1000.0 + 1.0;
        let others = (self.values.saturating_sub(1)).max(1) as f64;
        let share = |all: u64, own: u64| all.saturating_sub(own) as f64 / 1000.0 / rest;
        let sum = |of: &dyn Fn(&Evidence) -> bool| own.iter().filter(|e| of(e)).map(|e| e.weight).sum::<u64>();
        let cover = |sum: Sum| sum.values.saturating_sub(1) as f64 / others;
        let company: Vec<[f64; 6]> = own[..judged.len()]
            .iter()
            .map(|e| {
                let country = e.country.and_then(|c| self.countries.get(&c).copied()).unwrap_or_default();
                let unit = e.unit.and_then(|u| self.units.get(&u).copied()).unwrap_or_default();
                let kind = self.kinds.get(&e.class).copied().unwrap_or_default();
                [
                    share(country.weight, sum(&|o| o.country == e.country)),
                    if e.country.is_some() { cover(country) } else { 0.0 },
                    share(unit.weight, sum(&|o| o.unit == e.unit)),
                    if e.unit.is_some() { cover(unit) } else { 0.0 },
                    share(kind.weight, sum(&|o| o.class == e.class)),
                    e.cell.map_or(0.0, |cell| self.around(cell, own) / rest),
                ]
            })
            .collect();
        let top_country = self.countries.values().map(|s| s.weight).max().unwrap_or(0) as f64 / 1000.0 / rest;
        let top_unit = self.units.values().map(|s| s.weight).max().unwrap_or(0) as f64 / 1000.0 / rest;
        let best_score = judged.first().map_or(0.0, |c| c.score);
        (0..judged.len())
            .map(|n| {
                let candidate = &judged[n];
                let [country, country_cover, unit, unit_cover, kind, near] = company[n];
                let rival = |of: usize| {
                    let best = (0..judged.len()).filter(|&m| m != n).map(|m| company[m][of]);
                    best.fold(0.0, f64::max)
                };
                let lead = (0..judged.len()).filter(|&m| m != n).map(|m| judged[m].evidence);
                let lead = candidate.evidence - lead.fold(f64::NEG_INFINITY, f64::max);
                let above = candidate.entity.containers().filter_map(|c| self.entities.get(&c.number())).sum::<u64>();
                [
                    how(candidate),
                    rounded(candidate.similarity),
                    rounded(name_kind(&candidate.name)),
                    f32::from(u8::from(candidate.name.is_main())),
                    class(&candidate.entity),
                    rounded((f64::from(candidate.entity.prominence()) + 1.0).ln()),
                    rounded(candidate.evidence.clamp(-20.0, 20.0)),
                    rounded(lead.clamp(-20.0, 20.0)),
                    rounded(candidate.score),
                    n as f32,
                    judged.len() as f32,
                    rounded((self.values as f64).ln()),
                    rounded(country),
                    rounded(country_cover),
                    rounded(country - rival(0)),
                    rounded(top_country - country),
                    rounded(unit),
                    rounded(unit_cover),
                    rounded(unit - rival(2)),
                    rounded(top_unit - unit),
                    rounded(kind),
                    rounded(kind - rival(4)),
                    rounded(near),
                    rounded(near - rival(5)),
                    rounded((above as f64 / 1000.0).min(3.0)),
                    rounded(best_score),
                ]
            })
            .collect()
    }

    /// The expected number of other values in the nine cells of one degree around a cell.
    fn around(&self, (lat, lon): (i16, i16), own: &[Evidence]) -> f64 {
        let mut weight = 0;
        for lat in lat - 1..=lat + 1 {
            for lon in lon - 1..=lon + 1 {
                let lon = if lon < -180 {
                    lon + 360
                } else if lon > 179 {
                    lon - 360
                } else {
                    lon
                };
                let all = self.cells.get(&(lat, lon)).copied().unwrap_or(0);
                let own: u64 = own.iter().filter(|e| e.cell == Some((lat, lon))).map(|e| e.weight).sum();
                weight += all.saturating_sub(own);
            }
        }
        weight as f64 / 1000.0
    }
}

/// Where [`NAMES`] has `kind`.
const KIND: usize = 20;

/// Log odds that a unit loses to a town of its name in it, as for names alone, unless the column is one of such units.
fn unit_yields(n: usize, row: &Row, candidates: &[Candidate<'_>]) -> f64 {
    let unit = &candidates[n].entity;
    let judged = &candidates[..candidates.len().min(JUDGED)];
    let has_town = || judged.iter().any(|town| is_unit_around(unit, &town.entity));
    if row[0] != PARTIAL && row[KIND] < 0.5 && has_town() { UNIT_YIELDS } else { 0.0 }
}

/// The two forests that judge the candidates of a value by its column.
#[derive(Clone, Debug, Default)]
pub struct ColumnJudge {
    /// Is this candidate meant? Over [`NAMES`].
    pub sense: Forest,
    /// Is the best candidate right? Over [`answer_names`].
    pub right: Forest,
}

static BUNDLED: LazyLock<ColumnJudge> = LazyLock::new(|| ColumnJudge {
    sense: forest::bundled("column-sense", &NAMES),
    right: forest::bundled("column-right", &answer_names()),
});

impl ColumnJudge {
    /// The judge of the bundled model file, unless that lacks one.
    pub fn bundled() -> Option<&'static ColumnJudge> {
        Some(&*BUNDLED).filter(|judge| !judge.sense.is_empty() && !judge.right.is_empty())
    }

    /// The candidates of a value as the column has them, best first. `own` is what they added to the context, in their order.
    pub fn judged<'g>(
        &self,
        context: &ColumnContext,
        own: &[Evidence],
        candidates: &[Candidate<'g>],
    ) -> Vec<Candidate<'g>> {
        let mut judged = candidates.to_vec();
        if let Some(answer) = self.order(context, own, &mut judged) {
            finish(f64::from(self.right.probability(&answer)), &mut judged);
        }
        judged
    }

    /// Sorts the candidates by the first forest; the features of the answer, for the second one.
    pub fn order(
        &self,
        context: &ColumnContext,
        own: &[Evidence],
        candidates: &mut [Candidate<'_>],
    ) -> Option<Vec<f32>> {
        let rows = context.rows(own, candidates);
        let odds = |(n, row): (usize, &Row)| f64::from(self.sense.score(row)) + unit_yields(n, row, candidates);
        let log_odds: Vec<f64> = rows.iter().enumerate().map(odds).collect();
        let first = share(&log_odds, candidates)?;
        let best = candidates.first()?;
        let mut answer = rows[first].to_vec();
        let second = candidates.get(1).map_or(0.0, |c| c.score);
        let near: f64 = candidates.iter().take(JUDGED).filter(|c| is_same_place(best, c)).map(|c| c.score).sum();
        answer.extend([best.score, best.evidence, best.score - second, near].map(rounded));
        Some(answer)
    }
}
