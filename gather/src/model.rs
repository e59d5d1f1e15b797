//! What is gathered: places, their names, and where each name was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::geo::Point;

/// The identity of a place. ISO 3166-2 codes serve only what GeoNames lacks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id {
    /// A number of this project's own.
    Own(u32),
    GeoNames(u32),
    Iso(String),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Own(number) => write!(f, "al:{number}"),
            Id::GeoNames(number) => write!(f, "gn:{number}"),
            Id::Iso(code) => write!(f, "iso:{code}"),
        }
    }
}

impl std::str::FromStr for Id {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Id> {
        let id = match text.split_once(':') {
            Some(("al", number)) => number.parse().ok().map(Id::Own),
            Some(("gn", number)) => number.parse().ok().map(Id::GeoNames),
            Some(("iso", code)) => Some(Id::Iso(code.to_string())),
            _ => None,
        };
        anyhow::Context::with_context(id, || format!("{text:?} is no id"))
    }
}

/// What a name is to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Official,
    Endonym,
    Exonym,
    Romanized,
    Short,
    Abbreviation,
    Demonym,
    Code,
    /// Nothing more is known.
    Alternate,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Official => "official",
            Kind::Endonym => "endonym",
            Kind::Exonym => "exonym",
            Kind::Romanized => "romanized",
            Kind::Short => "short",
            Kind::Abbreviation => "abbreviation",
            Kind::Demonym => "demonym",
            Kind::Code => "code",
            Kind::Alternate => "alternate",
        }
    }
}

/// One spelling of a place's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    /// A canonical BCP 47 tag; empty if unknown.
    pub lang: String,
    /// What the source says of the name; [`Kind::Alternate`] is decided further once all names are known.
    pub kind: Kind,
    /// Machine-made: never to be matched in running text.
    pub machine: bool,
    /// Doubtful: to be believed only with other evidence.
    pub weak: bool,
    /// The code of the source in `data/sources.toml`.
    pub source: &'static str,
}

impl Name {
    pub fn new(text: impl Into<String>, lang: impl Into<String>, source: &'static str) -> Name {
        Name { text: text.into(), lang: lang.into(), kind: Kind::Alternate, machine: false, weak: false, source }
    }

    pub fn kind(self, kind: Kind) -> Name {
        Name { kind, ..self }
    }

    pub fn weak(self) -> Name {
        Name { weak: true, ..self }
    }
}

/// How a place's position is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Position {
    Unknown,
    /// A source gives it.
    Given(Point),
    /// The mean position of the towns inside.
    Derived(Point),
}

impl Position {
    pub fn point(self) -> Option<Point> {
        match self {
            Position::Unknown => None,
            Position::Given(point) | Position::Derived(point) => Some(point),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Place {
    /// GeoNames class and code, such as `P.PPLC`.
    pub feature: String,
    /// ISO 3166-1 alpha-2, as GeoNames gives it; empty for continents.
    pub country: String,
    pub parent: Option<Id>,
    pub position: Position,
    /// 0 where no source gives a number.
    pub population: u64,
    pub same_as: BTreeSet<String>,
    /// The main name; one of `names` once the place is finished.
    pub label: String,
    pub names: Vec<Name>,
}

impl Place {
    pub fn new(
        feature: impl Into<String>,
        country: impl Into<String>,
        label: impl Into<String>,
        source: &'static str,
    ) -> Place {
        let label = label.into();
        Place {
            feature: feature.into(),
            country: country.into(),
            parent: None,
            position: Position::Unknown,
            population: 0,
            same_as: BTreeSet::new(),
            names: vec![Name::new(label.clone(), "", source)],
            label,
        }
    }

    pub fn is_town(&self) -> bool {
        self.feature.starts_with("P.")
    }
}

/// All places by id: the order in which they are written.
pub type Places = BTreeMap<Id, Place>;
