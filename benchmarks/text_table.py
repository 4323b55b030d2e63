"""Tables of the benchmarks, as text."""

from __future__ import annotations


def table(rows: list[list[str]], head: list[str]) -> str:
    """Rows below their head, in columns."""
    widths = [max(len(line[place]) for line in [head, *rows]) for place in range(len(head))]
    lines = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in [head, *rows]
    ]
    return "\n".join([lines[0], "-+-".join("-" * width for width in widths), *lines[1:]])
