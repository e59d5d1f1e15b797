//! Judges the candidates of observed values by what the whole column is about.
//!
//! The column speaks through the candidates of all its values, each by its probability. These probabilities change when the
//! column is taken into account, and with them what the column is about: so this is done twice. The order of the values makes
//! no difference.

use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::Part;
use crate::entity::Country;
use crate::index::Index;
use crate::rank::Verdict;
use crate::rank::judge::column::ROUNDS;
use crate::rank::judge::{ColumnContext, ColumnJudge, Evidence};

/// A share of a column that is worth telling.
const TELLING_SHARE: f64 = 0.5;

/// What a column was taken to be about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Inferred {
    /// The country of most values.
    #[serde(serialize_with = "code")]
    pub country: Country,
    /// The id and the name of the first-level unit of most values, if they lie in one.
    pub unit: Option<(String, String)>,
    /// The share of the distinct values with candidates that lie there, 0 to 1.
    pub share: f64,
    /// How many distinct values had candidates.
    pub values: u64,
}

/// Judges parts that make up a column, and returns what it is about, if that is one country or unit.
pub fn judge(index: &Index, parts: &mut [&mut Part<'_>]) -> Option<Inferred> {
    let judge = ColumnJudge::bundled()?;
    let mut evidence: Vec<Vec<Evidence>> =
        parts.par_iter().map(|part| Evidence::of_all(&part.answer.candidates, &part.answer.candidates)).collect();
    let mut context = ColumnContext::new(evidence.iter().map(Vec::as_slice));
    for round in 1..=ROUNDS {
        if !context.is_telling() {
            return None;
        }
        let judged: Vec<_> = parts
            .par_iter()
            .zip(&evidence)
            .map(|(part, own)| match part.takes_context() {
                true => judge.judged(&context, own, &part.answer.candidates),
                false => part.answer.candidates.clone(),
            })
            .collect();
        if round == ROUNDS {
            for (part, judged) in parts.iter_mut().zip(judged).filter(|(part, _)| part.takes_context()) {
                part.answer.candidates = judged;
                part.answer.verdict = Verdict::of(&part.answer.candidates);
            }
        } else {
            let next = parts.par_iter().zip(&judged);
            evidence = next.map(|(part, judged)| Evidence::of_all(&part.answer.candidates, judged)).collect();
            context = ColumnContext::new(evidence.iter().map(Vec::as_slice));
        }
    }
    let (country, share) = context.main_country().filter(|(_, share)| *share >= TELLING_SHARE)?;
    let unit = context.main_unit().filter(|(_, share)| *share >= TELLING_SHARE);
    let named =
        unit.and_then(|(unit, share)| index.entity(unit).map(|e| (e.id().to_owned(), e.label().to_owned(), share)));
    Some(match named {
        Some((id, label, share)) => Inferred { country, unit: Some((id, label)), share, values: context.values() },
        None => Inferred { country, unit: None, share, values: context.values() },
    })
}

fn code<S: Serializer>(country: &Country, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(country.as_str())
}
