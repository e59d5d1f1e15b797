//! What became of a table.

use serde::Serialize;

use super::Inferred;

/// What became of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Rows below the header.
    pub rows: u64,
    /// Cells whose value was resolved.
    pub resolved: u64,
    /// Cells whose value a person decided.
    pub decided: u64,
    /// Cells whose value may mean several places, or is otherwise in doubt.
    pub ambiguous: u64,
    /// Cells whose value is not a known name.
    pub unmatched: u64,
    /// Cells without a value.
    pub empty: u64,
    /// Distinct values, each with its context.
    pub distinct: u64,
    /// Rows with more or fewer cells than the header.
    pub ragged: u64,
    /// Rows whose value or context is not UTF-8; invalid bytes were read as U+FFFD.
    pub not_utf8: u64,
    /// Distinct values with a context that was not understood, and ignored.
    pub unknown_context: u64,
    /// Whether the first row consists of HXL hashtags; it was passed through.
    pub hxl: bool,
    /// The encoding of the table, unless that is UTF-8.
    pub encoding: Option<String>,
    /// What the column was taken to be about, if most of its values lie in one country or unit.
    pub inferred: Option<Inferred>,
    /// Values with a decision that did not occur.
    pub unused_decisions: Vec<String>,
}

impl Summary {
    /// Whether every value was resolved, decided or empty.
    pub fn is_certain(&self) -> bool {
        self.ambiguous == 0 && self.unmatched == 0
    }

    /// All cells of the columns with names.
    pub fn cells(&self) -> u64 {
        self.resolved + self.decided + self.ambiguous + self.unmatched + self.empty
    }
}
