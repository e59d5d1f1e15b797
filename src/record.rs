//! A candidate as the fields that every client writes.

use std::borrow::Cow;

use serde::Serialize;

use crate::entity::{Claim, NameKind};
use crate::label::Label;
use crate::rank::{Candidate, MatchKind};

/// The fields of a candidate. Scripts rely on their names.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Record<'g> {
    /// The id of the entity.
    pub id: &'g str,
    /// The name that stands for it, by the label policy.
    pub label: Cow<'g, str>,
    /// The probability that it is meant, 0 to 1.
    pub score: f64,
    /// The name through which it was found.
    #[serde(rename = "match")]
    pub matched: Matched<'g>,
    /// `place`, `organization` or `person`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// GeoNames class and code.
    pub feature: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Its administrative containers, from the top down.
    pub admin: Vec<&'g str>,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Inhabitants, 0 if unknown.
    pub population: u32,
    /// Who administers and who claims it, if that is disputed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// Its ids in other gazetteers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
}

/// The name through which a candidate was found.
#[derive(Clone, Debug, Serialize)]
pub struct Matched<'g> {
    /// The spelling in the gazetteer.
    pub name: &'g str,
    /// BCP 47, null if unknown.
    pub lang: Option<&'g str>,
    /// ISO 15924.
    pub script: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// How it was found.
    pub how: MatchKind,
    /// Edits between query and name.
    pub distance: u8,
}

impl<'g> Record<'g> {
    /// The fields of a candidate. `written` is what the text or the cell has, for [`Label::AsWritten`].
    pub fn new(candidate: &Candidate<'g>, label: &Label, written: &str) -> Record<'g> {
        let (entity, name) = (candidate.entity, candidate.name);
        let mut admin: Vec<&str> =
            entity.containers().filter(|c| c.feature().class() == Some('A')).map(|c| c.label()).collect();
        admin.reverse();
        let details = entity.details();
        let point = entity.point();
        Record {
            id: entity.id(),
            label: label.of(entity, written),
            score: rounded(candidate.score(), 3),
            matched: Matched {
                name: name.text(),
                lang: Some(name.lang()).filter(|lang| !lang.is_empty()),
                script: name.script().as_str().to_owned(),
                kind: name.kind(),
                how: candidate.how,
                distance: candidate.distance,
            },
            kind: entity.kind().as_str(),
            feature: entity.feature().as_str().to_owned(),
            country: entity.country().map(|c| c.as_str().to_owned()),
            admin,
            lat: point.map(|p| rounded(p.lat, 5)),
            lon: point.map(|p| rounded(p.lon, 5)),
            population: entity.population(),
            claims: details.claims,
            same_as: details.same_as,
        }
    }
}

fn rounded(number: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (number * scale).round() / scale
}
