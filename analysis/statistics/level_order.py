"""Order in which the levels of a category stand.

It is the declared one, else numbers as numbers and words by alphabet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


def level_order(values: Iterable[Any], declared: Iterable[Any] | None = None) -> list[Any]:
    """Distinct levels that occur, in the order of `declared`, as a dictionary has them.

    Those that `declared` lacks come after them.

    Without it, digits within a name count as numbers, so that "10" stands after "2".
    Source: the order of pandas.Categorical, and natural sorting.

    >>> level_order(["10", "2", "1a", "2"])
    ['1a', '2', '10']
    >>> level_order(["IIIa", "Ib", "Ia"], ["Ia", "Ib", "IIa", "IIIa"])
    ['Ia', 'Ib', 'IIIa']
    """
    present = list(dict.fromkeys(values))
    order = {str(level): place for place, level in enumerate(declared or ())}

    def number_or_text(part: str) -> tuple[bool, int, str]:
        return part.isdecimal(), int(part) if part.isdecimal() else 0, part

    def key(level: Any) -> tuple[int, bool, Any, list[tuple[bool, int, str]]]:
        place, word = order.get(str(level), len(order)), isinstance(level, str)
        if not word:
            return place, word, level, []
        return place, word, 0, [number_or_text(part) for part in re.split(r"(\d+)", level)]

    return sorted(present, key=key)
