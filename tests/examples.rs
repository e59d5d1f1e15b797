//! Runs the examples book, `tests/examples.md`: every case, all failures told at once with their lines.

mod common;

use std::fs;
use std::path::Path;

use allonym::Query;
use allonym::tag::Options;
use common::{Faults, bundled};

/// A case of the book.
#[derive(Debug, Default)]
struct Case {
    heading: String,
    line: usize,
    /// `tag` or `lookup`, then conditions such as `country=US`.
    asks: Vec<String>,
    text: String,
    /// What is expected: what is written, the id, and a remark.
    expected: Vec<Expected>,
    nothing: bool,
    /// Whether a sentence before the block says why.
    reasoned: bool,
}

#[derive(Debug)]
struct Expected {
    line: usize,
    surface: String,
    id: String,
    /// What follows the id: `demonym` for a mention, the rung for a query.
    remark: String,
}

const BOOK: &str = "tests/examples.md";

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut heading = String::new();
    let (mut inside, mut reasoned) = (false, false);
    for (number, line) in (1..).zip(text.lines()) {
        if inside {
            match line {
                "```" => inside = false,
                line => {
                    let case = cases.last_mut().expect("a case is open");
                    if !case.text.is_empty() {
                        case.text.push('\n');
                    }
                    case.text.push_str(line);
                }
            }
        } else if let Some(asks) = line.strip_prefix("```") {
            inside = true;
            let asks = asks.split_whitespace().map(str::to_owned).collect();
            cases.push(Case { heading: heading.clone(), line: number, asks, reasoned, ..Case::default() });
            reasoned = false;
        } else if let Some(title) = line.strip_prefix("## ") {
            heading = title.to_owned();
            reasoned = false;
        } else if let Some(item) = line.strip_prefix("- ") {
            cases.last_mut().expect("an item belongs to a case").expected.push(expected(item, number));
        } else if line == "Nothing." {
            cases.last_mut().expect("it belongs to a case").nothing = true;
        } else if !line.trim().is_empty() {
            reasoned = true;
        }
    }
    assert!(!inside, "{BOOK}: a block is not closed");
    cases
}

/// Reads "`Baku` → `gn:587084` demonym".
fn expected(item: &str, line: usize) -> Expected {
    let parts: Vec<&str> = item.split('`').collect();
    let [before, surface, arrow, id, remark] = parts[..] else {
        panic!("{BOOK}, line {line}: an expectation looks like `Baku` → `gn:587084`, not {item}")
    };
    assert!(before.is_empty() && arrow.trim() == "→", "{BOOK}, line {line}: an arrow should stand between");
    Expected { line, surface: surface.to_owned(), id: id.to_owned(), remark: remark.trim().to_owned() }
}

#[test]
fn every_example_of_the_book_holds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(BOOK);
    let cases = read(&fs::read_to_string(path).expect("the book"));
    let mut faults = Faults::default();
    let (mut tagged, mut looked_up) = (0, 0);
    for case in &cases {
        let at = format!("{BOOK}, line {} ({})", case.line, case.heading);
        faults.check(case.reasoned, || format!("{at}: no sentence says why"));
        faults.check(case.nothing == case.expected.is_empty(), || {
            format!("{at}: nothing is expected, nor is 'Nothing.' said")
        });
        match case.asks.split_first() {
            Some((verb, conditions)) if verb == "tag" => {
                tagged += 1;
                tag(case, conditions, &at, &mut faults);
            }
            Some((verb, conditions)) if verb == "lookup" => {
                looked_up += 1;
                lookup(case, conditions, &at, &mut faults);
            }
            _ => faults.add(format!("{at}: a case begins with ```tag or ```lookup")),
        }
    }
    eprintln!("{tagged} texts, {looked_up} groups of queries");
    assert!(tagged >= 40 && looked_up >= 10, "the book has lost its cases");
    faults.report();
}

fn countries(conditions: &[String], at: &str) -> Vec<allonym::entity::Country> {
    let mut countries = Vec::new();
    for condition in conditions {
        match condition.split_once('=') {
            Some(("country", name)) => countries.extend(bundled().country(name)),
            Some(("demonyms", "no")) => {}
            _ => panic!("{at}: '{condition}' is no condition"),
        }
    }
    countries
}

fn tag(case: &Case, conditions: &[String], at: &str, faults: &mut Faults) {
    let demonyms = !conditions.iter().any(|c| c == "demonyms=no");
    let options = Options { countries: countries(conditions, at), demonyms, ..Options::default() };
    let told =
        |surface: &str, id: &str, demonym: bool| format!("{surface} → {id}{}", if demonym { " demonym" } else { "" });
    let found: Vec<String> = bundled()
        .tag(&case.text, &options)
        .iter()
        .map(|r| {
            let surface = case.text[r.mention.byte_start..r.mention.byte_end].replace('\n', " ");
            told(&surface, r.candidates[0].entity.id(), r.is_demonym())
        })
        .collect();
    let expected: Vec<String> = case.expected.iter().map(|e| told(&e.surface, &e.id, e.remark == "demonym")).collect();
    let show = |all: &[String]| if all.is_empty() { "nothing".to_owned() } else { all.join(", ") };
    faults
        .check(found == expected, || format!("{at}:\n    expected {}\n    found    {}", show(&expected), show(&found)));
}

fn lookup(case: &Case, conditions: &[String], at: &str, faults: &mut Faults) {
    let countries = countries(conditions, at);
    let queries: Vec<&str> = case.text.lines().collect();
    let asked: Vec<&str> = case.expected.iter().map(|e| e.surface.as_str()).collect();
    if !case.nothing {
        faults.check(queries == asked, || format!("{at}: the list should have an item for each query, in their order"));
    }
    for (number, query) in queries.iter().enumerate() {
        let answer = bundled().lookup(&Query { countries: countries.clone(), ..Query::new(query) });
        let answer = match answer {
            Ok(answer) => answer,
            Err(e) => {
                faults.add(format!("{at}: {query}: {e}"));
                continue;
            }
        };
        let best = answer.candidates.first();
        let (id, how) = best.map_or(("nothing", ""), |c| (c.entity.id(), c.how.as_str()));
        let Some(expected) = case.expected.get(number) else {
            faults.check(best.is_none(), || format!("{at}: {query} is {id} instead of nothing"));
            continue;
        };
        let right = id == expected.id && (expected.remark.is_empty() || expected.remark == how);
        faults.check(right, || {
            let line = expected.line;
            format!("{BOOK}, line {line}: {query} is {id} {how} instead of {} {}", expected.id, expected.remark)
        });
    }
}

#[test]
fn the_book_is_read_as_it_is_meant() {
    let text = "# Book\nIntroduction.\n## One\nWhy so.\n```tag country=US\nBaku.\n\nTwo.\n```\n- `Baku` → `gn:1` demonym\n\n\
                ## Two\n```lookup\nx\n```\nNothing.\n";
    let cases = read(text);
    assert_eq!(cases.len(), 2);
    assert_eq!((cases[0].heading.as_str(), cases[0].line, cases[0].text.as_str()), ("One", 5, "Baku.\n\nTwo."));
    assert_eq!((cases[0].expected[0].surface.as_str(), cases[0].expected[0].remark.as_str()), ("Baku", "demonym"));
    assert!(cases[0].reasoned && !cases[0].nothing && cases[1].nothing && !cases[1].reasoned);
}
