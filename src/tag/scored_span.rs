//! A span with what is known about it before its senses are chosen.

/// A span that may be a name, and how likely it is one.
#[derive(Clone, Debug)]
pub struct ScoredSpan {
    /// Its first word.
    pub first: u32,
    /// Its last word.
    pub last: u32,
    /// First byte in the text.
    pub byte_start: usize,
    /// Byte after the last.
    pub byte_end: usize,
    /// How strongly the rules say that it is a name here, in log odds.
    pub reasons: f32,
    /// The slot of its key: the same for every mention of one surface.
    pub slot: u64,
    /// Its senses, in [`Senses`].
    pub range: (u32, u32),
    /// Whether grammar has inflected the name.
    pub inflected: bool,
    /// How it is tied to the name beside it.
    pub tie: Tie,
    /// The probability that it is a name here.
    pub probability: f32,
    /// Whether it is in caseless text ([`crate::fold::Case::Caseless`]).
    pub caseless: bool,
}

/// How a span is tied to the name beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tie {
    /// Not at all.
    #[default]
    None = 0,
    /// One contains the other: `Sense, Pennsylvania`.
    Within = 1,
    /// Both name one entity: `Karabakh (Garabagh)`.
    Same = 2,
}
