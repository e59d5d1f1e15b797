//! Decisions that people made: a review that was filled in.

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

use csv::{ReaderBuilder, StringRecord};
use hashbrown::HashMap;

use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// The columns of a review after those of the value's context.
pub const REVIEW: [&str; 11] =
    ["count", "row", "status", "reason", "candidate", "id", "label", "feature", "where", "score", "choose"];
/// The column with the value.
pub const VALUE: &str = "value";
/// What `choose` holds if none of the candidates is meant.
pub const NONE: &str = "none";

/// Whether a cell of `choose` says that none of the candidates is meant.
pub(super) fn is_none(choice: &str) -> bool {
    choice.eq_ignore_ascii_case(NONE) || choice == "-"
}

/// A reader for reviews.
pub(super) fn reader<R: Read>(input: R) -> csv::Reader<R> {
    ReaderBuilder::new().flexible(true).from_reader(input)
}

/// Whether a table is a review in which something was chosen.
pub fn is_decided(input: impl Read) -> bool {
    let mut reader = reader(input);
    let Some(columns) = reader.headers().ok().and_then(|header| Columns::find(header).ok()) else { return false };
    let chosen = |record: StringRecord| record.get(columns.choose).is_some_and(|cell| !cell.trim().is_empty());
    reader.records().any(|record| record.is_ok_and(chosen))
}

#[derive(Debug)]
struct Decision {
    /// The id of the entity, or that none is meant.
    choice: Option<String>,
    row: u64,
    used: AtomicBool,
}

/// Decisions by value and context.
#[derive(Debug, Default)]
pub struct Decisions {
    by_value: HashMap<Vec<String>, Decision>,
    /// The columns with context. Without any, a decision holds in every context.
    contexts: Vec<String>,
}

/// The columns of a review.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The value.
    pub value: usize,
    /// The choice.
    pub choose: usize,
    /// The id of the candidate.
    pub id: Option<usize>,
    /// The context: indices and names.
    pub contexts: Vec<(usize, String)>,
}

impl Columns {
    /// Finds the columns in a header. Those of a review come last, so that a column with context may have the same name.
    ///
    /// # Errors
    /// If `value` or `choose` is missing.
    pub fn find(header: &StringRecord) -> Result<Columns> {
        let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        let last = |wanted: &str| names.iter().rposition(|name| *name == wanted);
        let missing = |name: &str| {
            Error::data(format!("there is no column '{name}', so this is not a review; normalize writes reviews"))
        };
        let value = names.iter().position(|name| *name == VALUE).ok_or_else(|| missing(VALUE))?;
        let choose = last("choose").ok_or_else(|| missing("choose"))?;
        let of_review: Vec<usize> = REVIEW.iter().filter_map(|name| last(name)).collect();
        let contexts = (0..names.len()).filter(|at| *at != value && !of_review.contains(at));
        let contexts = contexts.map(|at| (at, names[at].to_owned())).collect();
        Ok(Columns { value, choose, id: last("id"), contexts })
    }

    /// The value of a record and its context.
    pub fn key(&self, record: &StringRecord) -> Vec<String> {
        let columns = std::iter::once(self.value).chain(self.contexts.iter().map(|(at, _)| *at));
        columns.map(|at| record.get(at).unwrap_or_default().trim().to_owned()).collect()
    }

    /// What a record chooses: an id, or that none is meant; `None` if it chooses nothing.
    fn choice<'r>(&self, record: &'r StringRecord) -> Result<Option<Option<&'r str>>> {
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        Ok(Some(match cell(self.choose) {
            "" => return Ok(None),
            word if is_none(word) => None,
            id if id.contains(':') => Some(id),
            mark => match self.id.map(cell).unwrap_or_default() {
                "" => {
                    let sentence = format!("'{mark}' marks a row without an id; write an id or '{NONE}' instead");
                    return Err(Error::data(sentence));
                }
                id => Some(id),
            },
        }))
    }
}

impl Decisions {
    /// Reads a review that was filled in: `choose` holds an id, `none`, or any mark in the row of a candidate. Only the
    /// columns `value` and `choose` are needed; columns that no review has are context.
    ///
    /// # Errors
    /// If a column is missing, an id is unknown, or two rows contradict each other; the error names the row.
    pub fn read(input: impl Read, gazetteer: &Gazetteer) -> Result<Decisions> {
        let mut reader = reader(input);
        let wrong = |row: u64, sentence: &str| Error::data(format!("row {row}: {sentence}"));
        let header = reader.headers().map_err(|e| Error::data("the decisions cannot be read").because(e))?;
        let columns = Columns::find(header)?;
        let mut by_value: HashMap<Vec<String>, Decision> = HashMap::new();
        for (row, record) in (1..).zip(reader.records()) {
            let record = record.map_err(|e| wrong(row, "it cannot be read").because(e))?;
            let Some(choice) = columns.choice(&record).map_err(|e| wrong(row, &e.to_string()))? else { continue };
            if let Some(id) = choice
                && gazetteer.get(id).is_none()
            {
                return Err(wrong(row, &format!("unknown id '{id}'; look the name up to see ids")));
            }
            let key = columns.key(&record);
            if let Some(other) = by_value.get(&key)
                && other.choice.as_deref() != choice
            {
                return Err(wrong(row, &format!("it contradicts row {}, which decides '{}', too", other.row, key[0])));
            }
            by_value.insert(key, Decision { choice: choice.map(str::to_owned), row, used: AtomicBool::new(false) });
        }
        Ok(Decisions { by_value, contexts: columns.contexts.into_iter().map(|(_, name)| name).collect() })
    }

    /// What was decided about a value in its context (pairs of a column's name and its cell): the id of an entity, or that
    /// none is meant.
    pub fn about(&self, value: &str, context: &[(&str, &str)]) -> Option<Option<&str>> {
        if self.by_value.is_empty() {
            return None;
        }
        let cell = |name: &String| context.iter().find(|(known, _)| known == name).map(|(_, cell)| cell.trim());
        let contexts = self.contexts.iter().map(|name| cell(name).unwrap_or_default());
        let key: Vec<String> = std::iter::once(value.trim()).chain(contexts).map(str::to_owned).collect();
        let decision = self.by_value.get(&key)?;
        decision.used.store(true, Ordering::Relaxed);
        Some(decision.choice.as_deref())
    }

    /// The values whose decision was not used, in order.
    pub fn unused(&self) -> Vec<String> {
        let unused = self.by_value.iter().filter(|(_, decision)| !decision.used.load(Ordering::Relaxed));
        let mut unused: Vec<(u64, &String)> = unused.map(|(key, decision)| (decision.row, &key[0])).collect();
        unused.sort_unstable();
        unused.into_iter().map(|(_, value)| value.clone()).collect()
    }
}
