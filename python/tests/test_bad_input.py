"""Bad input of every kind ends in an exception of a sensible type with a sentence; never in a crash."""

from __future__ import annotations

import ctypes
import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import allonym
import pyarrow as pa
import pytest

G = allonym.Gazetteer

CALLS: list[tuple[str, Callable[[G], Any], type[Exception], str]] = [
    ("no text", lambda g: g.tag(None), TypeError, "the text is None, no text"),
    ("a number", lambda g: g.tag(7), TypeError, "an int"),
    ("bytes", lambda g: g.tag(b"Baku"), TypeError, "a bytes"),
    ("a number among texts", lambda g: g.tag_many(["Baku", 7]), TypeError, "the text at 1 is an int"),
    ("a text for texts", lambda g: g.tag_many("Baku"), TypeError, "give a list"),
    ("half a character", lambda g: g.tag("Baku \ud800"), ValueError, "surrogate at 5"),
    ("a name that is none", lambda g: g.lookup(math.nan), TypeError, "the name is a float"),
    ("an endless name", lambda g: g.lookup("x" * 200_000), ValueError, "bytes long"),
    ("no such country", lambda g: g.lookup("Paris", country="Nowhereland"), ValueError, "unknown country 'Nowhereland'"),
    ("no such class", lambda g: g.lookup("Paris", classes="##"), ValueError, "unknown class"),
    ("no such type", lambda g: g.tag("Paris", types="planet"), ValueError, "planet"),
    ("no such container", lambda g: g.lookup("Paris", within="gn:0"), ValueError, "no place has the id"),
    ("no point", lambda g: g.lookup("Paris", near=(91.0, 0.0)), ValueError, "invalid point"),
    ("a word for a point", lambda g: g.lookup("Paris", near="here"), ValueError, "degrees north"),
    ("no likeness", lambda g: g.lookup("Paris", fuzzy=7), ValueError, 'fuzzy takes "auto"'),
    ("no candidates", lambda g: g.lookup("Paris", limit=0), ValueError, "from 1 on"),
    ("no language", lambda g: g.tag("Paris", lang="english"), ValueError, "invalid language"),
    ("a score beyond", lambda g: g.tag("Paris", min_score=2.0), ValueError, "from 0 to 1"),
    ("no such label", lambda g: g.tag("Paris", label="nicest"), ValueError, "invalid label policy"),
    ("no such option", lambda g: g.tag_many(["Paris"], colour="red"), TypeError, "no option 'colour'"),
    ("no such kind", lambda g: g.variants("Paris", kind="nice"), ValueError, "nice"),
    ("a span beyond", lambda g: g.resolve("Paris", [(2, 9)]), ValueError, "invalid mention"),
    ("a span backwards", lambda g: g.resolve("Paris", [(3, 2)]), ValueError, "invalid mention"),
    ("a span before", lambda g: g.resolve("Paris", [(-1, 2)]), ValueError, "inside the text"),
    ("a list for a value", lambda g: g.normalize([["Paris"]]), TypeError, "the value at 0 is a list"),
    ("too few countries", lambda g: g.normalize(["a", "b"], country=["FR"]), ValueError, "there are 2 values and 1"),
    ("no such field", lambda g: g.normalize(["a"], add="mood"), ValueError, "mood"),
    ("no threads", lambda g: allonym.Gazetteer(jobs=0), ValueError, "from 1 on"),
    ("no table", lambda g: g.tag_batch({"text": ["Paris"]}, "text"), TypeError, "no Arrow table"),
    ("no such column", lambda g: g.tag_batch(pa.table({"text": ["a"]}), "txt"), allonym.ColumnError, "did you mean 'text'"),
    ("no such id", lambda g: g.tag_batch(pa.table({"text": ["a"]}), "text", id="i"), allonym.ColumnError, "'i'"),
    ("numbers for texts", lambda g: g.tag_batch(pa.table({"n": [1]}), "n"), ValueError, "holds Int64, no text"),
    ("no such context", lambda g: g.normalize_table(pa.table({"a": ["b"]}), "a", country="c"), allonym.ColumnError, "'c'"),
    ("half a point", lambda g: g.normalize_table(pa.table({"a": ["b"], "y": [1.0]}), "a", lat="y"), ValueError, "give both"),
    ("a column twice", lambda g: g.normalize_table(pa.table({"a": ["b"], "a_id": ["c"]}), "a"), ValueError, "a_id"),
    ("lists for names", lambda g: g.normalize_table(pa.table({"a": [[{"b": 1}]]}), "a"), ValueError, "cannot be read as text"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "sentence"), [c[1:] for c in CALLS], ids=[c[0] for c in CALLS])
def test_it_is_refused_in_words(
    gazetteer: G, call: Callable[[G], Any], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind) as raised:
        call(gazetteer)
    assert sentence in str(raised.value)
    assert "\n" not in str(raised.value), "one sentence"


def test_an_index_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(allonym.GazetteerError, match="there is no index in"):
        allonym.Gazetteer(tmp_path / "none")
    index = tmp_path / "index"
    shutil.copytree(Path(allonym.__file__).parent / "index", index)
    manifest = index / "manifest.json"
    told = json.loads(manifest.read_text())
    for field, value in (("folding", "0" * 16), ("format", 1)):
        manifest.write_text(json.dumps({**told, field: value}))
        with pytest.raises(allonym.GazetteerError, match="version|makes it anew"):
            allonym.Gazetteer(index)
    manifest.write_text(json.dumps(told))
    next(index.glob("*/keys.fst")).write_bytes(b"short")
    with pytest.raises(allonym.GazetteerError, match="damaged"):
        allonym.Gazetteer(index)
    manifest.write_text("{")
    with pytest.raises((allonym.GazetteerError, ValueError)):
        allonym.Gazetteer(index)


def test_offsets_and_bytes_that_are_wrong_are_found(gazetteer: G) -> None:
    def strings(offsets: list[int], data: bytes) -> pa.Table:
        packed = pa.py_buffer((ctypes.c_int32 * len(offsets))(*offsets))
        return pa.table({"text": pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, packed, pa.py_buffer(data)])})

    class Raw:
        """The same stream, without pyarrow's own look at it."""

        def __init__(self, table: pa.Table) -> None:
            self.table = table

        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return self.table.__arrow_c_stream__(requested_schema)

    backwards = strings([0, 4, 2], b"Baku")
    no_text = strings([0, 4], b"\xff\xfe\xfd\xfc")
    for table in (backwards, no_text):
        for call in (lambda t: gazetteer.tag_batch(t, "text"), lambda t: gazetteer.normalize_table(t, "text")):
            with pytest.raises(ValueError, match="damaged"):
                call(table)
    for table in (backwards, no_text):
        with pytest.raises(ValueError, match="damaged"):
            gazetteer.tag_batch(Raw(table), "text")


def test_a_stream_that_fails_says_so(gazetteer: G) -> None:
    schema = pa.schema({"text": pa.string()})

    def batches() -> Any:
        yield pa.record_batch({"text": ["Baku"]})
        raise RuntimeError("the disk is gone")

    with pytest.raises(ValueError, match="the disk is gone"):
        gazetteer.tag_batch(pa.RecordBatchReader.from_batches(schema, batches()), "text")


def test_a_stream_is_read_once(gazetteer: G) -> None:
    reader = pa.RecordBatchReader.from_batches(
        pa.schema({"text": pa.string()}), [pa.record_batch({"text": ["Baku"]})] * 3
    )
    assert gazetteer.tag_batch(reader, "text").read_all().num_rows == 3
