//! Entities and their names: what sources provide and an index stores.

mod country;
mod details;
mod feature;
mod id;
mod kind;
mod name;
mod point;
mod script;

pub use country::Country;
pub use details::{Claim, Details};
pub use feature::Feature;
pub use id::id_order;
pub use kind::EntityType;
pub use name::{CURATED, Name, NameKind};
pub use point::Point;
pub use script::Script;

/// A thing with an id: a place, an organization, a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entity {
    /// Its id, such as `gn:146970`: a prefix for the gazetteer it comes from, a colon, and that gazetteer's own id.
    pub id: String,
    /// Its type.
    pub kind: EntityType,
    /// GeoNames' class and code, such as `P.PPLC`; empty if it is not a place.
    pub feature: Feature,
    /// ISO 3166-1 alpha-2 code, if the entity is a country or belongs to exactly one.
    pub country: Option<Country>,
    /// The id of its immediate container.
    pub parent: Option<String>,
    /// Where it is.
    pub point: Option<Point>,
    /// Number of inhabitants, 0 if unknown.
    pub population: u32,
    /// Every name, the main name first.
    pub names: Vec<Name>,
    /// What only few entities have.
    pub details: Details,
}
