//! The distinct values of the columns, each with its context: every value is resolved once, on all cores.
//!
//! A value takes two steps. [`Values::observe`] looks it up, which gives the candidates of each place that it names. Then
//! it is settled: the other values of its column rerank the candidates ([`column_context`]), the verdict becomes final, and
//! the cells are written. Without column context the second step follows the first at once.

mod cells;
mod column_context;
mod interner;

use std::io::Write;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::answer::Answer;
use super::asker::Asker;
use super::context::Context;
use super::decisions::Decisions;
use super::review::{Doubt, Reviewed, write_review};
use super::syntax::Syntax;
use super::{ContextScope, Options, Summary, cell};
use crate::error::Result;
use crate::gazetteer::Gazetteer;
use crate::label::Label;
use crate::rank::{Candidate, Verdict};
use crate::record::Record;
use cells::CellWriter;
pub use column_context::Inferred;
use interner::{Interner, push_cell};

/// How many candidates a reviewer sees.
const REVIEWED: usize = 5;
/// How many candidates of a value the column chooses among.
const IN_COLUMN: usize = 12;
/// A cell that lists more places is not read: probably a quote is not closed.
const MOST_PLACES: usize = 1000;

/// Values and their answers.
pub struct Values<'g, 'd> {
    gazetteer: &'g Gazetteer,
    asker: Asker<'g>,
    options: Options,
    decisions: &'d Decisions,
    writer: CellWriter,
    review: bool,
    keys: Interner,
    /// Values that are looked up but not settled; they follow those in `settled`.
    observed: Vec<Observed<'g>>,
    settled: Vec<Value>,
    unknown_context: u64,
    inferred: Option<Inferred>,
}

/// A value that was looked up.
struct Observed<'g> {
    /// The cell without surrounding space.
    text: String,
    /// The places that it names; none if it is empty.
    parts: Box<[Part<'g>]>,
}

/// One place that a cell names.
struct Part<'g> {
    text: String,
    answer: Answer<'g>,
    decided: bool,
    /// Whether its row says where the place is, by coordinates.
    located: bool,
}

impl Part<'_> {
    /// Whether the column may rerank the candidates. What its own row says, or a person, counts for more.
    fn takes_context(&self) -> bool {
        let is_bundled = self.answer.candidates.iter().all(|c| c.entity.is_bundled());
        !self.decided && !self.located && self.answer.reason.is_empty() && is_bundled
    }

    fn is_doubtful(&self) -> bool {
        self.answer.verdict != Verdict::Resolved && !self.decided
    }
}

/// The final answer to a value, ready to be written.
#[derive(Debug)]
pub struct Value {
    status: Status,
    /// The added cells, as [`Syntax::append`] takes them.
    cells: Box<[u8]>,
    /// What replaces the value with [`Options::in_place`].
    label: Option<Box<[u8]>>,
    /// What a reviewer should see.
    doubts: Box<[Doubt]>,
    /// How many cells have this value.
    count: u64,
    /// The first row that has it.
    row: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Of(Verdict),
    Decided,
    DecidedNone,
    Empty,
}

impl Status {
    fn of(value: &Observed<'_>) -> Status {
        let parts = &value.parts;
        let all_unmatched = parts.iter().all(|part| part.answer.verdict == Verdict::Unmatched);
        match () {
            () if value.text.is_empty() => Status::Empty,
            () if all_unmatched && !parts.is_empty() && parts.iter().all(|part| part.decided) => Status::DecidedNone,
            () if all_unmatched => Status::Of(Verdict::Unmatched),
            () if parts.iter().any(Part::is_doubtful) => Status::Of(Verdict::Ambiguous),
            () if parts.iter().any(|part| part.decided) => Status::Decided,
            () => Status::Of(Verdict::Resolved),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Status::Of(verdict) => verdict.as_str(),
            Status::Decided => Verdict::Resolved.as_str(),
            Status::DecidedNone => Verdict::Unmatched.as_str(),
            Status::Empty => "empty",
        }
    }

    fn is_certain_place(self) -> bool {
        matches!(self, Status::Of(Verdict::Resolved) | Status::Decided)
    }
}

impl Value {
    /// The added cells, as [`Syntax::append`] takes them.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// What replaces the value, if it was resolved and labels were asked for.
    pub fn label(&self) -> Option<&[u8]> {
        self.label.as_deref()
    }

    /// Counts a cell with this value.
    fn count(&mut self, summary: &mut Summary) {
        if self.count == 0 {
            self.row = summary.rows;
        }
        self.count += 1;
        *match self.status {
            Status::Of(Verdict::Resolved) => &mut summary.resolved,
            Status::Of(Verdict::Ambiguous) => &mut summary.ambiguous,
            Status::Of(Verdict::Unmatched) => &mut summary.unmatched,
            Status::Decided | Status::DecidedNone => &mut summary.decided,
            Status::Empty => &mut summary.empty,
        } += 1;
    }
}

impl<'g, 'd> Values<'g, 'd> {
    /// No values yet. `review` keeps what a reviewer should see.
    ///
    /// # Errors
    /// If the options name a country or unit that is not known.
    pub fn new(
        gazetteer: &'g Gazetteer,
        options: Options,
        decisions: &'d Decisions,
        syntax: Syntax,
        review: bool,
    ) -> Result<Values<'g, 'd>> {
        Ok(Values {
            gazetteer,
            asker: Asker::for_table(gazetteer, &options)?,
            writer: CellWriter::new(syntax, &options),
            options,
            decisions,
            review,
            keys: Interner::default(),
            observed: Vec::new(),
            settled: Vec::new(),
            unknown_context: 0,
            inferred: None,
        })
    }

    /// How many distinct values are settled.
    #[cfg(feature = "arrow")]
    pub fn len(&self) -> usize {
        self.settled.len()
    }

    /// A settled value by its number.
    pub fn get(&self, number: u32) -> &Value {
        &self.settled[number as usize]
    }

    /// Counts a cell of the summary's last row, and returns its value.
    pub fn count(&mut self, number: u32, summary: &mut Summary) -> &Value {
        let value = &mut self.settled[number as usize];
        value.count(summary);
        value
    }

    /// The numbers of the rows' values, row after row, in the order of the columns. New values are looked up and settled.
    /// A row consists of the cells of the columns with names, then those with context.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn resolve<'c, I>(&mut self, rows: impl ExactSizeIterator<Item = I>) -> Result<Vec<u32>>
    where
        I: Iterator<Item = &'c [u8]> + Clone,
    {
        let numbers = self.observe(rows)?;
        self.settle_rows();
        Ok(numbers)
    }

    /// The same numbers; new values are looked up, but not settled.
    ///
    /// # Errors
    /// If the index is damaged.
    pub fn observe<'c, I>(&mut self, rows: impl ExactSizeIterator<Item = I>) -> Result<Vec<u32>>
    where
        I: Iterator<Item = &'c [u8]> + Clone,
    {
        let columns = self.options.columns.len();
        let mut numbers = Vec::with_capacity(rows.len() * columns);
        let (mut key, mut context) = (Vec::new(), Vec::new());
        for cells in rows {
            context.clear();
            cells.clone().skip(columns).for_each(|cell| push_cell(&mut context, cell));
            for cell in cells.take(columns) {
                key.clear();
                push_cell(&mut key, cell);
                key.extend_from_slice(&context);
                numbers.push(self.keys.intern(&key));
            }
        }
        let known = self.settled.len() + self.observed.len();
        let look_up = |number: usize| self.look_up(number);
        let new: Vec<Observed<'g>> =
            (known..self.keys.len()).into_par_iter().with_max_len(64).map(look_up).collect::<Result<_>>()?;
        let unknown = |value: &&Observed<'_>| !value.parts.iter().all(|part| part.answer.known);
        self.unknown_context += new.iter().filter(unknown).count() as u64;
        self.observed.extend(new);
        Ok(numbers)
    }

    /// Settles the observed values: each with the others of its group as context, if the options ask for that.
    pub fn settle(&mut self) {
        if self.options.context == ContextScope::Column && !self.observed.is_empty() {
            let mut observed = std::mem::take(&mut self.observed);
            let index = self.gazetteer.index();
            match &self.options.group_column {
                None => {
                    let mut parts: Vec<&mut Part<'g>> =
                        observed.iter_mut().flat_map(|value| &mut value.parts).collect();
                    self.inferred = column_context::judge(index, &mut parts);
                }
                Some(_) => {
                    let first = self.settled.len();
                    let mut groups: HashMap<String, Vec<&mut Part<'g>>> = HashMap::new();
                    for (number, value) in (first..).zip(&mut observed) {
                        groups.entry(self.parsed(number).1.group).or_default().extend(&mut value.parts);
                    }
                    let mut groups: Vec<Vec<&mut Part<'g>>> = groups.into_values().collect();
                    groups.par_iter_mut().for_each(|parts| {
                        column_context::judge(index, parts);
                    });
                }
            }
            self.observed = observed;
        }
        self.settle_rows();
    }

    /// Settles the observed values as they are.
    fn settle_rows(&mut self) {
        let observed = std::mem::take(&mut self.observed);
        let settle = |value| self.settled(value);
        let settled: Vec<Value> = observed.into_par_iter().with_max_len(256).map(settle).collect();
        self.settled.extend(settled);
    }

    /// Completes a summary, and writes the doubts to `review`, the most frequent value first.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(&self, summary: &mut Summary, review: Option<&mut dyn Write>) -> Result<()> {
        summary.distinct = self.settled.len() as u64;
        summary.unknown_context = self.unknown_context;
        summary.inferred.clone_from(&self.inferred);
        summary.unused_decisions = self.decisions.unused();
        review.map_or(Ok(()), |review| self.review(review))
    }

    /// Writes a row for each doubtful value and candidate.
    fn review(&self, out: &mut dyn Write) -> Result<()> {
        let mut doubts: HashMap<(&str, Vec<String>), Reviewed<'_>> = HashMap::new();
        for (number, value) in self.settled.iter().enumerate() {
            for doubt in &value.doubts {
                let context = self.parsed(number).1;
                let context: Vec<String> = context.cells(&self.options).map(|cell| cell.trim().to_owned()).collect();
                let first = Reviewed { count: 0, row: value.row, doubt, context: context.clone() };
                doubts.entry((&doubt.value, context)).or_insert(first).count += value.count;
            }
        }
        let mut doubts: Vec<Reviewed<'_>> = doubts.into_values().collect();
        doubts.sort_by_key(|doubt| (std::cmp::Reverse(doubt.count), doubt.row));
        write_review(&doubts, self.options.context_columns(), out)
    }

    /// A value and its context, by its number.
    fn parsed(&self, number: usize) -> (String, Context) {
        let options = &self.options;
        let mut cells = self.keys.cells(number);
        let mut next = || cells.next().unwrap_or_default();
        let value = next();
        let countries = options.country_columns.iter().map(|_| next()).collect();
        let units = options.admin_columns.iter().map(|_| next()).collect();
        let [lat, lon, kind] = [&options.lat_column, &options.lon_column, &options.type_column]
            .map(|column| column.as_ref().map(|_| next()).unwrap_or_default());
        let group = options.group_column.as_ref().map(|_| next()).unwrap_or_default();
        (value, Context { countries, units, lat, lon, kind, group })
    }

    fn look_up(&self, number: usize) -> Result<Observed<'g>> {
        let (text, context) = self.parsed(number);
        let text = text.trim();
        let mut places: Vec<&str> = match self.options.multi {
            true => cell::listed(text).take(MOST_PLACES + 1).collect(),
            false => vec![text],
        };
        places.retain(|place| !place.is_empty());
        let parts = match places.len() > MOST_PLACES {
            true => {
                let answer = Answer::unmatched(format!("lists more than {MOST_PLACES} places"));
                [Part { text: text.to_owned(), answer, decided: false, located: false }].into()
            }
            false => places.iter().map(|place| self.part(place, &context)).collect::<Result<_>>()?,
        };
        Ok(Observed { text: text.to_owned(), parts })
    }

    fn part(&self, text: &str, context: &Context) -> Result<Part<'g>> {
        let decision = self.decisions.about(text, &context.named(&self.options));
        let answer = match decision {
            Some(choice) => self.decided(choice, text),
            None => {
                let limit = if self.options.context == ContextScope::Column { IN_COLUMN } else { self.shown() };
                self.asker.answer(text, context, limit)?
            }
        };
        let located = !(context.lat.trim().is_empty() && context.lon.trim().is_empty());
        Ok(Part { text: text.to_owned(), answer, decided: decision.is_some(), located })
    }

    /// How many candidates are written or shown to a reviewer.
    fn shown(&self) -> usize {
        self.options.candidates.max(if self.review { REVIEWED } else { 1 })
    }

    /// The answer that a person chose.
    fn decided(&self, id: Option<&str>, written: &str) -> Answer<'g> {
        let entity = id.and_then(|id| self.gazetteer.get(id));
        let candidate = entity.and_then(|entity| {
            let same = entity.names().find(|name| name.text() == written);
            let name = same.or_else(|| entity.names().next())?;
            Some(Candidate::decided(entity, name))
        });
        let verdict = if candidate.is_some() { Verdict::Resolved } else { Verdict::Unmatched };
        Answer::new(verdict, candidate.into_iter().collect())
    }

    fn settled(&self, mut value: Observed<'g>) -> Value {
        for part in value.parts.iter_mut().filter(|part| !part.decided) {
            let answer = std::mem::replace(&mut part.answer, Answer::unmatched(""));
            part.answer = answer.unless_non_answer(&part.text);
            part.answer.candidates.truncate(self.shown().max(REVIEWED));
        }
        let status = Status::of(&value);
        let doubts = value.parts.iter().filter(|part| self.review && part.is_doubtful()).map(doubt).collect();
        Value {
            status,
            cells: self.writer.cells(status, &value),
            label: self.writer.label(status, &value),
            doubts,
            count: 0,
            row: 0,
        }
    }
}

fn doubt(part: &Part<'_>) -> Doubt {
    let shown = |candidate: &Candidate<'_>| {
        let record = Record::new(candidate, &Label::Source, "");
        let above: Vec<&str> = record.admin.iter().rev().copied().collect();
        [
            record.id.to_owned(),
            record.label.to_string(),
            record.feature.clone(),
            above.join(", "),
            format!("{:.3}", record.score),
        ]
    };
    Doubt {
        value: part.text.clone(),
        status: part.answer.verdict.as_str(),
        reason: part.answer.reason.clone(),
        candidates: part.answer.candidates.iter().take(REVIEWED).map(shown).collect(),
    }
}
