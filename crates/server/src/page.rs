//! The files of the page, and the frame around what is made for a person.

use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::value::RawValue;

use crate::refusal::Refusal;
use allonym::render::html::escape;
use allonym::render::marked;

const HOME: &str = include_str!("page/home.html");
const FRAME: &str = include_str!("page/frame.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
const ICON: &str = include_str!("page/icon.svg");
const OPENAPI: &str = include_str!("openapi.json");

/// What a page of ours may load: itself, nothing from outside.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `GET /`.
pub async fn home() -> Response {
    shell("allonym", HOME)
}

/// A page with the search on top and a content of ours, in HTML.
pub fn shell(title: &str, content: &str) -> Response {
    // The content comes last, so that nothing in it is taken for a mark of the frame.
    let title = if title == "allonym" {
        "allonym: every place by every name".to_owned()
    } else {
        format!("{title} · allonym")
    };
    let (before, after) = FRAME.split_once("{{content}}").unwrap_or((FRAME, ""));
    let after = after.replace("{{version}}", env!("CARGO_PKG_VERSION")).replace("{{map}}", marked::MAP_NOTE);
    let page = format!("{}{content}{after}", before.replace("{{title}}", &escape(&title)));
    let mut response = Html(page).into_response();
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// A page that says why there is none.
pub fn missing(reason: &str) -> Response {
    let mut response = shell(
        "Nothing here",
        &format!("<article class=\"entity\"><h1>Nothing here</h1><p>{}</p></article>", escape(reason)),
    );
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// `GET /page/{file}`.
pub async fn file(Path(name): Path<String>) -> Result<Response, Refusal> {
    let (kind, text) = match name.as_str() {
        "base.css" => ("text/css; charset=utf-8", marked::BASE),
        "marked.css" => ("text/css; charset=utf-8", marked::STYLE),
        "page.css" => ("text/css; charset=utf-8", STYLE),
        "marked.js" => ("text/javascript; charset=utf-8", marked::SCRIPT),
        "page.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return Err(Refusal::missing("there is no such file")),
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response())
}

/// `GET /openapi.json`.
pub async fn openapi() -> Result<Json<&'static RawValue>, Refusal> {
    serde_json::from_str(OPENAPI).map(Json).map_err(|_| Refusal::missing("the document cannot be read"))
}

/// The page for an unknown address.
pub async fn nothing() -> Refusal {
    Refusal::missing("there is nothing at this address; /openapi.json lists what there is")
}

/// What is said to a method that an address does not take.
pub async fn wrong_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this address does not take that method; /openapi.json says which it takes",
    )
}
