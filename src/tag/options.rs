//! Options of tagging.

use crate::entity::{Country, EntityType, Point};

/// What to look for in a text, and what is known about it.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only entities of these types; all if empty. Places by default.
    pub types: Vec<EntityType>,
    /// Whether demonyms and their adjectives count: `Azerbaijani`, `Parisians`.
    pub demonyms: bool,
    /// Countries that the text is likely to be about.
    pub countries: Vec<Country>,
    /// The language of the text, by ISO 639 code. By default common words tell whether it is English, which is judged by learned
    /// weights.
    pub lang: Option<String>,
    /// Prefer places near this point.
    pub near: Option<Point>,
    /// Only mentions whose best candidate scores at least this, 0 to 1. By default [`MIN_SCORE`] in English text, elsewhere every
    /// mention that is more likely a name than not.
    pub min_score: Option<f64>,
    /// How many candidates a mention keeps, at least one.
    pub candidates: usize,
    /// Whether names inside longer names count as well: `Guinea` in `Papua New Guinea`. Mentions then overlap.
    pub nested: bool,
    /// Whether each resolution carries an explanation.
    pub explain: bool,
}

/// The default minimum score of mentions in English text: recall and precision are about equal there, and F1 is highest
/// (`docs/accuracy.md`).
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
    /// Whether the caller says that the text is English; none if the caller does not say.
    pub(super) fn english(&self) -> Option<bool> {
        self.lang.as_deref().map(|lang| matches!(lang, "en" | "eng"))
    }
}
