//! Builds with a user's own files, when things go wrong: killed, twice at once, no room left.

mod common;

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use common::{BINARY, Run, file, first_id, folder, shell, skip, with_index};

/// A table of so many villages, too long for the memory of one run of the sorter to matter.
fn villages(count: usize) -> String {
    let mut table = "id,name,country,lat,lon,variants\n".to_owned();
    for n in 0..count {
        let (lat, lon) = (n % 80, n % 170);
        writeln!(table, "v:{n},Village {n} of the plain,AZ,{lat}.5,{lon}.5,Kənd {n};Деревня {n};قرية {n}")
            .expect("memory");
    }
    table
}

fn build(index: &Path, table: &str) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["index", "build", "--quiet", "--only", "--add", table, "--output"]).arg(index);
    command.env_remove("ALLONYM_INDEX").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn done(index: &Path, table: &str) {
    let output = build(index, table).output().expect("the command starts");
    Run::of("allonym index build --add".to_owned(), output).done();
}

fn knows(index: &Path, name: &str) -> bool {
    let run = with_index(index, ["lookup", "--fuzzy", "0", name]);
    run.lines()[0]["candidates"].as_array().is_some_and(|found| !found.is_empty())
}

fn left(index: &Path) -> Vec<String> {
    let names = std::fs::read_dir(index).expect("the folder").flatten();
    let mut names: Vec<String> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.starts_with(".building"));
    names
}

#[test]
fn killed_at_any_moment_it_leaves_the_earlier_index() {
    let dir = folder();
    let index = dir.path().join("index");
    let small = file(&dir, "small.csv", "id,name\nmy:1,Testopolis\n");
    let large = file(&dir, "large.csv", villages(40_000));
    done(&index, &small);
    for moment in [2, 20, 60, 120, 250, 400, 700, 1100, 1600, 2300, 3200] {
        let mut child = build(&index, &large).spawn().expect("the command starts");
        sleep(Duration::from_millis(moment));
        child.kill().expect("it is killed");
        let finished = child.wait().expect("it ends").success();
        with_index(&index, ["index", "check"]).done();
        let (old, new) = (knows(&index, "Testopolis"), knows(&index, "Village 39999 of the plain"));
        assert!(old != new, "after {moment} ms the index is one of the two");
        if finished || new {
            break; // the build was faster: there is nothing left to kill
        }
    }
    done(&index, &large);
    assert_eq!(left(&index), [""; 0], "half-built things are left");
    assert_eq!(first_id(&with_index(&index, ["lookup", "Деревня 123"]).lines()[0]), "v:123");
}

#[test]
fn two_at_once_make_one_index() {
    let dir = folder();
    let index = dir.path().join("index");
    let table = file(&dir, "villages.csv", villages(5_000));
    let both = [(); 2].map(|()| build(&index, &table).spawn().expect("the command starts"));
    for child in both {
        Run::of("allonym index build, twice".to_owned(), child.wait_with_output().expect("it ends")).done();
    }
    with_index(&index, ["index", "check"]).done();
    assert!(knows(&index, "Kənd 4999"));
    assert_eq!(left(&index), [""; 0]);
}

#[test]
fn no_room_for_the_index_or_for_what_is_sorted_is_told() {
    let dir = folder();
    let small = file(&dir, "small.csv", "id,name\nmy:1,Testopolis\n");
    let large = file(&dir, "large.csv", villages(40_000));
    let narrow = dir.path().join("narrow");
    std::fs::create_dir(&narrow).expect("a folder");
    // What waits to be sorted lies beside the index.
    for size in ["1m", "3m", "9m"] {
        let build = "\"$ALLONYM\" index build --quiet --only --output index --add";
        let run = shell(&format!(
            "unshare -rm sh -c 'mount -t tmpfs -o size={size} tmpfs \"{}\" && cd \"{0}\" && echo mounted && \
             {build} \"{small}\" && {{ {build} \"{large}\"; echo code $?; ls -A index; }} && \
             \"$ALLONYM\" --index index lookup --fuzzy 0 Testopolis'",
            narrow.display()
        ));
        if !run.text().starts_with("mounted") {
            return skip("a build without room", run.err.trim());
        }
        assert!(run.text().contains("code 1") && !run.text().contains(".building"), "{size}: {run}");
        assert!(run.text().contains("\"my:1\""), "{size}: the earlier index is whole: {run}");
        run.says(&["no space left on device"]);
    }
}
