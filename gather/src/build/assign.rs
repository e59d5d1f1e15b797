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
}

impl Profile {
    pub fn new<'a>(second: bool, names: impl Iterator<Item = &'a str>) -> Profile {
        let mut profile = Profile { second, ..Profile::default() };
        for name in names {
            let name = fold(name);
            if profile.label.is_empty() {
                profile.label.clone_from(&name);
            }
            profile.bares.insert(bare(&name));
            profile.names.insert(name);
        }
        profile.bares.remove("");
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

/// Matches below this are no matches.
const ENOUGH: i32 = 20;

/// Takes the best pair, then the best of the rest, and so on: what is alike in name, kind and position goes first, so
/// that "Kyiv" the city is gone before "Kyiv Oblast" looks for its code.
pub fn assign<K: Clone + Ord, U: Clone + Ord>(codes: &BTreeMap<K, Profile>, units: &BTreeMap<U, Profile>) -> Vec<Match<K, U>> {
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
    let mut score = 4 * whole + 2 * bare_names;
    if code.names.contains(&unit.label) {
        score += 30;
    } else if code.bares.contains(&bare(&unit.label)) {
        score += 20;
    } else if bare_names == 0 {
        score += likeness(code, unit, distance)?;
    }
    score += match distance.unwrap_or(150.0) {
        ..=30.0 => 15,
        ..=100.0 => 10,
        ..=300.0 => 0,
        ..=800.0 if !unit.second => -15,
        ..=2500.0 if !unit.second && whole > 2 => -25,
        _ => return None,
    };
    score += if code.second == unit.second { 6 } else { -6 };
    if let (Some(a), Some(b)) = (&code.container, &unit.container) {
        score += if a == b { 10 } else { -10 };
    }
    score += match (urban(code), urban(unit)) {
        (Some(a), Some(b)) if a == b => 6,
        (Some(_), Some(_)) => -12,
        _ => 0,
    };
    (score >= ENOUGH).then_some((score, distance))
}

/// Names that two romanizations or languages spell a little differently, where the places lie together.
fn likeness(code: &Profile, unit: &Profile, distance: Option<f64>) -> Option<i32> {
    let near = distance? < 100.0;
    let label = bare(&unit.label);
    let latin = code.bares.iter().filter(|name| name.is_ascii());
    let best = latin.map(|name| strsim::normalized_damerau_levenshtein(name, &label)).fold(0.0, f64::max);
    (near && best >= 0.7).then_some((best * 20.0) as i32)
}

/// Whether a unit is said to be a town or to be a country around one; none if its names say neither.
fn urban(profile: &Profile) -> Option<bool> {
    const TOWN: [&str; 12] =
        ["city", "municipality", "town", "gorod", "misto", "город", "місто", "sahari", "sahar", "seher", "si", "stadt"];
    const AROUND: [&str; 15] = [
        "oblast", "district", "region", "rayon", "raion", "county", "province", "область", "раион", "governorate",
        "rayonu", "powiat", "landkreis", "okrug", "regionen",
    ];
    let says = |words: &[&str]| profile.names.iter().any(|name| name.split(' ').any(|word| words.contains(&word)));
    match (says(&TOWN), says(&AROUND)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(names: &[&str], lat: f64, lon: f64) -> Profile {
        Profile { point: Some(Point { lat, lon }), ..Profile::new(false, names.iter().copied()) }
    }

    #[test]
    fn the_city_of_kyiv_is_not_the_oblast() {
        let codes = BTreeMap::from([
            ("UA-30", profile(&["Kyiv", "Київ", "Misto Kyiv"], 50.45, 30.52)),
            ("UA-32", profile(&["Kyivska oblast", "Kyiv Oblast", "Київська область"], 50.25, 30.5)),
        ]);
        let units = BTreeMap::from([
            (703_446, profile(&["Kyiv Oblast", "Київська область"], 50.2, 30.4)),
            (703_447, profile(&["Kyiv City", "Київ", "Kyiv"], 50.43, 30.5)),
        ]);
        let found = assign(&codes, &units);
        let pairs: BTreeSet<_> = found.iter().map(|found| (found.code, found.unit)).collect();
        assert_eq!(pairs, BTreeSet::from([("UA-30", 703_447), ("UA-32", 703_446)]));
    }

    #[test]
    fn one_unit_never_gets_two_codes() {
        let codes = BTreeMap::from([
            ("AZ-LA", profile(&["Lənkəran", "Lankaran City"], 38.75, 48.85)),
            ("AZ-LAN", profile(&["Lənkəran", "Lankaran District"], 38.7, 48.7)),
        ]);
        let units = BTreeMap::from([(1, profile(&["Lankaran Rayon", "Lənkəran"], 38.72, 48.75))]);
        let found = assign(&codes, &units);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "AZ-LAN");
    }

    #[test]
    fn the_same_name_far_away_is_another_place() {
        let codes = BTreeMap::from([("XX-1", profile(&["Santa Cruz"], 0.0, 10.0))]);
        let units = BTreeMap::from([(1, Profile { second: true, ..profile(&["Santa Cruz"], 0.0, 40.0) })]);
        assert!(assign(&codes, &units).is_empty());
    }
}
