"""After a render: how many numerals of the pages are bound, and references that lead nowhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from analysis.reporting.manuscript import open_results
from analysis.reporting.numerals.report import (
    count_pages,
    count_words,
    demand_all,
    write_count,
)
from analysis.reporting.rendering.unresolved import (
    UnresolvedReferences,
    entries_of,
    unresolved,
)
from analysis.study import Study


def say_bound(study: Study, pages: Sequence[Path], strict: bool = False) -> None:
    """Reads the pages again, writes numerals.json beside them and prints the count.

    Citations and cross-references that lead nowhere are printed. strict: raise UnboundNumerals or
    UnresolvedReferences, which list each numeral that is not bound and each such reference.
    """
    counted = count_pages(pages, open_results(study.path))
    if not counted:
        return
    write_count(pages[0].parent, counted)
    print(f"early-recurrence: {count_words(counted)}", file=sys.stderr)
    lost = unresolved(pages, entries_of(sorted(study.root.glob("*/*.bib"))))
    lines = [each.line() for each in lost]
    if strict and lines:
        raise UnresolvedReferences(
            "the pages were rendered, and these references lead nowhere:\n  " + "\n  ".join(lines)
        )
    if lines:
        print("\n".join(["References that lead nowhere:", *lines]), file=sys.stderr)
    if strict:
        demand_all(counted)
