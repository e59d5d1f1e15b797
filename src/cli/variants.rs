//! `allonym variants`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Common, Format, open, render};
use crate::entity::NameKind;
use crate::error::{Error, Result};
use crate::gazetteer::Gazetteer;
use crate::index::places::{EntityRef, NameRef};
use crate::lookup::Query;

/// Show every name of a place.
#[derive(Args)]
#[command(after_help = "Examples:
  allonym variants Karabakh
  allonym variants gn:703448 --lang uk,ru,en
  allonym variants Shusha --script Armn,Arab
  allonym variants Kyiv --as query")]
pub struct Variants {
    /// An id, or a name (its likeliest place is taken).
    #[arg(value_name = "ID|NAME")]
    place: String,
    /// Only names in these languages (BCP 47).
    #[arg(long, value_delimiter = ',', value_name = "LANG")]
    lang: Vec<String>,
    /// Only names in these scripts (ISO 15924: Latn, Cyrl, Armn …).
    #[arg(long, value_delimiter = ',', value_name = "SCRIPT")]
    script: Vec<String>,
    /// Only names of these kinds.
    #[arg(long, value_delimiter = ',', value_name = "KIND")]
    kind: Vec<String>,
    /// A list, or a query for a search engine.
    #[arg(long = "as", value_enum, default_value = "list", value_name = "FORM")]
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    List,
    Query,
}

#[derive(Serialize)]
struct Variant<'g> {
    id: &'g str,
    name: &'g str,
    lang: Option<&'g str>,
    script: String,
    kind: NameKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i16>,
    #[serde(skip_serializing_if = "str::is_empty")]
    by: &'g str,
    source: &'g str,
    machine: bool,
}

impl Variants {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        let kinds: Vec<NameKind> =
            self.kind.iter().map(|k| k.parse()).collect::<Result<_>>().map_err(|e| Error::usage(e.to_string()))?;
        let gazetteer = open::open(common)?;
        let Some(entity) = find(&gazetteer, &self.place)? else {
            eprintln!("allonym: nothing is known by the name or id '{}'", self.place);
            return Ok(ExitCode::FAILURE);
        };
        let wanted = |name: &NameRef<'_>| {
            let lang = |l: &String| name.lang() == l || name.lang().split('-').next() == Some(l);
            (self.lang.is_empty() || self.lang.iter().any(lang))
                && (self.script.is_empty()
                    || self.script.iter().any(|s| s.eq_ignore_ascii_case(name.script().as_str())))
                && (kinds.is_empty() || kinds.contains(&name.kind()))
        };
        let names: Vec<NameRef<'_>> = entity.names().filter(wanted).collect();
        if self.form == Form::Query {
            render::write(&search_query(&names))?;
            return Ok(ExitCode::SUCCESS);
        }
        let variants: Vec<Variant<'_>> = names.iter().map(|name| variant(&entity, name)).collect();
        match common.format() {
            Format::Table => render::write(&table(&entity, variants))?,
            Format::Json => render::json::document(&variants)?,
            Format::Jsonl => render::json::lines(&variants)?,
            Format::Csv => csv(&variants)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// An id, or the likeliest place of a name.
fn find<'g>(gazetteer: &'g Gazetteer, place: &str) -> Result<Option<EntityRef<'g>>> {
    if let Some(entity) = gazetteer.get(place) {
        return Ok(Some(entity));
    }
    Ok(gazetteer.lookup(&Query::new(place))?.candidates.first().map(|c| c.entity))
}

fn variant<'g>(entity: &EntityRef<'g>, name: &NameRef<'g>) -> Variant<'g> {
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

/// Every current name, once: `"Shusha" OR "Şuşa" OR …`.
fn search_query(names: &[NameRef<'_>]) -> String {
    let mut seen = Vec::new();
    for name in names.iter().filter(|n| n.in_text() && !matches!(n.kind(), NameKind::Demonym | NameKind::Historical)) {
        let quoted = format!("\"{}\"", name.text().replace('"', ""));
        if !seen.contains(&quoted) {
            seen.push(quoted);
        }
    }
    format!("{}\n", seen.join(" OR "))
}

fn table(entity: &EntityRef<'_>, mut variants: Vec<Variant<'_>>) -> String {
    use render::table::{isolate, new, text, what};
    let chain: Vec<_> = entity.containers().map(|c| isolate(c.label()).into_owned()).collect();
    let mut out = format!(
        "{} · {} · {} · {}\n",
        isolate(entity.label()),
        entity.id(),
        what(entity.feature().as_str()),
        chain.join(", ")
    );
    for claim in entity.details().claims {
        let years = years(claim.since, claim.until);
        out.push_str(&format!(
            "  {} {}{}{}\n",
            claim.party,
            claim.role,
            if years.is_empty() { "" } else { " " },
            years
        ));
    }
    let rank = |v: &Variant<'_>| {
        (
            v.machine || v.kind == NameKind::Code,
            v.script != "Latn",
            v.script.clone(),
            v.lang.is_none(),
            v.lang.map(str::to_owned),
            v.kind,
        )
    };
    variants.sort_by_cached_key(rank);
    let mut table = new(["name", "script", "language", "kind", "years", "used by", "source"]);
    for v in &variants {
        let kind = if v.machine { format!("{} (machine)", v.kind) } else { v.kind.to_string() };
        table.add_row([
            &*isolate(v.name),
            &v.script,
            v.lang.unwrap_or("-"),
            &kind,
            &years(v.since, v.until),
            v.by,
            v.source,
        ]);
    }
    out.push_str(&text(&table));
    out
}

fn years(since: Option<i16>, until: Option<i16>) -> String {
    match (since, until) {
        (None, None) => String::new(),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(since), Some(until)) => format!("{since}–{until}"),
    }
}

fn csv(variants: &[Variant<'_>]) -> Result<()> {
    let mut out = ::csv::Writer::from_writer(std::io::stdout().lock());
    for variant in variants {
        out.serialize(CsvRow::from(variant)).map_err(render::refused_row)?;
    }
    out.flush().map_err(render::refused)
}

#[derive(Serialize)]
struct CsvRow<'a> {
    id: &'a str,
    name: &'a str,
    lang: &'a str,
    script: &'a str,
    kind: NameKind,
    since: Option<i16>,
    until: Option<i16>,
    by: &'a str,
    source: &'a str,
    machine: bool,
}

impl<'a> From<&'a Variant<'a>> for CsvRow<'a> {
    fn from(v: &'a Variant<'a>) -> CsvRow<'a> {
        CsvRow {
            id: v.id,
            name: v.name,
            lang: v.lang.unwrap_or_default(),
            script: &v.script,
            kind: v.kind,
            since: v.since,
            until: v.until,
            by: v.by,
            source: v.source,
            machine: v.machine,
        }
    }
}
