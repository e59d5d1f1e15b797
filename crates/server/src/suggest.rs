//! Completion, in any script: entities by the beginning of a name, properties and types by that of theirs.

use axum::Json;
use axum::extract::{Request, State as Has};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::input::{Fields, languages};
use crate::refusal::Refusal;
use crate::reply::{put_language, reply};
use crate::state::{Shared, State};
use crate::{properties, types};
use allonym::complete::Suggestion;
use allonym::index::places::{EntityRef, NameRef};

/// Suggestions for one beginning at most, all pages together.
const MOST: usize = 100;

/// Entities with a name that starts with `prefix`, of one of the types if any are given; each with the name that matched.
///
/// # Errors
/// Returns an error if the index is damaged.
pub fn entities<'g>(
    state: &'g State,
    prefix: &str,
    kinds: &[String],
    limit: usize,
) -> Result<Vec<Suggestion<'g>>, Refusal> {
    let accept = |entity: &EntityRef<'g>| kinds.iter().any(|kind| types::is(entity, kind));
    let accept: Option<&dyn Fn(&EntityRef<'g>) -> bool> = if kinds.is_empty() { None } else { Some(&accept) };
    Ok(state.completer.complete(&state.gazetteer, prefix, accept, limit)?)
}

/// The part of a list that is asked for: its beginning, and how many.
fn page(fields: &Fields) -> Result<(usize, usize), Refusal> {
    let from = match fields.get("cursor") {
        Some(_) => fields.number("cursor", 0, MOST)?,
        None => fields.number("offset", 0, MOST)?,
    };
    Ok((from, fields.number("limit", 10, MOST)?))
}

async fn suggest_entities(state: Shared, request: Request, first: bool) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let langs = languages(request.headers());
    let (from, count) = page(&fields)?;
    let beginning = fields.get("prefix").unwrap_or_default().to_owned();
    let kinds = fields.list("type");
    let shared = state.clone();
    let items = shared
        .limiter
        .run(move |_| {
            let langs = if first { langs } else { Vec::new() };
            let found = entities(&state, &beginning, &kinds, (from + count).min(MOST))?;
            let item = |(entity, name): &(EntityRef<'_>, NameRef<'_>)| item(&state, *entity, name, &langs, first);
            Ok(found.iter().skip(from).map(item).collect::<Vec<Value>>())
        })
        .await?;
    Ok(reply(&fields, !first, json!({ "result": items })))
}

fn item(state: &State, entity: EntityRef<'_>, met: &NameRef<'_>, langs: &[String], first: bool) -> Value {
    let (name, lang) = state.named(entity, met.text(), langs);
    let kinds = types::of(&entity);
    let mut parts = vec![kinds[0].name.clone()];
    let above: Vec<&str> =
        entity.containers().filter(|c| c.feature().class() == Some('A')).map(|c| c.label()).collect();
    parts.extend((!above.is_empty()).then(|| above.join(", ")));
    if met.text() != name {
        parts.push(met.text().to_owned());
    }
    let mut item = json!({ "id": entity.id(), "name": name, "description": parts.join(" · "), "notable": kinds });
    if first && let Some(item) = item.as_object_mut() {
        put_language(item, lang.as_deref(), &name);
    }
    item
}

/// `GET …/suggest/entity`, version 0.2.
pub async fn entity(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    suggest_entities(state, request, false).await
}

/// `GET …/suggest/entity`, version 1.0.
pub async fn entity_v1(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    suggest_entities(state, request, true).await
}

/// Items by id and name of which some begin with, or hold, what was typed.
fn matching(all: impl Iterator<Item = (String, String, String)>, fields: &Fields) -> Result<Vec<Value>, Refusal> {
    let (from, count) = page(fields)?;
    let typed = fields.get("prefix").unwrap_or_default().trim().to_lowercase();
    let mut found: Vec<(bool, Value)> = all
        .filter(|(id, name, about)| [id, name, about].iter().any(|text| text.to_lowercase().contains(&typed)))
        .map(|(id, name, about)| {
            let begins = name.to_lowercase().starts_with(&typed) || id.to_lowercase().starts_with(&typed);
            let mut item = json!({ "id": id, "name": name });
            if !about.is_empty() {
                item["description"] = about.into();
            }
            (begins, item)
        })
        .collect();
    found.sort_by_key(|(begins, _)| !begins);
    Ok(found.into_iter().map(|(_, item)| item).skip(from).take(count).collect())
}

fn suggest_properties(request: &Request, jsonp: bool) -> Result<Response, Refusal> {
    let fields = Fields::of(request);
    let asked = properties::CONTEXT.iter().map(|&(id, name, about)| (id.to_owned(), name.to_owned(), about.to_owned()));
    let given = properties::proposed().map(|(id, name)| (id, name, String::new()));
    let given = given.filter(|(id, ..)| properties::CONTEXT.iter().all(|(context, ..)| context != id));
    let items = matching(asked.chain(given), &fields)?;
    Ok(reply(&fields, jsonp, json!({ "result": items })))
}

/// `GET …/suggest/property`, version 0.2.
pub async fn property(request: Request) -> Result<Response, Refusal> {
    suggest_properties(&request, true)
}

/// `GET …/suggest/property`, version 1.0.
pub async fn property_v1(request: Request) -> Result<Response, Refusal> {
    suggest_properties(&request, false)
}

/// `GET …/suggest/type`, version 0.2.
pub async fn kind(request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let items = matching(types::all().map(|kind| (kind.id, kind.name, String::new())), &fields)?;
    Ok(reply(&fields, true, json!({ "result": items })))
}

/// `GET …/suggest/type`, version 1.0.
pub async fn kind_v1(request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let items = matching(types::all().map(|kind| (kind.id, kind.name, String::new())), &fields)?;
    Ok(Json(json!({ "result": items })).into_response())
}
