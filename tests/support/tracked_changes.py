"""A Word file after all of its tracked changes were accepted or rejected, read by pandoc."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pypandoc

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT = "word/document.xml"
# Accepted, a deleted row or paragraph goes; rejected, an inserted one. Pandoc's reader leaves rows,
# headings and items of lists empty.
GONE = {"accept": "del", "reject": "ins"}
IMAGE = re.compile(r"\]\(media/[^)]*\)(\{[^}]*\})?")


def _is_gone(element: ElementTree.Element, kind: str) -> bool:
    """Whether a paragraph's own mark went, and all of its text."""
    runs = [each for each in element.iter(f"{W}r") if each.find(f"{W}commentReference") is None]
    went = {id(run) for each in element.iter(f"{W}{kind}") for run in each.iter(f"{W}r")}
    marked = element.find(f"{W}pPr/{W}rPr/{W}{kind}") is not None
    return marked and all(id(run) in went for run in runs)


def _drop_layout(table: ElementTree.Element) -> None:
    """Columns of one width and cells of one line: both follow the new numbers' room."""
    for column in table.iter(f"{W}gridCol"):
        column.set(f"{W}w", "1000")
    for run in table.iter(f"{W}r"):
        for line in run.findall(f"{W}br"):
            line.tag = f"{W}t"
            line.text = " "


def _without_gone(document: bytes, kind: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == DOCUMENT:
                tree = ElementTree.fromstring(part)
                for table in tree.iter(f"{W}tbl"):
                    _drop_layout(table)
                    for row in table.findall(f"{W}tr"):
                        if row.find(f"{W}trPr/{W}{kind}") is not None:
                            table.remove(row)
                for parent in list(tree.iter()):
                    for paragraph in parent.findall(f"{W}p"):
                        if _is_gone(paragraph, kind):
                            parent.remove(paragraph)
                part = ElementTree.tostring(tree, encoding="UTF-8", xml_declaration=True)
            target.writestr(name, part)
    return made.getvalue()


def text_of(document: Path, changes: str = "accept") -> str:
    """Markdown of a Word file, pictures by their captions alone; changes: accept or reject."""
    file = document.with_name(f"{document.stem}.{changes}.docx")
    file.write_bytes(_without_gone(document.read_bytes(), GONE[changes]))
    text = pypandoc.convert_file(
        str(file), "markdown", extra_args=[f"--track-changes={changes}", "--wrap=none"]
    )
    file.unlink()
    return IMAGE.sub("]", text).replace("** **", " ")  # bold text is read in pieces


def tracked(document: Path) -> list[tuple[str, str]]:
    """`ins` or `del`, and the text, of each tracked change in order."""
    with zipfile.ZipFile(document) as parts:
        tree = ElementTree.fromstring(parts.read(DOCUMENT))
    found = []
    for each in tree.iter():
        if each.tag in (f"{W}ins", f"{W}del") and len(each):
            words = [t.text or "" for name in ("t", "delText") for t in each.iter(f"{W}{name}")]
            found.append((each.tag.removeprefix(W), "".join(words)))
    return found


def comments(document: Path) -> list[tuple[str, str, str]]:
    """Author, date and text of each comment."""
    with zipfile.ZipFile(document) as parts:
        tree = ElementTree.fromstring(parts.read("word/comments.xml"))
    return [
        (
            each.get(f"{W}author", ""),
            each.get(f"{W}date", ""),
            "".join(t.text or "" for t in each.iter(f"{W}t")),
        )
        for each in tree.iter(f"{W}comment")
    ]
