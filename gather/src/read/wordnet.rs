//! WordNet 3.0: English words with their senses and inflections, and the persons it knows.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::package::Package;

pub const CODE: &str = "wn";

const FOLDER: &str = "usr/share/wordnet";
/// The parts of speech, as WordNet's files are called.
pub const PARTS: [&str; 4] = ["noun", "verb", "adj", "adv"];
/// WordNet's numbers for the files of its editors: places and persons are names more often than words.
const PLACES: &str = "15";
const PERSONS: &str = "18";

#[derive(Default)]
pub struct WordNet {
    /// For each lower-case word its parts of speech (the index in [`PARTS`]) and the number of its senses.
    pub words: BTreeMap<String, BTreeMap<usize, u32>>,
    /// How often the word stands in WordNet's annotated texts.
    pub tagged: BTreeMap<String, u32>,
    /// Irregular inflections and their words.
    pub irregular: Vec<(String, String)>,
    /// Persons, as "Johann Sebastian Bach".
    pub persons: Vec<String>,
}

pub fn read(package: &Package) -> Result<WordNet> {
    let mut net = WordNet::default();
    for (part, name) in PARTS.iter().enumerate() {
        let text = package.text(&format!("{FOLDER}/data.{name}"))?;
        // The licence stands on top, each line behind two spaces.
        for line in text.lines().filter(|line| !line.starts_with(' ')) {
            synset(&mut net, part, line).with_context(|| format!("data.{name}: {line:.60}"))?;
        }
        for line in package.text(&format!("{FOLDER}/{name}.exc"))?.lines() {
            let mut words = line.split(' ').map(spaced);
            if let (Some(inflected), Some(word)) = (words.next(), words.next()) {
                net.irregular.push((inflected, word));
            }
        }
    }
    for line in package.text(&format!("{FOLDER}/cntlist.rev"))?.lines() {
        let mut cells = line.split(' ');
        let (Some(key), Some(_), Some(count)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let Some((word, sense)) = key.split_once('%') else { continue };
        let editor = sense.split(':').nth(1).unwrap_or_default();
        if editor != PLACES && editor != PERSONS {
            *net.tagged.entry(spaced(word)).or_default() += count.parse::<u32>().context("cntlist.rev has no count")?;
        }
    }
    Ok(net)
}

/// `00005930 03 n 01 dwarf 0 001 @ … | gloss`: the number of words is hexadecimal.
fn synset(net: &mut WordNet, part: usize, line: &str) -> Result<()> {
    let mut cells = line.split(' ');
    let editor = cells.nth(1).context("the line has no editor's file")?;
    let count =
        cells.nth(1).and_then(|count| usize::from_str_radix(count, 16).ok()).context("the line has no count")?;
    for word in cells.step_by(2).take(count) {
        let word = spaced(word.split('(').next().unwrap_or(word));
        if !word.chars().any(char::is_uppercase) {
            *net.words.entry(word).or_default().entry(part).or_default() += 1;
        } else if editor == PERSONS && word.contains(' ') {
            net.persons.push(word);
        }
    }
    Ok(())
}

fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_synset_gives_words_and_persons() {
        let mut net = WordNet::default();
        synset(&mut net, 0, "00005930 03 n 02 reading 0 book_of_hours 1 000 | gloss").expect("a synset");
        synset(&mut net, 0, "10830229 18 n 02 Bach 0 Johann_Sebastian_Bach 0 000 | gloss").expect("a synset");
        assert_eq!(net.words.keys().collect::<Vec<_>>(), ["book of hours", "reading"]);
        assert_eq!(net.persons, ["Johann Sebastian Bach"]);
    }
}
