//! Arrow tables of any library in, and out again.

use std::sync::Arc;

use allonym::render::columns::Columns;
use allonym::render::mention::Line;
use allonym::table::{ContextScope, Decisions, Normalizer, Summary};
use allonym::{Error, Gazetteer, Label, Resolution, tag};
use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{ArrowError, Field, SchemaRef};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;
use rayon::prelude::*;

use crate::raised;

/// Record batches of one schema.
pub struct Batches {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

/// A table as it was given: whatever speaks the Arrow PyCapsule interface.
pub struct Given(AnyRecordBatch);

impl<'a, 'py> FromPyObject<'a, 'py> for Given {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Given> {
        object.extract().map(Given).map_err(|_: PyErr| {
            let kind = object.get_type().name().map(|name| name.to_string()).unwrap_or_default();
            PyTypeError::new_err(format!(
                "a {kind} is no Arrow table; give a table of pyarrow, Polars, pandas (2.2 or later) or DuckDB, or anything else \
                 with __arrow_c_stream__"
            ))
        })
    }
}

impl Given {
    /// Reads the table and works on it without the interpreter's lock.
    pub fn each(
        self,
        py: Python<'_>,
        work: impl FnOnce(Batches) -> allonym::Result<Batches> + Send,
    ) -> PyResult<Table> {
        let reader = self.0.into_reader()?;
        // A stream may be Python's own work (a generator of batches): whoever needs the lock takes it.
        let made = py.detach(|| {
            let schema = reader.schema();
            let batches: Result<Vec<RecordBatch>, ArrowError> = reader.collect();
            let batches = batches.map_err(|e| Error::data(format!("the table cannot be read: {e}")).because(e))?;
            work(Batches { schema, batches })
        });
        made.map(Table).map_err(raised)
    }
}

/// A table that was made, as an Arrow stream for whoever wants it: `pyarrow.table(it)`, `polars.DataFrame(it)`,
/// `pandas.DataFrame.from_arrow(it)`.
#[pyclass(frozen, module = "allonym")]
pub struct Table(pub Batches);

impl Table {
    /// A table without rows.
    pub fn empty(schema: SchemaRef) -> Table {
        Table(Batches { schema, batches: Vec::new() })
    }
}

#[pymethods]
impl Table {
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.0.schema.as_ref())?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let one = |batch: RecordBatch| Ok(Arc::new(StructArray::from(batch)) as ArrayRef);
        let schema = &self.0.schema;
        let whole = Field::new_struct("", schema.fields().clone(), false).with_metadata(schema.metadata().clone());
        let batches = self.0.batches.clone().into_iter().map(one);
        Ok(to_stream_pycapsule(py, Box::new(ArrayIterator::new(batches, whole.into())), requested_schema)?)
    }

    /// The number of rows.
    fn __len__(&self) -> usize {
        self.0.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns, in their order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __repr__(&self) -> String {
        format!("<allonym.Table of {} rows: {}>", self.__len__(), self.column_names().join(", "))
    }
}

/// Documents that are worked on at once.
const BATCH: usize = 4096;

/// The mentions in a column, with the id of their row: that of a column, or its number from 0 on.
pub fn tag(
    gazetteer: &Gazetteer,
    given: Batches,
    column: &str,
    id: Option<&str>,
    options: tag::Options,
    label: &Label,
) -> allonym::Result<Batches> {
    let text_at = allonym::table::column_at(&given.schema, column)?;
    let id_at = id.map(|id| allonym::table::column_at(&given.schema, id)).transpose()?;
    let held = given.schema.field(text_at).data_type();
    if !allonym::table::is_text(held) {
        return Err(Error::data(format!(
            "the column '{column}' holds {held}, no text; tagging needs a column of texts"
        )));
    }
    let taggers = gazetteer.taggers(options);
    let kind = id_at.map(|at| given.schema.field(at).data_type().clone());
    let mut made = Vec::new();
    let mut before = 0;
    for whole in &given.batches {
        for start in (0..whole.num_rows()).step_by(BATCH) {
            let batch = whole.slice(start, BATCH.min(whole.num_rows() - start));
            let texts: StringArray = allonym::table::text(&batch, text_at)?;
            let one = |row: usize| match texts.is_valid(row) {
                true => taggers.tag(texts.value(row)),
                false => Vec::new(),
            };
            let found: Vec<Vec<Resolution<'_>>> = (0..texts.len()).into_par_iter().map(one).collect();
            let ids: ArrayRef = match id_at {
                Some(at) => allonym::table::valid(&batch, at)?.clone(),
                None => Arc::new(Int64Array::from_iter_values((0..texts.len()).map(|row| before + row as i64))),
            };
            before += texts.len() as i64;
            let mut columns = Columns::new(found.iter().map(Vec::len).sum());
            for (row, found) in found.iter().enumerate() {
                let text = if found.is_empty() { "" } else { texts.value(row) };
                found.iter().for_each(|one| columns.push(row, &Line::of("", text, one, 1, label)));
            }
            made.push(columns.finish(&ids)?);
        }
    }
    let schema = allonym::render::columns::schema(kind.unwrap_or(arrow_schema::DataType::Int64));
    Ok(Batches { schema, batches: made })
}

/// The same table with further columns.
pub fn normalize(
    gazetteer: &Gazetteer,
    given: Batches,
    options: &allonym::table::Options,
) -> allonym::Result<(Batches, Summary)> {
    let decisions = Decisions::default();
    let mut normalizer = Normalizer::new(gazetteer, &given.schema, options, &decisions, false)?;
    let schema = normalizer.schema().clone();
    if options.context == ContextScope::Column {
        given.batches.iter().try_for_each(|batch| normalizer.observe(batch))?;
    }
    let batches: Vec<RecordBatch> =
        given.batches.iter().map(|batch| normalizer.batch(batch)).collect::<allonym::Result<_>>()?;
    Ok((Batches { schema, batches }, normalizer.finish(None)?))
}
