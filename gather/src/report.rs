//! What was kept, mended and dropped, with counts and a few examples of each.

use std::collections::BTreeMap;
use std::fmt::Write;

/// How many examples a row shows.
const EXAMPLES: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    Places,
    Names,
    Tagged,
    Subdivisions,
    Mended,
    Dropped,
    LeftOut,
}

impl Section {
    fn title(self) -> &'static str {
        match self {
            Section::Places => "Places written",
            Section::Names => "Names written",
            Section::Tagged => "Languages given by script, letters and country",
            Section::Subdivisions => "ISO 3166-2 subdivisions",
            Section::Mended => "Names mended",
            Section::Dropped => "Names dropped",
            Section::LeftOut => "Left out",
        }
    }
}

#[derive(Default)]
struct Row {
    count: usize,
    examples: Vec<String>,
}

/// Counts by section and reason.
#[derive(Default)]
pub struct Report {
    rows: BTreeMap<(Section, String), Row>,
}

impl Report {
    /// Counts one case; the first few are kept as examples.
    pub fn note(&mut self, section: Section, reason: &str, example: impl FnOnce() -> String) {
        let row = self.rows.entry((section, reason.to_string())).or_default();
        row.count += 1;
        // Spread the examples: the 1st, 10th, 100th … case, not five neighbours.
        if row.examples.len() < EXAMPLES && row.count >= 10_usize.pow(row.examples.len() as u32) {
            row.examples.push(example());
        }
    }

    /// Counts one case and keeps it as an example whatever their number.
    pub fn list(&mut self, section: Section, reason: &str, example: String) {
        let row = self.rows.entry((section, reason.to_string())).or_default();
        row.count += 1;
        row.examples.push(example);
    }

    /// Sets a count.
    pub fn count(&mut self, section: Section, what: &str, count: usize) {
        self.rows.entry((section, what.to_string())).or_default().count = count;
    }

    /// The report as Markdown tables.
    pub fn markdown(&self) -> String {
        let mut text =
            String::from("# What `gather build` kept, mended and dropped\n\nWritten by the program; do not edit.\n");
        let mut current = None;
        for ((section, reason), row) in &self.rows {
            if current != Some(*section) {
                current = Some(*section);
                let _ = write!(text, "\n## {}\n\n| what | count | examples |\n|---|--:|---|\n", section.title());
            }
            let examples = row.examples.join("; ").replace('|', "\\|");
            let _ = writeln!(text, "| {reason} | {} | {examples} |", thousands(row.count));
        }
        text
    }

    /// The rows of one section, for the table in `data/README.md`.
    pub fn table(&self, sections: &[Section]) -> String {
        let mut text = String::from("| what | count |\n|---|--:|\n");
        for ((section, reason), row) in &self.rows {
            if sections.contains(section) {
                let _ = writeln!(text, "| {reason} | {} |", thousands(row.count));
            }
        }
        text
    }
}

/// 1234567 as 1,234,567.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(super::thousands(7), "7");
        assert_eq!(super::thousands(1_234_567), "1,234,567");
    }
}
