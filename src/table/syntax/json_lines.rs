//! JSON Lines: one object per line. Values are found in the line's own bytes.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The names of an object's fields, in order; `None` if the line is not a JSON object.
pub fn names(line: &[u8]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    each_field(line, |name, _| names.push(name.to_owned())).ok()?;
    Some(names)
}

/// Calls `field` for each field of an object, with its name and its unparsed value.
///
/// # Errors
/// If the line is not a JSON object.
pub fn each_field(line: &[u8], field: impl FnMut(&str, &str)) -> serde_json::Result<()> {
    struct Fields<F>(F);
    impl<'de, F: FnMut(&str, &str)> Visitor<'de> for Fields<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some((name, value)) = map.next_entry::<Cow<'de, str>, &RawValue>()? {
                (self.0)(&name, value.get());
            }
            Ok(())
        }
    }
    let mut json = serde_json::Deserializer::from_slice(line);
    json.deserialize_map(Fields(field))?;
    json.end()
}

/// A value as the text of a cell: a string without its quotes and escapes, a list joined by semicolons, null as an empty
/// text, anything else as it is written.
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
            Err(A::Error::custom("an object has no text"))
        }
    }
    let read = serde_json::Deserializer::from_str(value).deserialize_any(Text);
    read.unwrap_or_else(|_| value.to_owned())
}

/// The range of a field's value in a line.
pub fn value_range(line: &[u8], name: &str) -> Option<(usize, usize)> {
    let mut found = None;
    let begin = line.as_ptr() as usize;
    let read = each_field(line, |field, value| {
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
    fn values_are_read_and_found_in_their_line() {
        let line = br#" {"id": 7, "place": "K\u00f6ln", "also": ["a", "b"], "none": null} "#;
        assert_eq!(names(line).expect("an object"), ["id", "place", "also", "none"]);
        let mut cells = Vec::new();
        each_field(line, |_, value| cells.push(text(value))).expect("an object");
        assert_eq!(cells, ["7", "Köln", "a; b", ""]);
        let (from, to) = value_range(line, "place").expect("a field");
        assert_eq!(&line[from..to], br#""K\u00f6ln""#);
        assert_eq!(names(b"[1]"), None);
        assert_eq!(names(br#"{"a": 1} x"#), None);
    }
}
