//! Doubts as a table that people fill in.

use std::io::{Read, Write};
use std::ops::Range;

use csv::StringRecord;

use super::decisions::{Columns, NONE, REVIEW, VALUE, is_none, reader};
use crate::error::{Error, Result};

/// A value that somebody should look at.
#[derive(Debug)]
pub struct Doubt {
    /// The value.
    pub value: String,
    /// `ambiguous` or `unmatched`.
    pub status: &'static str,
    /// Why, if the scores do not say it all.
    pub reason: String,
    /// Id, label, feature, where, score.
    pub candidates: Vec<[String; 5]>,
}

/// A doubt and where it occurs.
#[derive(Debug)]
pub struct Reviewed<'a> {
    /// How many cells have the value.
    pub count: u64,
    /// The first row that has it.
    pub row: u64,
    /// What is in doubt.
    pub doubt: &'a Doubt,
    /// The cells with context.
    pub context: Vec<String>,
}

/// Writes a row for each doubt and candidate.
///
/// # Errors
/// If writing fails.
pub fn write_review<'c>(
    doubts: &[Reviewed<'_>],
    contexts: impl Iterator<Item = &'c String>,
    out: &mut dyn Write,
) -> Result<()> {
    static NO_CANDIDATE: [String; 5] = [const { String::new() }; 5];
    let mut table = csv::Writer::from_writer(out);
    let header = std::iter::once(VALUE).chain(contexts.map(String::as_str)).chain(REVIEW);
    table.write_record(header).map_err(unwritten)?;
    for Reviewed { count, row, doubt, context } in doubts {
        let (count, row) = (count.to_string(), row.to_string());
        let numbered = (1..).map(|number: usize| number.to_string()).zip(&doubt.candidates);
        let none = doubt.candidates.is_empty().then_some((String::new(), &NO_CANDIDATE));
        for (number, candidate) in numbered.chain(none) {
            let cells = std::iter::once(doubt.value.as_str())
                .chain(context.iter().map(String::as_str))
                .chain([&*count, &*row, doubt.status, &*doubt.reason, &*number])
                .chain(candidate.iter().map(String::as_str))
                .chain([""]);
            table.write_record(cells).map_err(unwritten)?;
        }
    }
    table.flush().map_err(|e| Error::stream("write the review", e))
}

fn unwritten(cause: csv::Error) -> Error {
    Error::data("the review cannot be written").because(cause)
}

/// A review that is being filled in.
#[derive(Clone, Debug)]
pub struct Review {
    header: StringRecord,
    columns: Columns,
    records: Vec<StringRecord>,
    /// The first record of each doubt.
    starts: Vec<usize>,
}

/// One doubt of a review.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// The value.
    pub value: String,
    /// Its context: the names of the columns and their cells.
    pub context: Vec<(String, String)>,
    /// How many cells have the value, the first row that has it, the status and the reason.
    pub about: [String; 4],
    /// Id, label, feature, where, score.
    pub candidates: Vec<[String; 5]>,
    /// The id that was chosen, or [`NONE`]; empty if nothing was.
    pub chosen: String,
}

impl Review {
    /// Reads a review.
    ///
    /// # Errors
    /// If the table is not a review, or reading fails.
    pub fn read(input: impl Read) -> Result<Review> {
        let mut reader = reader(input);
        let unread = |e: csv::Error| Error::data("the review cannot be read").because(e);
        let header = reader.headers().map_err(unread)?.clone();
        let columns = Columns::find(&header)?;
        let mut records: Vec<StringRecord> = reader.records().collect::<csv::Result<_>>().map_err(unread)?;
        for record in &mut records {
            (record.len()..header.len()).for_each(|_| record.push_field(""));
        }
        let begins = |&n: &usize| n == 0 || columns.key(&records[n]) != columns.key(&records[n - 1]);
        let starts = (0..records.len()).filter(begins).collect();
        Ok(Review { header, columns, records, starts })
    }

    /// How many doubts there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    fn rows(&self, doubt: usize) -> Range<usize> {
        self.starts[doubt]..self.starts.get(doubt + 1).copied().unwrap_or(self.records.len())
    }

    /// A cell of one of the columns of [`REVIEW`]; empty if there is no such column.
    fn cell(&self, row: usize, name: &str) -> String {
        let column = (0..self.header.len()).rev().find(|&at| &self.header[at] == name);
        column.map_or("", |at| &self.records[row][at]).to_owned()
    }

    /// A doubt by its number, less than [`len`](Self::len).
    pub fn doubt(&self, number: usize) -> Open {
        let rows = self.rows(number);
        let first = &self.records[rows.start];
        let candidates = rows.clone().filter(|&row| !self.cell(row, "id").is_empty());
        let chosen = rows.clone().map(|row| self.chosen(row)).find(|chosen| !chosen.is_empty());
        Open {
            value: first[self.columns.value].to_owned(),
            context: self.columns.contexts.iter().map(|(at, name)| (name.clone(), first[*at].to_owned())).collect(),
            about: ["count", "row", "status", "reason"].map(|name| self.cell(rows.start, name)),
            candidates: candidates
                .map(|row| ["id", "label", "feature", "where", "score"].map(|name| self.cell(row, name)))
                .collect(),
            chosen: chosen.unwrap_or_default(),
        }
    }

    /// The id that a row chooses, or [`NONE`]; empty if it chooses nothing.
    fn chosen(&self, row: usize) -> String {
        match self.records[row][self.columns.choose].trim() {
            "" => String::new(),
            mark if is_none(mark) => NONE.to_owned(),
            id if id.contains(':') => id.to_owned(),
            _ => self.cell(row, "id"),
        }
    }

    /// Chooses an entity by its id, or [`NONE`]; an empty `choice` withdraws what was chosen.
    pub fn choose(&mut self, doubt: usize, choice: &str) {
        let rows = self.rows(doubt);
        // The mark is put where a reader looks for it: in the row of the candidate.
        let is_candidate =
            |&row: &usize| !choice.is_empty() && self.columns.id.is_some_and(|at| self.records[row][at] == *choice);
        let marked = rows.clone().find(is_candidate).unwrap_or(rows.start);
        for row in rows {
            let mark = if row == marked { choice } else { "" };
            let cells = self.records[row].iter().enumerate();
            self.records[row] = cells.map(|(at, cell)| if at == self.columns.choose { mark } else { cell }).collect();
        }
    }

    /// Writes the review.
    ///
    /// # Errors
    /// If writing fails.
    pub fn write(&self, out: impl Write) -> Result<()> {
        let mut table = csv::WriterBuilder::new().flexible(true).from_writer(out);
        table.write_record(&self.header).map_err(unwritten)?;
        self.records.iter().try_for_each(|record| table.write_record(record)).map_err(unwritten)?;
        table.flush().map_err(|e| Error::stream("write the review", e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "value,region,count,row,status,reason,candidate,id,label,feature,where,score,choose\n\
        Newtown,Wales,2,1,ambiguous,,1,gn:1,Newtown,P.PPL,Powys,0.5,\n\
        Newtown,Wales,2,1,ambiguous,,2,gn:2,Newtown,P.PPL,Cheshire,0.4,x\n\
        Newtown,,1,4,ambiguous,,1,gn:3,Newtown,P.PPL,Connecticut,0.4,\n\
        Nirgendwo,,1,5,unmatched,,,,,,,,\n";

    #[test]
    fn a_review_is_filled_in_and_nothing_else_changes() {
        let mut review = Review::read(TABLE.as_bytes()).expect("a review");
        assert_eq!(review.len(), 3);
        let first = review.doubt(0);
        assert_eq!((first.chosen.as_str(), first.candidates.len()), ("gn:2", 2));
        assert_eq!(first.context, [("region".to_owned(), "Wales".to_owned())]);
        assert!(review.doubt(2).candidates.is_empty());
        let mut before = Vec::new();
        review.write(&mut before).expect("it is written");
        assert_eq!(String::from_utf8(before).expect("text"), TABLE);
        review.choose(0, "gn:1");
        assert_eq!(review.doubt(0).chosen, "gn:1");
        review.choose(0, "");
        assert_eq!(review.doubt(0).chosen, "");
        review.choose(2, NONE);
        assert_eq!(review.doubt(2).chosen, NONE);
    }
}
