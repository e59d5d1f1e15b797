//! `allonym lookup`: a name in, ranked places out.

mod common;

use std::os::unix::ffi::OsStrExt;

use common::{Faults, allonym, first_id, shell, unread, with_input};

#[test]
fn a_name_in_any_script_finds_its_place_first() {
    let cases = [
        ("Xankəndi", "gn:146970"),
        ("Khankendi", "gn:146970"),
        ("Stepanakert", "gn:146970"),
        ("Степанакерт", "gn:146970"),
        ("Ստեփանակերտ", "gn:146970"),
        ("Ханкенди", "gn:146970"),
        ("KHANKENDI", "gn:146970"),
        ("Xankandi", "gn:146970"),
        ("Shusha", "gn:147105"),
        ("Shushi", "gn:147105"),
        ("Şuşa", "gn:147105"),
        ("Kyiv", "gn:703448"),
        ("Kiev", "gn:703448"),
        ("Київ", "gn:703448"),
        ("Киев", "gn:703448"),
        ("Kyjiw", "gn:703448"),
        ("istanbul", "gn:745044"),
        ("İstanbul", "gn:745044"),
        ("ISTANBUL", "gn:745044"),
        ("თბილისი", "gn:611717"),
        ("Тбилиси", "gn:611717"),
        ("Λονδίνο", "gn:2643743"),
        ("London", "gn:2643743"),
        ("لندن", "gn:2643743"),
        ("東京", "gn:1850147"),
        ("북경", "gn:1816670"),
        ("北京", "gn:1816670"),
        ("ירושלים", "gn:281184"),
        ("Bakı", "gn:587084"),
        ("Bakı şəhəri", "gn:587084"),
        ("Karabakh", "al:1"),
        ("Garabagh", "al:1"),
        ("Qarabağ", "al:1"),
        ("Ղարաբաղ", "al:1"),
        ("Azerbaijan", "gn:587116"),
        ("Azərbaycan", "gn:587116"),
        ("Armenia", "gn:174982"),
        ("Հայաստան", "gn:174982"),
        ("United States", "gn:6252001"),
        ("USA", "gn:6252001"),
        ("US", "gn:6252001"),
        ("U.S.", "gn:6252001"),
        ("UAE", "gn:290557"),
        ("United Arab Emirates", "gn:290557"),
        ("Paris", "gn:2988507"),
        ("Paris, Texas", "gn:4717560"),
        ("Paris, France", "gn:2988507"),
        ("Saint Petersburg", "gn:498817"),
        ("St. Petersburg", "gn:498817"),
        ("sankt-peterburg", "gn:498817"),
        ("Constantinople", "gn:745044"),
    ];
    let run = allonym(["lookup", "--format", "jsonl"].into_iter().chain(cases.iter().map(|(name, _)| *name)));
    let lines = run.lines();
    assert_eq!(lines.len(), cases.len(), "{run}");
    let mut faults = Faults::default();
    for ((name, id), line) in cases.iter().zip(&lines) {
        faults.check(first_id(line) == *id, || format!("{name} is {} instead of {id}", first_id(line)));
        faults.check(line["query"] == *name, || format!("{name} is given back as {}", line["query"]));
    }
    faults.report();
}

#[test]
fn every_rung_of_the_ladder_says_its_name() {
    let cases = [
        ("Stepanakert", "gn:146970", "exact"),
        ("stepanakert", "gn:146970", "folded"),
        ("Стэпанакэрт", "gn:146970", "romanized"),
        ("Stepanakerg", "gn:146970", "fuzzy"),
        ("city of Stepanakert", "gn:146970", "partial"),
    ];
    let run = allonym(["lookup"].into_iter().chain(cases.iter().map(|(name, ..)| *name)));
    let mut faults = Faults::default();
    for ((name, id, how), line) in cases.iter().zip(run.lines()) {
        let (found, rung) = (first_id(&line), &line["candidates"][0]["match"]["how"]);
        faults.check(found == *id && rung == how, || format!("{name}: {found} by {rung} instead of {id} by {how}"));
    }
    faults.report();
}

#[test]
fn the_distance_of_a_fuzzy_match_is_told_and_kept_to() {
    let none = allonym(["lookup", "Stepanakerg", "--fuzzy", "0"]);
    for line in none.lines() {
        for candidate in line["candidates"].as_array().expect("candidates") {
            assert_ne!(candidate["match"]["how"], "fuzzy", "{none}");
        }
    }
    let one = allonym(["lookup", "Stepanakerg", "--fuzzy", "1"]);
    assert_eq!(first_id(&one.lines()[0]), "gn:146970", "{one}");
    assert_eq!(one.lines()[0]["candidates"][0]["match"]["distance"], 1, "{one}");
    let two = allonym(["lookup", "Stepxnakerg", "--fuzzy", "2"]);
    assert_eq!(two.lines()[0]["candidates"][0]["match"]["distance"], 2, "{two}");
}

#[test]
fn json_is_one_array_and_json_lines_are_one_object_a_query() {
    let json = allonym(["lookup", "Baku", "Kyiv", "--format", "json"]);
    let document = json.json();
    let array = document.as_array().unwrap_or_else(|| panic!("{json}"));
    let lines = allonym(["lookup", "Baku", "Kyiv", "--format", "jsonl"]).lines();
    assert_eq!(array, &lines, "both formats say the same");
    let piped = allonym(["lookup", "Baku", "Kyiv"]).lines();
    assert_eq!(piped, lines, "JSON lines are the default where there is no terminal");
    for (query, answer) in ["Baku", "Kyiv"].iter().zip(array) {
        assert_eq!(answer["query"], *query);
        let verdict = answer["verdict"].as_str().unwrap_or_default();
        assert!(["resolved", "ambiguous", "unmatched"].contains(&verdict), "{json}");
    }
}

#[test]
fn a_candidate_has_the_fields_that_scripts_rely_on() {
    let run = allonym(["lookup", "Xankəndi", "Kyiv", "--limit", "20"]);
    for line in run.lines() {
        for candidate in line["candidates"].as_array().expect("candidates") {
            for field in
                ["id", "label", "score", "match", "type", "feature", "country", "admin", "lat", "lon", "population"]
            {
                assert!(candidate.get(field).is_some(), "{field} is missing: {candidate}");
            }
            for field in ["name", "lang", "script", "kind", "how", "distance"] {
                assert!(candidate["match"].get(field).is_some(), "match.{field} is missing: {candidate}");
            }
            let score = candidate["score"].as_f64().expect("a number");
            assert!((0.0..=1.0).contains(&score), "{candidate}");
            assert!(candidate["admin"].is_array(), "{candidate}");
        }
    }
    let best = &run.lines()[0]["candidates"][0];
    assert_eq!(best["match"]["name"], "Xankəndi");
    assert_eq!(best["match"]["lang"], "az");
    assert_eq!(best["match"]["script"], "Latn");
    assert_eq!(best["type"], "place");
    assert_eq!(best["country"], "AZ");
    assert_eq!(best["admin"][0], "Azerbaijan", "containers come from the top down");
    assert!((best["lat"].as_f64().expect("a latitude") - 39.8).abs() < 0.2, "{best}");
    assert!((best["lon"].as_f64().expect("a longitude") - 46.8).abs() < 0.2, "{best}");
}

#[test]
fn candidates_come_best_first_and_their_scores_are_no_more_than_one_together() {
    let run = allonym(["lookup", "Springfield", "Paris", "Victoria", "San José", "--limit", "1000"]);
    for line in run.lines() {
        let candidates = line["candidates"].as_array().expect("candidates");
        let scores: Vec<f64> = candidates.iter().map(|c| c["score"].as_f64().expect("a number")).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{}: {scores:?}", line["query"]);
        let rounding = 0.0005 * scores.len() as f64;
        assert!(scores.iter().sum::<f64>() <= 1.0 + rounding, "{}: {scores:?}", line["query"]);
        let mut ids: Vec<&str> = candidates.iter().filter_map(|c| c["id"].as_str()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{}: an entity is there twice", line["query"]);
    }
}

#[test]
fn csv_has_a_header_and_a_row_for_each_candidate() {
    let run = allonym(["lookup", "Baku", "Springfield", "--limit", "3", "--format", "csv"]);
    let (header, rows) = run.csv();
    for field in ["query", "verdict", "id", "label", "score", "name", "lang", "how", "feature", "country", "lat", "lon"]
    {
        assert!(header.iter().any(|h| h == field), "{field} is missing: {header:?}");
    }
    assert_eq!(rows.iter().filter(|row| row[0] == "Springfield").count(), 3, "{run}");
    assert_eq!(rows[0][2], "gn:587084", "{run}");
}

#[test]
fn the_table_shows_id_place_and_verdict() {
    let run = allonym(["lookup", "Baku", "Xyzzyqwv", "--format", "table", "--fuzzy", "0"]);
    let text = run.text();
    assert!(text.contains("gn:587084") && text.contains("Azerbaijan"), "{run}");
    assert!(text.contains("resolved"), "{run}");
    assert!(!text.contains('\u{1b}'), "{run}: colours only on a terminal");
}

#[test]
fn the_exit_code_says_whether_something_was_found() {
    assert_eq!(allonym(["lookup", "Baku"]).code, Some(0));
    let none = allonym(["lookup", "Xyzzyqwvkk Qqzzxx"]);
    assert_eq!(none.code, Some(1), "{none}");
    assert_eq!(none.lines()[0]["verdict"], "unmatched", "an answer comes all the same: {none}");
    let some = allonym(["lookup", "Baku", "Xyzzyqwvkk Qqzzxx"]);
    assert_eq!(some.code, Some(1), "{some}");
    assert_eq!(some.lines().len(), 2, "{some}");
}

#[test]
fn an_empty_name_is_unmatched() {
    for name in ["", " ", "—", "!?", "''"] {
        let run = allonym(["lookup", name]);
        assert_eq!(run.code, Some(1), "{run}");
        assert_eq!(run.lines()[0]["verdict"], "unmatched", "{run}");
    }
}

#[test]
fn a_country_narrows_the_choice() {
    for country in ["US", "us", "United States", "USA", "США"] {
        let run = allonym(["lookup", "Paris", "--country", country, "--limit", "50"]);
        let line = &run.lines()[0];
        assert_eq!(first_id(line), "gn:4717560", "--country {country}: {run}");
        for candidate in line["candidates"].as_array().expect("candidates") {
            assert_eq!(candidate["country"], "US", "--country {country}");
        }
    }
    let both = allonym(["lookup", "Paris", "--country", "US,FR", "--limit", "1"]);
    assert_eq!(first_id(&both.lines()[0]), "gn:2988507", "{both}");
}

#[test]
fn a_class_narrows_the_choice() {
    let towns = allonym(["lookup", "Luxembourg", "--class", "P", "--limit", "50"]);
    for candidate in towns.lines()[0]["candidates"].as_array().expect("candidates") {
        assert!(candidate["feature"].as_str().is_some_and(|f| f.starts_with("P.")), "{candidate}");
    }
    for class in ["PPLC", "P.PPLC", "pplc"] {
        let run = allonym(["lookup", "London", "--class", class, "--limit", "50"]);
        assert_eq!(first_id(&run.lines()[0]), "gn:2643743", "--class {class}: {run}");
        assert_eq!(run.lines()[0]["candidates"].as_array().map(Vec::len), Some(1), "--class {class}");
    }
    let country = allonym(["lookup", "Georgia", "--class", "PCLI"]);
    assert_eq!(first_id(&country.lines()[0]), "gn:614540", "{country}");
}

#[test]
fn a_container_narrows_the_choice() {
    let inside = allonym(["lookup", "Shusha", "--within", "al:1"]);
    assert_eq!(first_id(&inside.lines()[0]), "gn:147105", "{inside}");
    let outside = allonym(["lookup", "Paris", "--within", "gn:587116", "--fuzzy", "0"]);
    for candidate in outside.lines()[0]["candidates"].as_array().expect("candidates") {
        assert_eq!(candidate["country"], "AZ", "{outside}");
    }
}

#[test]
fn nearness_changes_the_order() {
    let canada = allonym(["lookup", "Victoria", "--class", "P", "--near", "48.4,-123.3"]);
    assert_eq!(first_id(&canada.lines()[0]), "gn:6174041", "{canada}");
    let seychelles = allonym(["lookup", "Victoria", "--class", "P", "--near", "-4.6,55.4"]);
    assert_eq!(first_id(&seychelles.lines()[0]), "gn:241131", "{seychelles}");
}

#[test]
fn the_limit_is_kept() {
    for limit in [1, 2, 7] {
        let run = allonym(["lookup", "Springfield", "--limit", &limit.to_string()]);
        assert_eq!(run.lines()[0]["candidates"].as_array().map(Vec::len), Some(limit), "{run}");
    }
}

#[test]
fn a_dash_reads_one_name_a_line() {
    let run = with_input(["lookup", "-"], "\u{feff}Baku\r\nKyiv\n\n  Tbilisi  \nLondon");
    let found: Vec<String> = run.lines().iter().map(|line| first_id(line).to_owned()).collect();
    assert_eq!(found, ["gn:587084", "gn:703448", "gn:611717", "gn:2643743"], "{run}");
    let mixed = with_input(["lookup", "Paris", "-"], "Baku\n");
    assert_eq!(mixed.lines().len(), 2, "{mixed}");
    assert_eq!(with_input(["lookup", "-"], "").done(), "", "no line, no answer, no failure");
}

#[test]
fn names_on_standard_input_that_are_no_utf8_are_named_by_their_line() {
    let run = with_input(["lookup", "-"], b"Baku\nK\xfc\xedv\n");
    run.refused(1, &["UTF-8", "line 2"]);
}

#[test]
fn control_characters_in_a_name_do_no_harm() {
    let run = with_input(["lookup", "-"], "Ba\0ku\nBa\u{7}ku\n\u{202e}Baku\u{202c}\n\u{1b}[31mBaku\n");
    assert_eq!(run.lines().len(), 4, "{run}");
    let table = with_input(["lookup", "-", "--format", "table"], "\u{1b}[31mBaku\u{1b}[0m\n\u{9b}31mBaku\n");
    assert!(!table.text().contains(['\u{1b}', '\u{9b}']), "{table}: what was typed must not steer the terminal");
}

#[test]
fn a_name_of_ten_thousand_characters_gets_a_sentence() {
    for letter in ["a", "ə", "漢"] {
        let name = letter.repeat(10_000);
        let run = allonym(["lookup", &name]);
        assert_ne!(run.code, Some(0), "{run}");
        run.says(&["long"]);
        assert!(run.err.len() < 1000, "{run}: the name itself need not be repeated");
    }
}

#[test]
fn a_name_just_below_the_limit_is_looked_up() {
    for name in ["b".repeat(4000), "Baku ".repeat(800), "漢字".repeat(600), "a ".repeat(2000), "İ".repeat(2000)] {
        let run = allonym(["lookup", &name]);
        assert!(matches!(run.code, Some(0 | 1)), "{run}");
        assert_eq!(run.lines().len(), 1, "{run}");
    }
}

#[test]
fn an_argument_that_is_no_utf8_is_refused() {
    let name = std::ffi::OsStr::from_bytes(b"B\xe4ku");
    allonym([std::ffi::OsStr::new("lookup"), name]).ill_formed(&["UTF-8"]);
}

#[test]
fn what_cannot_be_is_refused_in_one_sentence_that_names_the_way_out() {
    allonym(["lookup", "Baku", "--country", "Atlantis Minor"]).refused(2, &["Atlantis Minor", "ISO"]);
    allonym(["lookup", "Baku", "--country", "ZZ"]).refused(2, &["ZZ"]);
    allonym(["lookup", "Baku", "--within", "gn:999999999999"]).refused(2, &["gn:999999999999", "gn:146970"]);
    allonym(["lookup", "Baku", "--within", "Azerbaijan"]).refused(2, &["'Azerbaijan'", "id"]);
    allonym(["lookup", "Baku", "--near", "here"]).refused(2, &["'here'", "latitude"]);
    allonym(["lookup", "Baku", "--near", "91,0"]).refused(2, &["'91,0'"]);
    allonym(["lookup", "Baku", "--near", "nan,nan"]).refused(2, &["'nan,nan'"]);
    allonym(["lookup", "Baku", "--fuzzy", "3"]).refused(2, &["'3'", "auto"]);
    allonym(["lookup", "Baku", "--class", "settlement"]).refused(2, &["settlement"]);
}

#[test]
fn a_command_line_that_is_wrong_ends_with_two() {
    allonym(["lookup"]).ill_formed(&["NAME"]);
    allonym(["lookup", "Baku", "--limit", "many"]).ill_formed(&["many"]);
    allonym(["lookup", "Baku", "--limit=-1"]).ill_formed(&["--limit"]);
    allonym(["lookup", "Baku", "--colour"]).ill_formed(&["--colour"]);
    allonym(["lookup", "Baku", "--format", "xml"]).ill_formed(&["xml", "jsonl"]);
    allonym(["lookup", "Baku", "--jobs", "0"]).ill_formed(&["--jobs"]);
    allonym(["find", "Baku"]).ill_formed(&["find"]);
    allonym::<&str>([]).ill_formed(&["lookup", "tag", "normalize"]);
}

#[test]
fn every_verb_explains_itself_with_examples() {
    let verbs: [&[&str]; 9] = [
        &[],
        &["lookup"],
        &["variants"],
        &["tag"],
        &["normalize"],
        &["index"],
        &["completions"],
        &["man"],
        &["index", "build"],
    ];
    for verb in verbs {
        for flag in ["-h", "--help"] {
            let run = allonym(verb.iter().copied().chain([flag]));
            let text = run.done();
            assert!(text.contains("Usage: allonym"), "{run}");
            let own = verb.first().is_none_or(|name| text.contains(&format!("allonym {name}")));
            assert!(own, "{run}");
            if flag == "--help" && verb.len() < 2 {
                assert!(text.contains("Example"), "{run}: no example");
            }
        }
    }
    assert!(allonym(["--version"]).done().starts_with("allonym "), "the version says whose it is");
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let many = "Baku\nSpringfield\nParis\n".repeat(200);
    let cases: [(&[&str], &[u8]); 8] = [
        (&["lookup", "-"], many.as_bytes()),
        (&["lookup", "-", "--format", "json"], many.as_bytes()),
        (&["lookup", "-", "--format", "csv"], many.as_bytes()),
        (&["lookup", "-", "--format", "table"], many.as_bytes()),
        (&["completions", "bash"], b""),
        (&["completions", "zsh"], b""),
        (&["man"], b""),
        (&["--help"], b""),
    ];
    for (args, input) in cases {
        let run = unread(args, input);
        assert_eq!((run.code, &*run.err), (Some(0), ""), "{run}");
    }
}

#[test]
fn a_full_device_is_told_in_one_sentence() {
    for verb in [
        "lookup Baku",
        "lookup Baku --format json",
        "lookup Baku --format csv",
        "lookup Baku --format table",
        "completions bash",
        "completions fish",
        "man",
    ] {
        shell(&format!("\"$ALLONYM\" {verb} > /dev/full")).refused(1, &["no space left on device"]);
    }
}

#[test]
fn completions_and_the_manual_page_are_written() {
    for name in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(allonym(["completions", name]).done().contains("normalize"), "{name}");
    }
    assert!(allonym(["man"]).done().starts_with(".ie"), "roff");
    allonym(["completions", "cmd"]).ill_formed(&["cmd", "bash"]);
}

#[test]
fn the_number_of_threads_does_not_change_the_answer() {
    let names = ["Paris", "Springfield", "Stepanakerg", "Ғанза"];
    let run = |jobs: &str| allonym(["lookup", "--jobs", jobs].into_iter().chain(names)).text();
    assert_eq!(run("1"), run("4"));
}

#[test]
fn ids_codes_and_names_with_their_containers_are_read() {
    let cases = [
        ("gn:2988507", "gn:2988507", "resolved"),
        ("wd:Q227", "gn:587116", "resolved"),
        ("us-ca", "gn:5332921", "resolved"),
        ("London United Kingdom", "gn:2643743", "resolved"),
        ("Moscow, ID 83843", "gn:5601538", "resolved"),
        ("Paris, US-TX", "gn:4717560", "resolved"),
        ("Edmonton, Alberta", "gn:5946768", "resolved"),
        ("San Antonio, Texas", "gn:4726206", "resolved"),
        ("Republik Ghana", "gn:2300660", "resolved"),
        ("Saitn Kitts and Nevis", "gn:3575174", "resolved"),
        ("Cocos (Keeling) Ilsands", "gn:1547376", "resolved"),
        ("Niue (New Zealand)", "gn:4036232", "ambiguous"),
        ("Prague, Nebraska", "", "unmatched"),
    ];
    let names: Vec<&str> = cases.iter().map(|(name, ..)| *name).collect();
    let run = with_input(["lookup", "-", "--limit", "1", "--format", "csv"], &(names.join("\n") + "\n"));
    assert_eq!(run.code, Some(1), "one name is unmatched: {run}");
    // Every name has a row, also that without a candidate.
    let (_, rows) = run.csv();
    assert_eq!(rows.len(), cases.len(), "{run}");
    for ((name, id, verdict), row) in cases.into_iter().zip(rows) {
        assert_eq!([&row[0], &row[2], &row[1]], [name, id, verdict], "{run}");
    }
}
