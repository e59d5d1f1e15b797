//! Which subdivision a source means by an ISO 3166-2 code. ISO gives codes new meanings (Iran in 2021, Morocco in 2015,
//! Uganda whenever a district is split), and the sources keep the old ones; ISO's own list is the judge.

use std::collections::{BTreeMap, BTreeSet};

use crate::fold::{bare, fold};
use crate::read::pycountry::Subdivision;
use crate::report::{Report, Section};

/// A name is ISO's if it is at least this similar to it; otherwise another code's name may explain it better.
const OWN: f64 = 0.7;
/// A name is another code's if it is at least this similar to that code's.
const OTHER: f64 = 0.85;

/// ISO's names of every code, folded, without the words for the kind of unit.
pub struct Judge {
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Judge {
    pub fn new(iso: &BTreeMap<String, Subdivision>) -> Judge {
        Judge { names: iso.iter().map(|(code, entry)| (code.clone(), spellings(&entry.name))).collect() }
    }

    /// Whether ISO lists the code today.
    pub fn knows(&self, code: &str) -> bool {
        self.names.contains_key(code)
    }

    /// Whether one of the names is ISO's for the code, or close to it.
    pub fn agrees<'a>(&self, code: &str, names: impl IntoIterator<Item = &'a str>) -> bool {
        names.into_iter().any(|name| self.similarity(code, &bare(&fold(name))) >= OWN)
    }

    /// Where the codes of a source have moved: what it calls by each code, by the code that ISO gives it today; none
    /// where another code of the source has the same name.
    ///
    /// `names` holds the English name first, then the others.
    pub fn moves(&self, names: &BTreeMap<String, Vec<&str>>) -> BTreeMap<String, Option<String>> {
        let strange: BTreeMap<&String, String> = names
            .iter()
            .filter(|(code, names)| self.knows(code) && !self.agrees(code, names.iter().copied()))
            .filter_map(|(code, names)| Some((code, bare(&fold(names.first()?)))))
            .collect();
        let mut moves = BTreeMap::new();
        for (code, name) in &strange {
            let siblings = self.names.range(format!("{}-", &code[..2])..format!("{}.", &code[..2]));
            let best = siblings
                .map(|(other, _)| (self.similarity(other, name), other))
                .filter(|(similarity, other)| *similarity >= OTHER && other != code)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let Some((_, other)) = best else { continue };
            let same = names.get(other).and_then(|names| names.first()).is_some_and(|it| bare(&fold(it)) == *name);
            if strange.contains_key(other) || !names.contains_key(other) {
                moves.insert((*code).clone(), Some(other.clone()));
            } else if same {
                moves.insert((*code).clone(), None);
            }
        }
        moves
    }

    fn similarity(&self, code: &str, name: &str) -> f64 {
        let similarity = |own: &String| strsim::normalized_damerau_levenshtein(own, name);
        self.names.get(code).into_iter().flatten().map(similarity).fold(0.0, f64::max)
    }
}

/// "Mountain Region (Oblast)", "North/South", "Komi, Respublika": every form that ISO's name offers.
fn spellings(name: &str) -> BTreeSet<String> {
    let mut forms = vec![];
    let plain = name.split(['[', '(']).next().unwrap_or(name);
    forms.push(plain.to_string());
    forms.extend(name.split(['[', '(', ']', ')']).skip(1).map(str::to_string));
    forms.extend(plain.split('/').map(str::to_string));
    if let Some((head, tail)) = plain.split_once(',') {
        forms.push(format!("{} {head}", tail.trim()));
    }
    forms.iter().map(|form| bare(&fold(form))).filter(|form| !form.is_empty()).collect()
}

/// Gives what a source says of each code to the code that is meant.
pub fn moved<T>(
    rows: BTreeMap<String, T>,
    moves: &BTreeMap<String, Option<String>>,
    report: &mut Report,
) -> BTreeMap<String, T> {
    let mut result = BTreeMap::new();
    for (code, row) in rows {
        match moves.get(&code) {
            None => {
                result.entry(code).or_insert(row);
            }
            Some(Some(new)) => {
                report
                    .note(Section::Subdivisions, "codes that a source uses for another", || format!("{code} is {new}"));
                result.insert(new.clone(), row);
            }
            Some(None) => report.note(Section::Subdivisions, "codes that a source names like another", || code.clone()),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(rows: &[(&str, &str)]) -> Judge {
        let names = rows.iter().map(|(code, name)| ((*code).to_string(), spellings(name))).collect();
        Judge { names }
    }

    #[test]
    fn a_province_whose_code_has_moved_gets_its_new_code() {
        let judge = judge(&[("IR-22", "Hormozgān"), ("IR-23", "Tehrān"), ("IR-07", "Fārs")]);
        let names = [("IR-23", vec!["Hormozgan"]), ("IR-07", vec!["Tehran"]), ("IR-22", vec!["Markazi"])];
        let moves = judge.moves(&names.map(|(code, names)| (code.to_string(), names)).into());
        assert_eq!(moves["IR-23"].as_deref(), Some("IR-22"));
        assert_eq!(moves["IR-07"].as_deref(), Some("IR-23"));
        assert!(!moves.contains_key("IR-22"), "no code of the list is Markazi");
    }

    #[test]
    fn translations_and_seats_stay_where_they_are() {
        let judge = judge(&[("AT-3", "Niederösterreich"), ("KG-GO", "Osh Shaary"), ("KG-O", "Osh")]);
        let names = [("AT-3", vec!["Lower Austria"]), ("KG-GO", vec!["Osh"]), ("KG-O", vec!["Osh Region"])];
        let moves = judge.moves(&names.map(|(code, names)| (code.to_string(), names)).into());
        assert!(!moves.contains_key("AT-3") && moves.get("KG-GO").is_none_or(Option::is_none), "{moves:?}");
    }

    #[test]
    fn every_form_of_a_name_counts() {
        let judge =
            judge(&[("RU-KO", "Komi, Respublika"), ("KE-05", "Elgeyo/Marakwet"), ("BG-22", "Sofia (stolitsa)")]);
        assert!(judge.agrees("RU-KO", ["Komi"]) && judge.agrees("KE-05", ["Marakwet"]));
        assert!(judge.agrees("BG-22", ["Sofia"]) && !judge.agrees("BG-22", ["Plovdiv"]));
    }
}
