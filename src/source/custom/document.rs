//! Files as they are published: plain, compressed, in archives, in folders.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::Xxh3;

use crate::error::{Error, Result};

/// A file that is being read.
pub(super) struct Document<'a> {
    /// Its name, for messages; a member of an archive follows the archive's name.
    pub(super) name: String,
    /// Its path, for readers that open the file themselves.
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "only SQLite opens files by their paths"))]
    pub(super) path: PathBuf,
    /// Its content, decompressed.
    pub(super) reader: BufReader<Box<dyn Read + 'a>>,
}

/// Bytes at the beginning of a file by which its layout is recognized.
const HEAD: usize = 1 << 16;

impl<'a> Document<'a> {
    fn new(name: String, path: &Path, reader: Box<dyn Read + 'a>) -> Document<'a> {
        Document { name, path: path.to_owned(), reader: BufReader::with_capacity(HEAD, reader) }
    }

    /// The name without its folders, and without `.gz` and `.zst`.
    pub(super) fn base(&self) -> &str {
        let base = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        base.strip_suffix(".gz").or(base.strip_suffix(".zst")).unwrap_or(base)
    }

    /// The beginning of the content, without consuming it.
    ///
    /// # Errors
    /// Returns an error if it cannot be read.
    pub(super) fn head(&mut self) -> Result<&[u8]> {
        // A pipe or a decoder may return few bytes at a time: read enough, and put them before the rest again.
        if self.reader.buffer().is_empty() {
            let mut head = Vec::with_capacity(HEAD);
            let inner = self.reader.get_mut();
            inner.take(HEAD as u64).read_to_end(&mut head).map_err(|e| unreadable(&e))?;
            let rest = std::mem::replace(inner, Box::new(io::empty()));
            self.reader = BufReader::with_capacity(HEAD, Box::new(io::Cursor::new(head).chain(rest)));
        }
        self.reader.fill_buf().map_err(|e| unreadable(&e))
    }
}

/// The error for content that cannot be read or decompressed.
pub(super) fn unreadable(cause: &io::Error) -> Error {
    match cause.kind() {
        io::ErrorKind::UnexpectedEof => Error::data("the file is cut short; download it again"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            Error::data(format!("the file is damaged, or not compressed as its name says ({cause})"))
        }
        _ => Error::data(format!("the file cannot be read ({cause})")),
    }
}

/// Hands every file of a path to `take`; returns a checksum of their content.
///
/// # Errors
/// Returns an error if a file cannot be read, or the error of `take`.
pub(super) fn each(
    path: &Path,
    temp_dir: &Path,
    take: &mut dyn FnMut(&mut Document<'_>) -> Result<()>,
) -> Result<String> {
    let mut sum = Xxh3::new();
    if path == Path::new("-") {
        let mut kept = tempfile::tempfile_in(temp_dir).map_err(|e| Error::io("keep standard input in", temp_dir, e))?;
        io::copy(&mut io::stdin().lock(), &mut kept).map_err(|e| Error::stream("read standard input", e))?;
        let refused = |e| Error::stream("read standard input", e);
        kept.rewind().map_err(refused)?;
        add(&mut sum, &mut kept).map_err(refused)?;
        kept.rewind().map_err(refused)?;
        take(&mut Document::new("standard input".into(), path, Box::new(kept)))?;
        return Ok(format!("{:016x}", sum.digest()));
    }
    let files = if path.is_dir() { folder(path)? } else { vec![path.to_owned()] };
    for file in &files {
        sum.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        let refused = |e| Error::io("read", file, e);
        let mut content = File::open(file).map_err(refused)?;
        add(&mut sum, &mut content).map_err(refused)?;
        content.rewind().map_err(refused)?;
        one(file, content, take)?;
    }
    if files.is_empty() {
        return Err(Error::data("the folder holds no file of a known layout").in_file(path));
    }
    Ok(format!("{:016x}", sum.digest()))
}

fn add(sum: &mut Xxh3, file: &mut File) -> io::Result<()> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            n => sum.update(&buffer[..n]),
        }
    }
}

fn one(path: &Path, file: File, take: &mut dyn FnMut(&mut Document<'_>) -> Result<()>) -> Result<()> {
    let name = path.display().to_string();
    let file = BufReader::with_capacity(HEAD, file);
    let reader: Box<dyn Read> = match extension(path) {
        "zip" => return members(path, file, take),
        "gz" => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        "zst" => {
            let decoder = zstd::Decoder::with_buffer(file).and_then(|mut d| d.window_log_max(31).map(|()| d));
            Box::new(decoder.map_err(|e| unreadable(&e).in_file(path))?)
        }
        _ => Box::new(file),
    };
    take(&mut Document::new(name, path, reader)).map_err(|e| e.in_file(path))
}

/// The data files of a zip archive.
fn members(path: &Path, file: BufReader<File>, take: &mut dyn FnMut(&mut Document<'_>) -> Result<()>) -> Result<()> {
    let broken = |e: zip::result::ZipError| Error::data(format!("the archive cannot be read ({e})")).in_file(path);
    let mut archive = zip::ZipArchive::new(file).map_err(broken)?;
    let mut taken = 0;
    for number in 0..archive.len() {
        let member = archive.by_index(number).map_err(broken)?;
        let inside = member.name().map_err(broken)?.into_owned();
        if member.is_dir() || !is_data(Path::new(&inside)) {
            continue;
        }
        taken += 1;
        let mut document = Document::new(format!("{}/{inside}", path.display()), path, Box::new(member));
        take(&mut document).map_err(|e| e.in_file(path))?;
    }
    match taken {
        0 => Err(Error::data("the archive holds no file of a known layout").in_file(path)),
        _ => Ok(()),
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// Whether a file among others looks like data, and not like documentation.
fn is_data(path: &Path) -> bool {
    const ENDINGS: [&str; 10] = ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "geojson", "geojsonl", "sqlite", "db"];
    const DOCUMENTATION: [&str; 3] = ["readme", "license", "isolanguage"];
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
    let plain = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    // Who's On First keeps alternative shapes of a place beside it.
    let alternate = plain.contains("-alt-") && plain.ends_with(".geojson");
    !name.starts_with('.')
        && !name.starts_with('_')
        && !alternate
        && !DOCUMENTATION.iter().any(|word| name.starts_with(word))
        && (ENDINGS.contains(&extension(Path::new(plain))) || name.ends_with(".zip"))
}

/// The data files below a folder, in the order of their paths; only GeoJSON files if there are any.
fn folder(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    walk(path, &mut files)?;
    let is_geojson = |path: &PathBuf| path.to_str().is_some_and(|name| name.contains(".geojson"));
    if files.iter().any(is_geojson) {
        files.retain(is_geojson);
    }
    Ok(files)
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let refused = |e| Error::io("read the directory", path, e);
    let entries = std::fs::read_dir(path).map_err(refused)?;
    let mut entries: Vec<PathBuf> =
        entries.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>().map_err(refused)?;
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if entry.is_dir() && !hidden {
            walk(&entry, files)?;
        } else if is_data(&entry) && entry.is_file() {
            files.push(entry);
        }
    }
    Ok(())
}
