//! Words and phonetic keys to keys: which names a query might mean. The only file that knows tantivy.
//!
//! One document is one key. Documents are added the most prominent first, so that the first that match are the ones to
//! look at and no search reads more than it needs. Where there are many, they lie in several segments, one behind the
//! other. What tantivy finds is only proposed: its scores are not used.

use std::path::Path;
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};
use tantivy::query::{BooleanQuery, EnableScoring, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TantivyDocument, TextFieldIndexing, TextOptions};
use tantivy::store::Compressor;
use tantivy::{Directory, DocSet, Index, IndexSettings, Searcher, SingleSegmentIndexWriter, TERMINATED, Term};

use super::names::Slot;
use crate::error::{Error, Result};

/// What tantivy keeps of a key.
pub struct Document<'a> {
    /// Its words, with a space between any two.
    pub words: &'a str,
    /// The phonetic keys of its names, separated by spaces.
    pub phonetic_keys: &'a str,
    /// The consonant skeletons of its names, separated by spaces.
    pub skeletons: &'a str,
    /// Where its names are.
    pub slot: Slot,
}

#[derive(Clone, Copy)]
struct Fields {
    words: Field,
    phonetic_key: Field,
    skeleton: Field,
    slot: Field,
}

/// Memory that tantivy may fill before it complains; one segment is written, whatever its size.
const MEMORY: usize = 1 << 30;

fn schema() -> (Schema, Fields) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    let indexed = TextOptions::default().set_indexing_options(indexing);
    let mut schema = Schema::builder();
    let fields = Fields {
        words: schema.add_text_field("words", indexed.clone()),
        phonetic_key: schema.add_text_field("phonetic_key", indexed.clone()),
        skeleton: schema.add_text_field("skeleton", indexed),
        slot: schema.add_u64_field("slot", FAST),
    };
    (schema.build(), fields)
}

/// Writes one segment of the search index of a generation.
pub struct Writer {
    writer: SingleSegmentIndexWriter,
    fields: Fields,
}

impl Writer {
    /// Begins a segment in an existing, empty directory.
    pub fn create(dir: &Path) -> Result<Writer> {
        let (schema, fields) = schema();
        let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
        let directory = MmapDirectory::open(dir).map_err(|e| failed("create", dir, e.into()))?;
        let writer = Index::builder()
            .schema(schema)
            .settings(settings)
            .single_segment_index_writer(directory, MEMORY)
            .map_err(|e| failed("create", dir, e))?;
        Ok(Writer { writer, fields })
    }

    /// Adds a key; the most prominent come first.
    pub fn add(&mut self, document: &Document<'_>) -> Result<()> {
        let mut doc = TantivyDocument::default();
        doc.add_text(self.fields.words, document.words);
        doc.add_text(self.fields.phonetic_key, document.phonetic_keys);
        doc.add_text(self.fields.skeleton, document.skeletons);
        doc.add_u64(self.fields.slot, document.slot.0);
        self.writer.add_document(doc).map_err(|e| failed("write", Path::new("search"), e))
    }

    /// Writes it all out.
    pub fn finish(self, dir: &Path) -> Result<()> {
        self.writer.finalize().map(|_| ()).map_err(|e| failed("write", dir, e))
    }
}

fn failed(doing: &str, dir: &Path, cause: tantivy::TantivyError) -> Error {
    if let tantivy::TantivyError::IoError(io) = &cause {
        let copy = std::io::Error::new(io.kind(), io.to_string());
        return Error::io(&format!("{doing} the search index in"), dir, copy);
    }
    let sentence = format!("could not {doing} the search index in {}", dir.display());
    Error::stale_index(sentence).because(cause)
}

/// The search index of a generation, opened.
pub struct Search {
    /// Those of the most prominent keys first.
    segments: Vec<Segment>,
    fields: Fields,
}

struct Segment {
    searcher: Searcher,
    slots: Column<u64>,
}

impl Search {
    /// Maps it. Works in a directory that cannot be written to.
    ///
    /// # Errors
    /// If it is missing, damaged, not an index of this program, or does not have `keys` keys.
    pub fn open(dir: &Path, keys: usize) -> Result<Search> {
        let (schema, fields) = schema();
        let mut segments = Vec::new();
        let mut missing = keys as u64;
        while missing > 0 || segments.is_empty() {
            let dir = dir.join(segments.len().to_string());
            let segment = Segment::open(&dir, &schema).map_err(|e| failed("open", &dir, e))?;
            missing = missing.saturating_sub(segment.searcher.num_docs().max(1));
            segments.push(segment);
        }
        Ok(Search { segments, fields })
    }

    /// Keys that hold all of `words`, the most prominent first, at most `limit`.
    pub fn with_words(&self, words: &[&str], limit: usize) -> Result<Vec<Slot>> {
        self.all(words.iter().map(|word| self.term(self.fields.words, word)).collect(), limit)
    }

    /// Keys that hold all of `words`, each within one edit (two from eight letters on; none below four); `near` gives the words
    /// within that many edits of one.
    ///
    /// Words that are in some name are first taken to be right, and one edit is tried before two.
    pub fn with_similar_words(
        &self,
        words: &[&str],
        near: impl Fn(&str, u8) -> Vec<String>,
        limit: usize,
    ) -> Result<Vec<Slot>> {
        let known: Vec<bool> = words.iter().map(|word| self.has_word(word)).collect();
        let like = |word: &str, most: u8| -> Option<Box<dyn Query>> {
            let distance = match word.chars().count() {
                0..4 => 0,
                4..8 => 1,
                _ => 2,
            };
            if distance.min(most) == 0 {
                return Some(self.term(self.fields.words, word));
            }
            let alike = near(word, distance.min(most));
            let terms = alike.iter().map(|word| self.term(self.fields.words, word)).collect::<Vec<_>>();
            (!terms.is_empty()).then(|| Box::new(BooleanQuery::union(terms)) as Box<dyn Query>)
        };
        let open = known.iter().any(|known| !known);
        for (sure, most) in [(true, 1), (true, 2), (false, 2)] {
            if sure && !open {
                continue;
            }
            let query = |(word, &known): (&&str, &bool)| like(word, if sure && known { 0 } else { most });
            let Some(queries) = words.iter().zip(&known).map(query).collect::<Option<Vec<_>>>() else { continue };
            let found = self.all(queries, limit)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// Whether some key holds a word.
    fn has_word(&self, word: &str) -> bool {
        let term = Term::from_field_text(self.fields.words, word);
        self.segments.iter().any(|segment| segment.searcher.doc_freq(&term).is_ok_and(|count| count > 0))
    }

    /// Keys of names with this phonetic key, the most prominent first, at most `limit`.
    pub fn with_phonetic_key(&self, phonetic_key: &str, limit: usize) -> Result<Vec<Slot>> {
        self.all(vec![self.term(self.fields.phonetic_key, phonetic_key)], limit)
    }

    /// Keys of names with this consonant skeleton, the most prominent first, at most `limit`.
    pub fn with_skeleton(&self, skeleton: &str, limit: usize) -> Result<Vec<Slot>> {
        self.all(vec![self.term(self.fields.skeleton, skeleton)], limit)
    }

    fn term(&self, field: Field, text: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic))
    }

    fn all(&self, mut queries: Vec<Box<dyn Query>>, limit: usize) -> Result<Vec<Slot>> {
        let query: Box<dyn Query> = match queries.len() {
            0 => return Ok(Vec::new()),
            1 => queries.swap_remove(0),
            _ => Box::new(BooleanQuery::intersection(queries)),
        };
        self.run(&*query, limit).map_err(|e| failed("read", Path::new("search"), e))
    }

    fn run(&self, query: &dyn Query, limit: usize) -> tantivy::Result<Vec<Slot>> {
        let mut found = Vec::new();
        for segment in &self.segments {
            segment.run(query, limit, &mut found)?;
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }
}

impl Segment {
    fn open(dir: &Path, schema: &Schema) -> tantivy::Result<Segment> {
        let index = Index::open(ReadOnly(MmapDirectory::open(dir)?))?;
        if index.schema() != *schema {
            return Err(tantivy::TantivyError::SchemaError("an index of another version".into()));
        }
        let reader = index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
        let searcher: Searcher = reader.searcher();
        let [segment] = searcher.segment_readers() else {
            return Err(tantivy::TantivyError::InvalidArgument("not one segment".into()));
        };
        let slots = segment.fast_fields().u64("slot")?;
        Ok(Segment { searcher, slots })
    }

    /// Appends what matches until there is as much as is wanted.
    fn run(&self, query: &dyn Query, limit: usize, found: &mut Vec<Slot>) -> tantivy::Result<()> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut docs = weight.scorer(self.searcher.segment_reader(0), 1.0)?;
        let mut doc = docs.doc();
        while doc != TERMINATED && found.len() < limit {
            found.extend(self.slots.first(doc).map(Slot));
            doc = docs.advance();
        }
        Ok(())
    }
}

/// A directory that is only read. Tantivy's reader takes a lock file even where nobody writes, which a read-only
/// directory refuses; generations never change once they are whole, so there is nothing to lock.
#[derive(Clone, Debug)]
struct ReadOnly(MmapDirectory);

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let refused = std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem);
        Err(DeleteError::IoError { io_error: Arc::new(refused), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let refused = std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem);
        Err(OpenWriteError::wrap_io_error(refused, path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> std::io::Result<()> {
        Err(std::io::Error::from(std::io::ErrorKind::ReadOnlyFilesystem))
    }

    fn sync_directory(&self) -> std::io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}
