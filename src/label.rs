//! Which name stands for an entity in output. It never changes an id or a score.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::entity::{CURATED, Country, NameKind};
use crate::fold::Key;
use crate::index::places::{EntityRef, NameRef};

/// Which name stands for an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Label {
    /// The main name of the data.
    #[default]
    Source,
    /// The name in a language (BCP 47) if there is one, otherwise the main name.
    Lang(String),
    /// The name in an official language of a country if there is one, otherwise the main name.
    Official(Country),
    /// The spelling in the text or cell.
    AsWritten,
    /// Every name in current use, in alphabetical order, joined by ` / `.
    All,
}

impl Label {
    /// The name that stands for an entity; `written` is the spelling in the text or cell.
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

/// Whether a name is in use today: not historical, not a code, not a misspelling, not made by a machine.
pub fn is_current(name: &NameRef<'_>) -> bool {
    let lasting = !matches!(name.kind(), NameKind::Historical | NameKind::Demonym | NameKind::Abbreviation);
    name.in_text() && !name.is_weak() && lasting && name.until().is_none()
}

/// The name of an entity in a language: official before endonym, exonym and others, and curated names before names from other
/// sources.
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
        (name.lang() != lang, kind, name.source() != CURATED, !name.is_main(), name.number())
    };
    entity.names().filter(is_current).filter(|name| covers(lang, name.lang())).min_by_key(rank)
}

/// Whether the language of a name is the one wanted, or the same with a script or region (`zh-Hant` for `zh`).
pub(crate) fn covers(wanted: &str, lang: &str) -> bool {
    lang == wanted || lang.split('-').next().is_some_and(|base| base == wanted)
}

/// The official languages of a country, or those its government uses if none is official, the most used first.
pub fn official_languages(country: Country) -> impl Iterator<Item = &'static str> {
    let rows = LANGUAGES.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.nth(1)?))
    });
    rows.filter(move |(code, _)| *code == country.as_str()).map(|(_, lang)| lang)
}

/// `data/overlays/languages.tsv`, sorted by country and rank.
const LANGUAGES: &str = allonym_data::LANGUAGES;

/// The countries whose official languages are known, by ISO 3166-1 code.
pub(crate) fn official_country_codes() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    let codes = LANGUAGES.lines().skip(1).filter_map(|line| line.split('\t').next());
    codes.filter(move |code| std::mem::replace(&mut last, code) != *code)
}
