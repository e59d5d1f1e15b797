//! The columns of a table.

use std::io::{self, Write};

use crate::delimited::content_length;
use crate::error::{Error, Result};

/// The first row. JSON Lines have none; there it holds the fields of the first objects.
#[derive(Debug)]
pub struct Header {
    pub(super) names: Vec<String>,
    pub(super) raw: Vec<u8>,
}

impl Header {
    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Writes the row with further cells, each of which begins with a delimiter.
    ///
    /// # Errors
    /// If writing fails.
    pub fn write_with(&self, cells: &[u8], out: &mut impl Write) -> io::Result<()> {
        let (text, ending) = self.raw.split_at(content_length(&self.raw));
        out.write_all(text)?;
        out.write_all(cells)?;
        out.write_all(if ending.is_empty() { b"\n" } else { ending })
    }
}

/// The index of a column, by its name or by its number from 1 on. A name takes precedence over a number.
///
/// # Errors
/// If there is no such column, or more than one has that name.
pub fn find_column<N: AsRef<str>>(names: &[N], column: &str) -> Result<usize> {
    let mut found = (0..names.len()).filter(|&at| names[at].as_ref() == column);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => {
            Err(Error::missing_column(format!("more than one column is named '{column}'; give its number, from 1 on")))
        }
        (None, _) => match column.parse::<usize>() {
            Ok(number) if (1..=names.len()).contains(&number) => Ok(number - 1),
            _ => Err(missing(names, column)),
        },
    }
}

/// The longest name, in characters, that is compared with a missing one: comparison takes quadratic time.
const LONGEST_COMPARED: usize = 100;
/// How many columns are compared with a missing one.
const MOST_COMPARED: usize = 2000;
/// How many columns an error lists.
const MOST_LISTED: usize = 20;

fn missing<N: AsRef<str>>(names: &[N], column: &str) -> Error {
    let cut = |name: &str| name.chars().take(LONGEST_COMPARED).collect::<String>().to_lowercase();
    let wanted = cut(column);
    let similarity = |name: &str| strsim::jaro_winkler(&cut(name), &wanted);
    let similar = names.iter().take(MOST_COMPARED).map(|name| (similarity(name.as_ref()), name.as_ref()));
    let best = similar.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(similarity, _)| *similarity > 0.8);
    let hint = best.map(|(_, name)| format!(" (did you mean '{}'?)", shortened(name))).unwrap_or_default();
    let mut listed: Vec<String> = names.iter().take(MOST_LISTED).map(|name| shortened(name.as_ref())).collect();
    if names.len() > listed.len() {
        listed.push(format!("and {} more", names.len() - listed.len()));
    }
    let column = shortened(column);
    Error::missing_column(format!("there is no column '{column}'{hint}; the columns are {}", listed.join(", ")))
}

fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

/// The error for an added column that the table has already.
pub fn taken(name: &str) -> Error {
    Error::usage(format!("the table already has a column '{name}'; choose another prefix for the added columns"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_name_or_number() {
        let names = ["id", "place", "2", "place"];
        assert_eq!(find_column(&names, "id").ok(), Some(0));
        assert_eq!(find_column(&names, "1").ok(), Some(0));
        assert_eq!(find_column(&names, "2").ok(), Some(2), "a name takes precedence");
        assert_eq!(find_column(&names, "4").ok(), Some(3));
        assert!(find_column(&names, "place").is_err(), "the name is ambiguous");
        for missing in ["0", "5", "-1", "", "Place"] {
            assert!(find_column(&names, missing).is_err(), "{missing}");
        }
    }

    #[test]
    fn a_missing_column_is_reported_at_once_whatever_the_header_holds() {
        let begin = std::time::Instant::now();
        let mut names = vec!["x".repeat(2 << 20); 4];
        names.push("place".to_owned());
        let error = find_column(&names, "plaec").expect_err("no such column").to_string();
        assert!(error.contains("did you mean 'place'?") && error.len() < 1000, "{error}");
        assert!(find_column(&names, &"y".repeat(2 << 20)).expect_err("no such column").to_string().len() < 1000);
        assert!(begin.elapsed().as_millis() < 500, "{:?}", begin.elapsed());
    }
}
