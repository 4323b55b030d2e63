"""The words of a rendered PDF.

A PDF keeps no marks of its values, so that each numeral is found again by the words beside it in
the same document as html or Word (alignment.py).
"""

from __future__ import annotations

import re
from pathlib import Path

from analysis.reporting.numerals.numeral import Block, Piece

# A page's number, which the other formats don't print.
PAGE = re.compile(r"^\s*\d+\s*$")
# Figures and tables are numbered in each format on its own, as one may leave some out.
NUMBERED = re.compile(r"((?:Figure|Table)s?[\s\xa0]+\d+)")
# A word that was divided at the end of a line.
DIVIDED = re.compile(r"(?:\xad|\ufffe|\x02)\s*")


class NoReader(RuntimeError):
    """There is no library that reads PDF."""


def _pieces(text: str) -> list[Piece]:
    return [
        Piece(part, "number" if place % 2 else None)
        for place, part in enumerate(NUMBERED.split(text))
        if part
    ]


def pdf_blocks(path: Path) -> list[Block]:
    """Text blocks of a PDF file, one for each page.

    The lines of a page are joined; the number at its foot or top is none of the block.

    Raises NoReader where pypdfium2 is not installed, ValueError where the file is no PDF.
    """
    # Imported here: only pages that were rendered as PDF need it.
    try:
        from pypdfium2 import PdfDocument, PdfiumError
    except ModuleNotFoundError:
        raise NoReader("pypdfium2, which reads PDF, is not installed") from None
    try:
        document = PdfDocument(path)
    except PdfiumError as error:
        raise ValueError(f"{path} is no PDF: {error}") from None
    with document:
        texts = [page.get_textpage().get_text_range() for page in document]
    blocks = []
    for text in texts:
        lines = DIVIDED.sub("", text).splitlines()
        while lines and (not lines[-1].strip() or PAGE.match(lines[-1])):
            lines.pop()
        while lines and (not lines[0].strip() or PAGE.match(lines[0])):
            lines.pop(0)
        blocks.append(Block(_pieces(" ".join(lines))))
    return blocks
