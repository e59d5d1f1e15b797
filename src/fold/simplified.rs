//! Simplified forms of Chinese characters: `蘇` and `苏` are one letter to readers of either form.

use std::sync::LazyLock;

/// The unified ideographs of the first block, in which names are written.
const FIRST: char = '\u{4e00}';
const LAST: char = '\u{9fff}';

/// Whether a character is a unified ideograph of the first block. These have no case, no marks and no compatibility forms.
pub(super) fn is_ideograph(c: char) -> bool {
    (FIRST..=LAST).contains(&c)
}

/// The simplified form of a character, or the character itself if it has none.
pub(super) fn simplified(c: char) -> char {
    static FORMS: LazyLock<Vec<char>> = LazyLock::new(|| {
        let mut forms: Vec<char> = (FIRST..=LAST).collect();
        for (traditional, simplified) in rows() {
            forms[traditional as usize - FIRST as usize] = simplified;
        }
        forms
    });
    if is_ideograph(c) { FORMS[c as usize - FIRST as usize] } else { c }
}

/// The rows of `data/lang/simplified.tsv` whose first cell is an ideograph.
fn rows() -> impl Iterator<Item = (char, char)> {
    allonym_data::SIMPLIFIED.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t').map(|cell| cell.chars().next());
        Some((cells.next()??, cells.next()??)).filter(|(traditional, _)| is_ideograph(*traditional))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_unique_and_final() {
        let rows: Vec<_> = rows().collect();
        assert_eq!(rows.len() + 1, allonym_data::SIMPLIFIED.lines().count());
        assert!(rows.is_sorted_by(|a, b| a.0 < b.0));
        for (traditional, form) in rows {
            assert_ne!(traditional, form);
            assert_eq!(simplified(form), form, "the form of {traditional} has another form");
        }
    }

    #[test]
    fn both_forms_are_one() {
        for (traditional, form) in [('蘇', '苏'), ('廣', '广'), ('瀋', '沈'), ('関', '关'), ('沈', '沈'), ('a', 'a')]
        {
            assert_eq!(simplified(traditional), form);
        }
    }
}
