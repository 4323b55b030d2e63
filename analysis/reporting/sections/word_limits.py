"""Words of a text as a reader counts them, and the longest wording within a limit."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis.reporting.manuscript import Results

# Of an abstract, and of a key point, where the journal says nothing else.
ABSTRACT, KEY_POINT = 250, 25
# A value with its mark: `[0.872]{.result key="…"}`.
MARKED = re.compile(r'\[([^\[\]]*)\]\{(?:[^{}"]|"[^"]*")*\}')


def words_of(results: Results, text: str) -> int:
    """Words of a template, or of a text whose values are filled in and marked."""
    return len(results.fill_plain(MARKED.sub(r"\1", text)).split())


def fitting(results: Results, wordings: Iterable[str], most: int) -> str:
    """The first of the wordings that has at most so many words, else the last."""
    last = ""
    for last in wordings:
        if words_of(results, last) <= most:
            return last
    return last
