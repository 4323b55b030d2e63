"""Text of a Word file, with what binds each part of it.

Hidden bookmarks bind the parts. The filter results.lua sets them around each value, and Word keeps
them while its text is edited.

A value's bookmark is `_v<n>_<first digits of the key's SHA-1>`, that of a count over several
results or of a constant `_s<n>`, what the authors wrote in the study file `_a<n>`, a number with
the authors' reason `_o<n>`, what a cell printed `_p<n>`, the sentence with the count `_c<n>`;
`_m<n>` in a caption says that a function made its table. Read with the standard library: a Word
file is a zip of XML, and of it only paragraphs, cells, links, bookmarks and tracked changes matter
here.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from analysis.reporting.numerals.html_blocks import CAPTION_NUMBER
from analysis.reporting.numerals.numeral import (
    AUTHORS,
    KEY,
    OWN,
    PRINTED,
    SOURCE,
    TABLE,
    Block,
    Piece,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
VALUE = re.compile(r"_v\d+_([0-9a-f]+)$")
DIGITS = 12
STYLES = {
    "Title": "title",
    "Subtitle": "title",
    "Author": "title",
    "Date": "title",
    "Bibliography": "reference",
    "SourceCode": "code",
}
LINKS = {"ref-": "citation", "fig-": "number", "tbl-": "number", "sec-": "number"}
# Tracked changes, and whether their text stands once they are accepted.
TRACKED = {f"{W}ins": True, f"{W}moveTo": True, f"{W}del": False, f"{W}moveFrom": False}


def key_digest(key: str) -> str:
    """The digits by which a bookmark names a key."""
    return hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()[:DIGITS]


class _Reader:
    """keys: digest → key; accept: whether tracked changes are read as accepted."""

    def __init__(self, keys: Mapping[str, str], accept: bool) -> None:
        self.keys, self.accept = keys, accept
        self.blocks: list[Block] = []
        self._marks: dict[str, tuple[str, str]] = {}
        self._occurrence = 0
        self._made = False

    def _start_mark(self, element: Element) -> None:
        name = element.get(f"{W}name") or ""
        found: tuple[str, str] | None = None
        if value := VALUE.match(name):
            found = (KEY, self.keys.get(value[1], f"unknown key {value[1]}"))
        elif re.match(r"_s\d+", name):
            found = (SOURCE, "")
        elif re.match(r"_a\d+", name):
            found = (AUTHORS, "")
        elif re.match(r"_o\d+", name):
            found = (OWN, "with a reason")
        elif re.match(r"_p\d+", name):
            found = (PRINTED, "")
        elif re.match(r"_c\d+", name):
            found = ("count", "")
        elif re.match(r"_m\d+", name):
            self._made = True
        if found is not None:
            self._occurrence += 1
            self._marks[element.get(f"{W}id") or ""] = found

    def _inline(self, element: Element, kind: tuple[str, str] | None, block: Block) -> None:
        tag = element.tag
        if tag in TRACKED and TRACKED[tag] is not self.accept:
            return
        if tag.startswith(MATH) or tag in (f"{W}pPr", f"{W}rPr", f"{W}instrText"):
            return
        if tag == f"{W}bookmarkStart":
            self._start_mark(element)
        elif tag == f"{W}bookmarkEnd":
            self._marks.pop(element.get(f"{W}id") or "", None)
        elif tag == f"{W}hyperlink":
            anchor = element.get(f"{W}anchor") or ""
            kind = next(((k, "") for start, k in LINKS.items() if anchor.startswith(start)), kind)
        elif tag == f"{W}r":
            style = element.find(f"{W}rPr/{W}rStyle")
            if style is not None and style.get(f"{W}val") == "VerbatimChar":
                kind = ("code", "")
        elif tag in (f"{W}t", f"{W}delText"):
            marks = list(self._marks.values())
            own = [each for each in marks if each[0] == OWN]
            if own and marks[-1][0] == PRINTED:  # within an `own` its reason holds
                marks = own
            bound, detail = (marks[-1] if marks else kind) or (None, "")
            block.pieces.append(Piece(element.text or "", bound, detail, self._occurrence))
        elif tag in (f"{W}tab", f"{W}br", f"{W}noBreakHyphen"):
            block.pieces.append(Piece("-" if tag.endswith("Hyphen") else " "))
        for child in element:
            self._inline(child, kind, block)

    def paragraph(self, element: Element, in_table: bool) -> None:
        """Adds the paragraph's text as a block."""
        named = element.find(f"{W}pPr/{W}pStyle")
        style = (named.get(f"{W}val") if named is not None else None) or ""
        if not in_table:
            self._made = False
        block = Block()
        kind = STYLES.get(style)
        self._inline(element, (kind, "") if kind else None, block)
        if "Caption" in style:
            _number_of_caption(block)
        if in_table and self._made:
            block.pieces = [
                each if each.kind else Piece(each.text, TABLE, "") for each in block.pieces
            ]
        if block.text.strip():
            self.blocks.append(block)

    def body(self, element: Element, in_table: bool = False) -> None:
        """Adds the paragraphs of a body, a table or a cell."""
        for child in element:
            if child.tag == f"{W}p":
                self.paragraph(child, in_table)
            elif child.tag == f"{W}bookmarkStart":
                self._start_mark(child)
            elif child.tag == f"{W}bookmarkEnd":
                self._marks.pop(child.get(f"{W}id") or "", None)
            elif child.tag in TRACKED and TRACKED[child.tag] is not self.accept:
                continue
            else:
                is_table = child.tag == f"{W}tbl"
                self.body(child, in_table or is_table)
                # A caption stands before its table, and says who made that one alone.
                self._made = self._made and (in_table or not is_table)


def _number_of_caption(block: Block) -> None:
    """`Table 1.` at the start of a caption is the float's number, in however many pieces."""
    found = CAPTION_NUMBER.match(block.text)
    left, pieces = len(found[0]) if found else 0, []
    for each in block.pieces:
        if left:
            pieces.append(Piece(each.text[:left], "number"))
        if len(each.text) > left:
            rest = each.text[left:]
            pieces.append(Piece(rest, each.kind, each.detail, each.occurrence))
        left = max(0, left - len(each.text))
    block.pieces = pieces


def docx_blocks(
    path: Path, keys: Mapping[str, str] | None = None, accept: bool = True
) -> list[Block]:
    """The blocks of a Word file that have text, footnotes at the end.

    keys: digest → key, of the results. accept: read tracked changes as accepted, else as rejected.
    Raises ValueError where the file is no Word document.
    """
    reader = _Reader(keys or {}, accept)
    try:
        with zipfile.ZipFile(path) as file:
            parts = [
                fromstring(file.read(name))
                for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
                if name in file.namelist() or name == "word/document.xml"
            ]
    except (zipfile.BadZipFile, KeyError, ParseError) as error:
        raise ValueError(f"{path} is no Word document (.docx): {error}") from None
    for part in parts:
        reader.body(part)
    return reader.blocks
