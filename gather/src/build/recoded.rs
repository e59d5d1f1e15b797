//! ISO 3166-2 gives old codes to other units: Iran's IR-01 was East Azerbaijan and is Markazi. A source that still has
//! the old meaning puts every name on the wrong unit.
//!
//! In such a country names are moved to the code that now has them, and those of units that are gone are dropped.

use std::collections::{BTreeMap, BTreeSet};

use crate::fold::{bare, fold};
use crate::read::Tagged;
use crate::report::{Report, Section};

/// Two spellings this alike are one name.
pub const FITS: f64 = 0.7;
/// How alike a code's names must be to ISO's name of another code to be moved there.
const SURE: f64 = 0.85;
/// So many codes of a country must say that the source has another list.
const ENOUGH: usize = 3;

type Names = BTreeMap<String, Vec<Tagged>>;

/// Puts the names of tables that have one list of codes right. Their names of a code are looked at together.
pub fn straighten(report: &mut Report, tables: &mut [(&str, &mut Names)], iso: &BTreeMap<String, Vec<String>>) {
    let countries: BTreeSet<String> =
        tables.iter().flat_map(|(_, names)| names.keys()).map(|code| code[..2].to_string()).collect();
    for country in countries {
        // '.' follows '-' in the order of characters.
        let (from, to) = (format!("{country}-"), format!("{country}."));
        let known: Vec<(&String, &Vec<String>)> = iso.range(from.clone()..to.clone()).collect();
        let fit = |code: &String, of: &str| {
            let lists = tables.iter().filter_map(|(_, names)| names.get(code));
            iso.get(of).map_or(0.0, |wanted| likeness(wanted, lists.flatten().map(|name| name.text.as_str())))
        };
        let codes: BTreeSet<String> = tables
            .iter()
            .flat_map(|(_, names)| names.range(from.clone()..to.clone()))
            .map(|(code, _)| code.clone())
            .collect();
        let (fitting, strange): (Vec<&String>, Vec<&String>) = codes.iter().partition(|code| fit(code, code) >= FITS);
        let mut moves: BTreeMap<&String, &String> = BTreeMap::new();
        for &code in &strange {
            let others = known.iter().filter(|(other, _)| *other != code && !fitting.contains(other));
            let best = others.map(|(other, _)| (fit(code, other), *other)).max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((score, other)) = best
                && score >= SURE
                && !moves.values().any(|taken| *taken == other)
            {
                moves.insert(code, other);
            }
        }
        // A code with a name of its own in another language fits nothing either; only moved ones tell.
        if moves.is_empty() || strange.len() < ENOUGH {
            continue;
        }
        for (source, names) in tables.iter_mut() {
            let lost: Vec<(&String, Vec<Tagged>)> =
                strange.iter().filter_map(|&code| Some((code, names.remove(code)?))).collect();
            for (code, list) in lost {
                let english = list.iter().find(|name| name.locale == "en").or(list.first());
                let english = english.map(|name| name.text.clone()).unwrap_or_default();
                match moves.get(code) {
                    Some(now) => {
                        let what = format!("names moved to the code that now has them ({source})");
                        report.list(Section::Subdivisions, &what, format!("{english}: {code} → {now}"));
                        names.entry((*now).clone()).or_default().extend(list);
                    }
                    None => {
                        let what = format!("names dropped because the code has another unit now ({source})");
                        report.list(Section::Subdivisions, &what, format!("{english} ({code})"));
                    }
                }
            }
        }
    }
}

/// How alike the most alike of two lists of names are, without the words that say what kind of unit it is.
pub fn likeness<'a>(wanted: &[String], names: impl Iterator<Item = &'a str>) -> f64 {
    let wanted: Vec<String> = wanted.iter().map(|name| in_order(name)).collect();
    let mut best = 0.0_f64;
    for name in names {
        let name = in_order(name);
        for wanted in &wanted {
            let long = wanted.chars().count() > 3 && name.chars().count() > 3;
            let within = long && (wanted.contains(&name) || name.contains(wanted.as_str()));
            let alike = strsim::normalized_damerau_levenshtein(wanted, &name);
            best = best.max(if within { alike.max(0.8) } else { alike });
        }
    }
    best
}

/// The words of a name in alphabetical order, so that "Razavi Khorasan" is "Khorāsān-e Raẕavī".
fn in_order(name: &str) -> String {
    let folded = bare(&fold(name));
    let mut words: Vec<&str> = folded.split(' ').filter(|word| word.len() > 1).collect();
    words.sort_unstable();
    if words.is_empty() { folded } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rows: &[(&str, &str)]) -> Names {
        let tagged = |text: &str| vec![Tagged { locale: "en".into(), text: text.into() }];
        rows.iter().map(|(code, text)| ((*code).to_string(), tagged(text))).collect()
    }

    #[test]
    fn names_go_to_the_code_that_has_them_now() {
        let mut names =
            list(&[("IR-01", "Alborz"), ("IR-02", "Hormozgan"), ("IR-03", "Old Province"), ("IR-05", "Qom")]);
        let iso = [
            ("IR-01", "Markazi"),
            ("IR-02", "Gilan"),
            ("IR-03", "Mazandaran"),
            ("IR-22", "Hormozgān"),
            ("IR-30", "Alborz"),
            ("IR-05", "Qom"),
        ];
        let iso = iso.map(|(code, name)| (code.to_string(), vec![name.to_string()])).into();
        straighten(&mut Report::default(), &mut [("x", &mut names)], &iso);
        assert_eq!(names["IR-22"][0].text, "Hormozgan");
        assert_eq!(names["IR-30"][0].text, "Alborz");
        assert_eq!(names.keys().collect::<Vec<_>>(), ["IR-05", "IR-22", "IR-30"]);
    }

    #[test]
    fn names_in_another_language_stay() {
        let mut names = list(&[("EG-C", "Cairo"), ("EG-GZ", "Giza"), ("EG-WAD", "New Valley")]);
        let before = names.clone();
        let iso = [("EG-C", "Al Qāhirah"), ("EG-GZ", "Al Jīzah"), ("EG-WAD", "Al Wādī al Jadīd")];
        let iso = iso.map(|(code, name)| (code.to_string(), vec![name.to_string()])).into();
        straighten(&mut Report::default(), &mut [("x", &mut names)], &iso);
        assert_eq!(names, before);
    }
}
