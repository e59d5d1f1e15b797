//! How a table is written: delimited text or JSON Lines, and how added cells are written in the same way.

pub mod encoding;
pub mod json_lines;

use crate::delimited::Dialect;

/// Separates the JSON cells of a value; it never occurs in UTF-8.
const MARK: u8 = 0xff;

/// The syntax of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Cells between delimiters, below a header.
    Delimited(Dialect),
    /// One JSON object per line.
    JsonLines,
}

impl Syntax {
    /// Appends a cell to the added cells of a value. An empty text is null in JSON; `number` writes the text as a number.
    pub fn push(self, cells: &mut Vec<u8>, text: &str, number: bool) {
        match self {
            Syntax::Delimited(dialect) => {
                cells.push(dialect.delimiter);
                dialect.append_cell(cells, text);
            }
            Syntax::JsonLines => {
                cells.push(MARK);
                match text {
                    "" => cells.extend_from_slice(b"null"),
                    text if number => cells.extend_from_slice(text.as_bytes()),
                    text => cells.extend_from_slice(&json_string(text)),
                }
            }
        }
    }

    /// A cell that replaces another.
    pub fn cell(self, text: &str) -> Vec<u8> {
        match self {
            Syntax::JsonLines if text.is_empty() => b"null".to_vec(),
            Syntax::JsonLines => json_string(text),
            Syntax::Delimited(dialect) => {
                let mut cell = Vec::new();
                dialect.append_cell(&mut cell, text);
                cell
            }
        }
    }

    /// What precedes each cell of an added column.
    pub fn key(self, name: &str) -> Vec<u8> {
        match self {
            Syntax::Delimited(_) => Vec::new(),
            Syntax::JsonLines => [b",", &*json_string(name), b":"].concat(),
        }
    }

    /// Appends the added cells of a value to a record, each after the [`key`](Self::key) of its column.
    pub fn append(self, record: &mut Vec<u8>, keys: &[Vec<u8>], cells: &[u8]) {
        match self {
            Syntax::Delimited(_) => record.extend_from_slice(cells),
            Syntax::JsonLines => {
                for (key, cell) in keys.iter().zip(json_cells(cells)) {
                    record.extend_from_slice(key);
                    record.extend_from_slice(cell);
                }
            }
        }
    }
}

fn json_string(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

/// The added cells of a value that [`Syntax::JsonLines`] wrote.
pub fn json_cells(cells: &[u8]) -> impl Iterator<Item = &[u8]> {
    cells.split(|&b| b == MARK).skip(1)
}
