//! How a table is written down, and how further cells are written like it.

use super::delimited::Dialect;

/// What stands between the cells of a value that are kept for JSON; UTF-8 does not use it.
const MARK: u8 = 0xff;

/// How records are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Cells between delimiters, below a header.
    Delimited(Dialect),
    /// One JSON object a line.
    Lines,
}

impl Syntax {
    /// Appends a cell to those of a value: text, or a number, or nothing.
    pub fn push(self, cells: &mut Vec<u8>, text: &str, number: bool) {
        match self {
            Syntax::Delimited(dialect) => dialect.push(cells, text),
            Syntax::Lines => {
                cells.push(MARK);
                match text {
                    "" => cells.extend_from_slice(b"null"),
                    text if number => cells.extend_from_slice(text.as_bytes()),
                    text => cells.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes()),
                }
            }
        }
    }

    /// A cell that stands in the place of another.
    pub fn cell(self, text: &str) -> Vec<u8> {
        let mut cell = Vec::new();
        self.push(&mut cell, text, false);
        cell.remove(0);
        cell
    }

    /// What stands before each cell of an added column.
    pub fn key(self, name: &str) -> Vec<u8> {
        match self {
            Syntax::Delimited(_) => Vec::new(),
            Syntax::Lines => format!(",{}:", serde_json::Value::from(name)).into_bytes(),
        }
    }

    /// Appends the cells of a value as they stand in a record, with the [`key`](Self::key) of each column.
    pub fn put(self, out: &mut Vec<u8>, keys: &[Vec<u8>], cells: &[u8]) {
        match self {
            Syntax::Delimited(_) => out.extend_from_slice(cells),
            Syntax::Lines => {
                for (key, cell) in keys.iter().zip(self::cells(cells)) {
                    out.extend_from_slice(key);
                    out.extend_from_slice(cell);
                }
            }
        }
    }

    /// Appends an empty cell.
    pub fn separate(self, out: &mut Vec<u8>) {
        if let Syntax::Delimited(dialect) = self {
            out.push(dialect.delimiter);
        }
    }
}

/// The cells of a value that are kept for JSON.
pub fn cells(cells: &[u8]) -> impl Iterator<Item = &[u8]> {
    cells.split(|&b| b == MARK).skip(1)
}
