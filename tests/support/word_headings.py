"""Headings of a Word file."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ElementTree
import zipfile

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _sections(document: bytes) -> tuple[zipfile.ZipFile, list[ElementTree.Element]]:
    parts = zipfile.ZipFile(io.BytesIO(document))
    return parts, list(
        ElementTree.fromstring(parts.read("word/document.xml")).iter(f"{WORD}sectPr")
    )


def assert_headed(document: bytes, words: str) -> None:
    """Every section of a Word file has one header for each kind of page, whose part is there, is
    declared, and says `words`."""
    parts, sections = _sections(document)
    relations = {
        each.get("Id"): each.get("Target")
        for each in ElementTree.fromstring(parts.read("word/_rels/document.xml.rels"))
    }
    declared = {
        each.get("PartName"): each.get("ContentType")
        for each in ElementTree.fromstring(parts.read("[Content_Types].xml"))
    }
    assert sections
    for section in sections:
        headers = {
            each.get(f"{WORD}type"): each.get(f"{RELATION}id")
            for each in section.iter(f"{WORD}headerReference")
        }
        assert set(headers) == {"default", "first", "even"}
        assert len(list(section.iter(f"{WORD}headerReference"))) == 3
        # The schema wants them before all other settings of the page.
        assert [each.tag for each in section][:3] == [f"{WORD}headerReference"] * 3
        for name in {relations[each] for each in headers.values()}:
            assert declared[f"/word/{name}"].endswith("wordprocessingml.header+xml")
            assert (
                "".join(ElementTree.fromstring(parts.read(f"word/{name}")).itertext()).strip()
                == words
            )
