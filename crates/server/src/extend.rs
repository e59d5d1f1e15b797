//! Data extension: what is known of entities, by property, for those who have their ids.

use axum::Json;
use axum::extract::{Request, State as Has};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::input::{self, Fields, cut};
use crate::limiter::Deadline;
use crate::refusal::Refusal;
use crate::reply::{put_language, reply};
use crate::state::{Shared, State};
use crate::{properties, types};
use allonym::entity::NameKind;
use allonym::index::places::{EntityRef, NameRef};
use allonym::render::words::roles;

/// Properties of one extension at most.
const MOST: usize = 100;

#[derive(Deserialize)]
struct Extension {
    ids: Vec<String>,
    properties: Vec<Property>,
}

#[derive(Deserialize)]
struct Property {
    id: String,
    #[serde(default)]
    settings: Map<String, Value>,
}

impl Property {
    /// A setting as text; empty where it is not given.
    fn setting(&self, name: &str) -> String {
        match self.settings.get(name) {
            Some(Value::String(text)) => text.trim().to_owned(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn limit(&self) -> usize {
        self.setting("limit")
            .parse::<f64>()
            .ok()
            .filter(|limit| *limit >= 1.0)
            .map_or(usize::MAX, |limit| limit as usize)
    }

    /// What is said of the property itself, and whether its values are entities.
    fn meta(&self) -> Value {
        let name =
            properties::proposed().find(|(id, _)| *id == self.id).map_or_else(|| self.id.clone(), |(_, name)| name);
        let mut meta = json!({ "id": self.id, "name": name });
        let entities = ["country", "admin1", "admin2", "parent", "containers"];
        if entities.contains(&self.id.as_str()) && self.setting("content") != "id" {
            meta["type"] = json!({ "id": "place", "name": "place" });
        }
        meta
    }
}

/// A value of a property.
enum Given<'g> {
    Text(String),
    Name(NameRef<'g>),
    Number(f64),
    Count(u32),
    Entity(EntityRef<'g>),
    Type(types::Type),
}

impl Given<'_> {
    /// The value as JSON; the 1.0 draft says in which language a text is.
    fn json(self, first: bool, ids: bool) -> Value {
        match self {
            Given::Text(text) => json!({ "str": text }),
            Given::Name(name) if first => {
                let mut item = Map::new();
                item.insert("str".to_owned(), name.text().into());
                put_language(&mut item, Some(name.lang()).filter(|lang| !lang.is_empty()), name.text());
                Value::Object(item)
            }
            Given::Name(name) => json!({ "str": name.text() }),
            Given::Number(number) => json!({ "float": number }),
            Given::Count(count) => json!({ "int": count }),
            Given::Entity(entity) if ids => json!({ "str": entity.id() }),
            Given::Entity(entity) => json!({ "id": entity.id(), "name": entity.label() }),
            Given::Type(kind) if ids => json!({ "str": kind.id }),
            Given::Type(kind) => json!({ "id": kind.id, "name": kind.name }),
        }
    }
}

/// The values of a property of an entity.
fn values<'g>(state: &'g State, entity: EntityRef<'g>, property: &Property) -> Vec<Given<'g>> {
    let id = property.id.as_str();
    if let Some((_, _, prefix)) = properties::CODES.iter().find(|(code, ..)| *code == id) {
        let own = std::iter::once(entity.id().to_owned());
        let codes = own.chain(entity.details().same_as);
        return codes.filter_map(|code| code.strip_prefix(prefix).map(str::to_owned)).map(Given::Text).collect();
    }
    if let Some(lang) = id.strip_prefix("name:") {
        return allonym::label::name_in(entity, lang).map(Given::Name).into_iter().collect();
    }
    if let Some(kind) = id.strip_prefix("names:") {
        return names(entity, property, Some(kind));
    }
    let unit = |n: usize| {
        let units: Vec<EntityRef<'g>> = entity.containers().filter(|c| c.feature().class() == Some('A')).collect();
        units.len().checked_sub(n + 1).map(|at| Given::Entity(units[at])).into_iter().collect()
    };
    let text = |text: String| vec![Given::Text(text)];
    let point = entity.point();
    match id {
        "label" => text(state.named(entity, "", &[]).0),
        "names" => names(entity, property, None),
        "type" => types::of(&entity).into_iter().take(1).map(Given::Type).collect(),
        "feature" if !entity.feature().as_str().is_empty() => text(entity.feature().as_str().to_owned()),
        "country" => {
            let country = entity.country().filter(|_| !entity.feature().is_country());
            let top = entity.containers().find(|c| c.feature().is_country() && c.country() == country);
            top.filter(|_| country.is_some()).map(Given::Entity).into_iter().collect()
        }
        "country_code" => entity.country().map(|c| Given::Text(c.as_str().to_owned())).into_iter().collect(),
        "admin1" => unit(1),
        "admin2" => unit(2),
        "parent" => entity.parent().map(Given::Entity).into_iter().collect(),
        "containers" => entity.containers().map(Given::Entity).collect(),
        "coordinates" => point.map(|p| Given::Text(format!("{},{}", p.lat, p.lon))).into_iter().collect(),
        "lat" => point.map(|p| Given::Number(p.lat)).into_iter().collect(),
        "lon" => point.map(|p| Given::Number(p.lon)).into_iter().collect(),
        "population" if entity.population() > 0 => vec![Given::Count(entity.population())],
        "claims" => {
            let claims = entity.details().claims;
            roles(entity.id(), &claims).map(|(role, who)| Given::Text(format!("{role}: {who}"))).collect()
        }
        "same_as" => entity.details().same_as.into_iter().map(Given::Text).collect(),
        "matched_variant" => distinct(state.recent.of(entity.number()).into_iter().map(|found| found.variant)),
        "match_explanation" => distinct(state.recent.of(entity.number()).into_iter().map(|found| found.why)),
        "query" => distinct(state.recent.of(entity.number()).into_iter().map(|found| found.query)),
        _ => Vec::new(),
    }
}

fn distinct<'g>(texts: impl Iterator<Item = String>) -> Vec<Given<'g>> {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.into_iter().map(Given::Text).collect()
}

/// The names of an entity that the settings ask for, each spelling once.
fn names<'g>(entity: EntityRef<'g>, property: &Property, kind: Option<&str>) -> Vec<Given<'g>> {
    let (lang, script) = (property.setting("lang"), property.setting("script"));
    let kind = kind.map_or_else(|| property.setting("kind"), str::to_owned);
    let kind: Option<Result<NameKind, _>> = (!kind.is_empty()).then(|| kind.parse());
    let fits = |name: &NameRef<'_>| {
        (lang.is_empty() || name.lang() == lang || name.lang().split('-').next() == Some(&lang))
            && (script.is_empty() || name.script().as_str().eq_ignore_ascii_case(&script))
            && kind.as_ref().is_none_or(|kind| kind.as_ref().is_ok_and(|kind| name.kind() == *kind))
    };
    let mut seen = hashbrown::HashSet::new();
    entity.names().filter(fits).filter(|name| seen.insert(name.text())).map(Given::Name).collect()
}

fn read(state: &State, extension: &[u8]) -> Result<Extension, Refusal> {
    let wrong =
        |e: serde_json::Error| Refusal::bad(format!("the extension is not an object with ids and properties ({e})"));
    let extension: Extension = serde_json::from_slice(extension).map_err(wrong)?;
    input::check_batch(state, extension.ids.len(), "ids")?;
    if extension.properties.len() > MOST {
        return Err(Refusal::large(format!("more than {MOST} properties are not taken at once")));
    }
    Ok(extension)
}

/// The values of each property of an id, empty if there is no such entity.
fn row(state: &State, id: &str, extension: &Extension, first: bool) -> Vec<(String, Vec<Value>)> {
    let entity = state.gazetteer.get(id);
    let of = |property: &Property| {
        let values = entity.map(|entity| values(state, entity, property)).unwrap_or_default();
        let ids = property.setting("content") == "id";
        (property.id.clone(), values.into_iter().take(property.limit()).map(|value| value.json(first, ids)).collect())
    };
    extension.properties.iter().map(of).collect()
}

/// Answers an extension of version 0.2.
///
/// # Errors
/// Where it is none, or too much.
pub fn extend(state: &State, extension: &str, deadline: Deadline) -> Result<Value, Refusal> {
    let extension = read(state, extension.as_bytes())?;
    let mut rows = Map::new();
    for id in &extension.ids {
        deadline.check()?;
        let row = row(state, id, &extension, false).into_iter().map(|(property, values)| (property, values.into()));
        rows.insert(id.clone(), Value::Object(row.collect()));
    }
    Ok(json!({ "meta": extension.properties.iter().map(Property::meta).collect::<Vec<_>>(), "rows": rows }))
}

/// `POST /reconcile/v1/extend`.
pub async fn extend_v1(Has(state): Has<Shared>, request: Request) -> Result<Response, Refusal> {
    let shared = state.clone();
    let (_, body) = input::json_body(&state, request).await?;
    let work = move |deadline: Deadline| {
        let extension = read(&state, &body)?;
        let mut rows = Vec::new();
        for id in &extension.ids {
            deadline.check()?;
            let properties = row(&state, id, &extension, true);
            let properties: Vec<Value> =
                properties.into_iter().map(|(id, values)| json!({ "id": id, "values": values })).collect();
            rows.push(json!({ "id": id, "properties": properties }));
        }
        Ok(json!({ "meta": extension.properties.iter().map(Property::meta).collect::<Vec<_>>(), "rows": rows }))
    };
    Ok(Json(shared.limiter.run(work).await?).into_response())
}

/// `GET …/propose`: the properties that can be asked for.
pub async fn propose(request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let limit = fields.number("limit", 0, 10_000)?;
    let kind = fields.get("type").map(cut);
    let shown = if limit == 0 { usize::MAX } else { limit };
    let properties: Vec<Value> =
        properties::proposed().take(shown).map(|(id, name)| json!({ "id": id, "name": name })).collect();
    let mut answer = json!({ "properties": properties });
    if let Some(kind) = kind {
        answer["type"] = kind.into();
    }
    if limit > 0 {
        answer["limit"] = limit.into();
    }
    Ok(reply(&fields, true, answer))
}
