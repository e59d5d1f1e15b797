//! Countries and units named by the context of a query, such as another column of a table.

use super::Lookup;
use crate::entity::Country;
use crate::fold::Key;

impl Lookup<'_> {
    /// The country with an ISO 3166-1 code, or with a name in any language.
    pub fn country(self, text: &str) -> Option<Country> {
        let text = text.trim();
        if let Ok(code) = text.parse::<Country>()
            && self.index.named(code.as_str()).any(|e| e.country() == Some(code) && e.feature().is_country())
        {
            return Some(code);
        }
        self.index.named(text).find(|e| e.feature().is_country()).and_then(|e| e.country())
    }

    /// The units and regions that a cell names, by number: by the whole cell, or by its parts (`Texas, TX`). Only those of
    /// `countries`, unless that is empty.
    pub fn units(self, cell: &str, countries: &[Country]) -> Vec<u32> {
        let of = |name: &str| -> Vec<u32> {
            if Key::of(name).is_empty() {
                return Vec::new();
            }
            let units = self.index.named(name).filter(|e| {
                let is_unit = matches!(e.feature().class(), Some('A' | 'L'));
                is_unit && (countries.is_empty() || e.country().is_some_and(|c| countries.contains(&c)))
            });
            units.map(|e| e.number()).collect()
        };
        let whole = of(cell);
        if !whole.is_empty() {
            return whole;
        }
        cell.split([',', ';', '/']).flat_map(|part| of(part.trim())).collect()
    }
}
