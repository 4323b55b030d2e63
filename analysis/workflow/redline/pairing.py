"""Which block, item or row of a document became which of the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from analysis.workflow.redline.running_text import NUMERAL

Each = TypeVar("Each")
Pair = tuple[Each | None, Each | None]
# Share of words that two texts must have in common to be one that changed.
LEAST_ALIKE = 0.4


def masked(text: str) -> str:
    """The text with one sign for each numeral."""
    return NUMERAL.sub("0", text)


def _likeness(old: str, new: str) -> float:
    """Share of words in common, digits aside; of different kinds (the first word) none."""
    one, two = (masked(text).split() for text in (old, new))
    if one[:1] != two[:1]:
        return 0.0
    common = sum((Counter(one[1:]) & Counter(two[1:])).values())
    return 2 * common / max(len(one) + len(two) - 2, 1)


def _aligned(old: Sequence[Each], new: Sequence[Each], text: Callable[[Each], str]) -> list[Pair]:
    """The pairs in order with the largest likeness in all (Needleman and Wunsch 1970)."""
    one, two = [text(each) for each in old], [text(each) for each in new]
    alike = [[_likeness(a, b) for b in two] for a in one]
    best = [[0.0] * (len(two) + 1) for _ in range(len(one) + 1)]
    for i in range(len(one) - 1, -1, -1):
        for j in range(len(two) - 1, -1, -1):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= LEAST_ALIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    found: list[Pair] = []
    i = j = 0
    while i < len(one) and j < len(two):
        if alike[i][j] >= LEAST_ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            found.append((old[i], new[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.append((old[i], None))
            i += 1
        else:
            found.append((None, new[j]))
            j += 1
    rest: list[Pair] = [(each, None) for each in old[i:]]
    return found + rest + [(None, each) for each in new[j:]]


def pairs(old: Sequence[Each], new: Sequence[Each], text: Callable[[Each], str]) -> list[Pair]:
    """Pairs from two lists, each of one beside the one of the other that it became, in order.

    None stands beside what came or went.

    text: kind and words, by which they are known again; the first word is the kind. What is the
    same but for its numerals goes together first, then what has most words in common.
    """
    one, two = ([masked(text(each)) for each in side] for side in (old, new))
    found: list[Pair] = []
    for kind, i, j, k, m in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind == "equal":
            found += list(zip(old[i:j], new[k:m], strict=True))
        else:
            found += _aligned(old[i:j], new[k:m], text)
    return found
