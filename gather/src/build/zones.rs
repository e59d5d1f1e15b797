//! The towns that stand for time zones have names in hundreds of locales.

use std::collections::BTreeMap;

use super::World;
use crate::fold::fold;
use crate::read::Tagged;
use crate::read::cldr_dates::CODE;
use crate::report::Section;

/// Lays the names of each zone's town onto the town of that English name that keeps the zone's time.
///
/// A zone may be called after an island or a region ("Easter", "Galapagos"): then no town bears the name, or a small
/// one does by chance. So the town must be among the zone's and be known by the name.
pub fn add(world: &mut World, zones: BTreeMap<String, Vec<Tagged>>) {
    for (zone, names) in zones {
        let Some(english) = names.iter().find(|name| name.locale == "en") else { continue };
        let wanted = fold(&english.text);
        let towns = world.zones.get(&zone).into_iter().flatten();
        let town = towns
            .filter_map(|id| Some((id, world.places.get(id)?)))
            .filter(|(_, town)| {
                fold(&town.label) == wanted
                    || town.names.iter().any(|name| !name.lang.is_empty() && fold(&name.text) == wanted)
            })
            .max_by_key(|(id, town)| (town.population, std::cmp::Reverse((*id).clone())))
            .map(|(id, _)| id.clone());
        let Some(id) = town else {
            world.report.note(Section::LeftOut, "time zones that no town of the zone is named like", || zone.clone());
            continue;
        };
        for name in names {
            // "Beulah, North Dakota": the region is no part of the name.
            let text = name.text.split([',', '،', '、', '(']).next().unwrap_or_default().trim();
            // Some locales say the name of the zone's country or leave the zone's key.
            if text.contains('_') || text.contains('/') {
                world.report.note(Section::Dropped, "a time zone's key", || name.text.clone());
                continue;
            }
            world.add(&id, text, Some(&name.locale), CODE, |name| name);
        }
    }
}
