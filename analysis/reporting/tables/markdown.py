"""Rows of text as a pipe table, which html, docx, PDF and JATS all lay out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from IPython.display import Markdown

WIDEST = {"left": 32, "centre": 24}
# In characters: without them Word breaks the numbers of the narrowest columns.
MARGINS, NARROW = 3, 5
# `Univariable‖OR` and `Univariable‖P`, side by side: one header over both. The filter results.lua
# makes the span.
OVER = "‖"
LINK = re.compile(r"\[([^\]]*)\]\{[^}]*\}")


class Table(Markdown):
    """A pipe table; made_by: the function that laid it out, as its caption's source says."""

    made_by: str = "pipe_table"


Asked = ParamSpec("Asked")
Made = TypeVar("Made", bound=Markdown)


def table(function: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Declares a function that a document calls for a table: the table bears its name.

    Tables share their layout, and where one such function calls another, the outer one's name
    stands.
    """

    @wraps(function)
    def named(*args: Asked.args, **kwargs: Asked.kwargs) -> Made:
        made = function(*args, **kwargs)
        if isinstance(made, Table):
            made.made_by = function.__name__
        return made

    return named


def _shown(cell: str) -> str:
    return html.unescape(LINK.sub(r"\1", cell)).strip()


def _width(header: str, cells: Sequence[str], side: str) -> int:
    """Width of the longest cell and its margins, within reason; headers may break between words.

    A heading within the table (bold) may break as well.
    """
    longest_word = max((len(word) for word in _shown(header).split()), default=3)
    plain = [_shown(cell) for cell in cells if not cell.startswith("**")]
    longest = min(max(map(len, plain), default=3), WIDEST[side])
    widest = max(longest_word, longest, 3)
    return widest + (MARGINS if widest > NARROW else 2 * MARGINS)


def pipe_table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Table:
    """Pipe table of Markdown cells.

    Text of data went through `literal` (Results.text and .printed see to it). The first `left`
    columns are flush left, the others centred. A header `over‖under` shares `over` with its
    neighbours.
    """

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
    return Table("\n".join([line(header), rule, *[line(row) for row in rows]]))
