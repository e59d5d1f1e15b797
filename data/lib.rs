//! The data that [allonym](https://docs.rs/allonym) bundles; use that crate. `README.md` describes the files.
#![no_std]

/// A file: its path in the repository and its content.
pub type File = (&'static str, &'static [u8]);

macro_rules! file {
    ($path:literal) => {
        (concat!("data/", $path), include_bytes!($path))
    };
}

/// The places of the world, compressed with zstd.
pub const PLACES: File = file!("world/places.tsv.zst");

/// Their names, compressed with zstd: one table in parts, in order, each with the header.
#[cfg(feature = "names")]
pub const NAMES: [File; 3] = [
    ("data/world/names-1/names.tsv.zst", allonym_names_1::NAMES),
    ("data/world/names-2/names.tsv.zst", allonym_names_2::NAMES),
    ("data/world/names-3/names.tsv.zst", allonym_names_3::NAMES),
];

/// Words that may be meant where a place's name stands, compressed with zstd.
pub const WORDS: File = file!("world/words.tsv.zst");

/// Words that usually mean something else, by hand.
pub const ORDINARY: File = file!("overlays/ordinary.tsv");

/// The official languages of each country.
pub const LANGUAGES: &str = include_str!("overlays/languages.tsv");

/// Words beside a name that show what it names, by language.
pub const CUES: &str = include_str!("lang/cues.tsv");

/// What is typed where no place is meant, by language.
pub const NON_ANSWERS: &str = include_str!("lang/non_answers.tsv");

/// Generic words of states, such as "republic of", by language.
pub const STATE_WORDS: &str = include_str!("lang/state_words.tsv");

/// The simplified forms of Chinese characters.
pub const SIMPLIFIED: &str = include_str!("lang/simplified.tsv");

/// The trees and weights that were learned from annotated texts.
pub const MODEL: &str = include_str!("model.txt");

/// Coasts and borders, compressed with zstd.
pub const OUTLINES: &[u8] = include_bytes!("outlines/world.txt.zst");

/// The hand-edited tables about entities, each at most once, a folder per theme. **Add the files of a new theme here**; a test
/// compares this list with the directory.
pub const OVERLAYS: &[File] = &[
    file!("overlays/cities/entities.tsv"),
    file!("overlays/cities/names.tsv"),
    file!("overlays/countries/entities.tsv"),
    file!("overlays/countries/names.tsv"),
    file!("overlays/features/entities.tsv"),
    file!("overlays/features/names.tsv"),
    file!("overlays/karabakh/claims.tsv"),
    file!("overlays/karabakh/entities.tsv"),
    file!("overlays/karabakh/names.tsv"),
    file!("overlays/organizations/entities.tsv"),
    file!("overlays/organizations/names.tsv"),
    file!("overlays/quarters/entities.tsv"),
    file!("overlays/quarters/names.tsv"),
    file!("overlays/renamed/entities.tsv"),
    file!("overlays/renamed/names.tsv"),
    file!("overlays/sites/entities.tsv"),
    file!("overlays/sites/names.tsv"),
    file!("overlays/territories/claims.tsv"),
    file!("overlays/territories/entities.tsv"),
    file!("overlays/territories/names.tsv"),
    file!("overlays/villages/entities.tsv"),
    file!("overlays/villages/names.tsv"),
    file!("overlays/demonyms.tsv"),
    file!("overlays/points.tsv"),
    file!("overlays/withdrawn.tsv"),
];

#[cfg(test)]
mod tests {
    extern crate std;

    use std::collections::BTreeSet;
    use std::path::Path;
    use std::string::String;
    use std::vec::Vec;

    fn tables_below(dir: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).expect("a directory") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                tables_below(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "tsv") {
                let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("below data");
                found.push(std::format!("data/{}", path.display()));
            }
        }
    }

    #[test]
    fn every_table_of_the_overlays_is_listed_once() {
        let mut there = Vec::new();
        tables_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("overlays"), &mut there);
        there.retain(|path| path != "data/overlays/languages.tsv" && path != super::ORDINARY.0);
        let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
        let listed: BTreeSet<&str> = super::OVERLAYS.iter().map(|(path, _)| *path).collect();
        assert_eq!(listed, there, "data/lib.rs should list every table of data/overlays");
        assert_eq!(listed.len(), super::OVERLAYS.len(), "a table is listed twice");
    }
}
