//! A mention as it is written out.

use serde::Serialize;

use crate::label::Label;
use crate::rank::Verdict;
use crate::record::Record;
use crate::tag::{Explanation, Resolution};

/// A mention's fields, as scripts may rely on them.
#[derive(Serialize)]
pub struct Line<'a> {
    /// The document.
    pub doc: &'a str,
    /// First Unicode code point.
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// First byte of the UTF-8 text.
    pub byte_start: usize,
    /// Byte after the last.
    pub byte_end: usize,
    /// What stands there.
    pub surface: &'a str,
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// Whether the people are named, not the place.
    pub demonym: bool,
    /// The likeliest candidate.
    #[serde(flatten)]
    pub best: Option<Record<'a>>,
    /// All that were asked for, where that is more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Record<'a>>,
    /// What spoke for and against the answer, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'a Explanation>,
}

impl<'a> Line<'a> {
    /// A mention of a document, with all its candidates where more than one was asked for.
    pub fn of(
        doc: &'a str,
        text: &'a str,
        resolution: &'a Resolution<'a>,
        candidates: usize,
        label: &Label,
    ) -> Line<'a> {
        let mention = resolution.mention;
        let surface = &text[mention.byte_start..mention.byte_end];
        Line {
            doc,
            start: mention.start,
            end: mention.end,
            byte_start: mention.byte_start,
            byte_end: mention.byte_end,
            surface,
            verdict: resolution.verdict,
            demonym: resolution.is_demonym(),
            best: resolution.candidates.first().map(|best| Record::new(best, label, surface)),
            candidates: match candidates {
                0 | 1 => Vec::new(),
                _ => resolution.candidates.iter().map(|c| Record::new(c, label, surface)).collect(),
            },
            why: resolution.why.as_ref(),
        }
    }
}
