"""Places in an image, as messages name them."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.core.word_lists import plural


def _run_in_words(low: int, high: int) -> str:
    if low == high:
        return str(low)
    return f"{low}, {high}" if high == low + 1 else f"{low}-{high}"


def slices_in_words(places: Sequence[int]) -> str:
    """`slice 4`, `slices 2, 4, 7-9`: numbers from 1, each once, in order."""
    numbers = sorted(set(places))
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    parts = [_run_in_words(low, high) for low, high in runs]
    return f"{plural(len(numbers), 'slice')} {', '.join(parts)}"
