"""Names of variables in lines that leave room for the panel beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Characters of a line; at 6.5 points some 40 mm.
LONGEST = 32
POINTS = 72
PARTS = re.compile(r"[^_ ]+[_ ]?|[_ ]")
WORDS = re.compile(r"[A-Z]?[a-z0-9-]+|[A-Z]+(?![a-z])|.")


def _parts(name: str, longest: int) -> list[str]:
    """Parts between which a line may break: at underscores and spaces, else before a capital."""
    return [
        word
        for part in PARTS.findall(name)
        for word in ([part] if len(part.rstrip()) <= longest else WORDS.findall(part))
    ]


def name_in_lines(name: str, longest: int = LONGEST) -> str:
    """A name with line breaks, so that no line has more than `longest` characters.

    It breaks after underscores and at spaces, as textwrap does not, else before a capital letter;
    a single word that is longer stays whole.
    """
    lines = [""]
    for part in _parts(name, longest):
        if lines[-1] and len((lines[-1] + part).rstrip()) > longest:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.rstrip(" ") for line in lines)


def row_height(names: Iterable[str], least: float, size: float) -> float:
    """Height of a row in inches that the lines of the highest name fit into.

    names: in lines. least: of a row with a name of one line. size: of the letters, in points.
    """
    most = max((name.count("\n") + 1 for name in names), default=1)
    return max(least, (most + 0.5) * 1.2 * size / POINTS)
