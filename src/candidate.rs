//! What an answer is made of: candidates, how each was found, and how sure the choice between them is.

use std::borrow::Cow;

use serde::Serialize;

use crate::entity::{Claim, NameKind};
use crate::index::places::{EntityRef, NameRef};
use crate::label::Label;

/// On which rung of the ladder a name was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// Letter by letter.
    Exact,
    /// But for case, marks, punctuation and the letters a keyboard lacks.
    Folded,
    /// It sounds the same, whatever the script.
    Romanized,
    /// With an ending or prefix of its language's grammar.
    Inflected,
    /// Some words of one are the words of the other.
    Partial,
    /// But for one or two letters.
    Fuzzy,
    /// A person decided it.
    Decided,
}

impl MatchKind {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchKind::Exact => "exact",
            MatchKind::Folded => "folded",
            MatchKind::Romanized => "romanized",
            MatchKind::Inflected => "inflected",
            MatchKind::Partial => "partial",
            MatchKind::Fuzzy => "fuzzy",
            MatchKind::Decided => "decided",
        }
    }
}

/// Whether an answer can be relied on. Doubt is an answer, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The first candidate is likely enough to go on with.
    Resolved,
    /// There are candidates, and none stands out.
    Ambiguous,
    /// There are none.
    Unmatched,
}

impl Verdict {
    /// The first candidate's score from which on an answer is resolved.
    pub const RESOLVED_FROM: f64 = 0.6;

    /// The verdict on candidates, best first.
    pub fn of(candidates: &[Candidate<'_>]) -> Verdict {
        match candidates.first() {
            None => Verdict::Unmatched,
            Some(best) if best.score >= Verdict::RESOLVED_FROM => Verdict::Resolved,
            Some(_) => Verdict::Ambiguous,
        }
    }

    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Resolved => "resolved",
            Verdict::Ambiguous => "ambiguous",
            Verdict::Unmatched => "unmatched",
        }
    }
}

/// An entity that a text may mean, and the name through which it was found.
#[derive(Clone, Copy)]
pub struct Candidate<'g> {
    /// The entity.
    pub entity: EntityRef<'g>,
    /// Its name that the text matched.
    pub name: NameRef<'g>,
    /// On which rung.
    pub how: MatchKind,
    /// How many letters differ, for fuzzy matches.
    pub distance: u8,
    /// How alike text and name are, 0 to 1.
    pub likeness: f64,
    /// The logarithm of how likely it is beside the others: see [`crate::score`].
    pub evidence: f64,
    /// The probability that it is meant, 0 to 1.
    pub score: f64,
}

impl<'g> Candidate<'g> {
    /// The candidate as it is written out, under its main name.
    pub fn record(&self) -> Record<'g> {
        self.labelled(&Label::Source, "")
    }

    /// The candidate as it is written out, for what a text or a cell calls `written`.
    pub fn labelled(&self, label: &Label, written: &str) -> Record<'g> {
        let entity = self.entity;
        let mut admin: Vec<&str> =
            entity.containers().filter(|c| c.feature().class() == Some('A')).map(|c| c.label()).collect();
        admin.reverse();
        let details = entity.details();
        let point = entity.point();
        Record {
            id: entity.id(),
            label: label.of(entity, written),
            score: rounded(self.score, 3),
            matched: Matched {
                name: self.name.text(),
                lang: Some(self.name.lang()).filter(|lang| !lang.is_empty()),
                script: self.name.script().as_str().to_owned(),
                kind: self.name.kind(),
                how: self.how,
                distance: self.distance,
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

/// A candidate's fields, as scripts may rely on them.
#[derive(Clone, Debug, Serialize)]
pub struct Record<'g> {
    /// The entity's id.
    pub id: &'g str,
    /// The name that stands for it.
    pub label: Cow<'g, str>,
    /// Probability that it is meant.
    pub score: f64,
    /// The name through which it was found.
    #[serde(rename = "match")]
    pub matched: Matched<'g>,
    /// place, organization or person.
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
    /// Inhabitants, 0 where unknown.
    pub population: u32,
    /// Who administers and who claims it, where that is disputed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// Its ids elsewhere.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
}

/// The name through which a candidate was found.
#[derive(Clone, Debug, Serialize)]
pub struct Matched<'g> {
    /// The spelling in the gazetteer.
    pub name: &'g str,
    /// BCP 47, null where unknown.
    pub lang: Option<&'g str>,
    /// ISO 15924.
    pub script: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// On which rung it was found.
    pub how: MatchKind,
    /// How many letters differ.
    pub distance: u8,
}
