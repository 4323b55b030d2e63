"""Levels of categorical variables, as a text or an axis prints them."""

from __future__ import annotations

import re

# "non" is no word of its own in English, so that the underscore behind it stood for a hyphen.
NON = re.compile(r"(?<![^\W_])(non)_(?=[a-z])", re.IGNORECASE)
# Two numbers that follow each other: grade_1_2 holds grades 1 and 2. Others may be a decimal.
PAIR = re.compile(r"(?<![\d_])_(\d+)_(\d+)(?!\d|_\d)")


def level_label(level: str | int) -> str:
    """Label of a level: its name with spaces for underscores.

    `non_smooth` is `non-smooth`, and `grade_1_2` is `grade 1–2`; numbers that do not follow each
    other, as in `size_2_5`, are kept apart by a space.
    """

    def pair(found: re.Match[str]) -> str:
        low, high = found[1], found[2]
        return f" {low}–{high}" if int(high) == int(low) + 1 else found[0]

    words = NON.sub(r"\1-", str(level))
    return PAIR.sub(pair, words).replace("_", " ")
