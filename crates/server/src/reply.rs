//! Replies: JSON or JSONP, with the language and direction of names.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::input::{Fields, cut};
use crate::refusal::Refusal;

/// An answer as JSON, or as a call of the function that `callback` names, where that is understood (JSONP).
pub fn reply(fields: &Fields, jsonp: bool, answer: Value) -> Response {
    let name = fields.get("callback").or_else(|| fields.get("jsonp")).filter(|_| jsonp);
    match name {
        None => Json(answer).into_response(),
        Some(name) if is_function(name) => {
            // What is valid JSON but for two line ends is valid JavaScript.
            let answer = answer.to_string().replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
            ([(header::CONTENT_TYPE, "application/javascript; charset=utf-8")], format!("/**/{name}({answer});"))
                .into_response()
        }
        Some(name) => Refusal::bad(format!("'{}' can be no name of a function", cut(name))).into_response(),
    }
}

/// Whether a text can be called: nothing else of a callback comes back.
fn is_function(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
    };
    name.len() <= 128 && name.split('.').all(part)
}

/// Says in which language and direction a name is, as the 1.0 draft does.
pub fn put_language(item: &mut Map<String, Value>, lang: Option<&str>, name: &str) {
    if let Some(lang) = lang {
        item.insert("lang".to_owned(), lang.into());
    }
    item.insert("dir".to_owned(), direction(name).into());
}

/// `rtl` for a text whose first letter of a script runs from right to left.
pub fn direction(text: &str) -> &'static str {
    let isolated = matches!(allonym::render::words::isolate(text), std::borrow::Cow::Owned(_));
    if isolated { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::is_function;

    #[test]
    fn only_names_of_functions_are_called() {
        assert!(["a", "jQuery_1.cb$", "_"].iter().all(|name| is_function(name)));
        assert!(["", "a b", "1a", "a.", "alert(1)//", "a;b", &"a".repeat(200)].iter().all(|name| !is_function(name)));
    }
}
