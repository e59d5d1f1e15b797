//! libgeonames: GeoNames' preferred names by language, kept as gettext catalogues.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use super::Tagged;
use crate::package::Package;

pub const CODE: &str = "lgn";

/// What a catalogue's message id stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Town(u32),
    /// `CC.ADM1`
    Unit(String),
    /// ISO 3166-1 alpha-2
    Country(String),
}

/// The names of every place, in the order of locales.
pub fn names(package: &Package) -> Result<BTreeMap<Key, Vec<Tagged>>> {
    let mut names: BTreeMap<Key, Vec<Tagged>> = BTreeMap::new();
    for (locale, catalogue) in package.between("usr/share/locale/", "/LC_MESSAGES/geonames.mo") {
        for (id, text) in messages(catalogue).with_context(|| format!("the catalogue of {locale} is damaged"))? {
            if !id.is_empty() {
                names.entry(key(id)).or_default().push(Tagged { locale: locale.to_string(), text: text.to_string() });
            }
        }
    }
    Ok(names)
}

fn key(id: &str) -> Key {
    match id.parse() {
        Ok(number) => Key::Town(number),
        Err(_) if id.contains('.') => Key::Unit(id.to_string()),
        Err(_) => Key::Country(id.to_string()),
    }
}

/// The pairs of a little-endian MO file: a magic number, a revision, the number of pairs, and where the two tables
/// of (length, offset) lie.
fn messages(bytes: &[u8]) -> Result<Vec<(&str, &str)>> {
    ensure!(word(bytes, 0)? == 0x9504_12de, "it is no little-endian MO file");
    let (count, ids, texts) = (word(bytes, 8)?, word(bytes, 12)?, word(bytes, 16)?);
    (0..count).map(|index| Ok((entry(bytes, ids, index)?, entry(bytes, texts, index)?))).collect()
}

fn word(bytes: &[u8], at: usize) -> Result<usize> {
    let word = bytes.get(at..at + 4).context("it ends too soon")?;
    Ok(u32::from_le_bytes([word[0], word[1], word[2], word[3]]) as usize)
}

fn entry(bytes: &[u8], table: usize, index: usize) -> Result<&str> {
    let (length, offset) = (word(bytes, table + 8 * index)?, word(bytes, table + 8 * index + 4)?);
    let text = bytes.get(offset..offset + length).context("a text lies outside the file")?;
    std::str::from_utf8(text).context("a text is not UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_of_one_pair() {
        let mut bytes = Vec::new();
        for word in [0x9504_12de_u32, 0, 1, 28, 36, 0, 0, 2, 44, 3, 47] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(b"AZ\0Foo\0");
        assert_eq!(messages(&bytes).expect("it is whole"), [("AZ", "Foo")]);
        bytes.truncate(48);
        assert!(messages(&bytes).is_err(), "cut short");
    }

    #[test]
    fn an_id_is_a_town_a_unit_or_a_country() {
        assert_eq!(key("146970"), Key::Town(146_970));
        assert_eq!(key("AZ.35"), Key::Unit("AZ.35".into()));
        assert_eq!(key("AZ"), Key::Country("AZ".into()));
    }
}
