//! `--label`: which name stands for a place in output, and nothing but that.

mod common;

use common::{Faults, allonym, bundled, file, folder, with_input};
use serde_json::Value;

fn labels(policy: &str, names: &[&str]) -> Vec<String> {
    let run = allonym(["lookup", "--format", "jsonl", "--limit", "1", "--label", policy].iter().chain(names));
    run.done();
    let label = |line: &Value| line["candidates"][0]["label"].as_str().unwrap_or_default().to_owned();
    run.lines().iter().map(label).collect()
}

#[test]
fn each_policy_shows_the_name_that_it_promises() {
    let mut faults = Faults::default();
    for (policy, query, label) in [
        ("source", "Степанакерт", "Khankendi"),
        ("lang:az", "Stepanakert", "Xankəndi"),
        ("lang:hy", "Khankendi", "Ստեփանակերտ"),
        ("lang:ru", "Kyiv", "Киев"),
        ("lang:uk", "Kiev", "Київ"),
        ("official:AZ", "Stepanakert", "Xankəndi"),
        ("official:UA", "Kiev", "Київ"),
        ("official:Ukraine", "Kiev", "Київ"),
        ("official:Österreich", "Vienna", "Wien"),
        ("as-written", "stepanakert", "stepanakert"),
        ("as-written", " KIEV ", "KIEV"),
    ] {
        let found = labels(policy, &[query]);
        faults.check(found == [label], || format!("--label {policy} of {query} is {found:?}, not {label}"));
    }
    faults.report();
}

#[test]
fn all_is_every_current_name_in_alphabetical_order_and_no_former_one() {
    let all = &labels("all", &["Mumbai"])[0];
    let names: Vec<&str> = all.split(" / ").collect();
    assert!(names.len() > 5 && names.contains(&"Mumbai"), "{all}");
    let karabakh = &labels("all", &["Khankendi"])[0];
    for name in ["Khankendi", "Stepanakert", "Xankəndi", "Ստեփանակերտ"] {
        assert!(karabakh.split(" / ").any(|n| n == name), "{name} is not in {karabakh}");
    }
    assert!(!karabakh.split(" / ").any(|n| n == "Vararakn"), "{karabakh}");
    let keys: Vec<_> = names.iter().map(|name| allonym::fold::Key::of(name)).collect();
    assert!(keys.is_sorted(), "{all}");
}

#[test]
fn a_label_changes_neither_ids_nor_scores_nor_the_order() {
    let read = |policy: &str| {
        let run = allonym(["lookup", "Paris", "Շուշի", "Donbas", "--format", "json", "--label", policy]);
        let mut json = run.json();
        let answers = json.as_array_mut().expect("answers");
        for candidate in answers.iter_mut().flat_map(|a| a["candidates"].as_array_mut().expect("candidates")) {
            candidate.as_object_mut().expect("an object").remove("label");
        }
        json
    };
    let source = read("source");
    for policy in ["lang:hy", "official:AZ", "as-written", "all"] {
        assert_eq!(read(policy), source, "--label {policy}");
    }
}

#[test]
fn every_verb_labels_as_it_is_told() {
    let text = "The road from Lachin to Stepanakert was closed.";
    let tagged = with_input(["tag", "--format", "jsonl", "--label", "lang:az"], text);
    let labels: Vec<Value> = tagged.lines().iter().map(|line| line["label"].clone()).collect();
    assert_eq!(labels, ["Laçın", "Xankəndi"], "{tagged}");
    let written = with_input(["tag", "--format", "csv", "--label", "as-written"], text).csv().1;
    assert!(written.iter().all(|row| row[9] == row[5]), "{written:?}");
    let dir = folder();
    let path = file(&dir, "t.csv", "place\nStepanakert\nKiev\n");
    let rows = allonym(["normalize", &path, "--column", "place", "--label", "official:AZ", "--quiet"]).csv().1;
    assert_eq!([&rows[0][2], &rows[1][2]], ["Xankəndi", "Kiyev"], "{rows:?}");
    let table = allonym(["variants", "gn:146970", "--format", "table", "--label", "lang:hy"]).done();
    assert!(table.starts_with("Ստեփանակերտ · gn:146970"), "{table}");
}

#[test]
fn a_policy_that_names_nothing_known_is_refused_with_what_comes_near() {
    for (policy, parts) in [
        ("lang:azz", &["'azz'", "az"][..]),
        ("lang:", &["''"]),
        ("official:QQ", &["'QQ'", "official languages", "similar"]),
        ("official:Azerbaijn", &["'Azerbaijn'", "AZ"]),
        ("endonym", &["'endonym'", "lang:xx", "official:CC", "as-written", "all"]),
        ("LANG:az", &["'LANG:az'"]),
        ("", &["''", "source"]),
    ] {
        for verb in [&["lookup", "Kiev"][..], &["variants", "gn:703448", "--format", "table"]] {
            allonym(verb.iter().chain(&["--label", policy])).refused(2, parts);
        }
    }
}

#[test]
fn every_country_has_official_languages_and_each_gives_its_capital_a_name() {
    let gazetteer = bundled();
    let mut faults = Faults::default();
    let mut countries = 0;
    for country in gazetteer.entities().filter(|e| e.feature().as_str() == "A.PCLI") {
        let Some(code) = country.country() else { continue };
        countries += 1;
        let languages: Vec<_> = allonym::label::official_languages(code).collect();
        faults.check(!languages.is_empty(), || format!("{code} has no official language"));
        let label = allonym::Label::Official(code).of(country, "");
        faults.check(!label.is_empty(), || format!("{code} has no label"));
    }
    assert!(countries > 180, "{countries} countries");
    faults.report();
}
