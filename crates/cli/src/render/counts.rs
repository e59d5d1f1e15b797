//! Counts of what an index contains, in groups.

use serde_json::{Map, Value};

use super::table::{new, right, text};
use allonym::render::words::thousands;

/// What is counted, with its count.
pub type Counts = Vec<(String, u64)>;

/// The counts of each group as JSON objects.
pub fn document(groups: &[(&str, Counts)]) -> Value {
    let object = |counts: &Counts| {
        counts.iter().map(|(what, count)| (what.clone(), (*count).into())).collect::<Map<String, Value>>()
    };
    groups.iter().map(|(group, counts)| ((*group).to_owned(), object(counts).into())).collect::<Map<_, _>>().into()
}

/// A table of the groups.
pub fn table(groups: &[(&str, Counts)]) -> String {
    // Only the JSON document has the long tails.
    const MOST: usize = 40;
    let mut table = new(["of", "what", "count"]);
    for (group, counts) in groups {
        let left: u64 = counts.iter().skip(MOST).map(|(_, n)| n).sum();
        let others = (left > 0).then(|| (format!("{} others", counts.len() - MOST), left));
        for (n, (what, count)) in counts.iter().take(MOST).chain(&others).enumerate() {
            let group = if n == 0 { *group } else { "" };
            table.add_row([group.into(), what.into(), right(thousands(*count))]);
        }
    }
    text(&table)
}
