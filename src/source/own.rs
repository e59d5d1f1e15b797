//! A user's own gazetteer: a table of names, put over the bundled data as the overlays are.
//!
//! One row is one entity, or one name of it; rows of one id are one entity. What a row says of an entity that the
//! bundled data has (by its id, or by `same_as`) is added to it, and nothing that is there is lost.

use hashbrown::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

use super::overlays::{language, population, year};
use crate::entity::{Entity, Name, Point};
use crate::error::{Error, Result};

/// What a column may hold; a table needs `id` and `name`.
pub const FIELDS: [&str; 16] = [
    "id",
    "name",
    "variants",
    "lang",
    "kind",
    "type",
    "feature",
    "country",
    "parent",
    "lat",
    "lon",
    "population",
    "same_as",
    "since",
    "until",
    "by",
];

/// What stands between the names of a cell of `variants`, and between the ids of one of `same_as`.
const BETWEEN: [char; 2] = [';', '|'];

/// Which column holds which field, where the header does not say so: pairs of a field and a header.
pub type Columns = Vec<(String, String)>;

/// Reads `field=Header,field=Other header`.
///
/// # Errors
/// Where a part has no `=` or names no field.
///
/// ```
/// let columns = allonym::source::own::columns("name=Place name,id=Code").unwrap();
/// assert_eq!(columns[0], ("name".to_owned(), "Place name".to_owned()));
/// ```
pub fn columns(text: &str) -> Result<Columns> {
    let part = |part: &str| {
        let (field, header) = part
            .split_once('=')
            .ok_or_else(|| Error::usage(format!("'{part}' maps no column; write it as name=Header of the column")))?;
        match FIELDS.contains(&field.trim()) {
            true => Ok((field.trim().to_owned(), header.trim().to_owned())),
            false => Err(Error::usage(format!("'{field}' is no field; the fields are {}", FIELDS.join(", ")))),
        }
    };
    text.split(',').map(part).collect()
}

/// A row that was left out, or a fact that was, and why.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The line of the file, from 1.
    pub line: u64,
    /// One sentence.
    pub reason: String,
}

/// A table that was read.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The file's name, for messages.
    pub file: String,
    /// The entities, in the order of their first rows.
    pub entities: Vec<Entity>,
    /// How many rows were read, faulty ones with them.
    pub rows: u64,
    /// What could not be taken as it is.
    pub faults: Vec<Fault>,
    /// Changes when the content or the columns do.
    pub(super) fingerprint: String,
}

impl Own {
    /// Reads a table: comma, tab or semicolon between the cells, whichever the header has most of; a header; UTF-8.
    ///
    /// Ids without a prefix get the file's name as theirs: row `12` of `people.csv` is `people:12`. The first name of an
    /// entity is its label.
    ///
    /// # Errors
    /// Where the file is no UTF-8, has no header, or lacks a column that is needed. Faulty rows are no error: they are
    /// left out and listed in [`Own::faults`].
    pub fn read(file: &str, bytes: &[u8], columns: &Columns) -> Result<Own> {
        let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = base.split('.').next().unwrap_or(base).to_lowercase();
        let prefix: String = stem.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
            .map_err(|e| Error::data("the file is no UTF-8").in_file(file).because(e))?;
        let first = text.lines().next().unwrap_or_default();
        let delimiter =
            [b',', b'\t', b';'].into_iter().max_by_key(|d| (first.bytes().filter(|b| b == d).count(), *d == b','));
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter.unwrap_or(b',')).flexible(true).from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| Error::data(e.to_string()).in_file(file))?.clone();
        let places = Places::of(&header, columns).map_err(|e| e.in_file(file))?;
        let mut own = Own { file: file.to_owned(), ..Own::default() };
        let map: Vec<u8> = columns.iter().flat_map(|(a, b)| format!("{a}={b}\n").into_bytes()).collect();
        own.fingerprint = crate::index::manifest::hash(&[file.as_bytes(), b"\n", &map, bytes].concat());
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut record = csv::StringRecord::new();
        loop {
            let line = reader.position().line();
            match reader.read_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {}
                Err(e) => {
                    own.rows += 1;
                    own.faults.push(Fault { line, reason: e.to_string() });
                    continue;
                }
            }
            own.rows += 1;
            let line = record.position().map_or(line, csv::Position::line);
            match places.entity(&record, header.len(), &prefix) {
                Ok(entity) => match known.entry(entity.id.clone()) {
                    hashbrown::hash_map::Entry::Vacant(slot) => {
                        slot.insert(own.entities.len());
                        own.entities.push(entity);
                    }
                    hashbrown::hash_map::Entry::Occupied(slot) => {
                        let differ = join(&mut own.entities[*slot.get()], entity);
                        own.faults.extend(differ.map(|reason| Fault { line, reason }));
                    }
                },
                Err(e) => own.faults.push(Fault { line, reason: e.to_string() }),
            }
        }
        own.entities.retain(|entity| !entity.names.is_empty());
        Ok(own)
    }

    /// The ids of other data that the table speaks of: what its entities are the same as, and what they are in.
    pub(super) fn speaks_of(&self) -> impl Iterator<Item = &str> {
        self.entities.iter().flat_map(|e| e.details.same_as.iter().chain(&e.parent)).map(String::as_str)
    }

    /// The entities as they go over the data that has the ids `known`: under the id of what they are the same as.
    ///
    /// A container that is not known is left out.
    pub(super) fn placed(&self, known: &HashSet<String>) -> Vec<Entity> {
        let place = |entity: &Entity| {
            let mut entity = entity.clone();
            if let Some(at) = entity.details.same_as.iter().position(|id| known.contains(id)) {
                let own = std::mem::replace(&mut entity.id, entity.details.same_as[at].clone());
                entity.details.same_as[at] = own;
            }
            entity.parent = entity.parent.filter(|id| known.contains(id));
            entity
        };
        self.entities.iter().map(place).collect()
    }
}

/// Which cell of a row holds which field.
struct Places([Option<usize>; FIELDS.len()]);

impl Places {
    fn of(header: &csv::StringRecord, columns: &Columns) -> Result<Places> {
        let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
        let mut places = [None; FIELDS.len()];
        for (place, field) in places.iter_mut().zip(FIELDS) {
            *place = header.iter().position(|name| plain(name) == field);
        }
        for (field, name) in columns {
            let Some(at) = header.iter().position(|header| header.trim() == name) else {
                let all: Vec<&str> = header.iter().collect();
                return Err(Error::usage(format!("no column is called '{name}'; the columns are {}", all.join(", "))));
            };
            let place = places.iter_mut().zip(FIELDS).find(|(_, known)| known == field);
            place.into_iter().for_each(|(place, _)| *place = Some(at));
        }
        for (place, field) in places.iter().zip(FIELDS).take(2) {
            if place.is_none() {
                let all: Vec<&str> = header.iter().collect();
                return Err(Error::usage(format!(
                    "no column is called '{field}'; say which one it is with --map {field}=HEADER (the columns are {})",
                    all.join(", ")
                )));
            }
        }
        Ok(Places(places))
    }

    fn entity(&self, record: &csv::StringRecord, columns: usize, prefix: &str) -> Result<Entity> {
        if record.len() != columns {
            return Err(Error::data(format!("the row has {} cells, the header {columns}", record.len())));
        }
        let cell = |field: &str| {
            let at = FIELDS.iter().position(|known| *known == field).and_then(|n| self.0[n]);
            at.and_then(|at| record.get(at)).map(str::trim).unwrap_or_default()
        };
        let id = match cell("id") {
            "" => return Err(Error::data("the row has no id")),
            id if id.contains(|c: char| c.is_whitespace() || c.is_control()) => {
                return Err(Error::data(format!("'{id}' is no id: it has a space in it")));
            }
            id if id.contains(':') => id.to_owned(),
            id => format!("{prefix}:{id}"),
        };
        fn read<T>(text: &str, read: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
            if text.is_empty() { Ok(None) } else { read(text).map(Some) }
        }
        let point = match (cell("lat"), cell("lon")) {
            ("", "") => None,
            (lat, lon) => Some(Point::parse(lat, lon)?),
        };
        let mut entity = Entity {
            id,
            kind: read(cell("type"), str::parse)?.unwrap_or_default(),
            feature: read(cell("feature"), str::parse)?.unwrap_or_default(),
            country: read(cell("country"), |code| code.to_uppercase().parse())?,
            parent: read(cell("parent"), |id| Ok(id.to_owned()))?,
            point,
            population: read(cell("population"), population)?.unwrap_or(0),
            ..Entity::default()
        };
        let listed = |text: &'_ str| -> Vec<String> {
            text.split(BETWEEN).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        entity.details.same_as = listed(cell("same_as"));
        let main = Name {
            text: cell("name").nfc().collect(),
            lang: read(cell("lang"), language)?.unwrap_or_default(),
            kind: read(cell("kind"), str::parse)?.unwrap_or_default(),
            since: read(cell("since"), year)?,
            until: read(cell("until"), year)?,
            by: cell("by").to_owned(),
            source: prefix.to_owned(),
            ..Name::default()
        };
        let variant = |text: String| Name { text: text.nfc().collect(), source: prefix.to_owned(), ..Name::default() };
        let names = std::iter::once(main).chain(listed(cell("variants")).into_iter().map(variant));
        for name in names.filter(|name| !name.text.is_empty()) {
            if name.text.len() > Name::MAX_BYTES {
                return Err(Error::data(format!("a name is longer than {} bytes", Name::MAX_BYTES)));
            }
            if !entity.names.contains(&name) {
                entity.names.push(name);
            }
        }
        match entity.names.is_empty() {
            true => Err(Error::data("the row has no name")),
            false => Ok(entity),
        }
    }
}

/// Puts a further row of an entity to its first; what they tell differently is said, and the first is kept.
fn join(entity: &mut Entity, row: Entity) -> Option<String> {
    let mut differ = Vec::new();
    fn keep<T: PartialEq>(what: &'static str, known: &mut Option<T>, new: Option<T>, differ: &mut Vec<&'static str>) {
        match (&known, new) {
            (None, new) => *known = new,
            (Some(a), Some(b)) if *a != b => differ.push(what),
            _ => {}
        }
    }
    keep("country", &mut entity.country, row.country, &mut differ);
    keep("parent", &mut entity.parent, row.parent, &mut differ);
    keep("point", &mut entity.point, row.point, &mut differ);
    if entity.feature == Default::default() {
        entity.feature = row.feature;
    }
    entity.population = entity.population.max(row.population);
    for id in row.details.same_as {
        if !entity.details.same_as.contains(&id) {
            entity.details.same_as.push(id);
        }
    }
    for name in row.names {
        if !entity.names.contains(&name) {
            entity.names.push(name);
        }
    }
    let what = differ.join(", ");
    (!differ.is_empty()).then(|| format!("{} has another {what} further up, which is kept", entity.id))
}
