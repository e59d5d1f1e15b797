//! `allonym normalize` with context, doubts and decisions: what people write into cells, and what they decide about it.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use allonym::table::{Decisions, NONE};
use common::{Run, allonym, bundled, file, folder, with_input};

/// The table that comes out, rows by the names of columns.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    run: Run,
}

impl Table {
    fn of(run: Run) -> Table {
        let (header, rows) = run.csv();
        Table { header, rows, run }
    }

    fn column(&self, name: &str) -> Vec<&str> {
        let at = self.header.iter().position(|h| h == name).unwrap_or_else(|| panic!("{}: no {name}", self.run));
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }
}

fn normalize(args: &[&str], input: &str) -> Table {
    Table::of(with_input(["normalize", "-", "--quiet"].iter().chain(args), input))
}

fn one(cell: &str, args: &[&str]) -> (String, String, String) {
    let table = format!("place\n\"{}\"\n", cell.replace('"', "\"\""));
    let args: Vec<&str> = ["--column", "place", "--add", "reason"].iter().chain(args).copied().collect();
    let out = normalize(&args, &table);
    let cell = |name: &str| out.column(name)[0].to_owned();
    (cell("place_id"), cell("place_status"), cell("place_reason"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn cells_that_hold_more_than_a_name_are_read() {
    let cells = [
        ("Stepanakert (Khankendi)", "gn:146970", "resolved"),
        ("Шуша [Shushi]", "gn:147105", "resolved"),
        ("Стамбул / Константинополь", "gn:745044", "resolved"),
        ("Kyiv, Ukraine", "gn:703448", "resolved"),
        ("Donetsk (Ukraine)", "gn:709717", "resolved"),
        // Russia has a Donetsk, too.
        ("г. Донецк", "gn:709717", "ambiguous"),
        ("Paris (Texas)", "gn:4717560", "resolved"),
        ("near Aleppo", "gn:170063", "ambiguous"),
        ("Palu (Sulawesi)", "gn:1633034", "resolved"),
        ("Kramatorsk station building", "gn:704508", "ambiguous"),
    ];
    for (cell, id, status) in cells {
        let got = one(cell, &[]);
        assert_eq!((got.0.as_str(), got.1.as_str()), (id, status), "{cell}: {got:?}");
    }
    assert!(one("near Aleppo", &[]).2.contains("near Aleppo"));
    let (_, status, reason) = one("Baku (Paris)", &[]);
    assert_eq!(status, "ambiguous");
    assert!(reason.contains("not known as one place"), "{reason}");
}

#[test]
fn several_places_of_a_cell_stand_beside_each_other() {
    let table = "place\nLachin district; Shusha\nBaku;;\n\"Kyiv | Qqzzxx Xyzzyqwvkk\"\n";
    let out = normalize(&["--column", "place", "--multi"], table);
    assert_eq!(out.column("place_id"), ["gn:147626; gn:147105", "gn:587084", "gn:703448"], "{}", out.run);
    assert_eq!(out.column("place_status"), ["resolved", "resolved", "ambiguous"], "{}", out.run);
    let out = normalize(&["--column", "place"], "place\nBaku; Kyiv\n");
    assert_eq!(out.column("place_status"), ["ambiguous"], "without --multi a list is no name: {}", out.run);
    let (_, status, reason) = one("Baku Kyiv Tbilisi", &[]);
    assert!(status != "resolved", "part of a cell is no certain answer: {reason}");
}

#[test]
fn a_context_that_contradicts_is_a_doubt_with_its_reason() {
    let table = "place,country,unit,lat,lon,type\n\
        Xankəndi,BR,,,,\n\
        Paris,US,Illinois,,,\n\
        Springfield,US,,39.8,-89.64,\n\
        Springfield,US,,37.2,-93.29,\n\
        Baku,AZ,,48.2,16.4,\n\
        Georgia,,,,,country\n\
        Georgia,,,,,state\n\
        Baku,AZ,,north,16.4,\n";
    let args = [
        ["--column", "place"],
        ["--country-column", "country"],
        ["--admin-column", "unit"],
        ["--lat-column", "lat"],
        ["--lon-column", "lon"],
        ["--type-column", "type"],
        ["--add", "reason"],
    ];
    let out = normalize(&args.concat(), table);
    let ids = out.column("place_id");
    let (status, reason) = (out.column("place_status"), out.column("place_reason"));
    assert_eq!((ids[0], status[0], reason[0]), ("gn:146970", "ambiguous", "the country says otherwise"), "{}", out.run);
    assert_eq!((ids[1], status[1]), ("gn:4246659", "resolved"), "{}", out.run);
    assert_eq!((ids[2], status[2]), ("gn:4250542", "resolved"), "coordinates decide: {}", out.run);
    assert_eq!((ids[3], status[3]), ("gn:4409896", "resolved"), "coordinates decide: {}", out.run);
    assert_eq!((ids[4], status[4]), ("gn:587084", "ambiguous"), "{}", out.run);
    assert!(reason[4].contains("km away"), "{}", out.run);
    assert_eq!((ids[5], ids[6]), ("gn:614540", "gn:4197000"), "{}", out.run);
    assert_eq!(ids[7], "gn:587084", "{}", out.run);
}

#[test]
fn two_levels_of_units_narrow_together() {
    let table = "place,state,county\nSpringfield,Ohio,Clark County\nSpringfield,Ohio,\nSpringfield,Nirgendwo,\n";
    let out = normalize(&["--column", "place", "--admin-column", "state", "--admin-column", "county"], table);
    assert_eq!(out.column("place_id")[..2], ["gn:4525353", "gn:4525353"], "{}", out.run);
    assert_eq!(out.column("place_status")[0], "resolved", "{}", out.run);
    let told = with_input(["normalize", "-", "--column", "place", "--admin-column", "state"], table);
    assert!(told.err.contains("1 different values have a context that is not known"), "{told}");
}

#[test]
fn misspelt_names_in_a_known_unit_are_found_and_beginnings_are_never_certain() {
    let table = "place,unit\nHoustom,Texas\nJenau,Alaska\nWallis,Idaho\nSalt,Utah\nQqzzxxvv,Texas\n";
    let out = normalize(&["--column", "place", "--admin-column", "unit"], table);
    assert_eq!(out.column("place_label")[..3], ["Houston", "Juneau", "Wallace"], "{}", out.run);
    assert_ne!(out.column("place_status")[3], "resolved", "{}", out.run);
    assert_eq!(out.column("place_status")[4], "unmatched", "{}", out.run);
}

#[test]
fn several_columns_are_done_in_one_pass() {
    let table = "origin,n,destination\nBaku,1,Kyiv\n,2,Baku\n";
    let out = normalize(&["--column", "origin", "--column", "destination"], table);
    assert_eq!(out.column("origin_id"), ["gn:587084", ""], "{}", out.run);
    assert_eq!(out.column("destination_id"), ["gn:703448", "gn:587084"], "{}", out.run);
    let named = normalize(&["--column", "origin", "--column", "destination", "--prefix", "x."], table);
    assert_eq!(named.column("x.origin_id"), ["gn:587084", ""], "{}", named.run);
    with_input(["normalize", "-", "--column", "origin", "--column", "origin"], table).refused(2, &["origin_id"]);
}

#[test]
fn fields_and_candidates_are_added_as_asked() {
    let args = ["--column", "place", "--add", "type,feature,admin1,population,claims", "--candidates", "3"];
    let out = normalize(&args, "place\nSpringfield\nCrimea\nQqzzxx Xyzzyqwvkk\n");
    assert_eq!(out.column("place_type"), ["place", "place", ""], "{}", out.run);
    assert_eq!(out.column("place_admin1")[0], "Illinois", "{}", out.run);
    assert!(out.column("place_claims")[1].contains("UA"), "{}", out.run);
    assert!(out.column("place_id_2")[0].starts_with("gn:"), "{}", out.run);
    assert!(out.column("place_score_3")[0].parse::<f64>().is_ok(), "{}", out.run);
    with_input(["normalize", "-", "--column", "place", "--add", "colour"], "place\n")
        .refused(2, &["colour", "feature"]);
}

#[test]
fn organizations_are_normalized_by_a_column_or_a_flag() {
    let table = "name,kind\nООН,organization\nICRC,organization\nBaku,city\n";
    let out = normalize(&["--column", "name", "--type-column", "kind", "--add", "type"], table);
    assert_eq!(out.column("name_type"), ["organization", "organization", "place"], "{}", out.run);
    let out = normalize(&["--column", "name", "--types", "organization", "--add", "type"], table);
    assert_eq!(out.column("name_type")[..2], ["organization", "organization"], "{}", out.run);
    assert_ne!(out.column("name_status")[2], "resolved", "{}", out.run);
}

const TEXAS: &str =
    "town,doc\nAthens,1\nPalestine,1\nParis,1\nOdessa,1\nTyler,1\nWaco,1\nLubbock,1\nAmarillo,1\nCorsicana,1\n";

#[test]
fn a_column_knows_its_company() {
    let run = with_input(["normalize", "-", "--column", "town"], TEXAS);
    assert!(run.err.contains("the column is about Texas, US"), "{run}");
    let countries = |args: &[&str], table: &str| -> BTreeMap<String, String> {
        let out = normalize(args, table);
        let rows = out.column("town").into_iter().zip(out.column("town_country"));
        rows.map(|(town, country)| (town.to_owned(), country.to_owned())).collect()
    };
    let together = countries(&["--column", "town"], TEXAS);
    assert!(together.values().all(|country| country == "US"), "{together:?}");
    let mut rows: Vec<&str> = TEXAS.lines().collect();
    rows[1..].reverse();
    assert_eq!(countries(&["--column", "town"], &(rows.join("\n") + "\n")), together, "the order of rows matters");
    let alone = countries(&["--column", "town", "--context", "row"], TEXAS);
    assert_eq!((&*alone["Athens"], &*alone["Paris"]), ("GR", "FR"));
    // A group of its own has a context of its own.
    let capitals = "Athens,2\nRome,2\nParis,2\nMadrid,2\nVienna,2\nBerlin,2\n";
    let out = normalize(&["--column", "town", "--group", "doc"], &format!("{TEXAS}{capitals}"));
    let of = |doc: &str, town: &str| {
        let row = (0..out.column("doc").len()).find(|&n| out.column("doc")[n] == doc && out.column("town")[n] == town);
        out.column("town_country")[row.expect("the row")].to_owned()
    };
    assert_eq!((of("1", "Athens"), of("2", "Athens")), ("US".to_owned(), "GR".to_owned()), "{}", out.run);
    let refused = with_input(["normalize", "-", "--column", "town", "--group", "doc", "--context", "row"], TEXAS);
    assert_eq!(refused.code, Some(2), "{refused}");
}

#[test]
fn a_context_for_the_whole_column_can_be_said() {
    let out = normalize(&["--column", "town", "--country", "France"], "town\nParis\nTours\n");
    assert_eq!(out.column("town_country"), ["FR", "FR"], "{}", out.run);
    let out = normalize(&["--column", "town", "--within", "Texas"], "town\nParis\nTyler\n");
    assert_eq!(out.column("town_id"), ["gn:4717560", "gn:4738214"], "{}", out.run);
    let out = normalize(&["--column", "town", "--level", "admin1"], "town\nGeorgia\n");
    assert_eq!(out.column("town_id"), ["gn:4197000"], "{}", out.run);
    for (flag, wrong) in [("--country", "Wakanda"), ("--within", "Qqzzxx")] {
        let run = with_input(["normalize", "-", "--column", "town", flag, wrong], "town\nParis\n");
        assert!(run.code == Some(2) && run.err.contains(wrong), "{run}");
    }
}

#[test]
fn what_is_no_name_is_unmatched_with_a_reason() {
    let cells = ["NA", "n.a.", "none", "TBD", "unknown", "N/A", "неизвестно", "various", "online"];
    for cell in cells {
        let (id, status, reason) = one(cell, &[]);
        assert_eq!((id.as_str(), status.as_str()), ("", "unmatched"), "{cell}");
        assert!(reason.contains("not the name of a place"), "{cell}: {reason}");
    }
    for (cell, reason) in [("Prague, Nebraska", "not known in"), ("Paris, Texaas", "'Texaas' is not known")] {
        let (_, status, said) = one(cell, &[]);
        assert!(status != "resolved" && said.contains(reason), "{cell}: {status}, {said}");
    }
}

#[test]
fn in_place_replaces_what_is_resolved_and_nothing_else() {
    let table =
        "n,\"place\" ,note\n1,\"Київ\",\"a \"\"b\"\"\"\r\n2,Springfield,x\n3, Stepanakert ,y\n4,Qqzzxx Xyzzyqwvkk,\n";
    let run =
        with_input(["normalize", "-", "--quiet", "--column", "place ", "--in-place", "--label", "lang:en"], table);
    let out = "n,\"place\" ,note\n1,Kyiv,\"a \"\"b\"\"\"\r\n2,Springfield,x\n3,Khankendi,y\n4,Qqzzxx Xyzzyqwvkk,\n";
    assert_eq!(run.text(), out, "{run}");
}

const DOUBTS: &str = "place,land\nSpringfield,US\nBaku,AZ\nSpringfield,US\nQqzzxx Xyzzyqwvkk,\nSpringfield,\n";

/// Normalizes the doubts in a folder, with further arguments; gives what was told.
fn with_files(dir: &Path, args: &[&str]) -> Run {
    fs::write(dir.join("in.csv"), DOUBTS).expect("the table");
    let (input, out) = (dir.join("in.csv"), dir.join("out.csv"));
    let all = ["normalize", text(&input), "--column", "place", "--country-column", "land", "-o", text(&out)];
    allonym(all.iter().chain(args).copied().collect::<Vec<_>>())
}

#[test]
fn doubts_are_reviewed_decided_and_never_asked_again() {
    let dir = folder();
    let (review, decisions) = (dir.path().join("doubts.csv"), dir.path().join("decided.csv"));
    with_files(dir.path(), &["--review", text(&review)]).done();
    let written = fs::read_to_string(&review).expect("the review");
    let mut rows = csv::Reader::from_reader(written.as_bytes());
    let header: Vec<String> = rows.headers().expect("a header").iter().map(str::to_owned).collect();
    assert_eq!(header[..4], ["value", "land", "count", "row"]);
    assert_eq!(header.last().map(String::as_str), Some("choose"));
    let rows: Vec<Vec<String>> =
        rows.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows[0][..4], ["Springfield", "US", "2", "1"], "the most frequent doubt comes first");
    assert!(rows.iter().any(|row| row[0].starts_with("Qq") && row[7].is_empty()), "what is unmatched is asked, too");

    // One candidate is marked, one value is declared to be none.
    let id = rows[1][7].clone();
    let mut filled = csv::Writer::from_path(&decisions).expect("the decisions");
    filled.write_record(&header).expect("a header");
    for (n, mut row) in rows.into_iter().enumerate() {
        let last = row.len() - 1;
        row[last] = match n {
            1 => "x".to_owned(),
            _ if row[0].starts_with("Qq") => NONE.to_owned(),
            _ => String::new(),
        };
        filled.write_record(&row).expect("a row");
    }
    filled.flush().expect("written");
    drop(filled);
    let next = dir.path().join("next.csv");
    let told = with_files(dir.path(), &["--decisions", text(&decisions), "--review", text(&next)]);
    let out = fs::read_to_string(dir.path().join("out.csv")).expect("the table");
    let first = out.lines().nth(1).expect("a row");
    assert!(first.contains(&id) && first.contains(",resolved,") && first.contains(",decided,"), "{first}");
    let none = out.lines().nth(4).expect("a row");
    assert!(none.contains(",unmatched,") && none.contains(",decided,"), "{none}");
    assert!(told.err.contains("decided"), "{told}");
    let next = fs::read_to_string(&next).expect("the next review");
    assert!(!next.contains("Springfield,US") && !next.contains("Qq"), "what is decided is not asked again: {next}");

    // A decision that fits nothing any more is told.
    fs::write(dir.path().join("other.csv"), "place,land\nBaku,AZ\n").expect("a table");
    let other = dir.path().join("other.csv");
    let args = ["normalize", text(&other), "--column", "place", "--country-column", "land"];
    let told = allonym(args.iter().chain(&["--decisions", text(&decisions)]).copied().collect::<Vec<_>>());
    assert!(told.err.contains("2 decisions fit no value here: 'Springfield'"), "{told}");
}

#[test]
fn decisions_that_cannot_be_are_refused_with_their_row() {
    let dir = folder();
    let cases = [
        ("value,choose\nBaku,gn:0\n", 1, &["row 1", "gn:0"][..]),
        ("value,choose\nBaku,gn:587084\nKyiv,\nBaku,none\n", 1, &["row 3", "row 1", "Baku"]),
        ("value,choose\nBaku,x\n", 1, &["row 1", "'x'"]),
        ("value,chosen\nBaku,x\n", 1, &["choose"]),
        ("name,choose\nBaku,x\n", 1, &["value"]),
        ("", 1, &["value"]),
    ];
    for (table, code, says) in cases {
        let path = file(&dir, "decisions.csv", table);
        let run = with_files(dir.path(), &["--decisions", &path]);
        run.refused(code, says);
        assert!(run.err.contains("decisions.csv"), "{run}");
        assert!(!dir.path().join("out.csv").exists(), "nothing is written: {run}");
    }
    let missing = dir.path().join("missing.csv");
    with_files(dir.path(), &["--decisions", text(&missing)]).refused(1, &["missing.csv"]);
}

#[test]
fn what_people_decided_is_never_overwritten() {
    let dir = folder();
    let decided = file(&dir, "decided.csv", "value,choose\nBaku,gn:587084\n");
    with_files(dir.path(), &["--review", &decided]).refused(2, &["decided.csv", "--decisions"]);
    with_files(dir.path(), &["--review", &decided, "--decisions", &decided]).refused(2, &["decided.csv"]);
    let same = dir.path().join("out.csv");
    with_files(dir.path(), &["--summary", text(&same)]).refused(2, &["out.csv", "both"]);
    assert_eq!(fs::read_to_string(&decided).expect("the file"), "value,choose\nBaku,gn:587084\n");
}

#[test]
fn decisions_without_context_hold_whatever_the_context() {
    let decisions = Decisions::read("value,choose\nBaku,gn:587084\n".as_bytes(), bundled()).expect("decisions");
    assert_eq!(decisions.about("Baku", &[("land", "AZ")]), Some(Some("gn:587084")));
    assert_eq!(decisions.about("Bakı", &[]), None);
    assert!(decisions.unused().is_empty());
}

#[test]
fn the_summary_is_a_file_for_programs() {
    let dir = folder();
    let summary = dir.path().join("summary.json");
    with_files(dir.path(), &["--summary", text(&summary)]).done();
    let summary: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(summary).expect("the summary")).expect("JSON");
    assert_eq!(summary["rows"], 5);
    assert_eq!(summary["resolved"], 1);
    assert_eq!(summary["unmatched"], 1);
    assert_eq!(summary["distinct"], 4);
}

#[test]
fn the_doubts_are_walked_through_with_keys() {
    let dir = folder();
    let review = dir.path().join("doubts.csv");
    with_files(dir.path(), &["--review", text(&review)]).done();
    let walk = |keys: &str| with_input(["review", text(&review)], keys);
    let run = walk("9\nz\n2\n");
    let shown = run.text();
    assert!(
        shown.contains("1 of 3") && shown.contains("Springfield") && shown.contains("there is no candidate 9"),
        "{run}"
    );
    assert!(shown.contains("'z' is not a key"), "{run}");
    assert!(shown.contains("1 decided now, 2 of 3 open"), "{run}");
    // It was saved, is not asked again, and can be taken back.
    let run = walk("n\nu\n/ Baku\n1\nq\n");
    assert!(run.text().contains("1 of 2"), "{run}");
    let decided = fs::read_to_string(&review).expect("the review");
    assert_eq!(decided.lines().filter(|line| line.ends_with("gn:587084")).count(), 1, "{decided}");
    let out = with_files(dir.path(), &["--decisions", text(&review)]);
    assert!(out.err.contains("decided"), "{out}");
    with_input(["review", text(&dir.path().join("missing.csv"))], "").refused(1, &["missing.csv"]);
    let table = file(&dir, "table.csv", "a,b\n1,2\n");
    with_input(["review", &table], "").refused(1, &["value"]);
}

#[test]
fn json_lines_come_out_as_they_went_in_with_fields_added() {
    let lines =
        "{\"n\": 1, \"place\": \"Xank\\u0259ndi\" }\n\n{\"place\": null}\n{}\n{\"n\":2,\"place\":[\"Baku\",\"Kyiv\"]}";
    let run = with_input(["normalize", "-", "--quiet", "--column", "place", "--multi"], lines);
    let out: Vec<serde_json::Value> = run
        .text()
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {run}")))
        .collect();
    assert!(run.text().starts_with("{\"n\": 1, \"place\": \"Xank\\u0259ndi\" ,\"place_id\":\"gn:146970\""), "{run}");
    assert_eq!(out[0]["place_lat"], 39.8177, "numbers are numbers: {run}");
    assert_eq!(out[1]["place_status"], "empty", "{run}");
    assert_eq!(out[1]["place_id"], serde_json::Value::Null, "{run}");
    assert_eq!(out[2]["place_status"], "empty", "{run}");
    assert_eq!(out[3]["place_id"], "gn:587084; gn:703448", "{run}");
    let inside =
        with_input(["normalize", "-", "--quiet", "--column", "place", "--in-place"], "{\"place\":\"Kiev\",\"n\":1}\n");
    assert_eq!(inside.text(), "{\"place\":\"Kyiv\",\"n\":1}\n", "{inside}");
    with_input(["normalize", "-", "--column", "town"], lines).refused(2, &["town", "place"]);
    with_input(["normalize", "-", "--column", "place"], "{\"place\":\"Baku\"}\n[1]\n").refused(1, &["line 2"]);
    with_input(["normalize", "-", "--column", "place"], "{\"place\":\"Baku\",\"place_id\":1}\n")
        .refused(2, &["place_id"]);
}

#[test]
fn a_row_of_hashtags_passes_through() {
    let table = "Place,Country\n#loc+name,#country+name\nBaku,Azerbaijan\n";
    let out = normalize(&["--column", "Place", "--country-column", "Country"], table);
    assert_eq!(out.column("Place_id"), ["", "gn:587084"], "{}", out.run);
    assert!(out.run.text().contains("\n#loc+name,#country+name,,,,,,,,,\n"), "{}", out.run);
    let told = with_input(["normalize", "-", "--column", "Place"], table);
    assert!(told.err.contains("1 rows") && told.err.contains("HXL"), "{told}");
}

#[test]
fn quotes_may_be_others_or_none() {
    let out = with_input(["normalize", "-", "--quiet", "--column", "place", "--quote", "'"], "place,n\n'Baku','1,2'\n");
    assert!(out.text().contains("'Baku','1,2',gn:587084"), "{out}");
    let out = with_input(
        ["normalize", "-", "--quiet", "--column", "place", "--quote", "none", "--delimiter", "tab"],
        "place\tn\nBaku\t\"1\nKyiv\t2\n",
    );
    assert!(out.text().contains("Baku\t\"1\tgn:587084") && out.text().contains("Kyiv\t2\tgn:703448"), "{out}");
    with_input(["normalize", "-", "--column", "place", "--quote", "ab"], "place\n").refused(2, &["ab", "none"]);
}

#[test]
fn the_messy_table_of_the_examples_is_read_rightly() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/incidents.csv");
    let args = ["--column", "place", "--country-column", "country", "--admin-column", "admin", "--multi"];
    let out = Table::of(allonym(["normalize", path, "--quiet"].iter().chain(&args).copied().collect::<Vec<_>>()));
    let count = |wanted: &str| out.column("place_status").iter().filter(|status| **status == wanted).count();
    assert_eq!(["resolved", "ambiguous", "unmatched", "empty"].map(count), [40, 5, 1, 1], "{}", out.run);
    // What a reader of each row would say; nothing where the row does not tell.
    let right = "146970 146970 147105 147626;147105 147625 174895 174895 703448 703448 706483 701822 701822 701822 704508 \
        713174 713174 706448 170063 170063 170063 172256 172256 172955 99072 99072 1138958 1138958 1526384 1526273 586523 \
        586523 2427123 2427123 2192362 4930956 4335045 - 4951788 1275339 2988507 4717560 2112923 2112923 1633034 1215502 - -";
    for ((id, place), right) in out.column("place_id").iter().zip(out.column("place")).zip(right.split_whitespace()) {
        assert!(
            right == "-" || id.replace("gn:", "").replace(' ', "") == right,
            "{place}: {id}, not {right}: {}",
            out.run
        );
    }
}
