//! The types of entities.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The type of an entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum EntityType {
    /// A place.
    #[default]
    Place = 0,
    /// An organization, such as a ministry, a bank or the United Nations.
    Organization = 1,
    /// A person.
    Person = 2,
}

impl EntityType {
    /// Every type, in the order of their discriminants.
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
        let wrong = || Error::data(format!("'{text}' is not an entity type; expected place, organization or person"));
        EntityType::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(wrong)
    }
}

impl fmt::Display for EntityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
