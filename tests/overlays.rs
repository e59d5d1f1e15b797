//! `data/overlays` and `data/sources.toml`: what people wrote by hand is well-formed, sorted, and says something.

mod common;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use allonym::entity::{Entity, Point, id_order};
use allonym::fold::Key;
use allonym::source::overlays::{CLAIMS, ENTITIES, NAMES, Overlays, POINTS, ROLES, WITHDRAWN};
use allonym::source::words::ORDINARY;
use allonym::source::world::World;
use allonym::source::{self, File};
use common::{Faults, bundled, skip};

/// The folders of a theme each, and the tables beside them.
const THEMES: [&str; 10] = [
    "cities",
    "countries",
    "features",
    "karabakh",
    "organizations",
    "quarters",
    "renamed",
    "sites",
    "territories",
    "villages",
];
const TABLES: [(&str, &[&str]); 8] = [
    ("entities.tsv", &ENTITIES),
    ("points.tsv", &POINTS),
    ("names.tsv", &NAMES),
    ("demonyms.tsv", &NAMES),
    ("claims.tsv", &CLAIMS),
    ("withdrawn.tsv", &WITHDRAWN),
    ("ordinary.tsv", &ORDINARY),
    ("languages.tsv", &["country", "rank", "lang", "source", "note"]),
];

/// Every table that is there: its path below the folder of overlays, and its columns.
fn tables() -> Vec<(String, &'static [&'static str])> {
    let paths = |name: &str| {
        let inside = THEMES.iter().map(|theme| format!("{theme}/{name}"));
        inside.chain([name.to_owned()]).filter(|path| folder().join(path).is_file()).collect::<Vec<_>>()
    };
    TABLES.iter().flat_map(|(name, columns)| paths(name).into_iter().map(|path| (path, *columns))).collect()
}

/// The tables of a layout, such as `names.tsv`, in every theme.
fn called(name: &str) -> Vec<String> {
    tables().into_iter().map(|(path, _)| path).filter(|path| path.rsplit('/').next() == Some(name)).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/overlays")
}

/// The cells of a table below its header, each row with the number of its line.
fn rows(name: &str) -> Vec<(usize, Vec<String>)> {
    let text = fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let cells = |line: &str| line.split('\t').map(str::to_owned).collect();
    text.lines().enumerate().skip(1).map(|(n, line)| (n + 1, cells(line))).collect()
}

/// The rows of every table of a layout, each with the table's path.
fn all(name: &str) -> Vec<(String, usize, Vec<String>)> {
    let of = |path: String| rows(&path).into_iter().map(move |(line, cells)| (path.clone(), line, cells));
    called(name).into_iter().flat_map(of).collect()
}

fn column(table: &str, name: &str) -> usize {
    let (_, columns) = TABLES.iter().find(|(t, _)| table.ends_with(t)).expect("a table");
    columns.iter().position(|c| *c == name).expect("a column")
}

/// The world without the overlays, by id.
fn world() -> &'static HashMap<String, Entity> {
    static WORLD: OnceLock<HashMap<String, Entity>> = OnceLock::new();
    WORLD.get_or_init(|| {
        let data = source::bundled();
        let (places, names) = data.world.expect("the bundled data has a world");
        let world = World::open(places, names).expect("the world opens");
        world.map(|entity| entity.expect("an entity")).map(|entity| (entity.id.clone(), entity)).collect()
    })
}

#[test]
fn every_table_is_there_with_its_header_and_nothing_else_is() {
    let listed = |path: PathBuf| fs::read_dir(path).expect("the folder").flatten().collect::<Vec<_>>();
    let mut found = Vec::new();
    for entry in listed(folder()) {
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.path().is_dir() {
            true => {
                found.extend(listed(entry.path()).iter().map(|e| format!("{name}/{}", e.file_name().to_string_lossy())))
            }
            false if name.ends_with(".tsv") => found.push(name),
            false => {}
        }
    }
    found.sort();
    let mut expected: Vec<String> = tables().into_iter().map(|(path, _)| path).collect();
    expected.sort();
    assert_eq!(found, expected, "a table that no test and no program reads");
    let read: HashSet<&str> = source::bundled().overlays.iter().map(|f| f.name).collect();
    for path in expected.iter().filter(|path| !matches!(path.as_str(), "ordinary.tsv" | "languages.tsv")) {
        assert!(read.contains(&*format!("data/overlays/{path}")), "{path} is not bundled");
    }
    for (name, columns) in tables() {
        let name = &*name;
        let text = fs::read_to_string(folder().join(name)).expect("a table in UTF-8");
        assert_eq!(text.lines().next(), Some(&*columns.join("\t")), "{name}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{name} ends in one line feed");
        assert!(!text.contains('\r') && !text.starts_with('\u{feff}'), "{name} has plain line feeds and no mark");
    }
}

#[test]
fn every_row_has_its_cells_trimmed_composed_and_a_source() {
    use unicode_normalization::is_nfc;
    let sources = ["geonames", "natural-earth", "public-record", "general"];
    let mut faults = Faults::default();
    for (name, columns) in tables() {
        let name = &*name;
        for (line, cells) in rows(name) {
            let at = || format!("{name}, line {line}");
            faults.check(cells.len() == columns.len(), || format!("{}: {} cells", at(), cells.len()));
            for (n, cell) in cells.iter().enumerate() {
                if name == "withdrawn.tsv" && n == 1 {
                    continue; // as the source has it, blanks and all
                }
                let plain =
                    cell.trim() == cell && !cell.contains("  ") && is_nfc(cell) && !cell.chars().any(char::is_control);
                faults.check(plain, || format!("{}: '{cell}' has blanks, control characters or is not NFC", at()));
            }
            let source = cells.get(cells.len().wrapping_sub(2)).map(String::as_str).unwrap_or_default();
            faults.check(sources.contains(&source), || format!("{}: '{source}' is no source", at()));
            faults.check(!cells[0].is_empty(), || format!("{}: the first cell is empty", at()));
        }
    }
    faults.report();
}

#[test]
fn every_table_is_sorted_and_no_row_is_there_twice() {
    let mut faults = Faults::default();
    for (name, _) in tables() {
        let name = &*name;
        let keys: &[&str] = match name.rsplit('/').next().unwrap_or_default() {
            "entities.tsv" | "points.tsv" => &["id"],
            "languages.tsv" => &["country", "rank"],
            "names.tsv" | "demonyms.tsv" => &["id", "name", "lang"],
            "claims.tsv" => &["id", "party", "role", "since"],
            "withdrawn.tsv" => &["id", "name"],
            _ => &["word", "lang"],
        };
        let keys: Vec<usize> = keys.iter().map(|key| column(name, key)).collect();
        let rows = rows(name);
        for pair in rows.windows(2) {
            // Ranks are numbers.
            let width = if name == "languages.tsv" { 3 } else { 0 };
            let key = |row: &Vec<String>| keys.iter().map(|&k| format!("{:0>width$}", row[k])).collect::<Vec<_>>();
            let (one, other) = (key(&pair[0].1), key(&pair[1].1));
            let order = match name {
                "ordinary.tsv" | "languages.tsv" => one.cmp(&other),
                _ => id_order(&one[0], &other[0]).then_with(|| one[1..].cmp(&other[1..])),
            };
            faults.check(order.is_lt(), || format!("{name}, line {}: {other:?} after {one:?}", pair[1].0));
        }
    }
    faults.report();
}

#[test]
fn the_tables_are_read_as_they_are_and_speak_of_entities_that_exist() {
    let data = source::bundled();
    Overlays::read(data.overlays).expect("the overlays are read");
    let mut count = 0;
    let all = source::entities(&data, |_| {
        count += 1;
        Ok(())
    });
    all.expect("every row belongs to an entity");
    assert!(count >= 280_000, "{count} entities are no world");
}

#[test]
fn every_entity_born_here_has_a_row_a_feature_and_exactly_one_label() {
    let mut places = HashSet::new();
    let mut faults = Faults::default();
    for (table, line, cells) in all("entities.tsv") {
        let id = &cells[0];
        places.insert(id.clone());
        if let Some(number) = id.strip_prefix("al:") {
            let plain = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
            faults.check(plain, || format!("{table}, line {line}: {id} is no plain number"));
            let place = cells[column("entities.tsv", "type")] == "place";
            let feature = !cells[column("entities.tsv", "feature")].is_empty();
            faults.check(place == feature, || format!("{table}, line {line}: a place has a feature, nothing else has"));
        }
    }
    let mut labels: BTreeMap<String, u32> = BTreeMap::new();
    for (table, line, cells) in all("names.tsv").into_iter().chain(all("demonyms.tsv")) {
        {
            let table = &*table;
            let label = &cells[column(table, "label")];
            faults.check(label.is_empty() || label == "1", || format!("{table}, line {line}: label '{label}'"));
            if label == "1" {
                *labels.entry(cells[0].clone()).or_default() += 1;
            }
            let known = !cells[0].starts_with("al:") || places.contains(&cells[0]) || world().contains_key(&cells[0]);
            faults.check(known, || format!("{table}, line {line}: {} has no row in entities.tsv", cells[0]));
            if table == "demonyms.tsv" {
                let kind = &cells[column(table, "kind")];
                faults.check(kind == "demonym", || format!("{table}, line {line}: kind '{kind}'"));
            }
        }
    }
    for (id, count) in &labels {
        faults.check(*count == 1, || format!("{id} has {count} labels"));
        faults.check(places.contains(id), || format!("{id} has a label and no row in entities.tsv"));
    }
    for id in places.iter().filter(|id| !world().contains_key(*id)) {
        faults.check(labels.contains_key(id), || format!("{id} is new and has no label"));
    }
    faults.report();
}

#[test]
fn every_row_is_alive_it_says_what_the_world_data_does_not() {
    let mut faults = Faults::default();
    for (table, line, cells) in all("names.tsv").into_iter().chain(all("demonyms.tsv")) {
        {
            let table = &*table;
            let cell = |name: &str| cells[column(table, name)].as_str();
            let Some(entity) = world().get(&cells[0]) else { continue };
            let says_more = ["label", "since", "until", "by"].iter().any(|name| !cell(name).is_empty());
            let same = |n: &allonym::entity::Name| {
                n.text == cell("name")
                    && n.lang == cell("lang")
                    && n.kind.as_str() == cell("kind")
                    && n.in_text()
                    && !n.weak
            };
            let known = entity.names.iter().any(same);
            faults.check(says_more || !known, || {
                format!(
                    "{table}, line {line}: {} has '{}' ({}, {}) already",
                    cells[0],
                    cell("name"),
                    cell("lang"),
                    cell("kind")
                )
            });
        }
    }
    for (line, cells) in rows("points.tsv") {
        let Some(entity) = world().get(&cells[0]) else { continue };
        let said = allonym::entity::Point::parse(&cells[1], &cells[2]).expect("a point");
        let same = entity.point.is_some_and(|p| !p.derived && p.lat == said.lat && p.lon == said.lon);
        faults.check(!same, || format!("points.tsv, line {line}: {} is there already", cells[0]));
    }
    for (table, line, cells) in all("entities.tsv") {
        let Some(entity) = world().get(&cells[0]) else { continue };
        let cell = |name: &str| cells[column("entities.tsv", name)].as_str();
        let point = |p: Option<allonym::entity::Point>| p.map(|p| (p.lat, p.lon));
        let said = allonym::entity::Point::parse(cell("lat"), cell("lon")).ok();
        let news = [
            !cell("feature").is_empty() && cell("feature") != entity.feature.as_str(),
            !cell("country").is_empty() && Some(cell("country")) != entity.country.as_ref().map(|c| c.as_str()),
            !cell("parent").is_empty() && Some(cell("parent")) != entity.parent.as_deref(),
            !cell("also_in").is_empty(),
            said.is_some() && point(said) != point(entity.point),
            !cell("population").is_empty() && cell("population") != entity.population.to_string(),
            cell("same_as").split_whitespace().any(|id| !entity.details.same_as.iter().any(|known| known == id)),
        ];
        faults.check(news.contains(&true), || format!("{table}, line {line}: {} says nothing new", cells[0]));
    }
    for (line, cells) in rows("withdrawn.tsv") {
        let entity = world().get(&cells[0]);
        let alive = entity.is_some_and(|e| cells[1].is_empty() || e.names.iter().any(|n| n.text == cells[1]));
        faults.check(alive, || format!("withdrawn.tsv, line {line}: {} has no '{}' to withdraw", cells[0], cells[1]));
    }
    faults.report();
}

#[test]
fn what_is_withdrawn_is_gone_and_what_is_added_is_there() {
    let gazetteer = bundled();
    let mut faults = Faults::default();
    for (line, cells) in rows("withdrawn.tsv") {
        let left = match (gazetteer.get(&cells[0]), cells[1].as_str()) {
            (None, _) => false,
            (Some(_), "") => true,
            (Some(entity), name) => entity.names().any(|n| n.text() == name),
        };
        faults.check(!left, || format!("withdrawn.tsv, line {line}: {} '{}' is still there", cells[0], cells[1]));
        let redirects = cells[2].is_empty() || gazetteer.get(&cells[2]).is_some();
        faults.check(redirects, || format!("withdrawn.tsv, line {line}: {} is no entity", cells[2]));
    }
    for (table, line, cells) in all("names.tsv").into_iter().chain(all("demonyms.tsv")) {
        {
            let table = &*table;
            let there = gazetteer.get(&cells[0]).is_some_and(|e| e.names().any(|n| n.text() == cells[1]));
            faults.check(there, || format!("{table}, line {line}: {} has no name '{}'", cells[0], cells[1]));
        }
    }
    for (table, line, cells) in all("claims.tsv") {
        let claims = gazetteer.get(&cells[0]).map(|e| e.details().claims).unwrap_or_default();
        let there = claims.iter().any(|c| c.party == cells[1] && c.role == cells[2]);
        faults.check(there, || format!("{table}, line {line}: the claim is not there"));
        faults.check(ROLES.contains(&cells[2].as_str()), || format!("{table}, line {line}: '{}'", cells[2]));
    }
    for (table, line, cells) in all("entities.tsv") {
        let entity = gazetteer.get(&cells[0]);
        faults.check(entity.is_some(), || format!("{table}, line {line}: {} is no entity", cells[0]));
        for id in
            [&cells[4]].into_iter().map(String::as_str).chain(cells[5].split_whitespace()).filter(|id| !id.is_empty())
        {
            let container = gazetteer.get(id).map(|c| c.number());
            let inside = container.zip(entity).is_some_and(|(c, e)| e.is_within(c));
            faults.check(inside, || format!("{table}, line {line}: {} does not lie in {id}", cells[0]));
        }
    }
    faults.report();
}

#[test]
fn every_ordinary_word_is_a_name_or_a_phrase_that_holds_one() {
    let gazetteer = bundled();
    let known = |key: &Key| gazetteer.exact(key).next().is_some();
    let mut faults = Faults::default();
    for (line, cells) in rows("ordinary.tsv") {
        let words: Vec<&str> = cells[0].split_whitespace().collect();
        let runs = (0..words.len()).flat_map(|from| (from + 1..=words.len()).map(move |to| (from, to)));
        let holds_one = runs.into_iter().any(|(from, to)| known(&Key::of(&words[from..to].join(" "))));
        faults.check(holds_one, || format!("ordinary.tsv, line {line}: nothing is called '{}'", cells[0]));
        let language = cells[1].is_empty() || (2..=3).contains(&cells[1].split('-').next().unwrap_or_default().len());
        faults.check(language, || format!("ordinary.tsv, line {line}: '{}' is no language", cells[1]));
    }
    faults.report();
}

#[test]
fn the_names_of_karabakh_stand_side_by_side() {
    let gazetteer = bundled();
    let has = |id: &str, name: &str| gazetteer.get(id).is_some_and(|e| e.names().any(|n| n.text() == name));
    for name in ["Karabakh", "Garabagh", "Qarabağ", "Ղարաբաղ", "Карабах"] {
        assert!(has("al:1", name), "al:1 has no {name}");
    }
    for name in ["Artsakh", "Արցախ"] {
        assert!(has("al:2", name), "al:2 has no {name}");
    }
    for (id, names) in [("gn:146970", ["Khankendi", "Stepanakert"]), ("gn:147105", ["Shusha", "Shushi"])] {
        for name in names {
            assert!(has(id, name), "{id} has no {name}");
        }
    }
    for town in ["Ağdərə", "Martakert", "Hadrut", "Kəlbəcər", "Karvachar"] {
        assert!(gazetteer.exact(&Key::of(town)).next().is_some(), "{town} is missing");
    }
}

fn refused(name: &str, columns: &[&str], row: &str, parts: &[&str]) {
    let text = format!("{}\n{row}\n", columns.join("\t"));
    let file = File { name, bytes: text.as_bytes() };
    let error = match Overlays::read(&[file]) {
        Ok(_) => panic!("{name} took {row:?}"),
        Err(e) => e.to_string(),
    };
    let line = format!("line {}", 1 + row.lines().count());
    for part in [name, line.as_str()].iter().chain(parts) {
        assert!(error.contains(part), "'{part}' is not in: {error}");
    }
}

#[test]
fn a_bad_row_is_refused_with_file_line_and_reason() {
    let names = |row: &str, parts: &[&str]| refused("data/overlays/names.tsv", &NAMES, row, parts);
    names("gn:1\tX\ten\tnickname\t\t\t\t\tgeneral\t", &["nickname", "endonym"]);
    names("gn:1\tX\ten\texonym\t\t12x\t\t\tgeneral\t", &["'12x'", "year"]);
    names("gn:1\tX\ten\texonym\t\t3000\t\t\tgeneral\t", &["'3000'", "year"]);
    names("gn:1\tX\ten\texonym\t\t1991\t1923\t\tgeneral\t", &["1923", "1991"]);
    names("gn:1\t\ten\texonym\t\t\t\t\tgeneral\t", &["name", "empty"]);
    names(&format!("gn:1\t{}\ten\texonym\t\t\t\t\tgeneral\t", "x".repeat(10_000)), &["too long"]);
    names("Baku\tX\ten\texonym\t\t\t\t\tgeneral\t", &["'Baku'", "id"]);
    names("\tX\ten\texonym\t\t\t\t\tgeneral\t", &["''", "id"]);
    names("gn:\tX\ten\texonym\t\t\t\t\tgeneral\t", &["id"]);
    names("gn:1\tX\ten\texonym\t\t\tgeneral\t", &["8 cells", "10"]);
    names("gn:1\tX\ten\texonym\t\t\t\t\tgeneral\t\t", &["11 cells", "10"]);
    names("gn:1\tX\ten\texonym\tyes\t\t\t\tgeneral\t", &["yes", "label"]);
    names("gn:1\tX\ten\texonym\t\t\t\t\tgeneral\t\ngn:1\tX\ten\texonym\t\t\t\t\tgeneral\t", &["'X' twice"]);
    let places = |row: &str, parts: &[&str]| refused("data/overlays/entities.tsv", &ENTITIES, row, parts);
    places("al:1\tplace\tL.RGN\tAZ\t\t\t95\t46\t\t\tgeneral\t", &["'95'", "latitude"]);
    places("al:1\tplace\tL.RGN\tAZ\t\t\t39\t181\t\t\tgeneral\t", &["'181'", "longitude"]);
    places("al:1\tplace\tL.RGN\tAZ\t\t\t39\t\t\t\tgeneral\t", &["longitude"]);
    places("al:1\tthing\tL.RGN\tAZ\t\t\t39\t46\t\t\tgeneral\t", &["'thing'", "organization"]);
    names("gn:1\tX\tklingonish\texonym\t\t\t\t\tgeneral\t", &["klingonish", "language"]);
    names("gn:1\tX\tif\texonym\t\t\t\t\tgeneral\t", &["'if'", "language"]);
    names("gn:1\tX\taz-arab\texonym\t\t\t\t\tgeneral\t", &["'az-arab'", "az-Arab"]);
    places("al:1\tplace\tregion\tAZ\t\t\t39\t46\t\t\tgeneral\t", &["'region'", "feature"]);
    places("al:1\tplace\tL.RGN\tAZE\t\t\t39\t46\t\t\tgeneral\t", &["'AZE'", "country"]);
    places("al:1\tplace\tL.RGN\tAZ\t\t\t39\t46\t-5\t\tgeneral\t", &["'-5'", "population"]);
    places(
        "al:1\tplace\tL.RGN\tAZ\t\t\t39\t46\t\t\tgeneral\t\nal:1\tplace\tL.RGN\tAZ\t\t\t39\t46\t\t\tgeneral\t",
        &["twice"],
    );
    refused("data/overlays/points.tsv", &POINTS, "gn:1\t\t\tgeneral\t", &["latitude"]);
    refused("data/overlays/points.tsv", &POINTS, "gn:1\t1\t2\tgeneral\t\ngn:1\t1\t2\tgeneral\t", &["twice"]);
    refused("data/overlays/claims.tsv", &CLAIMS, "al:2\tAZ\towns\t\t\tgeneral\t", &["'owns'", "administers"]);
    refused("data/overlays/claims.tsv", &CLAIMS, "al:2\tAZ\tclaims\t2023\t1991\tgeneral\t", &["1991", "2023"]);
    refused("data/overlays/withdrawn.tsv", &WITHDRAWN, "gn:1\tX\t\tgeneral\t\ngn:1\tX\t\tgeneral\t", &["twice"]);
}

#[test]
fn a_wrong_header_file_or_byte_is_refused() {
    let read = |name: &str, bytes: &[u8]| match Overlays::read(&[File { name, bytes }]) {
        Ok(_) => panic!("{name} was taken"),
        Err(e) => e.to_string(),
    };
    let error = read("data/overlays/names.tsv", b"id\tname\n");
    assert!(error.contains("names.tsv, line 1") && error.contains("cells"), "{error}");
    let swapped = ENTITIES.join("\t").replace("lat\tlon", "lon\tlat") + "\n";
    let error = read("data/overlays/entities.tsv", swapped.as_bytes());
    assert!(
        error.contains("entities.tsv, line 1") && error.contains("header") && error.contains("lat, lon"),
        "{error}"
    );
    let error = read("data/overlays/entities.tsv", b"");
    assert!(error.contains("entities.tsv") && error.contains("header"), "{error}");
    let error = read("data/overlays/rumours.tsv", b"id\n");
    assert!(error.contains("rumours.tsv"), "{error}");
    let latin1 = [NAMES.join("\t").as_bytes(), b"\ngn:1\tN\xf3\t\t\t\t\t\t\tgeneral\t\n"].concat();
    let error = read("data/overlays/names.tsv", &latin1);
    assert!(error.contains("names.tsv, line 2"), "{error}");
}

#[test]
fn a_row_for_an_entity_that_does_not_exist_is_refused() {
    let places = "id\tfeature\tcountry\tparent\tlat\tlon\tpoint\tpopulation\tsame_as\nt:1\tP.PPL\tAZ\t\t1\t2\t\t5\t\n";
    let names = "id\tname\tlang\tkind\tflags\tsource\nt:1\tX\t\t\t\tt\n";
    let mut data = common::data(places, names, "word\tsense\tweight\tsource\n");
    let table = format!("{}\nt:99\tX\ten\texonym\t\t\t\t\tgeneral\t\n", NAMES.join("\t"));
    let overlays = [File { name: "data/overlays/names.tsv", bytes: table.as_bytes() }];
    data.overlays = &overlays;
    let error = source::entities(&data, |_| Ok(())).expect_err("t:99 is no entity").to_string();
    assert!(error.contains("names.tsv, line 2") && error.contains("t:99"), "{error}");
}

#[test]
fn every_source_of_the_world_data_has_its_sum_and_its_licence() {
    let text = fs::read_to_string(folder().join("../sources.toml")).expect("data/sources.toml");
    let blocks: Vec<&str> = text.split("[[source]]").skip(1).collect();
    assert!(blocks.len() >= 5, "{} sources are no world", blocks.len());
    let value = |block: &str, field: &str| -> String {
        let line = block.lines().find(|line| line.split('=').next().map(str::trim) == Some(field));
        line.and_then(|line| line.split_once('=')).map_or("", |(_, v)| v.trim().trim_matches('"')).to_owned()
    };
    let mut faults = Faults::default();
    let mut codes = HashSet::new();
    for block in blocks {
        let code = value(block, "code");
        for field in ["code", "title", "registry", "package", "version", "file", "licence", "attribution"] {
            faults.check(!value(block, field).is_empty(), || format!("{code}: {field} is missing"));
        }
        let sum = value(block, "sha256");
        let hexadecimal = sum.len() == 64 && sum.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        faults.check(hexadecimal, || format!("{code}: '{sum}' is no sha256"));
        faults.check(codes.insert(code.clone()), || format!("{code} is there twice"));
    }
    for name in world().values().flat_map(|e| &e.names).map(|n| n.source.as_str()).collect::<HashSet<_>>() {
        // A name may be in several sources: their codes stand side by side.
        for code in name.split([' ', ',', '+', ';']) {
            // `own` is the gathering program's own table of abbreviations.
            faults.check(code == "own" || codes.contains(code), || {
                format!("names say they are from '{code}', which is no source")
            });
        }
    }
    faults.report();
}

/// Names that Natural Earth has for something else, far away.
const NAMESAKES: [&str; 9] = [
    "Sierra Nevada",
    "Channel Islands",
    "North Channel",
    "Roosevelt Island",
    "Coastal Plain",
    "Libyan Desert",
    "Litani",
    "Canadian Shield",
    "Victoria Island",
];

#[test]
fn points_of_features_agree_with_natural_earth() {
    const FAR: f64 = 3200.0; // the Andes are 7,000 km long; a wrong hemisphere is farther
    let path = Path::new("../shared/data/natural-earth-features.tsv");
    let Ok(table) = fs::read_to_string(path) else {
        return skip("points_of_features_agree_with_natural_earth", "Natural Earth's table is not there");
    };
    let mut theirs: HashMap<String, Vec<Point>> = HashMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        if let [name, _, _, lat, lon, ..] = cells[..]
            && let Ok(point) = Point::parse(lat, lon)
        {
            theirs.entry(name.to_lowercase()).or_default().push(point);
        }
    }
    let mut faults = Faults::default();
    let mut compared = 0;
    for entity in bundled().entities().filter(|e| e.id().starts_with("al:")) {
        let Some(ours) = entity.point() else { continue };
        let natural = entity.feature().class().is_some_and(|class| "HTL".contains(class));
        let name = entity.label();
        if let Some(points) = theirs.get(&name.to_lowercase()).filter(|_| natural && !NAMESAKES.contains(&name)) {
            compared += 1;
            let near = points.iter().map(|p| p.distance(&ours)).fold(f64::INFINITY, f64::min);
            faults.check(near < FAR, || format!("{} {name} is {near:.0} km from Natural Earth's", entity.id()));
        }
    }
    println!("{compared} features compared with Natural Earth");
    assert!(compared > 200, "only {compared} features are in both");
    faults.report();
}
