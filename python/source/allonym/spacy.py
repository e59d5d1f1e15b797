"""A component for spaCy: places as spans with ids, over allonym's own mentions or the entities that a model has found.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("allonym")
>>> [(ent.text, ent.kb_id_) for ent in nlp("The road from Lachin to Khankendi").ents]
[('Lachin', 'gn:147625'), ('Khankendi', 'gn:146970')]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from .answers import Mention
from .gazetteer import Gazetteer

LABELS = {"place": "GPE", "organization": "ORG", "person": "PERSON"}
"""spaCy's labels for types of entities, where a mention becomes an entity of its own."""


class Linker:
    """Gives spans the id of what they mean (``span.kb_id_``) and the mention with its candidates (``span._.allonym``).

    Args:
        gazetteer: Where names are looked up.
        spans: ``own`` finds mentions and puts them among ``doc.ents``, where no entity of the model overlaps; ``ents`` asks
            what the entities mean that the model has found.
        labels: Which entities ``ents`` asks for.
        options: Those of :meth:`allonym.Gazetteer.tag`.
    """

    def __init__(self, gazetteer: Gazetteer, spans: str, labels: Iterable[str], options: dict[str, Any]) -> None:
        if spans not in ("own", "ents"):
            raise ValueError(f"spans takes 'own' or 'ents', not {spans!r}")
        self.gazetteer, self.spans, self.labels, self.options = gazetteer, spans, frozenset(labels), options
        if not Span.has_extension("allonym"):
            Span.set_extension("allonym", default=None)

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], batch_size: int = 128) -> Iterator[Doc]:
        """Works on many documents at once, on all cores."""
        batch: list[Doc] = []
        for doc in docs:
            batch.append(doc)
            if len(batch) == batch_size:
                yield from self._work(batch)
                batch = []
        yield from self._work(batch)

    def _work(self, docs: list[Doc]) -> list[Doc]:
        if self.spans == "ents":
            for doc in docs:
                self._link(doc)
        else:
            for doc, mentions in zip(docs, self.gazetteer.tag_many([doc.text for doc in docs], **self.options)):
                self._add(doc, mentions)
        return docs

    def _link(self, doc: Doc) -> None:
        asked = [ent for ent in doc.ents if ent.label_ in self.labels]
        found = self.gazetteer.resolve(doc.text, [(e.start_char, e.end_char) for e in asked], **self.options)
        linked = {(e.start, e.end): _marked(e, m, e.label_) for e, m in zip(asked, found)}
        doc.ents = [linked.get((ent.start, ent.end), ent) for ent in doc.ents]

    def _add(self, doc: Doc, mentions: Iterable[Mention]) -> None:
        ents = list(doc.ents)
        taken = {token.i for ent in ents for token in ent}
        for mention in mentions:
            # A mention may end inside a token ("Ankara'da"): the entity is what holds it.
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is None or mention.best is None or not taken.isdisjoint(token.i for token in span):
                continue
            ents.append(_marked(span, mention, LABELS[mention.best.type]))
            taken.update(token.i for token in span)
        doc.ents = ents


def _marked(span: Span, mention: Mention, label: str) -> Span:
    made = Span(span.doc, span.start, span.end, label=label, kb_id=mention.id or "")
    made._.allonym = mention
    return made


@Language.factory(
    "allonym",
    assigns=["doc.ents", "token.ent_kb_id", "span._.allonym"],
    default_config={"index": None, "spans": "own", "labels": ["GPE", "LOC", "FAC", "NORP", "ORG"], "options": {}},
)
def create(
    nlp: Language, name: str, index: str | None, spans: str, labels: list[str], options: dict[str, Any]
) -> Linker:
    """Makes the component ``allonym``; its configuration is that of :class:`Linker`, with ``index`` for a directory with an
    index of one's own."""
    return Linker(Gazetteer(index), spans, labels, options)
