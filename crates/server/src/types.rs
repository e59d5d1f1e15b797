//! What entities can be: places with GeoNames' classes and codes, organizations, persons.

use serde::Serialize;

use allonym::entity::EntityType;
use allonym::index::places::EntityRef;
use allonym::render::words::what;

/// A type as the service names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Type {
    /// `place`, `organization`, `person`, a class (`P`) or a class and code (`P.PPLC`).
    pub id: String,
    /// In words.
    pub name: String,
}

/// GeoNames' classes in words.
const CLASSES: [(&str, &str); 9] = [
    ("P", "populated place"),
    ("A", "country or administrative unit"),
    ("H", "water"),
    ("T", "mountain, island or other terrain"),
    ("L", "region or area"),
    ("S", "site or building"),
    ("R", "road or railway"),
    ("V", "forest or vegetation"),
    ("U", "undersea feature"),
];

/// The codes that are proposed; all others are understood.
const CODES: [(&str, &str); 19] = [
    ("A.PCLI", "country"),
    ("A.ADM1", "first-level unit"),
    ("A.ADM2", "second-level unit"),
    ("A.ADM3", "third-level unit"),
    ("P.PPLC", "capital"),
    ("P.PPLA", "seat of a first-level unit"),
    ("P.PPLA2", "seat of a second-level unit"),
    ("P.PPL", "populated place without a seat"),
    ("H.STM", "river"),
    ("H.LK", "lake"),
    ("H.SEA", "sea"),
    ("H.GULF", "gulf"),
    ("T.MT", "mountain"),
    ("T.MTS", "mountains"),
    ("T.ISL", "island"),
    ("T.PEN", "peninsula"),
    ("T.DSRT", "desert"),
    ("L.RGN", "region"),
    ("S.AIRP", "airport"),
];

/// Every type that is proposed, general ones first.
pub fn all() -> impl Iterator<Item = Type> {
    let of = |&(id, name): &(&str, &str)| Type { id: id.to_owned(), name: name.to_owned() };
    EntityType::ALL.into_iter().map(general).chain(CLASSES.iter().map(of)).chain(CODES.iter().map(of))
}

/// place, organization or person.
pub fn general(kind: EntityType) -> Type {
    Type { id: kind.as_str().to_owned(), name: kind.as_str().to_owned() }
}

/// The types of an entity, the most special one first.
pub fn of(entity: &EntityRef<'_>) -> Vec<Type> {
    let feature = entity.feature();
    let mut types = Vec::with_capacity(3);
    if !feature.code().is_empty() {
        let id = feature.as_str();
        let known = CODES.iter().find(|(code, _)| *code == id).map(|(_, name)| (*name).to_owned());
        types.push(Type { id: id.to_owned(), name: known.unwrap_or_else(|| what(id).into_owned()) });
    }
    if let Some(class) = feature.class() {
        let class = class.to_string();
        let name = CLASSES.iter().find(|(id, _)| *id == class).map_or(class.clone(), |(_, name)| (*name).to_owned());
        types.push(Type { id: class, name });
    }
    types.push(general(entity.kind()));
    types
}

/// Whether an entity is of a type.
pub fn is(entity: &EntityRef<'_>, id: &str) -> bool {
    let feature = entity.feature();
    entity.kind().as_str() == id
        || !id.is_empty() && feature.as_str() == id
        || id.len() == 1 && feature.class().is_some_and(|class| id.starts_with(class))
        || id == "A.PCLI" && feature.is_country()
}

/// Whether a text is the id of a type.
pub fn is_known(id: &str) -> bool {
    id.parse::<EntityType>().is_ok()
        || CLASSES.iter().any(|(class, _)| *class == id)
        || id.parse::<allonym::entity::Feature>().is_ok_and(|feature| !feature.code().is_empty())
}
