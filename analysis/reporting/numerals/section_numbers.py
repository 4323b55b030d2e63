"""Numbers of sections that a journal's format prints in a PDF, and html and Word do not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

# `4.1. Patients`: a number and the rest of the line.
NUMBERED_LINE = re.compile(r"^\s*((?:\d{1,2}\.)*\d{1,2})\.?\s+(\S.*?)\s*$")
# Letters of a line that may be the first of a heading over several lines.
LEAST_OF_A_LINE = 12


def _follows(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """Whether an outline goes on so: a section deeper, beside, or beside one that it is in."""
    if number == (*last, 1):
        return True
    depth = len(number)
    return 0 < depth <= len(last) and number == (*last[: depth - 1], last[depth - 1] + 1)


def _is_heading(line: str, headings: Collection[str]) -> bool:
    words = " ".join(line.split())
    return words in headings or (
        len(words) >= LEAST_OF_A_LINE and any(each.startswith(f"{words} ") for each in headings)
    )


def numbered_headings(
    pages: Sequence[Sequence[str]], headings: Collection[str]
) -> Iterator[tuple[int, int, int]]:
    """Lines that are a section's number and its heading: page, line, end of the number.

    pages: lines of each. headings: the paragraphs of the same document in a format that prints no
    numbers. A number counts only where it goes on with the outline from 1, and the rest of its line
    is a paragraph of its own there: a number typed before other words is none.
    """
    last: tuple[int, ...] = ()
    for page, lines in enumerate(pages):
        for place, line in enumerate(lines):
            found = NUMBERED_LINE.match(line)
            if found is None or not _is_heading(found[2], headings):
                continue
            number = tuple(int(part) for part in found[1].split("."))
            if _follows(number, last):
                last = number
                yield page, place, found.end(1)
