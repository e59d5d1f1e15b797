//! The verbs as JSON: lookup, completion, tag, variants.

use axum::Json;
use axum::extract::{Path, Request, State as Has};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::input::{self, Fields, cut};
use crate::preview::nothing;
use crate::refusal::Refusal;
use crate::state::{Shared, State};
use crate::suggest as completion;
use crate::types;
use allonym::entity::{Country, EntityType, Point};
use allonym::filter;
use allonym::index::places::NameRef;
use allonym::lookup::{Fuzzy, Query};
use allonym::record::Record;
use allonym::render::geojson::Collection;
use allonym::render::marked;
use allonym::render::mention::Line;
use allonym::render::names::{Variant, Wanted};
use allonym::tag::Options;

/// Names that are looked up at once.
const NAMES: usize = 100;
/// Candidates that can be asked for.
const MOST: usize = 50;

/// `GET /api/lookup?q=`.
pub async fn lookup(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let shared = state.clone();
    let answer = shared.limiter.run(move |deadline| {
        let texts: Vec<&str> = fields.all("q").collect();
        if texts.is_empty() {
            return Err(Refusal::bad("there is no name to look up; give one as q"));
        }
        if texts.len() > NAMES {
            return Err(Refusal::large(format!("more than {NAMES} names are not looked up at once")));
        }
        let mut query = Query::new("");
        query.limit = fields.number("limit", 5, MOST)?;
        query.countries = countries(&state, &fields.list("country"))?;
        query.classes = fields.list("class").iter().map(|class| class.to_uppercase()).collect();
        query.types = kinds(&fields)?;
        query.near = near(&fields)?;
        query.within = within(&state, &fields)?;
        query.fuzzy = match fields.get("fuzzy") {
            None | Some("auto") => Fuzzy::Auto,
            Some("0") => Fuzzy::Within(0),
            Some("1") => Fuzzy::Within(1),
            Some("2") => Fuzzy::Within(2),
            Some(other) => return Err(Refusal::bad(format!("fuzzy takes auto, 0, 1 or 2, not '{}'", cut(other)))),
        };
        let one = |text: &str| -> Result<Value, Refusal> {
            deadline.check()?;
            let answer = state.gazetteer.lookup(&Query { text, ..query.clone() })?;
            let candidates: Vec<Record<'_>> =
                answer.candidates.iter().map(|candidate| Record::new(candidate, state.label(), text)).collect();
            Ok(json!({ "query": text, "verdict": answer.verdict, "candidates": candidates }))
        };
        texts.into_iter().map(one).collect::<Result<Vec<Value>, Refusal>>()
    });
    Ok(Json(answer.await?).into_response())
}

/// `GET /api/suggest?q=`.
pub async fn suggest(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let shared = state.clone();
    let answer = shared.limiter.run(move |_| {
        let count = fields.number("limit", 10, MOST)?;
        let found = completion::entities(&state, fields.get("q").unwrap_or_default(), &fields.list("type"), count)?;
        let item = |(entity, name): &(allonym::index::places::EntityRef<'_>, NameRef<'_>)| {
            let above: Vec<&str> =
                entity.containers().filter(|c| c.feature().class() == Some('A')).map(|c| c.label()).collect();
            json!({
                "id": entity.id(),
                "label": state.label().of(*entity, name.text()),
                "name": name.text(),
                "lang": Some(name.lang()).filter(|lang| !lang.is_empty()),
                "kind": name.kind(),
                "what": types::of(entity)[0].name,
                "where": above.join(", "),
                "population": entity.population(),
            })
        };
        Ok(found.iter().map(item).collect::<Vec<Value>>())
    });
    Ok(Json(answer.await?).into_response())
}

/// `GET /api/variants/{id}`.
pub async fn variants(Has(state): Has<Shared>, Path(id): Path<String>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let entity = state.entity(&id).ok_or_else(|| nothing(&id))?;
    let (langs, scripts, kinds) = (fields.list("lang"), fields.list("script"), fields.list("kind"));
    let kinds: Vec<allonym::entity::NameKind> =
        kinds.iter().map(|kind| kind.parse()).collect::<Result<_, allonym::error::Error>>()?;
    let wanted = Wanted { langs, scripts, kinds };
    let names: Vec<NameRef<'_>> = entity.names().filter(|name| wanted.fits(name)).collect();
    let variants: Vec<Variant<'_>> = names.iter().map(|name| Variant::of(&entity, name)).collect();
    Ok(Json(variants).into_response())
}

/// A text to be tagged, where it comes as JSON.
#[derive(Deserialize)]
struct Text {
    text: String,
}

/// `POST /api/tag`: a text as it is, or JSON with a field `text`.
pub async fn tag(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let (head, body) = request.into_parts();
    let body = input::text(input::body(&state, body).await?)?;
    let text = match input::content_type(&head.headers) {
        "application/json" => {
            let wrong = |e: serde_json::Error| Refusal::bad(format!("the request is not an object with a text ({e})"));
            serde_json::from_str::<Text>(&body).map_err(wrong)?.text
        }
        _ => body,
    };
    let most = state.options.limits.text;
    if text.len() > most {
        return Err(Refusal::large(format!("the text is longer than {most} bytes; tag its parts one after the other")));
    }
    let shared = state.clone();
    shared.limiter.run(move |_| tagged(&state, &fields, &text)).await
}

fn tagged(state: &State, fields: &Fields, text: &str) -> Result<Response, Refusal> {
    let format = fields.get("format").unwrap_or("json");
    let candidates = fields.number("candidates", if format == "html" { 4 } else { 1 }, MOST)?;
    let mut options = Options {
        demonyms: fields.get("demonyms") != Some("no"),
        countries: countries(state, &fields.list("country"))?,
        lang: fields.get("lang").map(filter::language).transpose().map_err(|e| Refusal::bad(e.to_string()))?,
        near: near(fields)?,
        candidates: candidates.max(1),
        ..Options::default()
    };
    if fields.get("types").is_some() {
        options.types = kinds(fields)?;
    }
    if let Some(least) = fields.get("min_score") {
        let score = least.parse().ok().filter(|least| (0.0..=1.0).contains(least));
        options.min_score = Some(
            score.ok_or_else(|| Refusal::bad(format!("min_score takes a number from 0 to 1, not '{}'", cut(least))))?,
        );
    }
    let found = state.gazetteer.tag(text, &options);
    let lines = || found.iter().map(|resolution| Line::of("", text, resolution, candidates, state.label()));
    match format {
        "json" => Ok(Json(json!({ "mentions": lines().collect::<Vec<_>>() })).into_response()),
        "geojson" => {
            let write = || {
                let mut collection = Collection::new(Vec::new())?;
                lines().try_for_each(|line| collection.mention(&line))?;
                collection.finish()
            };
            let bytes = write().map_err(|e| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, e.to_string()))?;
            Ok(([(header::CONTENT_TYPE, "application/geo+json")], bytes).into_response())
        }
        "html" => Ok(Html(marked::section(1, "", text, &found, state.label())).into_response()),
        other => Err(Refusal::bad(format!("format takes json, geojson or html, not '{}'", cut(other)))),
    }
}

fn kinds(fields: &Fields) -> Result<Vec<EntityType>, Refusal> {
    let kinds = fields.list("type").into_iter().chain(fields.list("types"));
    Ok(kinds.map(|kind| kind.parse()).collect::<Result<_, allonym::error::Error>>()?)
}

fn countries(state: &State, texts: &[String]) -> Result<Vec<Country>, Refusal> {
    let wrong = |text: &String| Refusal::bad(format!("unknown country '{}'; give an ISO code or a name", cut(text)));
    texts.iter().map(|text| state.gazetteer.country(text).ok_or_else(|| wrong(text))).collect()
}

fn near(fields: &Fields) -> Result<Option<Point>, Refusal> {
    let Some(text) = fields.get("near") else { return Ok(None) };
    let point = text.split_once(',').and_then(|(lat, lon)| Point::parse(lat, lon).ok());
    match point {
        Some(point) => Ok(Some(point)),
        None => {
            Err(Refusal::bad(format!("near takes a latitude and a longitude, such as 39.8,46.7, not '{}'", cut(text))))
        }
    }
}

fn within(state: &State, fields: &Fields) -> Result<Vec<u32>, Refusal> {
    let id = |id: String| state.gazetteer.get(&id).map(|e| e.number()).ok_or_else(|| nothing(&id));
    fields.list("within").into_iter().map(id).collect()
}
