//! Cells that several layouts have: language tags, years, populations.

use language_tags::LanguageTag;

use crate::error::{Error, Result};

/// A language tag whose parts are registered (BCP 47), in its recommended case.
///
/// # Errors
/// Returns an error if the tag is malformed, unregistered or in another case.
pub(super) fn language(text: &str) -> Result<String> {
    let wrong = |e: &dyn std::fmt::Display| {
        Error::data(format!("invalid language tag '{text}' ({e}); expected BCP 47, such as az or az-Arab"))
    };
    let tag = LanguageTag::parse(text).map_err(|e| wrong(&e))?;
    tag.validate().map_err(|e| wrong(&e))?;
    match tag.as_str() == text {
        true => Ok(text.to_owned()),
        false => Err(wrong(&format!("it is written {tag}"))),
    }
}

/// A number of inhabitants.
///
/// # Errors
/// Returns an error if the text is not a whole number below 2³².
pub(super) fn population(text: &str) -> Result<u32> {
    text.parse().map_err(|_| Error::data(format!("invalid population '{text}'; expected a whole number")))
}

/// A year, negative before the common era.
///
/// # Errors
/// Returns an error if the text is not a year from -9999 to 2200.
pub(super) fn year(text: &str) -> Result<i16> {
    match text.parse::<i16>() {
        Ok(year) if (-9999..=2200).contains(&year) => Ok(year),
        _ => Err(Error::data(format!("invalid year '{text}'; expected a number such as 1923 or -330"))),
    }
}

/// Checks that a name is not out of use before it comes into use.
///
/// # Errors
/// Returns an error if the last year is before the first.
pub(super) fn check_years(since: Option<i16>, until: Option<i16>) -> Result<()> {
    match (since, until) {
        (Some(since), Some(until)) if since > until => {
            Err(Error::data(format!("the last year, {until}, is before the first, {since}")))
        }
        _ => Ok(()),
    }
}
