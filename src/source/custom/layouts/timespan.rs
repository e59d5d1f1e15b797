//! The `when` of Linked Places: timespans, from which the first and the last year are taken.

use serde::Deserialize;

use crate::source::custom::lang;

#[derive(Deserialize)]
pub(super) struct When {
    #[serde(default)]
    timespans: Vec<Timespan>,
}

#[derive(Deserialize)]
struct Timespan {
    start: Option<Limit>,
    end: Option<Limit>,
}

/// An end of a timespan: an object, or the date itself.
#[derive(Deserialize)]
#[serde(untagged)]
enum Limit {
    Date(Date),
    Range {
        #[serde(rename = "in")]
        exact: Option<Date>,
        earliest: Option<Date>,
        latest: Option<Date>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Date {
    Text(String),
    Year(i64),
}

/// What some datasets write for an unknown year.
const UNKNOWN: i64 = -1;

impl Date {
    fn year(&self) -> Option<i16> {
        match self {
            Date::Text(text) => lang::year(text),
            Date::Year(UNKNOWN) => None,
            Date::Year(year) => i16::try_from(*year).ok(),
        }
    }
}

impl Limit {
    /// The earliest year of a start.
    fn start(&self) -> Option<i16> {
        match self {
            Limit::Date(date) => date.year(),
            Limit::Range { exact, earliest, latest } => {
                exact.as_ref().or(earliest.as_ref()).or(latest.as_ref())?.year()
            }
        }
    }

    /// The latest year of an end.
    fn end(&self) -> Option<i16> {
        match self {
            Limit::Date(date) => date.year(),
            Limit::Range { exact, earliest, latest } => {
                exact.as_ref().or(latest.as_ref()).or(earliest.as_ref())?.year()
            }
        }
    }
}

/// The first and the last year of all timespans; none of both if the last is before the first.
pub(super) fn span(when: Option<&When>) -> (Option<i16>, Option<i16>) {
    let spans = when.map(|when| &when.timespans[..]).unwrap_or_default();
    let since = spans.iter().filter_map(|span| span.start.as_ref()?.start()).min();
    let until = spans.iter().filter_map(|span| span.end.as_ref()?.end()).max();
    if since.zip(until).is_some_and(|(since, until)| since > until) { (None, None) } else { (since, until) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_texts_or_numbers_alone_or_in_objects() {
        for (timespans, years) in [
            (r#"[{"start":{"in":"1832-08-01"},"end":{"latest":"1900"}}]"#, (Some(1832), Some(1900))),
            (r#"[{"start":{"in":1832},"end":{"earliest":1899,"latest":1900}}]"#, (Some(1832), Some(1900))),
            (r#"[{"start":1521,"end":1808}]"#, (Some(1521), Some(1808))),
            (r#"[{"start":"1600","end":"1699"}]"#, (Some(1600), Some(1699))),
            (r#"[{"start":1572,"end":-1}]"#, (Some(1572), None)),
            (r#"[{"start":-1,"end":-1}]"#, (None, None)),
            (r#"[{"start":{"in":"-0330"}}]"#, (Some(-330), None)),
            (r#"[{"start":{"in":"1700"},"end":{"in":"1600"}}]"#, (None, None)),
            (r#"[{"start":{"in":"1700"}},{"start":{"in":"1600"},"end":{"in":"1650"}}]"#, (Some(1600), Some(1650))),
            (r#"[{"start":{"in":""},"end":{"latest":""}}]"#, (None, None)),
        ] {
            let when: When = serde_json::from_str(&format!("{{\"timespans\":{timespans}}}")).expect("a when");
            assert_eq!(span(Some(&when)), years, "{timespans}");
        }
    }
}
