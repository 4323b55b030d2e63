"""Rows of text as a pipe table, which html, docx, PDF and JATS all lay out."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown

WIDEST = {"left": 32, "centre": 24}


def _width(header: str, cells: Sequence[str], side: str) -> int:
    """As wide as the longest cell, within reason; a header may break between words."""
    longest_word = max((len(word) for word in header.split()), default=3)
    return max(longest_word, min(max((len(cell.strip()) for cell in cells), default=3), WIDEST[side]), 3)


def pipe_table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Markdown:
    """The first `left` columns are flush left, the others centred."""
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    # Once a line is long, pandoc takes the dashes' proportions as the columns' relative widths.
    widths = [_width(name, [str(row[i]) for row in rows], "left" if i < left else "centre") for i, name in enumerate(header)]
    rule = "|" + "|".join(":" + "-" * (width + 1) if i < left else ":" + "-" * width + ":" for i, width in enumerate(widths)) + "|"
    return Markdown("\n".join([line(header), rule, *[line(row) for row in rows]]))
