//! `allonym index`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Subcommand};
use hashbrown::HashMap;

use super::open::{self, BuildBar};
use super::options::{Common, Format, unit_interval};
use super::render::counts::Counts;
use super::{changes, export, render};
use allonym::error::{Error, ErrorKind, Result};
use allonym::gazetteer;
use allonym::source::custom::{self, CustomGazetteer, ImportOptions, Layout};
use allonym::source::{self, Data};

/// Build, check, compare, describe or export the index.
#[derive(Subcommand)]
#[command(after_help = "Examples:
  allonym index build
  allonym index build --output my-index --add villages.csv --add people.csv
  allonym index build --output my-index --only --add places.tsv --map 'name=Place,id=Code'
  allonym --index my-index lookup Lachin
  allonym index build --output my-index --add allCountries.zip --add alternateNamesV2.zip --add hierarchy.zip
  allonym index check
  allonym index check last-index my-index
  allonym --index my-index index export --own --format lpf -o places.json
  allonym index info
  allonym index info --counts")]
pub enum Index {
    /// Build the index of the bundled data, unless it is there, or one of your own names beside it.
    Build {
        /// Into this directory [default: where the bundled index belongs].
        #[arg(long, value_name = "DIR")]
        output: Option<PathBuf>,
        #[command(flatten)]
        own: OwnData,
    },
    /// Read every file of the index through and compare it with what was written; with two indexes, say what changed.
    ///
    /// Of two indexes (or one, and the one in use): places and names that were added and removed, places that have another
    /// label or lie elsewhere, and spellings that meant one place and now mean several.
    Check(changes::Check),
    /// Write what the index holds in a layout of the trade.
    Export(export::Export),
    /// Say what the index holds and what it was made from.
    Info {
        /// Count the names by kind, script and language.
        #[arg(long)]
        counts: bool,
    },
}

/// A user's own names.
#[derive(Args)]
pub struct OwnData {
    /// Add the places and names of a file, an archive or a folder; its layout is recognized.
    ///
    /// Tables (CSV, TSV: one row an entity or one of its names), GeoNames' dumps (places, names, hierarchy, codes of
    /// units), Who's On First (GeoJSON, SQLite), Linked Places (LPF and LP-TSV), OCHA's p-codes, GeoJSON; as they are or in
    /// .zip, .gz, .zst. A table's columns: id and name, and where you have them variants (further names, with ';'
    /// between), lang, kind, type (place, organization, person), feature, country, parent, lat, lon, population, same_as,
    /// since, until, by. Rows of one id are one entity. An id without a prefix gets the file's name as its prefix. What
    /// has the id of a bundled place, or is the same_as it, is added to that place.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    add: Vec<PathBuf>,
    /// Which columns (or properties) of the added files hold what, where they say it otherwise: 'name=Place,id=Code'.
    #[arg(long, value_name = "FIELD=HEADER,..", requires = "add")]
    map: Option<String>,
    /// Read the added files in this layout: table, geonames, geonames-names, geonames-hierarchy, geonames-admin, wof,
    /// wof-sqlite, lpf, lp-tsv, pcodes or geojson [default: as recognized].
    #[arg(long, value_name = "NAME", requires = "add")]
    layout: Option<String>,
    /// Leave the bundled data out.
    #[arg(long, requires = "add")]
    only: bool,
    /// Go on where up to this share of an added file's records is faulty, from 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.01, requires = "add", value_parser = unit_interval)]
    faulty: f64,
}

impl OwnData {
    /// Reads the files, tells what is wrong with them, and refuses what is wrong too often.
    fn read(&self, output: &Path, quiet: bool) -> Result<Vec<CustomGazetteer>> {
        let options = ImportOptions {
            columns: self.map.as_deref().map(custom::parse_field_map).transpose()?.unwrap_or_default(),
            layout: self.layout.as_deref().map(str::parse::<Layout>).transpose()?,
            temp_dir: temp_dir(output),
        };
        let mut all = Vec::new();
        for path in &self.add {
            let own = CustomGazetteer::read(path, &options).map_err(with_map_hint)?;
            const SHOWN: usize = 5;
            for fault in own.faults.iter().take(SHOWN) {
                tell(fault);
            }
            if own.faulty > SHOWN as u64 {
                note!("{}: {} more records like these", path.display(), own.faulty - SHOWN as u64);
            }
            if own.faulty_share() > self.faulty {
                return Err(Error::data(format!(
                    "{} of {} rows are faulty; mend them, or let them be with --faulty 1",
                    own.faulty, own.records
                ))
                .in_file(path));
            }
            if own.names == 0 && own.records == 0 {
                return Err(Error::data("the file has no names").in_file(path));
            }
            if !quiet {
                let layouts: Vec<&str> = own.layouts.iter().map(|layout| layout.as_str()).collect();
                note!("{}: {} records read as {}", path.display(), own.records, layouts.join(", "));
                for (what, count) in &own.skipped {
                    note!("{}: {count} {what}", path.display());
                }
            }
            all.push(own);
        }
        if self.only && all.iter().all(|own| own.entities == 0) {
            return Err(Error::data("the files have no names that are an entity's").in_file(&self.add[0]));
        }
        Ok(all)
    }
}

/// Suggests --map for a column that is missing.
fn with_map_hint(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Column => {
            Error::missing_column(format!("{error}; say which one it is with --map, such as --map id=HEADER"))
        }
        _ => error,
    }
}

/// Temporary files lie where the index will be, because there is room for it there.
fn temp_dir(output: &Path) -> Option<PathBuf> {
    let output = std::path::absolute(output).ok()?;
    output.ancestors().find(|dir| dir.is_dir()).map(Path::to_owned)
}

fn tell(fault: &custom::Fault) {
    match fault.line {
        0 => note!("{}: {}", fault.file, fault.reason),
        line => note!("{}, line {line}: {}", fault.file, fault.reason),
    }
}

/// Tells what became one, and what contradicts.
fn report(all: &[CustomGazetteer], quiet: bool) {
    for own in all {
        let conflicts = own.conflicts();
        for (_, fault) in &conflicts.examples {
            tell(fault);
        }
        for (kind, count) in &conflicts.counts {
            note!("{}: {count} {}", own.path, kind.as_str());
        }
        if !quiet && conflicts.merged_into_bundled + conflicts.merged_into_others > 0 {
            note!(
                "{}: {} records merged into bundled entities, {} into entities of other records",
                own.path,
                conflicts.merged_into_bundled,
                conflicts.merged_into_others
            );
        }
    }
}

impl Index {
    pub fn run(self, common: &Common) -> Result<ExitCode> {
        match self {
            Index::Build { output, own } => build(common, output.or_else(|| common.index.clone()), &own),
            Index::Check(asked) => match asked.pair(common)? {
                Some((old, new, limit)) => changes::run(common, &old, &new, limit),
                None => check(common),
            },
            Index::Export(asked) => asked.run(common),
            Index::Info { counts: true } => counts(common),
            Index::Info { counts: false } => info(common),
        }
    }
}

fn build(common: &Common, output: Option<PathBuf>, own: &OwnData) -> Result<ExitCode> {
    let begin = Instant::now();
    let dir = match output {
        Some(dir) => {
            let tables = own.read(&dir, common.quiet)?;
            let mut data = Data { custom: &tables, ..source::bundled() };
            if own.only {
                (data.world, data.overlays) = (None, &[]);
            }
            let bar = BuildBar::new(common.quiet);
            gazetteer::build(&data, &dir, &|progress| bar.show(progress))?;
            drop(bar);
            report(&tables, common.quiet);
            dir
        }
        None if !own.add.is_empty() => {
            return Err(Error::usage("an index of your own needs a place of its own; name a directory with --output"));
        }
        None => {
            drop(open::open(common)?);
            open::bundled_dir()?
        }
    };
    if !common.quiet {
        note!("The index is in {} ({:.1} s).", dir.display(), begin.elapsed().as_secs_f64());
    }
    Ok(ExitCode::SUCCESS)
}

fn check(common: &Common) -> Result<ExitCode> {
    let (dir, manifest) = open::manifest(common)?;
    manifest.verify(&dir)?;
    if !common.quiet {
        note!("The index in {} is whole.", dir.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn info(common: &Common) -> Result<ExitCode> {
    let (dir, manifest) = open::manifest(common)?;
    if common.format() != Format::Table {
        render::json::document(&manifest)?;
        return Ok(ExitCode::SUCCESS);
    }
    let bytes: u64 = manifest.files.iter().map(|f| f.bytes).sum();
    let text = format!(
        "directory   {}\nformat      {}\ngeneration  {}\nentities    {}\nnames       {}\nkeys        {}\nfiles       {:.1} MB and the search index\n",
        dir.display(),
        manifest.format,
        manifest.generation,
        manifest.counts.entities,
        manifest.counts.names,
        manifest.counts.keys,
        bytes as f64 / 1e6
    );
    render::write(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn counts(common: &Common) -> Result<ExitCode> {
    let gazetteer = open::open(common)?;
    let mut types: HashMap<String, u64> = HashMap::new();
    let [mut kinds, mut scripts, mut langs] = [(); 3].map(|()| HashMap::<String, u64>::new());
    let (mut names, mut curated, mut dated, mut claimed) = (0u64, 0u64, 0u64, 0u64);
    for entity in gazetteer.entities() {
        *types.entry_ref(entity.kind().as_str()).or_default() += 1;
        claimed += u64::from(!entity.details().claims.is_empty());
        for name in entity.names() {
            names += 1;
            curated += u64::from(name.source() == allonym::entity::CURATED);
            dated += u64::from(name.since().is_some() || name.until().is_some());
            *kinds.entry_ref(name.kind().as_str()).or_default() += 1;
            *scripts.entry_ref(name.script().as_str()).or_default() += 1;
            let lang = name.lang().split('-').next().unwrap_or_default();
            *langs.entry_ref(if lang.is_empty() { "unknown" } else { lang }).or_default() += 1;
        }
    }
    let sorted = |counts: HashMap<String, u64>| -> Counts {
        let mut counts: Counts = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        counts
    };
    let named = |what: &str, count: u64| (what.to_owned(), count);
    let whole = vec![
        named("names", names),
        named("written by hand (overlays)", curated),
        named("with years", dated),
        named("entities with claims", claimed),
    ];
    let groups = [
        ("all", whole),
        ("type", sorted(types)),
        ("kind", sorted(kinds)),
        ("script", sorted(scripts)),
        ("language", sorted(langs)),
    ];
    if common.format() != Format::Table {
        render::json::document(&render::counts::document(&groups))?;
        return Ok(ExitCode::SUCCESS);
    }
    render::write(&render::counts::table(&groups))?;
    Ok(ExitCode::SUCCESS)
}
