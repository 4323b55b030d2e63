"""Which tests run in one process of `make test`: those of a file, and all files that take the whole
small study, so that it is computed once.

xdist's own groups (`--dist loadgroup`) do nothing with pytest 9.2: pytest-xdist issue 1386.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[2]
# The fixtures of tests/conftest.py that rest on the study's whole run.
WHOLE = re.compile(r"\b(whole_study|rendered_project)\b")
# A test that takes the story of a cohort, which is told once as well.
STORY = re.compile(r"^def test_\w+\(story\b", re.MULTILINE)


@cache
def scope_of_file(file: str) -> str:
    """The file itself, or `whole_study` or `story` where its tests take that."""
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if WHOLE.search(text):
        return "whole_study"
    return "story" if STORY.search(text) else file


class ByFileAndStudy(LoadFileScheduling):
    """xdist's schedule by file, with the files of the whole study in one piece."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of_file(super()._split_scope(nodeid))
