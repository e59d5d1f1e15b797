//! The layouts of files, and how they are recognized.

use std::fmt;
use std::str::FromStr;

use super::document::Document;
use crate::delimited::Dialect;
use crate::error::{Error, Result};

/// A layout of files that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// CSV or TSV with a header of fields, one name a row.
    Table,
    /// GeoNames places: `allCountries.txt`, `AZ.txt`, `cities500.txt`.
    GeoNames,
    /// GeoNames alternate names: `alternateNamesV2.txt`.
    GeoNamesNames,
    /// GeoNames hierarchy: `hierarchy.txt`.
    GeoNamesHierarchy,
    /// GeoNames codes of administrative units: `admin1CodesASCII.txt`, `admin2Codes.txt`.
    GeoNamesAdmin,
    /// Who's On First records: GeoJSON with `wof:` properties.
    Wof,
    /// Who's On First's SQLite distribution.
    WofSqlite,
    /// Linked Places Format: JSON-LD on GeoJSON.
    LinkedPlaces,
    /// LP-TSV, the tabular form of Linked Places.
    LpTsv,
    /// OCHA's tables of p-codes.
    Pcodes,
    /// Any other GeoJSON.
    GeoJson,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Layout; 11] = [
        Layout::Table,
        Layout::GeoNames,
        Layout::GeoNamesNames,
        Layout::GeoNamesHierarchy,
        Layout::GeoNamesAdmin,
        Layout::Wof,
        Layout::WofSqlite,
        Layout::LinkedPlaces,
        Layout::LpTsv,
        Layout::Pcodes,
        Layout::GeoJson,
    ];

    /// Its name, as [`str::parse`] takes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Layout::Table => "table",
            Layout::GeoNames => "geonames",
            Layout::GeoNamesNames => "geonames-names",
            Layout::GeoNamesHierarchy => "geonames-hierarchy",
            Layout::GeoNamesAdmin => "geonames-admin",
            Layout::Wof => "wof",
            Layout::WofSqlite => "wof-sqlite",
            Layout::LinkedPlaces => "lpf",
            Layout::LpTsv => "lp-tsv",
            Layout::Pcodes => "pcodes",
            Layout::GeoJson => "geojson",
        }
    }

    /// The layout of a file, from its name and its beginning.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or is an archive.
    pub(super) fn recognize(document: &mut Document<'_>) -> Result<Layout> {
        let base = document.base().to_lowercase();
        let head = document.head()?;
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if head.starts_with(b"SQLite format 3\0") {
            return Ok(Layout::WofSqlite);
        }
        if head.starts_with(b"PK\x03\x04") {
            return Err(Error::usage("the file is a spreadsheet or another archive; save the table as CSV"));
        }
        let text = String::from_utf8_lossy(head);
        let text = text.trim_start_matches(['\u{1e}', ' ', '\t', '\n', '\r']);
        if text.starts_with('{') || text.starts_with('[') {
            return Ok(json(text));
        }
        let first = text.lines().next().unwrap_or_default();
        let cells: Vec<&str> = first.split('\t').collect();
        let number = |at: usize| cells.get(at).is_some_and(|cell| cell.parse::<u64>().is_ok());
        Ok(match cells.len() {
            19 if number(0) && number(14) => Layout::GeoNames,
            8..=10 if number(0) && number(1) => Layout::GeoNamesNames,
            2 | 3 if number(0) && number(1) && base.contains("hierarchy") => Layout::GeoNamesHierarchy,
            4 if number(3) && cells[0].contains('.') => Layout::GeoNamesAdmin,
            _ if base.starts_with("alternatenames") => Layout::GeoNamesNames,
            _ if base.starts_with("hierarchy") => Layout::GeoNamesHierarchy,
            _ if base.starts_with("admin1codes") || base.starts_with("admin2codes") => Layout::GeoNamesAdmin,
            _ => header(first),
        })
    }
}

/// The layout of a JSON file.
fn json(text: &str) -> Layout {
    let has = |word: &str| text.contains(word);
    if has("\"wof:id\"") || has("\"wof:name\"") {
        Layout::Wof
    } else if has("linkedplaces") || has("\"toponym\"") || (has("\"@id\"") && has("\"ccodes\"")) {
        Layout::LinkedPlaces
    } else {
        Layout::GeoJson
    }
}

/// Columns of which LP-TSV requires at least one beside `id` and `title`, in all its versions.
const LP_TSV_COLUMNS: [&str; 5] = ["title_source", "name_src", "attestation_year", "fclasses", "aat_types"];

/// The layout of a table with a header.
fn header(line: &str) -> Layout {
    let delimiter = char::from(Dialect::sniff(line.as_bytes(), Some(b'"')).delimiter);
    let names: Vec<String> =
        line.split(delimiter).map(|name| name.trim_matches(['"', ' ', '\r']).to_lowercase()).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    let is_pcode = |name: &String| name.starts_with("adm") && name.ends_with("pcode");
    if has("id") && has("title") && LP_TSV_COLUMNS.iter().any(|name| has(name)) {
        Layout::LpTsv
    } else if names.iter().any(is_pcode) || (has("p-code") && has("name")) {
        Layout::Pcodes
    } else {
        Layout::Table
    }
}

impl FromStr for Layout {
    type Err = Error;

    fn from_str(word: &str) -> Result<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.as_str() == word).ok_or_else(|| {
            let all: Vec<&str> = Layout::ALL.iter().map(|layout| layout.as_str()).collect();
            Error::usage(format!("unknown layout '{word}'; expected one of {}", all.join(", ")))
        })
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
