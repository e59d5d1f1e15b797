//! Words that say nothing about which place is meant: what is typed instead of a name, and the generic words of states.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use super::Key;

/// What is typed where no place is meant: `n/a`, `unknown`, `online`; in lowercase.
static NON_ANSWERS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| allonym_data::NON_ANSWERS.lines().skip(1).filter_map(|row| row.split('\t').nth(2)).collect());

/// Where a generic word of states may stand.
#[derive(Clone, Copy, Debug, Default)]
struct Position {
    before: bool,
    after: bool,
}

/// Generic words of states by their key: `republic of`, `republika`, `cumhuriyeti`.
static STATE_WORDS: LazyLock<HashMap<String, Position>> = LazyLock::new(|| {
    let mut words: HashMap<String, Position> = HashMap::new();
    for row in allonym_data::STATE_WORDS.lines().skip(1) {
        let mut cells = row.split('\t').skip(1);
        let (Some(word), Some(position)) = (cells.next(), cells.next()) else { continue };
        let known = words.entry(Key::of(word).as_str().to_owned()).or_default();
        known.before |= position != "after";
        known.after |= position != "before";
    }
    words
});

/// The longest generic word of states, in words.
const MOST_WORDS: usize = 6;
/// The longest one in scripts that set no spaces, in letters.
const MOST_LETTERS: usize = 8;

/// What is typed where no place is meant, in lowercase, in the order of its length and letters.
#[cfg(feature = "train")]
pub fn non_answers() -> Vec<&'static str> {
    let mut all: Vec<&str> = NON_ANSWERS.iter().copied().collect();
    all.sort_by_key(|phrase| (phrase.len(), *phrase));
    all
}

/// Whether a text is what people type where no place is meant.
pub(crate) fn is_non_answer(text: &str) -> bool {
    let text = text.trim();
    text.len() <= 64 && (NON_ANSWERS.contains(text) || NON_ANSWERS.contains(text.to_lowercase().as_str()))
}

/// What is left of a folded name without the generic words of states at its beginning and end, if there are any.
pub(crate) fn without_state_words(key: &str) -> Option<&str> {
    let mut rest = key;
    while let Some(less) = without_one(rest) {
        rest = less;
    }
    (rest.len() < key.len() && !rest.is_empty()).then_some(rest)
}

fn without_one(key: &str) -> Option<&str> {
    let at = |text: &str| STATE_WORDS.get(text).copied().unwrap_or_default();
    let spaces: Vec<usize> = key.match_indices(' ').map(|(at, _)| at).collect();
    let longest_first = spaces.iter().take(MOST_WORDS).rev();
    if let Some(&end) = longest_first.clone().find(|&&end| at(&key[..end]).before) {
        return Some(&key[end + 1..]);
    }
    let ends = spaces.iter().rev().take(MOST_WORDS).rev();
    if let Some(&start) = ends.clone().find(|&&start| at(&key[start + 1..]).after) {
        return Some(&key[..start]);
    }
    if key.is_ascii() || !key.chars().any(is_unspaced) {
        return None;
    }
    let letters: Vec<usize> = key.char_indices().map(|(at, _)| at).skip(1).collect();
    let suffixes = letters.iter().rev().take(MOST_LETTERS).rev();
    if let Some(&start) = suffixes.clone().find(|&&start| at(&key[start..]).after) {
        return Some(key[..start].trim_end());
    }
    let prefixes = letters.iter().take(MOST_LETTERS).rev();
    prefixes.clone().find(|&&end| at(&key[..end]).before).map(|&end| key[end..].trim_start())
}

/// Whether a letter is of a script that sets no spaces between words, or joins them: Thai to Myanmar, Han, kana, Hangul.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x2e80..=0xd7ff | 0xf900..=0xfaff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(name: &str) -> Option<String> {
        without_state_words(Key::of(name).as_str()).map(str::to_owned)
    }

    #[test]
    fn generic_words_of_states_are_left_out() {
        assert_eq!(rest("Republik Ghana").as_deref(), Some("ghana"));
        assert_eq!(rest("República de Rwanda").as_deref(), Some("rwanda"));
        assert_eq!(rest("Togo Cumhuriyeti").as_deref(), Some("togo"));
        assert_eq!(rest("Islamic Republic of Iran").as_deref(), Some("iran"));
        assert_eq!(rest("古巴共和国").as_deref(), Some("古巴"));
        assert_eq!(rest("Republic"), None);
        assert_eq!(rest("Ghana"), None);
    }

    #[test]
    fn non_answers_are_whole_cells() {
        for text in ["N/A", " n/a ", "Unknown", "TBD", "неизвестно", "Online"] {
            assert!(is_non_answer(text), "{text}");
        }
        assert!(!is_non_answer("Unknown Town"));
        assert!(!is_non_answer("Nairobi"));
    }
}
