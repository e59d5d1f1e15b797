//! Learns `data/model.txt` from texts in which people marked the places.
//!
//! Three decisions are learned one after the other: is the span a name, which sense is meant, is the answer right. What a
//! later one sees of an earlier one always comes from folds that the document had no part in. The rest is learned from
//! names: may two be of one place ([`pairs`]), and how likely are the candidates of a name, alone and in a column ([`names`]).

mod boost;
mod dice;
mod gold;
mod misspelt;
mod names;
mod pairs;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use allonym::forest::{CueWords, Forest};
use allonym::index::words::WordUse;
use allonym::rank::name_pairs;
use allonym::tag::{Analysis, ContextCues, Options, ScoredSpan, TagModel, Tagger, sense_features, span_features};
use allonym::{Gazetteer, Result};
use boost::{Growth, Rows, grow};
use clap::Parser;
use gold::{Document, Label};
use rayon::prelude::*;

/// Learn the weights of recognition and resolution from annotated texts.
#[derive(Parser)]
struct Arguments {
    /// Annotated texts: .jsonl or .jsonl.zst, a corpus a file.
    gold: Vec<PathBuf>,
    /// Pairs of names, a tab between, then TRUE or FALSE: are they of one place?
    #[arg(long)]
    pairs: Option<PathBuf>,
    /// Who's On First records, one a line (.geojsonl.zst): places that the gazetteer may lack.
    #[arg(long)]
    lacking: Vec<PathBuf>,
    /// Where the weights go; nothing is written without it.
    #[arg(long)]
    output: Option<PathBuf>,
    /// Learn only how likely the candidates of names are, alone and in columns; the other sections of the output stay.
    #[arg(long)]
    names: bool,
    /// Leave each corpus out in turn and say how well the others teach it.
    #[arg(long)]
    leave_out: bool,
}

const FOLDS: usize = 5;
const RECOGNITION: Growth = Growth { trees: 120, leaves: 12, rate: 0.1, least: 3.0, ridge: 2.0 };
const RESOLUTION: Growth = Growth { trees: 80, leaves: 10, rate: 0.1, least: 3.0, ridge: 2.0 };
const ANSWER: Growth = Growth { trees: 60, leaves: 8, rate: 0.1, least: 5.0, ridge: 4.0 };

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let gazetteer = Gazetteer::bundled()?;
    let mut documents = Vec::new();
    for (corpus, path) in arguments.gold.iter().enumerate() {
        documents.extend(gold::read(path, corpus)?);
    }
    println!("{} documents", documents.len());
    let corpora: Vec<String> = arguments
        .gold
        .iter()
        .map(|path| path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()))
        .collect();
    if arguments.names {
        let learned =
            names::fit(&gazetteer, &documents, &corpora, misspelt::examples(&gazetteer, &arguments.lacking)?)?;
        return arguments.output.as_deref().map_or(Ok(()), |path| replace(path, &learned.write()));
    }
    if arguments.leave_out {
        for corpus in 0..arguments.gold.len() {
            let (test, train): (Vec<_>, Vec<_>) = documents.iter().partition(|d| d.corpus == corpus);
            let model = fit(&gazetteer, &train, false);
            println!("left out: {}", arguments.gold[corpus].display());
            report(&answers(&gazetteer, &test, &|_| &model));
        }
    }
    let all: Vec<&Document> = documents.iter().collect();
    let model = fit(&gazetteer, &all, true);
    let pair = arguments.pairs.as_deref().map_or(Ok(Forest::default()), pairs::fit)?;
    let learned = names::fit(&gazetteer, &documents, &corpora, misspelt::examples(&gazetteer, &arguments.lacking)?)?;
    if let Some(path) = &arguments.output {
        let names: Vec<_> = arguments
            .gold
            .iter()
            .chain(&arguments.pairs)
            .chain(&arguments.lacking)
            .filter_map(|p| p.file_name())
            .map(|n| n.to_string_lossy())
            .collect();
        let comment = format!(
            "Learned weights of recognition, resolution and answers: see src/tag/model.rs and docs/accuracy.md.\n\
             Written by `cargo run --release -p train`; trained on {} ({} documents). Not edited by hand.",
            names.join(", "),
            all.len()
        );
        let mut text: String = comment.lines().map(|line| format!("# {line}\n")).collect();
        model.write(&mut text);
        pair.write("pair", &name_pairs::NAMES, &mut text);
        text.push_str(&learned.write());
        std::fs::write(path, text).map_err(|e| allonym::Error::io("write", path, e))?;
    }
    Ok(())
}

/// Replaces sections of a model file.
fn replace(path: &Path, sections: &str) -> Result<()> {
    let old = std::fs::read_to_string(path).map_err(|e| allonym::Error::io("read", path, e))?;
    let is_header = |line: &str| line.starts_with("forest ") || line.starts_with("cues ");
    let name = |line: &str| line.split(' ').take(2).map(str::to_owned).collect::<Vec<_>>();
    let new: Vec<Vec<String>> = sections.lines().filter(|line| is_header(line)).map(name).collect();
    let (mut text, mut is_kept) = (String::new(), true);
    for line in old.lines() {
        if is_header(line) {
            is_kept = !new.contains(&name(line));
        }
        if is_kept {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.push_str(sections);
    std::fs::write(path, text).map_err(|e| allonym::Error::io("write", path, e))
}

fn options() -> Options {
    Options { candidates: 3, ..Options::default() }
}

fn fold(n: usize) -> usize {
    n % FOLDS
}

/// Learns from documents. With `tell`, says how well each fold is answered by the others.
fn fit(gazetteer: &Gazetteer, documents: &[&Document], tell: bool) -> TagModel {
    // Words beside names, told to a document by the other folds.
    let blank = TagModel::default();
    let cues: Vec<_> = each(gazetteer, documents, |_, tagger, document| {
        let analysis = tagger.analyse(&document.text, &blank, None);
        let told = |span: &ScoredSpan| {
            let words = tagger.cues(&document.text, span).map(|word| word.map(str::to_owned));
            (words, document.label(span.byte_start, span.byte_end))
        };
        analysis.spans.iter().map(told).collect::<Vec<_>>()
    });
    let with_cues = |keep: &dyn Fn(usize) -> bool| {
        let of = |at: usize| {
            learn_cues(gazetteer, cues.iter().enumerate().filter(|(n, _)| keep(*n)).map(|(_, told)| told), at)
        };
        let cues = ContextCues { before: of(0), after: of(1), run: of(2) };
        TagModel { cues, ..TagModel::default() }
    };
    let mut folds: Vec<TagModel> = (0..FOLDS).map(|k| with_cues(&|n| fold(n) != k)).collect();
    let mut whole = with_cues(&|_| true);

    // Is it a name?
    let spans: Vec<(Vec<f32>, Vec<Label>)> = each(gazetteer, documents, |n, tagger, document| {
        let analysis = tagger.analyse(&document.text, &folds[fold(n)], None);
        let labels = analysis.spans.iter().map(|s| document.label(s.byte_start, s.byte_end)).collect();
        (analysis.rows, labels)
    });
    let width = span_features::NAMES.len();
    let forests = forests(&RECOGNITION, width, &fold, |add| {
        for (n, (rows, labels)) in spans.iter().enumerate() {
            for (row, label) in rows.chunks_exact(width).zip(labels) {
                match label {
                    Label::Ignored => {}
                    label => add(n, row, matches!(label, Label::Place(_))),
                }
            }
        }
    });
    let names: Vec<Vec<f32>> = spans
        .iter()
        .enumerate()
        .map(|(n, (rows, _))| rows.chunks_exact(width).map(|row| forests[fold(n)].probability(row)).collect())
        .collect();
    share(&mut folds, &mut whole, forests, |model| &mut model.recognition);

    // Which sense?
    let width = sense_features::NAMES.len();
    let senses: Vec<Vec<(Vec<f32>, bool)>> = each(gazetteer, documents, |n, tagger, document| {
        let overrule = (!names[n].is_empty()).then_some(&names[n][..]);
        let analysis = tagger.analyse(&document.text, &folds[fold(n)], overrule);
        let mut rows = Vec::new();
        for &at in &analysis.selected {
            let span = &analysis.spans[at];
            let Label::Place(id) = document.label(span.byte_start, span.byte_end) else { continue };
            let Some(choice) = analysis.senses.of(span) else { continue };
            let ids: Vec<String> = tagger.entities(span).iter().map(|e| e.id().to_owned()).collect();
            if choice.rows.iter().any(|(sense, _)| ids[*sense] == id) {
                let row = |&(sense, at): &(usize, usize)| (analysis.senses.row(at).to_vec(), ids[sense] == id);
                rows.extend(choice.rows.iter().map(row));
            }
        }
        rows
    });
    let forests = forests_of(&RESOLUTION, width, &senses, &fold);
    share(&mut folds, &mut whole, forests, |model| &mut model.resolution);

    // Is the answer right?
    let right: Vec<Vec<(Vec<f32>, bool)>> = each(gazetteer, documents, |n, tagger, document| {
        let overrule = (!names[n].is_empty()).then_some(&names[n][..]);
        let analysis = tagger.analyse(&document.text, &folds[fold(n)], overrule);
        analysis.selected.iter().filter_map(|&at| answered(tagger, document, &analysis, at)).collect()
    });
    let width = sense_features::answer_names().len();
    let forests = forests_of(&ANSWER, width, &right, &fold);
    share(&mut folds, &mut whole, forests, |model| &mut model.answer);
    if tell {
        println!("cross-validation, {FOLDS} folds of documents:");
        report(&answers(gazetteer, documents, &|n| &folds[fold(n)]));
    }
    fit_caseless(gazetteer, documents, &mut folds, &mut whole, tell);
    whole
}

/// Learns what to make of texts whose capitals say nothing, from the same texts in small letters, in capitals, and without
/// the sentences that name something.
fn fit_caseless(
    gazetteer: &Gazetteer,
    documents: &[&Document],
    folds: &mut [TagModel],
    whole: &mut TagModel,
    tell: bool,
) {
    let copies: Vec<Document> =
        documents.iter().flat_map(|d| [d.in_one_size(false), d.in_one_size(true), d.nameless()]).collect();
    let copies: Vec<&Document> = copies.iter().collect();
    // A copy belongs to the fold of its document.
    let of = |n: usize| fold(n / 3);
    let spans: Vec<Vec<(Vec<f32>, bool)>> = each(gazetteer, &copies, |n, tagger, document| {
        let analysis = tagger.analyse(&document.text, &folds[of(n)], None);
        let rows = analysis.rows.chunks_exact(span_features::NAMES.len());
        let row = |(span, row): (&ScoredSpan, &[f32])| match document.label(span.byte_start, span.byte_end) {
            Label::Ignored => None,
            label => span.caseless.then(|| (row.to_vec(), matches!(label, Label::Place(_)))),
        };
        analysis.spans.iter().zip(rows).filter_map(row).collect()
    });
    let forests = forests_of(&RECOGNITION, span_features::NAMES.len(), &spans, &of);
    share(folds, whole, forests, |model| &mut model.recognition_caseless);
    let right: Vec<Vec<(Vec<f32>, bool)>> = each(gazetteer, &copies, |n, tagger, document| {
        let analysis = tagger.analyse(&document.text, &folds[of(n)], None);
        let caseless = analysis.selected.iter().filter(|&&at| analysis.spans[at].caseless);
        caseless.filter_map(|&at| answered(tagger, document, &analysis, at)).collect()
    });
    let forests = forests_of(&ANSWER, sense_features::answer_names().len(), &right, &of);
    share(folds, whole, forests, |model| &mut model.answer_caseless);
    if tell {
        println!("cross-validation, the same texts in small letters and in capitals:");
        let (copies, numbers): (Vec<&Document>, Vec<usize>) = copies.iter().zip(0..).filter(|(_, n)| n % 3 < 2).unzip();
        report(&answers(gazetteer, &copies, &|n| &folds[of(numbers[n])]));
    }
}

/// The features of an answer and whether it is right; none where that is not known.
fn answered(tagger: &Tagger<'_>, document: &Document, analysis: &Analysis, at: usize) -> Option<(Vec<f32>, bool)> {
    let span = &analysis.spans[at];
    let row = analysis.answer(at)?;
    match document.label(span.byte_start, span.byte_end) {
        Label::Ignored => None,
        Label::Nothing => Some((row, false)),
        Label::Place(id) => Some((row, tagger.senses(analysis, at).first().is_some_and(|(e, _)| e.id() == id))),
    }
}

/// Puts the forests of the folds and the one of all where they belong.
fn share(
    folds: &mut [TagModel],
    whole: &mut TagModel,
    mut forests: Vec<Forest>,
    at: impl Fn(&mut TagModel) -> &mut Forest,
) {
    if let Some(last) = forests.pop() {
        *at(whole) = last;
    }
    folds.iter_mut().zip(forests).for_each(|(model, forest)| *at(model) = forest);
}

/// Which fold a document belongs to, by its number.
type Folding<'f> = &'f (dyn Fn(usize) -> usize + Sync);

fn forests_of(growth: &Growth, width: usize, rows: &[Vec<(Vec<f32>, bool)>], fold: Folding<'_>) -> Vec<Forest> {
    forests(growth, width, fold, |add| {
        for (n, rows) in rows.iter().enumerate() {
            rows.iter().for_each(|(row, right)| add(n, row, *right));
        }
    })
}

/// A forest for each fold, grown from the others, and last one from all.
fn forests(
    growth: &Growth,
    width: usize,
    fold: Folding<'_>,
    fill: impl Fn(&mut dyn FnMut(usize, &[f32], bool)) + Sync,
) -> Vec<Forest> {
    (0..=FOLDS)
        .into_par_iter()
        .map(|k| {
            let mut rows = Rows::new(width);
            fill(&mut |n, row, right| {
                if fold(n) != k {
                    rows.push(row, right, 1.0);
                }
            });
            grow(&rows, growth)
        })
        .collect()
}

/// Works on every document, over all cores.
fn each<T: Send>(
    gazetteer: &Gazetteer,
    documents: &[&Document],
    work: impl Fn(usize, &mut Tagger<'_>, &Document) -> T + Sync,
) -> Vec<T> {
    let documents: Vec<(usize, &&Document)> = documents.iter().enumerate().collect();
    documents.par_iter().map_init(|| gazetteer.tagger(options()), |tagger, (n, d)| work(*n, tagger, d)).collect()
}

type Told = Vec<([Option<String>; 3], Label)>;

/// The logarithms of odds of words that stand beside at least eight spans in at least four documents.
fn learn_cues<'a>(gazetteer: &Gazetteer, documents: impl Iterator<Item = &'a Told>, at: usize) -> CueWords {
    let mut counts: HashMap<&str, ([f32; 2], usize, usize)> = HashMap::new();
    let mut all = [1.0f32; 2];
    for (n, told) in documents.enumerate() {
        for (words, label) in told {
            let (Some(word), false) = (&words[at], matches!(label, Label::Ignored)) else { continue };
            let right = usize::from(matches!(label, Label::Place(_)));
            all[right] += 1.0;
            let entry = counts.entry(word).or_insert(([0.0; 2], 0, usize::MAX));
            entry.0[right] += 1.0;
            if entry.2 != n {
                (entry.1, entry.2) = (entry.1 + 1, n);
            }
        }
    }
    let base = (all[1] / all[0]).ln();
    let log_odds = |counts: [f32; 2]| {
        let expected = all[1] / (all[0] + all[1]);
        let odds = ((counts[1] + 4.0 * expected) / (counts[0] + 4.0 * (1.0 - expected))).ln() - base;
        (odds * 100.0).round() / 100.0
    };
    let words = gazetteer.words();
    let known = counts.into_iter().filter(|(word, (counts, documents, _))| {
        // No names of people, no figures: they say which texts were read, not what stands beside places.
        let uses = words.uses(word);
        let person = uses.weight(WordUse::Given) > 0 || uses.weight(WordUse::Surname) > 0;
        counts[0] + counts[1] >= 8.0 && *documents >= 4 && !person && word.chars().all(char::is_alphabetic)
    });
    known.map(|(word, (counts, ..))| (word.to_owned(), log_odds(counts))).collect()
}

/// An answer, and whether it is right; or a place that was not found.
struct Answer {
    corpus: usize,
    score: f64,
    right: bool,
}

/// What is answered, and how many places there are in each corpus; demonyms are left out of both.
fn answers<'m>(
    gazetteer: &Gazetteer,
    documents: &[&Document],
    model: &(dyn Fn(usize) -> &'m TagModel + Sync),
) -> (Vec<Answer>, HashMap<usize, usize>) {
    let found: Vec<(Vec<Answer>, usize)> = each(gazetteer, documents, |n, tagger, document| {
        let analysis = tagger.analyse(&document.text, model(n), None);
        let demonym = |start: usize, end: usize| {
            let same = |s: &&ScoredSpan| s.byte_start == start && s.byte_end == end;
            analysis.spans.iter().find(same).is_some_and(|s| tagger.is_demonym(s))
        };
        let places = document.places().filter(|g| !g.demonym && !demonym(g.start, g.end)).count();
        let answer = |&at: &usize| {
            let span = &analysis.spans[at];
            let label = document.label(span.byte_start, span.byte_end);
            let senses = tagger.senses(&analysis, at);
            let score = match analysis.answer(at) {
                Some(row) => model(n).answer_for(span.caseless).probability(&row),
                None => span.probability * senses.first().map_or(0.0, |r| r.1),
            };
            if matches!(label, Label::Ignored) || tagger.is_demonym(span) || document.is_demonym(span.byte_start) {
                return None;
            }
            let right = matches!(&label, Label::Place(id) if senses.first().is_some_and(|(e, _)| e.id() == id));
            Some(Answer { corpus: document.corpus, score: f64::from(score), right })
        };
        (analysis.selected.iter().filter_map(answer).collect(), places)
    });
    let mut places = HashMap::new();
    let mut all = Vec::new();
    for ((answers, count), document) in found.into_iter().zip(documents) {
        *places.entry(document.corpus).or_insert(0) += count;
        all.extend(answers);
    }
    (all, places)
}

/// Recall, precision and F1 by the least score, all together and by corpus; and how far scores are from what they say.
fn report((answers, places): &(Vec<Answer>, HashMap<usize, usize>)) {
    let line = |least: f64, corpus: Option<usize>| {
        let of = |a: &&Answer| corpus.is_none_or(|c| a.corpus == c) && a.score >= least;
        let emitted = answers.iter().filter(of).count() as f64;
        let right = answers.iter().filter(of).filter(|a| a.right).count() as f64;
        let all =
            places.iter().filter(|(c, _)| corpus.is_none_or(|corpus| **c == corpus)).map(|(_, n)| n).sum::<usize>();
        let (recall, precision) = (right / all.max(1) as f64, right / emitted.max(1.0));
        format!("R {recall:.3} P {precision:.3} F1 {:.3}", 2.0 * recall * precision / (recall + precision).max(1e-9))
    };
    for least in [0.0, 0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.8] {
        println!("  least {least:.2}  {}", line(least, None));
    }
    let mut corpora: Vec<_> = places.keys().copied().collect();
    corpora.sort_unstable();
    for corpus in corpora {
        println!("  corpus {corpus}: {} at 0.3", line(0.3, Some(corpus)));
    }
    let mut error = 0.0;
    for bin in 0..10 {
        let of = |a: &&Answer| (a.score * 10.0).min(9.0) as usize == bin;
        let count = answers.iter().filter(of).count() as f64;
        let mean = answers.iter().filter(of).map(|a| a.score).sum::<f64>() / count.max(1.0);
        let right = answers.iter().filter(of).filter(|a| a.right).count() as f64 / count.max(1.0);
        error += count * (mean - right).abs();
    }
    println!("  expected calibration error {:.3}", error / answers.len().max(1) as f64);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_model_is_whole_and_reads_back_as_written() {
        let text = include_str!("../../data/model.txt");
        let model = TagModel::read(text).expect("the bundled model is damaged");
        assert!(model == *TagModel::bundled());
        let mut again = String::new();
        model.write(&mut again);
        assert!(
            text.contains(&again[..again.find("forest recognition-caseless").unwrap()]),
            "it is written as it was read"
        );
        assert!(TagModel::read("cues before 1\n").is_err());
        assert!(Forest::read("pair", &name_pairs::NAMES, text).is_ok_and(|forest| !forest.is_empty()));
        assert!(
            Forest::read("similar-sense", &allonym::rank::judge::features::NAMES, text)
                .is_ok_and(|forest| !forest.is_empty())
        );
        assert!(text.len() < 1_000_000);
    }
}
