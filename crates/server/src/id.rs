//! One entity by its id: a page for a person, JSON or Linked Places for a program.

use axum::Json;
use axum::extract::{Path, Request, State as Has};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::input::{Fields, cut, languages};
use crate::page;
use crate::preview::{about, map_of, nothing};
use crate::refusal::Refusal;
use crate::state::{Shared, State};
use allonym::export::lpf;
use allonym::index::places::{EntityRef, NameRef};
use allonym::render::html::escape;
use allonym::render::names::{Row, Variant, rows, script_name};
use allonym::render::words::{roles, years};

enum Form {
    Html,
    Json,
    Linked,
}

impl Form {
    /// The form that a request asks for, by its field `format` or what it accepts.
    fn of(fields: &Fields, headers: &HeaderMap) -> Result<Form, Refusal> {
        let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match fields.get("format") {
            Some("html") => Ok(Form::Html),
            Some("json") => Ok(Form::Json),
            Some("jsonld" | "lpf") => Ok(Form::Linked),
            Some(other) => Err(Refusal::bad(format!("format takes html, json or jsonld, not '{}'", cut(other)))),
            None if accepts.contains("text/html") => Ok(Form::Html),
            None if accepts.contains("ld+json") || accepts.contains("geo+json") => Ok(Form::Linked),
            None => Ok(Form::Json),
        }
    }
}

/// `GET /id/{id}`.
pub async fn id(Has(state): Has<Shared>, Path(id): Path<String>, request: Request) -> Result<Response, Refusal> {
    let form = Form::of(&Fields::of(&request), request.headers())?;
    let langs = languages(request.headers());
    let shared = state.clone();
    shared.limiter.run(move |_| shown(&state, &id, form, &langs)).await
}

fn shown(state: &State, id: &str, form: Form, langs: &[String]) -> Result<Response, Refusal> {
    let Some(entity) = state.entity(id) else {
        return match form {
            Form::Html => Ok(page::missing(&nothing(id).reason)),
            _ => Err(nothing(id)),
        };
    };
    let mut response = match form {
        Form::Html => page::shell(entity.label(), &html(state, entity, langs)),
        Form::Json => Json(record(state, entity)).into_response(),
        Form::Linked => {
            let kind = (header::CONTENT_TYPE, "application/ld+json");
            ([kind], lpf::collection(&entity, &state.label().of(entity, "")).to_string()).into_response()
        }
    };
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
    Ok(response)
}

/// An entity with all its names, as JSON.
pub fn record(state: &State, entity: EntityRef<'_>) -> Value {
    let mut admin: Vec<&str> =
        entity.containers().filter(|c| c.feature().class() == Some('A')).map(|c| c.label()).collect();
    admin.reverse();
    let names: Vec<NameRef<'_>> = entity.names().collect();
    let names: Vec<Variant<'_>> = names.iter().map(|name| Variant::of(&entity, name)).collect();
    let details = entity.details();
    json!({
        "id": entity.id(),
        "label": state.label().of(entity, ""),
        "type": entity.kind().as_str(),
        "feature": entity.feature().as_str(),
        "country": entity.country().map(|c| c.as_str().to_owned()),
        "admin": admin,
        "parent": entity.parent().map(|parent| parent.id()),
        "lat": entity.point().map(|p| p.lat),
        "lon": entity.point().map(|p| p.lon),
        "population": entity.population(),
        "claims": details.claims,
        "same_as": details.same_as,
        "names": names,
    })
}

fn html(state: &State, entity: EntityRef<'_>, langs: &[String]) -> String {
    let (label, lang) = state.named(entity, "", langs);
    let lang = lang.map(|lang| format!(" lang=\"{}\"", escape(&lang))).unwrap_or_default();
    let mut out = format!(
        "<article class=\"entity\"><header><h1><bdi{lang}>{}</bdi></h1><p class=\"al-soft\">{}</p></header>\
         <div class=\"entity-split\"><div class=\"facts\">",
        escape(&label),
        about(entity)
    );
    out.push_str(&map_of(entity, &label));
    out.push_str("<dl>");
    let mut fact = |term: &str, html: String| out.push_str(&format!("<dt>{term}</dt><dd>{html}</dd>"));
    let chain: Vec<String> = entity
        .containers()
        .map(|c| format!("<a href=\"/id/{}\"><bdi>{}</bdi></a>", escape(c.id()), escape(c.label())))
        .collect();
    if !chain.is_empty() {
        fact("in", chain.join(", "));
    }
    if let Some(point) = entity.point() {
        let derived = if point.derived { " <span class=\"al-soft\">(the middle of its towns)</span>" } else { "" };
        fact("coordinates", format!("{:.4}, {:.4}{derived}", point.lat, point.lon));
    }
    let details = entity.details();
    for (role, who) in roles(entity.id(), &details.claims) {
        fact(role, escape(&who));
    }
    if !details.same_as.is_empty() {
        let codes: Vec<String> = details.same_as.iter().map(|id| format!("<code>{}</code>", escape(id))).collect();
        fact("elsewhere", codes.join(" "));
    }
    let id = escape(entity.id());
    fact(
        "data",
        format!("<a href=\"/id/{id}?format=json\">JSON</a> · <a href=\"/id/{id}?format=jsonld\">Linked Places</a>"),
    );
    out.push_str("</dl></div><div class=\"names-all\">");
    let names: Vec<NameRef<'_>> = entity.names().collect();
    let variants: Vec<Variant<'_>> = names.iter().map(|name| Variant::of(&entity, name)).collect();
    let groups = rows(&variants);
    let count: usize = groups.iter().map(|(_, rows)| rows.len()).sum();
    out.push_str(&format!(
        "<div class=\"names-head\"><h2>{count} {}</h2><input type=\"search\" id=\"filter\" \
         placeholder=\"Filter: az, historical, Շ …\" aria-label=\"Filter the names\" hidden></div>",
        if count == 1 { "name" } else { "names" }
    ));
    for (script, rows) in &groups {
        names_of(&mut out, script, rows);
    }
    out.push_str("</div></div></article>");
    out
}

fn names_of(out: &mut String, script: &str, rows: &[Row<'_>]) {
    let title = escape(script_name(script));
    out.push_str(&format!(
        "<section class=\"script\"><h3>{title} <span class=\"al-soft\">{}</span></h3><table><thead class=\"hidden\"><tr>\
         <th>name</th><th>languages</th><th>kind</th><th>years and users</th></tr></thead><tbody>",
        rows.len()
    ));
    for row in rows {
        let kind = if row.machine { "made by rule".to_owned() } else { row.kind.to_string() };
        let langs: Vec<String> =
            row.langs.iter().map(|lang| format!("<span class=\"lang\" data-lang>{}</span>", escape(lang))).collect();
        let first = row.langs.first().map(|lang| format!(" lang=\"{}\"", escape(lang))).unwrap_or_default();
        let used: Vec<String> =
            [years(row.since, row.until), escape(row.by)].into_iter().filter(|part| !part.is_empty()).collect();
        out.push_str(&format!(
            "<tr><td><bdi{first}>{}</bdi></td><td>{}</td><td class=\"kind kind-{}\">{}</td><td class=\"al-soft\">{}</td></tr>",
            escape(row.name),
            langs.join(" "),
            escape(&row.kind.to_string()),
            kind,
            used.join(" · ")
        ));
    }
    out.push_str("</tbody></table></section>");
}
