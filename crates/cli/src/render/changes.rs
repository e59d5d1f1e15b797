//! The changes between two indexes.

use serde::Serialize;

use super::table::{new, right, text};
use allonym::changes::{Change, Counts};
use allonym::render::words::{isolate, thousands};

/// All changes as one JSON document.
#[derive(Serialize)]
pub struct Document<'c> {
    /// How many there are of each kind.
    pub counts: Counts,
    /// The changes.
    pub changes: &'c [Change],
}

/// The counts of each kind of change, and the changes that are shown of it.
pub fn table(counts: &Counts, kept: &[Change]) -> String {
    let mut all = new(["what changed", "count"]);
    for (what, count) in counts.rows() {
        all.add_row([what.into(), right(thousands(count))]);
    }
    let mut answer = text(&all);
    for (what, count) in counts.rows() {
        let shown: Vec<&Change> = kept.iter().filter(|change| change.what() == what).collect();
        if shown.is_empty() {
            continue;
        }
        let left = count - shown.len() as u64;
        let more = if left > 0 { format!(", {} more not shown", thousands(left)) } else { String::new() };
        answer.push_str(&format!("\n{what}{more}\n"));
        for change in shown {
            answer.push_str(&format!("  {}\n", sentence(change)));
        }
    }
    answer
}

fn sentence(change: &Change) -> String {
    match change {
        Change::PlaceAdded { id, label } | Change::PlaceRemoved { id, label } => format!("{id} {}", isolate(label)),
        Change::NameAdded { id, name, lang } | Change::NameRemoved { id, name, lang } => {
            format!("{id} {} {lang}", isolate(name)).trim_end().to_owned()
        }
        Change::Renamed { id, from, to } => format!("{id} {} → {}", isolate(from), isolate(to)),
        Change::Moved { id, label, km } => format!("{id} {} by {km:.1} km", isolate(label)),
        Change::Ambiguous { name, ids } => format!("{}: {}", isolate(name), ids.join(", ")),
    }
}
