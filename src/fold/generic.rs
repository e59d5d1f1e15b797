//! The generic elements of toponyms: `city of`, `district`, `oblast`, `г.` beside a name say what is named.

/// What a generic element says of the thing named: the GeoNames classes it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generic {
    /// The element, folded.
    pub word: &'static str,
    /// Letters of GeoNames classes.
    pub classes: &'static str,
}

const fn g(word: &'static str, classes: &'static str) -> Generic {
    Generic { word, classes }
}

/// Units, settlements, waters and heights in the languages of the bundled names' larger sources.
const GENERICS: &[Generic] = &[
    g("area", "AL"),
    g("autonomous", "A"),
    g("borough", "AP"),
    g("canton", "A"),
    g("capital", "P"),
    g("city", "P"),
    g("co", "A"),
    g("commune", "AP"),
    g("county", "A"),
    g("department", "A"),
    g("district", "A"),
    g("governorate", "A"),
    g("hromada", "A"),
    g("island", "TL"),
    g("islands", "TL"),
    g("krai", "A"),
    g("kray", "A"),
    g("lake", "H"),
    g("metropolitan", "A"),
    g("mount", "T"),
    g("mountain", "T"),
    g("mountains", "T"),
    g("mts", "T"),
    g("municipality", "AP"),
    g("oblast", "A"),
    g("okrug", "A"),
    g("parish", "A"),
    g("prefecture", "A"),
    g("province", "A"),
    g("raion", "A"),
    g("rayon", "A"),
    g("region", "AL"),
    g("republic", "A"),
    g("river", "H"),
    g("sea", "H"),
    g("settlement", "P"),
    g("state", "A"),
    g("subdistrict", "A"),
    g("town", "P"),
    g("township", "AP"),
    g("valley", "TL"),
    g("village", "P"),
    g("voivodeship", "A"),
    // Azerbaijani, Turkish
    g("kendi", "P"),
    g("koyu", "P"),
    g("qesebesi", "P"),
    g("rayonu", "A"),
    g("seheri", "P"),
    g("sehri", "P"),
    g("ili", "A"),
    g("ilcesi", "A"),
    g("vilayeti", "A"),
    // German, French, Spanish, Italian, Portuguese
    g("kreis", "A"),
    g("landkreis", "A"),
    g("stadt", "P"),
    g("departement", "A"),
    g("ville", "P"),
    g("ciudad", "P"),
    g("departamento", "A"),
    g("provincia", "A"),
    g("municipio", "AP"),
    g("cidade", "P"),
    g("estado", "A"),
    g("comune", "AP"),
    // Russian, Ukrainian
    g("г", "P"),
    g("город", "P"),
    g("село", "P"),
    g("с", "P"),
    g("пос", "P"),
    g("поселок", "P"),
    g("пгт", "P"),
    g("деревня", "P"),
    g("раион", "A"),
    g("область", "A"),
    g("обл", "A"),
    g("краи", "A"),
    g("республика", "A"),
    g("м", "P"),
    g("місто", "P"),
    g("селище", "P"),
    // Armenian, Georgian, Arabic, Persian
    g("քաղաք", "P"),
    g("գյուղ", "P"),
    g("մարզ", "A"),
    g("ქალაქი", "P"),
    g("სოფელი", "P"),
    g("مدينه", "P"),
    g("محافظه", "A"),
    g("قضا", "A"),
    g("شهر", "P"),
    g("استان", "A"),
    g("روستاي", "P"),
];

/// What a folded word says, where it is a generic element.
pub fn generic(word: &str) -> Option<Generic> {
    GENERICS.iter().find(|generic| generic.word == word).copied()
}

/// Words that join a generic element to a name: `city of`, `r. de`.
pub fn is_joint(word: &str) -> bool {
    matches!(word, "of" | "de" | "di" | "do" | "da" | "du" | "the" | "la" | "el" | "d")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Key;

    #[test]
    fn every_element_is_folded() {
        for generic in GENERICS {
            assert_eq!(Key::of(generic.word).as_str(), generic.word);
        }
    }
}
