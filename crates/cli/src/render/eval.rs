//! Figures of an evaluation, as tables for reading and as JSON.

use comfy_table::Cell;
use serde_json::{Value, json};

use super::table::{new, right, text as lines};
use allonym::eval::{Counts, Report};
use allonym::render::words::thousands;

/// The counts of the lookups of a table's rows.
#[derive(Default)]
pub struct Lookups {
    /// Rows looked up.
    pub rows: u64,
    /// Rows whose right id is the first candidate.
    pub first: u64,
    /// Rows whose right id is among the first five.
    pub five: u64,
    /// Rows with a candidate.
    pub answered: u64,
    /// Rows that are resolved.
    pub resolved: u64,
    /// Resolved rows whose first candidate is right.
    pub resolved_right: u64,
    /// Time for all rows.
    pub seconds: f64,
}

impl Lookups {
    /// The share of the rows.
    pub fn share(&self, part: u64) -> f64 {
        part as f64 / self.rows.max(1) as f64
    }

    /// Adds the counts of other rows, not their time.
    pub fn add(&mut self, other: &Lookups) {
        self.rows += other.rows;
        self.first += other.first;
        self.five += other.five;
        self.answered += other.answered;
        self.resolved += other.resolved;
        self.resolved_right += other.resolved_right;
    }
}

/// The figures of each table, by the name of its file.
pub fn lookups_table(rows: &[(String, Lookups)]) -> String {
    let mut table = new(["file", "rows", "first", "among 5", "answered", "resolved", "of these right", "rows/s"]);
    for (name, c) in rows {
        let percent = |part: f64| right(format!("{part:.3}"));
        table.add_row([
            Cell::new(name),
            right(thousands(c.rows)),
            percent(c.share(c.first)),
            percent(c.share(c.five)),
            percent(c.share(c.answered)),
            percent(c.share(c.resolved)),
            percent(c.resolved_right as f64 / c.resolved.max(1) as f64),
            right(thousands((c.rows as f64 / c.seconds.max(1e-9)) as u64)),
        ]);
    }
    lines(&table)
}

/// The same as a JSON document.
pub fn lookups_document(rows: &[(String, Lookups)]) -> Value {
    let object = |(name, c): &(String, Lookups)| {
        json!({"file": name, "rows": c.rows, "first": c.share(c.first), "among_five": c.share(c.five),
            "answered": c.share(c.answered), "resolved": c.share(c.resolved),
            "resolved_right": c.resolved_right as f64 / c.resolved.max(1) as f64,
            "rows_per_second": c.rows as f64 / c.seconds.max(1e-9)})
    };
    rows.iter().map(object).collect()
}

/// The figures of each file and of all, by script and class, with the calibration and the speed.
pub fn table(reports: &[(String, Report)], all: &Report, seconds: f64) -> String {
    let mut table = new([
        "", "golds", "answers", "span P", "R", "F1", "overlap", "id", "(found)", "161 km", "(found)", "P", "R", "F1",
        "F1@161",
    ]);
    let mut row = |name: String, counts: &Counts| {
        let f = counts.figures();
        let mut cells = vec![Cell::new(name), right(thousands(counts.golds)), right(thousands(counts.answers))];
        let figures = [
            f.span_precision,
            f.span_recall,
            f.span_f1,
            f.overlap_f1,
            f.id_all,
            f.id_answered,
            f.near_all,
            f.near_answered,
            f.precision,
            f.recall,
            f.f1,
            f.f1_near,
        ];
        cells.extend(figures.map(|figure| right(format!("{figure:.3}"))));
        table.add_row(cells);
    };
    for (name, report) in reports {
        row(name.clone(), &report.places);
    }
    if reports.len() > 1 {
        row("all".to_owned(), &all.places);
    }
    row("all, with demonyms".to_owned(), &all.all);
    let mut out = lines(&table);
    let mut recall = new(["by", "", "golds", "span R", "id", "161 km"]);
    for (by, groups) in [("script", &all.scripts), ("class", &all.classes)] {
        let mut groups: Vec<_> = groups.iter().collect();
        groups.sort_by_key(|(name, counts)| (std::cmp::Reverse(counts.golds), *name));
        for (n, (name, counts)) in groups.into_iter().take(12).enumerate() {
            let f = counts.figures();
            recall.add_row([
                Cell::new(if n == 0 { by } else { "" }),
                Cell::new(name),
                right(thousands(counts.golds)),
                right(format!("{:.3}", f.span_recall)),
                right(format!("{:.3}", f.id_all)),
                right(format!("{:.3}", f.near_all)),
            ]);
        }
    }
    out.push_str(&format!("\n{}", lines(&recall)));
    if all.calibration.bins.iter().any(|bin| bin.0 > 0) {
        let mut bins = new(["score", "answers", "mean score", "right"]);
        for (n, (count, scores, right_ones)) in all.calibration.bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
            let of = |sum: f64| right(format!("{:.3}", sum / *count as f64));
            bins.add_row([
                Cell::new(format!("{:.1}–{:.1}", n as f64 / 10.0, (n + 1) as f64 / 10.0)),
                right(thousands(*count)),
                of(*scores),
                of(*right_ones as f64),
            ]);
        }
        let error = all.calibration.error();
        out.push_str(&format!("\n{}expected calibration error {error:.3}\n", lines(&bins)));
    }
    let (documents, bytes) = (all.documents as f64, all.bytes as f64);
    out.push_str(&format!(
        "\n{} documents, {:.1} MB, {:.0} documents and {:.1} MB a second\n",
        thousands(all.documents),
        bytes / 1e6,
        documents / seconds.max(1e-9),
        bytes / 1e6 / seconds.max(1e-9)
    ));
    out
}

/// The same as a JSON document, with all counts.
pub fn document(reports: &[(String, Report)], all: &Report, seconds: f64) -> Value {
    let both = |counts: &Counts| json!({"counts": counts, "figures": counts.figures()});
    let groups = |groups: &std::collections::BTreeMap<String, Counts>| -> Value {
        groups.iter().map(|(name, counts)| (name.clone(), both(counts))).collect::<serde_json::Map<_, _>>().into()
    };
    let one = |report: &Report| {
        let bins: Vec<Value> = report
            .calibration
            .bins
            .iter()
            .map(|(count, scores, right)| {
                let n = (*count).max(1) as f64;
                json!({"answers": count, "mean_score": scores / n, "right": *right as f64 / n})
            })
            .collect();
        json!({"documents": report.documents, "bytes": report.bytes, "without_demonyms": both(&report.places),
            "with_demonyms": both(&report.all), "by_script": groups(&report.scripts), "by_class": groups(&report.classes),
            "calibration": {"error": report.calibration.error(), "bins": bins}})
    };
    let files: serde_json::Map<String, Value> =
        reports.iter().map(|(name, report)| (name.clone(), one(report))).collect();
    json!({"files": files, "all": one(all), "speed": {"seconds": seconds,
        "documents_per_second": all.documents as f64 / seconds.max(1e-9),
        "megabytes_per_second": all.bytes as f64 / 1e6 / seconds.max(1e-9)}})
}
