//! One ISO 3166-2 code to one unit, and one unit to one code, by name and by distance.

use std::collections::{BTreeMap, BTreeSet};

use crate::fold::{bare, fold};
use crate::geo::Point;

/// What a code and a unit are compared by.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Right below the country, or one level further down.
    pub second: bool,
    /// The main name, folded.
    pub label: String,
    /// All names, folded; with the words that say what kind of unit it is ("kyiv oblast").
    names: BTreeSet<String>,
    /// All names without those words.
    bares: BTreeSet<String>,
    pub point: Option<Point>,
    /// The unit of the first level that contains it, if known.
    pub container: Option<String>,
    /// Whether it is a town or the country around one, if that is known.
    pub urban: Option<bool>,
    /// Its own code within what contains it: `31` of `FR-31` and of GeoNames' `FR.76.31`.
    pub code: String,
}

impl Profile {
    pub fn new<'a>(second: bool, code: &str, names: impl Iterator<Item = &'a str>) -> Profile {
        let mut profile = Profile { second, code: code.to_string(), ..Profile::default() };
        for name in names {
            let name = fold(name);
            if profile.label.is_empty() {
                profile.label.clone_from(&name);
            }
            profile.bares.insert(bare(&name));
            profile.names.insert(name);
        }
        profile.bares.remove("");
        profile.urban = urban(&profile.names);
        profile
    }
}

/// A code that was given a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Match<K, U> {
    pub code: K,
    pub unit: U,
    pub score: i32,
    /// Kilometres between the code's point and the mean of the unit's towns.
    pub distance: Option<f64>,
}

/// Scores below this are not matches.
const ENOUGH: i32 = 20;

/// Takes the best pair, then the best of the rest, and so on: what is alike in name, kind and position goes first, so
/// that "Kyiv" the city is gone before "Kyiv Oblast" looks for its code.
pub fn assign<K: Clone + Ord, U: Clone + Ord>(
    codes: &BTreeMap<K, Profile>,
    units: &BTreeMap<U, Profile>,
) -> Vec<Match<K, U>> {
    let mut pairs = Vec::new();
    for (code, wanted) in codes {
        for (unit, found) in units {
            if let Some((score, distance)) = score(wanted, found) {
                pairs.push(Match { code: code.clone(), unit: unit.clone(), score, distance });
            }
        }
    }
    let far = |distance: Option<f64>| distance.unwrap_or(f64::MAX);
    pairs.sort_by(|a, b| {
        b.score
            .cmp(&a.score)
            .then_with(|| far(a.distance).total_cmp(&far(b.distance)))
            .then_with(|| a.code.cmp(&b.code))
            .then_with(|| a.unit.cmp(&b.unit))
    });
    let (mut used_codes, mut used_units) = (BTreeSet::new(), BTreeSet::new());
    pairs.retain(|pair| {
        let free = !used_codes.contains(&pair.code) && !used_units.contains(&pair.unit);
        if free {
            used_codes.insert(pair.code.clone());
            used_units.insert(pair.unit.clone());
        }
        free
    });
    pairs
}

/// How much speaks for the two being one, if enough does.
fn score(code: &Profile, unit: &Profile) -> Option<(i32, Option<f64>)> {
    let whole = code.names.intersection(&unit.names).count().min(10) as i32;
    let bare_names = code.bares.intersection(&unit.bares).count().min(10) as i32;
    let distance = code.point.zip(unit.point).map(|(a, b)| a.distance(b));
    // GeoNames' numbers of first-level units are its own, so that equal ones are equal by chance.
    let same_code = code.code == unit.code && (unit.second || code.code.bytes().any(|b| b.is_ascii_alphabetic()));
    let named = code.names.contains(&unit.label) || code.bares.contains(&bare(&unit.label));
    let mut score = 4 * whole + 2 * bare_names;
    if code.names.contains(&unit.label) {
        score += 30;
    } else if named {
        score += 20;
    } else if whole > 0 {
        score += 10;
    } else if bare_names == 0 {
        score += likeness(code, unit, distance, same_code)?;
    }
    if code.label == unit.label {
        score += 10;
    }
    if same_code {
        score += 10;
    }
    if let Some(distance) = distance {
        score -= farness(distance, unit.second, named && whole > 0)?;
    }
    score += if code.second == unit.second { 6 } else { -6 };
    if let (Some(a), Some(b)) = (&code.container, &unit.container) {
        score += if a == b { 10 } else { -10 };
    }
    score += match (code.urban, unit.urban) {
        (Some(a), Some(b)) if a == b => 6,
        (Some(_), Some(_)) => -12,
        // A unit that is a town mostly says so.
        (Some(true), None) => -8,
        _ => 0,
    };
    (score >= ENOUGH).then_some((score, distance))
}

/// What distance speaks against the two, if not everything. The towns of a large unit may lie far from its middle, and
/// some of the codes' points are those of namesakes, so that good names outweigh a long way on the first level.
fn farness(kilometres: f64, second: bool, named: bool) -> Option<i32> {
    match (kilometres, second) {
        (..=30.0, _) => Some(-15),
        (..=100.0, _) => Some(-10),
        (..=300.0, false) => Some(0),
        (..=300.0, true) => Some(10),
        (..=800.0, false) => Some(15),
        (..=800.0, true) if named => Some(25),
        (_, false) if named => Some(15),
        _ => None,
    }
}

/// Names that two romanizations or languages spell a little differently, where the places lie together; or names
/// translated ("Haute-Garonne", "Upper Garonne") of what has the same code.
fn likeness(code: &Profile, unit: &Profile, distance: Option<f64>, same_code: bool) -> Option<i32> {
    let distance = distance?;
    if same_code && distance < 60.0 {
        return Some(10);
    }
    let near = distance < 100.0;
    let label = bare(&unit.label);
    let latin = code.bares.iter().filter(|name| name.is_ascii());
    let best = latin.map(|name| strsim::normalized_damerau_levenshtein(name, &label)).fold(0.0, f64::max);
    (near && best >= 0.7).then_some((best * 20.0) as i32)
}

/// Whether names say that a unit is a town or the country around one; none if they say neither or both.
fn urban(names: &BTreeSet<String>) -> Option<bool> {
    const TOWN: [&str; 11] =
        ["city", "town", "gorod", "misto", "город", "місто", "sahari", "sahar", "seher", "si", "stadt"];
    const AROUND: [&str; 15] = [
        "oblast",
        "district",
        "region",
        "rayon",
        "raion",
        "county",
        "province",
        "область",
        "раион",
        "governorate",
        "rayonu",
        "powiat",
        "landkreis",
        "okrug",
        "regionen",
    ];
    let says = |words: &[&str]| names.iter().any(|name| name.split(' ').any(|word| words.contains(&word)));
    match (says(&TOWN), says(&AROUND)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(code: &str, names: &[&str], lat: f64, lon: f64) -> Profile {
        Profile { point: Some(Point { lat, lon }), ..Profile::new(false, code, names.iter().copied()) }
    }

    #[test]
    fn the_city_of_kyiv_is_not_the_oblast() {
        let codes = BTreeMap::from([
            ("UA-30", profile("30", &["Kyiv", "Київ", "Misto Kyiv"], 50.45, 30.52)),
            ("UA-32", profile("32", &["Kyivska oblast", "Kyiv Oblast", "Київська область"], 50.25, 30.5)),
        ]);
        let units = BTreeMap::from([
            (703_446, profile("13", &["Kyiv Oblast", "Київська область"], 50.2, 30.4)),
            (703_447, profile("12", &["Kyiv City", "Київ", "Kyiv"], 50.43, 30.5)),
        ]);
        let found = assign(&codes, &units);
        let pairs: BTreeSet<_> = found.iter().map(|found| (found.code, found.unit)).collect();
        assert_eq!(pairs, BTreeSet::from([("UA-30", 703_447), ("UA-32", 703_446)]));
    }

    #[test]
    fn one_unit_never_gets_two_codes() {
        let codes = BTreeMap::from([
            ("AZ-LA", profile("LA", &["Lənkəran", "Lankaran City"], 38.75, 48.85)),
            ("AZ-LAN", profile("LAN", &["Lənkəran", "Lankaran District"], 38.7, 48.7)),
        ]);
        let units = BTreeMap::from([(1, profile("9", &["Lankaran Rayon", "Lənkəran"], 38.72, 48.75))]);
        let found = assign(&codes, &units);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "AZ-LAN");
    }

    #[test]
    fn a_translated_name_is_found_by_code_and_place() {
        let second = |profile| Profile { second: true, ..profile };
        let codes = BTreeMap::from([("FR-31", second(profile("31", &["Haute-Garonne"], 43.4, 1.14)))]);
        let garonne = second(profile("31", &["Upper Garonne"], 43.5, 1.3));
        let units = BTreeMap::from([(1, garonne), (2, second(profile("32", &["Gers"], 43.6, 0.6)))]);
        assert_eq!(assign(&codes, &units).iter().map(|found| found.unit).collect::<Vec<_>>(), [1]);
    }

    #[test]
    fn the_same_name_far_away_is_another_place() {
        let codes = BTreeMap::from([("XX-1", profile("1", &["Santa Cruz"], 0.0, 10.0))]);
        let units = BTreeMap::from([(1, Profile { second: true, ..profile("2", &["Santa Cruz"], 0.0, 40.0) })]);
        assert!(assign(&codes, &units).is_empty());
    }
}
