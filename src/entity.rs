//! The nouns: an [`Entity`] and its [`Name`]s, as they come out of a source and go into an index.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_script::{Script as UnicodeScript, UnicodeScript as _};

use crate::error::{Error, Result};

/// A thing with an id: a place, an organization, a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entity {
    /// Its id, such as `gn:146970`: a prefix for the gazetteer it comes from, a colon, and that gazetteer's own id.
    pub id: String,
    /// What it is.
    pub kind: EntityType,
    /// GeoNames' class and code, such as `P.PPLC`; empty for what is no place.
    pub feature: Feature,
    /// ISO 3166-1 alpha-2, where the entity belongs to one country or is one.
    pub country: Option<Country>,
    /// The id of the next container up.
    pub parent: Option<String>,
    /// Where it is.
    pub point: Option<Point>,
    /// Inhabitants, 0 where unknown.
    pub population: u32,
    /// Every name, the main name first.
    pub names: Vec<Name>,
    /// What few entities have.
    pub details: Details,
}

/// What few entities have, kept apart so that the many stay small.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Ids of the same thing elsewhere: `wd:Q244165`, `iso:AZ-XA`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    /// Ids of regions that contain it beside its chain of parents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<String>,
    /// Who administers it, who claims it, who declared it: stated, not judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

/// The order of ids: by prefix, then by number where both are numbers, then by letters.
///
/// ```
/// use allonym::entity::id_order;
/// assert!(id_order("gn:9", "gn:10").is_lt());
/// ```
pub fn id_order(a: &str, b: &str) -> std::cmp::Ordering {
    fn parts(id: &str) -> (&str, bool, usize, &str) {
        let (prefix, rest) = id.split_once(':').unwrap_or(("", id));
        let number = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        (prefix, !number, if number { rest.len() } else { 0 }, rest)
    }
    parts(a).cmp(&parts(b))
}

impl Details {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.same_as.is_empty() && self.also_in.is_empty() && self.claims.is_empty()
    }
}

/// One party's relation to a disputed place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// A country code, an entity's id or a short text.
    pub party: String,
    /// `administers`, `claims`, `declared` or `recognizes`.
    pub role: String,
    /// First year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<i16>,
    /// Last year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i16>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One spelling of an entity's name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Name {
    /// The spelling, in NFC, at most [`Name::MAX_BYTES`] long.
    pub text: String,
    /// BCP 47 tag, empty where unknown.
    pub lang: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// First year of use, negative before the common era.
    pub since: Option<i16>,
    /// Last year of use.
    pub until: Option<i16>,
    /// Who uses it.
    pub by: String,
    /// The short code of the source that has it.
    pub source: String,
    /// Made by a machine: kept, looked up, never matched in running text.
    pub machine: bool,
    /// Its source holds it for a weak name.
    pub weak: bool,
}

impl Name {
    /// The longest name an index takes, in bytes.
    pub const MAX_BYTES: usize = 4096;

    /// Whether the name may be recognized in running text at all.
    pub fn in_text(&self) -> bool {
        !self.machine && !matches!(self.kind, NameKind::Code | NameKind::Misspelling)
    }
}

/// What an entity is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum EntityType {
    /// Somewhere.
    #[default]
    Place = 0,
    /// A body of people: a ministry, a bank, the United Nations.
    Organization = 1,
    /// Somebody.
    Person = 2,
}

impl EntityType {
    /// Every type, in the order of their numbers.
    pub const ALL: [EntityType; 3] = [EntityType::Place, EntityType::Organization, EntityType::Person];

    /// The word used on the command line and in output.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityType::Place => "place",
            EntityType::Organization => "organization",
            EntityType::Person => "person",
        }
    }
}

impl FromStr for EntityType {
    type Err = Error;

    fn from_str(text: &str) -> Result<EntityType> {
        let wrong = || Error::data(format!("'{text}' is no type; the types are place, organization, person"));
        EntityType::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(wrong)
    }
}

impl fmt::Display for EntityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What kind of name a name is, after the terms of the UN Group of Experts on Geographical Names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum NameKind {
    /// Decided by an authority.
    Official = 0,
    /// In a language spoken where the place is.
    Endonym = 1,
    /// In a language spoken elsewhere, in a form of its own.
    Exonym = 2,
    /// No longer in official or general use.
    Historical = 3,
    /// Letters of one script put for those of another.
    Romanized = 4,
    /// A shorter form.
    Short = 5,
    /// Initials or a cut word.
    Abbreviation = 6,
    /// Used in speech.
    Colloquial = 7,
    /// People or things from there; an adjective.
    Demonym = 8,
    /// A code that stands for the name.
    Code = 9,
    /// A known mistake.
    Misspelling = 10,
    /// Nothing more is known.
    #[default]
    Alternate = 11,
}

impl NameKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [NameKind; 12] = [
        NameKind::Official,
        NameKind::Endonym,
        NameKind::Exonym,
        NameKind::Historical,
        NameKind::Romanized,
        NameKind::Short,
        NameKind::Abbreviation,
        NameKind::Colloquial,
        NameKind::Demonym,
        NameKind::Code,
        NameKind::Misspelling,
        NameKind::Alternate,
    ];

    /// The word used in data, on the command line and in output.
    pub fn as_str(self) -> &'static str {
        match self {
            NameKind::Official => "official",
            NameKind::Endonym => "endonym",
            NameKind::Exonym => "exonym",
            NameKind::Historical => "historical",
            NameKind::Romanized => "romanized",
            NameKind::Short => "short",
            NameKind::Abbreviation => "abbreviation",
            NameKind::Colloquial => "colloquial",
            NameKind::Demonym => "demonym",
            NameKind::Code => "code",
            NameKind::Misspelling => "misspelling",
            NameKind::Alternate => "alternate",
        }
    }
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for NameKind {
    type Err = Error;

    fn from_str(word: &str) -> Result<NameKind> {
        NameKind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| {
            let all: Vec<_> = NameKind::ALL.iter().map(|kind| kind.as_str()).collect();
            Error::data(format!("'{word}' is no kind of name; the kinds are {}", all.join(", ")))
        })
    }
}

/// GeoNames' feature class and code, such as `P.PPLC` (a capital) or `A.ADM1` (a first-level unit); may be empty.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Feature([u8; 8]);

impl Feature {
    /// From the eight bytes that an index keeps.
    pub(crate) fn from_bytes(bytes: [u8; 8]) -> Feature {
        Feature(bytes)
    }

    /// The eight bytes that an index keeps: the text, then zeros.
    pub(crate) fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The text, such as `P.PPLC`.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|&b| b == 0).unwrap_or(8);
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }

    /// The class: `A` units, `H` waters, `L` regions, `P` populated places, `R` roads, `S` sites, `T` mountains,
    /// `U` undersea, `V` forests; none where the feature is empty.
    pub fn class(&self) -> Option<char> {
        (self.0[0] != 0).then_some(self.0[0] as char)
    }

    /// The code without its class, such as `PPLC`.
    pub fn code(&self) -> &str {
        self.as_str().get(2..).unwrap_or_default()
    }
}

impl FromStr for Feature {
    type Err = Error;

    fn from_str(text: &str) -> Result<Feature> {
        let bytes = text.as_bytes();
        let well_formed = match bytes {
            [] => true,
            [class] => class.is_ascii_uppercase(),
            [class, b'.', code @ ..] => {
                class.is_ascii_uppercase()
                    && (1..=6).contains(&code.len())
                    && code.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            }
            _ => false,
        };
        if !well_formed {
            return Err(Error::data(format!("'{text}' is no GeoNames feature; it should look like P.PPLC")));
        }
        let mut padded = [0; 8];
        padded[..bytes.len()].copy_from_slice(bytes);
        Ok(Feature(padded))
    }
}

impl Feature {
    /// Whether it is that of a country or a territory with a code of its own today.
    pub fn is_country(&self) -> bool {
        self.code().starts_with("PCL") && self.code() != "PCLH"
    }
}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An ISO 3166-1 alpha-2 code, in capitals (and XK, which many use for Kosovo).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// From the two bytes that an index keeps; zeros stand for none.
    pub(crate) fn from_bytes(bytes: [u8; 2]) -> Option<Country> {
        (bytes != [0; 2]).then_some(Country(bytes))
    }

    /// The two bytes that an index keeps.
    pub(crate) fn to_bytes(self) -> [u8; 2] {
        self.0
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Country {
    type Err = Error;

    fn from_str(text: &str) -> Result<Country> {
        match *text.as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Country([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(Error::data(format!("'{text}' is no ISO 3166 country code; it should look like AZ"))),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A point on Earth (WGS84).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Degrees north, -90 to 90.
    pub lat: f64,
    /// Degrees east, -180 to 180.
    pub lon: f64,
    /// Whether it was worked out (from a unit's towns) rather than given by a source.
    pub derived: bool,
}

impl Point {
    /// Reads a latitude and a longitude in decimal degrees.
    ///
    /// # Errors
    /// Where either is no number or out of range.
    pub fn parse(lat: &str, lon: &str) -> Result<Point> {
        let number = |text: &str, limit: f64, what: &str| match text.trim().parse::<f64>() {
            Ok(degrees) if degrees.abs() <= limit => Ok(degrees),
            _ => Err(Error::data(format!("'{text}' is no {what}; it should be degrees from -{limit} to {limit}"))),
        };
        Ok(Point { lat: number(lat, 90.0, "latitude")?, lon: number(lon, 180.0, "longitude")?, derived: false })
    }

    /// Great-circle distance in kilometres on a sphere of radius 6371 km (haversine).
    pub fn distance(&self, other: &Point) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * 6371.0 * h.sqrt().min(1.0).asin()
    }
}

/// An ISO 15924 script code, such as `Latn`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Script([u8; 4]);

impl Script {
    /// The script of a name: that of the most of its letters; `Zyyy` where it has none, `Jpan` and `Kore` where Han is
    /// mixed with kana or hangul.
    ///
    /// ```
    /// use allonym::entity::Script;
    /// assert_eq!(Script::of("Qarabağ").as_str(), "Latn");
    /// assert_eq!(Script::of("Ղարաբաղ").as_str(), "Armn");
    /// ```
    pub fn of(text: &str) -> Script {
        let latin = text.bytes().filter(|b| b.is_ascii_alphabetic()).count();
        if latin * 2 > text.len() {
            return Script(*b"Latn");
        }
        let mut counts: Vec<(UnicodeScript, usize)> = Vec::with_capacity(2);
        for c in text.chars() {
            let script = c.script();
            if matches!(script, UnicodeScript::Common | UnicodeScript::Inherited) {
                continue;
            }
            match counts.iter_mut().find(|(s, _)| *s == script) {
                Some((_, n)) => *n += 1,
                None => counts.push((script, 1)),
            }
        }
        let has = |wanted: UnicodeScript| counts.iter().any(|(s, _)| *s == wanted);
        let han = has(UnicodeScript::Han);
        if has(UnicodeScript::Hiragana) || has(UnicodeScript::Katakana) {
            return Script(*b"Jpan");
        }
        if has(UnicodeScript::Hangul) {
            return Script(*b"Kore");
        }
        if han {
            return Script(*b"Hani");
        }
        let most = counts.iter().max_by_key(|(_, n)| *n).map_or(UnicodeScript::Common, |(s, _)| *s);
        let mut code = [0; 4];
        code.copy_from_slice(&most.short_name().as_bytes()[..4]);
        Script(code)
    }

    pub(crate) fn from_bytes(bytes: [u8; 4]) -> Script {
        Script(bytes)
    }

    pub(crate) fn to_bytes(self) -> [u8; 4] {
        self.0
    }

    /// The four letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_countries_and_points_are_checked() {
        assert_eq!("P.PPLA2".parse::<Feature>().unwrap().code(), "PPLA2");
        assert_eq!("".parse::<Feature>().unwrap().class(), None);
        assert!("ppl".parse::<Feature>().is_err());
        assert_eq!("az".parse::<Country>().unwrap().as_str(), "AZ");
        assert!("AZE".parse::<Country>().is_err());
        assert!(Point::parse("91", "0").is_err());
        assert!(Point::parse("NaN", "0").is_err());
    }

    #[test]
    fn distances_are_great_circles() {
        let baku = Point::parse("40.37767", "49.89201").unwrap();
        let yerevan = Point::parse("40.18111", "44.51361").unwrap();
        let km = baku.distance(&yerevan);
        assert!((450.0..465.0).contains(&km), "{km}");
    }

    #[test]
    fn scripts_of_names() {
        for (name, script) in
            [("東京", "Hani"), ("さいたま市", "Jpan"), ("서울", "Kore"), ("Київ", "Cyrl"), ("123", "Zyyy")]
        {
            assert_eq!(Script::of(name).as_str(), script, "{name}");
        }
    }
}
