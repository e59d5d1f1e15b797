//! Misspelt and foreign names in a known place: every name there, romanized, held against the one that is asked for.
//!
//! The ladder of a lookup walks the names of the whole world and so must stop at two letters. Within one unit or country
//! there are few enough names to look at all, with a distance that knows how people misspell.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hashbrown::{HashMap, HashSet};

use super::query::Query;
use crate::alike::{Counts, LONGEST, MUTE, Matrix, VOWEL, counts, is_abjad, letters, likeness, plain};
use crate::candidate::{Candidate, MatchKind};
use crate::entity::{Country, EntityType, Script};
use crate::gazetteer::Gazetteer;
use crate::index::places::EntityRef;
use crate::{pair, score};

/// Names less alike than this are other names.
const LEAST: f64 = 0.55;
/// Names this much alike are slightly misspelt.
const SLIGHT: f64 = 0.8;
/// How much less alike a name is that has further words behind those asked for.
const LONGER: f64 = 0.85;
/// How much less alike a name of another script is, whose romanization is compared.
const ROMANIZED: f64 = 0.98;
/// What it is worth to be less alike, in the unit of evidence: the misspelling of a small place is likelier than that of a
/// large one that is less alike.
const UNLIKE: f64 = 60.0;
/// What the odds of being names of one place are worth, by all comparisons of [`pair`].
const SAME: f64 = 2.0;
/// So many of the likeliest are compared in every way.
const JUDGED: usize = 12;

/// Names that are kept in all lists together: a server is asked for ever new places, and must not grow with them.
const MOST_KEPT: usize = 3_000_000;
/// Lists that are kept.
const MOST_LISTS: usize = 4096;

/// What narrows a query.
type Narrowed = (Vec<Country>, Vec<u32>, Vec<String>, Vec<EntityType>);

/// The names of the places that queries were narrowed to, collected once each.
#[derive(Default)]
pub struct Nearest {
    lists: Mutex<HashMap<Narrowed, Arc<OnceLock<List>>>>,
}

/// Names as they are compared, the shortest first.
struct List {
    counts: Vec<Counts>,
    names: Vec<Known>,
}

struct Known {
    /// Numbers in the index.
    entity: u32,
    name: u32,
    letters: Box<[u8]>,
    script: Script,
    /// Whether the name goes on.
    head: bool,
}

impl Nearest {
    /// The entities that the query allows with a name like the one it asks for; the best name of each.
    pub fn find<'g>(&self, gazetteer: &'g Gazetteer, query: &Query<'_>) -> Vec<Candidate<'g>> {
        let asked = plain(query.text);
        if asked.is_empty() || asked.len() > LONGEST {
            return Vec::new();
        }
        let key = (query.countries.clone(), query.within.clone(), query.classes.clone(), query.types.clone());
        let list = {
            let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
            if !lists.contains_key(&key) {
                let kept: usize = lists.values().filter_map(|list| list.get()).map(|list| list.names.len()).sum();
                if kept > MOST_KEPT || lists.len() >= MOST_LISTS {
                    // Whoever still uses a list keeps it.
                    lists.clear();
                }
            }
            lists.entry(key).or_default().clone()
        };
        let list = list.get_or_init(|| List::new(gazetteer, query));
        let (written, script) = (letters(&asked), Script::of(query.text));
        let mut best: HashMap<u32, Candidate<'g>> = HashMap::new();
        // Most misspellings are slight: only where there is no such name, less alike ones are looked at.
        for least in [SLIGHT, LEAST] {
            list.alike(&written, is_abjad(script), least, |known, likeness| {
                let how = if known.head { MatchKind::Partial } else { MatchKind::Fuzzy };
                let likeness = likeness
                    * if known.head { LONGER } else { 1.0 }
                    * if known.script == script { 1.0 } else { ROMANIZED };
                if likeness < least {
                    return;
                }
                let (Some(entity), Some(name)) =
                    (gazetteer.places.entity(known.entity), gazetteer.places.name(known.name))
                else {
                    return;
                };
                let evidence = score::prominence(&entity) + score::name_kind(&name) - UNLIKE * (1.0 - likeness)
                    + query.near.as_ref().map_or(0.0, |near| score::nearness(entity.point(), near));
                let distance = strsim::osa_distance(&asked, &plain(name.text())).min(255) as u8;
                let candidate = Candidate { entity, name, how, distance, likeness, evidence, score: 0.0 };
                let kept = best.entry(entity.number()).or_insert(candidate);
                if candidate.evidence > kept.evidence {
                    *kept = candidate;
                }
            });
            if !best.is_empty() {
                break;
            }
        }
        let mut best: Vec<Candidate<'g>> = best.into_values().collect();
        best.sort_by(|a, b| b.evidence.total_cmp(&a.evidence).then(a.entity.number().cmp(&b.entity.number())));
        for candidate in best.iter_mut().take(JUDGED) {
            let same = pair::same(query.text, candidate.name.text()).clamp(0.01, 0.99);
            candidate.evidence += SAME * (same / (1.0 - same)).ln();
        }
        best
    }
}

impl List {
    /// Every name that the query allows, and what stands at the beginning of those of several words.
    fn new(gazetteer: &Gazetteer, query: &Query<'_>) -> List {
        let mut names = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        // Units that a place is in by its claims alone take long to look up, and typed tables hardly name them.
        let within = |entity: &EntityRef<'_>| {
            query.within.is_empty()
                || query.within.contains(&entity.number())
                || entity.containers().any(|unit| query.within.contains(&unit.number()))
        };
        let unit = Query { within: Vec::new(), ..query.clone() };
        for entity in gazetteer.entities().filter(|entity| unit.allows(entity) && within(entity)) {
            seen.clear();
            for name in entity.names() {
                let whole = plain(name.text());
                let heads: Vec<String> = whole.match_indices(' ').map(|(at, _)| whole[..at].to_owned()).collect();
                for (plain, head) in std::iter::once((whole, false)).chain(heads.into_iter().map(|head| (head, true))) {
                    // Most spellings of a name in other scripts are the same in Latin letters.
                    let fits = (1..=LONGEST).contains(&plain.len());
                    if fits && seen.insert(if head { format!("{plain} ") } else { plain.clone() }) {
                        names.push(Known {
                            entity: entity.number(),
                            name: name.number(),
                            letters: letters(&plain),
                            script: name.script(),
                            head,
                        });
                    }
                }
            }
        }
        names.sort_by_key(|known| known.letters.len());
        List { counts: names.iter().map(|known| counts(&known.letters)).collect(), names }
    }

    /// Calls for the names that are alike at least so much, with how much.
    fn alike(&self, asked: &[u8], abjad: bool, least: f64, mut found: impl FnMut(&Known, f64)) {
        let of_asked = counts(asked);
        let length = asked.len() as f64;
        let at = |length: f64| self.names.partition_point(|known| (known.letters.len() as f64) < length);
        // A letter more or less costs 0.7 or more, but for doubled ones.
        let reach = if abjad { 0.5 } else { 1.0 - (1.0 - least) / 0.7 };
        let (first, last) = (at(length * reach.min(0.7)), at(length / reach + 1.0));
        let mut rows: Matrix = [[0; LONGEST + 1]; 3];
        for (counts, known) in self.counts[first..last].iter().zip(&self.names[first..last]) {
            let longest = asked.len().max(known.letters.len()) as f64;
            // What the beginnings add at most, a fifth of what differs, is taken off again.
            let most = (longest * (1.0 - least) * 12.5) as i32;
            let (mut surplus, mut deficit) = (0, 0);
            for (a, b) in counts.iter().zip(&of_asked) {
                surplus += i32::from(a.saturating_sub(*b));
                deficit += i32::from(b.saturating_sub(*a));
            }
            // Where the name asked for leaves its vowels out, vowels cost little.
            let vowel = if abjad && !is_abjad(known.script) { MUTE } else { VOWEL };
            if vowel == VOWEL && surplus.max(deficit) * 7 > most {
                continue;
            }
            let likeness = likeness(asked, &known.letters, most, vowel, &mut rows);
            if likeness >= least {
                found(known, likeness);
            }
        }
    }
}
