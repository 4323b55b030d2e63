"""One number of decimals for all summaries of a variable."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

# As tables of the outputs write numbers: 3490, 0.05, 3.49e+03.
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
# Significant digits of the tables of the outputs.
DIGITS = 3


def _available(number: str) -> int:
    """Decimals that a number of DIGITS significant digits is known to."""
    value = abs(float(number))
    return DIGITS if value == 0 else max(0, DIGITS - 1 - math.floor(math.log10(value)))


def _written(number: str) -> int:
    """Decimals that a number is written with, trailing zeros aside."""
    return 0 if "e" in number else len(number.partition(".")[2].rstrip("0"))


def same_decimals(texts: Sequence[str]) -> list[str]:
    """The texts with all their numbers to as many decimals as every one of them is known to.

    They are at most as many as one of them is written with: whole numbers stay whole.
    """
    numbers = [number for text in texts for number in NUMBER.findall(text)]
    if not numbers:
        return list(texts)
    decimals = min(max(map(_written, numbers)), min(map(_available, numbers)))
    return [NUMBER.sub(lambda found: f"{float(found[0]):.{decimals}f}", text) for text in texts]
