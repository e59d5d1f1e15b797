//! Who's On First's SQLite distribution, where it is built in: `cargo test --features sqlite --test sqlite`.
#![cfg(feature = "sqlite")]

mod common;

use std::path::Path;

use common::{allonym, first_id, folder, with_index};
use rusqlite::Connection;

const RECORD: &str = r#"{"id":5,"type":"Feature","properties":{"wof:id":5,"wof:name":"Testopolis","wof:placetype":"locality","wof:country":"AZ","name:eng_x_preferred":["Testtown"],"name:hye_x_variant":["Թեստ"],"geom:latitude":39.6,"geom:longitude":46.5},"geometry":null}"#;

fn database(path: &Path, script: &str) {
    Connection::open(path).expect("a database").execute_batch(script).expect("it is filled");
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}

#[test]
fn its_records_are_read_as_they_are() {
    let dir = folder();
    let (file, index) = (dir.path().join("wof.db"), dir.path().join("index"));
    let script = format!(
        "CREATE TABLE geojson (id INTEGER, body TEXT, source TEXT, is_alt BOOLEAN, lastmodified INTEGER);
         INSERT INTO geojson VALUES (5, '{RECORD}', '', 0, 0);"
    );
    database(&file, &script);
    allonym(["index", "build", "--quiet", "--only", "--add", path(&file), "--output", path(&index)]).done();
    for name in ["Testopolis", "Testtown", "Թեստ"] {
        assert_eq!(first_id(&with_index(&index, ["lookup", name]).lines()[0]), "wof:5");
    }
}

#[test]
fn summaries_do_where_there_are_no_records() {
    let dir = folder();
    let (file, index) = (dir.path().join("spr.sqlite"), dir.path().join("index"));
    database(
        &file,
        "CREATE TABLE spr (id INTEGER, parent_id INTEGER, name TEXT, placetype TEXT, country TEXT, latitude REAL, longitude REAL);
         CREATE TABLE names (id INTEGER, placetype TEXT, country TEXT, language TEXT, privateuse TEXT, name TEXT);
         INSERT INTO spr VALUES (5, 9, 'Testopolis', 'locality', 'AZ', 39.6, 46.5), (9, -1, 'Testland', 'region', 'AZ', 40, 47),
             (6, 9, 'Nowhere', 'no such type', 'AZ', 1, 2);
         INSERT INTO names VALUES (5, 'locality', 'AZ', 'rus', 'x_preferred', 'Тестополис');",
    );
    allonym(["index", "build", "--quiet", "--only", "--faulty", "1", "--add", path(&file), "--output", path(&index)])
        .done();
    let found = with_index(&index, ["lookup", "Тестополис"]).lines();
    assert_eq!(first_id(&found[0]), "wof:5");
    assert_eq!(found[0]["candidates"][0]["admin"][0], "Testland");
}

#[test]
fn what_is_no_such_database_is_told() {
    let dir = folder();
    let index = dir.path().join("index");
    let other = dir.path().join("other.db");
    database(&other, "CREATE TABLE t (a);");
    let build = |file: &Path| allonym(["index", "build", "--only", "--add", path(file), "--output", path(&index)]);
    build(&other).refused(1, &["no table 'geojson'", "other.db"]);
    let whole = dir.path().join("whole.db");
    let records: String =
        (0..500).map(|n| format!("INSERT INTO geojson VALUES ({n}, '{RECORD}', '', 0, 0);")).collect();
    database(
        &whole,
        &format!(
            "CREATE TABLE geojson (id INTEGER, body TEXT, source TEXT, is_alt BOOLEAN, lastmodified INTEGER); BEGIN; {records} COMMIT;"
        ),
    );
    let bytes = std::fs::read(&whole).expect("the database");
    let cut = dir.path().join("cut.db");
    std::fs::write(&cut, &bytes[..bytes.len() / 2 + 100]).expect("a file");
    build(&cut).refused(1, &["cut.db", "malformed"]);
    assert!(!index.join("manifest.json").exists());
}
