//! How fast the parts are, on one core, with the bundled data. `docs/performance.md` keeps the figures.
//!
//! The text is made here, of sentences as news has them and of names drawn from the gazetteer (the more names a place has,
//! the likelier): the same at every run, and nobody's property.

use std::fmt::Write;

use allonym::fold::Key;
use allonym::{Gazetteer, Query, table, tag};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// A small generator of the same numbers every time (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }
}

/// Main names of places that are spoken of, the better known more often.
fn names(gazetteer: &Gazetteer) -> Vec<String> {
    let known = gazetteer.entities().filter(|e| e.name_count() > 8 && e.label().is_ascii());
    known.flat_map(|e| std::iter::repeat_n(e.label().to_owned(), (e.name_count() as usize / 16).max(1))).collect()
}

const SENTENCES: [&str; 8] = [
    "Officials in % said on Tuesday that talks would go on, although nobody expected a quick result. ",
    "The company, which has its seat in %, reported a loss for the third quarter in a row. ",
    "\"We have waited long enough,\" the spokesman said after the meeting, and refused to take further questions. ",
    "Heavy rain closed the road from % to % for most of the day, the ministry of transport said. ",
    "She was born near %, studied law, and moved to % with her family when she was twelve. ",
    "The bill was passed by a narrow vote, and the government hopes to sign it before the end of the month. ",
    "Police in %, %, are looking for a man who left the shop without paying. ",
    "Prices rose by two percent, more than economists had predicted, and wages did not keep up. ",
];

fn text(names: &[String], bytes: usize) -> String {
    let mut numbers = Numbers(7);
    let mut text = String::with_capacity(bytes + 200);
    while text.len() < bytes {
        let mut parts = SENTENCES[numbers.below(SENTENCES.len())].split('%').peekable();
        while let Some(part) = parts.next() {
            text.push_str(part);
            if parts.peek().is_some() {
                text.push_str(&names[numbers.below(names.len())]);
            }
        }
        if numbers.below(5) == 0 {
            text.push_str("\n\n");
        }
    }
    text
}

/// A name with one letter left out in the middle.
fn misspelt(name: &str) -> String {
    let middle = name.chars().count() / 2;
    name.chars().enumerate().filter(|(at, _)| *at != middle).map(|(_, c)| c).collect()
}

fn speed(criterion: &mut Criterion) {
    let gazetteer = Gazetteer::bundled().expect("the bundled index opens");
    let names = names(&gazetteer);
    let mut numbers = Numbers(11);
    let mut draw = || names[numbers.below(names.len())].clone();

    let document = text(&names, 4_000);
    let mut group = criterion.benchmark_group("tag");
    group.throughput(Throughput::Bytes(document.len() as u64));
    let mut tagger = gazetteer.tagger(tag::Options::default());
    group.bench_function("walk alone", |b| b.iter(|| tagger.count_spans(&document)));
    group.bench_function("with the choice between candidates", |b| b.iter(|| tagger.tag(&document)));
    group.finish();

    let mut group = criterion.benchmark_group("lookup");
    group.bench_function("exact, names behind a key", |b| {
        b.iter_batched(|| Key::of(&draw()), |key| gazetteer.exact(&key).len(), BatchSize::SmallInput)
    });
    group.bench_function("exact, ranked candidates", |b| {
        b.iter_batched(&mut draw, |name| gazetteer.lookup(&Query::new(&name)), BatchSize::SmallInput)
    });
    group.bench_function("fuzzy, ranked candidates", |b| {
        b.iter_batched(|| misspelt(&draw()), |name| gazetteer.lookup(&Query::new(&name)), BatchSize::SmallInput)
    });
    group.finish();

    let rows = 100_000;
    let mut repeating = String::from("id,place\n");
    let values: Vec<String> = (0..1_000).map(|_| draw()).collect();
    for row in 0..rows {
        let _ = writeln!(repeating, "{row},\"{}\"", values[row % values.len()]);
    }
    let mut group = criterion.benchmark_group("normalize");
    group.sample_size(10).throughput(Throughput::Elements(rows as u64));
    let options = table::Options::new("place");
    group.bench_function("rows of 1,000 values", |b| {
        b.iter(|| table::normalize(&gazetteer, repeating.as_bytes(), std::io::sink(), &options))
    });
    // What it costs to read and write the same rows and do nothing.
    group.bench_function("the rows copied by a CSV library", |b| {
        b.iter(|| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(repeating.as_bytes());
            let mut writer = csv::Writer::from_writer(std::io::sink());
            let mut record = csv::ByteRecord::new();
            while reader.read_byte_record(&mut record)? {
                writer.write_byte_record(&record)?;
            }
            writer.flush().map_err(csv::Error::from)
        })
    });
    group.finish();
}

criterion_group!(benches, speed);
criterion_main!(benches);
