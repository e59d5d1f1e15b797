//! The cells of a type column.

use crate::entity::EntityType;

/// What a cell of a type column asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceType {
    /// GeoNames classes (`P`) or codes (`PPLC`, `A.ADM1`); any if empty.
    pub classes: Vec<String>,
    /// Types of entities; any if empty.
    pub types: Vec<EntityType>,
}

/// Words for types, and the GeoNames classes and codes that they stand for.
const WORDS: [(&[&str], &[&str]); 14] = [
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

impl PlaceType {
    /// Parses a word (`city`, `river`), a type (`organization`) or a GeoNames code; `None` for anything else.
    pub fn parse(text: &str) -> Option<PlaceType> {
        let text = text.trim();
        let word = text.to_lowercase();
        match word.parse::<EntityType>() {
            Ok(EntityType::Place) | Err(_) => {}
            Ok(kind) => return Some(PlaceType { types: vec![kind], ..PlaceType::default() }),
        }
        if let Some((_, codes)) = WORDS.iter().find(|(words, _)| words.contains(&word.as_str())) {
            return Some(PlaceType::of(codes));
        }
        let is_code = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'.';
        (text.len() >= 2 && text.bytes().all(is_code)).then(|| PlaceType::of(&[text]))
    }

    fn of(codes: &[&str]) -> PlaceType {
        PlaceType { classes: codes.iter().map(|&code| code.to_owned()).collect(), ..PlaceType::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_words_types_or_codes() {
        assert_eq!(PlaceType::parse(" City ").expect("a word").classes[0], "P");
        assert_eq!(PlaceType::parse("organization").expect("a type").types, [EntityType::Organization]);
        assert_eq!(PlaceType::parse("A.ADM2").expect("a code").classes, ["A.ADM2"]);
        assert_eq!(PlaceType::parse("thing"), None);
        assert_eq!(PlaceType::parse(""), None);
    }
}
