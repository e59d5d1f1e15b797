//! What `data/overlays` says of places of the world data: names that are historical, and ids that must not go.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};

use crate::model::Id;

#[derive(Default)]
pub struct Overlays {
    /// The names of a place, in the order of the files.
    pub names: BTreeMap<Id, Vec<OverlayName>>,
    /// Every id that a table mentions.
    pub ids: BTreeSet<Id>,
}

pub struct OverlayName {
    pub text: String,
    pub lang: String,
    pub kind: String,
    pub until: String,
}

pub fn read(folder: &Path) -> Result<Overlays> {
    let mut overlays = Overlays::default();
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "tsv") {
                files.push(path);
            }
        }
    }
    files.sort();
    for path in files {
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let names = path.file_name().is_some_and(|name| name == "names.tsv");
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            for word in cells.iter().flat_map(|cell| cell.split(' ')).filter(|word| word.contains(':')) {
                overlays.ids.extend(word.parse::<Id>().ok());
            }
            if let (true, [id, text, lang, kind, _, _, until, ..]) = (names, &cells[..]) {
                let name = OverlayName {
                    text: (*text).to_string(),
                    lang: (*lang).to_string(),
                    kind: (*kind).to_string(),
                    until: (*until).to_string(),
                };
                overlays.names.entry(id.parse()?).or_default().push(name);
            }
        }
    }
    Ok(overlays)
}
