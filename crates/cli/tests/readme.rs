//! Every `console` block of README.md, data/README.md and docs/own-gazetteers.md, run: what a reader sees there is what the program says.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::{BINARY, Faults, bundled, folder};

/// A command of a block with the lines that it should write.
struct Step {
    line: usize,
    command: String,
    expected: Vec<String>,
}

/// The steps of every block, block by block.
fn blocks(text: &str) -> Vec<Vec<Step>> {
    let mut blocks: Vec<Vec<Step>> = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        match (inside, line.trim_end()) {
            (false, "```console") => {
                blocks.push(Vec::new());
                inside = true;
            }
            (true, "```") => inside = false,
            (true, line) => {
                let steps = blocks.last_mut().expect("a block is open");
                match (line.strip_prefix("$ "), steps.last_mut()) {
                    (Some(command), _) => {
                        let command = command.replace("cargo run --release -- ", "allonym ");
                        steps.push(Step { line: number + 1, command, expected: Vec::new() });
                    }
                    (None, Some(step)) if step.command.ends_with('\\') => {
                        step.command.pop();
                        step.command.push_str(line.trim_start_matches("> ").trim_start());
                    }
                    (None, Some(step)) => step.expected.push(line.to_owned()),
                    (None, None) => panic!("README.md, line {}: output without a command", number + 1),
                }
            }
            (false, _) => {}
        }
    }
    assert!(!inside, "README.md: a block is not closed");
    blocks
}

/// Whether the lines are as expected, where `...` alone stands for any lines.
fn agrees(expected: &[String], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first.trim() == "..." => (0..=lines.len()).any(|skip| agrees(rest, &lines[skip..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, after)| line.trim_end() == first.trim_end() && agrees(rest, after))
        }
    }
}

#[test]
fn every_console_block_of_the_readme_says_what_the_program_says() {
    let home = common::root();
    let mut blocks_of = Vec::new();
    for name in ["README.md", "data/README.md", "docs/own-gazetteers.md"] {
        let text = fs::read_to_string(home.join(name)).expect(name);
        let found = blocks(&text);
        assert!(!found.is_empty(), "{name} shows nothing: it has no console block");
        blocks_of.extend(found);
    }
    let blocks = blocks_of;
    let steps = blocks.iter().flatten().count();
    bundled(); // so that no block shows the progress of a build
    let program = Path::new(BINARY).parent().expect("a folder").to_str().expect("a path");
    let path = format!("{program}:{}", std::env::var("PATH").unwrap_or_default());
    let mut faults = Faults::default();
    for block in &blocks {
        // One folder a block: what one command writes, the next may read.
        let work = folder();
        let examples = home.join("examples");
        if examples.is_dir() {
            common::copy(&examples, work.path());
        }
        for step in block {
            if !step.command.contains("allonym") && !step.command.starts_with("head ") {
                faults.add(format!("README.md, line {}: '{}' is no command of ours", step.line, step.command));
                continue;
            }
            let output = Command::new("sh")
                .args(["-c", &format!("{{ {}\n}} 2>&1", step.command)])
                .current_dir(work.path())
                .env("PATH", &path)
                .env_remove("ALLONYM_INDEX")
                .env_remove("RUST_BACKTRACE")
                .output()
                .expect("the shell starts");
            let said = String::from_utf8_lossy(&output.stdout);
            let lines: Vec<&str> = said.trim_end().lines().collect();
            let mut expected = step.expected.clone();
            while expected.last().is_some_and(|line| line.trim().is_empty()) {
                expected.pop();
            }
            faults.check(agrees(&expected, &lines), || {
                let expected = expected.join("\n");
                format!("README.md, line {}: $ {}\n--- expected\n{expected}\n--- said\n{said}", step.line, step.command)
            });
        }
    }
    eprintln!("{steps} commands in {} blocks", blocks.len());
    faults.report();
}

#[test]
fn three_dots_stand_for_any_lines_and_nothing_else_does() {
    let agree = |expected: &str, said: &str| {
        let expected: Vec<String> = expected.lines().map(str::to_owned).collect();
        agrees(&expected, &said.lines().collect::<Vec<_>>())
    };
    assert!(agree("a\nb", "a\nb  "));
    assert!(agree("a\n...\nd", "a\nb\nc\nd") && agree("a\n...", "a") && agree("...", ""));
    assert!(!agree("a", "a\nb") && !agree("a\nb", "a") && !agree("a\n...\nd", "a\nb\nc") && !agree("", "a"));
}

#[test]
fn blocks_are_read_with_their_commands_and_lines() {
    let text = "x\n```console\n$ allonym a\nout\n\n$ cargo run --release -- b \\\n> c\n```\n```sh\n$ no\n```\n";
    let blocks = blocks(text);
    assert_eq!(blocks.len(), 1);
    let told: Vec<(usize, &str, usize)> =
        blocks[0].iter().map(|step| (step.line, step.command.as_str(), step.expected.len())).collect();
    assert_eq!(told, [(3, "allonym a", 2), (6, "allonym b c", 0)]);
}
