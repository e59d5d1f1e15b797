//! `allonym variants`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::options::{Common, Format};
use super::{open, options, render};
use allonym::entity::NameKind;
use allonym::error::{Error, Result};
use allonym::filter;
use allonym::index::places::{EntityRef, NameRef};
use allonym::label::is_current;
use allonym::render::names::{Variant, Wanted, rows, script_name};

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

impl Variants {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        let kinds: Vec<NameKind> =
            self.kind.iter().map(|k| k.parse()).collect::<Result<_>>().map_err(|e| Error::usage(e.to_string()))?;
        let gazetteer = open::open(common)?;
        let Some(entity) = filter::entity(&gazetteer, &self.place)? else {
            note!("allonym: nothing is known by the name or id '{}'", self.place);
            return Ok(ExitCode::FAILURE);
        };
        let wanted = Wanted { langs: self.lang, scripts: self.script, kinds };
        let names: Vec<NameRef<'_>> = entity.names().filter(|name| wanted.fits(name)).collect();
        if self.form == Form::Query {
            let kept = |name: &NameRef<'_>| is_current(name) || !wanted.kinds.is_empty() && name.in_text();
            render::write(&search_query(names.iter().filter(|name| kept(name))))?;
            return Ok(ExitCode::SUCCESS);
        }
        let variants: Vec<Variant<'_>> = names.iter().map(|name| Variant::of(&entity, name)).collect();
        match common.format() {
            Format::Table => {
                let label = common.label(&gazetteer)?;
                render::write(&table(&entity, &label.of(entity, &self.place), &variants))?
            }
            Format::Json => render::json::document(&variants)?,
            Format::Jsonl => render::json::lines(&variants)?,
            Format::Csv => render::csv::variants(&variants)?,
            _ => return Err(options::wrong_format()),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Every name, once: `"Shusha" OR "Şuşa" OR …`.
fn search_query<'a>(names: impl Iterator<Item = &'a NameRef<'a>>) -> String {
    let mut seen = Vec::new();
    for name in names {
        let quoted = format!("\"{}\"", name.text().replace('"', ""));
        if !seen.contains(&quoted) {
            seen.push(quoted);
        }
    }
    format!("{}\n", seen.join(" OR "))
}

fn table(entity: &EntityRef<'_>, label: &str, variants: &[Variant<'_>]) -> String {
    use allonym::render::words::{claims, isolate, what, years};
    use render::table::{new, text};
    let chain: Vec<_> = entity.containers().map(|c| isolate(c.label()).into_owned()).collect();
    let mut out = format!("{} · {} · {}", isolate(label), entity.id(), what(entity.feature().as_str()));
    if !chain.is_empty() {
        out.push_str(&format!(" · {}", chain.join(", ")));
    }
    out.push('\n');
    out.push_str(&claims(entity.id(), &entity.details().claims, "  "));
    for (script, rows) in rows(variants) {
        let mut table = new(["name", "language", "kind", "years", "used by"]);
        for row in &rows {
            let kind = if row.machine { "made by rule".to_owned() } else { row.kind.to_string() };
            table.add_row([&*isolate(row.name), &row.langs.join(" "), &kind, &years(row.since, row.until), row.by]);
        }
        out.push_str(&format!("\n{} · {}\n{}", script_name(script), rows.len(), text(&table)));
    }
    out
}
