"""Options, by the names of the command line's flags; they travel as a small dictionary."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict


class LookupOptions(TypedDict, total=False):
    """Conditions of :meth:`Gazetteer.lookup`."""

    country: str | Sequence[str] | None
    """Only entities of these countries: ISO 3166-1 codes or names in any language."""
    classes: str | Sequence[str] | None
    """Only entities of these GeoNames classes (``P``) or codes (``PPLC``)."""
    types: str | Sequence[str] | None
    """Only places, organizations or persons."""
    within: str | Sequence[str] | None
    """Only what lies in one of the entities of these ids."""
    near: tuple[float, float] | None
    """Degrees north and east: the nearer the better."""
    fuzzy: str | int | None
    """How many letters may differ: ``"auto"``, 0, 1 or 2."""
    limit: int | None
    """How many candidates are wanted, from 1 on; 5 where nothing is said."""
    label: str | None
    """Which name stands for an entity: ``source``, ``lang:az``, ``official:AZ``, ``as-written`` or ``all``."""


class TagOptions(TypedDict, total=False):
    """What is looked for in a text, and what is known about it: options of everything that tags or resolves."""

    types: str | Sequence[str] | None
    """Only places, organizations or persons; places where nothing is said."""
    demonyms: bool | None
    """Whether *Azerbaijani* and *Parisians* count; they do where nothing is said."""
    country: str | Sequence[str] | None
    """Countries that the text is likely to speak of: ISO 3166-1 codes or names."""
    lang: str | None
    """The language of the text, as its ISO 639 code; its commonest words tell where nothing is said."""
    near: tuple[float, float] | None
    """A point that the text is likely to speak of the surroundings of: degrees north and east."""
    min_score: float | None
    """Only mentions whose best candidate scores at least so much, 0 to 1; 0.3 in English texts where nothing is said, 0 in
    others."""
    candidates: int | None
    """How many candidates a mention keeps, from 1 on."""
    nested: bool | None
    """Names inside longer names, too: *Guinea* in *Papua New Guinea*."""
    explain: bool | None
    """Whether each mention says why."""
    label: str | None
    """Which name stands for an entity: ``source``, ``lang:az``, ``official:AZ``, ``as-written`` or ``all``."""


class NormalizeOptions(TypedDict, total=False):
    """Options of :meth:`Gazetteer.normalize_table`: columns of context, and what is written."""

    country: str | Sequence[str] | None
    """Columns that say in which country a place is: names in any language or ISO codes."""
    admin: str | Sequence[str] | None
    """Columns that say in which first- or second-level unit, the largest first."""
    lat: str | None
    """The column with degrees north."""
    lon: str | None
    """The column with degrees east."""
    type: str | None
    """The column that says what it is: city, district, river, organization, or a code of GeoNames."""
    types: str | Sequence[str] | None
    """Only places, organizations or persons."""
    level: str | None
    """What the column holds: ``country``, ``admin1``, ``admin2`` or ``place``; otherwise inferred from the column."""
    context: str | None
    """``column`` lets the other values of the column help (the default), ``row`` only the row itself."""
    group: str | None
    """The column that divides the table into groups, such as documents; only values of one group help each other."""
    prefix: str | None
    """What the added columns begin with; the column's name and ``_`` where nothing is said."""
    add: str | Sequence[str] | None
    """Further fields: type, feature, population, admin, admin1, admin2, lang, script, kind, distance, same_as, claims,
    reason."""
    candidates: int | None
    """How many candidates; each after the first as id, label and score."""
    in_place: bool | None
    """Put the label in the place of what is resolved instead of adding columns."""
    multi: bool | None
    """Read several places in a cell: between semicolons, bars or line breaks."""
    label: str | None
    """Which name stands for an entity: ``source``, ``lang:az``, ``official:AZ``, ``as-written`` or ``all``."""


def as_json(options: Mapping[str, Any], known: type | None = None) -> str:
    """Options as the extension module takes them; those that are None are left to their usual value.

    Raises:
        TypeError: an option is none of those that ``known`` declares, or is no text, number or list.
    """
    if known is not None:
        for name in options:
            if name not in known.__annotations__:
                raise TypeError(f"there is no option {name!r}; the options are {', '.join(known.__annotations__)}")

    def plain(value: object) -> object:
        if isinstance(value, (set, frozenset)):
            return sorted(value)
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        if isinstance(value, Iterable):
            return list(value)
        raise TypeError(f"{value!r} is no option; give texts, numbers, or lists of them")

    return json.dumps({name: value for name, value in options.items() if value is not None}, default=plain)
