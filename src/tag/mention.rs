//! Mentions and their resolutions.

use super::explain::Explanation;
use crate::entity::NameKind;
use crate::error::{Error, Result};
use crate::rank::{Candidate, Verdict};

/// A span of the original text that names something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// First Unicode code point.
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// First byte of the UTF-8 text.
    pub byte_start: usize,
    /// Byte after the last.
    pub byte_end: usize,
}

/// A mention and what it means.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resolution<'g> {
    /// Where it is.
    pub mention: Mention,
    /// What it may mean, the most likely first. Empty only for given mentions of which nothing is known.
    pub candidates: Vec<Candidate<'g>>,
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// The explanation, if [`super::Options::explain`] asks for it and a model judged the mention.
    pub why: Option<Explanation>,
}

impl Resolution<'_> {
    /// Whether the text names the people or their adjective, not the place.
    pub fn is_demonym(&self) -> bool {
        self.candidates.first().is_some_and(|c| c.name.kind() == NameKind::Demonym)
    }
}

/// Converts spans in code points, `(first, after the last)`, to bytes, in the same order.
///
/// # Errors
/// If a span is empty, runs backwards or ends beyond the text.
pub fn byte_spans(text: &str, spans: &[(usize, usize)]) -> Result<Vec<(usize, usize)>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let one = |&(start, end): &(usize, usize)| match (starts.get(start), starts.get(end)) {
        (Some(&first), Some(&last)) if start < end => Ok((first, last)),
        _ => Err(Error::data(format!(
            "invalid mention from {start} to {end}: start and end are code points, and the text has {}",
            starts.len() - 1
        ))),
    };
    spans.iter().map(one).collect()
}

/// Converts byte offsets to code points, reading the text once.
pub(super) struct CodePoints<'t> {
    text: &'t str,
    chars: usize,
    bytes: usize,
}

impl<'t> CodePoints<'t> {
    pub(super) fn new(text: &'t str) -> CodePoints<'t> {
        CodePoints { text, chars: 0, bytes: 0 }
    }

    pub(super) fn mention(&mut self, byte_start: usize, byte_end: usize) -> Mention {
        let start = self.at(byte_start);
        let end = self.at(byte_end);
        Mention { start, end, byte_start, byte_end }
    }

    fn at(&mut self, byte: usize) -> usize {
        let letters = |from: usize, to: usize| {
            let between = self.text.as_bytes().get(from..to).unwrap_or_default();
            between.iter().filter(|&&b| (b as i8) >= -0x40).count()
        };
        // A nested mention begins before the outer one ends.
        self.chars = self.chars + letters(self.bytes, byte) - letters(byte, self.bytes);
        self.bytes = byte;
        self.chars
    }
}
