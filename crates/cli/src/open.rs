//! Opening the gazetteer that was asked for, with a progress bar where it must be built first.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::options::Common;
use allonym::error::{Error, Result};
use allonym::gazetteer::Gazetteer;
use allonym::index::build::Progress;
use allonym::index::manifest::Manifest;

/// Opens the gazetteer that `--index` names, or the bundled one.
pub fn open(common: &Common) -> Result<Gazetteer> {
    match &common.index {
        Some(dir) => Gazetteer::open(dir),
        None => {
            let bar = BuildBar::new(common.quiet);
            Gazetteer::bundled_with(&|progress| bar.show(progress))
        }
    }
}

/// A bar that appears when a build begins, on standard error, and only on a terminal.
pub struct BuildBar(Mutex<Option<ProgressBar>>, bool);

impl BuildBar {
    pub fn new(quiet: bool) -> BuildBar {
        BuildBar(Mutex::new(None), quiet)
    }

    pub fn show(&self, progress: Progress) {
        if self.1 {
            return;
        }
        let Ok(mut slot) = self.0.lock() else { return };
        let bar = slot.get_or_insert_with(|| {
            let bar = ProgressBar::new(0);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        let template = match progress.total {
            0 => "{spinner} Building the index (once): {msg} {pos}",
            _ => "{spinner} Building the index (once): {msg} {wide_bar} {percent}% {eta}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_length(progress.total);
        bar.set_position(progress.done);
        bar.set_message(progress.stage);
    }
}

impl Drop for BuildBar {
    fn drop(&mut self) {
        if let Ok(slot) = self.0.lock()
            && let Some(bar) = slot.as_ref()
        {
            bar.finish_and_clear();
        }
    }
}

/// The directory and the manifest of the index in use; the bundled one is built if need be.
pub fn manifest(common: &Common) -> Result<(PathBuf, Manifest)> {
    let dir = match &common.index {
        Some(dir) => dir.clone(),
        None => {
            drop(open(common)?);
            bundled_dir()?
        }
    };
    match Manifest::read(&dir)? {
        Some(manifest) => Ok((dir, manifest)),
        None => Err(Error::index(format!(
            "there is no index in {0}; 'allonym index build --output {0}' makes one",
            dir.display()
        ))),
    }
}

/// The directory of the index in use.
pub fn directory(common: &Common) -> Result<PathBuf> {
    manifest(common).map(|(dir, _)| dir)
}

/// The directory in which the bundled index was found or built.
pub fn bundled_dir() -> Result<PathBuf> {
    let whole = |dir: &PathBuf| Manifest::read(dir).ok().flatten().is_some_and(|m| m.is_whole(dir));
    allonym::gazetteer::bundled_dirs()
        .into_iter()
        .find(whole)
        .ok_or_else(|| Error::index("there is no bundled index; 'allonym index build' makes it"))
}
