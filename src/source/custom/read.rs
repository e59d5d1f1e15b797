//! Reads files: recognizes each one's layout and passes it to that layout's reader.

use std::path::{Path, PathBuf};

use super::document::{self, Document};
use super::fields::FieldMap;
use super::gazetteer::CustomGazetteer;
use super::importer::Importer;
use super::layout::Layout;
#[cfg(feature = "sqlite")]
use super::layouts::sqlite;
use super::layouts::{geojson, geonames, linked_places, lp_tsv, pcodes, table, wof};
use crate::error::{Error, Result};

/// How files are read.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The columns or properties of fields whose own names do not say so.
    pub columns: FieldMap,
    /// The layout of all files; `None` recognizes it.
    pub layout: Option<Layout>,
    /// The directory of temporary files for records that do not fit into memory; `None` is the system's.
    pub temp_dir: Option<PathBuf>,
}

impl CustomGazetteer {
    /// Reads a file, an archive or a folder; `-` is standard input.
    ///
    /// An id without a prefix gets the file's name as its prefix: row `12` of `people.csv` is `people:12`.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, is cut short, has no known layout or lacks what its layout requires.
    /// Faulty records are not errors: they are left out and reported in [`CustomGazetteer::faults`].
    pub fn read(path: &Path, options: &ImportOptions) -> Result<CustomGazetteer> {
        let temp_dir = options.temp_dir.clone().unwrap_or_else(std::env::temp_dir);
        let mut importer = Importer::new(&path.display().to_string(), &options.columns, &temp_dir)?;
        let mut sums: Vec<u8> = options.columns.iter().flat_map(|(a, b)| format!("{a}={b}\n").into_bytes()).collect();
        sums.extend(options.layout.map_or("", Layout::as_str).as_bytes());
        let sum =
            document::each(path, &temp_dir, &mut |document| read_document(&mut importer, document, options.layout))?;
        sums.extend_from_slice(sum.as_bytes());
        importer.finish(crate::digest::hash(&sums))
    }
}

fn read_document(importer: &mut Importer<'_>, document: &mut Document<'_>, layout: Option<Layout>) -> Result<()> {
    importer.begin(document);
    let layout = match layout {
        Some(layout) => layout,
        None => Layout::recognize(document)?,
    };
    importer.add_layout(layout);
    let read = match layout {
        Layout::Table => table::read(document, importer),
        Layout::GeoNames => geonames::read_places(document, importer),
        Layout::GeoNamesNames => geonames::read_names(document, importer),
        Layout::GeoNamesHierarchy => geonames::read_hierarchy(document, importer),
        Layout::GeoNamesAdmin => geonames::read_unit_codes(document, importer),
        Layout::Wof => wof::read(document, importer),
        #[cfg(feature = "sqlite")]
        Layout::WofSqlite => sqlite::read(document, importer),
        #[cfg(not(feature = "sqlite"))]
        Layout::WofSqlite => {
            Err(Error::usage("this build of allonym cannot read SQLite; it lacks the feature 'sqlite'"))
        }
        Layout::LinkedPlaces => linked_places::read(document, importer),
        Layout::LpTsv => lp_tsv::read(document, importer),
        Layout::Pcodes => pcodes::read(document, importer),
        Layout::GeoJson => geojson::read(document, importer),
    };
    read.map_err(|e: Error| e.in_file(&document.name))
}
