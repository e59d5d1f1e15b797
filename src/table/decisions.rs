//! What people decided about doubts: a review that was filled in.

use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::HashMap;

use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;

/// The columns of a review behind those of the value's context.
pub const REVIEW: [&str; 11] =
    ["count", "row", "status", "reason", "candidate", "id", "label", "feature", "where", "score", "choose"];
/// The column that holds the value.
pub const VALUE: &str = "value";
/// What `choose` holds where none of the candidates is meant.
pub const NONE: &str = "none";

/// Whether a table is a review in which something is chosen.
pub fn is_decided(input: impl Read) -> bool {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
    let Some(columns) = reader.headers().ok().and_then(|header| Columns::of(header).ok()) else { return false };
    let chosen = |record: csv::StringRecord| record.get(columns.choose).is_some_and(|cell| !cell.trim().is_empty());
    reader.records().any(|record| record.is_ok_and(chosen))
}

struct Decision {
    /// The entity by its id, or none.
    choice: Option<String>,
    row: u64,
    used: AtomicBool,
}

/// Decisions by value and context.
#[derive(Default)]
pub struct Decisions {
    by_value: HashMap<Vec<String>, Decision>,
    /// Which columns of context the table has; without any, a decision holds whatever the context.
    contexts: Vec<String>,
}

/// Where the columns of a review are.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The value.
    pub value: usize,
    /// The choice.
    pub choose: usize,
    /// The candidate's id.
    pub id: Option<usize>,
    /// The context: where, and what it is called.
    pub contexts: Vec<(usize, String)>,
}

impl Columns {
    /// Finds them in a header. The columns of a review come last, so that a column of context may have the name of one.
    ///
    /// # Errors
    /// Where `value` or `choose` is missing.
    pub fn of(header: &csv::StringRecord) -> Result<Columns> {
        let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
        let place = |wanted: &str| names.iter().rposition(|name| *name == wanted);
        let missing =
            |name: &str| Error::data(format!("the decisions have no column '{name}'; a file of --review has it"));
        let value = names.iter().position(|name| *name == VALUE).ok_or_else(|| missing(VALUE))?;
        let choose = place("choose").ok_or_else(|| missing("choose"))?;
        let of_review: Vec<usize> = REVIEW.iter().filter_map(|name| place(name)).collect();
        let contexts = (0..names.len()).filter(|at| *at != value && !of_review.contains(at));
        let contexts = contexts.map(|at| (at, names[at].to_owned())).collect();
        Ok(Columns { value, choose, id: place("id"), contexts })
    }
}

impl Decisions {
    /// Reads a review that was filled in: `choose` holds an id, `none`, or any other mark on a candidate's row. Only the
    /// columns `value` and `choose` are needed; those that no review has are context.
    ///
    /// # Errors
    /// Where a column is missing, two rows decide differently about one value, or an id is not known: with the row.
    pub fn read(input: impl Read, gazetteer: &Gazetteer) -> Result<Decisions> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
        let wrong = |row: u64, sentence: String| Error::data(format!("row {row}: {sentence}"));
        let header = reader.headers().map_err(|e| Error::data("the decisions cannot be read").because(e))?.clone();
        let columns = Columns::of(&header)?;
        let mut by_value: HashMap<Vec<String>, Decision> = HashMap::new();
        for (row, record) in (1..).zip(reader.records()) {
            let record = record.map_err(|e| wrong(row, "it cannot be read".to_owned()).because(e))?;
            let cell = |at: usize| record.get(at).unwrap_or_default().trim();
            let choice = match cell(columns.choose) {
                "" => continue,
                word if word.eq_ignore_ascii_case(NONE) || word == "-" => None,
                word if word.contains(':') => Some(word),
                word => match columns.id.map(cell).unwrap_or_default() {
                    "" => {
                        return Err(wrong(
                            row,
                            format!("'{word}' is chosen where there is no id; give one, or {NONE}"),
                        ));
                    }
                    id => Some(id),
                },
            };
            if let Some(id) = choice
                && gazetteer.get(id).is_none()
            {
                return Err(wrong(row, format!("there is no entity {id}; 'allonym lookup' shows the ids of a name")));
            }
            let key: Vec<String> = std::iter::once(columns.value)
                .chain(columns.contexts.iter().map(|(at, _)| *at))
                .map(|at| cell(at).to_owned())
                .collect();
            if let Some(other) = by_value.get(&key)
                && other.choice.as_deref() != choice
            {
                let sentence = format!("'{}' is decided otherwise in row {}; leave one of them", key[0], other.row);
                return Err(wrong(row, sentence));
            }
            by_value.insert(key, Decision { choice: choice.map(str::to_owned), row, used: AtomicBool::new(false) });
        }
        Ok(Decisions { by_value, contexts: columns.contexts.into_iter().map(|(_, name)| name).collect() })
    }

    /// What was decided about a value with its context (pairs of a column's name and its cell): an entity's id, or that it
    /// is none.
    pub fn about(&self, value: &str, context: &[(&str, &str)]) -> Option<Option<&str>> {
        if self.by_value.is_empty() {
            return None;
        }
        let cell = |name: &String| context.iter().find(|(known, _)| known == name).map(|(_, cell)| cell.trim());
        let key: Vec<String> = std::iter::once(value.trim())
            .chain(self.contexts.iter().map(|name| cell(name).unwrap_or_default()))
            .map(str::to_owned)
            .collect();
        let decision = self.by_value.get(&key)?;
        decision.used.store(true, Ordering::Relaxed);
        Some(decision.choice.as_deref())
    }

    /// The values that were decided about and did not occur, in order.
    pub fn unused(&self) -> Vec<String> {
        let unused = self.by_value.iter().filter(|(_, decision)| !decision.used.load(Ordering::Relaxed));
        let mut unused: Vec<(u64, &String)> = unused.map(|(key, decision)| (decision.row, &key[0])).collect();
        unused.sort_unstable();
        unused.into_iter().map(|(_, value)| value.clone()).collect()
    }
}
