//! How a name was found.

use serde::Serialize;

/// How a name was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchKind {
    /// The same spelling.
    Exact,
    /// The same except for case, diacritics, punctuation and letters that keyboards lack.
    Folded,
    /// The same phonetic key, in any script.
    Romanized,
    /// With an ending or prefix of the language's grammar.
    Inflected,
    /// Some words of one name are the words of the other.
    Partial,
    /// Within one or two edits, or similar within a known area.
    Fuzzy,
    /// Chosen by a person.
    Decided,
}

impl MatchKind {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            MatchKind::Exact => "exact",
            MatchKind::Folded => "folded",
            MatchKind::Romanized => "romanized",
            MatchKind::Inflected => "inflected",
            MatchKind::Partial => "partial",
            MatchKind::Fuzzy => "fuzzy",
            MatchKind::Decided => "decided",
        }
    }
}
