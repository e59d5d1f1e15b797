//! `allonym variants`: every name of a place.

mod common;

use common::{allonym, shell, unread};
use serde_json::Value;

fn names(args: &[&str]) -> Vec<Value> {
    let run = allonym(["variants", "--format", "jsonl"].iter().chain(args));
    run.done();
    run.lines()
}

fn has(variants: &[Value], name: &str) -> bool {
    variants.iter().any(|v| v["name"] == name)
}

#[test]
fn a_place_shows_every_name_it_goes_by() {
    let kyiv = names(&["gn:703448"]);
    for name in ["Kyiv", "Kiev", "Київ", "Киев", "Kijów", "კიევი", "キーウ"] {
        assert!(has(&kyiv, name), "{name} is missing");
    }
    let khankendi = names(&["gn:146970"]);
    for name in ["Khankendi", "Stepanakert", "Xankəndi", "Ստեփանակերտ", "Степанакерт", "Ханкенди"]
    {
        assert!(has(&khankendi, name), "{name} is missing");
    }
    let karabakh = names(&["al:1"]);
    for name in ["Karabakh", "Garabagh", "Qarabağ", "Ղարաբաղ", "Карабах", "Artsakh"] {
        assert!(has(&karabakh, name), "{name} is missing");
    }
}

#[test]
fn a_name_stands_for_its_likeliest_place() {
    for (name, id) in [("Kiev", "gn:703448"), ("Xankəndi", "gn:146970"), ("Georgia, US", "gn:4197000")] {
        let variants = names(&[name]);
        assert!(variants.iter().all(|v| v["id"] == id), "{name} is {} instead of {id}", variants[0]["id"]);
    }
}

#[test]
fn no_name_is_there_twice_and_every_field_is_filled_as_promised() {
    for id in ["gn:703448", "gn:587116", "al:1", "al:2", "gn:2988507"] {
        let variants = names(&[id]);
        let mut seen = std::collections::HashSet::new();
        for variant in &variants {
            for field in ["id", "name", "lang", "script", "kind", "source"] {
                assert!(variant.get(field).is_some(), "{field} is missing: {variant}");
            }
            assert_eq!(variant["script"].as_str().map(str::len), Some(4), "{variant}");
            assert!(seen.insert(format!("{}|{}|{}", variant["name"], variant["lang"], variant["kind"])), "{variant}");
        }
    }
}

#[test]
fn years_and_users_of_a_name_are_kept() {
    let variants = names(&["gn:146970"]);
    let dated = |v: &&Value| v["since"].is_i64() || v["until"].is_i64();
    assert!(variants.iter().any(|v| dated(&v)), "Khankendi was Stepanakert from 1923 to 1991");
    let artsakh = names(&["al:1"]).into_iter().find(|v| v["name"] == "Artsakh").expect("the name");
    assert!(artsakh["by"].as_str().is_some_and(|by| by.contains("Armenian")), "{artsakh}");
}

#[test]
fn names_are_chosen_by_language_script_and_kind() {
    let ukrainian = names(&["gn:703448", "--lang", "uk"]);
    assert!(has(&ukrainian, "Київ") && ukrainian.iter().all(|v| v["lang"] == "uk"), "{ukrainian:?}");
    let two = names(&["gn:703448", "--lang", "uk,ru"]);
    assert!(has(&two, "Київ") && has(&two, "Киев") && two.iter().all(|v| v["lang"] == "uk" || v["lang"] == "ru"));
    for script in ["Armn", "armn"] {
        let armenian = names(&["gn:147105", "--script", script]);
        assert!(has(&armenian, "Շուշի") && armenian.iter().all(|v| v["script"] == "Armn"), "{armenian:?}");
    }
    let demonyms = names(&["gn:587116", "--kind", "demonym"]);
    assert!(has(&demonyms, "Azerbaijani") && demonyms.iter().all(|v| v["kind"] == "demonym"), "{demonyms:?}");
    let both = names(&["gn:146970", "--script", "Latn", "--lang", "az", "--kind", "official,endonym,historical"]);
    assert!(both.iter().all(|v| v["script"] == "Latn" && v["lang"] == "az"), "{both:?}");
}

#[test]
fn a_query_holds_every_current_spelling_once_in_quotes() {
    let run = allonym(["variants", "gn:703448", "--as", "query"]);
    let text = run.done();
    let parts: Vec<&str> = text.trim_end().split(" OR ").collect();
    for part in &parts {
        assert!(part.len() > 2 && part.starts_with('"') && part.ends_with('"'), "{part} in {run}");
        assert!(!part[1..part.len() - 1].contains('"'), "{part} in {run}");
    }
    assert!(parts.contains(&"\"Kyiv\"") && parts.contains(&"\"Київ\"") && parts.contains(&"\"Kiev\""), "{run}");
    let mut once = parts.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), parts.len(), "{run}");
    assert!(!parts.contains(&"\"IEV\""), "a code is no name in a text: {run}");
    assert_eq!(text.lines().count(), 1, "{run}");
}

#[test]
fn names_that_a_machine_made_are_marked_and_in_no_query() {
    let variants = names(&["gn:703448"]);
    let made: Vec<&str> = variants
        .iter()
        .filter(|v| v["machine"] == true || v["kind"] == "code")
        .filter_map(|v| v["name"].as_str())
        .collect();
    assert!(made.contains(&"IEV"), "the airport's code is marked: {made:?}");
    let query = allonym(["variants", "gn:703448", "--as", "query"]).done();
    for name in made {
        assert!(!query.contains(&format!("\"{name}\"")), "{name} is in the query");
    }
}

#[test]
fn every_format_shows_the_same_names() {
    let lines = names(&["gn:147105"]);
    let json = allonym(["variants", "gn:147105", "--format", "json"]).json();
    assert_eq!(json.as_array(), Some(&lines));
    let (header, rows) = allonym(["variants", "gn:147105", "--format", "csv"]).csv();
    assert_eq!(header[..5], ["id", "name", "lang", "script", "kind"]);
    let expected: Vec<&str> = lines.iter().filter_map(|v| v["name"].as_str()).collect();
    assert_eq!(rows.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), expected);
    let table = allonym(["variants", "gn:147105", "--format", "table"]).done();
    for name in expected {
        assert!(table.contains(name), "{name} is not in the table");
    }
}

#[test]
fn the_table_says_who_claims_what_and_takes_no_side() {
    let table = allonym(["variants", "al:2", "--format", "table"]).done();
    for part in ["administered by: AZ", "claimed by: AZ", "self-declared: 1991", "recognized by: "] {
        assert!(table.contains(part), "'{part}' is not in {table}");
    }
}

#[test]
fn what_cannot_be_is_refused_in_one_sentence() {
    allonym(["variants", "gn:999999999999"]).refused(1, &["gn:999999999999"]);
    allonym(["variants", "Xyzzyqwvkk Qqzzxx"]).refused(1, &["Xyzzyqwvkk"]);
    allonym(["variants", ""]).refused(1, &["''"]);
    allonym(["variants", "Kyiv", "--kind", "nickname"]).refused(2, &["'nickname'", "endonym", "demonym"]);
    let long = "x".repeat(10_000);
    let run = allonym(["variants", &long]);
    assert_ne!(run.code, Some(0), "{run}");
    run.says(&["long"]);
    allonym(["variants"]).ill_formed(&["ID|NAME"]);
    allonym(["variants", "Kyiv", "--as", "poem"]).ill_formed(&["poem", "query"]);
}

#[test]
fn a_filter_that_leaves_nothing_leaves_nothing_silently_wrong() {
    let none = allonym(["variants", "gn:703448", "--lang", "tlh", "--format", "json"]);
    assert_eq!(none.json().as_array().map(Vec::len), Some(0), "{none}");
    let query = allonym(["variants", "gn:703448", "--lang", "tlh", "--as", "query"]);
    assert_eq!(query.text().trim(), "", "{query}");
}

#[test]
fn a_closed_pipe_is_quiet_and_a_full_device_is_not() {
    for format in ["table", "json", "jsonl", "csv"] {
        let run = unread(&["variants", "gn:703448", "--format", format], b"");
        assert_eq!((run.code, &*run.err), (Some(0), ""), "{run}");
        shell(&format!("\"$ALLONYM\" variants gn:703448 --format {format} > /dev/full"))
            .refused(1, &["no space left on device"]);
    }
    let run = unread(&["variants", "gn:703448", "--as", "query"], b"");
    assert_eq!((run.code, &*run.err), (Some(0), ""), "{run}");
}
