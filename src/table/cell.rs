//! What a cell says beside a name: another name of the same place, what the place is in, what kind of thing it is.

use crate::entity::EntityType;

/// What a cell of a type column asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// GeoNames classes (`P`) or codes (`PPLC`, `A.ADM1`); any where empty.
    pub classes: Vec<String>,
    /// Types of entities; any where empty.
    pub types: Vec<EntityType>,
}

/// Words for types, and what of GeoNames they stand for.
const TYPES: [(&[&str], &[&str]); 14] = [
    (
        &["city", "town", "village", "settlement", "municipality", "locality", "populated place", "place", "p"],
        &["P", "A.ADM3", "A.ADM4"],
    ),
    (&["capital"], &["PPLC"]),
    (
        &["country", "state (country)", "nation", "admin0", "adm0"],
        &["PCLI", "PCL", "PCLD", "PCLF", "PCLS", "PCLIX", "PCLH", "TERR"],
    ),
    (&["admin1", "adm1", "state", "province", "region", "oblast", "governorate", "first-level unit"], &["ADM1", "RGN"]),
    (&["admin2", "adm2", "county", "district", "rayon", "raion", "second-level unit"], &["ADM2", "ADM1"]),
    (&["admin3", "adm3"], &["ADM3"]),
    (&["admin", "unit", "a"], &["A"]),
    (&["river", "stream"], &["STM", "STMX", "CNL"]),
    (&["lake", "reservoir", "sea", "water", "bay", "gulf", "strait", "h"], &["H"]),
    (&["mountain", "mount", "peak", "volcano", "range"], &["MT", "MTS", "PK", "VLC", "HLL"]),
    (&["island", "islands", "archipelago"], &["ISL", "ISLS"]),
    (&["terrain", "t"], &["T"]),
    (&["area", "l"], &["L"]),
    (&["site", "building", "airport", "s"], &["S"]),
];

/// What a cell of a type column asks for: a word (`city`, `river`), a type (`organization`), or a code of GeoNames.
pub fn wanted(text: &str) -> Option<Wanted> {
    let word = text.trim().to_lowercase();
    if let Ok(kind) = word.parse::<EntityType>()
        && kind != EntityType::Place
    {
        return Some(Wanted { types: vec![kind], ..Wanted::default() });
    }
    let owned = |codes: &[&str]| Wanted { classes: codes.iter().map(|&c| c.to_owned()).collect(), ..Wanted::default() };
    if let Some((_, codes)) = TYPES.iter().find(|(words, _)| words.contains(&word.as_str())) {
        return Some(owned(codes));
    }
    let code = text.trim();
    let like_a_code =
        code.len() >= 2 && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.');
    like_a_code.then(|| owned(&[code]))
}

/// What stands before a place that something is only near to.
const NEAR: [&str; 20] = [
    "near ",
    "close to ",
    "outside ",
    "outskirts of ",
    "vicinity of ",
    "north of ",
    "south of ",
    "east of ",
    "west of ",
    "близ ",
    "возле ",
    "около ",
    "недалеко от ",
    "рядом с ",
    "біля ",
    "près de ",
    "cerca de ",
    "in der nähe von ",
    "vicino a ",
    "قرب ",
];

/// The place that a cell says something is near to.
pub fn near(cell: &str) -> Option<&str> {
    let lower = cell.to_lowercase();
    let found = NEAR.iter().find(|prefix| lower.starts_with(**prefix))?;
    // The prefixes are as long in capitals as in small letters.
    cell.get(found.len()..).map(str::trim).filter(|rest| !rest.is_empty())
}

/// The two halves of `Stepanakert (Khankendi)`, `Шуша [Shusha]`, `Shusha / Shushi`.
pub fn halves(cell: &str) -> Option<(&str, &str)> {
    let pair = |a: &'_ str, b: &'_ str| (!a.trim().is_empty() && !b.trim().is_empty()).then_some(());
    for (open, close) in [('(', ')'), ('[', ']'), ('（', '）')] {
        if let Some(inner) = cell.strip_suffix(close)
            && let Some((a, b)) = inner.split_once(open)
        {
            return pair(a, b).map(|()| (a.trim(), b.trim()));
        }
    }
    let (a, b) = cell.split_once('/')?;
    pair(a, b).map(|()| (a.trim(), b.trim()))
}

/// The places that a cell lists: between semicolons, bars and line breaks.
pub fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '|', '\n', '；']).map(str::trim).filter(|part| !part.is_empty())
}

/// The words of a cell, several in a row: the longest such parts first, the cell itself left out. Long cells are texts, not
/// names, and have none.
pub fn parts(cell: &str) -> impl Iterator<Item = &str> {
    let mut words = Vec::new();
    for word in cell.split_whitespace() {
        let from = word.as_ptr() as usize - cell.as_ptr() as usize;
        words.push((from, from + word.len()));
    }
    let most = if words.len() > 8 { 0 } else { words.len() };
    (1..most).rev().flat_map(move |length| {
        let words = words.clone();
        (0..=words.len() - length).map(move |first| &cell[words[first].0..words[first + length - 1].1])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_taken_apart() {
        assert_eq!(halves("Stepanakert (Khankendi)"), Some(("Stepanakert", "Khankendi")));
        assert_eq!(halves("Shusha / Shushi"), Some(("Shusha", "Shushi")));
        assert_eq!(halves("Shusha"), None);
        assert_eq!(halves("()"), None);
        assert_eq!(near("Near Aleppo"), Some("Aleppo"));
        assert_eq!(near("Близ Алеппо"), Some("Алеппо"));
        assert_eq!(near("Nearby"), None);
        assert_eq!(listed("Lachin district; Shusha;").collect::<Vec<_>>(), ["Lachin district", "Shusha"]);
    }

    #[test]
    fn parts_come_the_longest_first() {
        assert_eq!(parts("a bc  d").collect::<Vec<_>>(), ["a bc", "bc  d", "a", "bc", "d"]);
        assert_eq!(parts("abc").count(), 0);
        assert_eq!(parts("a b c d e f g h i").count(), 0);
    }

    #[test]
    fn types_are_words_types_or_codes() {
        assert_eq!(wanted(" City ").expect("a type").classes[0], "P");
        assert_eq!(wanted("organization").expect("a type").types, [EntityType::Organization]);
        assert_eq!(wanted("A.ADM2").expect("a code").classes, ["A.ADM2"]);
        assert_eq!(wanted("thing"), None);
    }
}
