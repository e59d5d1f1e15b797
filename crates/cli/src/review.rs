//! `allonym review`.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use crossterm::terminal;

use super::options::Common;
use super::output::AtomicFile;
use super::render::table::{new, right, text};
use super::{input, open, render};
use allonym::error::{Error, Result};
use allonym::gazetteer::Gazetteer;
use allonym::label::Label;
use allonym::lookup::Query;
use allonym::record::Record;
use allonym::render::words::{isolate, what};
use allonym::table::{NONE, Open, Review as Table};

/// Walk through the doubts that normalize left, one key for each.
///
/// Shows each value with its context, its candidates and why it is a doubt. The table is saved after every choice; leave and
/// come back as you like, and give it to `normalize --decisions` whenever you want. Without a terminal, the keys are read
/// from the lines of standard input.
#[derive(Args)]
#[command(after_help = "Keys:
  1 to 9   this candidate is meant
  n        none of them, and no other place
  s        skip; it stays open
  u        undo: back to the one before, which is open again
  / NAME   search the gazetteer for another
  q        leave; everything is saved

Examples:
  allonym normalize events.csv --column town --review doubts.csv -o out.csv
  allonym review doubts.csv
  allonym normalize events.csv --column town --decisions doubts.csv -o out.csv")]
pub struct Review {
    /// A file that `normalize --review` wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Show what is decided already, too.
    #[arg(long)]
    all: bool,
}

/// What a key means.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Choose(usize),
    None,
    Skip,
    Undo,
    Search(String),
    Quit,
    /// No key of this program.
    Other(String),
}

impl Key {
    fn parse(line: &str) -> Key {
        match line.trim() {
            "n" => Key::None,
            "s" | "" => Key::Skip,
            "u" => Key::Undo,
            "q" => Key::Quit,
            other => match (other.strip_prefix('/'), other.parse()) {
                (Some(name), _) => Key::Search(name.trim().to_owned()),
                (None, Ok(number @ 1..=9)) => Key::Choose(number),
                _ => Key::Other(other.to_owned()),
            },
        }
    }
}

impl Review {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        let mut table = Table::read(input::reader(&self.file)?).map_err(|e| e.in_file(&self.file))?;
        let todo: Vec<usize> = (0..table.len()).filter(|&n| self.all || table.doubt(n).chosen.is_empty()).collect();
        let mut gazetteer = None;
        let mut at = 0;
        let mut decided = 0;
        'doubts: while at < todo.len() {
            let mut doubt = table.doubt(todo[at]);
            show(&doubt, at + 1, todo.len())?;
            loop {
                let key = key()?;
                let choice = match key {
                    Key::Choose(n) if n <= doubt.candidates.len() => doubt.candidates[n - 1][0].clone(),
                    Key::None => NONE.to_owned(),
                    Key::Skip => {
                        at += 1;
                        continue 'doubts;
                    }
                    Key::Undo if at > 0 => {
                        at -= 1;
                        decided -= usize::from(!table.doubt(todo[at]).chosen.is_empty() && decided > 0);
                        table.choose(todo[at], "");
                        self.save(&table)?;
                        continue 'doubts;
                    }
                    Key::Search(name) => {
                        if gazetteer.is_none() {
                            gazetteer = Some(open::open(common)?);
                        }
                        if let Some(gazetteer) = &gazetteer {
                            search(gazetteer, &name, &mut doubt)?;
                        }
                        continue;
                    }
                    Key::Quit => break 'doubts,
                    Key::Undo => {
                        say("this is the first\n")?;
                        continue;
                    }
                    Key::Choose(n) => {
                        say(&format!("there is no candidate {n}; / searches for others\n"))?;
                        continue;
                    }
                    Key::Other(text) => {
                        say(&format!(
                            "'{text}' is not a key; use 1 to 9, n none, s skip, u undo, / search, q leave\n"
                        ))?;
                        continue;
                    }
                };
                table.choose(todo[at], &choice);
                self.save(&table)?;
                decided += 1;
                at += 1;
                continue 'doubts;
            }
        }
        let open = (0..table.len()).filter(|&n| table.doubt(n).chosen.is_empty()).count();
        if !common.quiet {
            say(&format!(
                "{decided} decided now, {open} of {} open · saved in {}\n",
                table.len(),
                self.file.display()
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn save(&self, table: &Table) -> Result<()> {
        let mut file = AtomicFile::create(&self.file)?;
        table.write(&mut file)?;
        file.finish()
    }
}

fn say(line: &str) -> Result<()> {
    render::write(line)
}

/// Shows a doubt and asks.
fn show(doubt: &Open, number: usize, of: usize) -> Result<()> {
    let [count, row, status, reason] = &doubt.about;
    let mut out = format!("\n{number} of {of} · {}", isolate(&doubt.value));
    for (name, cell) in doubt.context.iter().filter(|(_, cell)| !cell.is_empty()) {
        out.push_str(&format!(" · {name}: {}", isolate(cell)));
    }
    let times = if count == "1" { "once".to_owned() } else { format!("{count} times, first") };
    out.push_str(&format!("\n  {status}, {times} in row {row}"));
    if !reason.is_empty() {
        out.push_str(&format!(": {reason}"));
    }
    out.push('\n');
    out.push_str(&candidates(doubt));
    say(&out)?;
    say("1–9 choose, n none, s skip, u undo, / search, q leave > ")
}

fn candidates(doubt: &Open) -> String {
    if doubt.candidates.is_empty() {
        return "  nothing like it is known\n".to_owned();
    }
    let mut table = new(["", "place", "where", "what", "score", "id"]);
    for (number, [id, label, feature, place, score]) in (1..).zip(&doubt.candidates) {
        table.add_row([
            right(number),
            isolate(label).into_owned().into(),
            isolate(place).into_owned().into(),
            what(feature).into_owned().into(),
            right(score),
            id.into(),
        ]);
    }
    text(&table)
}

/// Puts what the gazetteer has for a name in the place of the candidates.
fn search(gazetteer: &Gazetteer, name: &str, doubt: &mut Open) -> Result<()> {
    let mut query = Query::new(name);
    query.limit = 9;
    let found = gazetteer.lookup(&query)?;
    if found.candidates.is_empty() {
        return say(&format!("nothing found for '{name}'\n> "));
    }
    doubt.candidates = found
        .candidates
        .iter()
        .map(|candidate| {
            let record = Record::new(candidate, &Label::Source, "");
            let above: Vec<&str> = record.admin.iter().rev().copied().collect();
            let score = format!("{:.3}", record.score);
            [record.id.to_owned(), record.label.to_string(), record.feature.clone(), above.join(", "), score]
        })
        .collect();
    say(&candidates(doubt))?;
    say("1–9 choose, / search again > ")
}

/// The next key: one press on a terminal, a line otherwise; the end of the input leaves.
fn key() -> Result<Key> {
    let refused = |e| Error::stream("read the keys", e);
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).map_err(refused)?;
        say("\n")?;
        return Ok(if read == 0 { Key::Quit } else { Key::parse(&line) });
    }
    terminal::enable_raw_mode().map_err(refused)?;
    let pressed = press();
    terminal::disable_raw_mode().map_err(refused)?;
    let key = match pressed.map_err(refused)? {
        '/' => {
            say("/ ")?;
            io::stdout().flush().map_err(refused)?;
            let mut name = String::new();
            io::stdin().lock().read_line(&mut name).map_err(refused)?;
            return Ok(Key::Search(name.trim().to_owned()));
        }
        letter => Key::parse(&letter.to_string()),
    };
    say("\n")?;
    Ok(key)
}

/// The next letter on the keyboard; Escape and Control-C leave.
fn press() -> io::Result<char> {
    loop {
        let Event::Key(key) = event::read()? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match key.code {
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => return Ok('q'),
            KeyCode::Esc => return Ok('q'),
            KeyCode::Backspace => return Ok('u'),
            KeyCode::Enter => return Ok('s'),
            KeyCode::Char(letter) => return Ok(letter),
            _ => {}
        }
    }
}
