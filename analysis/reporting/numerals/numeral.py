"""Numerals of a text, and the kinds of them that need no key."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

# What a numeral can be bound by. Kinds that a person reads in the count, in its order.
KEY, SOURCE, TABLE, OWN, AUTHORS = "key", "source", "table", "own", "authors"
# What a cell of the document printed: no key stands behind it, so that it is not bound.
PRINTED = "printed"
KINDS = {
    KEY: "values by key",
    SOURCE: "counts over several results or constants of the code",
    TABLE: "cells of generated tables",
    "citation": "in citations",
    "reference": "in the reference list",
    "number": "numbers of sections, figures and tables",
    "date": "in dates",
    "version": "in software versions",
    "name": "in names",
    "code": "in file names and code",
    "title": "in the title",
    AUTHORS: "the authors' own, in the study file",
    OWN: "the authors' own, with a reason",
    "count": "this count",
}
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# A digit of these belongs to a word or an address; the last alternative is a numeral. Digits that
# stand high or low (10⁹) are no part of one.
TOKEN = re.compile(
    r"(?P<code>https?://\S+|doi:\S+|\b10\.\d{4,}/\S+)"
    rf"|(?P<date>\b\d{{4}}-\d\d-\d\d(?:T[\d:.]+Z?)?|\b\d{{1,2}} (?:{MONTHS}) \d{{4}}\b"
    rf"|\b(?:{MONTHS}) \d{{1,2}}, \d{{4}}\b|\b(?:{MONTHS}) \d{{4}}\b)"
    r"|(?P<version>\bv?\d+(?:\.\d+){2,}[\w.+-]*|\bv\d+(?:\.\d+)*\b)"
    r"|(?P<name>ICC\(\d, ?[\dk]\)|[^\W\d]+\d[\w-]*"
    r"|\b[A-Za-z]*[A-Z][A-Za-z]*-\d{1,3}(?!\d|\.\d)|\b\d[dD]\b)"
    r"|(?P<numeral>\d+(?:,\d{3})+(?:\.\d+)?%?|(?:(?<!\d)\.)?\d+(?:\.\d+)?%?)",
    re.ASCII,
)
# What `ResultsByKey.stated` may name beside a key: a pattern, a constant, a file.
NO_KEY = re.compile(r"[*:/]|\.(?:json|csv|txt)$")
# Signs that show nothing: typst's word joiner, a soft hyphen, a space of no width.
INVISIBLE = str.maketrans("", "", "\u2060\u00ad\u200b\ufeff")
CONTEXT_WORDS = 6
# A word with the spaces around it; so many signs beside a numeral nearly always hold enough words.
WORDS = re.compile(r"\s*\S+\s*")
NEAR = 200


@dataclass(frozen=True)
class Piece:
    """Part of a text, with what binds it.

    kind: of what binds it (KINDS), None where nothing does; detail: the key, the table's maker or
    the reason; occurrence: tells apart two values of one key side by side.
    """

    text: str
    kind: str | None = None
    detail: str = ""
    occurrence: int = 0


@dataclass
class Block:
    """A paragraph, a heading or a table's cell, in the order of the document."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Numeral:
    """Numeral of a text, with what binds it.

    text: as it stands; kind, detail: what binds it (see Piece), None where nothing does; before,
    after: the words around it; block: number of its block; bound_text: all that is bound with it,
    such as an estimate with its interval; start: where it begins in its block's visible text.
    """

    text: str
    kind: str | None
    detail: str
    before: str
    after: str
    block: int
    bound_text: str = ""
    occurrence: int = 0
    start: int = 0

    @property
    def end(self) -> int:
        """Where it ends in its block's text."""
        return self.start + len(self.text)

    @property
    def is_bound(self) -> bool:
        """Whether it has a kind that binds it."""
        return self.kind not in (None, PRINTED)

    @property
    def context(self) -> str:
        """The words around it, with the numeral marked."""
        return f"{self.before}«{self.text}»{self.after}".strip()


def _words(text: str, last: bool) -> str:
    """The last (or first) words of a text, with the space towards the numeral."""
    near = text[-NEAR:] if last else text[:NEAR]
    parts = WORDS.findall(near.replace("\xa0", " "))
    if len(parts) <= CONTEXT_WORDS and len(near) < len(text):
        parts = WORDS.findall(text.replace("\xa0", " "))
    return re.sub(r"\s+", " ", "".join(parts[-CONTEXT_WORDS:] if last else parts[:CONTEXT_WORDS]))


def _piece_at(starts: Sequence[int], block: Block, position: int) -> Piece:
    return block.pieces[bisect_right(starts, position) - 1]


def numerals_of(block: Block, number: int) -> Iterator[Numeral]:
    """The numerals of a block.

    One whose digits stand in several pieces is bound where each of them is.
    """
    if not any(map(str.isdigit, block.text)):
        return
    pieces = [
        Piece(each.text.translate(INVISIBLE), each.kind, each.detail, each.occurrence)
        for each in block.pieces
    ]
    pieces = [each for each in pieces if each.text]
    clean = Block(pieces)
    text = clean.text
    starts = list(accumulate((len(each.text) for each in pieces[:-1]), initial=0))
    for match in TOKEN.finditer(text):
        covered = {
            id(piece): piece
            for piece in (
                _piece_at(starts, clean, place)
                for place in range(match.start(), match.end())
                if text[place].isdigit()
            )
        }
        if not covered:
            continue
        first = next(iter(covered.values()))
        bound = all(piece.kind is not None for piece in covered.values())
        by_pattern = match.lastgroup if match.lastgroup != "numeral" else None
        yield Numeral(
            match[0],
            first.kind if bound else by_pattern,
            detail=first.detail if bound else "",
            before=_words(text[: match.start()], last=True),
            after=_words(text[match.end() :], last=False),
            block=number,
            bound_text=first.text if bound else "",
            occurrence=first.occurrence,
            start=match.start(),
        )


def all_numerals(blocks: Sequence[Block]) -> list[Numeral]:
    """The numerals of a document, in order."""
    return [each for number, block in enumerate(blocks) for each in numerals_of(block, number)]
