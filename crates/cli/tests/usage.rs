//! `allonym usage`: which variant of a place is used, by whom and when.

mod common;

use std::collections::BTreeMap;

use common::{Run, allonym, file, folder, with_input};
use serde_json::{Value, json};

const KHANKENDI: &str = "gn:146970";

/// Documents of two outlets over two months.
fn articles() -> String {
    let of = |id: &str, outlet: &str, date: &str, text: &str| {
        json!({"id": id, "outlet": outlet, "date": date, "text": text}).to_string() + "\n"
    };
    [
        of("1", "North", "2023-01-05", "Baku: a bus left Khankendi for Baku. KHANKENDI was quiet."),
        of("2", "South", "2023-01-20", "Yerevan: a bus left Stepanakert for Yerevan."),
        of("3", "South", "2023-03-01", "Yerevan: Stepanakert’s schools in Azerbaijan closed. Baku, Khankendi."),
    ]
    .concat()
}

fn usage(input: &str, args: &[&str]) -> Run {
    let dir = folder();
    let path = file(&dir, "articles.jsonl", input);
    let format = if args.contains(&"--format") { &[][..] } else { &["--format", "jsonl"] };
    let run = allonym([&["usage", &path, "--min-score", "0"], format, args].concat());
    run.done();
    run
}

fn counts(run: &Run, by: &[&str]) -> BTreeMap<String, u64> {
    let text = |line: &Value, field: &str| line[field].as_str().unwrap_or("?").to_owned();
    let key = |line: &Value| {
        by.iter().copied().chain(["variant"]).map(|field| text(line, field)).collect::<Vec<_>>().join("|")
    };
    run.lines().iter().map(|line| (key(line), line["mentions"].as_u64().unwrap_or(0))).collect()
}

fn expected(counts: &[(&str, u64)]) -> BTreeMap<String, u64> {
    counts.iter().map(|(key, n)| ((*key).to_owned(), *n)).collect()
}

#[test]
fn variants_are_counted_by_outlet_and_month() {
    let run = usage(&articles(), &["--place", KHANKENDI, "--by", "outlet"]);
    let found = counts(&run, &["outlet"]);
    assert_eq!(found, expected(&[("North|Khankendi", 2), ("South|Khankendi", 1), ("South|Stepanakert", 2)]), "{run}");
    let run = usage(&articles(), &["--place", "Stepanakert", "--by", "month"]);
    let found = counts(&run, &["month"]);
    let months = expected(&[
        ("2023-01|Khankendi", 2),
        ("2023-01|Stepanakert", 1),
        ("2023-03|Khankendi", 1),
        ("2023-03|Stepanakert", 1),
    ]);
    assert_eq!(found, months, "{run}");
    let run = usage(&articles(), &["--place", KHANKENDI, "--by", "document"]);
    assert_eq!(counts(&run, &["document"]).len(), 4, "{run}");
}

#[test]
fn shares_of_a_group_add_up_to_one_and_documents_never_exceed_mentions() {
    let run = usage(&articles(), &["--by", "outlet"]);
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    for line in run.lines() {
        *shares.entry(format!("{} {}", line["id"], line["outlet"])).or_default() += line["share"].as_f64().unwrap();
        assert!(line["documents"].as_u64() <= line["mentions"].as_u64(), "{line}");
    }
    assert!(shares.len() > 3, "{run}");
    assert!(shares.values().all(|share| (share - 1.0).abs() < 1e-3), "{shares:?}");
}

#[test]
fn a_table_of_texts_counts_like_lines_of_json() {
    let dir = folder();
    let mut table = "id;outlet;date;text\n".to_owned();
    for line in articles().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let cell = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
        table += &format!("{};{};{};\"{}\"\n", cell("id"), cell("outlet"), cell("date"), cell("text"));
    }
    let path = file(&dir, "articles.csv", table);
    let args = ["--min-score", "0", "--by", "outlet,month", "--format", "csv"];
    let from_table = allonym(["usage", &path].into_iter().chain(args)).done();
    let lines = file(&dir, "articles.jsonl", articles());
    assert_eq!(from_table, allonym(["usage", &lines].into_iter().chain(args)).done());
}

#[test]
fn dates_are_read_as_people_write_them_and_what_is_no_date_is_counted() {
    let line = |date: &str| json!({"date": date, "text": "A bus left Baku for Ganja."}).to_string() + "\n";
    let input: String =
        ["2023-09-19", "2023-09-19T10:00:00Z", "19.09.2023", "2023/09/19", "Sep 19, 2023", "19 September 2023"]
            .map(line)
            .concat();
    let run = usage(&input, &["--by", "month"]);
    assert!(run.lines().iter().all(|line| line["month"] == "2023-09"), "{run}");
    let run = usage(&(line("soon") + &line("")), &["--by", "month"]);
    assert!(run.lines().iter().all(|line| line["month"] == ""), "{run}");
    run.says(&["2 documents have no date", "--date-format"]);
    let run = usage(&line("05/09/2023"), &["--by", "month", "--date-format", "%d/%m/%Y"]);
    assert!(run.lines().iter().all(|line| line["month"] == "2023-09"), "{run}");
}

#[test]
fn the_page_is_one_file_that_escapes_what_it_shows() {
    let line = json!({"outlet": "<script>alert('x')</script> & \"Co\"", "date": "2023-01-01",
        "text": "A bus left Stepanakert in Azerbaijan for Baku."});
    let run = usage(&line.to_string(), &["--by", "outlet,month", "--format", "html"]);
    let page = run.text();
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"), "{page}");
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"), "{page}");
    for outside in ["http://", "https://", "src=", "@import"] {
        assert!(!page.contains(outside), "the page asks for {outside}");
    }
    assert!(page.contains("Stepanakert") && page.contains("<svg"), "{page}");
    let open = page.matches("<section>").count();
    assert_eq!(open, page.matches("</section>").count());
    assert!(page.matches("<rect").count() >= open, "every place has a bar");
}

#[test]
fn bad_input_is_told_with_its_place() {
    let dir = folder();
    let path = file(&dir, "a.csv", "id,body\n1,Baku\n");
    allonym(["usage", &path]).refused(1, &["a.csv", "'text'", "--text-field", "body"]);
    let path = file(&dir, "ragged.csv", "id,text\n1,Baku\n2\n");
    allonym(["usage", &path]).refused(1, &["ragged.csv", "line 3"]);
    let path = file(&dir, "b.jsonl", "{\"text\":\"Baku\"}\n{\"text\":3}\n");
    allonym(["usage", &path]).refused(1, &["b.jsonl", "line 2", "not text"]);
    allonym(["usage", "nowhere.txt"]).refused(1, &["nowhere.txt"]);
    let path = file(&dir, "c.jsonl", articles());
    allonym(["usage", &path, "--place", "gn:0"]).refused(2, &["gn:0"]);
    allonym(["usage", &path, "--min-score", "2"]).ill_formed(&["--min-score"]);
    allonym(["usage", &path, "--date-format", "%Y"]).refused(2, &["'%Y'", "%d/%m/%Y"]);
    allonym(["lookup", "Baku", "--format", "html"]).refused(2, &["html", "usage"]);
}

#[test]
fn nothing_found_is_an_answer() {
    let run = with_input(["usage", "--format", "table"], "Nothing to see here.");
    assert!(run.done().contains("no mentions"), "{run}");
    let run = with_input(["usage", "--format", "csv"], "");
    assert_eq!(run.csv().1.len(), 0, "{run}");
    let page = with_input(["usage", "--format", "html"], "").done();
    assert!(page.contains("No mentions"), "{page}");
}
