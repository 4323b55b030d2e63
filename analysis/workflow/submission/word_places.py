"""Page and line of each place of a Word file, as LibreOffice lays it out.

A Word file has no pages until a program lays it out. LibreOffice writes it as PDF, each bookmark as
a named destination and each line's number in the margin; both are read from there.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

# Two lines of text are further apart than this, in points.
POINT = 3.0
FILTER = (
    'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
)
LONGEST_S = 300

# Page from 1 and height above the page's foot in points.
Spot = tuple[int, float]


def find_libreoffice() -> str | None:
    """Path of LibreOffice, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _laid_out(word: Path, folder: Path, libreoffice: str) -> Path | None:
    """The Word file as PDF; None where LibreOffice fails. An own profile lets two run at once."""
    command = [
        libreoffice,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        FILTER,
        "--outdir",
        str(folder),
        str(word),
    ]
    try:
        subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    pdf = folder / f"{word.stem}.pdf"
    return pdf if pdf.is_file() else None


def _destinations(document: PdfDocument) -> dict[str, Spot]:
    """Named destinations of a PDF: page from 1 and height."""
    # Imported here: as below.
    from pypdfium2 import raw

    found = {}
    for number in range(raw.FPDF_CountNamedDests(document)):
        length = ctypes.c_long(0)
        raw.FPDF_GetNamedDest(document, number, None, ctypes.byref(length))
        name = ctypes.create_string_buffer(length.value)
        place = raw.FPDF_GetNamedDest(document, number, name, ctypes.byref(length))
        has = [ctypes.c_int() for _ in range(3)]
        at = [ctypes.c_float() for _ in range(3)]
        raw.FPDFDest_GetLocationInPage(place, *has, *at)
        if has[1].value:
            page = raw.FPDFDest_GetDestPageIndex(document, place) + 1
            found[name.raw.decode("utf-16le").rstrip("\0")] = (page, at[1].value)
    return found


def _texts(document: PdfDocument) -> list[tuple[Spot, float, str]]:
    """Pieces of text: page and height of the foot, left end, text."""
    found = []
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        for each in range(text.count_rects()):
            left, foot, right, top = text.get_rect(each)
            words = text.get_text_bounded(left, foot, right, top).strip()
            found.append(((number, foot), left, words))
    return found


def _numbered_lines(texts: list[tuple[Spot, float, str]]) -> list[tuple[Spot, int]]:
    """Places of the line numbers, which stand left of all text."""
    text_begins = min((left for _, left, words in texts if not words.isdigit()), default=0.0)
    return [
        (spot, int(words))
        for spot, left, words in texts
        if words.isdigit() and left < text_begins - POINT
    ]


def _caption(start: str | None, texts: list[tuple[Spot, float, str]]) -> Spot | None:
    """Where a line begins with `Figure 1.` or `Figure 1:`."""
    if start is None:
        return None
    begins = (f"{start}.", f"{start}:")
    named = (spot for spot, _, words in texts if " ".join(words.split()).startswith(begins))
    return next(named, None)


def _place(spot: Spot, lines: list[tuple[Spot, int]]) -> tuple[int, int] | None:
    """Page and number of the first line at or below a spot."""
    page, height = spot
    after = [
        (where[0], -where[1], line)
        for where, line in lines
        if where[0] > page or (where[0] == page and where[1] <= height + POINT)
    ]
    if not after:
        return None
    page, _, line = min(after)
    return page, line


def word_places(
    word: Path, labels: list[str], captions: Mapping[str, str]
) -> dict[str, tuple[int, int]] | None:
    """Page and line of each label in a Word file whose lines are numbered.

    labels: of headings, figures and tables (`sec-methods`). captions: label → start of the caption
    (`Figure 1`), by which a figure is found that has no bookmark. A label that is not found is left
    out. Returns None where LibreOffice is not installed or can't lay the file out.
    """
    libreoffice = find_libreoffice()
    if libreoffice is None:
        return None
    # Imported here: PDFium is loaded only where LibreOffice made a PDF.
    from pypdfium2 import PdfDocument

    with tempfile.TemporaryDirectory() as temporary:
        pdf = _laid_out(word, Path(temporary), libreoffice)
        if pdf is None:
            return None
        with PdfDocument(pdf) as document:
            spots, texts = _destinations(document), _texts(document)
    for label in labels:
        if label not in spots and (caption := _caption(captions.get(label), texts)) is not None:
            spots[label] = caption
    lines = _numbered_lines(texts)
    found = {label: _place(spots[label], lines) for label in labels if label in spots}
    return {label: place for label, place in found.items() if place is not None}
