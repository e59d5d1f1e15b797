//! allonym as a Python extension module.
//!
//! The border is narrow: options come in and answers go out as JSON with the fields of the command line, tables as Arrow
//! streams. What Python sees (`allonym/__init__.py`) is written in Python on top of it. Every call works without the
//! interpreter's lock.

mod given;
mod pool;
mod tables;

use std::path::PathBuf;
use std::process::ExitCode;

use allonym::filter;
use allonym::render::marked;
use allonym::render::mention::Line;
use allonym::render::names::{Variant, Wanted};
use allonym::{Error, ErrorKind, Gazetteer, Query, Record, Resolution};
use given::{LookupGiven, NormalizeGiven, TagGiven, VariantsGiven};
use pool::Pool;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rayon::prelude::*;
use serde_json::json;

pyo3::create_exception!(
    _allonym,
    GazetteerError,
    pyo3::exceptions::PyRuntimeError,
    "The index is missing, damaged, or of another version of allonym; the sentence names the command that mends it."
);

pyo3::create_exception!(
    _allonym,
    ColumnError,
    PyValueError,
    "A column was asked for that the table does not have, or has twice."
);

/// An error of the library as the exception that Python would expect.
fn raised(error: Error) -> PyErr {
    let sentence = error.to_string();
    match error.kind() {
        ErrorKind::Column => ColumnError::new_err(sentence),
        ErrorKind::Index | ErrorKind::StaleIndex => GazetteerError::new_err(sentence),
        ErrorKind::Io => PyOSError::new_err(sentence),
        _ => PyValueError::new_err(sentence),
    }
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::data("the answer cannot be written as JSON").because(error)
}

/// An opened gazetteer.
#[pyclass(frozen, module = "allonym._allonym")]
struct Native {
    gazetteer: Gazetteer,
    pool: Pool,
}

#[pymethods]
impl Native {
    /// Opens the index in a directory, or that of the bundled data, on so many threads.
    #[new]
    #[pyo3(signature = (index, jobs))]
    fn new(py: Python<'_>, index: Option<PathBuf>, jobs: Option<usize>) -> PyResult<Native> {
        let gazetteer = py.detach(|| match &index {
            Some(dir) => Gazetteer::open(dir),
            None => Gazetteer::bundled(),
        });
        Ok(Native { gazetteer: gazetteer.map_err(raised)?, pool: Pool::new(jobs) })
    }

    /// What the index says of itself, as JSON.
    fn manifest(&self) -> PyResult<String> {
        serde_json::to_string(self.gazetteer.manifest()).map_err(|e| raised(unwritable(e)))
    }

    /// Answers to names: a JSON array as `allonym lookup --format json` writes it.
    fn lookup<'py>(&self, py: Python<'py>, names: Vec<String>, options: &str) -> PyResult<Bound<'py, PyBytes>> {
        let all = || -> allonym::Result<Vec<u8>> {
            let (query, label) = LookupGiven::read(options)?.query(&self.gazetteer)?;
            let one = |name: &String| -> allonym::Result<String> {
                let answer = self.gazetteer.lookup(&Query { text: name, ..query.clone() })?;
                let records: Vec<Record<'_>> = answer.candidates.iter().map(|c| Record::new(c, &label, name)).collect();
                Ok(json!({ "query": name, "verdict": answer.verdict, "candidates": records }).to_string())
            };
            let answers: Vec<String> = names.par_iter().with_max_len(64).map(one).collect::<allonym::Result<_>>()?;
            Ok(format!("[{}]", answers.join(",")).into_bytes())
        };
        self.answer(py, all)
    }

    /// Every name of a place, given by its id or a name: a JSON array as `allonym variants --format json` writes it; nothing
    /// where there is no such place.
    fn variants<'py>(&self, py: Python<'py>, place: &str, options: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let all = || -> allonym::Result<Option<Vec<u8>>> {
            let wanted: Wanted = VariantsGiven::read(options)?.wanted()?;
            let Some(entity) = filter::entity(&self.gazetteer, place)? else { return Ok(None) };
            let names: Vec<_> = entity.names().filter(|name| wanted.fits(name)).collect();
            let variants: Vec<Variant<'_>> = names.iter().map(|name| Variant::of(&entity, name)).collect();
            serde_json::to_vec(&variants).map(Some).map_err(unwritable)
        };
        let bytes = py.detach(|| self.pool.run(all)).map_err(raised)?;
        Ok(bytes.map(|bytes| PyBytes::new(py, &bytes)))
    }

    /// The mentions of each text: JSON arrays of the lines that `allonym tag` writes.
    fn tag<'py>(&self, py: Python<'py>, texts: Vec<String>, options: &str) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let all = || -> allonym::Result<Vec<Vec<u8>>> {
            let (options, label) = TagGiven::read(options)?.options(&self.gazetteer)?;
            let candidates = options.candidates;
            let taggers = self.gazetteer.taggers(options);
            let one = |text: &String| lines(text, &taggers.tag(text), candidates, &label);
            texts.par_iter().map(one).collect()
        };
        let all = py.detach(|| self.pool.run(all)).map_err(raised)?;
        Ok(all.iter().map(|bytes| PyBytes::new(py, bytes)).collect())
    }

    /// What given spans of a text mean (code points): a JSON array of lines, in the order of the spans.
    fn resolve<'py>(
        &self,
        py: Python<'py>,
        text: &str,
        spans: Vec<(usize, usize)>,
        options: &str,
    ) -> PyResult<Bound<'py, PyBytes>> {
        self.answer(py, || {
            let (options, label) = TagGiven::read(options)?.options(&self.gazetteer)?;
            let candidates = options.candidates;
            let (found, order) = self.resolved(text, &spans, options)?;
            let mut placed: Vec<(usize, Resolution<'_>)> = order.into_iter().zip(found).collect();
            placed.sort_by_key(|(place, _)| *place);
            let found: Vec<Resolution<'_>> = placed.into_iter().map(|(_, resolution)| resolution).collect();
            lines(text, &found, candidates, &label)
        })
    }

    /// A text with its mentions marked and on a map: a page in one file. Spans, where others found them, are code points.
    fn html(&self, py: Python<'_>, text: &str, spans: Option<Vec<(usize, usize)>>, options: &str) -> PyResult<String> {
        let page = || -> allonym::Result<String> {
            let (mut options, label) = TagGiven::read(options)?.options(&self.gazetteer)?;
            options.candidates = options.candidates.max(4);
            let found = match spans {
                Some(spans) => self.resolved(text, &spans, options)?.0,
                None => self.gazetteer.tag(text, &options),
            };
            let section = marked::section(0, "-", text, &found, &label);
            Ok(format!("{}{section}{}", marked::head("Places in the text"), marked::tail()))
        };
        py.detach(|| self.pool.run(page)).map_err(raised)
    }

    /// A table as JSON lines in, the same with further fields out, and the summary as JSON.
    fn normalize<'py>(&self, py: Python<'py>, lines: &[u8], options: &str) -> PyResult<(Bound<'py, PyBytes>, String)> {
        let all = || -> allonym::Result<(Vec<u8>, String)> {
            let options = NormalizeGiven::read(options)?.options(&self.gazetteer)?;
            let mut out = Vec::new();
            let summary = allonym::table::normalize(&self.gazetteer, lines, &mut out, &options)?;
            Ok((out, serde_json::to_string(&summary).map_err(unwritable)?))
        };
        let (out, summary) = py.detach(|| self.pool.run(all)).map_err(raised)?;
        Ok((PyBytes::new(py, &out), summary))
    }

    /// The mentions in a column of a table, one a row, as a table of their own.
    fn tag_table(
        &self,
        py: Python<'_>,
        table: tables::Given,
        column: &str,
        id: Option<&str>,
        options: &str,
    ) -> PyResult<tables::Table> {
        table.each(py, |batches| {
            self.pool.run(|| {
                let (options, label) = TagGiven::read(options)?.options(&self.gazetteer)?;
                tables::tag(&self.gazetteer, batches, column, id, options, &label)
            })
        })
    }

    /// A table with further columns, and the summary as JSON.
    fn normalize_table(
        &self,
        py: Python<'_>,
        table: tables::Given,
        options: &str,
    ) -> PyResult<(tables::Table, String)> {
        let mut told = String::new();
        let table = table.each(py, |batches| {
            self.pool.run(|| {
                let options = NormalizeGiven::read(options)?.options(&self.gazetteer)?;
                let (out, summary) = tables::normalize(&self.gazetteer, batches, &options)?;
                told = serde_json::to_string(&summary).map_err(unwritable)?;
                Ok(out)
            })
        })?;
        Ok((table, told))
    }
}

impl Native {
    fn answer<'py>(
        &self,
        py: Python<'py>,
        work: impl FnOnce() -> allonym::Result<Vec<u8>> + Send,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| self.pool.run(work)).map_err(raised)?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// What spans mean, in the order of the text, and which of the given ones each is.
    fn resolved(
        &self,
        text: &str,
        spans: &[(usize, usize)],
        options: allonym::tag::Options,
    ) -> allonym::Result<(Vec<Resolution<'_>>, Vec<usize>)> {
        let mut order: Vec<usize> = (0..spans.len()).collect();
        order.sort_by_key(|&n| spans[n]);
        let sorted: Vec<(usize, usize)> = order.iter().map(|&n| spans[n]).collect();
        let bytes = allonym::tag::byte_spans(text, &sorted)?;
        Ok((self.gazetteer.tagger(options).resolve(text, &bytes)?, order))
    }
}

fn lines(text: &str, found: &[Resolution<'_>], candidates: usize, label: &allonym::Label) -> allonym::Result<Vec<u8>> {
    let lines: Vec<Line<'_>> = found.iter().map(|one| Line::of("", text, one, candidates, label)).collect();
    serde_json::to_vec(&lines).map_err(unwritable)
}

/// The types of the columns that [`Native::tag_table`] gives, as an Arrow schema; `id` is the type of the documents' ids.
#[pyfunction]
fn mention_schema(id: pyo3_arrow::PyField) -> tables::Table {
    tables::Table::empty(allonym::render::columns::schema(id.into_inner().data_type().clone()))
}

/// Tells where the index is that came with the package.
#[pyfunction]
fn shipped(dir: PathBuf) {
    allonym::gazetteer::shipped(dir);
}

/// Runs the command line; returns its exit code.
#[pyfunction]
fn command(py: Python<'_>, args: Vec<String>) -> u8 {
    let code = py.detach(|| allonym_cli::main(args));
    // An exit code cannot be asked for its number.
    (0..=u8::MAX).find(|&number| ExitCode::from(number) == code).unwrap_or(1)
}

#[pymodule]
fn _allonym(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("GazetteerError", module.py().get_type::<GazetteerError>())?;
    module.add("ColumnError", module.py().get_type::<ColumnError>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Native>()?;
    module.add_class::<tables::Table>()?;
    module.add_function(wrap_pyfunction!(mention_schema, module)?)?;
    module.add_function(wrap_pyfunction!(shipped, module)?)?;
    module.add_function(wrap_pyfunction!(command, module)?)
}
