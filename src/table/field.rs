//! Fields that can be added to a table.

use std::str::FromStr;

use crate::entity::Claim;
use crate::error::{Error, Result};
use crate::record::Record;

/// A field of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// `place`, `organization` or `person`.
    Type,
    /// GeoNames class and code.
    Feature,
    /// Inhabitants.
    Population,
    /// The administrative containers from the top down, separated by ` > `.
    Admin,
    /// The first-level administrative container.
    Admin1,
    /// The second-level administrative container.
    Admin2,
    /// The language of the name that matched, BCP 47.
    Lang,
    /// Its script, ISO 15924.
    Script,
    /// What kind of name it is.
    Kind,
    /// The number of edits between the value and the name.
    Distance,
    /// The ids in other gazetteers, separated by spaces.
    SameAs,
    /// Who administers and who claims it.
    Claims,
    /// Why the value is in doubt.
    Reason,
}

impl Field {
    /// All of them.
    pub const ALL: [Field; 13] = [
        Field::Type,
        Field::Feature,
        Field::Population,
        Field::Admin,
        Field::Admin1,
        Field::Admin2,
        Field::Lang,
        Field::Script,
        Field::Kind,
        Field::Distance,
        Field::SameAs,
        Field::Claims,
        Field::Reason,
    ];

    /// Its name in columns and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Type => "type",
            Field::Feature => "feature",
            Field::Population => "population",
            Field::Admin => "admin",
            Field::Admin1 => "admin1",
            Field::Admin2 => "admin2",
            Field::Lang => "lang",
            Field::Script => "script",
            Field::Kind => "kind",
            Field::Distance => "distance",
            Field::SameAs => "same_as",
            Field::Claims => "claims",
            Field::Reason => "reason",
        }
    }

    /// Its text for a record.
    pub(super) fn of(self, record: &Record<'_>) -> String {
        match self {
            Field::Type => record.kind.to_owned(),
            Field::Feature => record.feature.clone(),
            Field::Population if record.population == 0 => String::new(),
            Field::Population => record.population.to_string(),
            Field::Admin => record.admin.join(" > "),
            Field::Admin1 => record.admin.get(1).copied().unwrap_or_default().to_owned(),
            Field::Admin2 => record.admin.get(2).copied().unwrap_or_default().to_owned(),
            Field::Lang => record.matched.lang.unwrap_or_default().to_owned(),
            Field::Script => record.matched.script.clone(),
            Field::Kind => record.matched.kind.to_string(),
            Field::Distance => record.matched.distance.to_string(),
            Field::SameAs => record.same_as.join(" "),
            Field::Claims => record.claims.iter().map(claim).collect::<Vec<_>>().join("; "),
            Field::Reason => String::new(),
        }
    }

    /// Whether JSON has it as a number.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Field::Population | Field::Distance)
    }
}

/// `RU administers since 2014`.
fn claim(claim: &Claim) -> String {
    let mut text = format!("{} {}", claim.party, claim.role);
    if let Some(year) = claim.since {
        text.push_str(&format!(" since {year}"));
    }
    if let Some(year) = claim.until {
        text.push_str(&format!(" until {year}"));
    }
    text
}

impl FromStr for Field {
    type Err = Error;

    fn from_str(text: &str) -> Result<Field> {
        let field = Field::ALL.into_iter().find(|field| field.as_str() == text.trim());
        field.ok_or_else(|| {
            let all = Field::ALL.map(Field::as_str).join(", ");
            Error::usage(format!("unknown field '{text}'; expected {all}"))
        })
    }
}
