"""Rows of text as a pipe table, which html, docx, PDF and JATS all lay out."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Sequence
from types import FrameType

from IPython.display import Markdown

WIDEST = {"left": 32, "centre": 24}
# In characters: without them Word breaks the numbers of the narrowest columns.
MARGINS = 3
# `Univariable‖OR` and `Univariable‖P`, side by side: one header over both. The filter results.lua
# makes the span.
OVER = "‖"
LINK = re.compile(r"\[([^\]]*)\]\{[^}]*\}")


class Table(Markdown):
    """A pipe table; made_by: the function that laid it out, as its caption's source says."""

    made_by: str = "table"


def _maker() -> str:
    """The outermost table function that is running: tables share their layout, and a reader wants
    the one that a document calls."""
    frame: FrameType | None = sys._getframe(1)
    found = "pipe_table"
    while frame is not None:
        name = frame.f_code.co_name
        found, frame = name if name.endswith("_markdown") else found, frame.f_back
    return found


def _shown(cell: str) -> str:
    return html.unescape(LINK.sub(r"\1", cell)).strip()


def _width(header: str, cells: Sequence[str], side: str) -> int:
    """As wide as the longest cell and a cell's margins, within reason; a header may break between
    words."""
    longest_word = max((len(word) for word in html.unescape(header).split()), default=3)
    longest = min(max((len(_shown(cell)) for cell in cells), default=3), WIDEST[side])
    return max(longest_word, longest, 3) + MARGINS


def pipe_table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Table:
    """Cells are Markdown; text of data went through `literal` (Results.text and .printed see to
    it). The first `left` columns are flush left, the others centred. A header `over‖under` shares
    `over` with its neighbours."""

    def line(cells: Sequence[str]) -> str:
        return (
            "| "
            + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells)
            + " |"
        )

    # Once a line is long, pandoc takes the dashes' proportions as the columns' relative widths.
    widths = [
        _width(
            name.partition(OVER)[2] or name,
            [str(row[i]) for row in rows],
            "left" if i < left else "centre",
        )
        for i, name in enumerate(header)
    ]
    rule = (
        "|"
        + "|".join(
            ":" + "-" * (width + 1) if i < left else ":" + "-" * width + ":"
            for i, width in enumerate(widths)
        )
        + "|"
    )
    table = Table("\n".join([line(header), rule, *[line(row) for row in rows]]))
    table.made_by = _maker()
    return table
