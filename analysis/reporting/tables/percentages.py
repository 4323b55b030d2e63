"""Percentages of the baseline tables with as many decimals as the journal prints."""

from __future__ import annotations

import re

# As tables of the outputs write a category: `71 (53.8)`.
CATEGORY = re.compile(r"(\d+) \((\d+\.\d)\)")


def _of(count: int, percent: str, most: int) -> int:
    """Patients that a percentage of one decimal is of: the most that give it."""
    return next((n for n in range(most, 0, -1) if f"{100 * count / n:.1f}" == percent), most)


def with_decimals(text: str, decimals: int | None, most: int) -> str:
    """`71 (53.8)` with other decimals, rounded once from the counts; other texts as they are.

    most: patients of the column. decimals: None leaves the text.
    """
    found = CATEGORY.fullmatch(text)
    if found is None or decimals is None or most < 1:
        return text
    count = int(found[1])
    return f"{count} ({100 * count / _of(count, found[2], most):.{decimals}f})"
