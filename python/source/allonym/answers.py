"""What answers are made of. Fields are those of the command line's JSON, so that both mean the same."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload


@dataclass(slots=True)
class Match:
    """The name through which an entity was found."""

    name: str
    """The spelling in the gazetteer."""
    lang: str | None
    """BCP 47; None where unknown."""
    script: str
    """ISO 15924, such as ``Latn``."""
    kind: str
    """Endonym, exonym, historical … as in ``allonym variants``."""
    how: str
    """exact, folded, romanized, inflected, partial, fuzzy or decided."""
    distance: int
    """How many letters differ, for fuzzy matches."""


@dataclass(slots=True)
class Claim:
    """Who administers or claims a place whose status is disputed."""

    party: str
    """A country code, an id or a short text."""
    role: str
    """administers, claims, declared or recognizes."""
    since: int | None = None
    """First year."""
    until: int | None = None
    """Last year."""
    note: str = ""
    """What a reader should know."""


@dataclass(slots=True)
class Candidate:
    """An entity that may be meant."""

    id: str
    """The entity's id, such as ``gn:146970``."""
    label: str
    """The name that stands for it; see the option ``label``."""
    score: float
    """The probability that it is meant, 0 to 1."""
    match: Match
    """The name through which it was found."""
    type: str
    """place, organization or person."""
    feature: str
    """GeoNames class and code, such as ``P.PPLC``."""
    country: str | None
    """ISO 3166-1 alpha-2."""
    admin: list[str]
    """Names of its administrative containers, from the top down."""
    lat: float | None
    """Degrees north."""
    lon: float | None
    """Degrees east."""
    population: int
    """Inhabitants, 0 where unknown."""
    claims: list[Claim] = field(default_factory=list)
    """Who administers and who claims it, where that is disputed."""
    same_as: list[str] = field(default_factory=list)
    """Its ids elsewhere, such as ``wd:Q2030``."""

    @classmethod
    def _of(cls, fields: dict[str, Any]) -> Candidate:
        match = fields["match"]
        return cls(
            fields["id"],
            fields["label"],
            fields["score"],
            Match(match["name"], match["lang"], match["script"], match["kind"], match["how"], match["distance"]),
            fields["type"],
            fields["feature"],
            fields["country"],
            fields["admin"],
            fields["lat"],
            fields["lon"],
            fields["population"],
            [Claim(**claim) for claim in fields.get("claims", ())],
            fields.get("same_as", []),
        )


@dataclass(slots=True)
class Answer:
    """What a name may mean."""

    query: str
    """What was asked for."""
    verdict: str
    """resolved, ambiguous or unmatched."""
    candidates: list[Candidate]
    """The likeliest first."""

    @property
    def best(self) -> Candidate | None:
        """The likeliest candidate; None where nothing is known by the name."""
        return self.candidates[0] if self.candidates else None

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{title}</th>" for title in ("name", "place", "id", "where", "score"))
        rows = "".join(
            "<tr>" + "".join(f"<td dir='auto'>{html.escape(str(cell))}</td>" for cell in cells) + "</tr>"
            for cells in (
                (c.match.name, c.label, c.id, ", ".join(reversed(c.admin)), f"{c.score:.2f}") for c in self.candidates
            )
        )
        query, verdict = html.escape(self.query), html.escape(self.verdict)
        return f"<table><caption dir='auto'>{query}: {verdict}</caption><tr>{head}</tr>{rows}</table>"


@dataclass(slots=True)
class Mention:
    """A span of a text that names something, and what it means."""

    start: int
    """First code point: ``text[start:end]`` is :attr:`surface`."""
    end: int
    """Code point after the last."""
    byte_start: int
    """First byte of the UTF-8 text."""
    byte_end: int
    """Byte after the last."""
    surface: str
    """What stands there."""
    verdict: str
    """resolved, ambiguous or unmatched."""
    demonym: bool
    """Whether the people are named (*Azerbaijani*), not the place."""
    candidates: list[Candidate]
    """The likeliest first; as many as were asked for, none where nothing is known by such a name."""
    why: dict[str, Any] | None = None
    """With ``explain``: the features that spoke for and against the answer, and how far each moves the log odds."""

    @property
    def best(self) -> Candidate | None:
        """The likeliest candidate; None where nothing is known by the name."""
        return self.candidates[0] if self.candidates else None

    @property
    def id(self) -> str | None:
        """The likeliest candidate's id."""
        return self.candidates[0].id if self.candidates else None

    @property
    def label(self) -> str | None:
        """The name that stands for the likeliest candidate."""
        return self.candidates[0].label if self.candidates else None

    @property
    def score(self) -> float | None:
        """The probability that the likeliest candidate is meant, 0 to 1."""
        return self.candidates[0].score if self.candidates else None

    @classmethod
    def _of(cls, fields: dict[str, Any]) -> Mention:
        # The likeliest candidate's fields stand beside the mention's own.
        candidates = fields.get("candidates") or ([fields] if "id" in fields else ())
        return cls(
            fields["start"],
            fields["end"],
            fields["byte_start"],
            fields["byte_end"],
            fields["surface"],
            fields["verdict"],
            fields["demonym"],
            [Candidate._of(one) for one in candidates],
            fields.get("why"),
        )


class Mentions(Sequence[Mention]):
    """The mentions of a text, in its order. A notebook shows the text with its mentions marked, and a map."""

    __slots__ = ("_html", "_mentions", "text")

    def __init__(self, text: str, mentions: list[Mention], html: Callable[[], str] | None = None) -> None:
        self.text = text
        self._mentions = mentions
        self._html = html

    @overload
    def __getitem__(self, at: int) -> Mention: ...
    @overload
    def __getitem__(self, at: slice) -> list[Mention]: ...
    def __getitem__(self, at: int | slice) -> Mention | list[Mention]:
        return self._mentions[at]

    def __len__(self) -> int:
        return len(self._mentions)

    def __iter__(self) -> Iterator[Mention]:
        return iter(self._mentions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mentions) and (self.text, self._mentions) == (other.text, other._mentions)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        # What draws the page belongs to this process.
        return (Mentions, (self.text, self._mentions))

    def __repr__(self) -> str:
        return f"Mentions({self._mentions!r})"

    def to_html(self) -> str:
        """The text with its mentions marked, their candidates and a map: a page in one file that asks for nothing else.

        Raises:
            ValueError: after the mentions were sent to another process, which has no gazetteer for them.
        """
        if self._html is None:
            raise ValueError("these mentions came from another process; tag the text here to see it")
        return self._html()

    def _repr_html_(self) -> str | None:
        if self._html is None:
            return None
        # A frame of its own: the page's style must not meet the notebook's.
        page = html.escape(self._html(), quote=True)
        style = "width:100%;height:32em;border:0;background:white"
        return f'<iframe srcdoc="{page}" style="{style}" sandbox></iframe>'


@dataclass(slots=True)
class Normalized:
    """What a value of a column was resolved to; the columns that ``allonym normalize`` adds."""

    value: str | None
    """The value as it was given."""
    id: str | None
    """The entity's id; None where nothing was found."""
    label: str | None
    """The name that stands for it."""
    status: str
    """resolved, ambiguous, unmatched or empty."""
    score: float | None
    """The probability that it is meant, 0 to 1."""
    variant: str | None
    """The name that it matched."""
    how: str | None
    """exact, folded, romanized, inflected, partial, fuzzy or decided."""
    country: str | None
    """ISO 3166-1 alpha-2."""
    lat: float | None
    """Degrees north."""
    lon: float | None
    """Degrees east."""
    more: dict[str, Any] = field(default_factory=dict)
    """The fields that ``add`` and ``candidates`` asked for."""


@dataclass(slots=True)
class Variant:
    """One spelling of an entity's name."""

    id: str
    """The entity's id."""
    name: str
    """The spelling."""
    lang: str | None
    """BCP 47; None where unknown."""
    script: str
    """ISO 15924, such as ``Latn``."""
    kind: str
    """Endonym, exonym, historical … ."""
    source: str
    """The short code of the source that has it."""
    machine: bool
    """Made by a rule, not found in a source."""
    since: int | None = None
    """First year of use."""
    until: int | None = None
    """Last year of use."""
    by: str = ""
    """Who uses it."""
