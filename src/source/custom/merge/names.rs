//! The names of an entity, each once.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::entity::{Name, NameKind};

/// Names in the order in which they were added, with indexes so that each is found at once however many there are.
pub(super) struct Names {
    list: Vec<Name>,
    hasher: DefaultHashBuilder,
    /// Positions of names by all their parts.
    exact: HashTable<u32>,
    /// The first position of each spelling.
    by_spelling: HashTable<u32>,
    /// The positions of each spelling in each language.
    by_language: HashTable<Positions>,
    /// For each position, the next with the same spelling and language.
    next: Vec<Option<u32>>,
    /// Comparisons of two names.
    #[cfg(test)]
    comparisons: std::cell::Cell<usize>,
}

/// A list of positions, of which the first and the last are known.
struct Positions {
    first: u32,
    last: u32,
}

/// A spelling, for a place or for its people.
fn spelling(name: &Name) -> (&str, bool) {
    (&name.text, name.kind == NameKind::Demonym)
}

fn spelling_in_language<'n>(name: &'n Name, lang: &'n str) -> (&'n str, bool, &'n str) {
    let (text, is_demonym) = spelling(name);
    (text, is_demonym, lang)
}

impl Names {
    pub(super) fn new(names: Vec<Name>) -> Names {
        let mut all = Names {
            list: Vec::with_capacity(names.len()),
            hasher: DefaultHashBuilder::default(),
            exact: HashTable::new(),
            by_spelling: HashTable::new(),
            by_language: HashTable::new(),
            next: Vec::with_capacity(names.len()),
            #[cfg(test)]
            comparisons: Default::default(),
        };
        names.into_iter().for_each(|name| all.push(name));
        all
    }

    pub(super) fn into_list(self) -> Vec<Name> {
        self.list
    }

    /// Adds a name, or what it says beyond the same name from another file.
    pub(super) fn add(&mut self, name: Name, same_file: bool) {
        let same = if same_file { self.find_exact(&name) } else { self.find_same(&name) };
        match same {
            None => self.push(name),
            Some(_) if same_file => {}
            Some(at) => self.extend(at as usize, name),
        }
    }

    fn compare<T: PartialEq>(&self, a: T, b: T) -> bool {
        #[cfg(test)]
        self.comparisons.set(self.comparisons.get() + 1);
        a == b
    }

    fn find_exact(&self, name: &Name) -> Option<u32> {
        let is_same = |&at: &u32| self.compare(&self.list[at as usize], name);
        self.exact.find(self.hasher.hash_one(name), is_same).copied()
    }

    /// The first name with the same spelling and the same language, or with none where one of both has no language.
    fn find_same(&self, name: &Name) -> Option<u32> {
        if name.lang.is_empty() {
            let is_same = |&at: &u32| self.compare(spelling(&self.list[at as usize]), spelling(name));
            return self.by_spelling.find(self.hasher.hash_one(spelling(name)), is_same).copied();
        }
        let find = |lang: &str| {
            let wanted = spelling_in_language(name, lang);
            let is_same = |positions: &Positions| self.compare(self.key(positions.first), wanted);
            self.by_language.find(self.hasher.hash_one(wanted), is_same).map(|positions| positions.first)
        };
        find(&name.lang).into_iter().chain(find("")).min()
    }

    /// The spelling and language of the name at a position.
    fn key(&self, at: u32) -> (&str, bool, &str) {
        let name = &self.list[at as usize];
        spelling_in_language(name, &name.lang)
    }

    fn push(&mut self, name: Name) {
        let at = self.list.len() as u32;
        self.list.push(name);
        self.next.push(None);
        self.index_exactly(at);
        let Names { list, hasher, by_spelling, .. } = self;
        let hash = |at: &u32| hasher.hash_one(spelling(&list[*at as usize]));
        let is_same = |other: &u32| spelling(&list[*other as usize]) == spelling(&list[at as usize]);
        by_spelling.entry(hash(&at), is_same, hash).or_insert(at);
        self.index_language(at);
    }

    fn index_exactly(&mut self, at: u32) {
        let Names { list, hasher, exact, .. } = self;
        let hash = |at: &u32| hasher.hash_one(&list[*at as usize]);
        exact.insert_unique(hash(&at), at, hash);
    }

    /// Enters a position into the list of its spelling and language.
    fn index_language(&mut self, at: u32) {
        let Names { list, hasher, by_language, next, .. } = self;
        let key = |at: u32| spelling_in_language(&list[at as usize], &list[at as usize].lang);
        let hash = |positions: &Positions| hasher.hash_one(key(positions.first));
        let is_same = |positions: &Positions| key(positions.first) == key(at);
        match by_language.entry(hasher.hash_one(key(at)), is_same, hash) {
            Entry::Vacant(entry) => {
                entry.insert(Positions { first: at, last: at });
            }
            Entry::Occupied(mut entry) => {
                let positions = entry.get_mut();
                if at < positions.first {
                    next[at as usize] = Some(positions.first);
                    positions.first = at;
                } else {
                    next[positions.last as usize] = Some(at);
                    positions.last = at;
                }
            }
        }
    }

    /// Removes the first position from the list of its spelling and language.
    fn unindex_language(&mut self, at: u32) {
        let hash = self.hasher.hash_one(self.key(at));
        let Ok(mut entry) = self.by_language.find_entry(hash, |positions| positions.first == at) else { return };
        match self.next[at as usize].take() {
            Some(next) => entry.get_mut().first = next,
            None => drop(entry.remove()),
        }
    }

    fn unindex_exactly(&mut self, at: u32) {
        let hash = self.hasher.hash_one(&self.list[at as usize]);
        if let Ok(entry) = self.exact.find_entry(hash, |other| *other == at) {
            entry.remove();
        }
    }

    /// Fills in what a name lacks and another record of it says.
    fn extend(&mut self, at: usize, more: Name) {
        let gets_language = self.list[at].lang.is_empty() && !more.lang.is_empty();
        self.unindex_exactly(at as u32);
        if gets_language {
            self.unindex_language(at as u32);
            self.list[at].lang = more.lang;
            self.index_language(at as u32);
        }
        let known = &mut self.list[at];
        if known.kind == NameKind::Alternate {
            known.kind = more.kind;
        }
        known.since = known.since.or(more.since);
        known.until = known.until.or(more.until);
        if known.by.is_empty() {
            known.by = more.by;
        }
        known.machine &= more.machine;
        known.weak &= more.weak;
        self.index_exactly(at as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, lang: &str) -> Name {
        Name { text: text.to_owned(), lang: lang.to_owned(), ..Name::default() }
    }

    #[test]
    fn names_of_one_file_are_kept_unless_equal() {
        let mut names = Names::new(vec![name("Agdam", "en")]);
        for (text, lang) in [("Agdam", "en"), ("Agdam", ""), ("Aghdam", "en"), ("Agdam", "de")] {
            names.add(name(text, lang), true);
        }
        let list = names.into_list();
        assert_eq!(list.len(), 4);
        assert_eq!(list[1], name("Agdam", ""));
    }

    #[test]
    fn names_of_another_file_fill_in_languages_and_years() {
        let mut names = Names::new(vec![name("Agdam", ""), name("Agdam", "ru"), name("Agdam", "")]);
        names.add(Name { since: Some(1828), ..name("Agdam", "en") }, false);
        names.add(name("Agdam", "ru"), false);
        names.add(name("Agdam", ""), false);
        names.add(Name { kind: NameKind::Demonym, ..name("Agdam", "en") }, false);
        let list = names.into_list();
        assert_eq!((list[0].lang.as_str(), list[0].since, list.len()), ("en", Some(1828), 4));
    }

    #[test]
    fn each_name_without_a_language_can_get_one() {
        let year = |since| Name { since: Some(since), ..name("Agdam", "") };
        let mut names = Names::new(vec![year(1), year(2), year(3), name("Agdam", "tr")]);
        for lang in ["en", "ru", "en", "tr", "de", "fr"] {
            names.add(name("Agdam", lang), false);
        }
        let langs: Vec<String> = names.into_list().into_iter().map(|name| name.lang).collect();
        assert_eq!(langs, ["en", "ru", "tr", "tr", "de", "fr"]);
    }

    #[test]
    fn the_work_grows_with_the_number_of_names() {
        const COUNT: usize = 80_000;
        for same_file in [true, false] {
            let mut names = Names::new(Vec::new());
            for n in 0..2 * COUNT {
                names.add(name(&format!("Name {}", n % COUNT), "en"), same_file);
            }
            let comparisons = names.comparisons.get();
            assert!(comparisons < 8 * COUNT, "{comparisons} comparisons");
            assert_eq!(names.into_list().len(), COUNT);
        }
    }
}
