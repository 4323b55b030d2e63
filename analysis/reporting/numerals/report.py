"""Report of the count of bound numerals.

It appears at the end of a render, in `numerals.json` beside the pages, and in the supplement.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.core.cache import write_atomically
from analysis.core.word_lists import listed, plural
from analysis.reporting.manuscript import Results
from analysis.reporting.numerals.count import Counted, NumeralCounter
from analysis.reporting.numerals.numeral import KINDS

READ = (".html", ".docx", ".pdf")
FILE = "numerals.json"
SHOWN = 20


class UnboundNumerals(ValueError):
    """A strict render has numerals that nothing binds."""


def count_pages(pages: Iterable[Path], results: Results) -> list[Counted]:
    """Counts the numerals of those of the pages that are html, docx or PDF."""
    counter = NumeralCounter(results)
    return [counter.count(page) for page in pages if page.suffix in READ and page.is_file()]


def write_count(folder: Path, counted: Sequence[Counted]) -> Path:
    """Write the count of the numerals to numerals.json.

    Of each document, the file has how many numerals there are of each kind, how many of the unbound
    were printed by cells, and each unbound one with the words around it.
    """
    content = {
        each.document: {
            "numerals": each.total,
            "bound": each.bound,
            "kinds": each.kinds,
            "printed_by_cells": each.printed,
            "unbound": [
                {"words": one.numeral.context, "what_to_do": one.advice} for one in each.unbound
            ],
            **({"not_read": each.unread} if each.unread else {}),
        }
        for each in counted
    }
    return write_atomically(folder / FILE, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def unbound_lines(counted: Sequence[Counted], most: int | None = None) -> list[str]:
    """Lines on each unbound numeral, with its document, its words and what to do.

    Files that could not be read again follow.
    """
    lines = [one.line() for each in counted for one in each.unbound]
    left = [] if most is None or len(lines) <= most else [f"and {len(lines) - most} more"]
    unread = [f"{each.document} was not read again: {each.unread}" for each in counted]
    return [
        *lines[:most],
        *left,
        *(line for line, c in zip(unread, counted, strict=True) if c.unread),
    ]


def count_words(counted: Sequence[Counted]) -> str:
    """`312 of 312 numerals bound`, over all documents, and what is not bound."""
    total, bound = sum(c.total for c in counted), sum(c.bound for c in counted)
    files = len({each.document for each in counted})
    said = f"{bound} of {total} {plural(total, 'numeral')} bound ({files} {plural(files, 'file')})"
    if printed := sum(c.printed for c in counted):
        said += f", {printed} of the others printed by cells"
    lines = unbound_lines(counted, SHOWN)
    if not lines:
        return f"{said}."
    return "\n".join([f"{said}; not bound, all of them in {FILE}:", *(f"  {x}" for x in lines)])


def demand_all(counted: Sequence[Counted]) -> None:
    """Raises UnboundNumerals, listing each, where a numeral is not bound or a file was not read."""
    if lines := unbound_lines(counted):
        raise UnboundNumerals(
            "the pages were rendered, and these numerals are not bound:\n  " + "\n  ".join(lines)
        )


def article_sentence(results: Results, pages: Sequence[Path]) -> str:
    """Markdown sentence that says how many numerals of the article are bound, and by what.

    It is empty where the article was not rendered yet. pages: places where its page may lie; the
    newest is read.
    """
    there = [page for page in pages if page.is_file()]
    if not there:
        return ""
    counted = NumeralCounter(results).count(max(there, key=lambda page: page.stat().st_mtime_ns))
    kinds = Counter(counted.kinds)
    parts = [f"{kinds[name]} {words}" for name, words in KINDS.items() if kinds[name]]
    left = len(counted.unbound)
    rest = f"; {left} {plural(left, 'is', 'are')} not" if left else ""
    return (
        f"[{counted.bound} of the {counted.total} {plural(counted.total, 'numeral')} that the"
        f" article prints in digits {plural(counted.bound, 'is', 'are')} bound"
        f" ({listed(parts)}){rest}.]{{.counted}}"
    )
