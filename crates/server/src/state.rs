//! What every answer is made with.

use std::sync::OnceLock;

use hashbrown::HashMap;

use super::Options;
use super::limits::Desk;
use super::recent::Recent;
use allonym::complete::Completer;
use allonym::gazetteer::Gazetteer;
use allonym::index::places::EntityRef;
use allonym::label::{self, Label};

/// The gazetteer, and what is remembered between requests.
pub struct State {
    /// The gazetteer.
    pub gazetteer: Gazetteer,
    /// How to serve it.
    pub options: Options,
    /// Turns to work.
    pub desk: Desk,
    /// What was found lately.
    pub recent: Recent,
    /// Entities by their ids elsewhere, collected when they are first asked for.
    codes: OnceLock<HashMap<String, u32>>,
    /// Completes what somebody types.
    pub completer: Completer,
}

impl State {
    /// The state of a server that nobody has asked yet.
    pub fn new(gazetteer: Gazetteer, options: Options) -> State {
        State {
            desk: Desk::new(&options.limits),
            gazetteer,
            options,
            recent: Recent::default(),
            codes: OnceLock::new(),
            completer: Completer::default(),
        }
    }

    /// Collects what is needed for the first questions.
    pub fn prepare(&self) {
        self.completer.prepare(&self.gazetteer);
        self.codes();
    }

    fn codes(&self) -> &HashMap<String, u32> {
        self.codes.get_or_init(|| {
            let entities = self.gazetteer.entities().filter(|entity| entity.has_details());
            entities.flat_map(|e| e.details().same_as.into_iter().map(move |code| (code, e.number()))).collect()
        })
    }

    /// The entity of an id of ours or of one elsewhere (`wd:Q244165`, `Q244165`).
    pub fn entity(&self, id: &str) -> Option<EntityRef<'_>> {
        self.gazetteer.get(id).or_else(|| {
            let item = id.strip_prefix('Q').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
            let number = if item { self.codes().get(&format!("wd:{id}")) } else { self.codes().get(id) };
            self.gazetteer.entity(*number?)
        })
    }

    /// The name that stands for an entity which somebody called `written`, for a reader of these languages, with its language.
    pub fn named(&self, entity: EntityRef<'_>, written: &str, langs: &[String]) -> (String, Option<String>) {
        let lang = |lang: &str| Some(lang.to_owned()).filter(|lang| !lang.is_empty());
        if let Some(name) = langs.iter().find_map(|wanted| in_language(entity, wanted)) {
            return (name.text().to_owned(), lang(name.lang()));
        }
        let label = self.options.label.of(entity, written).into_owned();
        let same = entity.names().find(|name| name.text() == label);
        (label, same.and_then(|name| lang(name.lang())))
    }

    /// How names are labelled, for those who write records.
    pub fn label(&self) -> &Label {
        &self.options.label
    }
}

/// A name in a language, or in that language without its script and region.
fn in_language<'g>(entity: EntityRef<'g>, lang: &str) -> Option<allonym::index::places::NameRef<'g>> {
    let base = lang.split('-').next().unwrap_or(lang);
    label::name_in(entity, lang).or_else(|| label::name_in(entity, base))
}
