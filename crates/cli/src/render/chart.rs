//! Usage counts as a page with charts: one file, no script, nothing from outside.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::usage::Table;
use allonym::render::html::escape;
use allonym::render::words::{claims, thousands, what};
use allonym::usage::Usage;

/// Colours that people with colour blindness tell apart (Okabe and Ito), the most used variant's first; the last one is
/// for all other variants together.
const COLOURS: [&str; 8] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#8a8a8a"];
/// Charts of one place at most; the table below them has everything.
const MOST_CHARTS: usize = 12;
/// Bars of one chart at most.
const MOST_BARS: usize = 40;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8884;--soft:#777}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{margin:2.5rem 0 0}h3{font-size:1rem;margin:1rem 0 .2rem}
.soft{color:var(--soft);font-size:.9rem}.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin:.6rem 0}
.legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:2px;margin-inline-end:.4rem}
svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:currentColor}
svg .axis{stroke:var(--line)}
table{border-collapse:collapse;width:100%;font-size:.9rem}caption{text-align:start}
th,td{text-align:start;padding:.15rem .6rem;border-bottom:1px solid var(--line)}
td.n,th.n{text-align:end;font-variant-numeric:tabular-nums}pre{white-space:pre-wrap}";

/// The page.
pub fn page(table: &Table<'_, '_>) -> String {
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Which names are used</title>\n<style>{STYLE}</style>\n<h1>Which names are used</h1>\n<p class=\"soft\">\
         {} documents{}. A mention counts for the name in the gazetteer that it matches. Made with allonym {}.</p>\n",
        thousands(table.documents),
        if table.by.is_empty() { String::new() } else { format!(", compared by {}", escape(&table.by.join(" and "))) },
        env!("CARGO_PKG_VERSION"),
    );
    let month = table.by.iter().position(|by| by == "month");
    for counts in table.places() {
        place(&mut out, table, counts, month);
    }
    if table.usage.is_empty() {
        out.push_str("<p>No mentions were counted.</p>\n");
    }
    out.push_str("</html>\n");
    out
}

fn place(out: &mut String, table: &Table<'_, '_>, counts: &[Usage<'_>], month: Option<usize>) {
    let Some(first) = counts.first() else { return };
    let entity = first.entity;
    let label = table.label.of(entity, first.variant.text());
    let mentions: u64 = counts.iter().map(|count| count.mentions).sum();
    let _ = write!(
        out,
        "<section>\n<h2><bdi>{}</bdi></h2>\n<p class=\"soft\">{} · {} · {} mentions</p>\n",
        escape(&label),
        escape(entity.id()),
        escape(&what(entity.feature().as_str())),
        thousands(mentions)
    );
    let details = entity.details();
    if !details.claims.is_empty() {
        let _ =
            writeln!(out, "<pre class=\"soft\">{}</pre>", escape(claims(entity.id(), &details.claims, "").trim_end()));
    }
    let variants = ranked(counts);
    legend(out, &variants);
    match month {
        Some(month) => by_month(out, counts, &variants, month),
        None => by_group(out, counts, &variants),
    }
    rows(out, table, counts);
    out.push_str("</section>\n");
}

/// The variants with their mentions, the most used first.
fn ranked<'a>(counts: &[Usage<'a>]) -> Vec<(&'a str, u64)> {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for count in counts {
        *sums.entry(count.variant.text()).or_default() += count.mentions;
    }
    let mut ranked: Vec<_> = sums.into_iter().collect();
    ranked.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    ranked
}

fn colour(variants: &[(&str, u64)], name: &str) -> usize {
    variants.iter().position(|(other, _)| *other == name).unwrap_or(usize::MAX).min(COLOURS.len() - 1)
}

fn legend(out: &mut String, variants: &[(&str, u64)]) {
    out.push_str("<div class=\"legend\">");
    for (n, (name, mentions)) in variants.iter().enumerate().take(COLOURS.len() - 1) {
        let _ = write!(
            out,
            "<span><i style=\"background:{}\"></i><bdi>{}</bdi> <span class=\"soft\">{}</span></span>",
            COLOURS[n],
            escape(name),
            thousands(*mentions)
        );
    }
    if let Some(others) = variants.get(COLOURS.len() - 1..).filter(|others| !others.is_empty()) {
        let sum: u64 = others.iter().map(|(_, n)| n).sum();
        let _ = write!(
            out,
            "<span><i style=\"background:{}\"></i>{} others <span class=\"soft\">{}</span></span>",
            COLOURS[COLOURS.len() - 1],
            others.len(),
            thousands(sum)
        );
    }
    out.push_str("</div>\n");
}

/// Mentions of each colour, by a key of the chart.
type Stacks = BTreeMap<String, [u64; COLOURS.len()]>;

fn names_of<'a>(variants: &'a [(&str, u64)], colour: usize) -> &'a str {
    if colour + 1 == COLOURS.len() { "others" } else { variants.get(colour).map_or("", |(name, _)| name) }
}

/// A bar for each group, its length the mentions, its parts the variants.
fn by_group(out: &mut String, counts: &[Usage<'_>], variants: &[(&str, u64)]) {
    let mut stacks = Stacks::new();
    for count in counts {
        stacks.entry(count.group.join(" · ")).or_default()[colour(variants, count.variant.text())] += count.mentions;
    }
    let mut bars: Vec<_> = stacks.iter().map(|(group, parts)| (group, parts, parts.iter().sum::<u64>())).collect();
    bars.sort_by_key(|(group, _, sum)| (std::cmp::Reverse(*sum), *group));
    let left_out = bars.len().saturating_sub(MOST_BARS);
    bars.truncate(MOST_BARS);
    let (left, width, step) = (190.0, 640.0, 26.0);
    let _ = writeln!(out, "<svg viewBox=\"0 0 900 {}\" role=\"img\">", bars.len() as f64 * step + 8.0);
    for (n, (group, parts, sum)) in bars.iter().enumerate() {
        let y = n as f64 * step + 4.0;
        let _ = write!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            left - 8.0,
            y + 15.0,
            escape(&short(group))
        );
        let mut x = left;
        for (colour, part) in parts.iter().enumerate().filter(|(_, part)| **part > 0) {
            let length = width * *part as f64 / *sum as f64;
            let _ = write!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y}\" width=\"{length:.1}\" height=\"20\" fill=\"{}\"><title>{}: {} of {}</title></rect>",
                COLOURS[colour],
                escape(names_of(variants, colour)),
                thousands(*part),
                thousands(*sum)
            );
            x += length;
        }
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\">{}</text>", left + width + 8.0, y + 15.0, thousands(*sum));
    }
    out.push_str("</svg>\n");
    more(out, left_out, "groups");
}

/// A chart for each group, a column for each month.
fn by_month(out: &mut String, counts: &[Usage<'_>], variants: &[(&str, u64)], month: usize) {
    let mut charts: BTreeMap<String, Stacks> = BTreeMap::new();
    for count in counts {
        let mut group = count.group.clone();
        let when = if month < group.len() { group.remove(month) } else { String::new() };
        let stack = charts.entry(group.join(" · ")).or_default().entry(when).or_default();
        stack[colour(variants, count.variant.text())] += count.mentions;
    }
    let months = months(charts.values().flat_map(|stacks| stacks.keys()));
    let tallest = charts.values().flat_map(|stacks| stacks.values()).map(|parts| parts.iter().sum::<u64>()).max();
    let tallest = tallest.unwrap_or(1).max(1);
    let left_out = charts.len().saturating_sub(MOST_CHARTS);
    let mut order: Vec<_> = charts.iter().collect();
    order.sort_by_key(|(_, stacks)| std::cmp::Reverse(stacks.values().flatten().sum::<u64>()));
    for (group, stacks) in order.into_iter().take(MOST_CHARTS) {
        if !group.is_empty() {
            let _ = writeln!(out, "<h3><bdi>{}</bdi></h3>", escape(group));
        }
        columns(out, stacks, &months, tallest, variants);
    }
    more(out, left_out, "groups");
}

fn columns(out: &mut String, stacks: &Stacks, months: &[String], tallest: u64, variants: &[(&str, u64)]) {
    let (left, base, height) = (40.0, 130.0, 110.0);
    let step = 850.0 / months.len().max(1) as f64;
    let _ = write!(
        out,
        "<svg viewBox=\"0 0 900 155\" role=\"img\"><line class=\"axis\" x1=\"{left}\" y1=\"{base}\" x2=\"890\" y2=\"{base}\"/>\
         <line class=\"axis\" x1=\"{left}\" y1=\"{top}\" x2=\"890\" y2=\"{top}\"/>\
         <text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{}</text>",
        thousands(tallest),
        top = base - height,
        x = left - 6.0,
        y = base - height + 4.0,
    );
    // About a dozen labels are read with ease.
    let every = months.len().div_ceil(12);
    for (n, month) in months.iter().enumerate() {
        let x = left + n as f64 * step;
        let mut y = base;
        for (colour, part) in stacks.get(month).into_iter().flatten().enumerate().filter(|(_, part)| **part > 0) {
            let tall = height * *part as f64 / tallest as f64;
            y -= tall;
            let _ = write!(
                out,
                "<rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{tall:.1}\" fill=\"{}\"><title>{}: {} in {}</title></rect>",
                x + step * 0.1,
                step * 0.8,
                COLOURS[colour],
                escape(names_of(variants, colour)),
                thousands(*part),
                escape(month)
            );
        }
        if n % every == 0 {
            let when = if month.is_empty() { "undated" } else { month };
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"148\" text-anchor=\"middle\">{}</text>",
                x + step / 2.0,
                escape(when)
            );
        }
    }
    out.push_str("</svg>\n");
}

/// Every month from the first to the last, so that a month without mentions is a gap that is seen; undated last.
fn months<'a>(found: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut found: Vec<&String> = found.collect();
    found.sort();
    found.dedup();
    let undated = found.iter().any(|month| month.is_empty());
    let number = |month: &&String| {
        let (year, month) = month.split_once('-')?;
        Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
    };
    let mut numbers = found.iter().filter_map(number);
    let first = numbers.next();
    let last = numbers.next_back().or(first);
    // A wrong date in one document must not make a chart of ten thousand columns.
    let mut months: Vec<String> = match first.zip(last).filter(|(first, last)| last - first < 600) {
        Some((first, last)) => {
            (first..=last).map(|n| format!("{:04}-{:02}", n.div_euclid(12), n.rem_euclid(12) + 1)).collect()
        }
        None => found.iter().filter(|month| !month.is_empty()).map(|month| (*month).clone()).collect(),
    };
    if undated {
        months.push(String::new());
    }
    months
}

fn rows(out: &mut String, table: &Table<'_, '_>, counts: &[Usage<'_>]) {
    let _ = write!(
        out,
        "<details{}><summary>Figures</summary><table>\n<tr>",
        if counts.len() <= 12 { " open" } else { "" }
    );
    for by in table.by {
        let _ = write!(out, "<th>{}</th>", escape(by));
    }
    out.push_str(
        "<th>variant</th><th>kind</th><th class=\"n\">mentions</th><th class=\"n\">documents</th>\
         <th class=\"n\">share</th></tr>\n",
    );
    for count in counts {
        out.push_str("<tr>");
        for value in &count.group {
            let _ = write!(out, "<td><bdi>{}</bdi></td>", escape(value));
        }
        let _ = writeln!(
            out,
            "<td><bdi>{}</bdi></td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{:.0} %</td></tr>",
            escape(count.variant.text()),
            count.variant.kind(),
            thousands(count.mentions),
            thousands(count.documents),
            100.0 * count.share
        );
    }
    out.push_str("</table></details>\n");
}

fn more(out: &mut String, left_out: usize, what: &str) {
    if left_out > 0 {
        let _ =
            writeln!(out, "<p class=\"soft\">{} more {what} are in the figures below.</p>", thousands(left_out as u64));
    }
}

fn short(text: &str) -> String {
    match text.chars().count() {
        0..=26 => text.to_owned(),
        _ => text.chars().take(25).chain(['…']).collect(),
    }
}
