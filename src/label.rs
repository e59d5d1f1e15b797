//! Which name stands for an entity in output. It never changes an id or a score.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::entity::{Country, NameKind};
use crate::error::{Error, Result};
use crate::fold::Key;
use crate::gazetteer::Gazetteer;
use crate::index::places::{EntityRef, NameRef};
use crate::lookup::Query;

/// Which name stands for an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Label {
    /// The main name of the data.
    #[default]
    Source,
    /// The name in a language (BCP 47), where it has one; else the main name.
    Lang(String),
    /// The name in an official language of a country, where it has one; else the main name.
    Official(Country),
    /// As the text or the cell has it.
    AsWritten,
    /// Every name in current use, in alphabetical order, joined by ` / `.
    All,
}

impl Label {
    /// Reads `source`, `lang:az`, `official:AZ`, `as-written` or `all`.
    ///
    /// # Errors
    /// With what comes nearest, where the word, the language or the country is unknown.
    pub fn parse(text: &str, gazetteer: &Gazetteer) -> Result<Label> {
        match text.split_once(':').map_or((text, None), |(word, rest)| (word, Some(rest.trim()))) {
            ("source", None) => Ok(Label::Source),
            ("as-written", None) => Ok(Label::AsWritten),
            ("all", None) => Ok(Label::All),
            ("lang", Some(lang)) => language(lang, gazetteer).map(Label::Lang),
            ("official", Some(country)) => official(country, gazetteer).map(Label::Official),
            _ => Err(Error::usage(format!(
                "'{text}' is no way to label; --label takes source, lang:az, official:AZ, as-written or all"
            ))),
        }
    }

    /// The name that stands for an entity which a text or a cell calls `written`.
    pub fn of<'g>(&self, entity: EntityRef<'g>, written: &str) -> Cow<'g, str> {
        let named = |name: Option<NameRef<'g>>| Cow::Borrowed(name.map_or(entity.label(), |name| name.text()));
        match self {
            Label::Source => Cow::Borrowed(entity.label()),
            Label::AsWritten => Cow::Owned(written.trim().to_owned()),
            Label::Lang(lang) => named(name_in(entity, lang)),
            Label::Official(country) => named(official_languages(*country).find_map(|lang| name_in(entity, lang))),
            Label::All => {
                let names: BTreeSet<(Key, &str)> =
                    entity.names().filter(is_current).map(|name| (Key::of(name.text()), name.text())).collect();
                match names.is_empty() {
                    true => Cow::Borrowed(entity.label()),
                    false => Cow::Owned(names.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(" / ")),
                }
            }
        }
    }
}

/// Whether people call the place so today: no former name, no code, no mistake, no machine's work.
pub fn is_current(name: &NameRef<'_>) -> bool {
    let lasting = !matches!(name.kind(), NameKind::Historical | NameKind::Demonym | NameKind::Abbreviation);
    name.in_text() && !name.is_weak() && lasting && name.until().is_none()
}

/// The name of an entity in a language: an official one first, then an endonym, an exonym, the others, and what
/// people wrote by hand before what came from a source.
pub fn name_in<'g>(entity: EntityRef<'g>, lang: &str) -> Option<NameRef<'g>> {
    let rank = |name: &NameRef<'_>| {
        let kind = match name.kind() {
            NameKind::Official => 0,
            NameKind::Endonym => 1,
            NameKind::Exonym => 2,
            NameKind::Alternate => 3,
            NameKind::Short => 4,
            _ => 5,
        };
        (name.lang() != lang, kind, name.source() != crate::entity::CURATED, !name.is_main(), name.number())
    };
    entity.names().filter(is_current).filter(|name| covers(lang, name.lang())).min_by_key(rank)
}

/// Whether a name's language is the one asked for, or the same without script and region (`zh` for `zh-Hant`).
fn covers(asked: &str, lang: &str) -> bool {
    lang == asked || lang.split('-').next().is_some_and(|base| base == asked)
}

/// The languages that are official in a country, or in use by its government where none is, the most used first.
pub fn official_languages(country: Country) -> impl Iterator<Item = &'static str> {
    let rows = LANGUAGES.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.nth(1)?))
    });
    rows.filter(move |(code, _)| *code == country.as_str()).map(|(_, lang)| lang)
}

/// `data/overlays/languages.tsv`, sorted by country and rank.
const LANGUAGES: &str = allonym_data::LANGUAGES;

fn language(lang: &str, gazetteer: &Gazetteer) -> Result<String> {
    let mut known = BTreeSet::new();
    for name in gazetteer.entities().flat_map(|entity| entity.names()) {
        if !lang.is_empty() && covers(lang, name.lang()) {
            return Ok(lang.to_owned());
        }
        known.insert(name.lang());
    }
    let near = nearest(lang, known.into_iter().filter(|lang| !lang.is_empty()));
    Err(Error::usage(format!("no name is in the language '{lang}'; near it are {}", near.join(", "))))
}

fn official(text: &str, gazetteer: &Gazetteer) -> Result<Country> {
    if let Some(country) = gazetteer.country(text)
        && official_languages(country).next().is_some()
    {
        return Ok(country);
    }
    let near = if text.len() == 2 {
        let mut codes: Vec<&str> = LANGUAGES.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
        codes.dedup();
        nearest(&text.to_uppercase(), codes.into_iter())
    } else {
        let mut query = Query::new(text);
        query.classes = vec!["A.PCLI".to_owned()];
        let countries: Vec<_> =
            gazetteer.lookup(&query)?.candidates.iter().filter_map(|c| c.entity.country()).collect();
        countries.iter().map(|country| country.to_string()).collect()
    };
    let hint = match near.is_empty() {
        true => "give an ISO 3166 code such as AZ".to_owned(),
        false => format!("near it are {}", near.join(", ")),
    };
    Err(Error::usage(format!("'{text}' is no country with official languages; {hint}")))
}

/// The five that are most like what was typed.
fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut known: Vec<(usize, &str)> = known.map(|one| (strsim::damerau_levenshtein(typed, one), one)).collect();
    known.sort_unstable();
    known.into_iter().take(5).map(|(_, one)| one.to_owned()).collect()
}
