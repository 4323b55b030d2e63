"""Citations and cross-references of rendered pages that lead nowhere.

Pandoc and Quarto print them in bold with a question mark, with no more than a warning.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from analysis.core.spelling_hints import close_to

# `[1,**sung2020?**]`, beside the keys that the citation names.
CITED = re.compile(r'data-cites="([^"]*)"')
UNKNOWN = re.compile(r"<strong>([^<>\s]+)\?</strong>")
# `?@fig-flow`, of both renderers.
NO_LABEL = re.compile(r"\?@((?:fig|tbl|sec|eq|lst)-[\w:.-]*\w)")
LABEL = re.compile(r'\bid="((?:fig|tbl|sec|eq|lst)-[^"]+)"')
ENTRY = re.compile(r"^\s*@\w+\s*\{\s*([^,\s]+)\s*,", re.MULTILINE)
# In Word, a link to the reference list whose text is the key.
LINKED = re.compile(r'<w:hyperlink w:anchor="ref-([^"]+)"[^>]*>(.*?)</w:hyperlink>', re.DOTALL)
WORDS = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")


class UnresolvedReferences(ValueError):
    """A strict render cites what no bibliography has, or refers to what no document has."""


@dataclass(frozen=True)
class Unresolved:
    """kind: `citation` or `reference`; name: the key or the label; known: those that there are."""

    document: str
    kind: str
    name: str
    known: tuple[str, ...]

    def line(self) -> str:
        """For the terminal, with the nearest that there is."""
        what = (
            f"no bibliography has the entry '{self.name}'"
            if self.kind == "citation"
            else f"nothing has the label '{self.name}'"
        )
        return f"{self.document}: {what}{close_to(self.name, self.known)}"


def entries_of(bibliographies: Iterable[Path]) -> tuple[str, ...]:
    """Keys of the entries of BibTeX files."""
    return tuple(
        key for path in bibliographies for key in ENTRY.findall(path.read_text(encoding="utf-8"))
    )


def _of_html(page: Path, entries: tuple[str, ...]) -> list[Unresolved]:
    text = page.read_text(encoding="utf-8")
    cited = {key for keys in CITED.findall(text) for key in unescape(keys).split()}
    labels = tuple(LABEL.findall(text))
    lost = [key for key in map(unescape, UNKNOWN.findall(text)) if key in cited]
    return [
        *(Unresolved(page.name, "citation", key, entries) for key in dict.fromkeys(lost)),
        *_without_label(page, text, labels),
    ]


def _without_label(page: Path, text: str, labels: tuple[str, ...]) -> list[Unresolved]:
    names = dict.fromkeys(NO_LABEL.findall(text))
    return [Unresolved(page.name, "reference", name, labels) for name in names]


def _of_word(page: Path, entries: tuple[str, ...]) -> list[Unresolved]:
    with zipfile.ZipFile(page) as file:
        content = file.read("word/document.xml").decode("utf-8")
    lost = [
        key
        for key, linked in LINKED.findall(content)
        if "".join(map(unescape, WORDS.findall(linked))) == f"{key}?"
    ]
    text = " ".join(map(unescape, WORDS.findall(content)))
    return [
        *(Unresolved(page.name, "citation", key, entries) for key in dict.fromkeys(lost)),
        *_without_label(page, text, ()),
    ]


def unresolved(pages: Iterable[Path], entries: tuple[str, ...]) -> list[Unresolved]:
    """Citations and cross-references of html and Word pages that lead nowhere.

    entries: keys of the bibliographies, for the nearest one. A Word page is read only where the
    same document was not rendered as html too.
    """
    there = [page for page in pages if page.is_file()]
    as_html = {page.with_suffix("") for page in there if page.suffix == ".html"}
    found: list[Unresolved] = []
    for page in there:
        if page.suffix == ".html":
            found += _of_html(page, entries)
        elif page.suffix == ".docx" and page.with_suffix("") not in as_html:
            found += _of_word(page, entries)
    return found
