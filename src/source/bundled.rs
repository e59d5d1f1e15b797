//! The data inside this library.

use std::sync::LazyLock;

use super::data::{Data, File};

fn file((name, bytes): allonym_data::File) -> File<'static> {
    File { name, bytes }
}

static NAMES: LazyLock<Vec<File<'static>>> = LazyLock::new(|| allonym_data::NAMES.map(file).to_vec());
static OVERLAYS: LazyLock<Vec<File<'static>>> =
    LazyLock::new(|| allonym_data::OVERLAYS.iter().copied().map(file).collect());

/// The data inside this library: the world and the overlays, without custom gazetteers.
pub fn bundled() -> Data<'static> {
    Data {
        world: Some((file(allonym_data::PLACES), &NAMES)),
        words: file(allonym_data::WORDS),
        ordinary: file(allonym_data::ORDINARY),
        overlays: &OVERLAYS,
        custom: &[],
    }
}
