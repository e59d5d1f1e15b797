"""What the documents show: every block of Python in them runs, and prints what they say."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT

FILES = ["README.md", "python/README.md", "docs/spark.md"]


def blocks(name: str) -> list[tuple[int, str]]:
    """The blocks of a document that are marked as Python, with their lines."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.finditer(r"^```(?:python|pycon)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, block.start(1)) + 1, block.group(1)) for block in found]


@pytest.mark.parametrize("name", FILES)
def test_every_block_runs_and_prints_what_it_says(name: str, tmp_path: Path) -> None:
    """The blocks of a document are one conversation, in a copy of `examples`."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    before = os.getcwd()
    os.chdir(tmp_path / "examples")
    seen: dict[str, object] = {}
    try:
        assert blocks(name), f"{name} shows no Python"
        for line, block in blocks(name):
            if ">>>" in block:
                runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
                told = io.StringIO()
                test = doctest.DocTestParser().get_doctest(block, seen, f"{name}:{line}", name, line)
                runner.run(test, out=told.write, clear_globs=False)
                seen.update(test.globs)
                assert runner.failures == 0, told.getvalue()
            else:
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(block, f"{name}:{line}", "exec"), seen)
    finally:
        os.chdir(before)


def test_the_package_says_nothing_that_is_not_so() -> None:
    import allonym
    import allonym.spacy

    for module in (allonym, allonym.spacy):
        result = doctest.testmod(module)
        assert result.attempted > 0 and result.failed == 0
