"""What all tests share."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import allonym
import pytest

ROOT = Path(__file__).parents[2]

TEXTS = [
    "The road from Lachin to Stepanakert (Khankendi) was closed, officials in Baku and Yerevan said.",
    "Kyiv and Kharkiv were hit; Moscow denied it. A spokesman in Paris, Texas, had no comment.",
    "В Баку и Ереване обсудили дорогу из Лачина в Степанакерт.",
    "Naxçıvan və Şuşa arasında yol açıldı, Bakıda dedilər.",
    "Շուշիից Երևան ճանապարհը փակ է։",
    "北京和上海之间的高铁，经过南京。",
    "Prezydent był w Warszawie i we Lwowie, a potem poleciał do Berlina.",
    "Die Bahn fährt von Köln über Düsseldorf nach München 🚆 und weiter nach Zürich.",
    "زار الرئيس بيروت ودمشق قبل القاهرة.",
    "Nothing to see here, 100 % nothing.",
    "",
    "Springfield beat Portland; the mayor of Springfield, Illinois, was there. U.S. fans cheered in Chicago.",
]


@pytest.fixture(scope="session")
def gazetteer() -> allonym.Gazetteer:
    return allonym.Gazetteer()


@pytest.fixture(scope="session")
def documents() -> list[dict[str, str]]:
    """A small corpus: each text many times, in other company."""
    return [{"id": f"d{n:04}", "text": f"{TEXTS[n % len(TEXTS)]} {TEXTS[n * 7 % len(TEXTS)]}"} for n in range(240)]


def command(*args: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command that the package installs."""
    return subprocess.run(
        [Path(sys.executable).with_name("allonym"), *args], input=given, capture_output=True, text=True, encoding="utf-8"
    )


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def told(documents: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the command line says of the corpus, one mention a row."""
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    done = command("tag", str(path), "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    mentions = lines(done.stdout)
    assert len(mentions) > 500
    return mentions


FLAT = [
    "doc", "start", "end", "byte_start", "byte_end", "surface", "verdict", "demonym", "id", "label", "score", "name", "lang",
    "script", "kind", "how", "distance", "type", "feature", "country", "admin", "lat", "lon", "population", "claims", "same_as",
]  # fmt: skip


def flat(mention: dict[str, Any]) -> dict[str, Any]:
    """A mention of the command line as a row of columns."""
    row = {**mention, **mention["match"]}
    del row["match"]
    claim = dict.fromkeys(("party", "role", "since", "until", "note"))
    row["claims"] = [claim | one for one in row.get("claims", [])]
    row["same_as"] = row.get("same_as", [])
    return {name: row.get(name) for name in FLAT}
