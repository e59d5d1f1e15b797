//! Reading what a request says: its fields, its body, the languages it wants.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use tokio_stream::StreamExt as _;

use crate::refusal::Refusal;
use crate::state::State;

/// Fields of a query or a form, in their order.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a query, `a=1&b=2`.
    pub fn read(text: &[u8]) -> Fields {
        Fields(form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// Those of a request's address.
    pub fn of(request: &Request) -> Fields {
        Fields::read(request.uri().query().unwrap_or_default().as_bytes())
    }

    /// The value of a field, where it has one; the first of several.
    pub fn get(&self, name: &str) -> Option<&str> {
        let named = self.0.iter().find(|(field, value)| field == name && !value.is_empty());
        named.map(|(_, value)| value.as_str())
    }

    /// The values of a field that may be given several times, or several times in one, between commas.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, value)| field == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// All values of a field, taken apart at commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.all(name)
            .flat_map(|value| value.split(','))
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
            .collect()
    }

    /// A field that is a number of a range; `usual` where it is not given.
    ///
    /// # Errors
    /// Where it is none.
    pub fn number(&self, name: &str, usual: usize, most: usize) -> Result<usize, Refusal> {
        match self.get(name) {
            None => Ok(usual),
            Some(text) => match text.trim().parse::<usize>() {
                Ok(number) if number <= most => Ok(number),
                _ => Err(Refusal::bad(format!("{name} takes a number up to {most}, not '{}'", cut(text)))),
            },
        }
    }

    /// Adds the fields of others behind these.
    pub fn extend(&mut self, others: Fields) {
        self.0.extend(others.0);
    }

    /// Adds a field.
    pub fn push(&mut self, name: String, value: String) {
        self.0.push((name, value));
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// The beginning of a text, for a sentence.
pub fn cut(text: &str) -> String {
    match text.chars().count() {
        0..=60 => text.to_owned(),
        _ => text.chars().take(59).chain(['…']).collect(),
    }
}

/// The body of a request, in the time and up to the size that are allowed.
///
/// # Errors
/// Where it is larger or slower, or breaks off.
pub async fn body(state: &State, body: Body) -> Result<Vec<u8>, Refusal> {
    bytes(body, state.options.limits.body, state.options.limits.time).await
}

async fn bytes(body: Body, most: usize, time: Duration) -> Result<Vec<u8>, Refusal> {
    let read = async {
        let mut bytes = Vec::new();
        let mut parts = body.into_data_stream();
        while let Some(part) = parts.next().await {
            let part = part.map_err(|_| Refusal::bad("the request broke off"))?;
            if bytes.len() + part.len() > most {
                return Err(Refusal::large(format!("the request is larger than {most} bytes; send less at once")));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    };
    match tokio::time::timeout(time, read).await {
        Ok(read) => read,
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the request took too long to come")),
    }
}

/// A body that says it is JSON.
///
/// # Errors
/// Where it says something else, or cannot be read.
pub async fn json_body(state: &State, request: Request) -> Result<(HeaderMap, Vec<u8>), Refusal> {
    let (head, content) = request.into_parts();
    if content_type(&head.headers) != "application/json" {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the request takes application/json"));
    }
    Ok((head.headers, body(state, content).await?))
}

/// Refuses a request with more items than a batch may have.
///
/// # Errors
/// Returns a refusal that says how many are allowed.
pub fn check_batch(state: &State, count: usize, what: &str) -> Result<(), Refusal> {
    let most = state.options.limits.batch;
    match count <= most {
        true => Ok(()),
        false => Err(Refusal::large(format!("{count} {what} are more than the {most} that are taken at once"))),
    }
}

/// The address of this server as the client sees it, such as `http://localhost:3333`.
pub fn base_url(request: &Request) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    format!("http://{}", host.unwrap_or("localhost"))
}

/// The type of a request's body, without what follows a semicolon.
pub fn content_type(headers: &HeaderMap) -> &str {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim()
}

/// Text in UTF-8.
///
/// # Errors
/// Where it is none.
pub fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes).map_err(|_| Refusal::bad("the request is not UTF-8"))
}

/// The languages that a request wants, best first, without those it does not.
pub fn languages(headers: &HeaderMap) -> Vec<String> {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut wanted: Vec<(f32, String)> = Vec::new();
    for part in text.split(',').take(16) {
        let (lang, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(1.0f32);
        if is_tag(lang.trim()) && weight > 0.0 {
            wanted.push((weight, lang.trim().to_owned()));
        }
    }
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    wanted.into_iter().map(|(_, lang)| lang).collect()
}

/// Whether a text looks like a language tag.
pub fn is_tag(text: &str) -> bool {
    (2..=35).contains(&text.len())
        && text.split('-').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}
