//! Doubts as a table that people fill in.

use std::io::{Read, Write};

use super::decisions::{Columns, NONE, REVIEW, VALUE};
use crate::error::{Error, Result};

/// A value that somebody should look at.
pub struct Doubt {
    /// The value.
    pub value: String,
    /// `ambiguous` or `unmatched`.
    pub status: &'static str,
    /// Why, where more is known than the scores say.
    pub reason: String,
    /// Id, label, feature, where, score.
    pub candidates: Vec<[String; 5]>,
}

/// A doubt with where it occurs.
pub struct Reviewed<'a> {
    /// How many cells hold the value.
    pub count: u64,
    /// The first row that does.
    pub row: u64,
    /// What is doubtful.
    pub doubt: &'a Doubt,
    /// The cells of context.
    pub context: Vec<String>,
}

/// Writes a row for each doubt and candidate.
///
/// # Errors
/// Where writing fails.
pub fn write_review<'c>(
    doubts: &[Reviewed<'_>],
    contexts: impl Iterator<Item = &'c String>,
    out: &mut dyn Write,
) -> Result<()> {
    let refused = |e: csv::Error| Error::data("the review cannot be written").because(e);
    let mut table = csv::Writer::from_writer(out);
    let header = std::iter::once(VALUE).chain(contexts.map(String::as_str)).chain(REVIEW);
    table.write_record(header).map_err(refused)?;
    for Reviewed { count, row, doubt, context } in doubts {
        let (count, row) = (count.to_string(), row.to_string());
        let none = [const { String::new() }; 5];
        let candidates = if doubt.candidates.is_empty() { std::slice::from_ref(&none) } else { &doubt.candidates };
        for (number, candidate) in (1..).zip(candidates) {
            let number = if doubt.candidates.is_empty() { String::new() } else { number.to_string() };
            let cells = std::iter::once(doubt.value.as_str())
                .chain(context.iter().map(String::as_str))
                .chain([&*count, &*row, doubt.status, &*doubt.reason, &*number])
                .chain(candidate.iter().map(String::as_str))
                .chain([""]);
            table.write_record(cells).map_err(refused)?;
        }
    }
    table.flush().map_err(|e| Error::stream("write the review", e))
}

/// A review that is being filled in.
#[derive(Clone, Debug)]
pub struct Review {
    header: csv::StringRecord,
    columns: Columns,
    records: Vec<csv::StringRecord>,
    /// Where each doubt begins among the records.
    starts: Vec<usize>,
}

/// One doubt of a review.
#[derive(Clone, Debug, Default)]
pub struct Open {
    /// The value.
    pub value: String,
    /// Its context: what the column is called and what it says.
    pub context: Vec<(String, String)>,
    /// How many cells hold the value, the first row that does, the status and the reason.
    pub about: [String; 4],
    /// Id, label, feature, where, score.
    pub candidates: Vec<[String; 5]>,
    /// The id that was chosen, or [`NONE`]; empty where nothing was.
    pub chosen: String,
}

impl Review {
    /// Reads a review.
    ///
    /// # Errors
    /// Where it is no review, or reading fails.
    pub fn read(input: impl Read) -> Result<Review> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(input);
        let refused = |e: csv::Error| Error::data("the review cannot be read").because(e);
        let header = reader.headers().map_err(refused)?.clone();
        let columns = Columns::of(&header)?;
        let mut records: Vec<csv::StringRecord> = reader.records().collect::<csv::Result<_>>().map_err(refused)?;
        for record in &mut records {
            (record.len()..header.len()).for_each(|_| record.push_field(""));
        }
        let key = |record: &csv::StringRecord| -> Vec<String> {
            let places = std::iter::once(columns.value).chain(columns.contexts.iter().map(|(at, _)| *at));
            places.map(|at| record[at].trim().to_owned()).collect()
        };
        let begins = |&n: &usize| n == 0 || key(&records[n]) != key(&records[n - 1]);
        let starts = (0..records.len()).filter(begins).collect();
        Ok(Review { header, columns, records, starts })
    }

    /// How many doubts there are.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    fn rows(&self, doubt: usize) -> std::ops::Range<usize> {
        self.starts[doubt]..self.starts.get(doubt + 1).copied().unwrap_or(self.records.len())
    }

    /// A doubt by its number, below [`len`](Self::len).
    pub fn doubt(&self, number: usize) -> Open {
        // The columns of a review come last, so that a column of context may have the name of one.
        let place = |name: &str| (0..self.header.len()).rev().find(|&at| &self.header[at] == name);
        let cell = |row: usize, name: &str| place(name).map_or("", |at| &self.records[row][at]).to_owned();
        let rows = self.rows(number);
        let first = &self.records[rows.start];
        let ids = rows.clone().filter(|&row| !cell(row, "id").is_empty());
        let chosen = rows.clone().find_map(|row| {
            let mark = self.records[row][self.columns.choose].trim().to_owned();
            let own = !mark.is_empty() && mark != NONE && mark != "-" && !mark.contains(':');
            Some(if own { cell(row, "id") } else { mark }).filter(|mark| !mark.is_empty())
        });
        Open {
            value: first[self.columns.value].to_owned(),
            context: self.columns.contexts.iter().map(|(at, name)| (name.clone(), first[*at].to_owned())).collect(),
            about: ["count", "row", "status", "reason"].map(|name| cell(rows.start, name)),
            candidates: ids
                .map(|row| ["id", "label", "feature", "where", "score"].map(|name| cell(row, name)))
                .collect(),
            chosen: chosen.unwrap_or_default(),
        }
    }

    /// Fills in what is meant: an entity's id, or [`NONE`]; nothing takes a choice back.
    pub fn choose(&mut self, doubt: usize, choice: &str) {
        let rows = self.rows(doubt);
        let id = self.columns.id;
        // The mark stands where a reader looks for it: in the candidate's row.
        let own = rows.clone().find(|&row| id.is_some_and(|at| self.records[row][at] == *choice) && !choice.is_empty());
        let marked = own.unwrap_or(rows.start);
        for row in rows {
            let mark = if row == marked { choice } else { "" };
            let cells = self.records[row].iter().enumerate();
            let choose = self.columns.choose;
            self.records[row] = cells.map(|(at, cell)| if at == choose { mark } else { cell }).collect();
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Where writing fails.
    pub fn write(&self, out: impl Write) -> Result<()> {
        let refused = |e: csv::Error| Error::data("the review cannot be written").because(e);
        let mut table = csv::WriterBuilder::new().flexible(true).from_writer(out);
        table.write_record(&self.header).map_err(refused)?;
        self.records.iter().try_for_each(|record| table.write_record(record)).map_err(refused)?;
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
