"""JATS as publishers read it: labels of figures and tables, notes within the table, no empty parts.

Pandoc's writer (3.8) knows no `<label>`, gives a table's identifier to `<table>` and puts its note
after it; Quarto and the preview both use that writer, so both files pass here.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

from analysis.core.cache import write_atomically

NAMESPACES = {
    "xlink": "http://www.w3.org/1999/xlink",
    "mml": "http://www.w3.org/1998/Math/MathML",
    "ali": "http://www.niso.org/schemas/ali/1.0/",
}
LABEL = re.compile(r"(Figure|Table)[\s\u00a0]S?\d+")
# Quarto's template writes these whether or not there is something in them.
MAY_BE_EMPTY = ("journal-meta", "history", "permissions", "kwd-group", "notes")


def _label(element: ElementTree.Element) -> None:
    """`<label>` from the number in bold before the caption."""
    caption = element.find("caption")
    paragraph = caption.find("p") if caption is not None else None
    bold = paragraph.find("bold") if paragraph is not None else None
    if (
        paragraph is None
        or bold is None
        or (paragraph.text or "").strip()
        or element.find("label") is not None
    ):
        return
    if not (found := LABEL.match("".join(bold.itertext()))):
        return
    label = ElementTree.Element("label")
    label.text, label.tail = found[0], "\n"
    element.insert(0, label)
    paragraph.text = (bold.tail or "").lstrip()
    paragraph.remove(bold)


def _identified(wrap: ElementTree.Element) -> None:
    """The table's identifier on `<table-wrap>`, where references look for it."""
    table = wrap.find("table")
    if table is not None and "id" in table.attrib:
        wrap.set("id", table.attrib.pop("id"))


def _is_note(element: ElementTree.Element) -> bool:
    named = element.find("named-content") if element.tag == "p" else None
    return (
        named is not None
        and named.get("content-type") == "table-note"
        and not (element.text or "").strip()
    )


def _with_notes(parent: ElementTree.Element) -> None:
    """A note that follows a table as that table's foot."""
    children = list(parent)
    for table, note in pairwise(children):
        if table.tag == "table-wrap" and _is_note(note):
            parent.remove(note)
            foot = ElementTree.SubElement(table, "table-wrap-foot")
            foot.append(note)


def _without_empty(root: ElementTree.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in MAY_BE_EMPTY and len(child) == 0 and not (child.text or "").strip():
                parent.remove(child)


def _journal(root: ElementTree.Element, journal: str) -> None:
    front = root.find("front")
    if front is None:
        return
    meta = front.find("journal-meta")
    if meta is None:
        meta = ElementTree.Element("journal-meta")
        front.insert(0, meta)
    if meta.find("journal-title-group") is None:
        group = ElementTree.SubElement(meta, "journal-title-group")
        ElementTree.SubElement(group, "journal-title").text = journal


def labelled(text: str, journal: str | None = None) -> str:
    """JATS document with labels, notes and identifiers where JATS has them.

    The same given again changes nothing.

    journal: title that stands in `<journal-meta>`; without one an empty `<journal-meta>` is left
    out. Raises xml.etree.ElementTree.ParseError where `text` is no XML.
    """
    for prefix, address in NAMESPACES.items():
        ElementTree.register_namespace(prefix, address)
    start = max(text.find("<article"), 0)
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    root = ElementTree.fromstring(text[start:], parser=parser)
    for element in root.iter():
        if element.tag in ("fig", "table-wrap"):
            _label(element)
        if element.tag == "table-wrap":
            _identified(element)
    for parent in list(root.iter()):
        _with_notes(parent)
    if journal:
        _journal(root, journal)
    _without_empty(root)
    written = io.StringIO()
    ElementTree.ElementTree(root).write(written, encoding="unicode", short_empty_elements=True)
    return text[:start] + written.getvalue() + "\n"


def finish_jats(path: Path, journal: str | None = None) -> None:
    """The same for a file, in its place; a file that is right stays as it is."""
    before = path.read_text(encoding="utf-8")
    after = labelled(before, journal)
    if after != before:
        write_atomically(path, after)
