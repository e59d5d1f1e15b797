//! Takes a cell apart: two names of one place, a name and what it is in, lists, and words of position.

/// What precedes a place that something is only close to.
const POSITIONS: [&str; 20] = [
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

/// The place that the cell describes a position by: `Aleppo` for `near Aleppo`.
pub fn reference_place(cell: &str) -> Option<&str> {
    let lower = cell.to_lowercase();
    let found = POSITIONS.iter().find(|prefix| lower.starts_with(**prefix))?;
    // The prefixes have the same length in uppercase and lowercase.
    cell.get(found.len()..).map(str::trim).filter(|rest| !rest.is_empty())
}

/// The two halves of `Stepanakert (Khankendi)`, `Шуша [Shusha]` or `Shusha / Shushi`.
pub fn halves(cell: &str) -> Option<(&str, &str)> {
    let bracketed = |(open, close)| cell.strip_suffix(close)?.split_once(open);
    let brackets = [('(', ')'), ('[', ']'), ('（', '）')];
    let (one, other) = brackets.into_iter().find_map(bracketed).or_else(|| cell.split_once('/'))?;
    let (one, other) = (one.trim(), other.trim());
    (!one.is_empty() && !other.is_empty()).then_some((one, other))
}

/// The places that a cell lists, separated by semicolons, bars or line breaks.
pub fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '|', '\n', '；']).map(str::trim).filter(|part| !part.is_empty())
}

/// The longest cell, in words, that is searched for names: longer ones are prose.
const MOST_WORDS: usize = 8;

/// The runs of words of a cell, the longest first, without the whole cell.
pub fn word_runs(cell: &str) -> impl Iterator<Item = &str> {
    let mut words = Vec::new();
    for word in cell.split_whitespace().take(MOST_WORDS + 1) {
        let from = word.as_ptr() as usize - cell.as_ptr() as usize;
        words.push((from, from + word.len()));
    }
    let most = if words.len() > MOST_WORDS { 0 } else { words.len() };
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
        assert_eq!(reference_place("Near Aleppo"), Some("Aleppo"));
        assert_eq!(reference_place("Близ Алеппо"), Some("Алеппо"));
        assert_eq!(reference_place("Nearby"), None);
        assert_eq!(listed("Lachin district; Shusha;").collect::<Vec<_>>(), ["Lachin district", "Shusha"]);
    }

    #[test]
    fn the_longest_runs_come_first() {
        assert_eq!(word_runs("a bc  d").collect::<Vec<_>>(), ["a bc", "bc  d", "a", "bc", "d"]);
        assert_eq!(word_runs("abc").count(), 0);
        assert_eq!(word_runs("a b c d e f g h i").count(), 0);
    }
}
