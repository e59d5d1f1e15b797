//! The other ways in which people write a name whose letters their keyboard lacks.

use super::Key;

/// One habit: a letter, what is written for it, beside what [`Key::of`] makes of it.
const HABITS: [(char, &str); 6] = [
    ('ä', "ae"), // Düsseldorf is Duesseldorf
    ('ö', "oe"),
    ('ü', "ue"),
    ('ø', "oe"), // Tromsø is Tromsoe
    ('å', "aa"), // Ålborg is Aalborg
    ('ə', "a"),  // Xankəndi is Xankandi
];

/// The article that is often written onto the word before it: `حفر الباطن` is `حفرالباطن`.
const ARTICLE: &str = " ال";

/// Further keys of a name, beside its own: its letters written out all at once, each habit by itself and together.
///
/// Empty for most names. They are made when an index is built, so that text can be walked with one folding alone.
///
/// ```
/// use allonym::fold::{Key, spellings};
/// assert_eq!(spellings("Düsseldorf"), [Key::of("Duesseldorf")]);
/// ```
pub fn spellings(name: &str) -> Vec<Key> {
    if name.is_ascii() {
        return Vec::new();
    }
    let lower = name.to_lowercase();
    let present: Vec<_> = HABITS.iter().filter(|(letter, _)| lower.contains(*letter)).collect();
    let mut keys = Vec::new();
    let own = Key::of(name);
    let mut add = |text: &str| {
        let key = Key::of(text);
        if key != own && !keys.contains(&key) {
            keys.push(key);
        }
    };
    for (letter, written) in &present {
        add(&lower.replace(*letter, written));
    }
    if lower.contains(ARTICLE) {
        add(&lower.replace(ARTICLE, ARTICLE.trim_start()));
    }
    if present.len() > 1 {
        add(&present.iter().fold(lower.clone(), |text, (letter, written)| text.replace(*letter, written)));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_apply_alone_and_together() {
        assert_eq!(spellings("Düsseldorf"), [Key::of("duesseldorf")]);
        assert_eq!(spellings("Cəbrayıl"), [Key::of("Cabrayil")]);
        assert!(spellings("Köln Süd").contains(&Key::of("Koeln Sued")));
        assert_eq!(spellings("حفر الباطن"), [Key::of("حفرالباطن")]);
        assert_eq!(spellings("Baku"), []);
        assert_eq!(spellings("Genève"), []);
    }
}
