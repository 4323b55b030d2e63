"""Marks of tracked changes that pandoc's Word writer leaves out.

They are a mark of its own for each change, and marks of paragraphs and of rows of tables that came
or went as a whole.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import count
from xml.etree import ElementTree

from analysis.workflow.redline.tracking import AUTHOR

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
DOCUMENT = "word/document.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KINDS = {f"{W}ins": "ins", f"{W}del": "del"}
# What stands in a paragraph beside its text.
NO_TEXT = {
    f"{W}{name}"
    for name in (
        "pPr",
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "proofErr",
    )
}
Element = ElementTree.Element


def _texts(paragraph: Element) -> Iterator[Element]:
    """Runs and tracked changes of a paragraph, those within links too."""
    for each in paragraph:
        if each.tag == f"{W}hyperlink":
            yield from _texts(each)
        elif each.tag not in NO_TEXT and each.find(f"{W}commentReference") is None:
            yield each


def _kind(paragraphs: list[Element]) -> str | None:
    """ins or del where all text of the paragraphs is so; None where it is not, or there is none."""
    kinds = {KINDS.get(each.tag) for paragraph in paragraphs for each in _texts(paragraph)}
    return kinds.pop() if len(kinds) == 1 else None


def _within(parent: Element, name: str, first: bool = True) -> Element:
    found = parent.find(f"{W}{name}")
    if found is None:
        found = ElementTree.Element(f"{W}{name}")
        parent.insert(0 if first else len(parent), found)
    return found


def _mark(parent: Element, kind: str, date: str) -> None:
    attributes = {f"{W}id": "0", f"{W}author": AUTHOR, f"{W}date": date}
    parent.insert(0, ElementTree.Element(f"{W}{kind}", attributes))


def _mark_rows(body: Element, date: str) -> None:
    for row in body.iter(f"{W}tr"):
        kind = _kind(list(row.iter(f"{W}p")))
        if kind is not None:
            properties = _within(row, "trPr")
            attributes = {f"{W}id": "0", f"{W}author": AUTHOR, f"{W}date": date}
            ElementTree.SubElement(properties, f"{W}{kind}", attributes)


def _mark_paragraphs(body: Element, date: str) -> None:
    in_cells = {id(each) for cell in body.iter(f"{W}tc") for each in cell.iter(f"{W}p")}
    for paragraph in body.iter(f"{W}p"):
        kind = _kind([paragraph])
        if kind is not None and id(paragraph) not in in_cells:
            properties = _within(paragraph, "pPr")
            _mark(_within(properties, "rPr", first=False), kind, date)


def _named(parts: dict[str, bytes]) -> None:
    """Prefixes as pandoc wrote them: Word looks for `w:`."""
    for _, (prefix, address) in ElementTree.iterparse(
        io.BytesIO(parts[DOCUMENT]), events=["start-ns"]
    ):
        ElementTree.register_namespace(prefix, address)


def finished(document: bytes, date: str) -> bytes:
    """The .docx with a number for each tracked change, and with whole paragraphs and rows marked.

    The same input gives the same bytes.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    _named(parts)
    tree = ElementTree.fromstring(parts[DOCUMENT])
    _mark_paragraphs(tree, date)
    _mark_rows(tree, date)
    numbers = count(1)
    for each in tree.iter():
        if each.tag in KINDS:
            each.set(f"{W}id", str(next(numbers)))
    parts[DOCUMENT] = ElementTree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(zipfile.ZipInfo(name, FIXED_TIME), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
