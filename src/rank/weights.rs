//! The hand-set constants of ranking, each with its origin.
//!
//! Learned weights are in the model file. These constants are inputs of the learned models, and decide alone where no model
//! applies: exact names without context, and the choice among namesakes.

/// Weights of the evidence for a candidate, in log odds.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// Weight of the natural logarithm of the population. After the population prior of published geoparsers for news text.
    pub population: f64,
    /// Added to every population, so that places without a figure are not ruled out (median of villages without one).
    pub population_floor: f64,
    /// Weight of the logarithm of the number of names, in units of four: a place with a hundred names is known far beyond its
    /// population. Set by hand on the examples book.
    pub names: f64,
    /// A country against a town of the same population.
    pub country: f64,
    /// A first-level unit: its population counts towns, and bare names rarely mean the unit.
    pub first_level: f64,
    /// A second-level unit.
    pub second_level: f64,
    /// Any other unit.
    pub lower_level: f64,
    /// A capital against another town of its size.
    pub capital: f64,
    /// The seat of a first-level unit.
    pub seat: f64,
    /// A section of a town, or a place that no longer exists.
    pub section: f64,
    /// A unit, where a town of the same name lies in it: `New York` alone is the city, `New York State` the state.
    pub unit_around_town: f64,
    /// A generic element beside the name that fits the class of the entity: `Donetsk oblast`.
    pub generic_fits: f64,
    /// The same in a query that is restricted to a country or unit.
    pub generic_fits_in_area: f64,
    /// A generic element that contradicts the class there.
    pub generic_contradicts_in_area: f64,
    /// A name with other diacritics than those written, where another entity has the very spelling: `Laçın` is not `Lačin`,
    /// and a person who types diacritics means them.
    pub other_diacritics: f64,
    /// Similarity, times this, for misspelt names in a known area. Measured on misspelt US towns with their state.
    pub dissimilarity_in_area: f64,
    /// Weight of the log odds that two names are of one place, in a known area. Measured on the same data.
    pub same_place: f64,
    /// Weight of the logarithm of the distance from a given point, in units of 30 km.
    pub distance: f64,
    /// An entity without coordinates, where a point is given.
    pub no_point: f64,
}

/// The weights in use.
pub const WEIGHTS: Weights = Weights {
    population: 0.9,
    population_floor: 200.0,
    names: 0.8,
    country: 3.0,
    first_level: -2.5,
    second_level: -3.0,
    lower_level: -3.0,
    capital: 0.7,
    seat: 0.3,
    section: -1.0,
    unit_around_town: -1.5,
    generic_fits: 4.0,
    generic_fits_in_area: 2.0,
    generic_contradicts_in_area: -4.0,
    other_diacritics: -14.0,
    dissimilarity_in_area: 60.0,
    same_place: 2.0,
    distance: -1.2,
    no_point: -6.0,
};

/// Populations that stand in for the fame of entities that have none: what curated lists hold is known widely.
#[derive(Clone, Copy, Debug)]
pub struct AssumedPopulation {
    /// Organizations and persons.
    pub organization: f64,
    /// Units that no longer exist.
    pub former_unit: f64,
    /// Continents.
    pub continent: f64,
    /// Regions and seas.
    pub region: f64,
    /// Buildings, sites, roads and railways.
    pub site: f64,
    /// Other waters, mountains and features.
    pub feature: f64,
}

/// The assumed populations in use, set by hand on the examples book.
pub const ASSUMED_POPULATION: AssumedPopulation = AssumedPopulation {
    organization: 100_000.0,
    former_unit: 200_000.0,
    continent: 1e9,
    region: 500_000.0,
    site: 30_000.0,
    feature: 150_000.0,
};

/// What is left of the probability of a unit in a text, where a town of its name lies in it.
pub const UNIT_NAMED_AFTER_TOWN: f32 = 0.6;
