"""A rendered html page as its reader meets it, block by block, whoever rendered it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

VOID = {"img", "br", "hr", "input", "meta", "link", "col", "source", "wbr", "area", "base"}
TEXT = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "li",
    "figcaption",
    "td",
    "th",
    "summary",
    "blockquote",
)
# Navigation, and what stands on the page beside the document's own text.
SKIPPED_TAGS = ("script", "style", "nav", "button", "header", "template", "colgroup")
SKIPPED_CLASSES = (
    "made-by",
    "skip-link",
    "running-header",
    "quarto-alternate-formats",
    "callout-icon-container",
    "nomogram-calculator",
    "threshold-explorer",
    "patient-explorer",
    "screen-reader-only",
)


@dataclass
class Page:
    """blocks: (tag, text) of headings, paragraphs, items, captions and cells, in order; figures:
    alternative texts;
    links: targets within the page, in order; references: one text each; title: of the document."""

    blocks: list[tuple[str, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    title: str = ""

    def texts(self, *tags: str) -> list[str]:
        return [text for tag, text in self.blocks if tag in tags and text]


def plain(text: str) -> str:
    """Words with single spaces; a dash or space that only keeps a line together is an ordinary
    one."""
    return re.sub(
        r"\s+", " ", text.replace("\u2060", "").replace("\u00a0", " ").replace("\u202f", " ")
    ).strip()


def numbers(text: str) -> list[str]:
    return re.findall(r"[−-]?\d*\.?\d+", text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, dict]] = []
        self._texts: list[tuple[str, list[str]]] = []

    def _inside(self, test) -> bool:
        return any(test(tag, values) for tag, values in self._open)

    def _skipped(self) -> bool:
        return self._inside(
            lambda tag, values: (
                tag in SKIPPED_TAGS
                or any(name in SKIPPED_CLASSES for name in (values.get("class") or "").split())
            )
        )

    @staticmethod
    def _is_own(values: dict) -> bool:
        """A callout's title, which Quarto has in a box and the preview in a paragraph; a table's
        note, the reverse."""
        return bool(
            {"callout-title-container", "table-note"} & set((values.get("class") or "").split())
        )

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = dict(attributes)
        if tag not in VOID:
            self._open.append((tag, values))
        if not self._inside(lambda name, _: name == "main"):
            return
        if "csl-entry" in (values.get("class") or "").split() or (
            tag == "h1" and "title" in (values.get("class") or "").split()
        ):
            self._texts.append((tag, []))
        elif self._skipped():
            return
        elif tag in TEXT or self._is_own(values):
            self._texts.append((tag, []))
        elif tag == "img":
            self.page.figures.append(plain(values.get("alt") or values.get("aria-label") or ""))
        elif tag == "br":
            self.handle_data(" ")
        if tag == "a" and (values.get("href") or "").startswith("#") and not self._skipped():
            self.page.links.append(values["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:  # of <br/>
            return
        values: dict = {}
        while self._open:
            name, values = self._open.pop()
            if name == tag:
                break
        if not self._texts or self._texts[-1][0] != tag or tag not in (*TEXT, "div", "span"):
            return
        classes = (values.get("class") or "").split()
        if tag in ("div", "span") and "csl-entry" not in classes and not self._is_own(values):
            return
        text = plain("".join(self._texts.pop()[1]))
        if self._is_own(values):
            self.page.blocks.append(("p", text))
        elif tag == "div":
            self.page.references.append(text)
        elif tag == "h1" and "title" in classes:
            self.page.title = text
        else:
            self.page.blocks.append((tag, text))

    def handle_data(self, data: str) -> None:
        if self._texts and (not self._skipped() or self._texts[-1][0] == "h1"):
            self._texts[-1][1].append(data)


def page_of(path: Path) -> Page:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader.page
