"""Columns of a Word table wide enough for what must not break, and the lines of its cells.

Word and LibreOffice break after the dash of an interval and within a number that is wider than its
column. No character forbids it in both, so that columns get the room of their longest word, number
or interval, and a cell too narrow for estimate and interval has the interval on a line of its own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

FIXED = '<w:tblLayout w:type="fixed"'
GRID = re.compile(r"<w:tblGrid>.*?</w:tblGrid>", re.DOTALL)
GRID_COLUMN = re.compile(r'<w:gridCol w:w="(\d+)"\s*/>')
ROW = re.compile(r"<w:tr(?:\s[^>]*)?>.*?</w:tr>", re.DOTALL)
CELL = re.compile(r"<w:tc>.*?</w:tc>", re.DOTALL)
SPAN = re.compile(r'<w:gridSpan w:val="(\d+)"')
TEXT = re.compile(r"<w:t(?:\s[^>]*)?>([^<]*)</w:t>")
# `0.236 (−0.003 to 0.475)`, `0.720 (0.626–0.796)`.
INTERVAL = re.compile(
    r"(?P<before>[^<>()]*\S) (?P<interval>\([^<>()]*\d(?:–|[ \u00a0]to[ \u00a0])[^<>()]*\))"
)
TO = re.compile(r"(?<=\d)[ \u00a0]to[ \u00a0](?=[\d−.])")
# The page of word_styles.py between its margins, the margins of a cell with a little to spare, and
# the size of its letters, in points.
PAGE, CELL_MARGINS, SIZE = 467.7, 7.5, 8.5
# Widths of the letters of Times, as shares of their size.
LETTERS = {
    **dict.fromkeys("0123456789–$", 0.5),
    **dict.fromkeys(".,; \u00a0", 0.25),
    **dict.fromkeys(":/tijlf'’", 0.28),
    **dict.fromkeys("()[]-rI", 0.333),
    **dict.fromkeys("−<>=+×", 0.564),
    **dict.fromkeys("%mMW", 0.83),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZw", 0.7),
}
LOWER, BOLD = 0.47, 1.06


def width_of(text: str, bold: bool = False) -> float:
    """Width of a line in points, in the size of a table's cells."""
    width = SIZE * sum(LETTERS.get(letter, LOWER) for letter in text)
    return width * BOLD if bold else width


@dataclass(frozen=True)
class _Cell:
    """place: its column; parts: its words and numbers, none of which should break."""

    place: int
    parts: tuple[str, ...]
    header: bool

    @property
    def room(self) -> float:
        longest = max((width_of(part, self.header) for part in self.parts), default=0.0)
        return longest + CELL_MARGINS


def _text(cell: str) -> str:
    return html.unescape("".join(TEXT.findall(cell)))


def _together(text: str) -> str:
    """The spaces of intervals become no-break spaces."""
    return TO.sub("\u00a0to\u00a0", text)


def _apart(text: str) -> str:
    """Intervals may break beside their `to`; a column has no room for them."""
    return TO.sub(" to ", text)


def _cells(table: str, written: Callable[[str], str]) -> list[_Cell]:
    """Cells over one column each."""
    found = []
    for row in ROW.findall(table):
        place = 0
        for cell in CELL.findall(row):
            span = SPAN.search(cell)
            columns = int(span[1]) if span else 1
            parts = tuple(re.split(r" |(?<=[a-z]-)", written(_text(cell))))
            if columns == 1:
                found.append(_Cell(place, parts, "<w:tblHeader" in row))
            place += columns
    return found


def _shared(now: Sequence[float], least: Sequence[float]) -> list[float]:
    """Widths of the same sum, none below its least; what is lacking comes from the wider columns.

    The least widths together must not exceed the sum.
    """
    spare = [max(0.0, width - low) for width, low in zip(now, least, strict=True)]
    lacking = sum(max(0.0, low - width) for width, low in zip(now, least, strict=True))
    taken = lacking / sum(spare) if lacking else 0.0
    return [
        low if width < low else width - taken * (width - low)
        for width, low in zip(now, least, strict=True)
    ]


def _lines(cell: str, width: float, written: Callable[[str], str]) -> str:
    """A cell with its interval on a line of its own where it and the estimate have no room."""
    room = width - CELL_MARGINS
    fits = width_of(written(_text(cell))) <= room

    def line(found: re.Match[str]) -> str:
        text = written(found[1])
        inside = None if fits else INTERVAL.fullmatch(html.unescape(text))
        if inside is None or width_of(inside["interval"]) > room:
            return found[0].replace(found[1], text) if text != found[1] else found[0]
        opened = '<w:t xml:space="preserve">'
        first, second = (html.escape(inside[name], quote=False) for name in ("before", "interval"))
        return f"{opened}{first}</w:t><w:br/>{opened}{second}</w:t>"

    return TEXT.sub(line, cell)


def with_room(table: str) -> str:
    """A table of fixed columns (its XML) whose words, numbers and intervals do not break.

    Where the page has no room for whole intervals they may break beside `to`; where it has none for
    whole words the columns stay as they are.
    """
    grid = GRID.search(table)
    columns = [int(each) for each in GRID_COLUMN.findall(grid[0])] if grid else []
    if grid is None or FIXED not in table or not sum(columns):
        return table
    now = [PAGE * each / sum(columns) for each in columns]
    for written in (_together, _apart):
        cells = _cells(table, written)
        least = [
            max((cell.room for cell in cells if cell.place == place), default=CELL_MARGINS)
            for place in range(len(columns))
        ]
        if sum(least) <= PAGE:
            break
    else:
        return table
    widths = _shared(now, least)
    twips = [round(sum(columns) * width / PAGE) for width in widths]
    drawn = "".join(f'<w:gridCol w:w="{each}" />' for each in twips)

    def row(found: re.Match[str]) -> str:
        if "<w:tblHeader" in found[0]:
            return found[0]
        cells = iter(range(len(columns)))
        return CELL.sub(lambda cell: _lines(cell[0], widths[next(cells)], written), found[0])

    body = table[grid.end() :]
    return f"{table[: grid.start()]}<w:tblGrid>{drawn}</w:tblGrid>{ROW.sub(row, body)}"
