//! ISO 3166-1 country codes.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// An ISO 3166-1 alpha-2 code, uppercase (also XK, a user-assigned code widely used for Kosovo).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// Decodes the two bytes stored in an index; zeros mean no country.
    pub(crate) fn from_bytes(bytes: [u8; 2]) -> Option<Country> {
        (bytes != [0; 2]).then_some(Country(bytes))
    }

    /// The two bytes stored in an index.
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
            _ => Err(Error::data(format!("'{text}' is not an ISO 3166 country code; expected two letters like AZ"))),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_two_letters() {
        assert_eq!("az".parse::<Country>().unwrap().as_str(), "AZ");
        assert!("AZE".parse::<Country>().is_err());
    }
}
