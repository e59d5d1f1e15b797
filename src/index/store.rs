//! Puts a build in place: one generation at a time, under a lock, so that readers always find a complete index.

use std::fs::{self, File};
use std::path::Path;

use super::build::{Builder, Watch};
use super::manifest::{self, FORMAT, Manifest};
use crate::error::{Error, Result};

/// Builds an index of what `fill` adds into `dir`, unless an index of the same data is already there. `fingerprint` is a short
/// text that identifies the data.
///
/// The files are written to a temporary folder, which is renamed once it is complete; the manifest is replaced last. All of
/// this happens under a lock. A build that is killed leaves the previous index in place.
///
/// # Errors
/// If `fill` fails, `dir` holds other files, or it cannot be written to.
pub fn build(
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
        return Ok(()); // up to date, or another process was faster
    }
    // We hold the lock, so anything half built was left by a process that died.
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

/// The prefix of the folder of an unfinished build.
const BUILDING: &str = ".building-";

/// Refuses to put an index among other files.
fn refuse_foreign(dir: &Path) -> Result<()> {
    if !Manifest::may_replace(dir) {
        return Err(Error::index(format!(
            "{} holds a manifest.json that does not belong to an index; choose an empty directory for the index",
            dir.display()
        )));
    }
    let entries = fs::read_dir(dir).map_err(|e| Error::io("read the index directory", dir, e))?;
    let known =
        |name: &str| name.starts_with('.') || name == manifest::FILE || name == "README.md" || is_generation(name);
    for entry in entries.flatten() {
        if !entry.file_name().to_str().is_some_and(known) {
            return Err(Error::index(format!(
                "{} holds other files ({}); choose an empty directory for the index",
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

/// Removes half-built folders and, if a generation is to be kept, the others. Processes that still map those keep them.
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
