//! `data/overlays`: the names of what people know beyond the packages, so that the extract does not contradict them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

#[derive(Default)]
pub struct Overlays {
    /// The main names of the entities that only the overlays have.
    pub labels: BTreeSet<String>,
    /// Names that went out of use, by id: not among the names in use today.
    pub historical: BTreeMap<String, HashSet<String>>,
    /// The ids that a row speaks of.
    pub ids: HashSet<String>,
}

/// Reads `names.tsv` of every theme, and the ids of `entities.tsv` and `claims.tsv`.
pub fn read(folder: &Path) -> Result<Overlays> {
    let mut overlays = Overlays::default();
    let mut current: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    let mut themes: Vec<_> = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    themes.sort();
    themes.push(folder.to_path_buf());
    for theme in themes.iter().filter(|path| path.is_dir()) {
        for table in ["entities.tsv", "claims.tsv", "names.tsv", "demonyms.tsv", "points.tsv"] {
            let path = theme.join(table);
            let Ok(text) = fs::read_to_string(&path) else { continue };
            for line in text.lines().skip(1) {
                let cells: Vec<&str> = line.split('\t').collect();
                overlays.ids.insert(cells[0].to_string());
                let [id, name, _, kind, label, _, until, ..] = cells[..] else { continue };
                if table != "names.tsv" {
                    continue;
                }
                if label == "1" {
                    overlays.labels.insert(name.to_string());
                }
                let names = if kind == "historical" { &mut overlays.historical } else { &mut current };
                if kind != "historical" || !until.is_empty() {
                    names.entry(id.to_string()).or_default().insert(name.to_string());
                }
            }
        }
    }
    for (id, names) in &mut overlays.historical {
        if let Some(current) = current.get(id) {
            names.retain(|name| !current.contains(name));
        }
    }
    Ok(overlays)
}
