//! `allonym eval` and `allonym resolve`: answers beside what people marked.

mod common;

use std::collections::BTreeSet;

use common::{allonym, file, folder, with_input};
use serde_json::{Value, json};

/// A gold document: each mention is a surface (its first place in the text), an id or none, a type or none.
fn document(text: &str, mentions: &[(&str, Option<u64>, Option<&str>)]) -> String {
    let mentions: Vec<Value> = mentions
        .iter()
        .map(|(surface, id, kind)| {
            let start = text[..text.find(surface).expect("it is there")].chars().count();
            let mut mention = json!({"start": start, "end": start + surface.chars().count(), "surface": surface});
            if let Some(id) = id {
                mention["geonameid"] = json!(id.to_string());
            }
            if let Some(kind) = kind {
                mention["type"] = json!(kind);
            }
            mention
        })
        .collect();
    json!({"id": "d", "text": text, "mentions": mentions}).to_string() + "\n"
}

const TEXT: &str =
    "The train from Baku to Tbilisi was late, and the road from Paris to Lyon was closed by the police of the town.";

fn gold() -> String {
    // Right, wrong place (Paris in Texas), not marked at all (Lyon), and one that is not in the text as a name.
    document(
        TEXT,
        &[
            ("Baku", Some(587_084), None),
            ("Tbilisi", Some(611_717), None),
            ("Paris", Some(4_717_560), None),
            ("police", Some(999_999_999), None),
        ],
    )
}

fn report(gold: &str, args: &[&str]) -> Value {
    let dir = folder();
    let path = file(&dir, "gold.jsonl", gold);
    let run = allonym([&["eval", &path, "--min-score", "0", "--format", "json"], args].concat());
    run.done();
    run.json()
}

#[test]
fn figures_are_what_a_count_by_hand_gives() {
    let report = report(&gold(), &[]);
    let counts = &report["all"]["without_demonyms"]["counts"];
    for (name, count) in
        [("golds", 4), ("answers", 4), ("exact", 3), ("golds_with_id", 4), ("id_answered", 3), ("id_right", 2)]
    {
        assert_eq!(counts[name], count, "{name} in {counts}");
    }
    let figures = &report["all"]["without_demonyms"]["figures"];
    for (name, figure) in [
        ("span_precision", 0.75),
        ("span_recall", 0.75),
        ("span_f1", 0.75),
        ("id_all", 0.5),
        ("id_answered", 2.0 / 3.0),
        ("precision", 0.5),
        ("recall", 0.5),
        ("f1", 0.5),
    ] {
        let found = figures[name].as_f64().expect(name);
        assert!((found - figure).abs() < 1e-9, "{name} is {found}, not {figure}");
    }
    assert_eq!(report["all"]["by_script"]["Latn"]["counts"]["golds"], 4);
    assert_eq!(report["all"]["documents"], 1);
}

#[test]
fn counts_agree_with_those_of_the_mentions_that_tag_writes() {
    let texts = [
        "Reporters in Kyiv said that trains to Lviv and to Odesa ran, while the Ukrainian army held Bakhmut and Avdiivka.",
        "The mayor of London met the mayor of Paris in Brussels, and both of them went on to Amsterdam by the train.",
        "He was born in Cairo, Egypt, and lived in Beirut with the family until the war, then in Athens and in the north.",
    ];
    let golds = [
        document(
            texts[0],
            &[
                ("Kyiv", Some(703_448), None),
                ("Lviv", Some(702_550), None),
                ("Ukrainian", Some(690_791), Some("Demonym")),
            ],
        ),
        document(texts[1], &[("London", Some(2_643_743), None), ("Brussels", Some(2_800_866), None)]),
        document(
            texts[2],
            &[("Cairo", Some(360_630), None), ("Egypt", Some(357_994), None), ("Athens", Some(1), None)],
        ),
    ];
    let (mut answers, mut exact, mut right, mut all) = (0, 0, 0, 0);
    for (text, gold) in texts.iter().zip(&golds) {
        let tagged = with_input(["tag", "--format", "jsonl", "--min-score", "0", "--demonyms", "no"], *text).lines();
        let gold: Value = serde_json::from_str(gold).expect("a document");
        let marked: BTreeSet<(u64, String)> = gold["mentions"]
            .as_array()
            .expect("mentions")
            .iter()
            .filter(|m| m["type"] != "Demonym")
            .map(|m| (m["start"].as_u64().unwrap(), format!("gn:{}", m["geonameid"].as_str().unwrap())))
            .collect();
        answers += tagged.len();
        all += marked.len();
        exact += tagged.iter().filter(|t| marked.iter().any(|m| t["start"] == m.0)).count();
        right += tagged
            .iter()
            .filter(|t| marked.contains(&(t["start"].as_u64().unwrap(), t["id"].as_str().unwrap().to_owned())))
            .count();
    }
    let report = report(&golds.concat(), &[]);
    let counts = &report["all"]["without_demonyms"]["counts"];
    assert_eq!(
        [&counts["answers"], &counts["exact"], &counts["id_right"], &counts["golds"]]
            .map(|n| n.as_u64().unwrap() as usize),
        [answers, exact, right, all],
        "{counts}"
    );
}

#[test]
fn every_kind_of_miss_is_told_apart() {
    let dir = folder();
    let text = "He lives in New York City and works in Paris, near the house of the family in Lyon, said the people of the town of Xyzzyburg.";
    let gold = file(
        &dir,
        "gold.jsonl",
        document(
            text,
            &[
                ("New York", Some(5_128_581), None),
                ("Paris", Some(4_717_560), None),
                ("Xyzzyburg", Some(2_988_507), None),
                ("house", Some(999_999_999), None),
            ],
        ),
    );
    let errors = dir.path().join("errors.csv").display().to_string();
    allonym(["eval", &gold, "--errors", &errors, "--format", "json"]).done();
    let written = std::fs::read_to_string(&errors).expect("the errors");
    let mut rows = csv::Reader::from_reader(written.as_bytes());
    let kinds: BTreeSet<(String, String)> =
        rows.records().map(|r| r.expect("a row")).map(|r| (r[4].to_owned(), r[8].to_owned())).collect();
    let expected = [
        ("Lyon", "not a place"),
        ("New York", "wrong boundary"),
        ("Paris", "wrong place"),
        ("Xyzzyburg", "not found"),
        ("house", "no such entry"),
    ];
    assert_eq!(kinds, expected.map(|(surface, kind)| (surface.to_owned(), kind.to_owned())).into(), "{written}");
}

#[test]
fn spans_without_an_id_count_neither_way_unless_no_span_has_one() {
    let linked = document(TEXT, &[("Baku", Some(587_084), None), ("Lyon", None, None)]);
    assert_eq!(report(&linked, &[])["all"]["all_answers"], Value::Null);
    let counts = report(&linked, &[])["all"]["without_demonyms"]["counts"].clone();
    assert_eq!((&counts["golds"], &counts["answers"]), (&json!(1), &json!(3)), "{counts}");
    let spans = document(TEXT, &[("Baku", None, None), ("Lyon", None, None)]);
    let counts = report(&spans, &[])["all"]["without_demonyms"]["counts"].clone();
    assert_eq!((&counts["golds"], &counts["answers"], &counts["exact"]), (&json!(2), &json!(4), &json!(2)), "{counts}");
}

#[test]
fn tables_and_lists_of_names_are_measured_too() {
    let dir = folder();
    let table = file(&dir, "t.csv", "city,in,gold\nParis,\"Texas, TX\",gn:4717560\nParis,,2988507\nXyzzyqwv,,1\n");
    let run = allonym([
        "eval",
        &table,
        "--column",
        "city",
        "--id-column",
        "gold",
        "--admin-column",
        "in",
        "--format",
        "json",
    ])
    .json();
    assert_eq!((&run[0]["rows"], &run[0]["file"]), (&json!(3), &json!("t.csv")), "{run}");
    assert!((run[0]["first"].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-9, "{run}");
    let list = file(&dir, "l.tsv", "name\tid\tcountry\nKiev\tgn:703448\tUA\n");
    let run = allonym(["eval", &list, "--country-column", "country", "--format", "table"]).done();
    assert!(run.contains("1.000"), "{run}");
}

#[test]
fn bad_gold_is_told_with_its_place() {
    let dir = folder();
    let bad = file(&dir, "bad.jsonl", format!("{}{{\"text\": 3}}\n", gold()));
    allonym(["eval", &bad]).refused(1, &["bad.jsonl", "line 2"]);
    let empty = file(&dir, "empty.jsonl", "\n");
    allonym(["eval", &empty]).refused(1, &["empty.jsonl", "no texts"]);
    let off = json!({"text": "Baku", "mentions": [{"start": 0, "end": 99}, {"start": 0, "end": 2, "surface": "Xx"}, {"start": -3, "end": 1}]});
    let off = file(&dir, "off.jsonl", off.to_string());
    let run = allonym(["eval", &off, "--format", "json"]);
    run.done();
    run.says(&["off.jsonl", "3 marked spans", "line 1"]);
    let table = file(&dir, "t.csv", "a,b\n1,2\n");
    allonym(["eval", &table]).refused(2, &["'name'", "a, b"]);
    allonym(["eval", &table, &empty]).refused(2, &["t.csv", "table"]);
    allonym(["eval", "nowhere.jsonl"]).refused(1, &["nowhere.jsonl"]);
    allonym(["eval"]).ill_formed(&["GOLD"]);
}

#[test]
fn spans_of_others_are_resolved_each_once_and_in_context() {
    let text = "From Paris to Dallas and Houston, Texas; then to Xyzzyqwv.";
    let line = document(text, &[("Xyzzyqwv", None, None), ("Paris", None, None), ("Texas", None, None)]);
    let run = with_input(["resolve", "--format", "jsonl", "--candidates", "2"], &line);
    let lines = run.lines();
    let surfaces: Vec<&str> = lines.iter().map(|l| l["surface"].as_str().unwrap()).collect();
    assert_eq!(surfaces, ["Paris", "Texas", "Xyzzyqwv"], "{run}");
    assert_eq!(lines[1]["id"], "gn:4736286", "{run}");
    assert_eq!((&lines[2]["verdict"], &lines[2]["id"]), (&json!("unmatched"), &Value::Null), "{run}");
    let csv = with_input(["resolve", "--format", "csv"], &line).csv().1;
    assert_eq!(csv.len(), 3, "an answer for each span");
}

#[test]
fn marks_that_do_not_fit_are_refused() {
    for mention in [
        json!({"start": 3, "end": 99}),
        json!({"start": 3, "end": 3}),
        json!({"start": -1, "end": 3}),
        json!({"end": 3}),
        json!({"start": "0", "end": 3}),
    ] {
        let line = json!({"id": 1, "text": "Baku", "mentions": [mention]}).to_string();
        with_input(["resolve"], &line).refused(1, &["line 1", "start and end", "4"]);
    }
    with_input(["resolve"], "{\"id\": 1}").refused(1, &["line 1", "text"]);
    assert_eq!(with_input(["resolve", "--format", "jsonl"], "").lines().len(), 0);
}

#[test]
fn an_answer_says_why_when_it_is_asked() {
    let run = with_input(["tag", "--format", "jsonl", "--explain"], TEXT);
    for line in run.lines() {
        for decision in ["span", "sense", "answer"] {
            let reasons = line["why"][decision].as_array().expect("reasons");
            assert!(!reasons.is_empty() && reasons.len() <= 8, "{line}");
            let log_odds: Vec<f64> = reasons.iter().map(|r| r["log_odds"].as_f64().unwrap().abs()).collect();
            assert!(log_odds.is_sorted_by(|a, b| a >= b), "the strongest first: {log_odds:?}");
        }
    }
    let plain = with_input(["tag", "--format", "jsonl"], TEXT);
    assert!(plain.lines().iter().all(|line| line.get("why").is_none()));
}
