"""The one handle: a gazetteer, opened."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ._allonym import Native, Table, shipped
from .answers import Answer, Candidate, Mention, Mentions, Normalized, Variant
from .options import LookupOptions, NormalizeOptions, TagOptions, as_json

if TYPE_CHECKING:
    from typing_extensions import Unpack

T = TypeVar("T")

SHIPPED = Path(__file__).parent / "index"
"""The index that the wheel brings along."""


def announce() -> None:
    """Tells the library about the index that the wheel brought along."""
    if (SHIPPED / "manifest.json").is_file():
        shipped(str(SHIPPED))


def _text(value: object, what: str, where: str = "") -> str:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{what}{where} holds half a character (a lone surrogate at {error.start})") from None
        return value
    raise TypeError(f"{what}{where} is {_kind(value)}, no text; give a str")


def _kind(value: object) -> str:
    name = type(value).__name__
    return "None" if value is None else f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _is_missing(value: object) -> bool:
    """None, NaN, NaT or pandas.NA."""
    if value is None or type(value).__name__ == "NAType":
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return False


def _listed(values: Iterable[Any], what: str) -> list[Any]:
    if isinstance(values, (str, bytes)):
        raise TypeError(f"{what} are {_kind(values)}; give a list, or another iterable, of them")
    return list(values)


class Gazetteer:
    """An opened gazetteer: the world's places, or those of an index of one's own.

    Opening maps files and reads none of them; it takes milliseconds. A gazetteer may be shared between threads: every call
    works without the interpreter's lock, and batches on all cores. It may be sent to other processes, which open the same
    index there.

    Args:
        index: A directory that ``allonym index build --output DIR`` made; None for the bundled world.
        jobs: How many threads batches use; None for one a core.

    Raises:
        GazetteerError: the index is missing, damaged or of another version; the sentence names the command that mends it.
        OSError: the index cannot be read.
    """

    def __init__(self, index: str | os.PathLike[str] | None = None, *, jobs: int | None = None) -> None:
        if jobs is not None and jobs < 1:
            raise ValueError(f"jobs takes a number from 1 on, not {jobs}")
        announce()
        self._given = (None if index is None else os.fspath(index), jobs)
        self._native = Native(*self._given)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_opened, self._given)

    def __repr__(self) -> str:
        counts = self.manifest["counts"]
        return f"<allonym.Gazetteer of {counts['entities']:,} entities, {counts['names']:,} names>"

    @property
    def manifest(self) -> dict[str, Any]:
        """What the index says of itself: format, data, counts, files."""
        return dict(json.loads(self._native.manifest()))

    def lookup(
        self,
        name: str,
        *,
        country: str | Sequence[str] | None = None,
        classes: str | Sequence[str] | None = None,
        types: str | Sequence[str] | None = None,
        within: str | Sequence[str] | None = None,
        near: tuple[float, float] | None = None,
        fuzzy: str | int = "auto",
        limit: int = 5,
        label: str = "source",
    ) -> Answer:
        """Looks a name up, in any script; its containers may follow after commas (``Paris, Texas``).

        Args:
            name: What is asked for.
            country: Only entities of these countries: ISO 3166-1 codes or names in any language.
            classes: Only entities of these GeoNames classes (``P``) or codes (``PPLC``).
            types: Only places, organizations or persons.
            within: Only what lies in one of the entities of these ids.
            near: Degrees north and east: the nearer the better.
            fuzzy: How many letters may differ: ``"auto"``, 0, 1 or 2.
            limit: How many candidates are wanted, from 1 on.
            label: Which name stands for an entity: ``source``, ``lang:az``, ``official:AZ``, ``as-written`` or ``all``.

        Raises:
            TypeError: the name is no text.
            ValueError: a condition makes no sense, such as a country that is none, or the name is longer than any.
        """
        options: LookupOptions = {
            "country": country,
            "classes": classes,
            "types": types,
            "within": within,
            "near": near,
            "fuzzy": fuzzy,
            "limit": limit,
            "label": label,
        }
        return self.lookup_many([name], **options)[0]

    def lookup_many(self, names: Iterable[str], **options: Unpack[LookupOptions]) -> list[Answer]:
        """Looks many names up, on all cores; one answer each. Options and errors are those of :meth:`lookup`."""
        texts = [_text(name, "the name") for name in _listed(names, "the names")]
        answers = json.loads(self._native.lookup(texts, as_json(options, LookupOptions)))
        return [Answer(a["query"], a["verdict"], [Candidate._of(c) for c in a["candidates"]]) for a in answers]

    def variants(
        self,
        place: str,
        *,
        lang: str | Sequence[str] | None = None,
        script: str | Sequence[str] | None = None,
        kind: str | Sequence[str] | None = None,
    ) -> list[Variant]:
        """Every name of a place.

        Args:
            place: An id, or a name, whose likeliest place is taken.
            lang: Only names in these languages (BCP 47).
            script: Only names in these scripts (ISO 15924: ``Latn``, ``Cyrl`` …).
            kind: Only names of these kinds.

        Returns:
            The names; none where nothing is known by that id or name.

        Raises:
            ValueError: a kind is none that is known.
        """
        options = as_json({"lang": lang, "script": script, "kind": kind})
        found = self._native.variants(_text(place, "the place"), options)
        return [] if found is None else [Variant(**fields) for fields in json.loads(found)]

    def tag(
        self,
        text: str,
        *,
        types: str | Sequence[str] = "place",
        demonyms: bool = True,
        country: str | Sequence[str] | None = None,
        lang: str | None = None,
        near: tuple[float, float] | None = None,
        min_score: float | None = None,
        candidates: int = 1,
        nested: bool = False,
        explain: bool = False,
        label: str = "source",
    ) -> Mentions:
        """The mentions in a text, in its order; none overlaps another unless ``nested`` is given.

        Args:
            text: What is read; no more of it than 64 MB.
            types: Only places, organizations or persons.
            demonyms: Whether *Azerbaijani* and *Parisians* count.
            country: Countries that the text is likely to speak of: ISO 3166-1 codes or names.
            lang: The language of the text, as its ISO 639 code; its commonest words tell where nothing is said.
            near: A point that it is likely to speak of the surroundings of: degrees north and east.
            min_score: Only mentions whose best candidate scores at least so much, 0 to 1; None for 0.3 in English texts, 0 in
                others.
            candidates: How many candidates a mention keeps, from 1 on.
            nested: Names inside longer names, too: *Guinea* in *Papua New Guinea*.
            explain: Whether each mention says why.
            label: Which name stands for an entity: ``source``, ``lang:az``, ``official:AZ``, ``as-written`` or ``all``.

        Raises:
            TypeError: the text is none.
            ValueError: an option makes no sense.
        """
        options: TagOptions = {
            "types": types,
            "demonyms": demonyms,
            "country": country,
            "lang": lang,
            "near": near,
            "min_score": min_score,
            "candidates": candidates,
            "nested": nested,
            "explain": explain,
            "label": label,
        }
        return self._tagged([_text(text, "the text")], as_json(options))[0]

    def tag_many(self, texts: Iterable[str | None], **options: Unpack[TagOptions]) -> list[Mentions]:
        """The mentions in many texts, on all cores; one answer each. What is missing (None, NaN) has no mentions. Options and
        errors are those of :meth:`tag`. For millions of texts, :meth:`tag_batch` makes columns instead of objects."""
        given = _listed(texts, "the texts")
        kept = [
            "" if _is_missing(text) else _text(text, "the text", f" at {at}") for at, text in enumerate(given)
        ]
        return self._tagged(kept, as_json(options, TagOptions))

    def _tagged(self, texts: list[str], options: str) -> list[Mentions]:
        found = self._native.tag(texts, options)
        return [self._mentions(text, lines, None, options) for text, lines in zip(texts, found)]

    def _mentions(self, text: str, lines: bytes, spans: list[tuple[int, int]] | None, options: str) -> Mentions:
        native = self._native
        mentions = [Mention._of(fields) for fields in json.loads(lines)]
        return Mentions(text, mentions, lambda: native.html(text, spans, options))

    def resolve(
        self, text: str, spans: Iterable[tuple[int, int]], **options: Unpack[TagOptions]
    ) -> Mentions:
        """What spans mean that somebody else found, with the rest of the text as context.

        Args:
            text: The whole text.
            spans: First code point and code point after the last of each span.
            **options: Those of :meth:`tag`.

        Returns:
            One mention for each span, in the order of the spans; without candidates where nothing is known by such a name.

        Raises:
            ValueError: a span is empty, runs backwards or ends beyond the text.
        """
        text = _text(text, "the text")
        pairs = [(int(start), int(end)) for start, end in spans]
        for start, end in pairs:
            if start < 0 or end < 0:
                raise ValueError(f"a mention has no start and end inside the text ({start} to {end}); both are code points")
        given = as_json(options, TagOptions)
        return self._mentions(text, self._native.resolve(text, pairs, given), pairs, given)

    def normalize(
        self,
        values: Iterable[Any],
        *,
        country: Any = None,
        admin: Any = None,
        types: str | Sequence[str] | None = None,
        add: str | Sequence[str] | None = None,
        candidates: int = 1,
        multi: bool = False,
        label: str = "source",
    ) -> list[Normalized]:
        """Turns values into ids, each distinct one resolved once; one answer each, in their order.

        Args:
            values: Names; what is missing (None, NaN) is ``empty``.
            country: In which country the places are, one for all or one for each: names in any language or ISO codes.
            admin: In which first- or second-level unit, one for all or one for each.
            types: Only places, organizations or persons.
            add: Further fields, as :attr:`NormalizeOptions.add`; they come in :attr:`Normalized.more`.
            candidates: So many candidates; those beyond the first come in :attr:`Normalized.more`.
            multi: Read several places in a value: between semicolons, bars or line breaks.
            label: Which name stands for an entity: ``source``, ``lang:az``, ``official:AZ``, ``as-written`` or ``all``.

        Raises:
            TypeError: a value is neither text nor number nor missing.
            ValueError: an option makes no sense, or there are not as many countries or units as values.
        """
        names = [_cell(value, "the value", at) for at, value in enumerate(_listed(values, "the values"))]
        columns: dict[str, list[str | None]] = {"value": names}
        options: dict[str, Any] = {
            "columns": ["value"],
            "prefix": "",
            "types": types,
            "add": add,
            "candidates": candidates,
            "multi": multi,
            "label": label,
        }
        for what, given in (("country", country), ("admin", admin)):
            if given is not None:
                # What is added has no prefix, so the context goes by another name.
                options[what] = f"{what} given"
                columns[f"{what} given"] = _context(given, what, len(names))
        if not names:
            return []
        lines = "\n".join(
            json.dumps(dict(zip(columns, row)), ensure_ascii=False) for row in zip(*columns.values())
        ).encode()
        out, _ = self._native.normalize(lines, as_json(options))
        return [_normalized(json.loads(line)) for line in out.splitlines()]

    def tag_batch(self, table: T, column: str, *, id: str | None = None, **options: Unpack[TagOptions]) -> T:
        """The mentions in a column of texts, one a row.

        Args:
            table: Anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``: pyarrow, Polars, pandas (2.2 or later), DuckDB.
            column: The column of texts.
            id: A column whose values tell the documents apart; None for the number of the row, from 0 on.
            **options: Those of :meth:`tag`, but for ``explain`` and ``candidates``.

        Returns:
            A table of the kind that was given (an :class:`allonym.Table` where that is no common one), with the columns
            ``doc``, ``start``, ``end`` (code points), ``byte_start``, ``byte_end``, ``surface``, ``verdict``, ``demonym``,
            ``id``, ``label``, ``score``, ``name``, ``lang``, ``script``, ``kind``, ``how``, ``distance``, ``type``,
            ``feature``, ``country``, ``admin``, ``lat``, ``lon``, ``population``, ``claims``, ``same_as``.

        Raises:
            TypeError: the table is none.
            ColumnError: a column is missing.
            ValueError: the column holds no text, or is damaged; an option makes no sense.
        """
        made = self._native.tag_table(_arrow(table), column, id, as_json(options, TagOptions))
        return cast(T, _like(table, made))

    def normalize_table(self, table: T, column: str | Sequence[str], **options: Unpack[NormalizeOptions]) -> T:
        """A table with the columns that ``allonym normalize`` adds: id, label, status, score, variant, how, country, lat, lon,
        each behind the column's name and ``_``. Each distinct value is resolved once, on all cores.

        Args:
            table: Anything with ``__arrow_c_stream__`` or ``__arrow_c_array__``: pyarrow, Polars, pandas (2.2 or later), DuckDB.
            column: The column of names, or several.
            **options: Columns of context (``country="Land"``), and what is written: :class:`NormalizeOptions`.

        Returns:
            A table of the kind that was given (an :class:`allonym.Table` where that is no common one).

        Raises:
            TypeError: the table is none.
            ColumnError: a column is missing.
            ValueError: a column is damaged or would be doubled; an option makes no sense.
        """
        columns = [column] if isinstance(column, str) else list(column)
        as_json(options, NormalizeOptions)
        made, _ = self._native.normalize_table(_arrow(table), as_json({"columns": columns, **options}))
        return cast(T, _like(table, made))


def _opened(index: str | None, jobs: int | None) -> Gazetteer:
    return Gazetteer(index, jobs=jobs)


def _cell(value: object, what: str, at: int) -> str | None:
    if _is_missing(value):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return _text(value, what, f" at {at}")


def _context(given: Any, what: str, count: int) -> list[str | None]:
    if isinstance(given, str):
        return [given] * count
    cells = [_cell(value, f"the {what}", at) for at, value in enumerate(given)]
    if len(cells) != count:
        raise ValueError(f"there are {count} values and {len(cells)} of {what}; give one for all or one for each")
    return cells


_ADDED = ("id", "label", "status", "score", "variant", "how", "country", "lat", "lon")


def _normalized(fields: dict[str, Any]) -> Normalized:
    value = fields.pop("value")
    fields.pop("country given", None)
    fields.pop("admin given", None)
    added = [fields.pop(name) for name in _ADDED]
    record = Normalized(value, *added)
    record.more = fields
    return record


def _package(table: object) -> str:
    return type(table).__module__.split(".")[0]


def _arrow(table: Any) -> Any:
    """The table as something that speaks Arrow, looked over where its library can do that."""
    package = _package(table)
    if package == "pyarrow" and hasattr(table, "validate"):
        # Only pyarrow knows how long its buffers are: an offset beyond them would be read as if it were good.
        try:
            table.validate(full=True)
        except ValueError as error:
            raise ValueError(f"the table is damaged: {error}") from None
    if package == "pandas" and not hasattr(table, "__arrow_c_stream__"):
        import pyarrow

        return pyarrow.Table.from_pandas(table, preserve_index=False)
    if package == "pandas" and type(table).__name__ == "DataFrame":
        import pyarrow

        try:
            return pyarrow.Table.from_pandas(table, preserve_index=True)
        except pyarrow.ArrowException as error:
            raise TypeError(f"a column holds values of several kinds ({error}); make it text first: .astype(str)") from None
    return table


def _like(given: Any, made: Table) -> Any:
    """What was made, as a table of the library that the given one is of."""
    package, kind = _package(given), type(given).__name__
    if package == "pyarrow":
        import pyarrow

        table = pyarrow.table(made)
        if kind == "RecordBatch":
            batches = table.combine_chunks().to_batches()
            return batches[0] if batches else pyarrow.RecordBatch.from_pylist([], schema=table.schema)
        return table.to_reader() if kind == "RecordBatchReader" else table
    if package == "polars":
        import polars

        return polars.DataFrame(made)
    if package == "pandas":
        import pyarrow

        return pyarrow.table(made).to_pandas()
    return made
