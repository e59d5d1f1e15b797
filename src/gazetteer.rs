//! The handle that library users hold: an opened index and the caches of the engines that work on it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::entity::Country;
use crate::error::{Error, Result};
use crate::index::Index;
use crate::index::build::{Progress, Watch};
use crate::index::manifest::{self, Manifest};
use crate::index::names::{Posting, Postings};
use crate::index::places::EntityRef;
use crate::index::store;
use crate::index::words::Words;
use crate::lookup::{Answer, AreaNames, Lookup, Query};
use crate::source::{self, Data};
use crate::tag::{Options, Resolution, Tagger, TaggerPool, Taggers};

/// An opened gazetteer. Opening maps files and reads none of them; it may be shared between threads.
#[derive(Debug)]
pub struct Gazetteer {
    index: Index,
    /// The names inside countries and units that queries were restricted to, collected on first use.
    area_names: AreaNames,
    /// Buffers and memories of taggers that are not in use.
    tagger_pool: TaggerPool,
}

impl Gazetteer {
    /// Opens the bundled gazetteer, building its index first if necessary.
    ///
    /// The index lives in `index/` of a checkout, otherwise in the user's cache directory. A build takes seconds, and is
    /// safe to interrupt and to start twice.
    ///
    /// # Errors
    /// If neither directory holds the index or can be written to.
    #[cfg(feature = "bundled")]
    pub fn bundled() -> Result<Gazetteer> {
        Gazetteer::bundled_with(&|_| {})
    }

    /// Like [`Gazetteer::bundled`]; calls `watch` with the progress of a build.
    ///
    /// # Errors
    /// As [`Gazetteer::bundled`].
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
                return Index::open_manifest(dir, manifest).map(Gazetteer::from);
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
    /// If there is no index, or if it was made by another version or is damaged.
    pub fn open(dir: &Path) -> Result<Gazetteer> {
        Index::open(dir).map(Gazetteer::from)
    }

    /// The index itself, for programs that work on its records.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The lookup engine over this gazetteer.
    pub fn lookups(&self) -> Lookup<'_> {
        Lookup::new(&self.index, &self.area_names)
    }

    /// Looks a name up.
    ///
    /// ```no_run
    /// use allonym::{Gazetteer, Query};
    /// let gazetteer = Gazetteer::bundled()?;
    /// let answer = gazetteer.lookup(&Query::new("Xankəndi"))?;
    /// assert_eq!(answer.candidates[0].entity.id(), "gn:146970");
    /// # Ok::<(), allonym::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the query is longer than [`Query::MAX_BYTES`], or the index is damaged.
    pub fn lookup(&self, query: &Query<'_>) -> Result<Answer<'_>> {
        self.lookups().find(query)
    }

    /// The mentions in a text, in order; none overlaps another unless [`Options::nested`] is set.
    ///
    /// ```no_run
    /// use allonym::{Gazetteer, tag};
    /// let gazetteer = Gazetteer::bundled()?;
    /// let found = gazetteer.tag("The road from Lachin to Stepanakert (Khankendi)", &tag::Options::default());
    /// assert_eq!(found.len(), 3);
    /// # Ok::<(), allonym::Error>(())
    /// ```
    pub fn tag(&self, text: &str, options: &Options) -> Vec<Resolution<'_>> {
        self.tagger(options.clone()).tag(text)
    }

    /// Taggers for many texts on many threads.
    pub fn taggers(&self, options: Options) -> Taggers<'_> {
        Taggers::new(self.lookups(), &self.tagger_pool, options)
    }

    /// A tagger for many texts, one per thread. It remembers what it has looked up, and returns its memory to the gazetteer
    /// when it is dropped.
    pub fn tagger(&self, options: Options) -> Tagger<'_> {
        Tagger::new(self.lookups(), &self.tagger_pool, options)
    }

    /// The country with an ISO 3166-1 code, or with a name in any language.
    pub fn country(&self, text: &str) -> Option<Country> {
        self.lookups().country(text)
    }

    /// The units and regions that a cell names, by number: see [`Lookup::units`].
    pub fn units(&self, cell: &str, countries: &[Country]) -> Vec<u32> {
        self.lookups().units(cell, countries)
    }

    /// The entity with an id such as `gn:146970`.
    pub fn get(&self, id: &str) -> Option<EntityRef<'_>> {
        self.index.get(id)
    }

    /// The entity with a number of this index, from 0 on in the order of ids.
    pub fn entity(&self, number: u32) -> Option<EntityRef<'_>> {
        self.index.entity(number)
    }

    /// Every entity, in the order of ids.
    pub fn entities(&self) -> impl Iterator<Item = EntityRef<'_>> {
        self.index.entities()
    }

    /// The names that fold to the same key, the most prominent entity's first.
    pub fn exact(&self, key: &crate::fold::Key) -> Postings<'_> {
        self.index.exact(key)
    }

    /// The entity that has the name of a posting.
    pub fn posted(&self, posting: Posting) -> Option<EntityRef<'_>> {
        self.index.places.name(posting.name())?.entity()
    }

    /// Whether an entity lies in one of several containers, all given by number.
    pub fn is_within(&self, number: u32, containers: &[u32]) -> bool {
        self.index.is_within(number, containers)
    }

    /// What words are besides names of places.
    pub fn words(&self) -> &Words {
        &self.index.words
    }

    /// What the index records about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.index.manifest
    }
}

impl From<Index> for Gazetteer {
    fn from(index: Index) -> Gazetteer {
        Gazetteer { index, area_names: AreaNames::default(), tagger_pool: TaggerPool::default() }
    }
}

/// The directory of an index that was shipped with the program.
static SHIPPED: OnceLock<PathBuf> = OnceLock::new();

/// Registers a directory with an index of the bundled data, for packages that ship one. It is only read; an index of other
/// data, or a damaged one, is ignored. Only the first call counts.
pub fn shipped(dir: PathBuf) {
    let _ = SHIPPED.set(dir);
}

/// The directories that may hold the index of the bundled data, best first: the checkout this program was built in, then the
/// user's cache.
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

/// Builds the index of `data` into `dir`, unless it is already there.
///
/// # Errors
/// If the data is faulty, `dir` holds other files, or it cannot be written to.
pub fn build(data: &Data<'_>, dir: &Path, watch: Watch<'_>) -> Result<()> {
    store::build(&data.fingerprint(), dir, watch, |builder| {
        let mut done = 0;
        source::entities(data, |entity| {
            builder.add(&entity)?;
            done += 1;
            if done % 4096 == 0 {
                watch(Progress { stage: "reading places", done, total: 0 });
            }
            Ok(())
        })?;
        source::words(data, |word, word_use, weight| builder.add_word(word, word_use, weight))
    })
}
