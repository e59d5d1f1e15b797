//! `allonym tag`: the places in running text.

mod common;

use std::io::Write;

use common::{Run, allonym, file, folder, shell, unread, with_input};
use serde_json::{Value, json};

const TEXT: &str = "The road from Lachin to Stepanakert (Khankendi) was closed, officials in Baku said.";

fn tag(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    with_input(["tag", "--format", "jsonl"].iter().chain(args), input)
}

fn found(run: &Run) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    run.lines().iter().map(|line| (text(&line["surface"]), text(&line["id"]))).collect()
}

fn surfaces(run: &Run) -> Vec<String> {
    found(run).into_iter().map(|(surface, _)| surface).collect()
}

#[test]
fn the_places_of_a_sentence_come_in_the_order_of_the_text() {
    let run = tag(&[], TEXT);
    let expected =
        [("Lachin", "gn:147625"), ("Stepanakert", "gn:146970"), ("Khankendi", "gn:146970"), ("Baku", "gn:587084")];
    let found = found(&run);
    let found: Vec<(&str, &str)> = found.iter().map(|(surface, id)| (&**surface, &**id)).collect();
    assert_eq!(found, expected, "{run}");
}

#[test]
fn a_mention_has_the_fields_that_scripts_rely_on() {
    let run = tag(&[], TEXT);
    for line in run.lines() {
        for field in [
            "doc",
            "start",
            "end",
            "byte_start",
            "byte_end",
            "surface",
            "verdict",
            "id",
            "label",
            "score",
            "match",
            "type",
            "feature",
            "country",
            "admin",
            "lat",
            "lon",
            "population",
        ] {
            assert!(line.get(field).is_some(), "{field} is missing: {line}");
        }
        assert_eq!(line["doc"], "-");
        assert!(line.get("candidates").is_none(), "candidates come only when asked for: {line}");
    }
}

#[test]
fn offsets_count_code_points_and_bytes_of_the_original() {
    let text = "In Şuşa — 🎉 — and in Xankəndi, not far from Ağdərə: “Ստեփանակերտ”, Баку, Bakı.";
    let run = tag(&[], text);
    let letters: Vec<char> = text.chars().collect();
    let lines = run.lines();
    assert!(lines.len() >= 4, "{run}");
    let mut end = 0;
    for line in lines {
        let number = |field: &str| line[field].as_u64().expect("a number") as usize;
        let surface = line["surface"].as_str().expect("a text");
        assert_eq!(letters[number("start")..number("end")].iter().collect::<String>(), surface, "{run}");
        assert_eq!(&text[number("byte_start")..number("byte_end")], surface, "{run}");
        assert!(number("start") >= end, "mentions overlap or are out of order: {run}");
        end = number("end");
    }
}

#[test]
fn csv_and_table_show_the_same_mentions() {
    let (header, rows) = with_input(["tag", "--format", "csv"], TEXT).csv();
    for field in
        ["doc", "start", "end", "byte_start", "byte_end", "surface", "verdict", "id", "label", "score", "lat", "lon"]
    {
        assert!(header.iter().any(|h| h == field), "{field} is missing: {header:?}");
    }
    let at = |name: &str| header.iter().position(|h| h == name).expect("a column");
    let pairs: Vec<(String, String)> =
        rows.iter().map(|row| (row[at("surface")].clone(), row[at("id")].clone())).collect();
    let lines = tag(&[], TEXT);
    assert_eq!(pairs, found(&lines));
    let table = with_input(["tag", "--format", "table"], TEXT).done();
    for (surface, id) in pairs {
        assert!(table.contains(&surface) && table.contains(&id), "{surface} {id}: {table}");
    }
}

#[test]
fn csv_without_a_mention_still_has_its_header() {
    let run = with_input(["tag", "--format", "csv"], "nothing here");
    let (header, rows) = run.csv();
    assert_eq!(header[0], "doc", "{run}");
    assert!(rows.is_empty(), "{run}");
}

#[test]
fn a_text_without_places_is_no_failure() {
    let run = tag(&[], "It rained all day, and nobody came.");
    assert_eq!((run.done().as_str(), &*run.err), ("", ""));
    let table = with_input(["tag", "--format", "table"], "It rained all day.").done();
    assert!(table.contains("no places found"), "{table}");
}

#[test]
fn an_empty_input_is_no_failure() {
    for input in ["", "\u{feff}", "\n", " \t\r\n\n"] {
        assert_eq!(tag(&[], input).done(), "", "{input:?}");
    }
    let dir = folder();
    assert_eq!(tag(&[&file(&dir, "empty.txt", "")], "").done(), "");
    assert_eq!(tag(&[&file(&dir, "empty.jsonl", "")], "").done(), "");
}

#[test]
fn files_and_directories_are_read_in_order_packed_or_not() {
    let dir = folder();
    file(&dir, "b/two.txt", "Kyiv said no.");
    file(&dir, "a.txt", "Officials in Baku said no.");
    file(&dir, ".hidden.txt", "Tbilisi said no.");
    let zst = zstd::encode_all("Officials in Tbilisi said no.".as_bytes(), 3).expect("zstd packs");
    file(&dir, "c.txt.zst", zst);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all("Officials in Yerevan said no.".as_bytes()).expect("gzip packs");
    file(&dir, "d.txt.gz", gz.finish().expect("gzip packs"));
    let run = tag(&[dir.path().to_str().expect("a path")], "");
    assert_eq!(surfaces(&run), ["Baku", "Kyiv", "Tbilisi", "Yerevan"], "{run}");
    for (line, name) in run.lines().iter().zip(["a.txt", "two.txt", "c.txt.zst", "d.txt.gz"]) {
        assert!(line["doc"].as_str().is_some_and(|doc| doc.ends_with(name)), "{line}");
    }
}

#[test]
fn a_dash_stands_among_files() {
    let dir = folder();
    let path = file(&dir, "a.txt", "Officials in Baku said no.");
    let run = tag(&[&path, "-"], "Officials in Kyiv said no.");
    assert_eq!(surfaces(&run), ["Baku", "Kyiv"], "{run}");
}

#[test]
fn json_lines_are_one_document_each() {
    let dir = folder();
    let lines = [
        json!({"id": "first", "text": "Officials in Baku said no.", "more": [1, 2]}),
        json!({"id": 7, "text": "Officials in Kyiv said no."}),
        json!({"text": "Officials in Tbilisi said no."}),
        json!({"id": "none", "text": ""}),
    ];
    let text: String = lines.iter().map(|line| format!("{line}\r\n\n")).collect();
    let run = tag(&[&file(&dir, "d.jsonl", format!("\u{feff}{text}"))], "");
    assert_eq!(surfaces(&run), ["Baku", "Kyiv", "Tbilisi"], "{run}");
    let documents: Vec<Value> = run.lines().iter().map(|line| line["doc"].clone()).collect();
    assert_eq!(documents, ["first", "7", "5"], "an id, a number, the number of the line: {run}");
}

#[test]
fn the_fields_of_json_lines_have_the_names_they_are_given() {
    let dir = folder();
    let line = json!({"url": "u1", "body": "Officials in Baku said no.", "id": 3, "text": "Kyiv"}).to_string();
    let zst = zstd::encode_all(line.as_bytes(), 3).expect("zstd packs");
    let run = tag(&[&file(&dir, "d.jsonl.zst", zst), "--id-field", "url", "--text-field", "body"], "");
    assert_eq!(surfaces(&run), ["Baku"], "{run}");
    assert_eq!(run.lines()[0]["doc"], "u1", "{run}");
}

#[test]
fn faults_in_json_lines_are_named_by_file_and_line() {
    let dir = folder();
    let good = r#"{"id": 1, "text": "Officials in Baku said no."}"#;
    for (bad, parts) in [
        ("{\"id\": 2, \"text\": ", vec!["JSON"]),
        ("[1, 2]", vec!["JSON"]),
        ("not json", vec!["JSON"]),
        (r#"{"id": 2, "body": "Kyiv"}"#, vec!["'text'", "--text-field", "body"]),
        (r#"{"id": 2, "text": 17}"#, vec!["'text'"]),
    ] {
        let path = file(&dir, "bad.jsonl", format!("{good}\n\n{bad}\n{good}\n"));
        let run = tag(&[&path], "");
        run.refused(1, &parts);
        run.says(&["bad.jsonl", "line 3"]);
    }
    let path = file(&dir, "latin1.jsonl", b"{\"id\": 1, \"text\": \"Nag\xf3rno\"}\n");
    tag(&[&path], "").refused(1, &["latin1.jsonl", "line 1"]);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let dir = folder();
    let missing = dir.path().join("missing.txt");
    tag(&[missing.to_str().expect("a path")], "").refused(1, &["missing.txt", "no such file"]);
}

#[test]
fn a_packed_file_that_is_none_is_named() {
    let dir = folder();
    for name in ["a.txt.gz", "a.txt.zst"] {
        tag(&[&file(&dir, name, "Officials in Baku said no.")], "").refused(1, &[name]);
    }
    let zst = zstd::encode_all("Officials in Tbilisi said no. ".repeat(5000).as_bytes(), 3).expect("zstd packs");
    tag(&[&file(&dir, "cut.txt.zst", &zst[..zst.len() / 2])], "").refused(1, &["cut.txt.zst"]);
}

#[test]
fn bytes_that_are_no_utf8_are_counted_and_the_rest_is_read() {
    let run = tag(&[], b"Officials in Baku said \xff\xfe no to K\xfcche, and in Kyiv \x80 too.");
    assert_eq!(run.code, Some(0), "{run}");
    assert!(surfaces(&run).contains(&"Baku".to_owned()) && surfaces(&run).contains(&"Kyiv".to_owned()), "{run}");
    run.says(&["UTF-8", "U+FFFD"]);
    let quiet = tag(&["--quiet"], b"Officials in Baku said \xff no.");
    assert_eq!((quiet.code, &*quiet.err), (Some(0), ""), "{quiet}");
}

#[test]
fn text_in_utf16_is_read() {
    let text = "Officials in Xankəndi said no.";
    let mut little: Vec<u8> = vec![0xff, 0xfe];
    let mut big: Vec<u8> = vec![0xfe, 0xff];
    for unit in text.encode_utf16() {
        little.extend(unit.to_le_bytes());
        big.extend(unit.to_be_bytes());
    }
    for bytes in [little.clone(), big] {
        let run = tag(&[], &bytes);
        assert_eq!(surfaces(&run), ["Xankəndi"], "{run}");
    }
    little.push(0x41);
    let odd = tag(&[], &little);
    assert_eq!(surfaces(&odd), ["Xankəndi"], "{odd}");
    odd.says(&["1 byte sequence"]);
}

#[test]
fn a_byte_order_mark_and_nul_bytes_do_no_harm() {
    let run = tag(&[], "\u{feff}Baku and Kyiv said no.");
    assert_eq!(surfaces(&run), ["Baku", "Kyiv"], "{run}");
    let run = tag(&[], "\0\0Officials in Baku\0said no.\0");
    assert_eq!(surfaces(&run), ["Baku"], "{run}");
}

#[test]
fn a_line_of_ten_megabytes_is_read() {
    let mut text = "lorem ipsum dolor sit amet ".repeat(400_000);
    text.push_str("and officials in Baku said no.");
    assert!(text.len() > 10_000_000);
    let run = tag(&[], &text);
    assert_eq!(surfaces(&run), ["Baku"], "{run}");
    let start = run.lines()[0]["byte_start"].as_u64().expect("a number") as usize;
    assert_eq!(&text[start..start + 4], "Baku");
    let word = tag(&[], "x".repeat(10_000_000) + " said officials in Baku.");
    assert_eq!(surfaces(&word), ["Baku"], "{word}");
}

#[test]
fn demonyms_are_marked_and_left_out_when_not_wanted() {
    let text = "Azerbaijani and Armenian officials met in Tbilisi.";
    let run = tag(&[], text);
    assert_eq!(surfaces(&run), ["Azerbaijani", "Armenian", "Tbilisi"], "{run}");
    let demonyms: Vec<bool> = run.lines().iter().map(|line| line["demonym"] == true).collect();
    assert_eq!(demonyms, [true, true, false], "{run}");
    let places = tag(&["--demonyms", "no"], text);
    assert_eq!(surfaces(&places), ["Tbilisi"], "{places}");
}

#[test]
fn types_that_are_not_wanted_are_left_out() {
    assert_eq!(surfaces(&tag(&["--types", "place"], "Officials in Baku said no.")), ["Baku"]);
    assert_eq!(tag(&["--types", "person"], "Officials in Baku said no.").done(), "");
    tag(&["--types", "river"], "").ill_formed(&["river", "organization"]);
}

#[test]
fn the_hint_of_a_country_moves_the_choice() {
    let text = "The mayor of Paris said no.";
    assert_eq!(found(&tag(&[], text))[0].1, "gn:2988507");
    for country in ["US", "United States"] {
        let run = tag(&["--country", country], "The mayor of Paris said no. Officials in Dallas agreed.");
        assert_eq!(found(&run)[0].1, "gn:4717560", "{run}");
    }
    tag(&["--country", "Atlantis Minor"], "").refused(2, &["Atlantis Minor"]);
}

#[test]
fn the_language_is_told_by_the_words_or_by_the_user() {
    // What is learned, which only English is judged by, can say why.
    let judged = |args: &[&str], text: &str| {
        let run = tag(&[&["--explain", "--min-score", "0"], args].concat(), text);
        let lines = run.lines();
        assert!(!lines.is_empty(), "{run}");
        lines.iter().all(|line| line["why"].is_object())
    };
    let headline = "Kyiv mayor visits Helsinki, Tampere, Turku";
    for (text, args, learned) in [
        (TEXT, &[][..], true),
        (TEXT, &["--lang", "de"], false),
        (headline, &[], false),
        (headline, &["--lang", "en"], true),
        (headline, &["--lang", "en-GB"], true),
        (headline, &["--lang", "eng"], true),
    ] {
        assert_eq!(judged(args, text), learned, "{text} {args:?}");
    }
    for wrong in ["", "english", "e", "12", "én"] {
        tag(&["--lang", wrong], TEXT).refused(2, &["invalid language"]);
    }
}

#[test]
fn candidates_and_the_least_score_are_as_asked() {
    let run = tag(&["--candidates", "3"], "The mayor of Paris said no.");
    let line = &run.lines()[0];
    let candidates = line["candidates"].as_array().expect("candidates");
    assert!((2..=3).contains(&candidates.len()), "{run}");
    assert_eq!(candidates[0]["id"], line["id"], "{run}");
    for line in tag(&["--min-score", "0.5"], TEXT).lines() {
        assert!(line["score"].as_f64().is_some_and(|s| s >= 0.5), "{line}");
    }
    assert_eq!(tag(&["--min-score", "1"], "Paris or Springfield, perhaps.").code, Some(0));
    for score in ["1.5", "-1", "nan"] {
        let run = tag(&[&format!("--min-score={score}")], "");
        run.ill_formed(&["--min-score"]);
    }
}

#[test]
fn a_format_that_cannot_be_streamed_is_refused() {
    with_input(["tag", "--format", "json"], "Baku").refused(2, &["jsonl"]);
}

#[test]
fn documents_do_not_influence_each_other_and_threads_not_the_answer() {
    let dir = folder();
    let texts = ["The mayor of Paris said no.", "Dallas, Houston and Paris, Texas.", "Nice work in Baku.", TEXT];
    let lines: String = (0..600).map(|n| format!("{}\n", json!({"id": n, "text": texts[n % texts.len()]}))).collect();
    let path = file(&dir, "many.jsonl", lines);
    let one = tag(&[&path, "--jobs", "1"], "").done();
    assert_eq!(one, tag(&[&path, "--jobs", "4"], "").done());
    for (n, text) in texts.iter().enumerate() {
        let alone: Vec<(String, String)> = found(&tag(&[], text));
        for line in one.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")) {
            if line["doc"].as_str() == Some(&*format!("{}", 596 + n)) {
                let pair = (line["surface"].as_str().unwrap_or_default(), line["id"].as_str().unwrap_or_default());
                assert!(alone.iter().any(|(s, i)| (&**s, &**i) == pair), "document {n}: {pair:?}");
            }
        }
    }
}

#[test]
fn the_hundredth_text_of_one_tagger_is_tagged_like_the_first() {
    let gazetteer = common::bundled();
    let mut tagger = gazetteer.tagger(allonym::tag::Options::default());
    let told = |found: &[allonym::Resolution<'_>]| -> Vec<(usize, String)> {
        found.iter().map(|r| (r.mention.start, r.candidates[0].entity.id().to_owned())).collect()
    };
    let first = told(&tagger.tag(TEXT));
    for n in 0..100 {
        tagger.tag(&format!("The mayor of Paris met {n} people from Springfield, Illinois."));
    }
    assert_eq!(told(&tagger.tag(TEXT)), first);
}

#[test]
fn a_closed_pipe_is_quiet_and_a_full_device_is_not() {
    let text = TEXT.repeat(2000);
    for format in ["jsonl", "csv", "table"] {
        let run = unread(&["tag", "--format", format], text.as_bytes());
        assert_eq!((run.code, &*run.err), (Some(0), ""), "{run}");
        shell(&format!("echo 'Officials in Baku said no.' | \"$ALLONYM\" tag --format {format} > /dev/full"))
            .refused(1, &["no space left on device"]);
    }
}

#[test]
fn the_command_line_is_checked() {
    allonym(["tag", "--demonyms", "perhaps"]).ill_formed(&["perhaps"]);
    allonym(["tag", "--candidates", "x"]).ill_formed(&["x"]);
    allonym(["tag", "--near", "x"]).refused(2, &["'x'"]);
}

#[test]
fn names_inside_names_are_found_when_asked_for() {
    // Whichever is the likelier is there alone; the other beside it where both are wanted.
    let text = "The Battle of Brandy Station and New York City, New York; Baku said that Georgia and Tbilisi agreed.";
    let (alone, nested) = (tag(&["--min-score", "0"], text), tag(&["--min-score", "0", "--nested"], text));
    let spans = |run: &Run| -> Vec<(u64, u64)> {
        let at = |line: &Value, end: &str| line[end].as_u64().unwrap_or_default();
        run.lines().iter().map(|line| (at(line, "start"), at(line, "end"))).collect()
    };
    let (alone, nested) = (spans(&alone), spans(&nested));
    assert!(alone.iter().all(|span| nested.contains(span)), "{alone:?} {nested:?}");
    assert!(alone.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{alone:?}");
    for line in tag(&["--nested"], text).lines() {
        let (start, end) = (line["start"].as_u64().unwrap_or(0) as usize, line["end"].as_u64().unwrap_or(0) as usize);
        assert_eq!(text.get(start..end), line["surface"].as_str(), "offsets of a nested mention");
    }
}

#[test]
fn signs_of_hashtags_and_addresses_never_stop_the_work() {
    let pieces =
        ["#", "@", "_", "#Baku", "@Baku", "#_", "##Baku#", "baku@baku.az", "#東京_Baku", "#Baku_", "_#New_York_"];
    for one in pieces {
        for other in pieces {
            let run = tag(&[], format!("{one}{other} {other} {one}"));
            assert_eq!(run.code, Some(0), "{run}");
        }
    }
    assert_eq!(
        surfaces(&tag(&[], "In #New_York and #Tbilisi, not at info@baku.az or @Yerevan_News.")),
        ["New_York", "Tbilisi"]
    );
}

#[test]
fn geojson_is_one_collection_of_all_documents() {
    let dir = folder();
    let lines = "{\"id\":\"a\",\"text\":\"From Tbilisi to Baku.\"}\n{\"id\":\"b\",\"text\":\"nothing\"}\n{\"id\":\"c\",\"text\":\"Kyiv\"}\n";
    let path = file(&dir, "news.jsonl", lines);
    let collection = allonym(["tag", &path, "--format", "geojson"]).json();
    assert_eq!(collection["type"], "FeatureCollection");
    let features = collection["features"].as_array().expect("features");
    let docs: Vec<&str> = features.iter().filter_map(|f| f["properties"]["doc"].as_str()).collect();
    assert_eq!(docs, ["a", "a", "c"]);
    for feature in features {
        assert_eq!(feature["type"], "Feature");
        let [lon, lat] = [0, 1].map(|n| feature["geometry"]["coordinates"][n].as_f64().expect("a number"));
        assert_eq!(
            (Some(lon), Some(lat)),
            (feature["properties"]["lon"].as_f64(), feature["properties"]["lat"].as_f64())
        );
    }
    let nothing = with_input(["tag", "--format", "geojson"], "nothing").json();
    assert_eq!(nothing["features"].as_array().map(Vec::len), Some(0));
    allonym(["lookup", "Baku", "--format", "geojson"]).refused(2, &["geojson"]);
}

#[test]
fn a_page_of_several_documents_tells_their_places_apart() {
    let dir = folder();
    let lines = "{\"id\":\"first & last\",\"text\":\"From Tbilisi to Baku and back to Tbilisi.\"}\n{\"id\":\"b\",\"text\":\"Tbilisi\"}\n";
    let page = allonym(["tag", &file(&dir, "news.jsonl", lines), "--format", "html"]).done();
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"), "{page}");
    for part in [
        "first &amp; last",
        "id=\"d1p1\"",
        "href=\"#d2p1\"",
        "3 mentions of 2 places",
        "1 mention of 1 place",
        "2 times",
    ] {
        assert!(page.contains(part), "'{part}' is not there: {page}");
    }
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "an id stands twice: {ids:?}");
}
