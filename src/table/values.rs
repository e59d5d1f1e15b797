//! The distinct values of the columns, each with its context: resolved once, over all cores.

use std::hash::BuildHasher;
use std::io::Write;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use rayon::prelude::*;

use super::answer::{Answer, Asker, Context};
use super::decisions::Decisions;
use super::review::{Doubt, Reviewed, write_review};
use super::syntax::Syntax;
use super::{Field, Options, Summary, cell};
use crate::error::Result;
use crate::gazetteer::Gazetteer;
use crate::label::Label;
use crate::rank::{Candidate, MatchKind, Verdict};
use crate::record::Record;

/// How many candidates a reviewer sees.
const REVIEWED: usize = 5;
/// What ends each cell of a value's key; UTF-8 does not use it.
const MARK: u8 = 0xff;

/// Values and what they were resolved to.
pub struct Values<'g, 'o> {
    gazetteer: &'g Gazetteer,
    asker: Asker<'g, 'o>,
    options: &'o Options,
    decisions: &'o Decisions,
    syntax: Syntax,
    review: bool,
    hasher: DefaultHashBuilder,
    /// Numbers of values, found by the hash of their bytes.
    numbers: HashTable<u32>,
    /// The bytes of each value: its cells, each ended by a mark.
    keys: Vec<u8>,
    ends: Vec<usize>,
    resolved: Vec<Value>,
    unknown_context: u64,
}

/// What a value was resolved to, ready to be written.
pub struct Value {
    status: Status,
    cells: Box<[u8]>,
    /// What stands in the value's place with [`Options::in_place`].
    label: Option<Box<[u8]>>,
    /// What a reviewer should see.
    doubts: Box<[Doubt]>,
    count: u64,
    /// The first row that has it.
    row: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Of(Verdict),
    Decided,
    DecidedNone,
    Empty,
}

impl Status {
    fn as_str(self) -> &'static str {
        match self {
            Status::Of(verdict) => verdict.as_str(),
            Status::Decided => Verdict::Resolved.as_str(),
            Status::DecidedNone => Verdict::Unmatched.as_str(),
            Status::Empty => "empty",
        }
    }
}

impl Value {
    /// The added cells, as [`Syntax::put`] takes them.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// What stands in the value's place, where it was resolved and that is wanted.
    pub fn label(&self) -> Option<&[u8]> {
        self.label.as_deref()
    }

    /// Counts a cell with this value.
    pub fn count(&self, summary: &mut Summary) {
        match self.status {
            Status::Of(Verdict::Resolved) => summary.resolved += 1,
            Status::Of(Verdict::Ambiguous) => summary.ambiguous += 1,
            Status::Of(Verdict::Unmatched) => summary.unmatched += 1,
            Status::Decided | Status::DecidedNone => summary.decided += 1,
            Status::Empty => summary.empty += 1,
        }
    }
}

/// A value's key by its parts: the value, then the columns of context, as the options have them.
fn parts(key: &[u8], options: &Options) -> (String, Context) {
    let mut cells = key.split(|&b| b == MARK).map(|cell| String::from_utf8_lossy(cell).into_owned());
    let mut next = || cells.next().unwrap_or_default();
    let value = next();
    let countries = options.country_columns.iter().map(|_| next()).collect();
    let units = options.admin_columns.iter().map(|_| next()).collect();
    let [lat, lon, kind] = [&options.lat_column, &options.lon_column, &options.type_column]
        .map(|column| column.as_ref().map(|_| next()).unwrap_or_default());
    (value, Context { countries, units, lat, lon, kind })
}

/// One place that a cell names, and what is to be said of it.
struct Part<'g> {
    answer: Answer<'g>,
    decided: bool,
}

impl<'g, 'o> Values<'g, 'o> {
    /// None yet.
    pub fn new(
        gazetteer: &'g Gazetteer,
        options: &'o Options,
        decisions: &'o Decisions,
        syntax: Syntax,
        review: bool,
    ) -> Values<'g, 'o> {
        Values {
            gazetteer,
            asker: Asker::new(gazetteer, &options.types),
            options,
            decisions,
            syntax,
            review,
            hasher: DefaultHashBuilder::default(),
            numbers: HashTable::new(),
            keys: Vec::new(),
            ends: Vec::new(),
            resolved: Vec::new(),
            unknown_context: 0,
        }
    }

    /// How many different values there are.
    pub fn len(&self) -> usize {
        self.resolved.len()
    }

    /// How many of them have a context that is not known.
    pub fn unknown_context(&self) -> u64 {
        self.unknown_context
    }

    /// A value by its number.
    pub fn get(&self, number: u32) -> &Value {
        &self.resolved[number as usize]
    }

    /// Counts a value that a row has.
    pub fn count(&mut self, number: u32, row: u64) {
        let value = &mut self.resolved[number as usize];
        if value.count == 0 {
            value.row = row;
        }
        value.count += 1;
    }

    /// The numbers of the rows' values, row after row, in the order of the columns; new values are resolved. A row is its
    /// cells: first those of the columns, then those of the context.
    ///
    /// # Errors
    /// Where the index is damaged.
    pub fn resolve<'c, I>(&mut self, rows: impl ExactSizeIterator<Item = I>) -> Result<Vec<u32>>
    where
        I: Iterator<Item = &'c [u8]> + Clone,
    {
        let columns = self.options.columns.len();
        let mut numbers = Vec::with_capacity(rows.len() * columns);
        let (mut key, mut context) = (Vec::new(), Vec::new());
        for cells in rows {
            context.clear();
            for cell in cells.clone().skip(columns) {
                context.extend_from_slice(cell);
                context.push(MARK);
            }
            for cell in cells.take(columns) {
                key.clear();
                key.extend_from_slice(cell);
                key.push(MARK);
                key.extend_from_slice(&context);
                numbers.push(self.number(&key));
            }
        }
        let fresh: Vec<usize> = (self.resolved.len()..self.ends.len()).collect();
        let resolve = |&number: &usize| self.value(self.key(number));
        let fresh: Result<Vec<(Value, bool)>> = fresh.par_iter().with_max_len(64).map(resolve).collect();
        for (value, known) in fresh? {
            self.unknown_context += u64::from(!known);
            self.resolved.push(value);
        }
        Ok(numbers)
    }

    /// Writes a row for each doubtful value and candidate, the most frequent value first.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn review(&self, out: &mut dyn Write) -> Result<()> {
        let mut doubts: HashMap<(&str, Vec<String>), Reviewed<'_>> = HashMap::new();
        for (number, value) in self.resolved.iter().enumerate() {
            for doubt in &value.doubts {
                let context = parts(self.key(number), self.options).1;
                let context: Vec<String> = context.cells(self.options).map(|cell| cell.trim().to_owned()).collect();
                let seen = Reviewed { count: 0, row: value.row, doubt, context: context.clone() };
                doubts.entry((&doubt.value, context)).or_insert(seen).count += value.count;
            }
        }
        let mut doubts: Vec<Reviewed<'_>> = doubts.into_values().collect();
        doubts.sort_by_key(|doubt| (std::cmp::Reverse(doubt.count), doubt.row));
        write_review(&doubts, self.options.context_columns(), out)
    }

    fn key(&self, number: usize) -> &[u8] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.keys[start..self.ends[number]]
    }

    fn number(&mut self, key: &[u8]) -> u32 {
        let hash = self.hasher.hash_one(key);
        if let Some(&number) = self.numbers.find(hash, |&n| self.key(n as usize) == key) {
            return number;
        }
        let number = self.ends.len() as u32;
        self.keys.extend_from_slice(key);
        self.ends.push(self.keys.len());
        let (keys, ends, hasher) = (&self.keys, &self.ends, &self.hasher);
        let hash_of = |&n: &u32| {
            let start = (n as usize).checked_sub(1).map_or(0, |before| ends[before]);
            hasher.hash_one(&keys[start..ends[n as usize]])
        };
        self.numbers.insert_unique(hash, number, hash_of);
        number
    }

    /// Resolves one value; says whether its context is known.
    fn value(&self, key: &[u8]) -> Result<(Value, bool)> {
        let (text, context) = parts(key, self.options);
        let name = text.trim();
        if name.is_empty() {
            return Ok((self.written(Status::Empty, &[], name), true));
        }
        let places: Vec<&str> = match self.options.multi {
            true => cell::listed(name).collect(),
            false => vec![name],
        };
        let parts: Vec<Part<'g>> = places.iter().map(|place| self.part(place, &context)).collect::<Result<_>>()?;
        let all = |verdict| parts.iter().all(|part| part.answer.verdict == verdict);
        let decided = parts.iter().any(|part| part.decided);
        let status = match () {
            () if all(Verdict::Unmatched) && decided && parts.iter().all(|part| part.decided) => Status::DecidedNone,
            () if all(Verdict::Unmatched) => Status::Of(Verdict::Unmatched),
            () if parts.iter().any(|part| part.answer.verdict != Verdict::Resolved && !part.decided) => {
                Status::Of(Verdict::Ambiguous)
            }
            () if decided => Status::Decided,
            () => Status::Of(Verdict::Resolved),
        };
        let mut value = self.written(status, &parts, name);
        if self.review {
            let doubtful = |(_, part): &(&&str, &Part<'g>)| part.answer.verdict != Verdict::Resolved && !part.decided;
            value.doubts = places.iter().zip(&parts).filter(doubtful).map(|(place, part)| doubt(place, part)).collect();
        }
        Ok((value, parts.iter().all(|part| part.answer.known)))
    }

    fn part(&self, name: &str, context: &Context) -> Result<Part<'g>> {
        if let Some(choice) = self.decisions.about(name, &context.named(self.options)) {
            return Ok(Part { answer: self.decided(choice, name), decided: true });
        }
        let limit = self.options.candidates.max(if self.review { REVIEWED } else { 1 });
        Ok(Part { answer: self.asker.answer(name, context, limit)?, decided: false })
    }

    /// The answer that a person gave.
    fn decided(&self, id: Option<&str>, written: &str) -> Answer<'g> {
        let entity = id.and_then(|id| self.gazetteer.get(id));
        let candidate = entity.and_then(|entity| {
            let same = entity.names().find(|name| name.text() == written);
            let name = same.or_else(|| entity.names().next())?;
            Some(Candidate::decided(entity, name))
        });
        let verdict = if candidate.is_some() { Verdict::Resolved } else { Verdict::Unmatched };
        Answer { verdict, candidates: candidate.into_iter().collect(), reason: String::new(), known: true }
    }

    fn written(&self, status: Status, parts: &[Part<'g>], name: &str) -> Value {
        let options = self.options;
        let records: Vec<Record<'g>> = parts
            .iter()
            .filter_map(|part| part.answer.candidates.first())
            .map(|candidate| Record::new(candidate, &options.label, name))
            .collect();
        // Several places of one cell stand beside each other in every column; a list of numbers is text.
        let joined = |of: &dyn Fn(&Record<'g>) -> String| records.iter().map(of).collect::<Vec<_>>().join("; ");
        let one = records.len() < 2;
        let reasons = || parts.iter().map(|part| part.answer.reason.as_str()).filter(|reason| !reason.is_empty());
        let mut cells = Vec::new();
        let mut push = |text: &str, number: bool| self.syntax.push(&mut cells, text, number);
        if !options.in_place {
            let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
            push(&joined(&|r| r.id.to_owned()), false);
            push(&joined(&|r| r.label.to_string()), false);
            push(status.as_str(), false);
            push(&joined(&|r| format!("{:.3}", r.score)), one);
            push(&joined(&|r| r.matched.name.to_owned()), false);
            match status {
                Status::DecidedNone => push(MatchKind::Decided.as_str(), false),
                _ => push(&joined(&|r| r.matched.how.as_str().to_owned()), false),
            }
            push(&joined(&|r| r.country.clone().unwrap_or_default()), false);
            push(&joined(&|r| number(r.lat)), one);
            push(&joined(&|r| number(r.lon)), one);
        }
        for field in &options.add {
            match field {
                Field::Reason => push(&reasons().collect::<Vec<_>>().join("; "), false),
                field => push(&joined(&|r| field.of(r)), one && field.is_number()),
            }
        }
        for n in 1..options.candidates {
            let next = parts.first().and_then(|part| part.answer.candidates.get(n));
            let record = next.map(|candidate| Record::new(candidate, &options.label, name));
            push(record.as_ref().map_or("", |r| r.id), false);
            push(record.as_ref().map_or("", |r| &*r.label), false);
            push(&record.as_ref().map(|r| format!("{:.3}", r.score)).unwrap_or_default(), true);
        }
        let sure = matches!(status, Status::Of(Verdict::Resolved) | Status::Decided);
        let label = (options.in_place && sure && !records.is_empty())
            .then(|| self.syntax.cell(&joined(&|r| r.label.to_string())).into_boxed_slice());
        Value { status, cells: cells.into_boxed_slice(), label, doubts: Box::default(), count: 0, row: 0 }
    }
}

fn doubt(value: &str, part: &Part<'_>) -> Doubt {
    let seen = |candidate: &Candidate<'_>| {
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
    let answer = &part.answer;
    Doubt {
        value: value.to_owned(),
        status: answer.verdict.as_str(),
        reason: answer.reason.clone(),
        candidates: answer.candidates.iter().take(REVIEWED).map(seen).collect(),
    }
}
