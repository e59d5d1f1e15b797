//! A user's own gazetteer: `index build --add`.

mod common;

use std::fs;

use allonym::Gazetteer;
use allonym::source::own::{Own, columns};
use allonym::source::{self, Data};
use common::{allonym, folder, small_data, with_index};

fn read(text: &str) -> Own {
    Own::read("mine.csv", text.as_bytes(), &Vec::new()).expect("a table")
}

#[test]
fn people_of_the_example_are_found_by_every_name() {
    let dir = folder();
    let index = dir.path().join("people");
    allonym(
        ["index", "build", "--only", "--add", "examples/people.csv", "--quiet", "--output"]
            .map(String::from)
            .into_iter()
            .chain([index.display().to_string()]),
    )
    .done();
    for (name, id) in
        [("鄭和", "people:2"), ("郑和", "people:2"), ("Эвлия Челеби", "people:3"), ("cheng ho", "people:2")]
    {
        let found = with_index(&index, ["lookup", name, "--format", "csv"]).text();
        assert!(found.contains(id), "{name}: {found}");
    }
    assert!(!with_index(&index, ["lookup", "Baku", "--format", "csv"]).text().contains("gn:"), "only what was added");
}

#[test]
fn rows_of_one_id_are_one_entity_and_no_name_is_lost() {
    let own = read("id,name,lang,variants\n1,Agdam,en,Aghdam;Ağdam|Ագդամ\n2,Lachin,en,\n1,Akna,hy-Latn,\n");
    assert!(own.faults.is_empty(), "{:?}", own.faults);
    let names: Vec<&str> = own.entities[0].names.iter().map(|name| name.text.as_str()).collect();
    assert_eq!(own.entities[0].id, "mine:1");
    assert_eq!(names, ["Agdam", "Aghdam", "Ağdam", "Ագդամ", "Akna"]);
    assert_eq!(own.entities.len(), 2);
}

#[test]
fn a_table_reads_the_same_with_tabs_semicolons_and_other_headers() {
    let comma = read("id,name,country\n7,Shusha,AZ\n");
    let tab = Own::read("mine.tsv", b"ID\tName\tCountry\r\n7\tShusha\taz\r\n", &Vec::new()).expect("a table");
    let map = columns("id=Kod,name=Ad").expect("columns");
    let semicolon = Own::read("mine.txt", "\u{feff}Kod;Ad;country\n7;Shusha;AZ\n".as_bytes(), &map).expect("a table");
    assert_eq!(comma.entities, tab.entities);
    assert_eq!(comma.entities, semicolon.entities);
}

#[test]
fn what_the_data_has_gets_more_names_by_its_id_and_by_same_as() {
    let dir = folder();
    let data = small_data();
    let first = {
        let mut first = None;
        source::entities(&data, |entity| {
            first.get_or_insert(entity);
            Ok(())
        })
        .expect("entities");
        first.expect("an entity")
    };
    let by_id = read(&format!("id,name,lang\n{},Brandnewname,en\n", first.id));
    let by_same = read(&format!("id,name,same_as,parent\nx,Othernewname,{},nobody:1\n", first.id));
    let tables = [by_id, by_same];
    gazetteer_of(&Data { own: &tables, ..data }, dir.path(), |gazetteer| {
        let entity = gazetteer.get(&first.id).expect("the entity is there");
        let names: Vec<String> = entity.names().map(|name| name.text().to_owned()).collect();
        for name in first.names.iter().map(|name| name.text.as_str()).chain(["Brandnewname", "Othernewname"]) {
            assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
        }
        assert_eq!(entity.label(), first.names[0].text, "the label stays");
        assert!(entity.details().same_as.contains(&"mine:x".to_owned()));
        assert!(gazetteer.get("mine:x").is_none(), "one place, one id");
    });
}

fn gazetteer_of(data: &Data<'_>, dir: &std::path::Path, look: impl FnOnce(&Gazetteer)) {
    allonym::gazetteer::build(data, dir, &|_| {}).expect("an index");
    look(&Gazetteer::open(dir).expect("a gazetteer"));
}

#[test]
fn faulty_rows_are_left_out_counted_and_told_with_their_line() {
    let own = read(
        "id,name,lang,country,lat,lon,since\n1,A,en,AZ,40,47,\n,B,en,,,,\n3,,en,,,,\n4,D,klingonish,,,,\n5,E,en,Azerbaijan,,,\n\
         6,F,en,,91,0,\n7,G,en,,,,MMXX\n8,H\n1,A2,en,AM,40,47,\n",
    );
    let lines: Vec<u64> = own.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9, 10], "{:?}", own.faults);
    assert_eq!((own.rows, own.entities.len()), (9, 1));
    assert_eq!(own.entities[0].country.expect("a country").as_str(), "AZ", "the first row is kept");
}

#[test]
fn a_table_that_cannot_be_is_refused_in_a_sentence() {
    let dir = folder();
    let file = |name: &str, text: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    let out = dir.path().join("out").display().to_string();
    let latin = file("latin.csv", b"id,name\n1,Caf\xe9\n");
    let no_id = file("noid.csv", b"Place,Code\nBaku,1\n");
    let faulty = file("faulty.csv", b"id,name\n1,Baku\n2,\n");
    let empty = file("empty.csv", b"id,name\n");
    let good = file("good.csv", b"id,name\n1,Baku\n");
    let rows: [(&[&str], &str); 8] = [
        (&["--add", &latin, "--output", &out], "UTF-8"),
        (&["--add", &no_id, "--output", &out], "--map id=HEADER"),
        (&["--add", &no_id, "--map", "id=Kode,name=Place", "--output", &out], "no column is called 'Kode'"),
        (&["--add", &no_id, "--map", "ident=Code", "--output", &out], "'ident' is no field"),
        (&["--add", &faulty, "--output", &out], "1 of 2 rows are faulty"),
        (&["--add", &empty, "--output", &out], "has no names"),
        (&["--add", &good], "--output"),
        (&["--add", "nowhere.csv", "--output", &out], "nowhere.csv"),
    ];
    for (args, sentence) in rows {
        let run = allonym(["index", "build", "--only"].iter().chain(args));
        assert!(run.code.is_some_and(|code| code != 0) && run.err.contains(sentence), "{args:?}: {}", run.err);
        assert!(!dir.path().join("out").exists(), "nothing is left behind: {args:?}");
    }
    allonym(["index", "build", "--only", "--add", &faulty, "--faulty", "1", "--quiet", "--output", &out]).done();
}
