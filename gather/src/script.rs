//! The script of a letter and of a name, by ISO 15924.

/// The blocks of the scripts that names are written in.
const BLOCKS: [(u32, u32, &str); 62] = [
    (0x41, 0x24f, "Latn"),
    (0x250, 0x2af, "Latn"),
    (0x370, 0x3ff, "Grek"),
    (0x400, 0x52f, "Cyrl"),
    (0x531, 0x58f, "Armn"),
    (0x590, 0x5ff, "Hebr"),
    (0x600, 0x6ff, "Arab"),
    (0x700, 0x74f, "Syrc"),
    (0x750, 0x77f, "Arab"),
    (0x780, 0x7bf, "Thaa"),
    (0x7c0, 0x7ff, "Nkoo"),
    (0x8a0, 0x8ff, "Arab"),
    (0x900, 0x97f, "Deva"),
    (0x980, 0x9ff, "Beng"),
    (0xa00, 0xa7f, "Guru"),
    (0xa80, 0xaff, "Gujr"),
    (0xb00, 0xb7f, "Orya"),
    (0xb80, 0xbff, "Taml"),
    (0xc00, 0xc7f, "Telu"),
    (0xc80, 0xcff, "Knda"),
    (0xd00, 0xd7f, "Mlym"),
    (0xd80, 0xdff, "Sinh"),
    (0xe00, 0xe7f, "Thai"),
    (0xe80, 0xeff, "Laoo"),
    (0xf00, 0xfff, "Tibt"),
    (0x1000, 0x109f, "Mymr"),
    (0x10a0, 0x10ff, "Geor"),
    (0x1100, 0x11ff, "Hang"),
    (0x1200, 0x139f, "Ethi"),
    (0x13a0, 0x13ff, "Cher"),
    (0x1400, 0x167f, "Cans"),
    (0x1780, 0x17ff, "Khmr"),
    (0x1800, 0x18af, "Mong"),
    (0x1c50, 0x1c7f, "Olck"),
    (0x1c80, 0x1c8f, "Cyrl"),
    (0x1c90, 0x1cbf, "Geor"),
    (0x1e00, 0x1eff, "Latn"),
    (0x1f00, 0x1fff, "Grek"),
    (0x2c60, 0x2c7f, "Latn"),
    (0x2d00, 0x2d2f, "Geor"),
    (0x2d30, 0x2d7f, "Tfng"),
    (0x2d80, 0x2ddf, "Ethi"),
    (0x3040, 0x309f, "Jpan"),
    (0x30a0, 0x30ff, "Jpan"),
    (0x3100, 0x312f, "Bopo"),
    (0x3130, 0x318f, "Hang"),
    (0x3400, 0x4dbf, "Hani"),
    (0x4e00, 0x9fff, "Hani"),
    (0xa000, 0xa4cf, "Yiii"),
    (0xa500, 0xa63f, "Vaii"),
    (0xa640, 0xa69f, "Cyrl"),
    (0xa720, 0xa7ff, "Latn"),
    (0xaa60, 0xaa7f, "Mymr"),
    (0xab01, 0xab2f, "Ethi"),
    (0xab70, 0xabbf, "Cher"),
    (0xac00, 0xd7ff, "Hang"),
    (0xf900, 0xfaff, "Hani"),
    (0xfb00, 0xfb06, "Latn"),
    (0xfb1d, 0xfb4f, "Hebr"),
    (0xfb50, 0xfdff, "Arab"),
    (0xfe70, 0xfeff, "Arab"),
    (0x20000, 0x3134f, "Hani"),
];

/// The script of a letter; none for signs, digits, and letters of scripts that are not listed.
pub fn of(c: char) -> Option<&'static str> {
    if !c.is_alphabetic() {
        return None;
    }
    let at = BLOCKS.partition_point(|(_, last, _)| *last < u32::from(c));
    BLOCKS.get(at).filter(|(first, _, _)| *first <= u32::from(c)).map(|(_, _, script)| *script)
}

/// The one script of a name; none if it has several. Japanese mixes its syllables with Chinese characters.
pub fn script(name: &str) -> Option<&'static str> {
    let mut found: Option<&'static str> = None;
    for script in name.chars().filter_map(|c| if c.is_alphabetic() { Some(of(c).unwrap_or("Zyyy")) } else { None }) {
        found = match (found, script) {
            (None, script) => Some(script),
            (Some(before), script) if before == script => Some(script),
            (Some("Jpan"), "Hani") | (Some("Hani"), "Jpan") => Some("Jpan"),
            _ => return None,
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_script_or_none() {
        assert!(BLOCKS.is_sorted());
        assert_eq!(script("Saint-Étienne"), Some("Latn"));
        assert_eq!(script("つくば市"), Some("Jpan"));
        assert_eq!(script("Київ"), Some("Cyrl"));
        assert_eq!(script("Екатеrинбург"), None);
        assert_eq!(script("12"), None);
    }
}
