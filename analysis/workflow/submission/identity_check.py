"""The blinded files read back: whether any of them says who the authors are."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Parts of a Word file that are no text: styles, fonts, pictures.
TEXT_PARTS = re.compile(
    r"(word/(document|header\d*|footer\d*|footnotes|comments)|docProps/\w+)\.xml"
)


def paragraphs_of(path: Path) -> list[str]:
    """Text of a Word file, with headers, notes, comments and properties, a paragraph each."""
    found = []
    with zipfile.ZipFile(path) as file:
        for name in file.namelist():
            if not TEXT_PARTS.fullmatch(name):
                continue
            root = ElementTree.fromstring(file.read(name))
            if name.startswith("docProps"):
                found += [each.text or "" for each in root.iter()]
            else:
                found += [
                    "".join(t.text or "" for t in paragraph.iter(f"{WORD}t"))
                    for paragraph in root.iter(f"{WORD}p")
                ]
    return found


def revealing(paths: list[Path], identities: list[str]) -> list[str]:
    """Sentence for each place that names an author: file, word, beginning of the paragraph."""
    found = []
    for path in paths:
        for text in paragraphs_of(path):
            found += [
                f'{path.name} says "{each}" in "{text[:70].strip()} …"'
                for each in identities
                if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text, re.IGNORECASE)
            ]
    return list(dict.fromkeys(found))
