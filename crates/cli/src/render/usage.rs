//! Usage counts as tables for reading.

use comfy_table::Cell;

use super::table::{new, right, text};
use crate::usage::Table;
use allonym::render::words::{isolate, thousands};

/// One table a place: which group uses which variant how often.
pub fn table(table: &Table<'_, '_>) -> String {
    let mut out = String::new();
    for counts in table.places() {
        let Some(first) = counts.first() else { continue };
        let mentions: u64 = counts.iter().map(|count| count.mentions).sum();
        let entity = first.entity;
        let label = table.label.of(entity, first.variant.text());
        out.push_str(&format!("{} · {} · {} mentions\n", isolate(&label), entity.id(), thousands(mentions)));
        let mut rows = new([&*table.by.join(", "), "variant", "mentions", "documents", "share", ""]);
        let mut last = None;
        for count in counts {
            // A group is named once; its variants follow.
            let group = if last == Some(&count.group) { String::new() } else { count.group.join(", ") };
            last = Some(&count.group);
            rows.add_row([
                Cell::new(isolate(&group)),
                Cell::new(isolate(count.variant.text())),
                right(thousands(count.mentions)),
                right(thousands(count.documents)),
                right(format!("{:.0} %", 100.0 * count.share)),
                Cell::new("▇".repeat((count.share * 20.0).round() as usize)),
            ]);
        }
        if table.by.is_empty() {
            rows.column_mut(0).map(|column| column.set_constraint(comfy_table::ColumnConstraint::Hidden));
        }
        out.push_str(&format!("{}\n", text(&rows)));
    }
    if out.is_empty() {
        out.push_str("no mentions counted\n");
    }
    out
}
