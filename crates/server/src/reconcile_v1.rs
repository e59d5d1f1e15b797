//! The Reconciliation Service API, draft of version 1.0: JSON alone, batches in order, languages and directions.

use axum::Json;
use axum::extract::{Request, State as Has};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::ask::{Ask, Found, Said, describe, percent};
use crate::limiter::Deadline;
use crate::refusal::Refusal;
use crate::reply::put_language;
use crate::state::{Shared, State};
use crate::{input, properties, types};
use allonym::rank::Candidate;

#[derive(Deserialize)]
struct Batch {
    queries: Vec<Asked>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(rename = "type")]
    kind: Option<String>,
    limit: Option<f64>,
    lang: Option<String>,
    dir: Option<Direction>,
    conditions: Vec<Condition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Ltr,
    Rtl,
    Auto,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Condition {
    match_type: MatchType,
    property_id: Option<String>,
    property_value: Value,
    /// Conditions narrow as the columns of a table do: what contradicts them is a doubt, whether required or not.
    #[serde(default, rename = "required")]
    _required: bool,
    #[serde(default)]
    match_quantifier: Quantifier,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum MatchType {
    Name,
    Id,
    Property,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Quantifier {
    #[default]
    Any,
    All,
    None,
}

impl Asked {
    fn ask(self, state: &State, langs: &[String]) -> Result<Ask, String> {
        if self.conditions.is_empty() {
            return Err("there are no conditions".to_owned());
        }
        // Directions tell how to show a text; nothing is found by them.
        let _ = self.dir;
        let mut ask = Ask {
            types: self.kind.into_iter().filter(|kind| !kind.is_empty()).collect(),
            strict: true,
            limit: self.limit.map(|limit| limit.max(0.0) as usize),
            langs: self.lang.filter(|lang| input::is_tag(lang)).into_iter().chain(langs.iter().cloned()).collect(),
            ..Ask::default()
        };
        for condition in self.conditions {
            let said = Said::read(&condition.property_value)?;
            // What a place is not narrows nothing here.
            if condition.match_quantifier == Quantifier::None {
                continue;
            }
            match condition.match_type {
                MatchType::Name => ask.text = said.first().map(|said| said.text.clone()).unwrap_or_default(),
                MatchType::Id => ask.property(state, "id", &said),
                MatchType::Property => match &condition.property_id {
                    Some(id) => ask.property(state, id, &said),
                    None => return Err("a condition on a property has no propertyId".to_owned()),
                },
            }
        }
        Ok(ask)
    }
}

/// `GET /reconcile/v1`.
pub async fn manifest(Has(state): Has<Shared>, request: Request) -> Response {
    let base = input::base_url(&request);
    let kinds: Vec<Value> =
        types::all().take(12).map(|kind| json!({ "id": kind.id, "name": kind.name, "broader": [] })).collect();
    let manifest = json!({
        "versions": ["1.0-draft"],
        "name": "allonym gazetteer",
        "lang": "en",
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "documentation": format!("{base}/"),
        "view": { "url": format!("{base}/id/{{+id}}") },
        "preview": { "width": 400, "height": 260 },
        "suggest": { "entity": true, "property": true, "type": true },
        "extend": { "proposeProperties": true, "propertySettings": properties::settings("name", "id", "helpText") },
        "defaultTypes": kinds,
        "batchSize": state.options.limits.batch,
        "standardizedScore": true,
    });
    ([(header::CONTENT_LANGUAGE, "en")], Json(manifest)).into_response()
}

/// `POST /reconcile/v1/match`.
pub async fn batch(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let shared = state.clone();
    let (headers, body) = input::json_body(&state, request).await?;
    let langs = input::languages(&headers);
    let answers = shared.limiter.run(move |deadline| answers(&state, &body, &langs, deadline)).await?;
    Ok(Json(answers).into_response())
}

fn answers(state: &State, body: &[u8], langs: &[String], deadline: Deadline) -> Result<Value, Refusal> {
    let wrong = |e: serde_json::Error| Refusal::bad(format!("the request is not a batch of queries ({e})"));
    let batch: Batch = serde_json::from_slice(body).map_err(wrong)?;
    input::check_batch(state, batch.queries.len(), "queries")?;
    let ask =
        |(n, asked): (usize, Asked)| asked.ask(state, langs).map_err(|e| Refusal::bad(format!("query {}: {e}", n + 1)));
    let asks: Vec<Ask> = batch.queries.into_iter().enumerate().map(ask).collect::<Result<_, Refusal>>()?;
    let results: Vec<Value> = asks
        .par_iter()
        .with_max_len(4)
        .map(|ask| {
            deadline.check()?;
            result(state, ask)
        })
        .collect::<Result<_, Refusal>>()?;
    Ok(json!({ "results": results }))
}

fn result(state: &State, ask: &Ask) -> Result<Value, Refusal> {
    let Found { candidates, sure } = ask.answer(state)?;
    let of = |(n, candidate): (usize, &Candidate<'_>)| {
        let described = describe(state, candidate, &ask.text, &ask.langs);
        let mut item = json!({
            "id": candidate.entity.id(),
            "name": described.name,
            "description": described.description,
            "score": percent(candidate.score()),
            "match": sure && n == 0,
            "features": ask.features(candidate),
            "type": described.types,
        });
        if let Some(item) = item.as_object_mut() {
            put_language(item, described.lang.as_deref(), &described.name);
        }
        item
    };
    Ok(json!({ "candidates": candidates.iter().enumerate().map(of).collect::<Vec<_>>() }))
}
