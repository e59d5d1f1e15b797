//! Previews: an entity in a small frame of somebody else's page.

use axum::extract::{Path, Request, State as Has};
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::input::{Fields, cut, languages};
use crate::refusal::Refusal;
use crate::reply::reply;
use crate::state::{Shared, State};
use crate::{input, properties, types};
use allonym::index::places::EntityRef;
use allonym::label::is_current;
use allonym::render::html::escape;
use allonym::render::map::{self, Dot};
use allonym::render::words::{roles, thousands};

/// Names that a preview shows.
const NAMES: usize = 12;

/// `GET …/preview?id=`.
pub async fn preview(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let langs = languages(request.headers());
    let base = input::base_url(&request);
    let shared = state.clone();
    shared.limiter.run(move |_| framed(&state, fields.get("id").unwrap_or_default(), &langs, &base)).await
}

fn framed(state: &State, id: &str, langs: &[String], base: &str) -> Result<Response, Refusal> {
    let entity = state.gazetteer.get(id).ok_or_else(|| nothing(id))?;
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title>\
         <link rel=\"stylesheet\" href=\"{base}/page/base.css\"><link rel=\"stylesheet\" href=\"{base}/page/marked.css\">\
         <link rel=\"stylesheet\" href=\"{base}/page/page.css\"></head><body class=\"preview\">{}</body></html>",
        escape(entity.label()),
        card(state, entity, langs, true),
        base = escape(base),
    );
    let mut response = Html(page).into_response();
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'self'; frame-ancestors *");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// What is said where an id is nobody's.
pub fn nothing(id: &str) -> Refusal {
    Refusal::missing(format!("'{}' is the id of nothing here; ids look like gn:146970", cut(id)))
}

/// `GET …/flyout/…?id=`: what stands beside a suggestion that is pointed at.
pub async fn flyout(Has(state): Has<Shared>, Path(what): Path<String>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let id = fields.get("id").unwrap_or_default().to_owned();
    let of =
        |name: Option<String>| name.map(|name| format!("<p><b>{}</b> <code>{}</code></p>", escape(&name), escape(&id)));
    let html = match what.as_str() {
        "entity" => state.gazetteer.get(&id).map(|entity| card(&state, entity, &[], false)),
        "property" => {
            let context = properties::CONTEXT
                .iter()
                .find(|(known, ..)| *known == id)
                .map(|(_, name, about)| format!("{name}: {about}"));
            of(context.or_else(|| properties::proposed().find(|(known, _)| *known == id).map(|(_, name)| name)))
        }
        "type" => of(types::all().find(|kind| kind.id == id).map(|kind| kind.name)),
        other => return Err(Refusal::missing(format!("there is no flyout for '{}'", cut(other)))),
    };
    let html = html.ok_or_else(|| nothing(&id))?;
    Ok(reply(&fields, true, json!({ "id": id, "html": html })))
}

/// An entity in short: what it is, where, some of its names, a map where there is room.
pub fn card(state: &State, entity: EntityRef<'_>, langs: &[String], with_map: bool) -> String {
    let (label, _) = state.named(entity, "", langs);
    let mut names: Vec<&str> = Vec::new();
    for name in entity.names().filter(is_current) {
        if name.text() != label && !names.contains(&name.text()) {
            names.push(name.text());
        }
    }
    let more = names.len().saturating_sub(NAMES);
    let shown: Vec<String> = names.iter().take(NAMES).map(|name| format!("<bdi>{}</bdi>", escape(name))).collect();
    let mut out =
        format!("<div class=\"card\"><h1><bdi>{}</bdi></h1><p class=\"al-soft\">{}</p>", escape(&label), about(entity));
    if !shown.is_empty() {
        let more = if more > 0 { format!(" and {} more", thousands(more as u64)) } else { String::new() };
        out.push_str(&format!("<p class=\"names\">{}{more}</p>", shown.join(" · ")));
    }
    for (role, who) in roles(entity.id(), &entity.details().claims) {
        out.push_str(&format!("<p class=\"al-soft\">{role}: {}</p>", escape(&who)));
    }
    if with_map {
        out.push_str(&map_of(entity, &label));
    }
    out.push_str("</div>");
    out
}

/// What an entity is and where, with its id.
pub fn about(entity: EntityRef<'_>) -> String {
    let mut parts = vec![escape(&types::of(&entity)[0].name)];
    let above: Vec<String> = entity
        .containers()
        .filter(|c| c.feature().class() == Some('A'))
        .map(|c| format!("<bdi>{}</bdi>", escape(c.label())))
        .collect();
    parts.extend((!above.is_empty()).then(|| above.join(", ")));
    if entity.population() > 0 {
        parts.push(format!("{} inhabitants", thousands(entity.population())));
    }
    parts.push(format!("<code>{}</code>", escape(entity.id())));
    parts.join(" · ")
}

/// The map of an entity, where it has a point.
pub fn map_of(entity: EntityRef<'_>, label: &str) -> String {
    let Some(point) = entity.point() else { return String::new() };
    let dot = Dot { point, label, number: 1, doubtful: false, weight: 1 };
    let map = map::svg(&[dot], &format!("Map: {label}"));
    format!("<figure class=\"al-figure\">{map}</figure>")
}
