"""The component for spaCy."""

from __future__ import annotations

import pytest

spacy = pytest.importorskip("spacy")

TEXT = "The road from Lachin to Khankendi is closed, said Paris Hilton in Paris, Texas."


def test_own_mentions_become_entities() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("allonym")
    doc = nlp(TEXT)
    found = {ent.text: (ent.label_, ent.kb_id_) for ent in doc.ents}
    assert found["Khankendi"] == ("GPE", "gn:146970")
    assert doc.ents[0]._.allonym.candidates[0].country == "AZ"
    assert [[e.kb_id_ for e in d.ents] for d in nlp.pipe([TEXT] * 300)] == [[e.kb_id_ for e in doc.ents]] * 300


def test_entities_of_a_model_get_ids_and_stay() -> None:
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": "Paris"}, {"label": "PERSON", "pattern": "Paris Hilton"}])
    nlp.add_pipe("allonym", config={"spans": "ents", "options": {"candidates": 2}})
    person, place = nlp(TEXT).ents
    assert (person.text, person.kb_id_) == ("Paris Hilton", "")
    assert (place.label_, place._.allonym.best.country) == ("GPE", "US")


def test_a_part_of_a_token_marks_the_token_and_nothing_overlaps() -> None:
    nlp = spacy.blank("tr")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Bakı"}])
    nlp.add_pipe("allonym")
    doc = nlp("Ankara'da ve Bakı")
    assert [(e.text, e.label_) for e in doc.ents][-1] == ("Bakı", "ORG")


def test_a_wrong_configuration_is_told() -> None:
    with pytest.raises(ValueError, match="'own' or 'ents'"):
        spacy.blank("en").add_pipe("allonym", config={"spans": "all"})
