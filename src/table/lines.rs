//! JSON Lines: one object a line, its bytes as they are.

use std::fmt;

use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The names of an object's fields, in order.
pub fn names(line: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    each(line, |name, _| names.push(name.to_owned())).ok()?;
    Some(names)
}

/// Calls for each field of an object with its name and its value as it is written.
///
/// # Errors
/// Where the line is no JSON object.
pub fn each(line: &[u8], field: impl FnMut(&str, &str)) -> serde_json::Result<()> {
    struct Fields<F>(F);
    impl<'de, F: FnMut(&str, &str)> Visitor<'de> for Fields<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some((name, value)) = map.next_entry::<std::borrow::Cow<'de, str>, &RawValue>()? {
                (self.0)(&name, value.get());
            }
            Ok(())
        }
    }
    let mut json = serde_json::Deserializer::from_slice(line);
    json.deserialize_map(Fields(field))?;
    json.end()
}

/// A value as the text of a cell: strings by their letters, lists joined by semicolons, null as nothing, else as written.
pub fn text(value: &str) -> String {
    struct Text;
    impl<'de> Visitor<'de> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or a list of strings")
        }

        fn visit_str<E>(self, text: &str) -> Result<String, E> {
            Ok(text.to_owned())
        }

        fn visit_unit<E>(self) -> Result<String, E> {
            Ok(String::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<String, A::Error> {
            let mut all: Vec<String> = Vec::new();
            while let Some(value) = list.next_element::<&RawValue>()? {
                all.push(text(value.get()));
            }
            Ok(all.join("; "))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Err(serde::de::Error::custom("an object is no name"))
        }
    }
    let read = serde_json::Deserializer::from_str(value).deserialize_any(Text);
    read.unwrap_or_else(|_| value.to_owned())
}

/// Where the value of a field lies in a line.
pub fn value_at(line: &[u8], name: &str) -> Option<(usize, usize)> {
    let mut found = None;
    let begin = line.as_ptr() as usize;
    let read = each(line, |field, value| {
        if field == name {
            let from = value.as_ptr() as usize - begin;
            found = Some((from, from + value.len()));
        }
    });
    read.ok().and(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_and_found_where_they_lie() {
        let line = br#" {"id": 7, "place": "K\u00f6ln", "also": ["a", "b"], "none": null} "#;
        assert_eq!(names(line).expect("an object"), ["id", "place", "also", "none"]);
        let mut cells = Vec::new();
        each(line, |_, value| cells.push(text(value))).expect("an object");
        assert_eq!(cells, ["7", "Köln", "a; b", ""]);
        let (from, to) = value_at(line, "place").expect("a field");
        assert_eq!(&line[from..to], br#""K\u00f6ln""#);
        assert_eq!(names(b"[1]"), None);
        assert_eq!(names(br#"{"a": 1} x"#), None);
    }
}
