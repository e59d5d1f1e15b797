"""Objects: what the methods answer, and that it is what the command line answers."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import allonym
import pytest
from conftest import TEXTS, command, lines


def plain(value: Any) -> Any:
    """Without what the command line leaves out where there is nothing to say."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in ("claims", "same_as", "since", "until", "note", "by") or v}
    return [plain(v) for v in value] if isinstance(value, list) else value


def test_a_name_has_the_answer_of_the_command_line(gazetteer: allonym.Gazetteer) -> None:
    names = ["Xankəndi", "Karabakh", "Paris, Texas", "基輔", "Stepanakerg", "Qqzzxx"]
    told = command("lookup", *names, "--format", "jsonl")
    assert [plain(asdict(answer)) for answer in gazetteer.lookup_many(names)] == plain(lines(told.stdout))
    assert gazetteer.lookup("Qqzzxx").best is None


def test_conditions_narrow_a_question(gazetteer: allonym.Gazetteer) -> None:
    assert {c.country for c in gazetteer.lookup("Springfield", country=["US"], limit=50).candidates} == {"US"}
    assert gazetteer.lookup("Paris", country="Vereinigte Staaten", limit=1).candidates[0].country == "US"
    assert gazetteer.lookup("Victoria", classes="P", near=(48.4, -123.3)).candidates[0].country == "CA"
    texas = gazetteer.lookup("Texas", classes="ADM1").candidates[0].id
    assert "Texas" in gazetteer.lookup("Paris", within=texas).candidates[0].admin
    assert gazetteer.lookup("Kyiv", label="lang:de").candidates[0].label == "Kiew"


def test_variants_keep_every_name(gazetteer: allonym.Gazetteer) -> None:
    told = command("variants", "Kyiv", "--format", "jsonl")
    assert [plain(asdict(v)) for v in gazetteer.variants("Kyiv")] == plain(lines(told.stdout))
    assert {v.name for v in gazetteer.variants("gn:703448")} >= {"Kyiv", "Kiev", "Київ", "基輔"}
    assert {v.lang for v in gazetteer.variants("Kyiv", lang=["uk", "ru"])} == {"uk", "ru"}
    assert {v.script for v in gazetteer.variants("Kyiv", script="Cyrl")} == {"Cyrl"}
    assert gazetteer.variants("gn:0") == []


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_has_the_mentions_of_the_command_line(gazetteer: allonym.Gazetteer, text: str) -> None:
    mentions = gazetteer.tag(text, candidates=3, min_score=0.1)
    told = lines(command("tag", "-", "--format", "jsonl", "--candidates", "3", "--min-score", "0.1", given=text).stdout)
    assert [(m.start, m.end, m.surface, m.verdict, m.id, m.score) for m in mentions] == [
        (m["start"], m["end"], m["surface"], m["verdict"], m["id"], m["score"]) for m in told
    ]
    assert [plain([asdict(c) for c in m.candidates]) for m in mentions] == [plain(m["candidates"]) for m in told]
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.surface
        assert text.encode()[mention.byte_start : mention.byte_end].decode() == mention.surface


def test_many_texts_are_tagged_like_each_alone(gazetteer: allonym.Gazetteer) -> None:
    assert gazetteer.tag_many(TEXTS * 20) == [gazetteer.tag(text) for text in TEXTS] * 20
    assert [len(m) for m in gazetteer.tag_many([None, float("nan"), "Baku"])] == [0, 0, 1]


def test_spans_of_others_are_resolved_in_their_order(gazetteer: allonym.Gazetteer) -> None:
    text = "Paris, Texas, lies far from Paris. Qqzzxx does not."
    spans = [(28, 33), (0, 5), (35, 41)]
    far, here, nothing = gazetteer.resolve(text, spans, candidates=2)
    assert (far.start, here.start, nothing.start) == (28, 0, 35)
    assert here.best is not None and here.best.country == "US"
    assert (nothing.best, nothing.verdict, nothing.id) == (None, "unmatched", None)


def test_why_is_told_where_it_is_asked(gazetteer: allonym.Gazetteer) -> None:
    [mention] = gazetteer.tag("The mayor of Chicago was there.", explain=True)
    assert mention.why is not None and set(mention.why) == {"span", "sense", "answer"}


def test_values_become_ids(gazetteer: allonym.Gazetteer) -> None:
    values = ["Kiev", "Київ", None, "Springfield", float("nan"), "Qqzzxx", 7]
    found = gazetteer.normalize(values, country=["UA", None, None, "US", None, None, None], add=["population"])
    assert [f.value for f in found] == ["Kiev", "Київ", None, "Springfield", None, "Qqzzxx", "7"]
    assert [f.id for f in found[:3]] == ["gn:703448", "gn:703448", None]
    assert [f.status for f in found] == ["resolved", "resolved", "empty", "ambiguous", "empty", "unmatched", "unmatched"]
    assert found[0].more["population"] > 2_000_000
    [paris] = gazetteer.normalize(["Paris"], country="US", admin="Texas")
    assert (paris.country, paris.status) == ("US", "resolved")
    assert gazetteer.normalize([]) == []


def test_a_notebook_shows_the_text_and_a_map(gazetteer: allonym.Gazetteer) -> None:
    shown = gazetteer.tag('<script>alert("Baku")</script> lies near Yerevan')._repr_html_()
    assert shown is not None and shown.startswith("<iframe") and "<script>" not in shown
    assert "gn:616052" in shown and "&lt;svg" in shown
    assert "gn:587084" in gazetteer.lookup("Baku")._repr_html_()
    assert "<b>" not in gazetteer.lookup("<b>Baku</b>")._repr_html_()
    page = gazetteer.resolve("In Baku", [(3, 7)]).to_html()
    assert page.startswith("<!doctype html>") and "gn:587084" in page


def test_answers_and_gazetteers_are_sent_and_copied(gazetteer: allonym.Gazetteer) -> None:
    mentions = gazetteer.tag(TEXTS[0])
    sent = pickle.loads(pickle.dumps(mentions))
    assert sent == mentions and sent._repr_html_() is None
    with pytest.raises(ValueError, match="another process"):
        sent.to_html()
    assert copy.deepcopy(mentions) == mentions
    assert pickle.loads(pickle.dumps(gazetteer)).tag(TEXTS[0]) == mentions


def _count(texts: list[str]) -> int:
    return sum(map(len, _shared.tag_many(texts)))


def test_threads_and_forked_processes_answer_alike(gazetteer: allonym.Gazetteer) -> None:
    global _shared
    _shared = gazetteer
    wanted = _count(TEXTS * 5)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(_count, [TEXTS * 5] * 8)) == [wanted] * 8
    with multiprocessing.get_context("fork").Pool(2) as processes:
        assert processes.map_async(_count, [TEXTS * 5] * 4).get(timeout=120) == [wanted] * 4


def test_other_threads_run_while_a_text_is_tagged(gazetteer: allonym.Gazetteer) -> None:
    done = threading.Event()
    worker = threading.Thread(target=lambda: (gazetteer.tag_many(TEXTS * 400), done.set()))
    worker.start()
    turns = 0
    while not done.is_set():
        turns += 1
        done.wait(0.001)
    worker.join()
    assert turns > 20, "the interpreter's lock was held"


def test_the_command_is_there_and_uses_the_index_of_the_wheel(tmp_path: Path) -> None:
    done = command("lookup", "Xankəndi", "--format", "jsonl")
    assert lines(done.stdout)[0]["candidates"][0]["id"] == "gn:146970" and done.stderr == ""
    assert command("lookup", "Qqzzxx").returncode == 1
    assert command("lokup").returncode == 2
    table = tmp_path / "t.csv"
    table.write_text("place\nKiev\nQqzzxx\n")
    assert command("normalize", str(table), "--column", "place", "--strict").returncode == 3


def test_a_gazetteer_of_ones_own(tmp_path: Path) -> None:
    table, index = tmp_path / "people.csv", tmp_path / "index"
    table.write_text("id,name,type\nmy:1,Zheng He,person\n", encoding="utf-8")
    done = command("index", "build", "--only", "--add", str(table), "--output", str(index))
    assert done.returncode == 0, done.stderr
    own = allonym.Gazetteer(index)
    assert own.lookup("zheng he").candidates[0].id == "my:1"
    assert own.lookup("Baku").verdict == "unmatched"
    assert own.manifest["counts"]["entities"] == 1
