//! The answer to a cell and its context, with the reason if it is in doubt.

use crate::fold::word_lists::is_non_answer;
use crate::rank::{Candidate, Verdict};

/// What a cell means.
pub struct Answer<'g> {
    /// Whether the first candidate can be relied on.
    pub verdict: Verdict,
    /// The most likely first.
    pub candidates: Vec<Candidate<'g>>,
    /// Why it is in doubt; empty if the scores say all there is to say.
    pub reason: String,
    /// Whether all of the context was understood.
    pub known: bool,
}

impl<'g> Answer<'g> {
    pub(super) fn new(verdict: Verdict, candidates: Vec<Candidate<'g>>) -> Answer<'g> {
        Answer { verdict, candidates, reason: String::new(), known: true }
    }

    /// No candidates, and why.
    pub(super) fn unmatched(reason: impl Into<String>) -> Answer<'g> {
        Answer { reason: reason.into(), ..Answer::new(Verdict::Unmatched, Vec::new()) }
    }

    /// The same answer in doubt.
    pub(super) fn doubt(mut self, reason: impl Into<String>) -> Answer<'g> {
        if self.verdict == Verdict::Resolved {
            self.verdict = Verdict::Ambiguous;
        }
        let reason = reason.into();
        self.reason = if self.reason.is_empty() { reason } else { format!("{}; {reason}", self.reason) };
        self
    }

    /// The same answer contradicted by its context: one of the two is wrong, and it is not known which.
    pub(super) fn contradicted(mut self, reason: impl Into<String>) -> Answer<'g> {
        self.candidates.iter_mut().for_each(Candidate::contradict);
        self.doubt(reason)
    }

    /// The same answer, unless the cell says that there is no place and nothing else makes it one.
    pub fn unless_non_answer(self, text: &str) -> Answer<'g> {
        match self.verdict != Verdict::Resolved && is_non_answer(text) {
            true => Answer { known: self.known, ..Answer::unmatched("not the name of a place") },
            false => self,
        }
    }

    /// Whether the best candidate has the very name.
    pub(super) fn is_known_name(&self) -> bool {
        self.candidates.first().is_some_and(Candidate::is_known_name)
    }
}
