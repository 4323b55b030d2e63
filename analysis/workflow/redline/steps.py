"""Two running texts, piece by piece: what stayed, which numbers changed, which words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import attrgetter

from analysis.workflow.redline.running_text import Piece

# Equal words between two changes of words that are shown as changed with them: a sentence of which
# every other word is struck out can't be read.
BRIDGED = 2
# Of a text's words, the share that must have stayed; else all of it is replaced.
LEAST_ALIKE = 0.4
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[])")
SIDES = (attrgetter("old"), attrgetter("new"))
SAME, NUMBER, WORDS = "same", "number", "words"


@dataclass(frozen=True)
class Step:
    """kind: same, number (one piece by another, its key or its place the same) or words."""

    kind: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


def _words(found: Sequence[Piece]) -> int:
    return sum(not each.is_space for each in found)


def _pairs(old: Sequence[Piece], new: Sequence[Piece]) -> list[Step]:
    """Pieces that stand for each other, side by side.

    What differs among them is a number, or a numeral within a word.
    """
    return [
        Step(SAME if one.text == two.text else NUMBER, (one,), (two,))
        for one, two in zip(old, new, strict=True)
    ]


def _joined(steps: Sequence[Step]) -> list[Step]:
    """Neighbours of one kind as one step, numbers apart."""
    joined: list[Step] = []
    for step in steps:
        if joined and step.kind == joined[-1].kind != NUMBER:
            last = joined.pop()
            step = Step(step.kind, last.old + step.old, last.new + step.new)
        joined.append(step)
    return joined


def _bridged(steps: Sequence[Step]) -> list[Step]:
    """Few equal words between two changes of words belong to the change."""

    def bridged(before: Step | None, step: Step, after: Step | None) -> Step:
        between = before is not None and after is not None and before.kind == after.kind == WORDS
        few = step.kind == SAME and _words(step.new) <= BRIDGED
        if between and few and not any(each.key for each in step.new):
            return Step(WORDS, step.old, step.new)
        return step

    around = zip([None, *steps], steps, [*steps[1:], None], strict=False)
    return _joined([bridged(*three) for three in around])


def alike(old: Sequence[Piece], new: Sequence[Piece]) -> float:
    """Share of pieces that two texts have in common, digits aside; of two empty ones 1."""
    one, two = ([each.likeness for each in side if not each.is_space] for side in (old, new))
    return SequenceMatcher(None, one, two, autojunk=False).ratio()


def steps(old: Sequence[Piece], new: Sequence[Piece]) -> list[Step]:
    """From the old text to the new one. Formulas and pictures are compared as a whole."""
    if alike(old, new) < LEAST_ALIKE:
        return [Step(WORDS, tuple(old), tuple(new))]
    one, two = [each.likeness for each in old], [each.likeness for each in new]
    found: list[Step] = []
    for kind, i, j, k, m in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if kind == "equal":
            found += _pairs(old[i:j], new[k:m])
        else:
            found.append(Step(WORDS, tuple(old[i:j]), tuple(new[k:m])))
    return _bridged(_joined(found))


def _sentence(text: str, start: int, end: int) -> str:
    """The sentences of a text that hold what stands from start to end."""
    borders = [0, *(found.end() for found in SENTENCE_END.finditer(text)), len(text)]
    first = max(border for border in borders if border <= start)
    last = min(border for border in borders if border >= max(end, start + 1) or border == len(text))
    return text[first:last].strip()


def sentences_of(found: Sequence[Step]) -> list[tuple[str, str]]:
    """For each step, the old and the new sentence that it stands in."""
    texts = ["".join(each.text for step in found for each in side(step)) for side in SIDES]
    places = [0, 0]
    around = []
    for step in found:
        pair = []
        for number, side in enumerate(SIDES):
            length = sum(len(each.text) for each in side(step))
            pair.append(_sentence(texts[number], places[number], places[number] + length))
            places[number] += length
        around.append((pair[0], pair[1]))
    return around
