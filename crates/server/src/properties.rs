//! The properties of entities that queries can give and extensions can ask for.

use serde_json::{Value, json};

/// Properties that a query can give: id, name, accepted values.
pub const CONTEXT: [(&str, &str, &str); 12] = [
    ("country", "country", "a name in any language, or an ISO 3166-1 code"),
    ("admin1", "first-level unit", "a name in any language, or a code"),
    ("admin2", "second-level unit", "a name in any language, or a code"),
    ("parent", "in", "a unit or region that contains it: a name or an id"),
    ("coordinates", "coordinates", "'latitude,longitude' or POINT(longitude latitude)"),
    ("type", "type", "city, district, river, organization …, or a code of GeoNames"),
    ("date", "date", "a year or a date in which the name was in use"),
    ("id", "id", "an id of this service"),
    ("geonames", "GeoNames id", "a number"),
    ("wikidata", "Wikidata item", "Q and a number"),
    ("iso", "ISO 3166-2 code", "such as AZ-XA"),
    ("pcode", "p-code", "as humanitarian data has them"),
];

/// Properties that an extension can ask for: id and name.
const GIVEN: [(&str, &str); 24] = [
    ("label", "name"),
    ("names", "names, all"),
    ("names:official", "names, official"),
    ("names:endonym", "names in local languages"),
    ("names:exonym", "names in other languages"),
    ("names:historical", "names, historical"),
    ("names:abbreviation", "names, abbreviated"),
    ("type", "type"),
    ("feature", "GeoNames class and code"),
    ("country", "country"),
    ("country_code", "ISO 3166-1 code of the country"),
    ("admin1", "first-level unit"),
    ("admin2", "second-level unit"),
    ("parent", "next container"),
    ("containers", "all containers, from the nearest up"),
    ("coordinates", "coordinates"),
    ("lat", "latitude"),
    ("lon", "longitude"),
    ("population", "inhabitants"),
    ("claims", "who administers and who claims it"),
    ("same_as", "ids elsewhere"),
    ("matched_variant", "variant through which it was found"),
    ("match_explanation", "why it was found"),
    ("query", "what was asked when it was found"),
];

/// Properties that are external ids: id, name, prefix.
pub const CODES: [(&str, &str, &str); 4] = [
    ("geonames", "GeoNames id", "gn:"),
    ("wikidata", "Wikidata item", "wd:"),
    ("iso", "ISO 3166-2 code", "iso:"),
    ("pcode", "p-code", "pcode:"),
];

/// Languages proposed as `name:` properties; any other tag is understood, too.
const LANGUAGES: [&str; 14] = ["en", "ar", "az", "de", "es", "fa", "fr", "hy", "ka", "ru", "tr", "uk", "zh", "ja"];

/// The properties proposed for extension: id and name.
pub fn proposed() -> impl Iterator<Item = (String, String)> {
    let given = GIVEN.iter().map(|&(id, name)| (id.to_owned(), name.to_owned()));
    let codes = CODES.iter().map(|&(id, name, _)| (id.to_owned(), name.to_owned()));
    given.chain(codes).chain(LANGUAGES.iter().map(|lang| (format!("name:{lang}"), format!("name in {lang}"))))
}

/// The settings of a property, with the field names of an API version.
pub fn settings(label: &str, name: &str, help: &str) -> Value {
    let setting = |id: &str, words: &str, kind: &str, usual: Value, about: &str| json!({ name: id, label: words, "type": kind, "default": usual, help: about });
    let mut content = setting("content", "Content", "select", "literal".into(), "What stands for an entity");
    content["choices"] = json!([{ "value": "literal", "name": "Name and id" }, { "value": "id", "name": "Id alone" }]);
    json!([
        setting("limit", "Limit", "number", 0.into(), "The most values; 0 for all"),
        setting("lang", "Language", "text", "".into(), "Only names in this language (BCP 47: az, hy, zh-Hant)"),
        setting("kind", "Kind of name", "text", "".into(), "Only names of this kind (official, exonym, historical …)"),
        setting("script", "Script", "text", "".into(), "Only names in this script (ISO 15924: Latn, Cyrl, Armn …)"),
        content,
    ])
}
