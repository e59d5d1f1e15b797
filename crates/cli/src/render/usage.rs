//! Usage counts: the fields of JSON and CSV, and tables for reading.

use comfy_table::Cell;
use serde::Serialize;
use serde_json::{Map, Value};

use super::table::{new, right, text as lines};
use allonym::entity::NameKind;
use allonym::error::Result;
use allonym::label::Label;
use allonym::render::words::{isolate, thousands};
use allonym::usage::Usage;

/// What was counted.
pub struct Table<'a, 'g> {
    /// The fields that are compared.
    pub by: &'a [String],
    /// Which name stands for a place.
    pub label: &'a Label,
    /// How many documents were read.
    pub documents: u64,
    /// The counts, those of a place together.
    pub usage: &'a [Usage<'g>],
}

impl<'g> Table<'_, 'g> {
    /// The counts of one place after the other, the most mentioned first.
    pub fn places(&self) -> impl Iterator<Item = &[Usage<'g>]> {
        self.usage.chunk_by(|a, b| a.entity.number() == b.entity.number())
    }

    /// The counts as JSON objects.
    pub fn lines(&self) -> Vec<Value> {
        let line = |count: &Usage<'_>| {
            let values = count.group.iter().map(|value| Value::String(value.clone()));
            let line = Line {
                id: count.entity.id(),
                label: &self.label.of(count.entity, count.variant.text()),
                group: self.by.iter().cloned().zip(values).collect(),
                variant: count.variant.text(),
                langs: langs(count),
                script: count.variant.script().to_string(),
                kind: count.variant.kind(),
                mentions: count.mentions,
                documents: count.documents,
                share: (count.share * 1e4).round() / 1e4,
            };
            serde_json::to_value(line).unwrap_or_default()
        };
        self.usage.iter().map(line).collect()
    }

    /// Writes the counts as CSV to standard output.
    pub fn csv(&self) -> Result<()> {
        let mut out = ::csv::Writer::from_writer(std::io::stdout().lock());
        let fixed = ["variant", "langs", "script", "kind", "mentions", "documents", "share"];
        let header = ["id", "label"].into_iter().chain(self.by.iter().map(String::as_str)).chain(fixed);
        out.write_record(header).map_err(super::refused_row)?;
        for count in self.usage {
            let label = self.label.of(count.entity, count.variant.text());
            let numbers = [count.mentions.to_string(), count.documents.to_string(), format!("{:.4}", count.share)];
            let name = count.variant;
            let script = name.script();
            let langs = langs(count).join(" ");
            let row = [count.entity.id(), &label]
                .into_iter()
                .chain(count.group.iter().map(String::as_str))
                .chain([name.text(), &langs, script.as_str(), name.kind().as_str()])
                .chain(numbers.iter().map(String::as_str));
            out.write_record(row).map_err(super::refused_row)?;
        }
        out.flush().map_err(super::refused)
    }
}

/// The languages in which the place has this name.
fn langs<'g>(count: &Usage<'g>) -> Vec<&'g str> {
    let same = count.entity.names().filter(|name| name.text() == count.variant.text());
    let mut langs: Vec<_> = same.map(|name| name.lang()).filter(|lang| !lang.is_empty()).collect();
    langs.sort_unstable();
    langs.dedup();
    langs
}

/// A line of output.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    label: &'a str,
    #[serde(flatten)]
    group: Map<String, Value>,
    variant: &'a str,
    langs: Vec<&'a str>,
    script: String,
    kind: NameKind,
    mentions: u64,
    documents: u64,
    share: f64,
}

/// A table for each place: which group uses which variant how often.
pub fn text(table: &Table<'_, '_>) -> String {
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
        out.push_str(&format!("{}\n", lines(&rows)));
    }
    if out.is_empty() {
        out.push_str("no mentions counted\n");
    }
    out
}
