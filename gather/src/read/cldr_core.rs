//! CLDR 41: ISO 3166-2 subdivisions by language, which contains which, which codes are in use, which are countries.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Tagged;
use crate::package::Package;

pub const CODE: &str = "cldr41";

const COMMON: &str = "usr/share/unicode/cldr/common";

pub struct Subdivisions {
    /// The names by ISO 3166-2 code.
    pub names: BTreeMap<String, Vec<Tagged>>,
    /// The subdivision that contains another; those right below the country are absent.
    pub parents: BTreeMap<String, String>,
    /// Codes in use.
    pub regular: BTreeSet<String>,
    /// Codes no longer in use.
    pub deprecated: BTreeSet<String>,
    /// Codes of territories that have a country code too, such as `US-PR` and `PR`.
    pub countries: BTreeMap<String, String>,
}

pub fn read(package: &Package) -> Result<Subdivisions> {
    let mut names: BTreeMap<String, Vec<Tagged>> = BTreeMap::new();
    for (locale, text) in package.between(&format!("{COMMON}/subdivisions/"), ".xml") {
        let text = std::str::from_utf8(text).with_context(|| format!("the names in {locale} are not UTF-8"))?;
        for element in elements(text, "subdivision").with_context(|| format!("the names in {locale}"))? {
            if let Some(code) = element.attributes.get("type").and_then(|code| iso_code(code)) {
                names.entry(code).or_default().push(Tagged { locale: locale.to_string(), text: element.text });
            }
        }
    }
    let mut parents = BTreeMap::new();
    for element in elements(package.text(&format!("{COMMON}/supplemental/subdivisions.xml"))?, "subgroup")? {
        let Some(parent) = element.attributes.get("type").and_then(|code| iso_code(code)) else { continue };
        for child in element.attributes.get("contains").into_iter().flat_map(|list| list.split_whitespace()) {
            if let Some(child) = iso_code(child) {
                parents.insert(child, parent.clone());
            }
        }
    }
    let mut by_status: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for element in elements(package.text(&format!("{COMMON}/validity/subdivision.xml"))?, "id")? {
        let status = element.attributes.get("idStatus").cloned().unwrap_or_default();
        let codes = element.text.split_whitespace().flat_map(range).filter_map(|code| iso_code(&code));
        by_status.entry(status).or_default().extend(codes);
    }
    let mut countries = BTreeMap::new();
    for element in
        elements(package.text(&format!("{COMMON}/supplemental/supplementalMetadata.xml"))?, "subdivisionAlias")?
    {
        let (code, new) = (element.attributes.get("type"), element.attributes.get("replacement"));
        if let (Some(code), Some(new)) = (code.and_then(|code| iso_code(code)), new)
            && new.len() == 2
            && new.bytes().all(|b| b.is_ascii_uppercase())
        {
            countries.insert(code, new.clone());
        }
    }
    Ok(Subdivisions {
        names,
        parents,
        regular: by_status.remove("regular").unwrap_or_default(),
        deprecated: by_status.remove("deprecated").unwrap_or_default(),
        countries,
    })
}

/// `azxa` as `AZ-XA`; none for a country's own code (`AZ`).
pub fn iso_code(code: &str) -> Option<String> {
    let (country, rest) = code.split_at_checked(2)?;
    let valid = !rest.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    valid.then(|| format!("{country}-{rest}").to_ascii_uppercase())
}

/// `ad02~8` as `ad02` to `ad08`.
fn range(word: &str) -> Vec<String> {
    let Some((first, last)) = word.split_once('~') else { return vec![word.to_string()] };
    match (first.bytes().last(), last.bytes().next()) {
        (Some(from), Some(to)) => {
            (from..=to).map(|end| format!("{}{}", &first[..first.len() - 1], char::from(end))).collect()
        }
        _ => vec![first.to_string()],
    }
}

struct Element {
    attributes: BTreeMap<String, String>,
    text: String,
}

/// All elements of one name, each with its attributes and text. CLDR nests none of those read here in itself.
fn elements(text: &str, name: &str) -> Result<Vec<Element>> {
    let mut reader = Reader::from_str(text);
    let mut elements: Vec<Element> = Vec::new();
    let mut inside = false;
    loop {
        match reader.read_event()? {
            Event::Start(tag) if tag.name().as_ref() == name => {
                elements.push(Element { attributes: attributes(&tag)?, text: String::new() });
                inside = true;
            }
            Event::Empty(tag) if tag.name().as_ref() == name => {
                elements.push(Element { attributes: attributes(&tag)?, text: String::new() });
            }
            Event::End(tag) if tag.name().as_ref() == name => inside = false,
            Event::Text(part) if inside => {
                if let Some(element) = elements.last_mut() {
                    element.text.push_str(&part);
                }
            }
            Event::GeneralRef(part) if inside => {
                if let Some(element) = elements.last_mut() {
                    // Left as it was written; cleaning decodes entities for all sources alike.
                    element.text.push_str(&format!("&{};", &*part));
                }
            }
            Event::Eof => return Ok(elements),
            _ => {}
        }
    }
}

fn attributes(tag: &BytesStart<'_>) -> Result<BTreeMap<String, String>> {
    tag.attributes()
        .map(|attribute| {
            let attribute = attribute?;
            Ok((attribute.key.as_ref().to_string(), attribute.value.to_string()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_gain_their_hyphen() {
        assert_eq!(iso_code("azxa").as_deref(), Some("AZ-XA"));
        assert_eq!(iso_code("fr20r").as_deref(), Some("FR-20R"));
        assert_eq!(iso_code("AZ"), None);
        assert_eq!(iso_code("az"), None);
    }

    #[test]
    fn ranges_are_spelled_out() {
        assert_eq!(range("ad02~4"), ["ad02", "ad03", "ad04"]);
        assert_eq!(range("afbal~n"), ["afbal", "afbam", "afban"]);
        assert_eq!(range("usca"), ["usca"]);
    }

    #[test]
    fn elements_keep_text_and_attributes() {
        let xml = "<a><id t='x'> one <!-- no --> two </id><id t='y'/><other>z</other></a>";
        let found = elements(xml, "id").expect("it is XML");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text.split_whitespace().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(found[1].attributes["t"], "y");
    }
}
