//! Reading what was named on the command line: files, standard input, compressed or not.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use allonym::error::{Error, Result};

/// Names given as arguments; `-` stands for the lines of standard input.
pub fn names(arguments: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for argument in arguments {
        if argument != "-" {
            names.push(argument.clone());
            continue;
        }
        for (number, line) in (1..).zip(io::stdin().lock().split(b'\n')) {
            let line = line.map_err(|e| Error::stream("read standard input", e))?;
            let line = String::from_utf8(line).map_err(|e| {
                Error::data("the name is not UTF-8").in_file("standard input").on_line(number).because(e)
            })?;
            let line = line.trim_start_matches('\u{feff}').trim();
            if !line.is_empty() {
                names.push(line.to_owned());
            }
        }
    }
    Ok(names)
}

/// Opens a file, or standard input for `-`; `.gz` and `.zst` are unpacked on the way.
pub fn reader(path: &Path) -> Result<Box<dyn Read + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(Error::usage(format!("{} is a directory; name a file in it", path.display())));
    }
    let file = BufReader::with_capacity(1 << 16, file);
    Ok(match path.extension().and_then(|e| e.to_str()) {
        Some("gz") => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
        Some("zst") => Box::new(zstd::Decoder::with_buffer(file).map_err(|e| Error::io("unpack", path, e))?),
        _ => Box::new(file),
    })
}

/// The name of a file without `.gz` and `.zst`.
pub fn plain_name(path: &Path) -> PathBuf {
    match path.extension().and_then(|e| e.to_str()) {
        Some("gz" | "zst") => path.with_extension(""),
        _ => path.to_owned(),
    }
}

/// Every file under the paths: files as they are, directories through and through in the order of names.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        walk(path, &mut files)?;
    }
    Ok(files)
}

fn walk(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path == Path::new("-") || !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let refused = |e| Error::io("read the directory", path, e);
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
        .map_err(refused)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<io::Result<_>>()
        .map_err(refused)?;
    entries.sort();
    for entry in entries {
        let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden {
            walk(&entry, files)?;
        }
    }
    Ok(())
}

/// A text with what in it was no UTF-8.
pub struct Text {
    /// The text; each faulty byte sequence is U+FFFD in it.
    pub text: String,
    /// How many byte sequences were faulty.
    pub faults: usize,
}

/// Reads bytes as text: a byte order mark is taken off, UTF-16 with one is read as such, faults are counted.
pub fn decode(bytes: Vec<u8>) -> Text {
    let utf16 = |read: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        let mut faults = bytes.len() % 2;
        let text = char::decode_utf16(units)
            .map(|c| {
                c.unwrap_or_else(|_| {
                    faults += 1;
                    '\u{fffd}'
                })
            })
            .collect();
        Text { text, faults }
    };
    if bytes.starts_with(&[0xff, 0xfe]) {
        return utf16(u16::from_le_bytes);
    }
    if bytes.starts_with(&[0xfe, 0xff]) {
        return utf16(u16::from_be_bytes);
    }
    let bytes = if bytes.starts_with("\u{feff}".as_bytes()) { bytes[3..].to_vec() } else { bytes };
    match String::from_utf8(bytes) {
        Ok(text) => Text { text, faults: 0 },
        Err(e) => {
            let bytes = e.into_bytes();
            let faults = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            Text { text: String::from_utf8_lossy(&bytes).into_owned(), faults }
        }
    }
}
