//! The one handle: an index, opened.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::index::build::{Builder, Progress, Watch};
use crate::index::manifest::{self, FORMAT, Manifest};
use crate::index::names::Names;
use crate::index::places::{EntityRef, Places};
use crate::index::search::Search;
use crate::index::words::Words;
use crate::lookup::Nearest;
use crate::resolve::Memories;
use crate::source::{self, Data};

/// An opened gazetteer. Opening maps files and reads none of them; it may be shared between threads.
pub struct Gazetteer {
    manifest: Manifest,
    pub(crate) places: Places,
    pub(crate) names: Names,
    pub(crate) words: Words,
    pub(crate) search: Search,
    /// Names by the places that queries were narrowed to, collected when they are first needed.
    pub(crate) nearest: Nearest,
    /// What taggers have looked up.
    pub(crate) memories: Memories,
}

impl Gazetteer {
    /// Opens the gazetteer inside this library, building its index first where that is not done yet.
    ///
    /// The index lives in `index/` of a checkout, otherwise in the user's cache directory. A build takes seconds, is
    /// safe to interrupt and safe to start twice.
    ///
    /// # Errors
    /// Where neither directory holds the index or can be written to.
    #[cfg(feature = "bundled")]
    pub fn bundled() -> Result<Gazetteer> {
        Gazetteer::bundled_with(&|_| {})
    }

    /// [`Gazetteer::bundled`], telling `watch` how far a build is.
    #[cfg(feature = "bundled")]
    pub fn bundled_with(watch: Watch<'_>) -> Result<Gazetteer> {
        let data = source::bundled();
        let generation = manifest::generation(&data.fingerprint());
        let dirs = bundled_dirs();
        for dir in SHIPPED.get().into_iter().chain(&dirs) {
            if let Ok(Some(manifest)) = Manifest::read(dir)
                && manifest.generation == generation
                && manifest.is_whole(dir)
            {
                return Gazetteer::open_manifest(dir, manifest);
            }
        }
        let mut refused = None;
        for dir in &dirs {
            match build(&data, dir, watch) {
                Ok(()) => return Gazetteer::open(dir),
                Err(e) => refused = Some(e),
            }
        }
        Err(refused.unwrap_or_else(|| {
            Error::index("there is no directory to keep the index in: neither the checkout nor the user's cache directory can be found")
        }))
    }

    /// Opens the index in `dir`.
    ///
    /// # Errors
    /// Returns an error of the kind [`ErrorKind::StaleIndex`](crate::ErrorKind::StaleIndex) if the index is missing, damaged or of
    /// another version.
    pub fn open(dir: &Path) -> Result<Gazetteer> {
        match Manifest::read(dir)? {
            Some(manifest) => Gazetteer::open_manifest(dir, manifest),
            None => Err(Error::stale_index(format!("there is no index in {0}", dir.display()))),
        }
    }

    fn open_manifest(dir: &Path, manifest: Manifest) -> Result<Gazetteer> {
        if manifest.folding != crate::fold::fingerprint() {
            return Err(Error::stale_index(format!(
                "the index in {0} was made by another version of allonym",
                dir.display()
            )));
        }
        if !manifest.is_whole(dir) {
            return Err(Error::stale_index(format!(
                "the index in {0} is damaged (a file is missing or cut short)",
                dir.display()
            )));
        }
        let folder = manifest.folder(dir);
        let names = Names::open(&folder)?;
        Ok(Gazetteer {
            places: Places::open(&folder)?,
            words: Words::open(&folder)?,
            search: Search::open(&folder.join("search"), names.len())?,
            names,
            manifest,
            nearest: Nearest::default(),
            memories: Memories::default(),
        })
    }

    /// The entity of an id such as `gn:146970`.
    pub fn get(&self, id: &str) -> Option<EntityRef<'_>> {
        self.places.find(id)
    }

    /// The entity of a number of this index, from 0 on, in the order of ids.
    pub fn entity(&self, number: u32) -> Option<EntityRef<'_>> {
        self.places.entity(number)
    }

    /// Every entity, in the order of ids.
    pub fn entities(&self) -> impl Iterator<Item = EntityRef<'_>> {
        (0..self.places.len()).map_while(|number| self.places.entity(number))
    }

    /// What words are beside names of places.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// What the index says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

/// Where the index is that came with the program.
static SHIPPED: OnceLock<PathBuf> = OnceLock::new();

/// Tells where an index of the bundled data is that came with the program, for a package that brings one along. It is read and
/// never written; where it is of other data, or damaged, it is passed over. Only the first call counts.
pub fn shipped(dir: PathBuf) {
    let _ = SHIPPED.set(dir);
}

/// Where the index of the bundled data may be, best first: the checkout this program was built in, the user's cache.
#[cfg(feature = "bundled")]
pub fn bundled_dirs() -> Vec<PathBuf> {
    use etcetera::{BaseStrategy, choose_base_strategy};
    let mut dirs = Vec::new();
    let program = std::env::current_exe().ok().and_then(|path| path.canonicalize().ok());
    let checkout = program.as_deref().and_then(|path| {
        path.ancestors().skip(1).take(5).find(|dir| {
            dir.join("index/README.md").is_file()
                && dir.join("data/sources.toml").is_file()
                && dir.join("Cargo.toml").is_file()
        })
    });
    dirs.extend(checkout.map(|dir| dir.join("index")));
    dirs.extend(choose_base_strategy().ok().map(|base| base.cache_dir().join("allonym").join("index")));
    dirs
}

/// Builds the index of `data` into `dir`, unless another process has just done so.
///
/// # Errors
/// Where the data is faulty, the directory is something else, or it cannot be written to.
pub fn build(data: &Data<'_>, dir: &Path, watch: Watch<'_>) -> Result<()> {
    build_of(&data.fingerprint(), dir, watch, |builder| {
        let mut done = 0;
        source::entities(data, |entity| {
            builder.add(&entity)?;
            done += 1;
            if done % 4096 == 0 {
                watch(Progress { stage: "reading places", done, total: 0 });
            }
            Ok(())
        })?;
        source::words(data, |word, sense, weight| builder.add_word(word, sense, weight))
    })
}

/// Builds an index into `dir` of what `fill` adds, unless one of the same `fingerprint`, a short text that tells the data
/// from any other, is there.
///
/// The files go into a folder of their own first, which is renamed when it is whole, under a lock; the manifest is
/// replaced last. Killed at any moment, a build leaves the index that was there before.
///
/// # Errors
/// Where `fill` fails, the directory is something else, or it cannot be written to.
pub fn build_of(
    fingerprint: &str,
    dir: &Path,
    watch: Watch<'_>,
    fill: impl FnOnce(&mut Builder) -> Result<()>,
) -> Result<()> {
    let generation = manifest::generation(fingerprint);
    fs::create_dir_all(dir).map_err(|e| Error::io("create the index directory", dir, e))?;
    refuse_foreign(dir)?;
    let lock_path = dir.join(".lock");
    let lock = File::create(&lock_path).map_err(|e| Error::io("write to the index directory", dir, e))?;
    lock.lock().map_err(|e| Error::io("lock", &lock_path, e))?;
    if let Ok(Some(manifest)) = Manifest::read(dir)
        && manifest.generation == generation
        && manifest.verify(dir).is_ok()
    {
        return Ok(()); // it is there, or another process was faster
    }
    // We hold the lock: what is half built was left by a process that died.
    remove_others(dir, None);
    let fresh = dir.join(format!("{BUILDING}{}", std::process::id()));
    fs::create_dir(&fresh).map_err(|e| Error::io("create", &fresh, e))?;
    let made = Builder::create(&fresh).and_then(|mut builder| {
        fill(&mut builder)?;
        builder.finish(watch)
    });
    let (counts, files) = made.inspect_err(|_| {
        let _ = fs::remove_dir_all(&fresh);
    })?;
    let folder = dir.join(&generation);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| Error::io("replace", &folder, e))?;
    }
    fs::rename(&fresh, &folder).map_err(|e| Error::io("rename", &fresh, e))?;
    let folding = crate::fold::fingerprint();
    let data = fingerprint.to_owned();
    Manifest { format: FORMAT, generation: generation.clone(), folding, data, counts, files }.write(dir)?;
    remove_others(dir, Some(&generation));
    Ok(())
}

/// How the folder of a build begins that is not finished.
const BUILDING: &str = ".building-";

/// Refuses to put an index among other people's files.
fn refuse_foreign(dir: &Path) -> Result<()> {
    if !Manifest::may_replace(dir) {
        return Err(Error::index(format!(
            "{} holds a manifest.json that is none of an index; name an empty directory for the index",
            dir.display()
        )));
    }
    let entries = fs::read_dir(dir).map_err(|e| Error::io("read the index directory", dir, e))?;
    let known =
        |name: &str| name.starts_with('.') || name == manifest::FILE || name == "README.md" || is_generation(name);
    for entry in entries.flatten() {
        if !entry.file_name().to_str().is_some_and(known) {
            return Err(Error::index(format!(
                "{} holds other files ({}); name an empty directory for the index",
                dir.display(),
                entry.file_name().display()
            )));
        }
    }
    Ok(())
}

fn is_generation(name: &str) -> bool {
    name.len() == 16 && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Removes half-built folders and, when one is kept, older generations. Whoever still maps them keeps them.
fn remove_others(dir: &Path, keep: Option<&str>) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let old = keep.is_some_and(|keep| is_generation(name) && name != keep);
        if name.starts_with(BUILDING) || old {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
