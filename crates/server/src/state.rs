//! The state that all requests share.

use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;

use crate::limiter::Limiter;
use crate::options::Options;
use crate::recent::Recent;
use allonym::complete::Completer;
use allonym::gazetteer::Gazetteer;
use allonym::index::places::EntityRef;
use allonym::label::{self, Label};

/// The state that all handlers share.
pub type Shared = Arc<State>;

/// The gazetteer, and what is remembered between requests.
pub struct State {
    /// The gazetteer.
    pub gazetteer: Gazetteer,
    /// How to serve it.
    pub options: Options,
    /// Bounds the work in progress.
    pub limiter: Limiter,
    /// Recent matches, which extensions may ask for.
    pub recent: Recent,
    /// Entity numbers by external id, collected when first needed.
    codes: OnceLock<HashMap<String, u32>>,
    /// Completes names.
    pub completer: Completer,
}

impl State {
    /// The state of a new server.
    pub fn new(gazetteer: Gazetteer, options: Options) -> State {
        State {
            limiter: Limiter::new(&options.limits),
            gazetteer,
            options,
            recent: Recent::default(),
            codes: OnceLock::new(),
            completer: Completer::default(),
        }
    }

    /// Collects what completion and external ids need, before the first request does.
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

    /// The entity with an id of this gazetteer or an external one (`wd:Q244165`, `Q244165`).
    pub fn entity(&self, id: &str) -> Option<EntityRef<'_>> {
        self.gazetteer.get(id).or_else(|| {
            let item = id.strip_prefix('Q').is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
            let number = if item { self.codes().get(&format!("wd:{id}")) } else { self.codes().get(id) };
            self.gazetteer.entity(*number?)
        })
    }

    /// The label of an entity and its language: its name in the first of `langs` that it has one in, otherwise by the label policy.
    pub fn named(&self, entity: EntityRef<'_>, written: &str, langs: &[String]) -> (String, Option<String>) {
        let lang = |lang: &str| Some(lang.to_owned()).filter(|lang| !lang.is_empty());
        if let Some(name) = langs.iter().find_map(|wanted| in_language(entity, wanted)) {
            return (name.text().to_owned(), lang(name.lang()));
        }
        let label = self.options.label.of(entity, written).into_owned();
        let same = entity.names().find(|name| name.text() == label);
        (label, same.and_then(|name| lang(name.lang())))
    }

    /// The label policy.
    pub fn label(&self) -> &Label {
        &self.options.label
    }
}

/// The name in a language, or in that language without script and region.
fn in_language<'g>(entity: EntityRef<'g>, lang: &str) -> Option<allonym::index::places::NameRef<'g>> {
    let base = lang.split('-').next().unwrap_or(lang);
    label::name_in(entity, lang).or_else(|| label::name_in(entity, base))
}
