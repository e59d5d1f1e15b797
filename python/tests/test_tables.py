"""Tables of every library in and out."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import allonym
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import ROOT, TEXTS, command, flat

TYPES = {
    "text": pa.string(),
    "large": pa.large_string(),
    "view": pa.string_view(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
    "large dictionary": pa.dictionary(pa.int8(), pa.large_string()),
}


def test_mentions_are_those_of_the_command_line(
    gazetteer: allonym.Gazetteer, documents: list[dict[str, str]], told: list[dict[str, Any]]
) -> None:
    found = gazetteer.tag_batch(pa.Table.from_pylist(documents), "text", id="id")
    assert found.to_pylist() == [flat(mention) for mention in told]


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_text_of_every_type_and_in_chunks(gazetteer: allonym.Gazetteer, kind: pa.DataType) -> None:
    texts: list[str | None] = [*TEXTS, None]
    whole = gazetteer.tag_batch(pa.table({"text": texts}), "text").to_pylist()
    chunks = [pa.array(texts[:5]).cast(kind), pa.array([], kind), pa.array(texts[5:]).cast(kind)]
    table = pa.table({"text": pa.chunked_array(chunks, kind)})
    assert gazetteer.tag_batch(table, "text").to_pylist() == whole
    names = pa.table({"text": pa.chunked_array([pa.array(["Kiev", None]).cast(kind), pa.array(["Baku"]).cast(kind)])})
    made = gazetteer.normalize_table(names, "text")
    assert made["text_id"].to_pylist() == ["gn:703448", None, "gn:587084"]
    assert made["text"].type == kind


def test_slices_keep_to_their_rows(gazetteer: allonym.Gazetteer) -> None:
    table = pa.table({"id": list(range(len(TEXTS))), "text": TEXTS})
    whole = gazetteer.tag_batch(table, "text", id="id").to_pylist()
    parts = [gazetteer.tag_batch(table.slice(at, 5), "text", id="id") for at in range(0, len(TEXTS), 5)]
    assert [row for part in parts for row in part.to_pylist()] == whole


def test_a_table_comes_back_as_what_it_was(gazetteer: allonym.Gazetteer) -> None:
    table = documents = pa.table({"id": ["a", "b", "c"], "text": ["Baku", None, "Kyiv, Baku"]})
    wanted = [("a", "gn:587084"), ("c", "gn:703448"), ("c", "gn:587084")]
    assert [(r["doc"], r["id"]) for r in gazetteer.tag_batch(table, "text", id="id").to_pylist()] == wanted
    batch = gazetteer.tag_batch(table.to_batches()[0], "text", id="id")
    assert isinstance(batch, pa.RecordBatch) and batch.num_rows == 3
    frame = gazetteer.tag_batch(pl.DataFrame(table), "text", id="id")
    assert isinstance(frame, pl.DataFrame) and frame.select("doc", "id").rows() == wanted
    pandas = gazetteer.tag_batch(table.to_pandas(), "text", id="id")
    assert isinstance(pandas, pd.DataFrame) and list(zip(pandas["doc"], pandas["id"])) == wanted
    made = gazetteer.tag_batch(duckdb.sql("select * from documents"), "text", id="id")
    assert isinstance(made, allonym.Table) and len(made) == 3 and made.column_names[0] == "doc"
    assert duckdb.sql("select doc, id from made").fetchall() == wanted
    empty = gazetteer.tag_batch(table.slice(0, 0), "text", id="id")
    assert empty.num_rows == 0 and empty.schema == gazetteer.tag_batch(table, "text", id="id").schema


def test_columns_of_pandas_keep_their_index_and_types(gazetteer: allonym.Gazetteer) -> None:
    frame = pd.DataFrame({"town": ["Kiev", None, float("nan")], "n": pd.array([1, None, 3], "Int64")}, index=["x", "y", "z"])
    made = gazetteer.normalize_table(frame, "town")
    assert list(made.index) == ["x", "y", "z"] and made["n"].dtype == "Int64"
    assert made["town_status"].tolist() == ["resolved", "empty", "empty"]
    assert made["town_lat"].dtype == float
    mixed = pd.DataFrame({"town": ["Kiev", 7]})
    with pytest.raises(TypeError, match="several kinds"):
        gazetteer.normalize_table(mixed, "town")


def test_normalized_columns_are_those_of_the_command_line(gazetteer: allonym.Gazetteer, tmp_path: Path) -> None:
    path = ROOT / "examples" / "places.csv"
    done = command("normalize", str(path), "--column", "place", "--add", "population,admin", "--candidates", "2")
    assert done.returncode == 0, done.stderr
    table = pa.Table.from_pylist(list(csv.DictReader(path.open(encoding="utf-8"))))
    made = gazetteer.normalize_table(table, "place", add=["population", "admin"], candidates=2)

    def text(name: str, value: Any) -> str:
        if value is None:
            return ""
        if name.split("_")[1:2] == ["score"]:
            return f"{value:.3f}"
        return f"{value:.10g}" if isinstance(value, float) else str(value)

    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert made.column_names == list(rows[0])
    assert [{name: text(name, row[name]) for name in row} for row in made.to_pylist()] == rows


def test_context_decides_and_several_columns_go_at_once(gazetteer: allonym.Gazetteer) -> None:
    table = pa.table({"from": ["Paris", "Paris"], "to": ["Kiev", "Baku"], "state": ["Texas", None], "land": ["USA", "France"]})
    made = gazetteer.normalize_table(table, ["from", "to"], country="land", admin="state", label="lang:de")
    assert made["from_country"].to_pylist() == ["US", "FR"]
    one = gazetteer.normalize_table(table, "from", country="land", prefix="p_", in_place=True)
    assert one.column_names == table.column_names
