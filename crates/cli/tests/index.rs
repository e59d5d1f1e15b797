//! `allonym index`, and what becomes of an index that is damaged, foreign, stale, read-only or half built.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use allonym::gazetteer::{self, bundled_dirs};
use allonym::index::manifest::Manifest;
use allonym::{Gazetteer, Query};
use common::{
    BINARY, Faults, Run, allonym, bundled, copy, data, files_below, folder, generation, shell, skip, small_data,
    small_index, with_index,
};
use serde_json::Value;

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Where the bundled index is.
fn bundled_index() -> PathBuf {
    let generation = &bundled().manifest().generation;
    // A clone has the manifest of an index that may stand elsewhere, in the cache.
    let same = |dir: &PathBuf| {
        let manifest = Manifest::read(dir).ok().flatten();
        manifest.is_some_and(|m| m.generation == *generation && m.folder(dir).is_dir())
    };
    bundled_dirs().into_iter().find(same).expect("the bundled index is where it belongs")
}

/// A copy of the small index.
struct Small {
    dir: tempfile::TempDir,
}

impl Small {
    fn new() -> Small {
        let dir = folder();
        small_index(dir.path());
        Small { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn files(&self) -> Vec<PathBuf> {
        files_below(&generation(self.path()))
    }
}

/// Asks an index everything that it has files for: exact, fuzzy, by sound, by words, records, running text.
fn ask_everything(index: &Path) -> Vec<Run> {
    let asks: [&[&str]; 4] = [
        &["lookup", "Testopolis", "Testopolys", "Тэстополь", "Newtown Test", "city of Testland", "--limit", "50"],
        &["lookup", "Testopoliss", "--fuzzy", "2", "--country", "AZ", "--within", "t:1"],
        &["variants", "t:2"],
        &["index", "check"],
    ];
    let mut runs: Vec<Run> = asks.iter().map(|args| with_index(index, args.iter())).collect();
    let tag = ["--index", text(index), "tag", "--candidates", "9"];
    runs.push(common::with_input(
        tag,
        "Officials in Testopolis (Тестополь), Testland, said Nice news. Newtown upon Test!",
    ));
    runs
}

fn ended_in_words(run: &Run) -> Result<(), String> {
    match run.code {
        Some(0) => Ok(()),
        Some(1 | 2) if run.err.starts_with("allonym: ") || !run.out.is_empty() => Ok(()),
        Some(101) if !run.command.contains("\"check\"") => Ok(()), // a decoder of a dependency: see `Run::of`
        _ => Err(run.to_string()),
    }
}

#[test]
fn a_small_index_answers_on_every_rung() {
    let small = Small::new();
    let runs = ask_everything(small.path());
    let found: Vec<Value> = runs[0].lines();
    for (line, id) in found.iter().zip(["t:2", "t:2", "t:2", "t:3", "t:1"]) {
        assert_eq!(common::first_id(line), id, "{}", runs[0]);
    }
    let tagged: Vec<Value> = runs[4].lines();
    let surfaces: Vec<&str> = tagged.iter().filter_map(|line| line["surface"].as_str()).collect();
    assert_eq!(surfaces, ["Testopolis", "Тестополь", "Testland", "Newtown upon Test"], "{}", runs[4]);
}

#[test]
fn building_the_same_data_twice_gives_the_same_manifest() {
    let (one, two) = (Small::new(), Small::new());
    let read = |small: &Small| fs::read_to_string(small.path().join("manifest.json")).expect("a manifest");
    assert_eq!(read(&one), read(&two));
    for (a, b) in one.files().iter().zip(two.files()) {
        // Tantivy names its files anew each time, and sums.json has their names.
        if !text(a).contains("/search/") && !text(a).ends_with("sums.json") {
            assert!(fs::read(a).expect("a file") == fs::read(&b).expect("a file"), "{}", a.display());
        }
    }
}

#[test]
fn an_index_cut_short_anywhere_ends_in_words() {
    let whole = Small::new();
    let mut faults = Faults::default();
    for file in whole.files() {
        let bytes = fs::read(&file).expect("a file");
        for length in [0, 1, bytes.len() / 2, bytes.len().saturating_sub(1)] {
            if length >= bytes.len() {
                continue;
            }
            fs::write(&file, &bytes[..length]).expect("the file is cut");
            let name = file.strip_prefix(whole.path()).expect("below").display().to_string();
            try_all(whole.path(), &format!("{name} cut to {length} bytes"), &mut faults);
        }
        fs::write(&file, &bytes).expect("the file is mended");
    }
    faults.report();
}

/// Asks everything of a damaged index; keeps what did not end in words.
fn try_all(index: &Path, damage: &str, faults: &mut Faults) {
    common::DAMAGED.set(true);
    let caught = std::panic::catch_unwind(|| ask_everything(index));
    match caught {
        Ok(runs) => {
            for run in runs {
                if let Err(what) = ended_in_words(&run) {
                    faults.add(format!("{damage}: {what}"));
                }
            }
        }
        Err(panic) => {
            let what = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            faults.add(format!("{damage}: {}", what.chars().take(600).collect::<String>()));
        }
    }
}

#[test]
fn an_index_with_bytes_flipped_anywhere_ends_in_words() {
    let whole = Small::new();
    let mut faults = Faults::default();
    for file in whole.files() {
        let bytes = fs::read(&file).expect("a file");
        let last = bytes.len().saturating_sub(1);
        let mut places: Vec<usize> = (0..=10).map(|part| last * part / 10).collect();
        places.dedup();
        for at in places.into_iter().filter(|&at| at < bytes.len()) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xff;
            fs::write(&file, &damaged).expect("the file is damaged");
            let name = file.strip_prefix(whole.path()).expect("below").display().to_string();
            try_all(whole.path(), &format!("{name}, byte {at}"), &mut faults);
        }
        fs::write(&file, &bytes).expect("the file is mended");
    }
    faults.report();
}

#[test]
fn a_block_of_noise_in_any_file_ends_in_words() {
    let whole = Small::new();
    let mut faults = Faults::default();
    for file in whole.files() {
        let bytes = fs::read(&file).expect("a file");
        for seed in 1..6u64 {
            let mut noise = seed;
            let mut damaged = bytes.clone();
            for byte in damaged.iter_mut().skip(bytes.len() / 4).take(bytes.len() / 2) {
                noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (noise >> 56) as u8;
            }
            fs::write(&file, &damaged).expect("the file is damaged");
            let name = file.strip_prefix(whole.path()).expect("below").display().to_string();
            try_all(whole.path(), &format!("{name}, noise {seed}"), &mut faults);
        }
        fs::write(&file, &bytes).expect("the file is mended");
    }
    faults.report();
}

#[test]
fn a_missing_file_is_told_with_the_command_that_mends_it_or_not_missed() {
    let whole = Small::new();
    let answers = |runs: &[Run]| -> Vec<String> { runs.iter().map(Run::text).collect() };
    let before = answers(&ask_everything(whole.path()));
    let mut told = 0;
    let mut faults = Faults::default();
    for file in whole.files() {
        let bytes = fs::read(&file).expect("a file");
        fs::remove_file(&file).expect("the file goes");
        for (run, before) in ask_everything(whole.path()).iter().zip(&before) {
            if run.err.starts_with("allonym: ") {
                run.refused(1, &[]);
                assert!(run.err.contains("allonym index build") || run.err.contains("no such file"), "{run}");
                told += 1;
            } else {
                faults.check(run.text() == *before, || format!("without {}: {run}", file.display()));
            }
        }
        fs::write(&file, &bytes).expect("the file is back");
    }
    faults.report();
    assert!(told > 8 * 5, "the files that every answer needs are missed");
    assert_eq!(answers(&ask_everything(whole.path())), before, "whole again");
}

#[test]
fn check_finds_a_single_flipped_bit_in_every_file() {
    let whole = Small::new();
    with_index(whole.path(), ["index", "check"]).done();
    let mut faults = Faults::default();
    for file in whole.files() {
        let bytes = fs::read(&file).expect("a file");
        if bytes.is_empty() || text(&file).ends_with(".managed.json") || text(&file).contains(".lock") {
            continue;
        }
        let mut damaged = bytes.clone();
        damaged[bytes.len() / 2] ^= 1;
        fs::write(&file, damaged).expect("the file is damaged");
        let run = with_index(whole.path(), ["index", "check"]);
        faults.check(run.code == Some(1) && run.err.contains("damaged"), || {
            format!("{} is held for whole", file.strip_prefix(whole.path()).expect("below").display())
        });
        fs::write(&file, bytes).expect("the file is mended");
    }
    faults.report();
}

#[test]
fn the_command_that_a_damaged_index_names_mends_it() {
    let dir = folder();
    copy(&bundled_index(), dir.path());
    let broken = generation(dir.path()).join("text.bin");
    let mut bytes = fs::read(&broken).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&broken, bytes).expect("the file is damaged");
    with_index(dir.path(), ["index", "check"]).refused(1, &["damaged", "allonym index build"]);
    with_index(dir.path(), ["index", "build", "--quiet"]).done();
    with_index(dir.path(), ["index", "check"]).done();
}

#[test]
fn the_bundled_index_damaged_in_the_middle_of_each_file_ends_in_words() {
    let dir = folder();
    copy(&bundled_index(), dir.path());
    let mut faults = Faults::default();
    for file in files_below(&generation(dir.path())) {
        let bytes = fs::read(&file).expect("a file");
        for part in [2, 3, 5] {
            let mut damaged = bytes.clone();
            let from = bytes.len() / part;
            damaged.iter_mut().skip(from).take(256).for_each(|byte| *byte ^= 0xa5);
            fs::write(&file, damaged).expect("the file is damaged");
            let asks: [&[&str]; 3] = [
                &[
                    "lookup",
                    "Baku",
                    "Stepanakerg",
                    "Стэпанакэрт",
                    "city of Lachin",
                    "Paris, Texas",
                    "Springfield",
                    "東京",
                ],
                &["variants", "gn:703448"],
                &["tag", "-"],
            ];
            for args in asks {
                let prose = "Officials in Baku, Azerbaijan, and the mayor of Paris, Texas, met in Tbilisi (Georgia).";
                let args: Vec<&str> = ["--index", text(dir.path())].iter().chain(args).copied().collect();
                let damage = format!("{}, {part}", file.file_name().unwrap_or_default().display());
                match std::panic::catch_unwind(|| common::with_input(args, prose)) {
                    Ok(run) => faults.check(ended_in_words(&run).is_ok(), || format!("{damage}: {run}")),
                    Err(panic) => {
                        let what = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                        faults.add(format!("{damage}: {}", what.chars().take(600).collect::<String>()));
                    }
                }
            }
        }
        fs::write(&file, &bytes).expect("the file is mended");
    }
    faults.report();
}

#[test]
fn a_directory_without_an_index_is_refused_with_the_way_out() {
    let dir = folder();
    let missing = dir.path().join("missing");
    for verb in
        [vec!["lookup", "Baku"], vec!["variants", "Baku"], vec!["tag"], vec!["index", "check"], vec!["index", "info"]]
    {
        with_index(dir.path(), &verb).refused(1, &[text(dir.path()), "allonym index build --output"]);
        with_index(&missing, &verb).refused(1, &["missing", "allonym index build --output"]);
    }
    assert!(!missing.exists(), "asking makes no directory");
    let file = common::file(&dir, "file", "not a directory");
    let run = with_index(Path::new(&file), ["lookup", "Baku"]);
    run.refused(1, &[&file]);
}

#[test]
fn the_environment_names_the_index_too_and_the_flag_wins() {
    let small = Small::new();
    let ask = |args: &[&str]| {
        let output = Command::new(BINARY).args(args).env("ALLONYM_INDEX", small.path()).output().expect("the command");
        Run::of(format!("ALLONYM_INDEX allonym {args:?}"), output)
    };
    assert_eq!(common::first_id(&ask(&["lookup", "Testopolis"]).lines()[0]), "t:2");
    let dir = folder();
    ask(&["lookup", "Testopolis", "--index", text(dir.path())]).refused(1, &[text(dir.path())]);
}

#[test]
fn other_peoples_files_are_never_touched_by_a_build() {
    let dir = folder();
    for (name, content) in [("thesis.txt", "years of work"), ("manifest.json", "{\"name\": \"my web application\"}")] {
        let home = dir.path().join(name.replace('.', "-"));
        fs::create_dir(&home).expect("a folder");
        fs::write(home.join(name), content).expect("a file");
        let run = allonym(["index", "build", "--output", text(&home)]);
        run.refused(1, &[text(&home), name]);
        assert_eq!(fs::read_to_string(home.join(name)).expect("the file"), content);
        let visible = |e: &fs::DirEntry| !e.file_name().to_string_lossy().starts_with('.');
        let left = fs::read_dir(&home).expect("the folder").flatten().filter(visible).count();
        assert_eq!(left, 1, "nothing was added to {}", home.display());
    }
}

#[test]
fn a_manifest_that_is_none_is_refused() {
    let small = Small::new();
    let manifest = small.path().join("manifest.json");
    for content in ["", "{}", "[]", "{\"name\": \"my web application\"}", "\0\0\0", "not json", "{\"format\": \"x\"}"] {
        fs::write(&manifest, content).expect("the manifest is changed");
        let run = with_index(small.path(), ["lookup", "Testopolis"]);
        run.refused(1, &["manifest.json", "index"]);
    }
    fs::write(&manifest, [0xff, 0xfe, 0x00]).expect("the manifest is changed");
    with_index(small.path(), ["lookup", "Testopolis"]).refused(1, &["manifest.json"]);
}

#[test]
fn an_index_of_another_version_is_refused_with_the_way_out() {
    let small = Small::new();
    let path = small.path().join("manifest.json");
    let manifest: Value = serde_json::from_slice(&fs::read(&path).expect("a manifest")).expect("JSON");
    for (field, value) in
        [("format", Value::from(0)), ("format", Value::from(999)), ("folding", Value::from("0123456789abcdef"))]
    {
        let mut other = manifest.clone();
        other[field] = value;
        fs::write(&path, other.to_string()).expect("the manifest is changed");
        for verb in [vec!["lookup", "Testopolis"], vec!["tag"]] {
            with_index(small.path(), verb).refused(1, &["allonym index build --output"]);
        }
    }
    // The sums of a manifest may be wrong in every way, too.
    for files in [
        Value::from(vec![serde_json::json!({"name": "../../x", "bytes": 3, "xxh3": ""})]),
        Value::from(Vec::<Value>::new()),
    ] {
        let mut other = manifest.clone();
        other["files"] = files;
        fs::write(&path, other.to_string()).expect("the manifest is changed");
        let run = with_index(small.path(), ["lookup", "Testopolis"]);
        assert!(ended_in_words(&run).is_ok(), "{run}");
    }
    let mut other = manifest;
    other["generation"] = Value::from("../elsewhere");
    fs::write(&path, other.to_string()).expect("the manifest is changed");
    with_index(small.path(), ["lookup", "Testopolis"]).refused(1, &["allonym index build --output"]);
}

#[test]
fn info_says_what_the_index_holds() {
    let small = Small::new();
    let info = with_index(small.path(), ["index", "info", "--format", "json"]).json();
    assert_eq!(info["counts"]["entities"], 3);
    // Six names of the tables, and the country's code.
    assert_eq!(info["counts"]["names"], 7);
    let table = with_index(small.path(), ["index", "info", "--format", "table"]).done();
    assert!(table.contains("entities    3") && table.contains(text(small.path())), "{table}");
    let world = allonym(["index", "info", "--format", "json"]).json();
    assert!(world["counts"]["entities"].as_u64().is_some_and(|n| n >= 280_000), "{world}");
    assert!(world["counts"]["names"].as_u64().is_some_and(|n| n >= 1_200_000), "{world}");
    allonym(["index"]).ill_formed(&["build", "check", "info"]);
}

#[test]
fn a_gazetteer_stays_usable_when_its_index_is_replaced() {
    let dir = folder();
    small_index(dir.path());
    let old = Gazetteer::open(dir.path()).expect("the small index opens");
    let places = "id\tfeature\tcountry\tparent\tlat\tlon\tpoint\tpopulation\tsame_as\nn:1\tP.PPL\tAZ\t\t1\t2\t\t5\t\n";
    let names = "id\tname\tlang\tkind\tflags\tsource\nn:1\tNewest\ten\texonym\t\ttest\n";
    let newer = data(places, names, "word\tsense\tweight\tsource\n");
    gazetteer::build(&newer, dir.path(), &|_| {}).expect("another generation is built");
    let first = |name: &str| {
        let answer = old.lookup(&Query::new(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        answer.candidates.first().map(|c| c.entity.id().to_owned())
    };
    assert_eq!(first("Testopolis").as_deref(), Some("t:2"), "exact names are mapped");
    assert_eq!(first("Newtown Test").as_deref(), Some("t:3"), "words are read from the files, which are gone");
    let new = Gazetteer::open(dir.path()).expect("the newer index opens");
    assert!(new.get("n:1").is_some() && new.get("t:2").is_none());
}

#[test]
fn faulty_data_leaves_the_earlier_index_alone() {
    let dir = folder();
    small_index(dir.path());
    let header = "id\tfeature\tcountry\tparent\tlat\tlon\tpoint\tpopulation\tsame_as\n";
    let names = "id\tname\tlang\tkind\tflags\tsource\n";
    let words = "word\tsense\tweight\tsource\n";
    for (row, own, part) in [
        ("x:1\tP.PPL\tAZ\t\t95\t2\t\t5\t\n", "x:1\tX\t\t\t\tt\n", "latitude"),
        ("x:1\tP.PPL\tAZ\tx:2\t1\t2\t\t5\t\n", "x:1\tX\t\t\t\tt\n", "x:2"),
        ("x:1\tP.PPL\tAZ\tx:1\t1\t2\t\t5\t\n", "x:1\tX\t\t\t\tt\n", "circle"),
        ("x:1\tP.PPL\tAZ\t\t1\t2\t\t5\t\n", "", "no name"),
        ("x:1\tP.PPL\tAZ\t\t1\t2\t\t5\t\n", "x:2\tX\t\t\t\tt\n", "x:"),
        (
            "x:2\tP.PPL\tAZ\t\t1\t2\t\t5\t\nx:1\tP.PPL\tAZ\t\t1\t2\t\t5\t\n",
            "x:2\tX\t\t\t\tt\nx:1\tX\t\t\t\tt\n",
            "order",
        ),
        ("x:1\tP.PPL\tAZ\t\t1\t2\n", "x:1\tX\t\t\t\tt\n", "cells"),
        ("x:1\tnonsense\tAZ\t\t1\t2\t\t5\t\n", "x:1\tX\t\t\t\tt\n", "feature"),
        ("x:1\tP.PPL\tAzerbaijan\t\t1\t2\t\t5\t\n", "x:1\tX\t\t\t\tt\n", "country"),
        ("x:1\tP.PPL\tAZ\t\t1\t2\t\tmany\t\n", "x:1\tX\t\t\t\tt\n", "population"),
        ("x:1\tP.PPL\tAZ\t\t1\t2\t\t5\t\n", "x:1\tX\t\tnickname\t\tt\n", "kind"),
    ] {
        let faulty = data(&format!("{header}{row}"), &format!("{names}{own}"), words);
        let error = gazetteer::build(&faulty, dir.path(), &|_| {}).expect_err(part).to_string();
        assert!(error.contains(part), "'{part}' is not in: {error}");
        let left = Gazetteer::open(dir.path()).expect("the earlier index opens");
        assert!(left.get("t:2").is_some());
    }
    let mut broken = small_data();
    if let Some((places, _)) = &mut broken.world {
        places.bytes = b"this is no zstd";
    }
    let error = gazetteer::build(&broken, dir.path(), &|_| {}).expect_err("no zstd").to_string();
    assert!(error.contains("places.tsv.zst"), "{error}");
    nothing_half_built(dir.path());
}

fn nothing_half_built(dir: &Path) {
    let left: Vec<String> = fs::read_dir(dir)
        .expect("the folder")
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".building") || name.starts_with(".manifest"))
        .collect();
    assert!(left.is_empty(), "half-built things are left: {left:?}");
}

#[test]
fn an_index_that_cannot_be_written_to_is_read() {
    let small = Small::new();
    let asks = "lookup Testopolis Testopolys 'Newtown Test' Тэстополь";
    let bound = shell(&format!(
        "unshare -rm sh -c 'mount --bind \"{0}\" \"{0}\" && mount -o remount,ro,bind \"{0}\" && echo mounted \
         && ! touch \"{0}/x\" 2>/dev/null && \"$ALLONYM\" --index \"{0}\" {1} && \"$ALLONYM\" --index \"{0}\" index check'",
        text(small.path()),
        asks.replace('\'', "\"")
    ));
    if bound.text().starts_with("mounted") {
        assert_eq!(bound.code, Some(0), "{bound}");
        assert_eq!(bound.text().lines().filter(|line| line.contains("\"t:")).count(), 4, "{bound}");
        return;
    }
    skip("a read-only directory by mounting", bound.err.trim());
    let locked = shell(&format!("chmod -R a-w \"{0}\" && ! touch \"{0}/x\" 2>/dev/null", text(small.path())));
    if locked.code != Some(0) {
        return skip("a read-only directory by chmod", "this user may write everywhere");
    }
    let run = shell(&format!("\"$ALLONYM\" --index \"{}\" {asks}", text(small.path())));
    assert_eq!(run.code, Some(0), "{run}");
    shell(&format!("chmod -R u+w \"{}\"", text(small.path()))).done();
}

#[test]
fn a_build_on_a_full_disk_says_so_and_leaves_nothing() {
    let dir = folder();
    for size in ["64k", "5m", "40m"] {
        let run = shell(&format!(
            "unshare -rm sh -c 'mount -t tmpfs -o size={size} tmpfs \"{0}\" && echo mounted && \
             {{ \"$ALLONYM\" index build --quiet --output \"{0}/index\"; echo code $?; ls -A \"{0}/index\"; }}'",
            text(dir.path())
        ));
        if !run.text().starts_with("mounted") {
            return skip("a build on a full disk", run.err.trim());
        }
        assert!(run.text().contains("code 1"), "{size}: {run}");
        run.says(&["no space left on device"]);
        assert!(!run.text().contains(".building") && !run.text().contains("manifest.json"), "{size}: {run}");
    }
}

#[test]
fn a_build_beyond_the_file_size_limit_says_so_and_leaves_the_earlier_index() {
    let small = Small::new();
    let run = shell(&format!(
        "trap '' XFSZ; ulimit -f 8000; exec \"$ALLONYM\" index build --quiet --output \"{}\"",
        text(small.path())
    ));
    run.refused(1, &["too large"]);
    nothing_half_built(small.path());
    assert_eq!(common::first_id(&with_index(small.path(), ["lookup", "Testopolis"]).lines()[0]), "t:2");
}

/// A build of the bundled index into a directory, which is left to itself.
fn start_build(dir: &Path) -> std::process::Child {
    let mut command = Command::new(BINARY);
    command.args(["index", "build", "--output", text(dir)]).env_remove("ALLONYM_INDEX").env_remove("RUST_BACKTRACE");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_earlier_index() {
    let small = Small::new();
    let jitter = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| u64::from(t.subsec_micros()) % 200);
    for moment in [5, 60, 300, 900, 1700, 2600, 3600, 5000] {
        let moment = moment + jitter;
        let mut child = start_build(small.path());
        sleep(Duration::from_millis(moment));
        child.kill().expect("the build is killed");
        let status = child.wait().expect("it ends");
        let run = with_index(small.path(), ["lookup", "Testopolis", "Baku"]);
        let lines = run.lines();
        let ids = [common::first_id(&lines[0]), common::first_id(&lines[1])];
        let finished = status.code() == Some(0);
        let expected = if finished { ids[1] == "gn:587084" } else { ids[0] == "t:2" || ids[1] == "gn:587084" };
        assert!(expected, "killed after {moment} ms: {run}");
        with_index(small.path(), ["index", "check"]).done();
        if ids[1] == "gn:587084" {
            break; // the build was faster: there is nothing left to kill
        }
    }
    let output = start_build(small.path()).wait_with_output().expect("the build ends");
    Run::of("allonym index build".to_owned(), output).done();
    nothing_half_built(small.path());
    with_index(small.path(), ["index", "check"]).done();
    assert_eq!(common::first_id(&with_index(small.path(), ["lookup", "Baku"]).lines()[0]), "gn:587084");
    let generations = fs::read_dir(small.path()).expect("the folder").flatten().filter(|e| e.path().is_dir()).count();
    assert_eq!(generations, 1, "the earlier generation is cleared away");
}

#[test]
fn two_builds_that_start_at_once_make_one_index() {
    let dir = folder();
    let index = dir.path().join("index");
    let builds = [start_build(&index), start_build(&index)];
    for build in builds {
        Run::of("allonym index build, twice".to_owned(), build.wait_with_output().expect("the build ends")).done();
    }
    with_index(&index, ["index", "check"]).done();
    assert_eq!(common::first_id(&with_index(&index, ["lookup", "Baku"]).lines()[0]), "gn:587084");
    nothing_half_built(&index);
}

#[test]
fn two_first_uses_at_once_away_from_the_checkout_share_one_index_in_the_cache() {
    let dir = folder();
    let program = dir.path().join("allonym");
    if fs::hard_link(BINARY, &program).is_err() {
        fs::copy(BINARY, &program).expect("the program is copied");
    }
    let cache = dir.path().join("cache");
    let start = |word: &str| {
        let mut command = Command::new(&program);
        command
            .args(["lookup", word])
            .env("XDG_CACHE_HOME", &cache)
            .env_remove("ALLONYM_INDEX")
            .env_remove("RUST_BACKTRACE");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts")
    };
    let both = [start("Baku"), start("Kyiv")];
    for (child, id) in both.into_iter().zip(["gn:587084", "gn:703448"]) {
        let run = Run::of("allonym lookup, for the first time".to_owned(), child.wait_with_output().expect("it ends"));
        assert_eq!(run.code, Some(0), "{run}");
        assert_eq!(common::first_id(&run.lines()[0]), id, "{run}");
    }
    let made = cache.join("allonym/index");
    with_index(&made, ["index", "check"]).done();
    nothing_half_built(&made);
    // And where nothing can be written, a sentence says what to do.
    let nowhere = Command::new(&program)
        .args(["lookup", "Baku"])
        .env("XDG_CACHE_HOME", "/dev/null/cache")
        .env("HOME", "/dev/null")
        .env_remove("ALLONYM_INDEX")
        .output()
        .expect("the command starts");
    Run::of("allonym lookup, with nowhere to write".to_owned(), nowhere).refused(1, &["index"]);
}
