//! Words beside a name that show what it names, from `data/lang/cues.tsv`.

use std::sync::LazyLock;

use hashbrown::HashSet;

/// The folded words of one kind of cue, in every language.
struct Cues(LazyLock<HashSet<&'static str>>);

impl Cues {
    fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

static LOCATIVES: Cues = Cues(LazyLock::new(|| words("locative")));
static TITLES: Cues = Cues(LazyLock::new(|| words("title")));
static HEADS: Cues = Cues(LazyLock::new(|| words("head")));

/// The rows of the table: cue, language, word.
fn rows() -> impl Iterator<Item = [&'static str; 3]> {
    allonym_data::CUES.lines().skip(1).map(|line| {
        let mut cells = line.splitn(3, '\t');
        [(); 3].map(|()| cells.next().unwrap_or_default())
    })
}

fn words(cue: &str) -> HashSet<&'static str> {
    rows().filter(|row| row[0] == cue).map(|row| row[2]).collect()
}

/// Whether a folded word is a preposition of place, which suggests that a place name follows.
pub fn is_locative(word: &str) -> bool {
    LOCATIVES.contains(word)
}

/// Whether a folded word is a title, which suggests that a person's name follows.
pub fn is_title(word: &str) -> bool {
    TITLES.contains(word)
}

/// Whether a folded, capitalized word after a place name continues the name of something there: `Berlin University`.
pub fn is_head(word: &str) -> bool {
    HEADS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Key;

    #[test]
    fn the_table_is_sorted_unique_and_folded() {
        assert_eq!(allonym_data::CUES.lines().next(), Some("cue\tlang\tword"));
        assert!(rows().is_sorted_by(|a, b| a < b), "data/lang/cues.tsv should be sorted, each row once");
        for [cue, lang, word] in rows() {
            assert!(["head", "locative", "title"].contains(&cue), "{cue}");
            assert!((2..=3).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_lowercase()), "{lang}");
            assert_eq!(Key::of(word).as_str(), word);
        }
    }

    #[test]
    fn cues_are_found() {
        for word in ["across", "до", "pres", "απο", "προσ"] {
            assert!(is_locative(word), "{word}");
        }
        assert!(is_title("dr") && is_head("university"));
        assert!(!is_locative("dr") && !is_title("university") && !is_head("across"));
    }
}
