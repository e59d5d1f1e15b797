//! `allonym normalize`: a column of names in, the same table with id columns out.

mod common;

use std::fs;
use std::io::Write;

use allonym::table::{ADDED, Options, normalize};
use common::{Run, allonym, bundled, file, folder, shell, unread, with_input};
use proptest::prelude::*;

fn run(args: &[&str], input: impl AsRef<[u8]>) -> Run {
    with_input(["normalize", "-", "--quiet"].iter().chain(args), input)
}

/// The cells of an added column, by its name without the prefix.
fn added(run: &Run, name: &str) -> Vec<String> {
    let (header, rows) = run.csv();
    let at = header.iter().position(|h| h == &format!("place_{name}")).unwrap_or_else(|| panic!("{run}: no {name}"));
    rows.iter().map(|row| row[at].clone()).collect()
}

const TABLE: &str = "n,place\n1,Xankəndi\n2,Stepanakert\n3,Kyiv\n4,\n5,Qqzzxx Xyzzyqwvkk\n6,Kyiv\n";

#[test]
fn every_row_gets_the_nine_columns() {
    let result = run(&["--column", "place"], TABLE);
    let (header, rows) = result.csv();
    let expected: Vec<String> =
        ["n", "place"].map(str::to_owned).into_iter().chain(ADDED.map(|a| format!("place_{a}"))).collect();
    assert_eq!(header, expected);
    assert_eq!(ADDED, ["id", "label", "status", "score", "variant", "how", "country", "lat", "lon"]);
    assert_eq!(rows.len(), 6, "{result}");
    assert_eq!(added(&result, "id"), ["gn:146970", "gn:146970", "gn:703448", "", "", "gn:703448"], "{result}");
    assert_eq!(added(&result, "country"), ["AZ", "AZ", "UA", "", "", "UA"], "{result}");
    assert_eq!(added(&result, "variant")[..3], ["Xankəndi", "Stepanakert", "Kyiv"], "{result}");
    assert_eq!(added(&result, "how")[..3], ["exact", "exact", "exact"], "{result}");
    assert_eq!(added(&result, "status")[2..], ["resolved", "empty", "unmatched", "resolved"], "{result}");
    for (row, status) in added(&result, "status").iter().enumerate() {
        let score = &added(&result, "score")[row];
        let number = score.parse::<f64>().is_ok_and(|s| (0.0..=1.0).contains(&s));
        assert_eq!(number, matches!(status.as_str(), "resolved" | "ambiguous"), "row {row}: {result}");
    }
}

#[test]
fn a_dubious_value_is_ambiguous_and_still_shows_its_best_guess() {
    let result = run(&["--column", "place"], "place\nSpringfield\nSan José\n");
    assert_eq!(added(&result, "status")[0], "ambiguous", "{result}");
    assert!(added(&result, "id")[0].starts_with("gn:"), "{result}");
}

#[test]
fn the_prefix_is_as_asked() {
    let (header, _) = run(&["--column", "place", "--prefix", "loc."], TABLE).csv();
    assert_eq!(header[2..5], ["loc.id", "loc.label", "loc.status"]);
    let (header, _) = run(&["--column", "place", "--prefix", ""], TABLE).csv();
    assert_eq!(header[2], "id");
}

#[test]
fn a_country_column_decides_by_name_code_or_variant() {
    let table =
        "place,land\nParis,US\nParis,United States\nParis,США\nParis,USA\nParis,FR\nParis,\nParis,Atlantis Minor\n";
    let result = run(&["--column", "place", "--country-column", "land"], table);
    let (texas, france) = ("gn:4717560", "gn:2988507");
    // Where nothing is said, the other rows speak for the United States.
    assert_eq!(added(&result, "id"), [texas, texas, texas, texas, france, texas, france], "{result}");
    let alone = run(&["--column", "place", "--country-column", "land", "--context", "row"], table);
    assert_eq!(added(&alone, "id"), [texas, texas, texas, texas, france, france, france], "{alone}");
    assert_eq!(added(&alone, "status")[6], "ambiguous", "a country that is not known leaves a doubt: {alone}");
    let told = with_input(["normalize", "-", "--column", "place", "--country-column", "land"], table);
    assert!(told.err.contains("1 different values have a context that is not known"), "{told}");
}

#[test]
fn a_unit_column_decides() {
    let table = "place,unit\nParis,Texas\nParis,TX\nParis,Île-de-France\nSpringfield,Illinois\nSpringfield,Missouri\n";
    let result = run(&["--column", "place", "--admin-column", "unit"], table);
    assert_eq!(
        added(&result, "id"),
        ["gn:4717560", "gn:4717560", "gn:2988507", "gn:4250542", "gn:4409896"],
        "{result}"
    );
}

#[test]
fn a_context_that_contradicts_the_name_makes_it_doubtful() {
    let result = run(&["--column", "place", "--country-column", "c"], "place,c\nXankəndi,BR\n");
    assert_eq!(added(&result, "status"), ["ambiguous"], "{result}");
    assert_eq!(added(&result, "id"), ["gn:146970"], "{result}");
}

#[test]
fn strict_ends_with_three_when_a_value_is_doubtful() {
    assert_eq!(run(&["--column", "place", "--strict"], TABLE).code, Some(3));
    assert_eq!(run(&["--column", "place", "--strict"], "place\nBaku\n\"\"\nKyiv\n").code, Some(0));
    assert_eq!(run(&["--column", "place", "--strict"], "place\nSpringfield\n").code, Some(3));
    assert_eq!(run(&["--column", "place"], TABLE).code, Some(0));
    let result = run(&["--column", "place", "--strict"], TABLE);
    assert_eq!(added(&result, "id").len(), 6, "the table is written all the same: {result}");
}

#[test]
fn the_summary_counts_rows_and_different_values() {
    let told = with_input(["normalize", "-", "--column", "place"], TABLE);
    assert!(told.err.contains("6 rows, 5 different values"), "{told}");
    for (what, count) in [("resolved", 3), ("ambiguous", 1), ("unmatched", 1), ("empty", 1)] {
        let line =
            told.err.lines().find(|line| line.trim_start().starts_with(what)).unwrap_or_else(|| panic!("{told}"));
        assert_eq!(line.split_whitespace().nth(1), Some(&*count.to_string()), "{told}");
    }
    assert_eq!(run(&["--column", "place"], TABLE).err, "", "--quiet says nothing");
}

#[test]
fn untouched_cells_keep_their_bytes() {
    for table in [
        "place,note\nBaku,\"quoted, with a comma\"\n\"Kyiv\",\"a \"\"quote\"\" inside\"\n",
        "place,note\r\nBaku,x\r\n\"Kyiv\",y\r\n",
        "place,note\nBaku,\"two\nlines\"\nKyiv,\"two\r\nlines\"\n",
        "place,note\nBaku, spaces around  \nKyiv,\t\n",
        "place,note\n\nBaku,x\n\n\nKyiv,y\n\n",
        "place,note\r\n\r\nBaku,x\r\n\r\nKyiv,y\r\n\r\n",
        "place,note\nBaku,last line without an end",
        "place,note\nBaku,\"\"\nKyiv,\n",
        "\u{feff}place,note\nBaku,x\n",
        "place;note\nBaku;a,b\n",
        "place\tnote\nBaku\ta,b\n",
        "place|note\nBaku|a,b\n",
        "note,place\nx,Baku\nmixed,Kyiv\r\nends,Tbilisi\n",
        "place\nBaku\n\"Kyiv\"\n",
        "place,note\nBaku,\0\nKyiv,\u{1}\u{7f}\n",
    ] {
        let result = run(&["--column", "place"], table);
        assert_eq!(without_added(&result.out, table.as_bytes()).as_deref(), Ok(table.as_bytes()), "{result}");
        assert!(String::from_utf8_lossy(&result.out).contains("gn:587084"), "{result}");
    }
}

#[test]
fn bytes_that_are_no_utf8_are_kept_and_counted() {
    let table = b"place,note\nBaku,caf\xe9\nK\xf6ln,x\nKyiv,\xff\xfe\n".to_vec();
    let told = with_input(["normalize", "-", "--column", "place"], &table);
    assert_eq!(told.code, Some(0), "{told}");
    assert_eq!(without_added(&told.out, &table).as_deref(), Ok(&table[..]), "{told}");
    assert!(told.err.contains("1 rows are not UTF-8"), "{told}");
    assert!(String::from_utf8_lossy(&told.out).contains("gn:587084"), "{told}");
}

/// Takes the nine added cells out of an output again, told where the records end by the input.
///
/// It goes through both side by side: where the output goes on differently, it must be by a delimiter and nine cells.
fn without_added(output: &[u8], input: &[u8]) -> Result<Vec<u8>, String> {
    let first_line = input.split(|&b| b == b'\n').next().unwrap_or_default();
    without_cells(output, input, *first_line.iter().find(|b| b",;\t|".contains(b)).unwrap_or(&b','))
}

fn without_cells(output: &[u8], input: &[u8], delimiter: u8) -> Result<Vec<u8>, String> {
    let (mut at, mut kept, mut quoted) = (0, Vec::new(), false);
    let mut content = false;
    let starts = input.iter().copied().map(Some).chain([None]);
    for byte in starts {
        let ends = !quoted && matches!(byte, Some(b'\n' | b'\r') | None);
        if ends && content {
            at = skip_cells(output, at, delimiter)?;
            content = false;
        }
        let Some(byte) = byte else { break };
        if output.get(at) != Some(&byte) {
            return Err(format!("at byte {at} stands {:?} instead of {:?}", output.get(at), byte as char));
        }
        quoted ^= byte == b'"';
        content |= !matches!(byte, b'\n' | b'\r');
        kept.push(byte);
        at += 1;
    }
    if at != output.len() {
        return Err(format!("{} bytes are left over", output.len() - at));
    }
    Ok(kept)
}

/// The place behind nine cells, each with a delimiter before it.
fn skip_cells(output: &[u8], mut at: usize, delimiter: u8) -> Result<usize, String> {
    for cell in 0..ADDED.len() {
        if output.get(at) != Some(&delimiter) {
            return Err(format!("at byte {at} stands {:?} instead of added cell {cell}", output.get(at)));
        }
        at += 1;
        let mut quoted = false;
        while let Some(&byte) = output.get(at) {
            if !quoted && (byte == delimiter || byte == b'\n' || byte == b'\r') {
                break;
            }
            quoted ^= byte == b'"';
            at += 1;
        }
    }
    Ok(at)
}

/// A random table: its bytes, its delimiter, and the values of its first column.
#[derive(Clone, Debug)]
struct Random {
    bytes: Vec<u8>,
    delimiter: u8,
    values: Vec<String>,
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec!["Baku", "Xankəndi", "Paris", "Kyiv", "x", "12", "a b", "Şuşa", "東京"]).prop_map(str::to_owned),
        2 => "[a-zA-Zəğş ,;\t|'\"\n\r-]{0,12}",
        1 => "\\PC{0,10}",
        1 => Just(String::new()),
    ]
}

fn written(cell: &str, delimiter: u8, quote: bool) -> String {
    let must = cell.bytes().any(|b| b == delimiter || matches!(b, b'"' | b'\n' | b'\r'));
    if must || quote { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn random_table() -> impl Strategy<Value = Random> {
    let columns = 1..5usize;
    let rows = columns.prop_flat_map(|columns| {
        let row = prop::collection::vec((cell(), any::<bool>()), columns);
        prop::collection::vec((row, 0..3usize), 0..12)
    });
    let style = (
        prop::sample::select(b",;\t|".to_vec()),
        prop::sample::select(vec!["\n", "\r\n"]),
        any::<bool>(),
        any::<bool>(),
    );
    (rows, style).prop_map(|(rows, (delimiter, end, bom, last_end))| {
        let columns = rows.first().map_or(2, |(row, _)| row.len());
        let joint = (delimiter as char).to_string();
        let header = (0..columns).map(|n| if n == 0 { "place".to_owned() } else { format!("c{n}") });
        let mut text = if bom { "\u{feff}".to_owned() } else { String::new() };
        text.push_str(&header.collect::<Vec<_>>().join(&joint));
        text.push_str(end);
        let mut values = Vec::new();
        let count = rows.len();
        for (number, (row, blank)) in rows.into_iter().enumerate() {
            // An empty row of one column is a blank line, which is no row: it has to be quoted.
            let cells =
                row.iter().map(|(cell, quote)| written(cell, delimiter, *quote || columns == 1 && cell.is_empty()));
            text.push_str(&end.repeat(blank.saturating_sub(1)));
            text.push_str(&cells.collect::<Vec<_>>().join(&joint));
            if last_end || number + 1 < count {
                text.push_str(end);
            }
            values.push(row[0].0.clone());
        }
        Random { bytes: text.into_bytes(), delimiter, values }
    })
}

fn normalized(table: &[u8], options: &Options) -> allonym::Result<(Vec<u8>, allonym::table::Summary)> {
    let mut out = Vec::new();
    let summary = normalize(bundled(), table, &mut out, options)?;
    Ok((out, summary))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_the_added_columns_the_output_is_the_input_byte_for_byte(table in random_table()) {
        let mut options = Options::new("place");
        options.delimiter = Some(table.delimiter);
        let (out, summary) = normalized(&table.bytes, &options).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(summary.rows as usize, table.values.len());
        let back = without_cells(&out, &table.bytes, table.delimiter).map_err(TestCaseError::fail)?;
        prop_assert_eq!(back, table.bytes);
        // And a reader of CSV finds the same values in the first column.
        let skip = if out.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
        let mut reader = csv::ReaderBuilder::new().delimiter(table.delimiter).from_reader(&out[skip..]);
        let read: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
        let read = read.map_err(|e| TestCaseError::fail(e.to_string()))?;
        let read: Vec<String> = read.iter().map(|row| row[0].to_owned()).collect();
        prop_assert_eq!(read, table.values);
    }

    #[test]
    fn any_bytes_at_all_are_refused_in_words_or_written_with_every_byte_in_its_place(
        bytes in prop::collection::vec(prop_oneof![3 => prop::sample::select(b"a,\"\n\r;\xff\0 ".to_vec()), 1 => any::<u8>()], 0..200),
        flexible: bool,
    ) {
        let mut table = b"place,b\n".to_vec();
        table.extend(&bytes);
        let mut options = Options::new("place");
        options.flexible = flexible;
        match normalized(&table, &options) {
            Ok((out, _)) => {
                let mut rest = out.iter();
                prop_assert!(table.iter().all(|byte| rest.any(|other| other == byte)), "bytes were lost: {:?}", out);
            }
            Err(e) => {
                prop_assert!(!flexible, "a flexible run refuses nothing: {e}");
                prop_assert!(e.to_string().contains("row"), "{e}");
            }
        }
    }
}

#[test]
fn a_table_larger_than_any_buffer_comes_out_row_for_row() {
    for end in ["\n", "\r\n"] {
        let mut table = format!("n,place,note{end}");
        let places = ["Baku", "Kyiv", "\"Xankəndi\"", "", "Tbilisi"];
        for n in 0..450_000 {
            let note = if n % 7 == 0 { format!("\"two{end}lines, {n}\"") } else { format!("note {n}") };
            table.push_str(&format!("{n},{},{note}{end}", places[n % places.len()]));
        }
        assert!(table.len() > 9_000_000, "more than two buffers");
        let result = run(&["--column", "place"], &table);
        assert_eq!(result.code, Some(0), "{result}");
        let back = without_added(&result.out, table.as_bytes());
        assert!(back.as_deref() == Ok(table.as_bytes()), "{:?}", back.err());
        let ids = added(&result, "id");
        assert_eq!(ids.len(), 450_000);
        let expected = ["gn:587084", "gn:703448", "gn:146970", "", "gn:611717"];
        assert!(ids.iter().enumerate().all(|(n, id)| id == expected[n % 5]));
    }
}

#[test]
fn a_cell_of_ten_megabytes_is_carried_through() {
    let long = "x".repeat(10_000_000);
    for (table, id) in [
        (format!("place,note\nBaku,{long}\nKyiv,y\n"), "gn:703448"),
        (format!("place,note\nBaku,\"{long}\n{long}\"\nKyiv,y\n"), "gn:703448"),
        (format!("place,note\n{long},x\nKyiv,y\n"), "gn:703448"),
        (format!("place,{long}\nBaku,x\nKyiv,y\n"), "gn:703448"),
    ] {
        let result = run(&["--column", "place"], &table);
        assert_eq!(result.code, Some(0), "{:.300}", result.err);
        let back = without_added(&result.out, table.as_bytes());
        assert!(back.as_deref() == Ok(table.as_bytes()), "{:?}", back.err());
        assert_eq!(added(&result, "id")[1], id);
    }
}

#[test]
fn a_name_of_ten_thousand_characters_is_unmatched() {
    let result = run(&["--column", "place"], format!("place\n{}\nKyiv\n", "ə".repeat(10_000)));
    assert_eq!(added(&result, "status"), ["unmatched", "resolved"], "{result}");
}

#[test]
fn an_empty_file_is_refused_and_an_empty_table_is_not() {
    for input in ["", "\u{feff}", "\n", "\r\n\n"] {
        run(&["--column", "place"], input).refused(1, &["empty"]);
    }
    assert_eq!(run(&["--column", "place"], "place\n").done().lines().count(), 1);
    assert!(run(&["--column", "place"], "n,place").done().starts_with("n,place,place_id,"));
    assert_eq!(run(&["--column", "place"], "place\r\n\r\n\r\n").done().lines().count(), 3, "blank lines stay");
}

#[test]
fn utf16_and_older_encodings_are_read_and_written_as_utf8() {
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}place,n\nBakı,\"1\"\nҚарағанды,2\n".encode_utf16().flat_map(unit).collect()
    };
    for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        let told = with_input(["normalize", "-", "--column", "place"], &bytes);
        assert_eq!(added(&told, "id"), ["gn:587084", "gn:609655"], "{told}");
        assert!(told.text().contains("Bakı,\"1\",gn:587084"), "{told}");
        assert!(told.err.contains("UTF-16"), "{told}");
    }
    let latin = b"place\nM\xe9rida\nK\xf6ln\n";
    let result = run(&["--column", "place", "--encoding", "latin1"], latin);
    assert_eq!(added(&result, "id")[1], "gn:2886242", "{result}");
    assert!(result.text().contains("Mérida,"), "{result}");
    run(&["--column", "place", "--encoding", "klingon"], latin).refused(2, &["klingon", "latin1"]);
}

#[test]
fn ragged_rows_are_refused_with_file_and_row() {
    let dir = folder();
    let path = file(&dir, "ragged.csv", "n,place,note\n1,Baku,x\n2,Kyiv,y\n3,Tbilisi\n");
    let out = dir.path().join("out.csv");
    let result = allonym(["normalize", &path, "--column", "place", "-o", out.to_str().expect("a path")]);
    result.refused(1, &["ragged.csv", "row 3", "2 cells", "3", "flexible"]);
    assert!(!out.exists(), "no half of a table is left");
    assert_eq!(fs::read_dir(dir.path()).expect("the folder").count(), 1, "nothing else is left");
    run(&["--column", "place"], "place\nBaku\nKyiv,x\n").refused(1, &["row 2", "2 cells"]);
}

#[test]
fn a_row_far_down_is_told_by_its_number() {
    let mut table = "n,place\n".to_owned();
    for n in 1..=700_000 {
        table.push_str(&format!("{n},Baku\n"));
    }
    table.push_str("700001,Kyiv,y\n");
    run(&["--column", "place"], &table).refused(1, &["row 700001"]);
}

#[test]
fn flexible_fills_short_rows_up_and_keeps_the_surplus_at_the_end() {
    let table = "n,place,note\n1,Baku\n2,Kyiv,y,more,\"and, more\"\n3,Tbilisi,z\n4\n";
    let result = run(&["--column", "place", "--flexible"], table);
    let lines: Vec<String> = result.done().lines().map(str::to_owned).collect();
    assert!(lines[1].starts_with("1,Baku,,gn:587084,"), "{result}");
    assert!(lines[2].starts_with("2,Kyiv,y,gn:703448,") && lines[2].ends_with(",more,\"and, more\""), "{result}");
    assert!(lines[3].starts_with("3,Tbilisi,z,gn:611717,"), "{result}");
    assert!(lines[4].starts_with("4,,,,,empty"), "{result}");
    let told = with_input(["normalize", "-", "--column", "place", "--flexible"], table);
    assert!(told.err.contains("3 rows have not as many cells as the header"), "{told}");
}

#[test]
fn a_quote_inside_a_cell_does_not_hide_where_the_surplus_begins() {
    let result = run(&["--column", "place", "--flexible"], "size,place\n5\" pipe,Baku,surplus\n");
    let text = result.done();
    let line = text.lines().nth(1).unwrap_or_default();
    assert!(line.starts_with("5\" pipe,Baku,gn:587084,") && line.ends_with(",surplus"), "{result}");
}

#[test]
fn a_quote_that_is_never_closed_loses_nothing() {
    let table = "place,note\nBaku,x\n\"Kyiv,y\nTbilisi,z\n";
    let result = run(&["--column", "place", "--flexible"], table);
    let mut rest = result.out.iter();
    assert!(table.bytes().all(|byte| rest.any(|&other| other == byte)), "{result}");
    run(&["--column", "place"], table).refused(1, &["row 2"]);
}

#[test]
fn a_column_that_is_not_there_is_told_with_the_nearest() {
    let dir = folder();
    let path = file(&dir, "t.csv", "Place,country,note\nBaku,AZ,x\n");
    allonym(["normalize", &path, "--column", "place"]).refused(2, &["t.csv", "'place'", "did you mean 'Place'?"]);
    allonym(["normalize", &path, "--column", "Plaec"]).refused(2, &["'Plaec'", "did you mean 'Place'?"]);
    allonym(["normalize", &path, "--column", "xyz"]).refused(2, &["'xyz'", "Place, country, note"]);
    allonym(["normalize", &path, "--column", "Place", "--country-column", "contry"])
        .refused(2, &["'contry'", "did you mean 'country'?"]);
    allonym(["normalize", &path, "--column", "Place", "--admin-column", "notes"])
        .refused(2, &["'notes'", "did you mean 'note'?"]);
    allonym(["normalize", &path, "--column", ""]).refused(2, &["''"]);
    allonym(["normalize", &path]).ill_formed(&["--column"]);
}

#[test]
fn a_header_of_a_thousand_columns_is_not_recited() {
    let header: Vec<String> = (0..5000).map(|n| format!("column{n}")).collect();
    let result = run(&["--column", "place"], format!("{}\n", header.join(",")));
    result.refused(2, &["'place'"]);
    assert!(result.err.len() < 4000, "{} bytes", result.err.len());
}

#[test]
fn a_doubled_column_is_refused_where_it_is_the_one() {
    run(&["--column", "place"], "place,place\nBaku,Kyiv\n").refused(2, &["more than one column", "'place'", "number"]);
    let other = run(&["--column", "place"], "place,x,x\nBaku,1,2\n");
    assert_eq!(added(&other, "id"), ["gn:587084"], "{other}");
}

#[test]
fn a_column_that_would_be_doubled_by_the_added_ones_is_refused() {
    let once = run(&["--column", "place"], TABLE).done();
    run(&["--column", "place"], &once).refused(2, &["'place_id'", "prefix"]);
    let twice = run(&["--column", "place", "--prefix", "second_"], &once);
    assert_eq!(added(&twice, "id").len(), 6, "{twice}");
}

#[test]
fn the_delimiter_is_told_from_the_header_quotes_aside() {
    for (table, delimiter) in [
        ("n;place\n1;Baku\n", ';'),
        ("n\tplace\n1\tBaku\n", '\t'),
        ("n|place\n1|Baku\n", '|'),
        ("n,place\n1,Baku\n", ','),
        ("\"n, or number, if any\";place\n1;Baku\n", ';'),
        ("n;place;\"price, in euro\"\n1;Baku;\"1,5\"\n", ';'),
        ("\u{feff}n;place\r\n1;Baku\r\n", ';'),
    ] {
        let text = run(&["--column", "place"], table).done();
        let line = text.lines().nth(1).unwrap_or_default();
        assert!(line.contains(&format!("Baku{delimiter}")) && line.contains("gn:587084"), "{table:?}: {text}");
    }
}

#[test]
fn the_delimiter_is_as_asked() {
    for (name, letter) in [("tab", "\t"), ("\\t", "\t"), (";", ";"), ("^", "^")] {
        let table = format!("a,b{letter}place\n1,2{letter}Baku\n");
        let text = run(&["--column", "place", "--delimiter", name], &table).done();
        assert!(text.contains(&format!("1,2{letter}Baku{letter}gn:587084")), "{text}");
    }
    for delimiter in ["", "ab", "\"", "ə"] {
        run(&["--column", "place", "--delimiter", delimiter], "place\n").refused(2, &["delimiter"]);
    }
}

#[test]
fn a_delimiter_inside_an_added_cell_is_quoted() {
    // Labels and variants may hold commas and semicolons; a reader of CSV must find them whole.
    let names = ["Washington, D.C.", "Baku", "Bonn"];
    for delimiter in [",", ";", ".", "-", "a"] {
        let table: String = format!("place\n{}", names.map(|n| format!("\"{n}\"\n")).concat());
        let result = run(&["--column", "place", "--delimiter", delimiter], table);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter.as_bytes()[0]).from_reader(&result.out[..]);
        for record in reader.records() {
            assert_eq!(record.unwrap_or_else(|e| panic!("{e}: {result}")).len(), 10, "{result}");
        }
    }
}

#[test]
fn packed_files_are_read_as_they_are() {
    let dir = folder();
    let zst = zstd::encode_all(TABLE.as_bytes(), 3).expect("zstd packs");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(TABLE.as_bytes()).expect("gzip packs");
    let plain = run(&["--column", "place"], TABLE).done();
    for path in [
        file(&dir, "t.csv.zst", &zst),
        file(&dir, "t.csv.gz", gz.finish().expect("gzip packs")),
        file(&dir, "t.csv", TABLE),
    ] {
        assert_eq!(allonym(["normalize", &path, "--column", "place", "--quiet"]).done(), plain);
    }
    let long = zstd::encode_all(TABLE.repeat(20_000).as_bytes(), 3).expect("zstd packs");
    let cut = file(&dir, "cut.csv.zst", &long[..long.len() / 2]);
    let result = allonym(["normalize", &cut, "--column", "place", "--flexible"]);
    assert_eq!(result.code, Some(1), "{result}");
    result.says(&["cut.csv.zst"]);
}

#[test]
fn a_file_that_is_not_there_or_a_directory_is_named() {
    let dir = folder();
    let path = dir.path().to_str().expect("a path");
    let missing = format!("{path}/missing.csv");
    allonym(["normalize", &missing, "--column", "place"]).refused(1, &["missing.csv", "no such file"]);
    allonym(["normalize", path, "--column", "place"]).refused(2, &[path, "directory"]);
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let dir = folder();
    let table = file(&dir, "t.csv", TABLE);
    let nowhere = dir.path().join("no/such/folder/out.csv");
    let result = allonym(["normalize", &table, "--column", "place", "-o", nowhere.to_str().expect("a path")]);
    result.refused(1, &["out.csv", "no such file"]);
    let taken = dir.path().join("taken");
    fs::create_dir(&taken).expect("a folder");
    let result = allonym(["normalize", &table, "--column", "place", "-o", taken.to_str().expect("a path")]);
    assert_eq!(result.code, Some(1), "{result}");
    result.says(&["taken", "directory"]);
    let left: Vec<_> = fs::read_dir(dir.path()).expect("the folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(left.len(), 2, "nothing else is left: {left:?}");
}

#[test]
fn the_output_may_be_the_input_and_a_failure_leaves_it_alone() {
    let dir = folder();
    let path = file(&dir, "t.csv", TABLE);
    allonym(["normalize", &path, "--column", "nowhere", "-o", &path]).refused(2, &["nowhere"]);
    assert_eq!(fs::read_to_string(&path).expect("the file"), TABLE);
    allonym(["normalize", &path, "--column", "place", "-q", "-o", &path]).done();
    assert_eq!(fs::read_to_string(&path).expect("the file"), run(&["--column", "place"], TABLE).done());
}

/// What is no file (a pipe, /dev/null) is written to and not replaced; a link stays a link.
#[cfg(unix)]
#[test]
fn an_output_that_is_no_file_stays_what_it_is() {
    let dir = folder();
    let table = file(&dir, "t.csv", TABLE);
    let wanted = run(&["--column", "place"], TABLE).done();
    let run = shell(&format!(
        "cd '{}' && mkfifo pipe && {{ cat pipe > got.csv & }} && \"$ALLONYM\" normalize -q '{table}' --column place -o pipe \
         && wait && test -p pipe && cat got.csv",
        dir.path().display()
    ));
    assert_eq!(run.done(), wanted);
    let (real, link) = (dir.path().join("real.csv"), dir.path().join("link.csv"));
    fs::write(&real, "old").expect("a file");
    std::os::unix::fs::symlink(&real, &link).expect("a link");
    allonym(["normalize", "-q", &table, "--column", "place", "-o", link.to_str().expect("a path")]).done();
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    assert_eq!(fs::read_to_string(&real).expect("the file"), wanted);
}

#[test]
fn standard_output_and_a_file_get_the_same_bytes() {
    let dir = folder();
    let out = dir.path().join("out.csv");
    let to_file = run(&["--column", "place", "-o", out.to_str().expect("a path")], TABLE);
    assert_eq!(to_file.done(), "", "nothing goes to standard output");
    assert_eq!(fs::read(&out).expect("the file"), run(&["--column", "place"], TABLE).out);
}

#[test]
fn a_closed_pipe_is_quiet_and_a_full_device_is_not() {
    let table = format!("place\n{}", "Baku\n".repeat(100_000));
    let result = unread(&["normalize", "-", "--column", "place"], table.as_bytes());
    assert_eq!((result.code, &*result.err), (Some(0), ""), "{result}");
    shell("printf 'place\\nBaku\\n' | \"$ALLONYM\" normalize - --column place > /dev/full")
        .refused(1, &["no space left on device"]);
}

#[test]
fn the_number_of_threads_does_not_change_the_answer() {
    let table = format!("place\n{}", "Baku\nParis\nSpringfield\nStepanakerg\nQqzzxx\n".repeat(500));
    assert_eq!(
        run(&["--column", "place", "--jobs", "1"], &table).out,
        run(&["--column", "place", "--jobs", "4"], &table).out
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_leaves_no_file_under_the_name_of_the_output() {
    let dir = folder();
    let out = dir.path().join("out.csv");
    fs::write(&out, "what was there before\n").expect("a file");
    let mut child = std::process::Command::new(common::BINARY)
        .args(["normalize", "-", "--quiet", "--column", "place", "-o", out.to_str().expect("a path")])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("the command");
    let mut input = child.stdin.take().expect("a pipe");
    let rows = "place\nBaku\nKyiv\n".to_owned() + &"Tbilisi\n".repeat(1 << 20);
    input.write_all(rows.as_bytes()).expect("it reads");
    let part = |dir: &std::path::Path| {
        let names = fs::read_dir(dir).expect("the folder").map(|e| e.expect("an entry").file_name());
        names.filter(|name| name.to_string_lossy().contains(".part-")).count()
    };
    assert_eq!(part(dir.path()), 1, "it writes beside the file");
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    assert_eq!(fs::read_to_string(&out).expect("the file"), "what was there before\n");
}

/// Whether under the same path, another spelling of it or a hard link.
#[test]
fn outputs_never_overwrite_an_input_or_each_other() {
    let dir = folder();
    let table = file(&dir, "in.csv", TABLE);
    let decisions = "column,value,choose\nplace,Kyiv,gn:703448\n";
    file(&dir, "d.csv", decisions);
    fs::hard_link(&table, dir.path().join("linked.csv")).expect("a hard link");
    let cases: [(&[&str], &str, &str); 7] = [
        (&["--review", "in.csv"], "the table", "--review"),
        (&["--summary", "in.csv"], "the table", "--summary"),
        (&["--review", "linked.csv"], "the table", "--review"),
        (&["--decisions", "d.csv", "-o", "./d.csv"], "--decisions", "-o"),
        (&["--decisions", "d.csv", "--summary", "../FOLDER/d.csv"], "--decisions", "--summary"),
        (&["-o", "./y.csv", "--review", "y.csv"], "--review", "-o"),
        (&["--summary", "y.csv", "--review", "../FOLDER/y.csv"], "--review", "--summary"),
    ];
    let name = dir.path().file_name().expect("a name").to_string_lossy().into_owned();
    for (options, first, second) in cases {
        let options: Vec<String> = options.iter().map(|option| option.replace("FOLDER", &name)).collect();
        let script = format!(
            "cd '{}' && \"$ALLONYM\" normalize in.csv --column place {}",
            dir.path().display(),
            options.join(" ")
        );
        let run = shell(&script);
        run.refused(2, &[first, second, "name another file"]);
        let mut files: Vec<_> =
            fs::read_dir(dir.path()).expect("the folder").map(|e| e.expect("an entry").file_name()).collect();
        files.sort();
        assert_eq!(files, ["d.csv", "in.csv", "linked.csv"], "{run}");
        assert_eq!(fs::read_to_string(&table).expect("the table"), TABLE, "{run}");
        assert_eq!(fs::read_to_string(dir.path().join("d.csv")).expect("the decisions"), decisions, "{run}");
    }
}

#[cfg(unix)]
#[test]
fn a_replaced_output_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    let out = file(&dir, "out.csv", "old");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o640)).expect("it is ours");
    run(&["--column", "place", "-o", &out], TABLE).done();
    assert_eq!(fs::metadata(&out).expect("the file").permissions().mode() & 0o777, 0o640);
}
