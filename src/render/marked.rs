//! A text with its mentions marked, what each may mean, and all of them on a map: HTML that needs nothing from outside.
//!
//! [`section`] is one text, [`head`] and [`tail`] make a page of its own around any number of them. A mention is a link to its
//! place in the list beside the text, so that everything works with a keyboard, a screen reader and without scripts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::html::escape;
use super::map::{self, Dot};
use super::words::{roles, thousands, what};
use crate::entity::Point;
use crate::label::Label;
use crate::rank::Verdict;
use crate::record::Record;
use crate::tag::Resolution;

/// Colours and letters that all pages share.
pub const BASE: &str = include_str!("page/base.css");
/// How marked texts and maps look.
pub const STYLE: &str = include_str!("page/marked.css");
/// What happens when a mention, a place or a dot is pointed at.
pub const SCRIPT: &str = include_str!("page/marked.js");
/// What a page says of where its outlines come from.
pub const MAP_NOTE: &str =
    "Coasts and borders: Natural Earth, for orientation only. Dotted where a party disputes them.";

/// The beginning of a page.
pub fn head(title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'unsafe-inline'\">\n<title>{}</title>\n<style>{BASE}{STYLE}</style></head>\n<body class=\"al-page\">\n",
        escape(title)
    )
}

/// The end of a page.
pub fn tail() -> String {
    format!(
        "<footer class=\"al-soft\">Made with allonym {}. Names: GeoNames (CC BY 4.0) and others. {MAP_NOTE}</footer>\n\
         <script>{SCRIPT}</script>\n</body></html>\n",
        env!("CARGO_PKG_VERSION")
    )
}

/// A place that a text names, with all its mentions.
struct Place<'a> {
    number: usize,
    best: Record<'a>,
    doubtful: bool,
    demonym: bool,
    times: usize,
    surfaces: Vec<&'a str>,
    others: Vec<Record<'a>>,
}

/// One text: marked, with its map and its places. `number` tells several texts of one page apart.
pub fn section(number: usize, name: &str, text: &str, resolutions: &[Resolution<'_>], label: &Label) -> String {
    let places = places(text, resolutions, label);
    let mut out = format!("<section class=\"al-doc\" id=\"d{number}\">\n");
    if !name.is_empty() && name != "-" {
        let _ = writeln!(out, "<h2><bdi>{}</bdi></h2>", escape(name));
    }
    let _ = writeln!(
        out,
        "<p class=\"al-soft\">{} of {}.</p>\n<div class=\"al-split\">",
        count(resolutions.len(), "mention"),
        count(places.len(), "place")
    );
    marks(&mut out, number, text, resolutions, &places);
    out.push_str("<aside class=\"al-side\" aria-label=\"Places in the text\">\n");
    picture(&mut out, &places);
    out.push_str("<ol class=\"al-places\">\n");
    for place in &places {
        item(&mut out, number, place);
    }
    out.push_str("</ol>\n</aside>\n</div>\n</section>\n");
    out
}

/// `1 place`, `2 places`.
fn count(n: usize, what: &str) -> String {
    format!("{} {what}{}", thousands(n as u64), if n == 1 { "" } else { "s" })
}

/// The places in the order of their first mention; sure and doubtful mentions of one place are one.
fn places<'a>(text: &'a str, resolutions: &'a [Resolution<'_>], label: &Label) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    for resolution in resolutions {
        let Some(best) = resolution.candidates.first() else { continue };
        let surface = &text[resolution.mention.byte_start..resolution.mention.byte_end];
        let doubtful = resolution.verdict != Verdict::Resolved;
        let next = places.len();
        let at = *numbers.entry(best.entity.number()).or_insert(next);
        if at == next {
            places.push(Place {
                number: next + 1,
                best: Record::new(best, label, surface),
                doubtful,
                demonym: resolution.is_demonym(),
                times: 0,
                surfaces: Vec::new(),
                others: Vec::new(),
            });
        }
        let place = &mut places[at];
        place.times += 1;
        place.demonym &= resolution.is_demonym();
        place.doubtful &= doubtful;
        if best.score() > place.best.score {
            place.best = Record::new(best, label, surface);
        }
        if !place.surfaces.contains(&surface) {
            place.surfaces.push(surface);
        }
        for other in &resolution.candidates[1..] {
            if place.others.iter().all(|known| known.id != other.entity.id()) {
                place.others.push(Record::new(other, label, surface));
            }
        }
    }
    places
}

fn marks(out: &mut String, number: usize, text: &str, resolutions: &[Resolution<'_>], places: &[Place<'_>]) {
    out.push_str("<div class=\"al-text\">");
    let mut last = 0;
    for resolution in resolutions {
        let (from, to) = (resolution.mention.byte_start, resolution.mention.byte_end);
        let best = resolution.candidates.first();
        let place = best.and_then(|best| places.iter().find(|place| place.best.id == best.entity.id()));
        // A mention inside another has no mark of its own; its place is in the list.
        let Some(place) = place.filter(|_| from >= last) else { continue };
        out.push_str(&escape(&text[last..from]));
        let doubtful = resolution.verdict != Verdict::Resolved;
        let _ = write!(
            out,
            "<a class=\"al-mark{}\" href=\"#d{number}p{n}\" data-p=\"{n}\" aria-label=\"{}, {}: {}\">{}</a>",
            if doubtful { " al-doubt" } else { "" },
            escape(&text[from..to]),
            if doubtful { "perhaps" } else { "place" },
            escape(&place.best.label),
            escape(&text[from..to]),
            n = place.number,
        );
        last = to;
    }
    out.push_str(&escape(&text[last..]));
    out.push_str("</div>\n");
}

fn picture(out: &mut String, places: &[Place<'_>]) {
    let dots: Vec<Dot<'_>> = places
        .iter()
        .filter_map(|place| {
            let point = Point { lat: place.best.lat?, lon: place.best.lon?, derived: false };
            let (number, doubtful, weight) = (place.number, place.doubtful, place.times);
            Some(Dot { point, label: &place.best.label, number, doubtful, weight })
        })
        .collect();
    let title = format!("Map of {}", count(dots.len(), "place"));
    let map = map::svg(&dots, &title);
    if !map.is_empty() {
        let _ = writeln!(out, "<figure class=\"al-figure\">{map}</figure>");
    }
}

fn item(out: &mut String, number: usize, place: &Place<'_>) {
    let best = &place.best;
    let _ = write!(
        out,
        "<li id=\"d{number}p{n}\" data-p=\"{n}\" tabindex=\"-1\"><div class=\"al-name\"><bdi>{}</bdi>{}</div>",
        escape(&best.label),
        score(best, place.doubtful),
        n = place.number,
    );
    let _ = write!(out, "<div class=\"al-soft\">{}</div>", about(best, place.demonym));
    let surfaces: Vec<String> = place.surfaces.iter().map(|s| format!("<bdi>{}</bdi>", escape(s))).collect();
    let times = if place.times > 1 { format!(" · {} times", place.times) } else { String::new() };
    let _ = write!(out, "<div class=\"al-soft\">in the text: {}{times}</div>", surfaces.join(", "));
    for (role, parties) in roles(best.id, &best.claims) {
        let _ = write!(out, "<div class=\"al-soft\">{role}: {}</div>", escape(&parties));
    }
    if !place.others.is_empty() {
        let _ = write!(out, "<details><summary>{}</summary><ul>", count(place.others.len(), "other candidate"));
        for other in &place.others {
            let _ = write!(
                out,
                "<li><bdi>{}</bdi>{} <span class=\"al-soft\">{}</span></li>",
                escape(&other.label),
                score(other, true),
                about(other, false)
            );
        }
        out.push_str("</ul></details>");
    }
    out.push_str("</li>\n");
}

fn score(record: &Record<'_>, doubtful: bool) -> String {
    let words = if doubtful { "in doubt" } else { "resolved" };
    format!(
        " <span class=\"al-score{}\" title=\"{words}: the probability that it is meant\">{:.2}{}</span>",
        if doubtful { " al-doubt" } else { "" },
        record.score,
        if doubtful { "?" } else { "" },
    )
}

/// What it is and where, and its id.
fn about(record: &Record<'_>, demonym: bool) -> String {
    let mut parts = Vec::new();
    let kind = if demonym { "people, adjective".into() } else { what(&record.feature) };
    if !kind.is_empty() {
        parts.push(escape(&kind));
    }
    let above: Vec<String> = record.admin.iter().rev().map(|part| format!("<bdi>{}</bdi>", escape(part))).collect();
    if !above.is_empty() {
        parts.push(above.join(", "));
    }
    parts.push(format!("<code>{}</code>", escape(record.id)));
    parts.join(" · ")
}
