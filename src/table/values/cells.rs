//! Writes the answer to a value as cells.

use super::{Observed, Part, Status};
use crate::label::Label;
use crate::rank::{Candidate, MatchKind};
use crate::record::Record;
use crate::table::syntax::Syntax;
use crate::table::{Field, Options};

/// Writes the added cells of values.
#[derive(Debug)]
pub struct CellWriter {
    syntax: Syntax,
    label: Label,
    in_place: bool,
    add: Vec<Field>,
    candidates: usize,
}

impl CellWriter {
    /// A writer of the columns that the options ask for.
    pub fn new(syntax: Syntax, options: &Options) -> CellWriter {
        CellWriter {
            syntax,
            label: options.label.clone(),
            in_place: options.in_place,
            add: options.add.clone(),
            candidates: options.candidates,
        }
    }

    /// The added cells of a value, in the order of [`Options::added`].
    pub(super) fn cells(&self, status: Status, value: &Observed<'_>) -> Box<[u8]> {
        let records = self.records(value);
        let mut cells = Vec::new();
        if !self.in_place {
            self.push_always(&mut cells, status, &records);
        }
        // Several places share a cell. A list of numbers is text.
        let one = records.len() < 2;
        for field in &self.add {
            match field {
                Field::Reason => self.syntax.push(&mut cells, &reasons(&value.parts), false),
                field => {
                    self.syntax.push(&mut cells, &joined(&records, |r| field.of(r)), one && field.is_number());
                }
            }
        }
        for n in 1..self.candidates {
            let candidate = value.parts.first().and_then(|part| part.answer.candidates.get(n));
            self.push_candidate(&mut cells, candidate.map(|candidate| self.record(candidate, &value.text)));
        }
        cells.into_boxed_slice()
    }

    /// What replaces the value: its label, if it is certain and labels were asked for.
    pub(super) fn label(&self, status: Status, value: &Observed<'_>) -> Option<Box<[u8]>> {
        if !(self.in_place && status.is_certain_place()) {
            return None;
        }
        let records = self.records(value);
        (!records.is_empty()).then(|| self.syntax.cell(&joined(&records, |r| r.label.to_string())).into_boxed_slice())
    }

    fn record<'g>(&self, candidate: &Candidate<'g>, written: &str) -> Record<'g> {
        Record::new(candidate, &self.label, written)
    }

    /// The best candidate of each place.
    fn records<'g>(&self, value: &Observed<'g>) -> Vec<Record<'g>> {
        let best = value.parts.iter().filter_map(|part| part.answer.candidates.first());
        best.map(|candidate| self.record(candidate, &value.text)).collect()
    }

    /// The cells of [`ADDED`](crate::table::ADDED).
    fn push_always(&self, cells: &mut Vec<u8>, status: Status, records: &[Record<'_>]) {
        let one = records.len() < 2;
        let mut push = |text: &str, number: bool| self.syntax.push(cells, text, number && one);
        let degrees = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
        push(&joined(records, |r| r.id.to_owned()), false);
        push(&joined(records, |r| r.label.to_string()), false);
        push(status.as_str(), false);
        push(&joined(records, |r| format!("{:.3}", r.score)), true);
        push(&joined(records, |r| r.matched.name.to_owned()), false);
        match status {
            Status::DecidedNone => push(MatchKind::Decided.as_str(), false),
            _ => push(&joined(records, |r| r.matched.how.as_str().to_owned()), false),
        }
        push(&joined(records, |r| r.country.clone().unwrap_or_default()), false);
        push(&joined(records, |r| degrees(r.lat)), true);
        push(&joined(records, |r| degrees(r.lon)), true);
    }

    /// The three cells of a further candidate.
    fn push_candidate(&self, cells: &mut Vec<u8>, record: Option<Record<'_>>) {
        let record = record.as_ref();
        self.syntax.push(cells, record.map_or("", |r| r.id), false);
        self.syntax.push(cells, record.map_or("", |r| &*r.label), false);
        self.syntax.push(cells, &record.map(|r| format!("{:.3}", r.score)).unwrap_or_default(), true);
    }
}

fn joined(records: &[Record<'_>], field: impl Fn(&Record<'_>) -> String) -> String {
    records.iter().map(field).collect::<Vec<_>>().join("; ")
}

fn reasons(parts: &[Part<'_>]) -> String {
    let reasons = parts.iter().map(|part| part.answer.reason.as_str()).filter(|reason| !reason.is_empty());
    reasons.collect::<Vec<_>>().join("; ")
}
