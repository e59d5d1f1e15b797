//! The made-up world as GeoNames writes its dumps: `allCountries.txt` and `alternateNamesV2.txt`.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use allonym::entity::NameKind;

use crate::world::World;

/// Writes both files into a folder.
pub fn write(world: &World, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let create = |name: &str| File::create(folder.join(name)).map(|file| BufWriter::with_capacity(1 << 20, file));
    let (mut places, mut names) = (create("allCountries.txt")?, create("alternateNamesV2.txt")?);
    let mut name_id = 0;
    for number in 0..world.places {
        let place = world.place(number);
        let units = world.units(number);
        let id = place.id.trim_start_matches("gn:");
        let main = &place.names[0].text;
        let others: Vec<&str> = place.names[1..].iter().map(|name| name.text.as_str()).collect();
        let (class, code) = place.feature.as_str().split_once('.').unwrap_or_default();
        let code_of = |unit: Option<u64>| unit.map(|number| number.to_string()).unwrap_or_default();
        let own = |code: &str, unit| if place.feature.code() == code { number.to_string() } else { code_of(unit) };
        let (lat, lon) = place.point.map_or((0.0, 0.0), |point| (point.lat, point.lon));
        writeln!(
            places,
            "{id}\t{main}\t{main}\t{}\t{:.5}\t{:.5}\t{class}\t{code}\t{}\t\t{}\t{}\t\t\t{}\t\t0\tEtc/UTC\t2026-01-01",
            others.join(","),
            lat,
            lon,
            units.country,
            own("ADM1", units.province),
            own("ADM2", units.district),
            place.population,
        )?;
        for name in &place.names[1..] {
            name_id += 1;
            let short = if name.kind == NameKind::Short { "1" } else { "" };
            let historic = if name.kind == NameKind::Historical { "1" } else { "" };
            writeln!(names, "{name_id}\t{id}\t{}\t{}\t\t{short}\t\t{historic}\t\t", name.lang, name.text)?;
        }
        // What GeoNames keeps among the names and is none.
        if place.population > 0 {
            name_id += 1;
            writeln!(names, "{name_id}\t{id}\twkdt\tQ{}\t\t\t\t\t\t", 1_000_000 + number)?;
        }
    }
    places.flush()?;
    names.flush()
}
