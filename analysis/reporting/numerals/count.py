"""The count of bound numerals of rendered documents, and what to do about each that is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from analysis.reporting.manuscript import Results
from analysis.reporting.numerals.alignment import unfound
from analysis.reporting.numerals.docx_blocks import docx_blocks, key_digest
from analysis.reporting.numerals.html_blocks import html_blocks
from analysis.reporting.numerals.numeral import (
    AUTHORS,
    KEY,
    PRINTED,
    SOURCE,
    Block,
    Numeral,
    all_numerals,
)
from analysis.reporting.numerals.pdf_words import NoReader, pdf_blocks
from analysis.reporting.numerals.printed_values import KeyValues
from analysis.reporting.results_by_key import STUDY_FILE

TYPED = (
    'write it by its key, `{python} r("…")` (`early-recurrence keys` finds it), or as your own,'
    ' [NUMBER]{.own reason="…"}'
)
FROM_CELL = (
    "a cell of the document printed it, and no key stands behind that; show a result by its key,"
    ' `r("…")`, not with print, or put `::: {.own reason="…"}` above the cell and `:::` below it'
)
NOT_WRITTEN = "{key} of the study file has no such number; render again"
OTHER_VALUE = "the results have another value for {key}; render again"
NO_KEY = "results.json has no key {key}; render again"
ONLY_HERE = "no bound numeral of {reference} stands among these words"


@dataclass(frozen=True)
class Unbound:
    """A numeral that nothing binds, and what to do."""

    document: str
    numeral: Numeral
    advice: str

    def line(self) -> str:
        """For the terminal."""
        return f"{self.document}: {self.numeral.context}\n    {self.advice}"


@dataclass(frozen=True)
class Counted:
    """Numerals of one rendered file. unread: why the file could not be read again; else empty."""

    document: str
    kinds: dict[str, int]
    unbound: tuple[Unbound, ...]
    unread: str = ""

    @property
    def total(self) -> int:
        """All numerals."""
        return sum(self.kinds.values()) + len(self.unbound)

    @property
    def printed(self) -> int:
        """Those of the unbound that a cell of the document printed."""
        return sum(each.numeral.kind == PRINTED for each in self.unbound)

    @property
    def bound(self) -> int:
        """Those that are bound, or of a listed kind."""
        return sum(self.kinds.values())


def _blocks(path: Path, digests: dict[str, str]) -> list[Block]:
    if path.suffix == ".html":
        return html_blocks(path)
    return docx_blocks(path, digests)


class NumeralCounter:
    """Counts numerals with one study's results; a page that others are read beside is read once."""

    def __init__(self, results: Results) -> None:
        self.values = KeyValues(results)
        self.digests = {key_digest(key): key for key in [*results.records, *results.wording]}
        self._read: dict[Path, list[Block]] = {}

    def _blocks_of(self, path: Path) -> list[Block]:
        if path not in self._read:
            self._read[path] = _blocks(path, self.digests)
        return self._read[path]

    def _advice(self, numeral: Numeral) -> str | None:
        if numeral.kind is None:
            return TYPED
        if numeral.kind == PRINTED:
            return FROM_CELL
        if numeral.kind in (SOURCE, AUTHORS) and not numeral.detail:  # Word keeps no name of it
            return None
        if numeral.kind not in (KEY, SOURCE, AUTHORS) or self.values.allows(numeral):
            return None
        if numeral.kind == AUTHORS:
            return NOT_WRITTEN.format(key=numeral.detail.removeprefix(STUDY_FILE))
        there = self.values.has_source(numeral.detail)
        return (OTHER_VALUE if there else NO_KEY).format(key=numeral.detail)

    def count(self, path: Path) -> Counted:
        """The numerals of a rendered html, docx or PDF file."""
        if path.suffix == ".pdf":
            return self._count_pdf(path)
        kinds: Counter[str] = Counter()
        unbound = []
        for numeral in all_numerals(self._blocks_of(path)):
            if (advice := self._advice(numeral)) is not None:
                unbound.append(Unbound(path.name, numeral, advice))
            else:
                kinds[numeral.kind or ""] += 1
        return Counted(path.name, dict(kinds), tuple(unbound))

    def _count_pdf(self, path: Path) -> Counted:
        """A PDF's numerals are those of the same document as html or Word, found by their words."""
        beside = [path.with_suffix(suffix) for suffix in (".html", ".docx")]
        reference = next((each for each in beside if each.is_file()), None)
        if reference is None:
            why = "a PDF is read beside the same document as html or Word; render one of these too"
            return Counted(path.name, {}, (), why)
        own = self._blocks_of(reference)
        try:
            pages = pdf_blocks(path, {" ".join(block.text.split()) for block in own})
        except NoReader as error:
            return Counted(path.name, {}, (), str(error))
        advice = f"{ONLY_HERE.format(reference=reference.name)}; {TYPED}"
        missing = unfound(own, pages)
        found = len(all_numerals(pages)) - len(missing)
        return Counted(
            path.name,
            {f"as in {reference.name}": found},
            tuple(Unbound(path.name, each, advice) for each in missing),
        )
