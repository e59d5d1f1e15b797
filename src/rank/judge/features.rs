//! The features of a candidate: of the name as written, the match, the entity, and its rivals. No name and no id is a feature.

use super::JUDGED;
use crate::entity::{NameKind, Script};
use crate::fold::Key;
use crate::fold::word_lists::is_non_answer;
use crate::index::Index;
use crate::index::places::{EntityRef, NameRef};
use crate::index::words::WordUse;
use crate::rank::evidence::{is_unit_around, name_kind, prominence};
use crate::rank::{Candidate, MatchKind};

/// The names of the features.
pub const NAMES: [&str; 33] = [
    "how",
    "similarity",
    "name-kind",
    "main",
    "former",
    "language",
    "inhabitants",
    "class",
    "names",
    "prominence",
    "lead",
    "share",
    "rank",
    "candidates",
    "main-rival",
    "exact-rival",
    "country-rivals",
    "twin",
    "distance",
    "area",
    "letters",
    "words",
    "case",
    "script",
    "ordinary",
    "given",
    "surname",
    "longer",
    "non-answer",
    "edits",
    "longer-name",
    "beginning",
    "shared-words",
];

/// The features of a candidate.
pub type Row = [f32; NAMES.len()];

/// The names of the features of an answer: those of its best candidate, and what the first forest makes of all.
pub fn answer_names() -> Vec<&'static str> {
    NAMES.iter().copied().chain(["sense-share", "sense-odds", "sense-lead", "same-place"]).collect()
}

/// What a query is restricted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Area {
    /// Nothing.
    #[default]
    World = 0,
    /// Countries.
    Country = 1,
    /// Administrative units.
    Unit = 2,
}

/// How many longer names are counted.
const MOST_LONGER: usize = 24;

/// A name as somebody wrote it.
#[derive(Clone, Debug)]
pub struct Written {
    key: String,
    letters: f32,
    words: f32,
    case: f32,
    script: f32,
    uses: [f32; 3],
    longer: f32,
    non_answer: bool,
}

impl Written {
    /// Describes a name, by what else the index knows of it.
    pub fn of(text: &str, key: &Key, index: &Index) -> Written {
        let folded = key.as_str();
        let (upper, lower) = (text.chars().any(char::is_uppercase), text.chars().any(char::is_lowercase));
        // Scripts without case count as well written.
        let case = match (upper, lower) {
            (true, false) if text.chars().count() <= 3 => 3.0,
            (true, false) => 2.0,
            (false, true) => 1.0,
            _ => 0.0,
        };
        let uses = index.words.uses(folded);
        let mut longer = 0;
        index.names.beginning(&format!("{folded} "), MOST_LONGER, |_, _| longer += 1);
        let weight = |word_use| f32::from(uses.weight(word_use));
        Written {
            key: folded.to_owned(),
            letters: folded.chars().filter(|&c| c != ' ').count() as f32,
            words: folded.split(' ').count() as f32,
            case,
            script: script(Script::of(text)),
            uses: [
                weight(WordUse::Ordinary).max(weight(WordUse::Listed)),
                weight(WordUse::Given),
                weight(WordUse::Surname),
            ],
            longer: longer as f32,
            non_answer: is_non_answer(text),
        }
    }
}

/// A script by its type: Latin, another alphabet, an abjad, East Asian, or other.
fn script(script: Script) -> f32 {
    match script.as_str() {
        "Latn" => 0.0,
        "Cyrl" | "Grek" | "Armn" | "Geor" => 1.0,
        "Arab" | "Hebr" | "Syrc" => 2.0,
        "Hani" | "Jpan" | "Hira" | "Kana" | "Hang" => 3.0,
        _ => 4.0,
    }
}

/// The languages with the most speakers and readers: the official ones of the UN, and those with more than fifty million native
/// speakers (Ethnologue).
const WIDE: [&str; 24] = [
    "ar", "bn", "de", "es", "fa", "fr", "gu", "hi", "id", "it", "ja", "ko", "mr", "pa", "pl", "pt", "ru", "ta", "te",
    "tr", "uk", "ur", "vi", "zh",
];

/// A language by how many people use it: English, none recorded, a wide one, another.
fn language(lang: &str) -> f32 {
    let base = lang.split('-').next().unwrap_or_default();
    match base {
        "en" => 0.0,
        "" => 1.0,
        _ if WIDE.contains(&base) => 2.0,
        _ => 3.0,
    }
}

/// What an entity is, by number: country 0, first-level unit 1, second-level 2, other units 3, capital 4, seat 5 or 6, other
/// town 7, part of one 8, region or continent 9, water 10, mountain 11, site 12, not a place 13, former unit 14.
pub fn class(entity: &EntityRef<'_>) -> f32 {
    let feature = entity.feature();
    let class = match (feature.class(), feature.code()) {
        (Some('A'), code) if code.ends_with('H') => 14,
        (Some('A'), code) if code.starts_with("PCL") => 0,
        (Some('A'), "ADM1") => 1,
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
    class as f32
}

/// How a name was found, by number.
pub fn how(candidate: &Candidate<'_>) -> f32 {
    match candidate.how {
        MatchKind::Exact | MatchKind::Decided => 0.0,
        MatchKind::Folded => 1.0,
        MatchKind::Inflected => 2.0,
        MatchKind::Partial => PARTIAL,
        MatchKind::Romanized => 4.0,
        MatchKind::Fuzzy => 5.0,
    }
}

fn is_former(name: &NameRef<'_>) -> f32 {
    match name.kind() {
        NameKind::Historical => 1.0,
        NameKind::Abbreviation => 2.0,
        NameKind::Code => 3.0,
        NameKind::Demonym => 4.0,
        _ => 0.0,
    }
}

/// Where [`NAMES`] has `how` and `twin`.
const HOW: usize = 0;
const TWIN: usize = 17;
/// A name found by a part of it, as the feature `how`.
pub const PARTIAL: f32 = 3.0;

/// Log odds that a unit loses to a town of its name in it. Annotated texts are too few to teach it for all languages and kinds of
/// names; on those that exist, it costs nothing (docs/experiments.md).
pub const UNIT_YIELDS: f64 = -2.5;

/// [`UNIT_YIELDS`], where a row is of such a unit, and the name has no generic element that asks for it.
pub fn unit_yields(row: &Row) -> f64 {
    if row[TWIN] == 1.0 && row[HOW] != PARTIAL { UNIT_YIELDS } else { 0.0 }
}

/// A feature as it is written to the model file, so that training and evaluation see the same.
pub fn rounded(value: f64) -> f32 {
    (value * 1e3).round() as f32 / 1e3
}

/// The features of the first [`JUDGED`] candidates, which are sorted by evidence.
pub fn rows(written: &Written, area: Area, candidates: &[Candidate<'_>]) -> Vec<Row> {
    let judged = &candidates[..candidates.len().min(JUDGED)];
    let facts: Vec<Facts> = judged.iter().map(|candidate| Facts::of(candidate, written)).collect();
    let top = judged.first().map_or(0.0, |best| best.evidence);
    let total: f64 = judged.iter().map(|c| (c.evidence - top).exp()).sum();
    judged
        .iter()
        .enumerate()
        .map(|(rank, candidate)| {
            let own = &facts[rank];
            let rivals = || (0..judged.len()).filter(|&n| n != rank);
            let best_rival =
                |of: &dyn Fn(usize) -> Option<f64>| rivals().filter_map(of).fold(f64::NEG_INFINITY, f64::max);
            let lead = candidate.evidence - best_rival(&|n| Some(judged[n].evidence));
            let main_rival = best_rival(&|n| facts[n].main.then_some(facts[n].prominence)) - own.prominence;
            let exact_rival =
                best_rival(&|n| (judged[n].how == MatchKind::Exact).then_some(facts[n].prominence)) - own.prominence;
            let country = candidate.entity.country();
            let in_country = rivals().filter(|&n| judged[n].entity.country() == country).count();
            let other = if rank == 0 { judged.get(1) } else { judged.first() };
            let distance = other.map_or(20_000.0, |other| distance(candidate, other));
            let twin = if rivals().any(|n| is_unit_around(&candidate.entity, &judged[n].entity)) {
                1.0
            } else if rivals().any(|n| is_unit_around(&judged[n].entity, &candidate.entity)) {
                2.0
            } else {
                0.0
            };
            let bounded = |value: f64| value.clamp(-20.0, 20.0);
            [
                how(candidate),
                rounded(candidate.similarity),
                rounded(own.name_kind),
                f32::from(u8::from(own.main)),
                own.former,
                own.language,
                rounded((f64::from(candidate.entity.prominence()) + 1.0).ln()),
                own.class,
                rounded((f64::from(candidate.entity.name_count()) + 1.0).ln()),
                rounded(own.prominence),
                rounded(bounded(lead)),
                rounded((candidate.evidence - top).exp() / total),
                rank as f32,
                judged.len() as f32,
                rounded(bounded(main_rival)),
                rounded(bounded(exact_rival)),
                in_country as f32,
                twin,
                rounded((1.0 + distance).ln()),
                area as u8 as f32,
                written.letters,
                written.words,
                written.case,
                written.script,
                written.uses[0],
                written.uses[1],
                written.uses[2],
                written.longer,
                f32::from(u8::from(written.non_answer)),
                f32::from(candidate.distance),
                own.spelling[0],
                own.spelling[1],
                own.spelling[2],
            ]
        })
        .collect()
}

fn distance(one: &Candidate<'_>, other: &Candidate<'_>) -> f64 {
    match (one.entity.point(), other.entity.point()) {
        (Some(here), Some(there)) => here.distance(&there),
        _ => 20_000.0,
    }
}

/// What the rivals of a candidate need to know of it.
struct Facts {
    prominence: f64,
    name_kind: f64,
    main: bool,
    former: f32,
    language: f32,
    class: f32,
    /// How the name differs from what was written: letters that it has more, the share of letters that both begin with, the
    /// share of words that it has, too.
    spelling: [f32; 3],
}

impl Facts {
    fn of(candidate: &Candidate<'_>, written: &Written) -> Facts {
        Facts {
            spelling: spelling(candidate, written),
            prominence: prominence(&candidate.entity),
            name_kind: name_kind(&candidate.name),
            main: candidate.name.is_main(),
            former: is_former(&candidate.name),
            language: language(candidate.name.lang()),
            class: class(&candidate.entity),
        }
    }
}

/// How a similar name differs from what was written; a known name does not.
fn spelling(candidate: &Candidate<'_>, written: &Written) -> [f32; 3] {
    if !matches!(candidate.how, MatchKind::Partial | MatchKind::Romanized | MatchKind::Fuzzy) {
        return [0.0, 1.0, 1.0];
    }
    let name = Key::of(candidate.name.text());
    let (name, written) = (name.as_str(), &*written.key);
    let letters = |text: &str| text.chars().filter(|&c| c != ' ').count() as f64;
    let same = name.chars().zip(written.chars()).take_while(|(a, b)| a == b).count();
    let words = written.split(' ').count();
    let shared = written.split(' ').filter(|word| name.split(' ').any(|other| other == *word)).count();
    [
        rounded((letters(name) - letters(written)).clamp(-20.0, 20.0)),
        rounded(same as f64 / written.chars().count().max(1) as f64),
        rounded(shared as f64 / words.max(1) as f64),
    ]
}
