//! GeoNames feature codes.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// GeoNames' feature class and code, such as `P.PPLC` (a capital) or `A.ADM1` (a first-level unit); may be empty.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Feature([u8; 8]);

impl Feature {
    /// Decodes the eight bytes stored in an index.
    pub(crate) fn from_bytes(bytes: [u8; 8]) -> Feature {
        Feature(bytes)
    }

    /// The eight bytes stored in an index: the text, padded with zeros.
    pub(crate) fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The text, such as `P.PPLC`.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|&b| b == 0).unwrap_or(8);
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }

    /// The class: `A` units, `H` waters, `L` regions, `P` populated places, `R` roads, `S` sites, `T` mountains,
    /// `U` undersea, `V` forests; `None` if the feature is empty.
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
            return Err(Error::data(format!("'{text}' is not a GeoNames feature; expected a form like P.PPLC")));
        }
        let mut padded = [0; 8];
        padded[..bytes.len()].copy_from_slice(bytes);
        Ok(Feature(padded))
    }
}

impl Feature {
    /// Whether this is a present-day country, or a territory with its own country code.
    pub fn is_country(&self) -> bool {
        self.code().starts_with("PCL") && self.code() != "PCLH"
    }
}

impl fmt::Debug for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_validated() {
        assert_eq!("P.PPLA2".parse::<Feature>().unwrap().code(), "PPLA2");
        assert_eq!("".parse::<Feature>().unwrap().class(), None);
        assert!("ppl".parse::<Feature>().is_err());
    }
}
