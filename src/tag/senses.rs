//! The senses of a span: the entities behind its key, each with its best name. Worked out once and remembered.

use hashbrown::HashMap;

use crate::entity::{EntityType, NameKind};
use crate::index::Index;
use crate::index::names::Slot;
use crate::index::places::{EntityRef, NONE, NameRef};
use crate::rank::evidence;
use crate::rank::weights::WEIGHTS;

/// One entity that a span may mean.
#[derive(Clone, Copy, Debug)]
pub struct Sense {
    /// The entity's number.
    pub entity: u32,
    /// The number of its best name for this key.
    pub name: u32,
    /// The evidence that does not depend on the text, in log odds.
    pub evidence: f32,
    /// The entity's country, zeros for none.
    pub country: [u8; 2],
    /// The first-level unit it lies in or is, [`NONE`] if there is none.
    pub admin1: u32,
    /// The letter of the entity's GeoNames class, 0 for none.
    pub class: u8,
    /// What the entity is.
    pub kind: EntityType,
    /// Whether the name is a demonym.
    pub demonym: bool,
    /// Whether the name is all uppercase: `US`, `UAE`.
    pub capitals: bool,
    /// Whether the entity is a country or a territory of its own.
    pub is_country: bool,
    /// How far its evidence is above that of the next sense, or below that of the best.
    pub lead: f32,
    /// Facts that are features of the models.
    pub facts: Facts,
    /// Its containers, the nearest first; [`NONE`] if there are fewer.
    pub chain: [u32; 4],
    /// Latitude, longitude and the cosine of the latitude; NaN if unknown.
    pub point: [f32; 3],
}

/// What is known about a sense whatever the text, as numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Logarithm of the population plus one.
    pub inhabitants: f32,
    /// Country 0, first-level unit 1, second-level 2, other units 3, capital 4, seat 5 or 6, other town 7, part of one 8,
    /// region or continent 9, water 10, mountain 11, site 12, not a place 13.
    pub class: f32,
    /// The name's kind, by number.
    pub kind: f32,
    /// 1 for the main name.
    pub main: f32,
    /// 1 for a weak name.
    pub weak: f32,
    /// Logarithm of the number of names plus one.
    pub names: f32,
}

impl Facts {
    fn of(entity: &EntityRef<'_>, name: &NameRef<'_>) -> Facts {
        let feature = entity.feature();
        let class = match (feature.class(), feature.code()) {
            (Some('A'), code) if code.starts_with("PCL") => 0,
            (Some('A'), "ADM1" | "ADM1H") => 1,
            (Some('A'), "ADM2") => 2,
            (Some('A'), _) => 3,
            (Some('P'), "PPLC") => 4,
            (Some('P'), "PPLA") => 5,
            (Some('P'), "PPLA2" | "PPLA3") => 6,
            (Some('P'), "PPLX") => 8,
            (Some('P'), _) => 7,
            (Some('L'), _) => 9,
            (Some('H'), _) => 10,
            (Some('T'), _) => 11,
            (Some(_), _) => 12,
            (None, _) => 13,
        };
        Facts {
            inhabitants: (entity.prominence() as f32 + 1.0).ln(),
            class: class as f32,
            kind: name.kind() as u8 as f32,
            main: f32::from(u8::from(name.is_main())),
            weak: f32::from(u8::from(name.is_weak())),
            names: (entity.name_count() as f32 + 1.0).ln(),
        }
    }
}

/// Senses by slot, remembered from text to text.
#[derive(Debug, Default)]
pub struct Senses {
    known: HashMap<u64, (u32, u32)>,
    all: Vec<Sense>,
}

/// How many senses of one key are considered: the most prominent ones.
const MAX_READINGS: usize = 24;
/// Senses that are kept before the memory is cleared.
const MAX_KEPT: usize = 1 << 17;

impl Senses {
    /// The senses of a key, the best first, as a range for [`Senses::get`].
    pub fn of(&mut self, index: &Index, slot: Slot) -> (u32, u32) {
        if let Some(&range) = self.known.get(&slot.0) {
            return range;
        }
        let from = self.all.len();
        for posting in index.names.postings(slot) {
            let Some(name) = index.places.name(posting.name()) else { continue };
            let Some(entity) = name.entity() else { continue };
            if !name.in_text() {
                continue;
            }
            let mut evidence = (evidence::prominence(&entity) + evidence::name_kind(&name)) as f32;
            if posting.is_spelled() {
                evidence -= 0.5;
            }
            let demonym = name.kind() == NameKind::Demonym;
            if let Some(known) = self.all[from..].iter_mut().find(|r| r.entity == entity.number()) {
                let before = index.places.name(known.name);
                let english = before.is_some_and(|name| name.lang() == "en");
                let before = before.map_or((false, false), |name| rank(&name));
                // One spelling serves many languages; among equals the English name counts, as in a lookup.
                if (rank(&name), evidence, name.lang() == "en") > (before, known.evidence, english) {
                    (known.evidence, known.name) = (evidence, name.number());
                    known.demonym = demonym;
                    known.capitals = is_uppercase(name.text());
                    known.facts = Facts::of(&entity, &name);
                }
                continue;
            }
            if self.all.len() - from == MAX_READINGS {
                break;
            }
            let admin1 = std::iter::once(entity).chain(entity.containers()).find(|e| e.feature().code() == "ADM1");
            let mut chain = [NONE; 4];
            chain.iter_mut().zip(entity.containers()).for_each(|(at, container)| *at = container.number());
            self.all.push(Sense {
                entity: entity.number(),
                name: name.number(),
                evidence,
                country: entity.country().map_or([0; 2], |c| c.to_bytes()),
                admin1: admin1.map_or(NONE, |e| e.number()),
                class: entity.feature().class().map_or(0, |c| c as u8),
                kind: entity.kind(),
                demonym,
                capitals: is_uppercase(name.text()),
                is_country: entity.feature().is_country(),
                lead: 0.0,
                facts: Facts::of(&entity, &name),
                chain,
                point: entity
                    .point()
                    .map_or([f32::NAN; 3], |p| [p.lat as f32, p.lon as f32, p.lat.to_radians().cos() as f32]),
            });
        }
        settle_twins(index, &mut self.all[from..]);
        self.all[from..].sort_by(|a, b| b.evidence.total_cmp(&a.evidence).then(a.entity.cmp(&b.entity)));
        let (best, next) = (self.all[from..].first().copied(), self.all[from..].get(1).copied());
        for (n, sense) in self.all[from..].iter_mut().enumerate() {
            let rival = if n == 0 { next } else { best };
            sense.lead = rival.map_or(9.0, |rival| sense.evidence - rival.evidence);
        }
        let range = (from as u32, self.all.len() as u32);
        self.known.insert(slot.0, range);
        range
    }

    /// The senses of a range.
    pub fn get(&self, range: (u32, u32)) -> &[Sense] {
        &self.all[range.0 as usize..range.1 as usize]
    }

    /// Forgets everything if the memory is full. Only between texts.
    pub fn clear_if_full(&mut self) {
        if self.all.len() > MAX_KEPT {
            self.all.clear();
            self.known.clear();
        }
    }
}

/// Which name of an entity counts for a key: the main name, then the English demonym (`Azerbaijani` is also the name of the country
/// in Swahili), then the most likely.
fn rank(name: &NameRef<'_>) -> (bool, bool) {
    (name.is_main(), name.kind() == NameKind::Demonym && name.lang() == "en")
}

/// A unit yields to the town of its name.
fn settle_twins(index: &Index, senses: &mut [Sense]) {
    let towns: Vec<u32> = senses.iter().filter(|r| r.class == b'P').map(|r| r.entity).collect();
    for sense in senses.iter_mut().filter(|r| r.class == b'A' && !r.is_country) {
        let Some(unit) = index.places.entity(sense.entity) else { continue };
        let around = |&town: &u32| index.places.entity(town).is_some_and(|town| evidence::is_unit_around(&unit, &town));
        if towns.iter().any(around) {
            sense.evidence += WEIGHTS.unit_around_town as f32;
        }
    }
}

fn is_uppercase(name: &str) -> bool {
    name.chars().any(char::is_uppercase) && !name.chars().any(char::is_lowercase)
}
