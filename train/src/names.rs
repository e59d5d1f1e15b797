//! Learns how likely the candidates of a name are: alone, and among the other values of a column.
//!
//! Names come from two sources. Places that people marked in texts are names as they are used, each distinct pair of spelling and
//! place once; a document is a column. Names of the gazetteer, drawn by how often they are likely to be used, are names that
//! the texts lack, in many languages; their columns are towns of a country or a unit, countries, units, large cities. Words that
//! are not names of places complete them.

use std::collections::HashSet;

use allonym::entity::{Country, EntityType, NameKind, Point};
use allonym::fold::{Key, word_lists};
use allonym::forest::Forest;
use allonym::index::places::{EntityRef, NameRef};
use allonym::index::words::WordUse;
use allonym::rank::Candidate;
use allonym::rank::judge::column::{self, ROUNDS};
use allonym::rank::judge::{
    Area, ColumnContext, ColumnJudge, Evidence, JUDGED, Judge, SAME_PLACE_KM, Search, Written, features,
};
use allonym::{Gazetteer, Query, Result};
use rayon::prelude::*;

use crate::boost::{Growth, Rows, grow};
use crate::dice::Dice;
use crate::gold::Document;

const SENSE: Growth = Growth { trees: 90, leaves: 12, rate: 0.1, least: 4.0, ridge: 3.0 };
const RIGHT: Growth = Growth { trees: 60, leaves: 6, rate: 0.08, least: 8.0, ridge: 6.0 };
/// The same for similar names, of which there are many examples.
const RIGHT_SIMILAR: Growth = Growth { trees: 150, leaves: 8, rate: 0.1, least: 4.0, ridge: 3.0 };
const FOLDS: usize = 5;
/// Names drawn from the gazetteer, and words that are not names of places.
const DRAWN: usize = 12_000;
const WORDS: usize = 2_000;
/// Names with a generic element.
const GENERIC: usize = 3_000;
/// Columns drawn from the gazetteer.
const COLUMNS: usize = 1_500;
/// What a name of the first corpus weighs, which is of local papers and has the most names.
const LOCAL_WEIGHT: f32 = 0.9;
/// What is left of the weight of drawn examples, whose answers are nearly always right, where the probability of that is learned.
const DRAWN_RIGHT: f32 = 0.3;
/// What one drawn example weighs, where one of the annotated texts weighs 1.
const DRAWN_WEIGHT: f32 = 0.12;
const WORD_WEIGHT: f32 = 0.08;
const NON_ANSWER_WEIGHT: f32 = 0.05;
const NAMESAKE_WEIGHT: f32 = 0.15;
const RESTRICTED_WEIGHT: f32 = 0.25;
const LOWERCASE_WEIGHT: f32 = 0.1;
const COLUMN_WEIGHT: f32 = 0.12;
/// The least number of values of a document that is a column.
const LEAST_VALUES: usize = 4;
/// How many candidates of a value are considered.
const CANDIDATES: usize = 16;

/// Where an example is from: a corpus by its number, or the gazetteer.
const FROM_GAZETTEER: usize = usize::MAX;

/// A name, and what it means.
#[derive(Clone)]
pub struct Example {
    /// As it is written.
    pub text: String,
    /// The ids of the right entities; none if there is none.
    pub ids: Vec<String>,
    /// Where it is, if that is known.
    pub point: Option<Point>,
    /// The country that the query is restricted to.
    pub country: Option<Country>,
    /// The unit that the query is restricted to, by number.
    pub within: Option<u32>,
    /// How much it counts, where a name of an annotated text counts 1.
    pub weight: f32,
    /// The corpus it is from, by number, or [`FROM_GAZETTEER`].
    pub corpus: usize,
    /// The fold it belongs to.
    pub fold: usize,
    /// How near to its point a right answer lies, in kilometres.
    pub reach: f64,
}

impl Example {
    fn query(&self) -> Query<'_> {
        Query {
            countries: self.country.into_iter().collect(),
            within: self.within.into_iter().collect(),
            // People marked places in the texts, and nothing else.
            types: if self.corpus == FROM_GAZETTEER { Vec::new() } else { vec![EntityType::Place] },
            limit: CANDIDATES,
            ..Query::new(&self.text)
        }
    }

    /// Which candidates are meant: those with the right id or, if none has, those close to the place.
    fn labels(&self, candidates: &[Candidate<'_>]) -> Vec<bool> {
        let has_id = |c: &Candidate<'_>| self.ids.iter().any(|id| c.entity.id() == id);
        match candidates.iter().any(has_id) {
            true => candidates.iter().map(has_id).collect(),
            false => candidates.iter().map(|c| self.is_right(c)).collect(),
        }
    }

    /// Whether the example says which of the candidates are meant. A place that is not among them says nothing; what is no place
    /// does.
    fn is_telling(&self, labels: &[bool]) -> bool {
        self.ids.is_empty() && self.point.is_none() || labels.contains(&true)
    }

    /// Whether an answer is right: the place, or one close to it, such as its district.
    fn is_right(&self, candidate: &Candidate<'_>) -> bool {
        let near = || match (self.point, candidate.entity.point()) {
            (Some(here), Some(there)) => here.distance(&there) <= self.reach,
            _ => false,
        };
        self.ids.iter().any(|id| candidate.entity.id() == id) || near()
    }
}

/// What the names taught.
pub struct Learned {
    /// Names alone, in the order of [`Search`].
    pub judges: [Judge; 3],
    /// Names in columns.
    pub column: ColumnJudge,
}

impl Learned {
    /// The sections of the model file.
    pub fn write(&self) -> String {
        let mut text = String::new();
        for (judge, search) in self.judges.iter().zip([Search::Known, Search::Similar, Search::SimilarInArea]) {
            let (sense, right) = search.sections();
            judge.sense.write(sense, &features::NAMES, &mut text);
            judge.right.write(right, &features::answer_names(), &mut text);
        }
        self.column.sense.write("column-sense", &column::NAMES, &mut text);
        self.column.right.write("column-right", &column::answer_names(), &mut text);
        text
    }
}

/// Learns both judges, and reports how well each fifth is judged by the others. `misspelt` are names
/// that are misspelt, and names of places that the gazetteer lacks.
///
/// # Errors
/// If the index is damaged.
pub fn fit(
    gazetteer: &Gazetteer,
    documents: &[Document],
    corpora: &[String],
    misspelt: Vec<Example>,
) -> Result<Learned> {
    let mut dice = Dice::new(5);
    let names = Sampler::new(gazetteer);
    let mut examples = marked(gazetteer, documents);
    let restricted: Vec<Example> =
        examples.iter().enumerate().flat_map(|(n, example)| restrict(gazetteer, example, n)).collect();
    let lowercase: Vec<Example> = examples
        .iter()
        .map(|e| Example { text: e.text.to_lowercase(), weight: LOWERCASE_WEIGHT * e.weight, ..e.clone() })
        .collect();
    let drawn: Vec<Example> = (0..DRAWN).map(|n| names.draw(&mut dice, n % FOLDS)).collect();
    let drawn_restricted: Vec<Example> = drawn
        .iter()
        .step_by(4)
        .enumerate()
        .flat_map(|(n, e)| restrict(gazetteer, e, n))
        .map(|e| Example { weight: DRAWN_WEIGHT, ..e })
        .collect();
    examples.extend(restricted);
    examples.extend(lowercase);
    examples.extend(drawn);
    examples.extend(drawn_restricted);
    examples.extend(words(gazetteer, &mut dice));
    examples.extend(non_answers());
    examples.extend(namesakes(gazetteer));
    examples.extend((0..GENERIC).filter_map(|n| names.with_generic(&mut dice, n % FOLDS)));
    examples.extend(misspelt);
    let looked_up = Looked::up(gazetteer, &examples)?;
    println!("known names alone, five folds:");
    let (name, folds) = fit_names(&examples, &looked_up, Search::Known, corpora);
    println!("names that are only similar to known ones, five folds:");
    let (similar, _) = fit_names(&examples, &looked_up, Search::Similar, corpora);
    println!("names that are only similar to known ones of their country or unit, five folds:");
    let (in_area, _) = fit_names(&examples, &looked_up, Search::SimilarInArea, corpora);
    let mut columns = documents_as_columns(gazetteer, documents);
    columns.extend((0..COLUMNS).map(|n| names.column(&mut dice, n)));
    let column = fit_columns(gazetteer, &columns, &name, &folds, &similar, corpora)?;
    Ok(Learned { judges: [name, similar, in_area], column })
}

/// The distinct pairs of spelling and place of each corpus.
fn marked(gazetteer: &Gazetteer, documents: &[Document]) -> Vec<Example> {
    let mut seen = HashSet::new();
    let mut examples = Vec::new();
    for document in documents {
        for place in document.named() {
            if seen.insert((document.corpus, place.text.to_owned(), place.id.clone())) {
                examples.push(Example {
                    text: place.text.to_owned(),
                    point: place.point.or_else(|| gazetteer.get(&place.id).and_then(|e| e.point())),
                    ids: vec![place.id],
                    country: None,
                    within: None,
                    weight: if document.corpus == 0 { LOCAL_WEIGHT } else { 1.0 },
                    corpus: document.corpus,
                    fold: examples.len() % FOLDS,
                    reach: SAME_PLACE_KM,
                });
            }
        }
    }
    examples
}

/// The same name with its country or its first-level unit, in turn.
pub fn restrict(gazetteer: &Gazetteer, example: &Example, n: usize) -> Option<Example> {
    let entity = gazetteer.get(example.ids.first()?)?;
    let unit = entity.containers().find(|e| e.feature().code() == "ADM1").map(|e| e.number());
    let (country, within) = match (n % 2, unit) {
        (0, Some(unit)) => (None, Some(unit)),
        _ => (Some(entity.country()?), None),
    };
    Some(Example {
        country,
        within,
        weight: example.weight * RESTRICTED_WEIGHT,
        corpus: FROM_GAZETTEER,
        ..example.clone()
    })
}

/// Ordinary words and names of persons that are also names of places.
fn words(gazetteer: &Gazetteer, dice: &mut Dice) -> Vec<Example> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for entity in gazetteer.entities() {
        for name in entity.names() {
            let key = Key::of(name.text());
            let uses = gazetteer.words().uses(key.as_str());
            let weight = |word_use| uses.weight(word_use);
            let is_word = weight(WordUse::Ordinary).max(weight(WordUse::Listed)) >= 100;
            let is_person = weight(WordUse::Given).max(weight(WordUse::Surname)) >= 150;
            if (is_word || is_person && dice.below(8) == 0) && seen.insert(key.as_str().to_owned()) {
                let text = if is_word { name.text().to_lowercase() } else { name.text().to_owned() };
                found.push(text);
            }
        }
    }
    let step = (found.len() / WORDS).max(1);
    let example = |(n, text)| nothing(text, WORD_WEIGHT, n % FOLDS);
    found.into_iter().step_by(step).enumerate().map(example).collect()
}

/// Main names of towns and units that are also other names of something larger: whoever writes them means the former.
fn namesakes(gazetteer: &Gazetteer) -> Vec<Example> {
    let mut examples = Vec::new();
    for entity in gazetteer.entities() {
        let Some(name) = entity.names().next() else { continue };
        let large = if entity.feature().class() == Some('P') { 20_000 } else { u32::MAX };
        let is_small = entity.prominence() < large && entity.feature().code() != "ADM1";
        if is_small || has_town_of_its_name(gazetteer, &entity) {
            continue;
        }
        let rival = gazetteer.exact(&Key::of(name.text())).filter_map(|posting| {
            let other = gazetteer.index().places.name(posting.name())?;
            let its = other.entity()?;
            let is_apart = !its.is_within(entity.number()) && !entity.is_within(its.number());
            let is_rival = is_apart
                && !other.is_main()
                && its.number() != entity.number()
                && its.prominence() > entity.prominence();
            let same = Key::of(its.label()) == Key::of(name.text());
            (is_rival && !same).then_some(its.number())
        });
        if rival.count() > 0 {
            examples.push(Example { weight: NAMESAKE_WEIGHT, ..example(&name, examples.len() % FOLDS) });
        }
    }
    examples
}

/// What is typed where no place is meant, in lowercase and capitalized.
fn non_answers() -> Vec<Example> {
    let capitalized = |phrase: &str| {
        let mut letters = phrase.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    let both = word_lists::non_answers().into_iter().flat_map(|p| [p.to_owned(), capitalized(p)]);
    both.enumerate().map(|(n, text)| nothing(text, NON_ANSWER_WEIGHT, n % FOLDS)).collect()
}

/// A text that means no place of the gazetteer.
pub fn nothing(text: String, weight: f32, fold: usize) -> Example {
    Example {
        text,
        ids: Vec::new(),
        point: None,
        country: None,
        within: None,
        weight,
        corpus: FROM_GAZETTEER,
        fold,
        reach: SAME_PLACE_KM,
    }
}

/// Whether an entity is a unit around a town of its name.
fn has_town_of_its_name(gazetteer: &Gazetteer, entity: &EntityRef<'_>) -> bool {
    entity.feature().class() == Some('A')
        && !entity.feature().is_country()
        && gazetteer
            .exact(&Key::of(entity.label()))
            .filter_map(|posting| gazetteer.posted(posting))
            .any(|other| other.feature().class() == Some('P') && other.is_within(entity.number()))
}

/// Draws names by how often they are likely to be used.
struct Sampler<'g> {
    gazetteer: &'g Gazetteer,
    names: Vec<NameRef<'g>>,
    ends: Vec<f64>,
    entities: Vec<EntityRef<'g>>,
}

impl<'g> Sampler<'g> {
    fn new(gazetteer: &'g Gazetteer) -> Sampler<'g> {
        let (mut names, mut ends, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for entity in gazetteer.entities() {
            let people = match entity.kind() {
                EntityType::Place => f64::from(entity.prominence()),
                // As widely known as a large town.
                _ => 100_000.0,
            };
            let fame = (people + 500.0).powf(0.55) * if entity.feature().is_country() { 8.0 } else { 1.0 };
            // Whoever writes the name of a town rarely means its unit.
            let fame = if has_town_of_its_name(gazetteer, &entity) { 0.05 * fame } else { fame };
            for name in entity.names() {
                sum += fame * use_of(&name);
                names.push(name);
                ends.push(sum);
            }
        }
        Sampler { gazetteer, names, ends, entities: gazetteer.entities().collect() }
    }

    fn draw(&self, dice: &mut Dice, fold: usize) -> Example {
        let at = dice.fraction() * self.ends.last().copied().unwrap_or(0.0);
        let name = self.names[self.ends.partition_point(|&end| end < at).min(self.names.len() - 1)];
        example(&name, fold)
    }

    /// A name beside the English generic element of its class.
    fn with_generic(&self, dice: &mut Dice, fold: usize) -> Option<Example> {
        let drawn = self.draw(dice, fold);
        let entity = self.gazetteer.get(drawn.ids.first()?)?;
        let element = match (entity.feature().class()?, entity.feature().code()) {
            ('A', code) if code.starts_with("PCL") => "Republic of %",
            ('A', "ADM1") => ["% Province", "% State", "% Region", "% Oblast"][dice.below(4)],
            ('A', "ADM2") => ["% District", "% County"][dice.below(2)],
            ('A', _) => "% Municipality",
            ('P', _) => ["% City", "City of %", "% town", "% Village"][dice.below(4)],
            ('H', _) => ["% River", "Lake %"][dice.below(2)],
            ('T', _) => ["Mount %", "% Island"][dice.below(2)],
            _ => return None,
        };
        Some(Example { text: element.replace('%', &drawn.text), ..drawn })
    }

    /// A column of a few to a few dozen values: of one kind, from one country, one unit or all the world.
    fn column(&self, dice: &mut Dice, n: usize) -> Vec<Example> {
        let size = [4, 6, 8, 12, 20, 40][dice.below(6)];
        let seed = loop {
            let example = self.draw(dice, 0);
            if let Some(entity) = example.ids.first().and_then(|id| self.gazetteer.get(id)) {
                break entity;
            }
        };
        let unit = |e: &EntityRef<'_>| e.containers().find(|c| c.feature().code() == "ADM1").map(|c| c.number());
        let is_town = |e: &EntityRef<'_>| e.feature().class() == Some('P');
        let same_country = |e: &EntityRef<'_>| e.country().is_some() && e.country() == seed.country();
        let fits: Box<dyn Fn(&EntityRef<'_>) -> bool> = match n % 8 {
            0 | 1 => Box::new(|e| is_town(e) && same_country(e)),
            2 | 3 => Box::new(|e| is_town(e) && unit(e).is_some() && unit(e) == unit(&seed)),
            4 => Box::new(|e| e.feature().is_country()),
            5 => Box::new(|e| is_town(e) && e.population() >= 300_000),
            6 => Box::new(|e| e.feature().code() == "ADM1" && same_country(e)),
            _ => Box::new(|e| e.feature().code() == "ADM2" && same_country(e)),
        };
        let pool: Vec<&EntityRef<'_>> = self.entities.iter().filter(|e| fits(e)).collect();
        let mut ends = Vec::with_capacity(pool.len());
        let mut sum = 0.0;
        for entity in &pool {
            sum += (f64::from(entity.prominence()) + 2_000.0).sqrt();
            ends.push(sum);
        }
        let mut seen = HashSet::new();
        let mut values = Vec::new();
        for _ in 0..4 * size {
            if values.len() == size || pool.is_empty() {
                break;
            }
            let at = dice.fraction() * sum;
            let entity = pool[ends.partition_point(|&end| end < at).min(pool.len() - 1)];
            let english = entity.names().find(|name| name.lang() == "en");
            let main = entity.names().next();
            let Some(name) = (if dice.below(3) == 0 { english.or(main) } else { main }) else { continue };
            if seen.insert(entity.number()) {
                values.push(Example { weight: COLUMN_WEIGHT, ..example(&name, n % FOLDS) });
            }
        }
        let phrases = word_lists::non_answers();
        if n.is_multiple_of(3) {
            let phrase = phrases[dice.below(phrases.len())];
            let text = if dice.below(2) == 0 { phrase.to_uppercase() } else { phrase.to_owned() };
            values.push(nothing(text, COLUMN_WEIGHT, n % FOLDS));
        }
        values
    }
}

fn example(name: &NameRef<'_>, fold: usize) -> Example {
    let entity = name.entity();
    Example {
        text: name.text().to_owned(),
        ids: entity.map(|e| e.id().to_owned()).into_iter().collect(),
        point: entity.and_then(|e| e.point()),
        country: None,
        within: None,
        weight: DRAWN_WEIGHT,
        corpus: FROM_GAZETTEER,
        fold,
        reach: SAME_PLACE_KM,
    }
}

/// How often a name is used, where the main name is used once.
fn use_of(name: &NameRef<'_>) -> f64 {
    let wide = ["ar", "de", "es", "fr", "it", "ja", "pt", "ru", "tr", "uk", "zh"];
    if name.is_machine() {
        return 0.0;
    }
    if name.is_main() {
        return 1.0;
    }
    let base = name.lang().split('-').next().unwrap_or_default();
    let language = match base {
        "en" => 0.6,
        "" => 0.05,
        base if wide.contains(&base) => 0.12,
        _ => 0.01,
    };
    match name.kind() {
        NameKind::Official | NameKind::Endonym | NameKind::Short => f64::max(language, 0.2),
        NameKind::Exonym => language,
        NameKind::Abbreviation if name.entity().is_some_and(|e| e.kind() != EntityType::Place) => 0.4,
        NameKind::Abbreviation => 0.05,
        NameKind::Historical | NameKind::Romanized | NameKind::Colloquial => language.min(0.03),
        NameKind::Alternate => language.min(0.03),
        NameKind::Code | NameKind::Misspelling | NameKind::Demonym => 0.005,
    }
}

/// The features of an answer, and whether it is right.
type Answered = (Vec<f32>, bool);

/// An answer by a judge that did not see the example.
struct Told {
    score: f64,
    right: bool,
    known: bool,
    corpus: usize,
}

/// What a lookup gives before it is judged.
struct Looked<'g> {
    written: Written,
    area: Area,
    search: Search,
    candidates: Vec<Candidate<'g>>,
}

impl<'g> Looked<'g> {
    fn up(gazetteer: &'g Gazetteer, examples: &[Example]) -> Result<Vec<Looked<'g>>> {
        let look_up = |example: &Example| {
            let (written, area, search, mut candidates) = gazetteer.lookups().unjudged(&example.query())?;
            candidates.truncate(JUDGED);
            Ok(Looked { written, area, search, candidates })
        };
        examples.par_iter().map(look_up).collect()
    }

    fn rows(&self) -> Vec<features::Row> {
        features::rows(&self.written, self.area, &self.candidates)
    }
}

/// Learns the judge of names that are found by one kind of search.
fn fit_names(
    examples: &[Example],
    looked_up: &[Looked<'_>],
    search: Search,
    corpora: &[String],
) -> (Judge, Vec<Judge>) {
    let all: Vec<(&Example, &Looked<'_>)> =
        examples.iter().zip(looked_up).filter(|(_, l)| l.search == search && !l.candidates.is_empty()).collect();
    let sense = |left_out: Option<usize>| {
        let mut kept = Rows::new(features::NAMES.len());
        for (example, looked) in all.iter().filter(|(e, _)| Some(e.fold) != left_out) {
            let labels = example.labels(&looked.candidates);
            if example.is_telling(&labels) {
                looked.rows().iter().zip(labels).for_each(|(row, label)| kept.push(row, label, example.weight));
            }
        }
        grow(&kept, &SENSE)
    };
    let mut folds: Vec<Judge> =
        (0..FOLDS).into_par_iter().map(|k| Judge { sense: sense(Some(k)), right: Forest::default() }).collect();
    let mut whole = Judge { sense: sense(None), right: Forest::default() };
    let answers: Vec<Option<Answered>> = all
        .par_iter()
        .map(|(example, looked)| {
            let mut candidates = looked.candidates.clone();
            let answer = folds[example.fold].order(&looked.rows(), &mut candidates)?;
            Some((answer, example.is_right(candidates.first()?)))
        })
        .collect();
    let right = |left_out: Option<usize>| {
        let mut kept = Rows::new(features::answer_names().len());
        for ((example, _), answer) in all.iter().zip(&answers).filter(|((e, _), _)| Some(e.fold) != left_out) {
            if let Some((row, right)) = answer {
                let is_drawn = search == Search::Known && example.corpus == FROM_GAZETTEER && !example.ids.is_empty();
                let weight = if is_drawn { DRAWN_RIGHT } else { 1.0 } * example.weight;
                kept.push(row, *right, weight);
            }
        }
        grow(&kept, if search == Search::Known { &RIGHT } else { &RIGHT_SIMILAR })
    };
    let forests: Vec<Forest> = (0..FOLDS).into_par_iter().map(|k| right(Some(k))).collect();
    folds.iter_mut().zip(forests).for_each(|(judge, forest)| judge.right = forest);
    whole.right = right(None);
    let told = all.iter().zip(&answers).map(|((example, _), answer)| Told {
        score: answer.as_ref().map_or(0.0, |(row, _)| f64::from(folds[example.fold].right.probability(row))),
        right: answer.as_ref().is_some_and(|(_, right)| *right),
        known: answer.is_some(),
        corpus: if example.weight < LOCAL_WEIGHT { FROM_GAZETTEER } else { example.corpus },
    });
    report(&told.collect::<Vec<_>>(), corpora);
    (whole, folds)
}

/// Each document with enough places, as a column of its distinct spellings.
fn documents_as_columns(gazetteer: &Gazetteer, documents: &[Document]) -> Vec<Vec<Example>> {
    let mut columns = Vec::new();
    for document in documents {
        let mut seen = HashSet::new();
        let mut column = marked(gazetteer, std::slice::from_ref(document));
        column.retain(|e| seen.insert(e.text.clone()));
        if column.len() >= LEAST_VALUES {
            let fold = columns.len() % FOLDS;
            column.iter_mut().for_each(|e| e.fold = fold);
            columns.push(column);
        }
    }
    columns
}

fn fit_columns(
    gazetteer: &Gazetteer,
    columns: &[Vec<Example>],
    name: &Judge,
    name_folds: &[Judge],
    similar: &Judge,
    corpora: &[String],
) -> Result<ColumnJudge> {
    // The names of a column are judged by folds that lack the column's corpus examples as far as possible.
    let looked_up: Vec<Vec<Vec<Candidate<'_>>>> = columns
        .par_iter()
        .map(|column| {
            column
                .iter()
                .map(|example| {
                    let (written, area, search, mut candidates) = gazetteer.lookups().unjudged(&example.query())?;
                    if search != Search::Known {
                        similar.judge(&written, area, &mut candidates);
                        candidates.truncate(CANDIDATES);
                        return Ok(candidates);
                    }
                    name_folds.get(example.fold).unwrap_or(name).judge(&written, area, &mut candidates);
                    candidates.truncate(CANDIDATES);
                    Ok(candidates)
                })
                .collect::<Result<Vec<_>>>()
        })
        .collect::<Result<_>>()?;
    let width = column::NAMES.len();
    let first: Vec<Vec<Vec<Evidence>>> =
        looked_up.iter().map(|values| values.iter().map(|c| Evidence::of_all(c, c)).collect()).collect();
    let sense = |left_out: Option<usize>| {
        let mut kept = Rows::new(width);
        for ((column, values), evidence) in columns.iter().zip(&looked_up).zip(&first) {
            if column.first().is_none_or(|e| Some(e.fold) == left_out) {
                continue;
            }
            let context = ColumnContext::new(evidence.iter().map(Vec::as_slice));
            if !context.is_telling() {
                continue;
            }
            for ((example, candidates), own) in column.iter().zip(values).zip(evidence) {
                let labels = example.labels(candidates);
                if example.is_telling(&labels) {
                    let labelled = context.rows(own, candidates).into_iter().zip(labels);
                    labelled.for_each(|(row, label)| kept.push(&row, label, example.weight));
                }
            }
        }
        grow(&kept, &SENSE)
    };
    let mut folds: Vec<ColumnJudge> =
        (0..FOLDS).into_par_iter().map(|k| ColumnJudge { sense: sense(Some(k)), right: Forest::default() }).collect();
    let mut whole = ColumnJudge { sense: sense(None), right: Forest::default() };
    let answers: Vec<Vec<Option<Answered>>> = columns
        .par_iter()
        .zip(&looked_up)
        .zip(&first)
        .map(|((column, values), first)| {
            let Some(fold) = column.first().map(|e| e.fold) else { return Vec::new() };
            let judge = &folds[fold];
            let mut evidence = first.clone();
            for _ in 1..ROUNDS {
                let context = ColumnContext::new(evidence.iter().map(Vec::as_slice));
                let next = values.iter().zip(&evidence).map(|(candidates, own)| {
                    let mut judged = candidates.clone();
                    judge.order(&context, own, &mut judged);
                    Evidence::of_all(candidates, &judged)
                });
                evidence = next.collect();
            }
            let context = ColumnContext::new(evidence.iter().map(Vec::as_slice));
            let answer = |((example, candidates), own): ((&Example, &Vec<Candidate<'_>>), &Vec<Evidence>)| {
                let mut judged = candidates.clone();
                let row = judge.order(&context, own, &mut judged)?;
                Some((row, example.is_right(judged.first()?)))
            };
            column.iter().zip(values).zip(&evidence).map(answer).collect()
        })
        .collect();
    let all = || columns.iter().zip(&answers).flat_map(|(column, answers)| column.iter().zip(answers));
    let right = |left_out: Option<usize>| {
        let mut kept = Rows::new(column::answer_names().len());
        for (example, answer) in all().filter(|(e, _)| Some(e.fold) != left_out) {
            if let Some((row, right)) = answer {
                kept.push(row, *right, example.weight);
            }
        }
        grow(&kept, &RIGHT)
    };
    let forests: Vec<Forest> = (0..FOLDS).into_par_iter().map(|k| right(Some(k))).collect();
    folds.iter_mut().zip(forests).for_each(|(judge, forest)| judge.right = forest);
    whole.right = right(None);
    let told = all().map(|(example, answer)| Told {
        score: answer.as_ref().map_or(0.0, |(row, _)| f64::from(folds[example.fold].right.probability(row))),
        right: answer.as_ref().is_some_and(|(_, right)| *right),
        known: answer.is_some(),
        corpus: example.corpus,
    });
    println!("columns, five folds of columns:");
    report(&told.collect::<Vec<_>>(), corpora);
    Ok(whole)
}

/// Prints what each corpus was told.
fn report(told: &[Told], corpora: &[String]) {
    let mut all: Vec<(usize, &str)> = corpora.iter().map(String::as_str).enumerate().collect();
    all.push((FROM_GAZETTEER, "gazetteer, words and variants"));
    let thresholds = [0.6, 0.7, 0.75, 0.8, 0.85, 0.9];
    println!(
        "  {:29} {:>6} {:>6} {:>6} {:>6} {:>6}   resolved and right of these, from {thresholds:?}",
        "", "names", "known", "first", "≥.95", "ECE"
    );
    for (corpus, name) in all {
        let of: Vec<&Told> = told.iter().filter(|t| t.corpus == corpus).collect();
        if of.is_empty() {
            continue;
        }
        let count = of.len() as f64;
        let share = |holds: &dyn Fn(&Told) -> bool| of.iter().filter(|t| holds(t)).count() as f64;
        let at = |from: f64| {
            let resolved = share(&|t| t.score >= from);
            (resolved / count, share(&|t| t.score >= from && t.right) / resolved.max(1.0))
        };
        // How many could be called resolved with 95 in a hundred right.
        let mut order: Vec<&&Told> = of.iter().collect();
        order.sort_by(|a, b| b.score.total_cmp(&a.score));
        let (mut hits, mut reach, mut from) = (0, 0, 1.0);
        for (n, one) in order.iter().enumerate() {
            hits += usize::from(one.right);
            if hits as f64 >= 0.95 * (n + 1) as f64 {
                (reach, from) = (n + 1, one.score);
            }
        }
        let error: f64 = (0..10)
            .map(|tenth| {
                let bin = || of.iter().filter(|t| t.known && (t.score * 10.0).min(9.0) as usize == tenth);
                let said: f64 = bin().map(|t| t.score).sum();
                let right = bin().filter(|t| t.right).count() as f64;
                (said - right).abs()
            })
            .sum::<f64>()
            / share(&|t| t.known).max(1.0);
        print!(
            "  {name:29} {count:6} {:6.3} {:6.3} {:6.3} {error:6.3}  ",
            share(&|t| t.known) / count,
            share(&|t| t.right) / count,
            reach as f64 / count,
        );
        for (resolved, right) in thresholds.map(at) {
            print!(" {resolved:.2}/{right:.3}");
        }
        println!("  (.95 from {from:.2})");
    }
}
