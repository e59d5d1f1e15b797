//! The Reconciliation Service API, versions 0.1 and 0.2: what OpenRefine speaks.

use std::collections::BTreeMap;

use axum::extract::{Request, State as Has};
use axum::response::Response;
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::ask::{Ask, Found, Said, describe, percent};
use crate::input::{self, Fields, cut};
use crate::limiter::Deadline;
use crate::refusal::Refusal;
use crate::reply::reply;
use crate::state::{Shared, State};
use crate::{extend, properties, types};

/// Whose ids these are; the same wherever the service runs.
const ID_SPACE: &str = "urn:allonym:id";
/// Whose types and properties these are.
const SCHEMA_SPACE: &str = "urn:allonym:schema";

/// A query as version 0.2 has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    query: Option<String>,
    #[serde(rename = "type")]
    kind: Option<OneOrMore>,
    limit: Option<f64>,
    properties: Option<Vec<Property>>,
    type_strict: Option<Strict>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Strict {
    Any,
    All,
    Should,
}

#[derive(Deserialize)]
struct Property {
    pid: String,
    v: Value,
}

impl Asked {
    fn read(text: &str) -> Result<Asked, String> {
        let asked: Asked = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let properties = asked.properties.as_ref().is_some_and(|properties| !properties.is_empty());
        match asked.query.is_some() || properties {
            true => Ok(asked),
            false => Err("there is neither a query nor a property".to_owned()),
        }
    }

    fn ask(self, state: &State) -> Result<Ask, String> {
        let mut ask = Ask {
            text: self.query.unwrap_or_default(),
            types: match self.kind {
                None => Vec::new(),
                Some(OneOrMore::One(kind)) => vec![kind],
                Some(OneOrMore::More(kinds)) => kinds,
            },
            strict: self.type_strict.is_none_or(|strict| strict != Strict::Should),
            every: self.type_strict == Some(Strict::All),
            limit: self.limit.map(|limit| limit.max(0.0) as usize),
            ..Ask::default()
        };
        ask.types.retain(|kind| !kind.is_empty());
        for property in self.properties.unwrap_or_default() {
            let said = Said::read(&property.v).map_err(|e| format!("property '{}': {e}", cut(&property.pid)))?;
            ask.property(state, &property.pid, &said);
        }
        Ok(ask)
    }
}

/// `GET /reconcile`.
pub async fn get(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let base = input::base_url(&request);
    answer(state, fields, base).await
}

/// `POST /reconcile`.
pub async fn post(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let mut fields = Fields::of(&request);
    let base = input::base_url(&request);
    let json = input::content_type(request.headers()) == "application/json";
    let body = input::body(&state, request.into_body()).await?;
    if json {
        fields.push("queries".to_owned(), input::text(body)?);
    } else {
        fields.extend(Fields::read(&body));
    }
    answer(state, fields, base).await
}

async fn answer(state: Shared, fields: Fields, base: String) -> Result<Response, Refusal> {
    let shared = state.clone();
    if let Some(queries) = fields.get("queries") {
        let queries = queries.to_owned();
        let answers = shared.limiter.run(move |deadline| batch(&state, &queries, deadline)).await?;
        return Ok(reply(&fields, true, answers));
    }
    if let Some(extension) = fields.get("extend") {
        let extension = extension.to_owned();
        let rows = shared.limiter.run(move |deadline| extend::extend(&state, &extension, deadline)).await?;
        return Ok(reply(&fields, true, rows));
    }
    if let Some(query) = fields.get("query") {
        // Version 0.1: one query, as an object or as its text alone.
        let query =
            if query.trim_start().starts_with('{') { query.to_owned() } else { json!({ "query": query }).to_string() };
        let result = shared.limiter.run(move |_| one(&state, &query).map_err(Refusal::bad)?).await?;
        return Ok(reply(&fields, true, result));
    }
    let known = ["callback", "jsonp"];
    if let Some(other) = fields.names().find(|name| !known.contains(name)) {
        return Err(Refusal::bad(format!("'{}' is nothing to ask for; the fields are queries and extend", cut(other))));
    }
    Ok(reply(&fields, true, manifest(&state, &base)))
}

/// Answers a batch, over all cores.
fn batch(state: &State, queries: &str, deadline: Deadline) -> Result<Value, Refusal> {
    let wrong = |e: serde_json::Error| Refusal::bad(format!("queries is not a JSON object of queries ({e})"));
    let queries: BTreeMap<String, Box<RawValue>> = serde_json::from_str(queries).map_err(wrong)?;
    input::check_batch(state, queries.len(), "queries")?;
    let asks: Vec<(String, Ask)> = queries
        .into_iter()
        .map(|(key, query)| {
            let ask = Asked::read(query.get()).and_then(|asked| asked.ask(state));
            let ask = ask.map_err(|e| Refusal::bad(format!("query '{}': {e}", cut(&key))))?;
            Ok((key, ask))
        })
        .collect::<Result<_, Refusal>>()?;
    let answers: Map<String, Value> = asks
        .into_par_iter()
        .with_max_len(4)
        .map(|(key, ask)| {
            deadline.check()?;
            Ok((key, result(state, &ask)?))
        })
        .collect::<Result<Vec<_>, Refusal>>()?
        .into_iter()
        .collect();
    Ok(Value::Object(answers))
}

fn one(state: &State, query: &str) -> Result<Result<Value, Refusal>, String> {
    let ask = Asked::read(query)?.ask(state)?;
    Ok(result(state, &ask))
}

fn result(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let Found { candidates, sure } = ask.answer(state)?;
    let of = |(n, candidate): (usize, &allonym::rank::Candidate<'_>)| {
        let described = describe(state, candidate, &ask.text, &ask.langs);
        let features: Vec<Value> =
            ask.features(candidate).into_iter().map(|f| json!({ "id": f.id, "value": f.value })).collect();
        json!({
            "id": candidate.entity.id(),
            "name": described.name,
            "description": described.description,
            "score": percent(candidate.score()),
            "match": sure && n == 0,
            "features": features,
            "type": described.types,
        })
    };
    Ok(json!({ "result": candidates.iter().enumerate().map(of).collect::<Vec<_>>() }))
}

/// What the service can do.
fn manifest(state: &State, base: &str) -> Value {
    let service = |path: &str| json!({ "service_url": base, "service_path": format!("/reconcile/{path}") });
    let suggest = |what: &str| {
        json!({
            "service_url": base,
            "service_path": format!("/reconcile/suggest/{what}"),
            "flyout_service_url": base,
            "flyout_service_path": format!("/reconcile/flyout/{what}?id=${{id}}"),
        })
    };
    let kinds: Vec<Value> =
        types::all().take(12).map(|kind| json!({ "id": kind.id, "name": kind.name, "broader": [] })).collect();
    json!({
        "versions": ["0.1", "0.2"],
        "name": "allonym gazetteer",
        "identifierSpace": ID_SPACE,
        "schemaSpace": SCHEMA_SPACE,
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "documentation": format!("{base}/"),
        "view": { "url": format!("{base}/id/{{{{id}}}}") },
        "preview": { "url": format!("{base}/reconcile/preview?id={{{{id}}}}"), "width": 400, "height": 260 },
        "suggest": { "entity": suggest("entity"), "property": suggest("property"), "type": suggest("type") },
        "extend": { "propose_properties": service("propose"), "property_settings": properties::settings("label", "name", "help_text") },
        "defaultTypes": kinds,
        "batchSize": state.options.limits.batch,
    })
}
