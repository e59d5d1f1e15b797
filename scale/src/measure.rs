//! What an index costs to use: the same questions, whatever its size.

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use allonym::fold::Key;
use allonym::{Gazetteer, Query, Result, tag};

use crate::numbers::Numbers;

/// Names that are looked up, at most.
const QUERIES: usize = 2_000;

/// Prints the times of opening, of lookups and of tagging.
pub fn measure(open: impl Fn() -> Result<Gazetteer>) -> Result<()> {
    let begin = Instant::now();
    let gazetteer = open()?;
    line("open", begin.elapsed());
    let names = names(&gazetteer);
    let keys: Vec<Key> = names.iter().map(|name| Key::of(name)).collect();
    for round in ["first", "again"] {
        let times = keys.iter().map(|key| time(|| gazetteer.exact(key).len()));
        spread(&format!("names behind a key, {round}"), times.collect());
    }
    for (what, change) in
        [("ranked", whole as fn(&str) -> String), ("a letter missing", misspelt), ("two letters missing", twice)]
    {
        let asked: Vec<String> = names.iter().map(|name| change(name)).collect();
        for round in ["first", "again"] {
            let times = asked.iter().map(|name| time(|| gazetteer.lookup(&Query::new(name)).is_ok()));
            spread(&format!("{what}, {round}"), times.collect());
        }
    }
    let text = text(&names);
    let mut tagger = gazetteer.tagger(tag::Options::default());
    tagger.tag(&text[..text.floor_char_boundary(10_000)]);
    let begin = Instant::now();
    let mentions: usize = text.split("\n\n").map(|document| tagger.tag(document).len()).sum();
    let speed = text.len() as f64 / 1e6 / begin.elapsed().as_secs_f64();
    println!("tagging\t{speed:.1} MB/s\t({mentions} mentions in {:.1} MB)", text.len() as f64 / 1e6);
    Ok(())
}

/// Main names of places, drawn evenly.
fn names(gazetteer: &Gazetteer) -> Vec<String> {
    let count = gazetteer.manifest().counts.entities;
    let mut numbers = Numbers::of(7, count);
    let mut drawn = Vec::new();
    while drawn.len() < QUERIES {
        let Some(entity) = gazetteer.entity(numbers.below(count) as u32) else { break };
        drawn.push(entity.label().to_owned());
    }
    drawn
}

fn whole(name: &str) -> String {
    name.to_owned()
}

/// A name without the letter in its middle.
fn misspelt(name: &str) -> String {
    let middle = name.chars().count() / 2;
    name.chars().enumerate().filter(|(at, _)| *at != middle).map(|(_, c)| c).collect()
}

fn twice(name: &str) -> String {
    let third = name.chars().count() / 3;
    name.chars().enumerate().filter(|(at, _)| *at != third && *at != 2 * third + 1).map(|(_, c)| c).collect()
}

fn text(names: &[String]) -> String {
    let mut text = String::new();
    for (n, two) in names.chunks(2).cycle().take(12_000).enumerate() {
        let (one, other) = (&two[0], &two[two.len() - 1]);
        let _ = write!(
            text,
            "The minister said on Monday that the road from {one} to {other} would be open by the end of the month. "
        );
        let _ = write!(text, "Nobody had expected it so soon, and few believed that it would stay so. ");
        if n % 6 == 5 {
            text.push_str("\n\n");
        }
    }
    text
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let begin = Instant::now();
    black_box(work());
    begin.elapsed()
}

fn spread(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| micros(times[((times.len() - 1) as f64 * share) as usize]);
    let mean = micros(times.iter().sum::<Duration>() / times.len().max(1) as u32);
    println!("{what}\tmedian {}\tmean {mean}\t99 % {}\tworst {}", at(0.5), at(0.99), at(1.0));
}

fn line(what: &str, time: Duration) {
    println!("{what}\t{}", micros(time));
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}
