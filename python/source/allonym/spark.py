"""On Spark: mentions in a column of texts, and columns of names into ids, on as many machines as there are.

Nothing is sent but the options. Each worker opens the index that its own installation of the package brought along, or the
one in a directory that every host has (``index="/data/places"``); it is mapped, so that the workers of a host share its
memory. Answers do not depend on how the rows are partitioned.

>>> from allonym.spark import normalize, tag
>>> mentions = tag(articles, "body", id="url", country="AZ")
>>> events = normalize(events, "town", country="country")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame
    from typing_extensions import Unpack

    from .gazetteer import Gazetteer
    from .options import NormalizeOptions, TagOptions


@lru_cache(maxsize=4)
def _gazetteer(index: str | None) -> Gazetteer:
    """One a worker process. Spark runs a process for each core, so each uses one thread."""
    from .gazetteer import Gazetteer

    return Gazetteer(index, jobs=1)


def tag(
    df: DataFrame, text: str, *, id: str, index: str | None = None, **options: Unpack[TagOptions]
) -> DataFrame:
    """The mentions in a column of texts, one a row, with the columns of :meth:`allonym.Gazetteer.tag_batch`.

    Args:
        df: The documents.
        text: The column of texts; what is null has no mentions.
        id: The column that tells the documents apart; it becomes ``doc``.
        index: A directory with an index, the same on every host; None for the bundled world.
        **options: Those of :meth:`allonym.Gazetteer.tag`, but for ``explain`` and ``candidates``.

    Raises:
        ColumnError: a column is missing.
        ValueError: an option makes no sense.
    """
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_type

    from ._allonym import mention_schema

    documents = df.select(_column(df, id), _column(df, text)).toDF("id", "text")
    kind = to_arrow_type(documents.schema["id"].dataType)
    # A wrong option is told here and not by a worker, an hour later.
    _gazetteer(index).tag_many([], **options)

    def found(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        gazetteer = _gazetteer(index)
        for batch in batches:
            yield gazetteer.tag_batch(batch, "text", id="id", **options)

    import pyarrow

    schema = pyarrow.schema(mention_schema(pyarrow.field("id", kind)))
    return documents.mapInArrow(found, from_arrow_schema(schema))


def normalize(
    df: DataFrame, column: str, *, index: str | None = None, **options: Unpack[NormalizeOptions]
) -> DataFrame:
    """The same rows with the columns that :meth:`allonym.Gazetteer.normalize_table` adds. Each distinct value, with its
    context, is resolved once, and the answers are joined to the rows. No executor sees the whole column, so the answers are
    those of ``context="row"``.

    Args:
        df: The rows; their order is not kept, as after any join.
        column: The column of names.
        index: A directory with an index, the same on every host; None for the bundled world.
        **options: Columns of context (``country="Land"``), and what is written: those of
            :meth:`allonym.Gazetteer.normalize_table`, but for ``in_place``.

    Raises:
        ColumnError: a column is missing.
        ValueError: a column would be doubled, or an option makes no sense.
    """
    import pyarrow
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    if options.get("context") == "column" or options.get("group"):
        raise ValueError("on Spark each value is resolved by its own row; leave context and group out")
    options["context"] = "row"
    if options.get("in_place"):
        raise ValueError("in_place is for one machine; here, select the column that ends in _label")
    columns = list(dict.fromkeys([column, *_context(options)]))
    asked = df.select([_column(df, name) for name in columns])
    empty = to_arrow_schema(asked.schema).empty_table()
    made = pyarrow.table(_gazetteer(index).normalize_table(empty, column, **options))
    added = made.schema.names[len(columns) :]
    for name in added:
        if name in df.columns:
            raise ValueError(f"there is a column '{name}' already; choose another prefix")

    def found(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        gazetteer = _gazetteer(index)
        for batch in batches:
            yield gazetteer.normalize_table(batch, column, **options)

    # Keys of their own, because a join of a table with what was made of it confuses columns of one name.
    keys = [f"__allonym_{at}" for at in range(len(columns))]
    answers = asked.distinct().mapInArrow(found, from_arrow_schema(made.schema)).toDF(*keys, *added)
    same = [df[name].eqNullSafe(answers[key]) for name, key in zip(columns, keys)]
    condition = same[0]
    for more in same[1:]:
        condition = condition & more
    return df.join(answers, condition, "left").drop(*keys)


def _context(options: NormalizeOptions) -> Iterator[str]:
    for name in ("country", "admin", "lat", "lon", "type"):
        given: Any = options.get(name)
        if isinstance(given, str):
            yield given
        elif isinstance(given, Sequence):
            yield from given


def _column(df: DataFrame, name: str) -> Any:
    from ._allonym import ColumnError

    if name not in df.columns:
        raise ColumnError(f"there is no column '{name}'; the columns are {', '.join(df.columns)}")
    # Backticks let a name hold dots.
    return df[f"`{name.replace('`', '``')}`"]
