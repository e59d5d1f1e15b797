//! The data that an index is built from.

use super::custom::CustomGazetteer;

/// A file of data: its name, for messages, and its content.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its path inside `data/`.
    pub name: &'a str,
    /// Its content; the files of `data/world` are compressed with zstd.
    pub bytes: &'a [u8],
}

/// Everything that goes into an index.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    /// `places.tsv.zst` and the parts of `names.tsv.zst` of `data/world`; `None` for an index of custom gazetteers alone.
    pub world: Option<(File<'a>, &'a [File<'a>])>,
    /// `words.tsv.zst` of `data/world`.
    pub words: File<'a>,
    /// `ordinary.tsv` of `data/overlays`.
    pub ordinary: File<'a>,
    /// The tables of `data/overlays` about entities.
    pub overlays: &'a [File<'a>],
    /// Gazetteers that a user adds.
    pub custom: &'a [CustomGazetteer],
}

/// Bytes at the end of a compressed file that identify it: zstd keeps a checksum of the content there.
const TAIL: usize = 1024;

impl Data<'_> {
    /// A short text that changes when the data does.
    ///
    /// Compressed files are identified by their lengths and their ends, so that opening a gazetteer need not read them
    /// through.
    pub fn fingerprint(&self) -> String {
        let mut all = Vec::new();
        let world = self.world.iter().flat_map(|(places, names)| [places].into_iter().chain(*names));
        for file in world.chain([&self.words]) {
            all.extend_from_slice(&(file.bytes.len() as u64).to_le_bytes());
            all.extend_from_slice(&file.bytes[file.bytes.len().saturating_sub(TAIL)..]);
        }
        for file in self.overlays.iter().chain([&self.ordinary]) {
            all.extend_from_slice(file.name.as_bytes());
            all.extend_from_slice(file.bytes);
        }
        self.custom.iter().for_each(|custom| all.extend_from_slice(custom.fingerprint().as_bytes()));
        crate::digest::hash(&all)
    }
}
