//! What to do with a table.

use super::Field;
use crate::entity::EntityType;
use crate::error::Result;
use crate::label::Label;

/// The columns that are always added, in order, each after the prefix.
pub const ADDED: [&str; 9] = ["id", "label", "status", "score", "variant", "how", "country", "lat", "lon"];

/// What the answer to a value may depend on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContextScope {
    /// Its own row. The table is read once and written as it is read.
    Row,
    /// The other values of the column, too: all values are looked up before the first row is written. The input is kept in a
    /// temporary file. The order of rows makes no difference.
    #[default]
    Column,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Level {
    /// Countries and territories.
    Country,
    /// First-level units.
    Admin1,
    /// Second-level units, such as districts, counties and raions.
    Admin2,
    /// Populated places.
    Place,
}

impl Level {
    /// The word for the type of a place that [`PlaceType`](super::place_type::PlaceType) understands.
    pub(super) fn as_type(self) -> &'static str {
        match self {
            Level::Country => "country",
            Level::Admin1 => "admin1",
            Level::Admin2 => "admin2",
            Level::Place => "city",
        }
    }
}

/// What to do with a table.
///
/// ```
/// use allonym::table::{Field, Options};
///
/// let options = Options::new("town").country_column("country").admin_column("region").fields([Field::Admin1]);
/// assert_eq!(options.columns, ["town"]);
/// ```
///
/// Columns are given by name, or by number from 1 on; a name takes precedence.
#[derive(Clone, Debug)]
pub struct Options {
    /// The columns with names.
    pub columns: Vec<String>,
    /// Columns with the country of a place: names in any language, or ISO codes.
    pub country_columns: Vec<String>,
    /// Columns with the administrative units of a place, the largest first: names in any language, or codes.
    pub admin_columns: Vec<String>,
    /// The column with degrees north.
    pub lat_column: Option<String>,
    /// The column with degrees east.
    pub lon_column: Option<String>,
    /// The column with the type of a place: `city`, `river`, `organization`, or a GeoNames code.
    pub type_column: Option<String>,
    /// Only entities of these types; all if empty.
    pub types: Vec<EntityType>,
    /// What the names of the added columns begin with. By default the column's name and `_`; with several columns, the prefix
    /// precedes that.
    pub prefix: Option<String>,
    /// The delimiter; by default detected from the header.
    pub delimiter: Option<u8>,
    /// The quote around cells that contain a delimiter. With `None`, quotes are ordinary characters.
    pub quote: Option<u8>,
    /// The encoding, by its name on the web (`latin1`, `windows-1251`, `utf-16le`). By default UTF-8, or UTF-16 if there is a
    /// byte order mark. The output is UTF-8.
    pub encoding: Option<String>,
    /// Whether rows may have fewer or more cells than the header. Added cells follow those of the header.
    pub flexible: bool,
    /// Which name stands for an entity.
    pub label: Label,
    /// Whether resolved cells are replaced by their label instead of [`ADDED`] being added.
    pub in_place: bool,
    /// Further fields to add.
    pub add: Vec<Field>,
    /// How many candidates to write, each after the first in three more columns; at least 1.
    pub candidates: usize,
    /// Whether a cell may list several places, separated by semicolons, bars or line breaks.
    pub multi: bool,
    /// What the answer to a value may depend on.
    pub context: ContextScope,
    /// The country of every row that names none itself: a name in any language, or an ISO code.
    pub country: Option<String>,
    /// The administrative unit of every row: a name in any language, a code, or an id.
    pub within: Option<String>,
    /// What the column holds, if that is known. A type column takes precedence.
    pub level: Option<Level>,
    /// The column that divides the table into groups, such as documents or outlets, each with a column context of its own.
    pub group_column: Option<String>,
}

impl Options {
    /// Options for one column, with defaults for everything else.
    pub fn new(column: impl Into<String>) -> Options {
        Options {
            columns: vec![column.into()],
            country_columns: Vec::new(),
            admin_columns: Vec::new(),
            lat_column: None,
            lon_column: None,
            type_column: None,
            types: Vec::new(),
            prefix: None,
            delimiter: None,
            quote: Some(b'"'),
            encoding: None,
            flexible: false,
            label: Label::Source,
            in_place: false,
            add: Vec::new(),
            candidates: 1,
            multi: false,
            context: ContextScope::default(),
            country: None,
            within: None,
            level: None,
            group_column: None,
        }
    }

    /// Adds a column with names.
    #[must_use]
    pub fn column(mut self, name: impl Into<String>) -> Options {
        self.columns.push(name.into());
        self
    }

    /// Adds a column with countries.
    #[must_use]
    pub fn country_column(mut self, name: impl Into<String>) -> Options {
        self.country_columns.push(name.into());
        self
    }

    /// Adds a column with administrative units, inside those of the columns added before.
    #[must_use]
    pub fn admin_column(mut self, name: impl Into<String>) -> Options {
        self.admin_columns.push(name.into());
        self
    }

    /// Sets the columns with degrees north and east.
    #[must_use]
    pub fn point_columns(mut self, lat: impl Into<String>, lon: impl Into<String>) -> Options {
        (self.lat_column, self.lon_column) = (Some(lat.into()), Some(lon.into()));
        self
    }

    /// Sets the column with types.
    #[must_use]
    pub fn type_column(mut self, name: impl Into<String>) -> Options {
        self.type_column = Some(name.into());
        self
    }

    /// Restricts answers to entities of these types.
    #[must_use]
    pub fn types(mut self, types: impl IntoIterator<Item = EntityType>) -> Options {
        self.types = types.into_iter().collect();
        self
    }

    /// Sets the prefix of the added columns.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Options {
        self.prefix = Some(prefix.into());
        self
    }

    /// Sets the delimiter.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Options {
        self.delimiter = Some(delimiter);
        self
    }

    /// Sets the quote, or makes quotes ordinary characters.
    #[must_use]
    pub fn quote(mut self, quote: Option<u8>) -> Options {
        self.quote = quote;
        self
    }

    /// Sets the encoding of the input.
    #[must_use]
    pub fn encoding(mut self, name: impl Into<String>) -> Options {
        self.encoding = Some(name.into());
        self
    }

    /// Accepts rows with fewer or more cells than the header.
    #[must_use]
    pub fn flexible(mut self, flexible: bool) -> Options {
        self.flexible = flexible;
        self
    }

    /// Sets which name stands for an entity.
    #[must_use]
    pub fn label(mut self, label: Label) -> Options {
        self.label = label;
        self
    }

    /// Replaces resolved cells by their label.
    #[must_use]
    pub fn in_place(mut self, in_place: bool) -> Options {
        self.in_place = in_place;
        self
    }

    /// Adds further fields.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = Field>) -> Options {
        self.add.extend(fields);
        self
    }

    /// Sets how many candidates to write.
    #[must_use]
    pub fn candidates(mut self, candidates: usize) -> Options {
        self.candidates = candidates.max(1);
        self
    }

    /// Accepts cells that list several places.
    #[must_use]
    pub fn multi(mut self, multi: bool) -> Options {
        self.multi = multi;
        self
    }

    /// Sets what the answer to a value may depend on.
    #[must_use]
    pub fn context(mut self, context: ContextScope) -> Options {
        self.context = context;
        self
    }

    /// Sets the country of every row.
    #[must_use]
    pub fn country(mut self, country: impl Into<String>) -> Options {
        self.country = Some(country.into());
        self
    }

    /// Sets the administrative unit of every row.
    #[must_use]
    pub fn within(mut self, unit: impl Into<String>) -> Options {
        self.within = Some(unit.into());
        self
    }

    /// Sets what the column holds.
    #[must_use]
    pub fn level(mut self, level: Level) -> Options {
        self.level = Some(level);
        self
    }

    /// Sets the column that divides the table into groups.
    #[must_use]
    pub fn group_column(mut self, name: impl Into<String>) -> Options {
        self.group_column = Some(name.into());
        self
    }

    /// The columns with context, in the order of a value's key.
    pub(super) fn context_columns(&self) -> impl Iterator<Item = &String> {
        let single = [&self.lat_column, &self.lon_column, &self.type_column];
        self.country_columns.iter().chain(&self.admin_columns).chain(single.into_iter().flatten())
    }

    /// All columns that are read: those with names, then those with context.
    pub(super) fn read_columns(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().chain(self.context_columns()).chain(&self.group_column)
    }

    /// These options with every column replaced by its name in the table.
    pub(super) fn with_names(&self, name_of: impl Fn(&str) -> Result<String>) -> Result<Options> {
        let mut options = self.clone();
        let lists = [&mut options.columns, &mut options.country_columns, &mut options.admin_columns];
        let single =
            [&mut options.lat_column, &mut options.lon_column, &mut options.type_column, &mut options.group_column];
        for column in lists.into_iter().flatten().chain(single.into_iter().flatten()) {
            *column = name_of(column)?;
        }
        Ok(options)
    }

    /// The names of the columns that are added for a column.
    pub(super) fn added(&self, column: &str) -> Vec<String> {
        let prefix = match &self.prefix {
            None => format!("{column}_"),
            Some(prefix) if self.columns.len() == 1 => prefix.clone(),
            Some(prefix) => format!("{prefix}{column}_"),
        };
        let always = ADDED.iter().filter(|_| !self.in_place).map(|name| (*name).to_owned());
        let fields = self.add.iter().map(|field| field.as_str().to_owned());
        let more = (2..=self.candidates).flat_map(|n| ["id", "label", "score"].map(|name| format!("{name}_{n}")));
        always.chain(fields).chain(more).map(|name| format!("{prefix}{name}")).collect()
    }
}
