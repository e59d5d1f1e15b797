//! Main names that the overlays call historical: a living place is labelled by a present name.

use anyhow::{Result, ensure};

use super::World;
use super::corrections::relabel;
use crate::read::overlays::{OverlayName, Overlays};
use crate::report::Section;
use crate::script::script;

pub fn renew(world: &mut World, overlays: &Overlays) {
    for (id, names) in &overlays.names {
        let Some(place) = world.places.get_mut(id) else { continue };
        if !is_historical(names, &place.label) {
            continue;
        }
        let Some(new) = current(names) else { continue };
        world.report.list(Section::Mended, "main names that are historical", format!("{} → {}", place.label, new.text));
        relabel(place, &new.text, &new.lang);
    }
}

/// No living place may be labelled by a name that the overlays call historical, where they have a present one.
pub fn check(world: &World, overlays: &Overlays) -> Result<()> {
    for (id, names) in &overlays.names {
        let Some(place) = world.places.get(id).filter(|place| !place.feature.ends_with('H')) else { continue };
        let old = is_historical(names, &place.label) && names.iter().any(is_present);
        ensure!(
            !old,
            "{id} is labelled {:?}, a name that data/overlays calls historical; give it a present one there or in \
             gather/corrections.tsv",
            place.label
        );
    }
    Ok(())
}

fn is_historical(names: &[OverlayName], label: &str) -> bool {
    let mut same = names.iter().filter(|name| name.text == label).peekable();
    same.peek().is_some() && same.all(|name| name.kind == "historical")
}

fn is_present(name: &OverlayName) -> bool {
    matches!(name.kind.as_str(), "official" | "endonym" | "exonym") && name.until.is_empty()
}

/// The present name to label a place by: English if there is one, else another in Latin letters.
fn current(names: &[OverlayName]) -> Option<&OverlayName> {
    let present = names.iter().filter(|name| is_present(name) && script(&name.text) == Some("Latn"));
    present.min_by_key(|name| (name.lang != "en", name.kind != "official"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_present_name_takes_the_place_of_a_historical_one() {
        let name = |text: &str, lang: &str, kind: &str| OverlayName {
            text: text.into(),
            lang: lang.into(),
            kind: kind.into(),
            until: String::new(),
        };
        let names = [name("Queenstown", "en", "historical"), name("Komani", "en", "official")];
        assert!(is_historical(&names, "Queenstown") && !is_historical(&names, "Komani"));
        assert_eq!(current(&names).map(|name| name.text.as_str()), Some("Komani"));
        assert!(current(&names[..1]).is_none());
    }
}
