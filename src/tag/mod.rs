//! Text becomes mentions: known names at word boundaries, and the decision "is this a name here?".
//!
//! [`spans`] walks the text along the keys, [`readings`] says what each span may mean, [`recognize`] whether it is a name
//! here at all. Which of its readings is meant, [`crate::resolve`] decides.

mod capitals;
mod cues;
pub mod features;
mod page;
pub mod readings;
pub mod recognize;
pub mod spans;

use crate::entity::{Country, EntityType, Point};

pub(crate) use capitals::forget as forget_capitals;
pub use page::{Page, is_english};
pub use readings::{Reading, Readings};
pub use recognize::Recognized;
pub use spans::Span;

/// What is looked for in a text, and what is known about it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only entities of these types; all where empty. Places where nothing is said.
    pub types: Vec<EntityType>,
    /// Whether `Azerbaijani` and `Parisians` count.
    pub demonyms: bool,
    /// Countries that the text is likely to speak of.
    pub countries: Vec<Country>,
    /// The language of the text, by its ISO 639 code; where nothing is said, its commonest words tell whether it is English, which
    /// is judged by learned weights.
    pub lang: Option<String>,
    /// A point that the text is likely to speak of the surroundings of.
    pub near: Option<Point>,
    /// Only mentions whose best candidate scores at least so much, 0 to 1. Where nothing is said, [`MIN_SCORE`] where scores
    /// are learned, and every mention that is more likely a name than not elsewhere.
    pub min_score: Option<f64>,
    /// How many candidates a mention keeps, at least one.
    pub candidates: usize,
    /// Whether names inside longer names count beside them: `Guinea` in `Papua New Guinea`. Mentions overlap then.
    pub nested: bool,
    /// Whether each resolution says why.
    pub explain: bool,
}

/// The least score of a mention in English text, unless something else is asked for: recall and precision are near each other
/// there, and F1 is highest (`docs/accuracy.md`).
pub const MIN_SCORE: f64 = 0.3;

impl Default for Options {
    fn default() -> Options {
        Options {
            types: vec![EntityType::Place],
            demonyms: true,
            countries: Vec::new(),
            lang: None,
            near: None,
            min_score: None,
            candidates: 1,
            nested: false,
            explain: false,
        }
    }
}

impl Options {
    /// Whether the text is said to be English.
    pub(crate) fn english(&self) -> Option<bool> {
        self.lang.as_deref().map(|lang| matches!(lang, "en" | "eng"))
    }
}
