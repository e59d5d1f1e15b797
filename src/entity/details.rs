//! What only few entities have: other ids, further regions, claims.

use serde::{Deserialize, Serialize};

/// What only few entities have, stored separately so that the others stay small.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Ids of the same thing elsewhere: `wd:Q244165`, `iso:AZ-XA`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    /// Ids of similar things elsewhere (`skos:closeMatch`). They need not be the same, so nothing is merged by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub close_match: Vec<String>,
    /// Ids of regions that contain it, in addition to its chain of parents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_in: Vec<String>,
    /// Who administers it, who claims it, who declared it: stated, not judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

impl Details {
    /// Whether all fields are empty.
    pub fn is_empty(&self) -> bool {
        self.same_as.is_empty() && self.close_match.is_empty() && self.also_in.is_empty() && self.claims.is_empty()
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
