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


@cache
def scope_of_file(file: str) -> str:
    """The file itself, or `whole_study` where its tests take that study."""
    path = ROOT / file
    if path.is_file() and WHOLE.search(path.read_text(encoding="utf-8")):
        return "whole_study"
    return file


class ByFileAndStudy(LoadFileScheduling):
    """xdist's schedule by file, with the files of the whole study in one piece."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of_file(super()._split_scope(nodeid))
