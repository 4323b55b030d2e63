"""After a render: how many numerals of the pages are bound."""

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
from analysis.study import Study


def say_bound(study: Study, pages: Sequence[Path], strict: bool = False) -> None:
    """Reads the pages again, writes numerals.json beside them and prints the count.

    strict: raise UnboundNumerals, which lists each numeral that is not bound.
    """
    counted = count_pages(pages, open_results(study.path))
    if not counted:
        return
    write_count(pages[0].parent, counted)
    print(f"early-recurrence: {count_words(counted)}", file=sys.stderr)
    if strict:
        demand_all(counted)
