//! Completion, in any script: entities by the beginning of a name, properties and types by that of theirs.

use axum::Json;
use axum::extract::{Request, State as Has};
use axum::response::{IntoResponse, Response};
use hashbrown::HashMap;
use serde_json::{Map, Value, json};

use super::input::{Fields, languages};
use super::refusal::Refusal;
use super::state::State;
use super::{Shared, extend, reconcile, types};
use crate::entity::NameKind;
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::index::places::{EntityRef, NameRef};
use crate::lookup::Query;

/// Letters of a beginning for which the best entities are known beforehand; longer ones begin few enough names to look at.
const SHORT: usize = 3;
/// Entities that are known beforehand for each.
const KNOWN: usize = 24;
/// Keys that are looked at for a longer beginning.
const KEYS: usize = 20_000;
/// How much less a name counts that is none of the place's own.
const OF_OTHERS: u32 = 64;
/// How much less a unit counts than its towns together.
const OF_UNITS: u32 = 8;
/// Names of one key that are looked at: a unit may have the same in many languages before its town comes.
const NAMES_OF_KEY: usize = 64;
/// Suggestions for one beginning at most, all pages together.
const MOST: usize = 100;

/// The most prominent entities of what names begin with: entity and name, by their numbers.
pub struct Beginnings(HashMap<Box<str>, Vec<(u32, u32)>>);

impl Beginnings {
    /// Those of all names.
    pub fn new(gazetteer: &Gazetteer) -> Beginnings {
        let mut all = HashMap::new();
        let mut groups: [(String, Best); SHORT] = std::array::from_fn(|_| (String::new(), Best::default()));
        let mut end = |beginning: &mut String, best: &mut Best| {
            if !beginning.is_empty() {
                all.insert(std::mem::take(beginning).into_boxed_str(), best.take(KNOWN));
            }
        };
        gazetteer.names.each(|key, slot| {
            // The postings of a key have the most prominent entity's name first.
            let mut names = gazetteer.names.postings(slot).filter_map(|p| gazetteer.places.name(p.name()));
            let Some((name, entity)) = names.find_map(|name| suggested(&name).map(|entity| (name, entity))) else {
                return;
            };
            let mut ends = key.char_indices().map(|(at, c)| at + c.len_utf8());
            for (beginning, best) in &mut groups {
                let Some(letters) = ends.next().map(|end| &key[..end]) else { break };
                if beginning != letters {
                    end(beginning, best);
                    beginning.push_str(letters);
                }
                best.add(&entity, &name);
            }
        });
        groups.iter_mut().for_each(|(beginning, best)| end(beginning, best));
        Beginnings(all)
    }
}

/// The entity of a name that may be suggested.
fn suggested<'g>(name: &NameRef<'g>) -> Option<EntityRef<'g>> {
    let hidden = name.is_machine() || matches!(name.kind(), NameKind::Code | NameKind::Misspelling | NameKind::Demonym);
    if hidden { None } else { name.entity() }
}

/// How likely somebody who types means an entity by a name: by how well known it is, a name of its own or of English sooner than
/// one of a third language, a town sooner than the unit of that name.
fn weight(entity: &EntityRef<'_>, name: &NameRef<'_>) -> u32 {
    let own = name.is_main() || name.lang() == "en" || matches!(name.kind(), NameKind::Official | NameKind::Endonym);
    let unit = entity.feature().class() == Some('A') && !entity.feature().is_country();
    entity.prominence() / if own { 1 } else { OF_OTHERS } / if unit { OF_UNITS } else { 1 }
}

/// The weightiest entities so far: weight, entity, name.
#[derive(Default)]
struct Best(Vec<(u32, u32, u32)>);

impl Best {
    fn add(&mut self, entity: &EntityRef<'_>, name: &NameRef<'_>) {
        self.0.push((weight(entity, name), entity.number(), name.number()));
        if self.0.len() > 64 * KNOWN {
            self.sort(KNOWN);
        }
    }

    fn sort(&mut self, most: usize) {
        self.0.sort_by_key(|&(weight, entity, name)| (std::cmp::Reverse(weight), entity, name));
        let mut seen = hashbrown::HashSet::new();
        self.0.retain(|(_, entity, _)| seen.insert(*entity));
        self.0.truncate(most);
    }

    fn take(&mut self, most: usize) -> Vec<(u32, u32)> {
        self.sort(most);
        std::mem::take(&mut self.0).into_iter().map(|(_, entity, name)| (entity, name)).collect()
    }
}

/// Entities with a name that begins so, the whole names first, then the most prominent; where there are few, those with a name
/// like it. Each with the name that was met.
///
/// # Errors
/// Where the index is damaged.
pub fn entities<'g>(
    state: &'g State,
    beginning: &str,
    kinds: &[String],
    most: usize,
) -> Result<Vec<(EntityRef<'g>, NameRef<'g>)>, Refusal> {
    let gazetteer = &state.gazetteer;
    let mut found: Vec<(EntityRef<'g>, NameRef<'g>)> = Vec::new();
    let text = beginning.trim();
    let key = Key::of(text);
    if key.is_empty() || text.len() > Query::MAX_BYTES {
        return Ok(found);
    }
    let mut add = |entity: Option<EntityRef<'g>>, name: Option<NameRef<'g>>| {
        let (Some(entity), Some(name)) = (entity, name) else { return };
        let fits = kinds.is_empty() || kinds.iter().any(|kind| types::is(&entity, kind));
        if found.len() < most && fits && found.iter().all(|(known, _)| known.number() != entity.number()) {
            found.push((entity, name));
        }
    };
    for posting in gazetteer.exact(&key) {
        let name = gazetteer.places.name(posting.name());
        add(name.and_then(|name| suggested(&name)), name);
    }
    let longer = match key.as_str().chars().count() {
        0..=SHORT if kinds.is_empty() => state.beginnings().0.get(key.as_str()).cloned().unwrap_or_default(),
        _ => {
            let mut best = Best::default();
            gazetteer.names.beginning(key.as_str(), KEYS, |_, slot| {
                let names = gazetteer.names.postings(slot).filter_map(|p| gazetteer.places.name(p.name()));
                for name in names.take(NAMES_OF_KEY) {
                    if let Some(entity) = suggested(&name)
                        && (kinds.is_empty() || kinds.iter().any(|kind| types::is(&entity, kind)))
                    {
                        best.add(&entity, &name);
                    }
                }
            });
            best.take(most)
        }
    };
    for (entity, name) in longer {
        add(gazetteer.places.entity(entity), gazetteer.places.name(name));
    }
    if found.len() < most.min(3) && text.chars().count() >= SHORT {
        let answer = gazetteer.lookup(&Query { limit: most, ..Query::new(text) })?;
        for candidate in answer.candidates {
            let fits = kinds.is_empty() || kinds.iter().any(|kind| types::is(&candidate.entity, kind));
            let known = found.iter().any(|(known, _)| known.number() == candidate.entity.number());
            if found.len() < most && fits && !known {
                found.push((candidate.entity, candidate.name));
            }
        }
    }
    Ok(found)
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
        .desk
        .work(move |_| {
            let langs = if first { langs } else { Vec::new() };
            let found = entities(&state, &beginning, &kinds, (from + count).min(MOST))?;
            let item = |(entity, name): &(EntityRef<'_>, NameRef<'_>)| item(&state, *entity, name, &langs, first);
            Ok(found.iter().skip(from).map(item).collect::<Vec<Value>>())
        })
        .await?;
    Ok(reconcile::reply(&fields, !first, json!({ "result": items })))
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

/// Says in which language and direction a name is, as the 1.0 draft does.
pub fn put_language(item: &mut Map<String, Value>, lang: Option<&str>, name: &str) {
    if let Some(lang) = lang {
        item.insert("lang".to_owned(), lang.into());
    }
    item.insert("dir".to_owned(), super::ask::direction(name).into());
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
    let asked = extend::CONTEXT.iter().map(|&(id, name, about)| (id.to_owned(), name.to_owned(), about.to_owned()));
    let given = extend::proposed().map(|(id, name)| (id, name, String::new()));
    let given = given.filter(|(id, ..)| extend::CONTEXT.iter().all(|(context, ..)| context != id));
    let items = matching(asked.chain(given), &fields)?;
    Ok(reconcile::reply(&fields, jsonp, json!({ "result": items })))
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
    Ok(reconcile::reply(&fields, true, json!({ "result": items })))
}

/// `GET …/suggest/type`, version 1.0.
pub async fn kind_v1(request: Request) -> Result<Response, Refusal> {
    let fields = Fields::of(&request);
    let items = matching(types::all().map(|kind| (kind.id, kind.name, String::new())), &fields)?;
    Ok(Json(json!({ "result": items })).into_response())
}
