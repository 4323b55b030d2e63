"""Rows of text as a pipe table, which html, docx, PDF and JATS all lay out."""

from __future__ import annotations

from collections.abc import Sequence

from IPython.display import Markdown


def pipe_table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Markdown:
    """The first `left` columns are flush left, the others centred."""
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    # The dashes' proportions are pandoc's relative widths once a line is long: a first column twice as wide.
    rule = "|" + "|".join(":" + "-" * 24 if i < left else ":" + "-" * 11 + ":" for i in range(len(header))) + "|"
    return Markdown("\n".join([line(header), rule, *[line(row) for row in rows]]))
