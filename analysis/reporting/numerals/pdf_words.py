"""The words of a rendered PDF.

A PDF keeps no marks of its values, so that each numeral is found again by the words beside it in
the same document as html or Word (alignment.py).
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from analysis.reporting.numerals.numeral import Block, Piece
from analysis.reporting.numerals.section_numbers import numbered_headings

# A page's number, which the other formats don't print.
PAGE = re.compile(r"^\s*\d+\s*$")
# Figures and tables are numbered in each format on its own, as one may leave some out.
NUMBERED = re.compile(r"((?:Figure|Table)s?[\s\xa0]+S?\d+)")
# A word that was divided at the end of a line.
DIVIDED = re.compile(r"(?:\xad|\ufffe|\x02)\s*")
# Of figures (analysis/reporting/fonts), as a PDF names it.
FIGURE_FONT = "LiberationSans"
NAME_BYTES = 128
# Every so many characters the font is looked at, to know the document's own.
SAMPLED = 20


class NoReader(RuntimeError):
    """There is no library that reads PDF."""


def _pieces(text: str) -> list[Piece]:
    return [
        Piece(part, "number" if place % 2 else None)
        for place, part in enumerate(NUMBERED.split(text))
        if part
    ]


def _font(page: Any, place: int) -> str:
    """Name of the font of a character, without the mark of a subset."""
    # Imported here: PDFium is loaded only where a PDF is read.
    from pypdfium2.raw import FPDFText_GetFontInfo

    name, flags = ctypes.create_string_buffer(NAME_BYTES), ctypes.c_int()
    FPDFText_GetFontInfo(page.raw, place, name, NAME_BYTES, ctypes.byref(flags))
    return name.value.decode(errors="replace").rpartition("+")[2]


def _texts(document: Any) -> list[str]:
    """Text of each page without the digits of figures.

    A figure is drawn from the results by code, and a picture in html and Word; in a PDF its text is
    text, in the figures' own font. Where the document is set in that font too, nothing is left out.
    """
    pages = [page.get_textpage() for page in document]
    texts = [page.get_text_range() for page in pages]
    sampled = Counter(
        _font(page, place)
        for page, text in zip(pages, texts, strict=True)
        for place in range(0, len(text), SAMPLED)
    )
    if not sampled or sampled.most_common(1)[0][0].startswith(FIGURE_FONT):
        return texts
    return [
        "".join(
            " " if each.isdigit() and _font(page, place).startswith(FIGURE_FONT) else each
            for place, each in enumerate(text)
        )
        for page, text in zip(pages, texts, strict=True)
    ]


def _lines(text: str) -> list[str]:
    """Lines of a page without the page's number at its foot or top."""
    lines = DIVIDED.sub("", text).splitlines()
    while lines and (not lines[-1].strip() or PAGE.match(lines[-1])):
        lines.pop()
    while lines and (not lines[0].strip() or PAGE.match(lines[0])):
        lines.pop(0)
    return lines


def _block(lines: list[str], numbers: dict[int, int]) -> Block:
    """One page. numbers: line → end of the section's number before its heading."""
    block, begin = Block(), 0
    for place, end in sorted(numbers.items()):
        before, line = " ".join(lines[begin:place]), lines[place]
        block.pieces += [*_pieces(before), Piece(f" {line[:end]}", "number")]
        lines, begin = [*lines[:place], line[end:], *lines[place + 1 :]], place
    block.pieces += _pieces(" ".join(lines[begin:]))
    return block


def pdf_blocks(path: Path, headings: Collection[str] = ()) -> list[Block]:
    """Text blocks of a PDF file, one for each page.

    The lines of a page are joined; the number at its foot or top is none of the block. headings: of
    the document; numbers of sections before them, which a journal's format prints, need no key.

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
        texts = _texts(document)
    pages = [_lines(text) for text in texts]
    numbers: list[dict[int, int]] = [{} for _ in pages]
    for page, line, end in numbered_headings(pages, headings):
        numbers[page][line] = end
    return [_block(lines, found) for lines, found in zip(pages, numbers, strict=True)]
