//! Misspelt and foreign names in a known area: every name inside it, romanized, is compared with the query.
//!
//! The tiers of a lookup search the names of the whole world and must stop at two edits. A unit or a country has few enough
//! names to compare all of them, by a distance that knows common misspellings.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hashbrown::{HashMap, HashSet};

use super::query::Query;
use crate::entity::{Country, EntityType, NameKind, Script};
use crate::index::Index;
use crate::index::places::EntityRef;
use crate::rank::similarity::{
    Counts, LONGEST, MUTE, Matrix, VOWEL, counts, is_abjad, letters, misspelling_similarity, plain,
};
use crate::rank::weights::WEIGHTS;
use crate::rank::{Candidate, MatchKind, same_place};

/// Names less similar than this are other names.
const MIN_SIMILARITY: f64 = 0.55;
/// Names at least this similar are slightly misspelt.
const SLIGHTLY_MISSPELT: f64 = 0.8;
/// Factor for a name that continues with further words.
const CONTINUED: f64 = 0.85;
/// Factor for a name in another script, whose romanization is compared.
const ROMANIZED: f64 = 0.98;
/// How many of the most likely candidates are compared with the query in every way.
const COMPARED: usize = 12;

/// Names that are kept in all lists together, so that a server does not grow with the areas it is asked about.
const MAX_NAMES: usize = 3_000_000;
/// Lists that are kept.
const MAX_LISTS: usize = 4096;

/// The filters of a query that select an area.
type Area = (Vec<Country>, Vec<u32>, Vec<String>, Vec<EntityType>);

/// The names of the areas that queries were restricted to, each collected on first use.
#[derive(Default)]
pub struct AreaNames {
    lists: Mutex<HashMap<Area, Arc<OnceLock<List>>>>,
}

impl fmt::Debug for AreaNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AreaNames").finish_non_exhaustive()
    }
}

/// The names of an area, prepared for comparison, the shortest first.
struct List {
    counts: Vec<Counts>,
    names: Vec<AreaName>,
}

struct AreaName {
    entity: u32,
    name: u32,
    letters: Box<[u8]>,
    script: Script,
    /// Whether this is only the beginning of the name.
    is_head: bool,
}

impl AreaNames {
    /// The entities in the area of a query with a name similar to its text; the best name of each.
    pub(super) fn similar<'g>(&self, index: &'g Index, query: &Query<'_>) -> Vec<Candidate<'g>> {
        let text = plain(query.text);
        if text.is_empty() || text.len() > LONGEST {
            return Vec::new();
        }
        let list = self.list(query);
        let list = list.get_or_init(|| List::new(index, query));
        let (written, script) = (letters(&text), Script::of(query.text));
        let mut best: HashMap<u32, Candidate<'g>> = HashMap::new();
        // Most misspellings are slight; less similar names are considered only if there is none.
        for least in [SLIGHTLY_MISSPELT, MIN_SIMILARITY] {
            list.each_similar(&written, is_abjad(script), least, |known, similarity| {
                let how = if known.is_head { MatchKind::Partial } else { MatchKind::Fuzzy };
                let similarity = similarity
                    * if known.is_head { CONTINUED } else { 1.0 }
                    * if known.script == script { 1.0 } else { ROMANIZED };
                let (Some(entity), Some(name)) = (index.entity(known.entity), index.places.name(known.name)) else {
                    return;
                };
                if similarity < least {
                    return;
                }
                let distance = strsim::osa_distance(&text, &plain(name.text())).min(255) as u8;
                let candidate = Candidate::in_area(entity, name, how, distance, similarity, query.near.as_ref());
                let kept = best.entry(entity.number()).or_insert(candidate);
                if candidate.evidence() > kept.evidence() {
                    *kept = candidate;
                }
            });
            if !best.is_empty() {
                break;
            }
        }
        let mut best: Vec<Candidate<'g>> = best.into_values().collect();
        best.sort_by(|a, b| b.evidence().total_cmp(&a.evidence()).then(a.entity.number().cmp(&b.entity.number())));
        for candidate in best.iter_mut().take(COMPARED) {
            let same = same_place(query.text, candidate.name.text()).clamp(0.01, 0.99);
            *candidate = candidate.with_evidence(WEIGHTS.same_place * (same / (1.0 - same)).ln());
        }
        best
    }

    /// The list of an area, perhaps still to be collected. Whoever uses a list keeps it when the cache is cleared.
    fn list(&self, query: &Query<'_>) -> Arc<OnceLock<List>> {
        let area = (query.countries.clone(), query.within.clone(), query.classes.clone(), query.types.clone());
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if !lists.contains_key(&area) {
            let kept: usize = lists.values().filter_map(|list| list.get()).map(|list| list.names.len()).sum();
            if kept > MAX_NAMES || lists.len() >= MAX_LISTS {
                lists.clear();
            }
        }
        lists.entry(area).or_default().clone()
    }
}

impl List {
    /// Every name in the area, and the beginnings of those of several words.
    fn new(index: &Index, query: &Query<'_>) -> List {
        let mut names = Vec::new();
        let mut seen: HashSet<String> = HashSet::new();
        // Units that contain a place only by a claim take long to look up, and tables rarely name them.
        let is_inside = |entity: &EntityRef<'_>| {
            query.within.is_empty()
                || query.within.contains(&entity.number())
                || entity.containers().any(|unit| query.within.contains(&unit.number()))
        };
        let anywhere = Query { within: Vec::new(), ..query.clone() };
        for entity in index.entities().filter(|entity| anywhere.allows(entity) && is_inside(entity)) {
            seen.clear();
            // Nobody misspells a code.
            for name in entity.names().filter(|name| name.kind() != NameKind::Code) {
                let whole = plain(name.text());
                let heads: Vec<String> = whole.match_indices(' ').map(|(at, _)| whole[..at].to_owned()).collect();
                let heads = heads.into_iter().map(|head| (head, true));
                for (plain, is_head) in std::iter::once((whole, false)).chain(heads) {
                    // Most spellings of a name in other scripts have the same romanization.
                    let fits = (1..=LONGEST).contains(&plain.len());
                    if fits && seen.insert(if is_head { format!("{plain} ") } else { plain.clone() }) {
                        let letters = letters(&plain);
                        let (entity, number, script) = (entity.number(), name.number(), name.script());
                        names.push(AreaName { entity, name: number, letters, script, is_head });
                    }
                }
            }
        }
        names.sort_by_key(|known| known.letters.len());
        List { counts: names.iter().map(|known| counts(&known.letters)).collect(), names }
    }

    /// Calls `found` with the names that are at least `least` similar, and their similarity.
    fn each_similar(&self, text: &[u8], abjad: bool, least: f64, mut found: impl FnMut(&AreaName, f64)) {
        let of_text = counts(text);
        let length = text.len() as f64;
        let at = |length: f64| self.names.partition_point(|known| (known.letters.len() as f64) < length);
        // An inserted or deleted letter costs at least 0.7, unless it is doubled.
        let reach = if abjad { 0.5 } else { 1.0 - (1.0 - least) / 0.7 };
        let (first, last) = (at(length * reach.min(0.7)), at(length / reach + 1.0));
        let mut rows: Matrix = [[0; LONGEST + 1]; 3];
        for (counts, known) in self.counts[first..last].iter().zip(&self.names[first..last]) {
            let longest = text.len().max(known.letters.len()) as f64;
            // Equal beginnings add at most a fifth of the difference, which is subtracted again here.
            let most = (longest * (1.0 - least) * 12.5) as i32;
            let (mut surplus, mut deficit) = (0, 0);
            for (a, b) in counts.iter().zip(&of_text) {
                surplus += i32::from(a.saturating_sub(*b));
                deficit += i32::from(b.saturating_sub(*a));
            }
            // Vowels cost little if the query omits them.
            let vowel = if abjad && !is_abjad(known.script) { MUTE } else { VOWEL };
            if vowel == VOWEL && surplus.max(deficit) * 7 > most {
                continue;
            }
            let similarity = misspelling_similarity(text, &known.letters, most, vowel, &mut rows);
            if similarity >= least {
                found(known, similarity);
            }
        }
    }
}
