//! A user's own gazetteer: `index build --add`.

mod common;

use std::fs;

use allonym::Gazetteer;
use allonym::entity::Entity;
use allonym::source::custom::{ConflictKind, CustomGazetteer, ImportOptions, parse_field_map};
use allonym::source::{self, Data};
use common::{allonym, folder, small_data, with_index};

/// Reads a file of this name and content.
fn read_as(name: &str, content: impl AsRef<[u8]>, map: &str) -> CustomGazetteer {
    let dir = folder();
    let path = dir.path().join(name);
    fs::write(&path, content).expect("a file");
    let columns = if map.is_empty() { Vec::new() } else { parse_field_map(map).expect("columns") };
    CustomGazetteer::read(&path, &ImportOptions { columns, ..ImportOptions::default() })
        .unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn read(text: &str) -> CustomGazetteer {
    read_as("mine.csv", text, "")
}

/// The entities that come of files alone.
fn alone(own: &[CustomGazetteer]) -> Vec<Entity> {
    let mut entities = Vec::new();
    source::entities(&Data { world: None, overlays: &[], custom: own, ..small_data() }, |entity| {
        entities.push(entity);
        Ok(())
    })
    .expect("entities");
    entities
}

fn texts(entity: &Entity) -> Vec<&str> {
    entity.names.iter().map(|name| name.text.as_str()).collect()
}

#[test]
fn people_of_the_example_are_found_by_every_name() {
    let dir = folder();
    let index = dir.path().join("people");
    allonym(
        ["index", "build", "--only", "--add", "../../examples/people.csv", "--quiet", "--output"]
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
    let entities = alone(&[own]);
    assert_eq!(entities[0].id, "mine:1");
    assert_eq!(texts(&entities[0]), ["Agdam", "Aghdam", "Ağdam", "Ագդամ", "Akna"]);
    assert_eq!(entities.len(), 2);
}

#[test]
fn a_table_reads_the_same_with_tabs_semicolons_and_other_headers() {
    let comma = read("id,name,country\n7,Shusha,AZ\n");
    let tab = read_as("mine.tsv", "ID\tName\tCountry\r\n7\tShusha\taz\r\n", "");
    let semicolon = read_as("mine.txt", "\u{feff}Kod;Ad;country\n7;Shusha;AZ\n", "id=Kod,name=Ad");
    let comma = alone(&[comma]);
    assert_eq!(comma, alone(&[tab]));
    assert_eq!(comma, alone(&[semicolon]));
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
    gazetteer_of(&Data { custom: &tables, ..data }, dir.path(), |gazetteer| {
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
    assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9], "{:?}", own.faults);
    assert_eq!((own.records, own.faulty), (9, 7));
    let own = [own];
    let entities = alone(&own);
    assert_eq!(entities.len(), 1);
    assert_eq!(entities[0].country.expect("a country").as_str(), "AZ", "the first row is kept");
    let conflicts = own[0].conflicts();
    assert_eq!(conflicts.counts[&ConflictKind::Country], 1);
    assert_eq!(conflicts.examples[0].1.line, 10);
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
        (&["--add", &no_id, "--map", "ident=Code", "--output", &out], "unknown field 'ident'"),
        (&["--add", &faulty, "--output", &out], "1 of 2 rows are faulty"),
        (&["--add", &empty, "--output", &out], "no names"),
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

/// What the program wrote, read back as the only data.
fn exported(index: &std::path::Path, format: &str, file: &str, dir: &std::path::Path) -> Vec<Entity> {
    let path = dir.join(file);
    let args = ["index", "export", "--quiet", "--format", format, "-o", path.to_str().expect("a path")];
    with_index(index, args).done();
    let own = CustomGazetteer::read(&path, &ImportOptions::default()).unwrap_or_else(|e| panic!("{format}: {e}"));
    assert!(own.faults.is_empty(), "{format}: {:?}", own.faults);
    alone(&[own])
}

const HAND: &str = "id,name,lang,kind,feature,country,parent,lat,lon,population,same_as,since,until,by\n\
    x:1,\"Old, Town\",en,official,A.ADM1,AZ,,40.5,47.25,12000,wd:Q5;iso:AZ-X,1905,1991,People\n\
    x:1,Köhnə Şəhər,az,endonym,,,,,,,,-330,,\nx:2,村,zh,,P.PPL,AZ,x:1,40.6,47.3,,,,,\nx:3,نخچوان,fa,historical,,IR,x:2,,,,,,,\n";

#[test]
fn what_is_exported_comes_back() {
    let dir = folder();
    let table = dir.path().join("hand.csv");
    fs::write(&table, HAND).expect("a file");
    let index = dir.path().join("index");
    let before = alone(&[CustomGazetteer::read(&table, &ImportOptions::default()).expect("a table")]);
    let (table, out) = (table.display().to_string(), index.display().to_string());
    allonym(["index", "build", "--quiet", "--only", "--add", &table, "--output", &out]).done();
    for (format, file) in [("csv", "a.csv"), ("geojson", "b.geojson"), ("lpf", "c.json")] {
        assert_eq!(exported(&index, format, file, dir.path()), before, "{format}");
    }
    let rough = exported(&index, "lp-tsv", "d.tsv", dir.path());
    let ids = |all: &[Entity]| all.iter().map(|e| (e.id.clone(), e.parent.clone(), e.point)).collect::<Vec<_>>();
    assert_eq!(ids(&rough), ids(&before));
    for (rough, before) in rough.iter().zip(&before) {
        assert_eq!(texts(rough), texts(before), "LP-TSV keeps every name");
    }
    let run = with_index(&index, ["index", "export", "--country", "IR"]);
    assert!(run.text().contains("x:3") && !run.text().contains("x:1,Old"), "{run}");
    let within = with_index(&index, ["index", "export", "--within", "x:1", "--quiet"]).csv().1;
    assert_eq!(within.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), ["x:1", "x:1", "x:2", "x:3"]);
    with_index(&index, ["lookup", "x", "--format", "lpf"]).refused(2, &["index export"]);
    with_index(&index, ["index", "export", "--format", "html"]).refused(2, &["html"]);
}

#[test]
fn dumps_of_geonames_go_together() {
    let place = |id: &str, name: &str, code: &str, one: &str, two: &str| {
        let (class, code) = code.split_once('.').expect("a feature");
        format!(
            "{id}\t{name}\t{name}\t\t40.1\t47.1\t{class}\t{code}\tAZ\t\t{one}\t{two}\t\t\t5\t\t\tAsia/Baku\t2020-01-01\n"
        )
    };
    let places = [
        place("1", "Village", "P.PPL", "09", "77"),
        place("2", "Unit", "A.ADM1", "09", ""),
        place("3", "District", "A.ADM2", "09", "77"),
        place("4", "Land", "A.PCLI", "00", ""),
    ]
    .concat();
    let names = "1\t1\taz\tKənd\t1\t\t\t\t\t\n2\t1\tru\tДеревня\t\t\t\t1\t1905\t1991\n3\t1\twkdt\tQ99\t\t\t\t\n4\t1\tlink\thttps://x\t\t\t\t\n\
        5\t1\tiata\tXXK\t\t\t\t\n6\t1\tpost\t1000\t\t\t\t\n7\t999\ten\tNobody\t\t\t\t\n8\t1\ten\tVillage\t\t1\t\t\n";
    let own = [
        read_as("AZ.txt", &places, ""),
        read_as("alternateNamesV2.txt", names, ""),
        read_as("hierarchy.txt", "2\t3\tADM\n4\t2\tADM\n2\t4\tADM\n", ""),
        read_as("admin1CodesASCII.txt", "AZ.09\tUnit\tUnit\t2\n", ""),
    ];
    let entities = alone(&own);
    assert_eq!(entities.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["gn:1", "gn:2", "gn:3", "gn:4"]);
    let village = &entities[0];
    assert_eq!(texts(village), ["Village", "Kənd", "Деревня", "XXK"]);
    assert_eq!(village.parent.as_deref(), Some("gn:3"));
    assert_eq!(village.details.same_as, ["wd:Q99"]);
    assert_eq!(
        (village.names[0].lang.as_str(), village.names[2].since, village.names[2].until),
        ("en", Some(1905), Some(1991))
    );
    assert_eq!((entities[1].parent.as_deref(), entities[2].parent.as_deref()), (Some("gn:4"), Some("gn:2")));
    assert_eq!(own[1].skipped.values().sum::<u64>(), 2, "{:?}", own[1].skipped);
    assert_eq!(own[1].conflicts().counts[&ConflictKind::MissingEntity], 1);
    assert_eq!(own[2].conflicts().counts[&ConflictKind::ContainerCycle], 1, "the country lies in no unit of it");
    assert_eq!(entities[3].parent, None);
}

const WOF: &str = r#"{"id":5,"type":"Feature","properties":{"wof:id":5,"wof:name":"Laçın","wof:placetype":"locality","wof:country":"AZ","wof:parent_id":9,"wof:hierarchy":[{"region_id":9,"country_id":7}],"wof:concordances":{"gn:id":147625,"wd:id":"Q1"},"name:eng_x_preferred":["Lachin"],"name:hye_x_variant":["Բերձոր"],"geom:latitude":39.6,"geom:longitude":46.5},"geometry":null}"#;

#[test]
fn records_of_whos_on_first_one_a_line_one_a_file_and_in_folders() {
    let line = read_as("wof.geojsonl", format!("{WOF}\nnot json\n"), "");
    assert_eq!((line.records, line.faults[0].line), (2, 2));
    let line = alone(&[line]);
    assert_eq!((line[0].id.as_str(), line[0].details.same_as.join(" ").as_str()), ("wof:5", "gn:147625 wd:Q1"));
    assert_eq!(line[0].names.iter().map(|n| n.lang.as_str()).collect::<Vec<_>>(), ["", "en", "hy"]);
    let dir = folder();
    fs::create_dir_all(dir.path().join("data/5")).expect("a folder");
    let pretty: serde_json::Value = serde_json::from_str(WOF).expect("JSON");
    fs::write(dir.path().join("data/5/5.geojson"), serde_json::to_string_pretty(&pretty).expect("JSON"))
        .expect("a file");
    fs::write(dir.path().join("data/5/5-alt-x.geojson"), "{").expect("a file");
    fs::write(dir.path().join("README.md"), "x").expect("a file");
    let tree = CustomGazetteer::read(dir.path(), &ImportOptions::default()).expect("a folder of records");
    assert_eq!(alone(&[tree]), line);
}

#[test]
fn the_other_layouts_are_recognized_and_read() {
    let lpf = r#"{"type":"FeatureCollection","@context":"https://x/linkedplaces-context-v1.1.jsonld","features":[
        {"@id":"http://example.org/place/7","type":"Feature","properties":{"title":"Abydos","ccodes":["EG"],"fclasses":["P"]},
         "names":[{"toponym":"Ἄβυδος","lang":"grc","when":{"timespans":[{"start":{"in":"-0330"},"end":{"latest":"640"}}]}}],
         "geometry":{"type":"Point","coordinates":[31.9,26.2]},"links":[{"type":"exactMatch","identifier":"https://www.wikidata.org/wiki/Q192259"}]}]}"#;
    let own = alone(&[read_as("atlas.json", lpf, "")]);
    assert_eq!((own[0].id.as_str(), texts(&own[0])), ("atlas:7", vec!["Abydos", "Ἄβυδος"]));
    assert_eq!(own[0].details.same_as, ["http://example.org/place/7", "wd:Q192259"]);
    assert_eq!((own[0].names[1].since, own[0].names[1].until), (Some(-330), Some(640)));
    let tsv = "id\ttitle\ttitle_source\tfclasses\tstart\tvariants\tmatches\n1\tShusha\tme\tP\t1752\tŞuşa@az;Շուշի@hy-Armn\tgn:147105\n";
    let own = alone(&[read_as("places.tsv", tsv, "")]);
    assert_eq!((texts(&own[0]), own[0].names[0].since), (vec!["Shusha", "Şuşa", "Շուշի"], Some(1752)));
    let pcodes = "ADM2_EN,ADM2_PCODE,ADM1_EN,ADM1_FR,ADM1_PCODE,ADM0_EN,ADM0_PCODE\n#adm2+name,#adm2+code,#adm1+name,,#adm1+code,,\n\
        Agdara,AZ0101,Karabakh,Karabagh,AZ01,Azerbaijan,AZ\nAgdash,AZ0102,Karabakh,Karabagh,AZ01,Azerbaijan,AZ\n";
    let own = alone(&[read_as("aze_admin.csv", pcodes, "")]);
    assert_eq!(
        own.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(),
        ["pcode:AZ", "pcode:AZ01", "pcode:AZ0101", "pcode:AZ0102"]
    );
    assert_eq!(own[2].parent.as_deref(), Some("pcode:AZ01"));
    let geojson = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"Kod":4,"Ad":"Qala","name:ru":"Кала"},
        "geometry":{"type":"Polygon","coordinates":[[[46,39],[48,39],[48,41],[46,41],[46,39]]]}}]}"#;
    let own = alone(&[read_as("sites.geojson", geojson, "id=Kod,name=Ad")]);
    assert_eq!((own[0].id.as_str(), texts(&own[0])), ("sites:4", vec!["Qala", "Кала"]));
    assert_eq!(own[0].point.map(|p| (p.lat, p.lon)), Some((40.0, 47.0)));
}

#[test]
fn what_contradicts_is_told_and_cut_and_nothing_is_lost() {
    let own = [read(
        "id,name,parent,lat,lon,same_as,type\na,A,b,40,47,,\nb,B,c,40,47,,\nc,C,a,40,47,,\nd,D,nobody,40,47,,\ne,E,,10,10,mine:a,\n\
         f,F,,40.1,47,mine:a,\ng,G,,,,mine:a,person\na,A again,,48,47,,\n",
    )];
    let entities = alone(&own);
    let ids: Vec<&str> = entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["mine:a", "mine:b", "mine:c", "mine:d", "mine:e", "mine:g"]);
    assert_eq!(texts(&entities[0]), ["A", "F", "A again"], "f is a");
    assert!(entities[0].details.same_as.contains(&"mine:f".to_owned()));
    let counts = own[0].conflicts().counts;
    let count = |kind| counts.get(&kind).copied().unwrap_or_default();
    assert_eq!(count(ConflictKind::ContainerCycle), 1);
    assert_eq!(count(ConflictKind::MissingContainer), 1);
    assert_eq!(count(ConflictKind::Identity), 2, "too far, and somebody");
    assert_eq!(count(ConflictKind::Point), 1);
}

#[test]
fn archives_that_are_cut_short_and_lines_that_are_too_long_are_told() {
    use std::io::Write;
    let dir = folder();
    let rows: String = (0..5000).map(|n| format!("{n},Place number {}\n", n * 7919)).collect();
    let table = format!("id,name\n{rows}");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(table.as_bytes()).expect("packed");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("places.csv", zip::write::SimpleFileOptions::default()).expect("packed");
    zip.write_all(table.as_bytes()).expect("packed");
    let packed = [
        ("a.csv.gz", gz.finish().expect("packed")),
        ("a.csv.zst", zstd::encode_all(table.as_bytes(), 3).expect("packed")),
        ("a.zip", zip.finish().expect("packed").into_inner()),
    ];
    for (name, bytes) in packed {
        let path = dir.path().join(name);
        fs::write(&path, &bytes).expect("a file");
        let whole = CustomGazetteer::read(&path, &ImportOptions::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(whole.entities, 5000, "{name}");
        for part in [2, 3] {
            fs::write(&path, &bytes[..bytes.len() * (part - 1) / part]).expect("a file");
            let out = dir.path().join("out").display().to_string();
            let run = allonym(["index", "build", "--only", "--add", path.to_str().expect("a path"), "--output", &out]);
            run.refused(1, &[name]);
            assert!(!dir.path().join("out").exists(), "nothing is left behind");
        }
    }
    let long = "x".repeat(100_000);
    let own = read(&format!("id,name\n1,{long}\n2,Short\n{long},Name\n"));
    assert_eq!((own.faulty, own.entities), (2, 1), "{:?}", own.faults.len());
    let path = dir.path().join("AZ.txt");
    fs::write(&path, format!("1\t{long}\n2\tx\n")).expect("a file");
    let layout = Some(allonym::source::custom::Layout::GeoNames);
    let own =
        CustomGazetteer::read(&path, &ImportOptions { layout, ..ImportOptions::default() }).expect("a file of faults");
    assert_eq!((own.faulty, own.records), (2, 2));
    assert_eq!(own.entities, 0);
}

#[test]
fn a_comparison_of_two_builds_tells_what_changed() {
    let dir = folder();
    let build = |name: &str, text: &str| {
        let table = dir.path().join("x.csv");
        fs::write(&table, text).expect("a file");
        let out = dir.path().join(name).display().to_string();
        allonym(["index", "build", "--quiet", "--only", "--add", table.to_str().expect("a path"), "--output", &out])
            .done();
        out
    };
    let old = build("old", "id,name,lat,lon\n1,Alpha,40,47\n2,Beta,41,47\n3,Gamma,42,47\n");
    let new = build("new", "id,name,lat,lon,variants\n1,Alpha,40,47,\n2,Beta Town,41.5,47,Alpha\n4,Delta,42,47,\n");
    let run = allonym(["index", "check", &old, &new, "--format", "json"]);
    let counts = &run.json()["counts"];
    for (what, count) in [
        ("places_added", 1),
        ("places_removed", 1),
        ("names_added", 2),
        ("names_removed", 1),
        ("renamed", 1),
        ("moved", 1),
        ("newly_ambiguous", 1),
    ] {
        assert_eq!(counts[what], count, "{what}: {run}");
    }
    let table = allonym(["index", "check", &old, &new, "--format", "table"]).done();
    assert!(table.contains("x:2 Beta → Beta Town") && table.contains("Alpha: x:1, x:2"), "{table}");
    allonym(["index", "check", &old, "nowhere"]).refused(1, &["nowhere"]);
    assert!(allonym(["--index", &new, "index", "check", &new, "--format", "jsonl"]).done().is_empty());
}

#[test]
fn links_of_linked_places_are_identities_or_only_similar() {
    let feature = |id: u32, links: &str| {
        format!(
            r#"{{"@id":"http://example.org/place/{id}","type":"Feature","properties":{{"title":"Place {id}","ccode":"MX"}},
            "names":[{{"toponym":"Place {id}","lang":"es","when":{{"timespans":[{{"start":1546,"end":-1}}]}},"citation":{{"label":null}}}}],
            "types":[{{"@id":300008389,"label":"Ciudad"}}],"links":{links},
            "geometry":{{"type":"GeometryCollection","geometries":[{{"type":"Point","coordinates":[-101.25,21.02]}}]}},
            "when":{{"timespan":[{{"start":{{"in":""}}}}]}}}}"#
        )
        .replace('\n', "")
    };
    let close = r#"[{"uri":"http://example.org/place/1","type":"closeMatch"},{"type":"closeMatch","identifier":"http://www.geonames.org/4005539"}]"#;
    let exact = r#"[{"type":"exactMatch","identifier":"http://example.org/place/1"}]"#;
    let elsewhere = r#"[{"type":"exactMatch","identifier":"http://other.org/place/1"}]"#;
    let lines = [feature(1, "null"), feature(2, close), feature(3, exact), feature(4, elsewhere)].join("\n");
    let own = read_as("atlas.jsonl", lines, "");
    assert!(own.faults.is_empty(), "{:?}", own.faults);
    let own = alone(&[own]);
    let ids: Vec<&str> = own.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["atlas:1", "atlas:2", "atlas:4"], "3 is 1; a similar place and one of another gazetteer are not");
    assert_eq!((own[0].names[0].since, own[0].names[0].until), (Some(1546), None));
    assert_eq!(own[0].country.expect("a country").as_str(), "MX");
    assert_eq!(own[1].details.close_match, ["atlas:1", "gn:4005539"]);
    assert!(own[2].details.same_as.contains(&"http://other.org/place/1".to_owned()));
}

#[test]
fn the_rows_of_the_template_of_lp_tsv_are_read() {
    let text = "id\ttitle\ttitle_source\tstart\tend\ttitle_uri\tccodes\tvariants\ttypes\taat_types\tmatches\tlon\tlat\tgeowkt\tgeo_source\tgeo_id\tdescription\n\
        717_1\tMarienborch\tCroniken\t1480\t1491\t\tPL\tMarienburg;Malbork@pl\ttown; castle\t300008375;300008063\tgn:3092472\t\t\tPOINT(19.03797600030766901 54.03613199932933032)\t\t\t\n\
        10\tSampit\tBroek\t1800\t2000\t\tID\tSampit@; \"Sampit\"\tmine; settlement\t300000390\t\t112.9496\t-2.5315\t\t\thttp://sws.geonames.org/1628884\t\"the\" town\n";
    let own = read_as("template.tsv", text, "");
    assert!(own.faults.is_empty(), "{:?}", own.faults);
    let own = alone(&[own]);
    let entity = |id: &str| own.iter().find(|e| e.id == id).unwrap_or_else(|| panic!("no {id}"));
    let first = entity("template:717_1");
    assert_eq!(texts(first), ["Marienborch", "Marienburg", "Malbork"]);
    assert_eq!(first.point.map(|p| (p.lat, p.lon)), Some((54.03613199932933, 19.03797600030767)));
    assert_eq!((&first.details.same_as[..], &first.details.close_match[..]), (&[][..], &["gn:3092472".to_owned()][..]));
    assert_eq!(entity("template:10").names[0].since, Some(1800));
}

#[test]
fn very_many_names_of_one_id_and_rings_of_identities_are_merged() {
    let names: String = (0..80_000).map(|n| format!("1,Name {n}\n")).collect();
    let own = alone(&[read(&format!("id,name\n{names}"))]);
    assert_eq!((own.len(), own[0].names.len()), (1, 80_000));
    const RING: usize = 100_000;
    let ring: String = (0..RING).map(|n| format!("{n},Name {n},mine:{}\n", (n + 1) % RING)).collect();
    let own = alone(&[read(&format!("id,name,same_as\n{ring}"))]);
    assert_eq!((own.len(), own[0].names.len(), own[0].details.same_as.len()), (1, RING, RING - 1));
}
