//! All names of an entity, grouped for reading.

use serde::Serialize;

use crate::entity::NameKind;
use crate::index::places::{EntityRef, NameRef};

/// One spelling as it is written out.
#[derive(Serialize)]
pub struct Variant<'g> {
    /// The entity's id.
    pub id: &'g str,
    /// The spelling.
    pub name: &'g str,
    /// BCP 47, null where unknown.
    pub lang: Option<&'g str>,
    /// ISO 15924.
    pub script: String,
    /// What kind of name it is.
    pub kind: NameKind,
    /// First year of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<i16>,
    /// Last year of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i16>,
    /// Who uses it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub by: &'g str,
    /// The short code of the source that has it.
    pub source: &'g str,
    /// Made by a machine.
    pub machine: bool,
}

impl<'g> Variant<'g> {
    /// A name of an entity.
    pub fn of(entity: &EntityRef<'g>, name: &NameRef<'g>) -> Variant<'g> {
        Variant {
            id: entity.id(),
            name: name.text(),
            lang: Some(name.lang()).filter(|l| !l.is_empty()),
            script: name.script().as_str().to_owned(),
            kind: name.kind(),
            since: name.since(),
            until: name.until(),
            by: name.by(),
            source: name.source(),
            machine: name.is_machine(),
        }
    }
}

/// Which names of an entity are wanted; all where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Languages: BCP 47 tags, or their first part.
    pub langs: Vec<String>,
    /// Scripts: ISO 15924, in any case.
    pub scripts: Vec<String>,
    /// Kinds of names.
    pub kinds: Vec<NameKind>,
}

impl Wanted {
    /// Whether a name is among them.
    pub fn fits(&self, name: &NameRef<'_>) -> bool {
        let lang = |lang: &String| name.lang() == lang || name.lang().split('-').next() == Some(lang);
        (self.langs.is_empty() || self.langs.iter().any(lang))
            && (self.scripts.is_empty() || self.scripts.iter().any(|s| s.eq_ignore_ascii_case(name.script().as_str())))
            && (self.kinds.is_empty() || self.kinds.contains(&name.kind()))
    }
}

/// A name with everyone who has it: one line for reading.
pub struct Row<'a> {
    /// The spelling.
    pub name: &'a str,
    /// The languages that have it, BCP 47.
    pub langs: Vec<&'a str>,
    /// What kind of name it is.
    pub kind: NameKind,
    /// First year of use.
    pub since: Option<i16>,
    /// Last year of use.
    pub until: Option<i16>,
    /// Who uses it.
    pub by: &'a str,
    /// Made by a machine.
    pub machine: bool,
}

/// The names by script, Latin first, then by kind and language; a spelling that many languages share is one row.
pub fn rows<'a>(variants: &'a [Variant<'a>]) -> Vec<(&'a str, Vec<Row<'a>>)> {
    let mut scripts: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
    for v in variants {
        let at = scripts.iter().position(|(script, _)| *script == v.script).unwrap_or_else(|| {
            scripts.push((&v.script, Vec::new()));
            scripts.len() - 1
        });
        let rows = &mut scripts[at].1;
        let same = |row: &&mut Row<'_>| {
            (row.name, row.kind, row.since, row.until, row.by, row.machine)
                == (v.name, v.kind, v.since, v.until, v.by, v.machine)
        };
        match rows.iter_mut().find(same) {
            Some(row) => row.langs.extend(v.lang),
            None => rows.push(Row {
                name: v.name,
                langs: v.lang.into_iter().collect(),
                kind: v.kind,
                since: v.since,
                until: v.until,
                by: v.by,
                machine: v.machine,
            }),
        }
    }
    for (_, rows) in &mut scripts {
        rows.iter_mut().for_each(|row| {
            row.langs.sort_unstable();
            row.langs.dedup();
        });
        rows.sort_by(|a, b| {
            let rank = |r: &Row<'_>| (r.machine, r.kind == NameKind::Code, r.langs.is_empty(), r.kind);
            rank(a).cmp(&rank(b)).then_with(|| a.langs.cmp(&b.langs)).then_with(|| a.name.cmp(b.name))
        });
    }
    scripts.sort_by_key(|(script, rows)| (*script != "Latn", *script == "Zyyy", std::cmp::Reverse(rows.len())));
    scripts
}

/// A script's name in English (ISO 15924); the code itself where it has none here.
pub fn script_name(code: &str) -> &str {
    match code {
        "Zyyy" => "Digits and signs",
        "Hani" => "Chinese characters",
        "Jpan" => "Japanese",
        "Kore" => "Korean",
        _ => unicode_script::Script::from_short_name(code).map_or(code, |script| script.full_name()),
    }
}
