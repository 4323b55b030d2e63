"""The text of a rendered html page, with what binds each part of it.

Read with the standard library's parser, as the page's tables are (rendering/spreadsheets.py): the
pages are the project's own, and a tree of their many megabytes is not needed.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from analysis.reporting.numerals.numeral import (
    AUTHORS,
    KEY,
    NO_KEY,
    OWN,
    PRINTED,
    SOURCE,
    TABLE,
    Block,
    Piece,
)
from analysis.reporting.results_by_key import STUDY_FILE

VOID = {"img", "br", "hr", "input", "meta", "link", "col", "source", "wbr", "area", "base", "track"}
# What is no text of the document: the page's own parts, and pictures.
SKIPPED = {"head", "script", "style", "nav", "button", "svg", "math", "select", "footer"}
SKIPPED_CLASSES = {
    *("running-header", "made-by", "screen-reader-only"),
    *("nomogram-calculator", "threshold-explorer", "patient-explorer"),
}
SKIPPED_IDS = {"quarto-header", "quarto-margin-sidebar", "quarto-sidebar", "quarto-back-to-top"}
BREAKS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "div", "figcaption", "section"),
    *("blockquote", "dt", "dd", "pre", "table", "tr", "figure", "details", "summary", "header"),
}
PRINTS = (PRINTED, "")
CROSS_REFERENCE = re.compile(r"#(?:fig|tbl|sec|eq)-")
CAPTION_NUMBER = re.compile(r"\s*(?:Figure|Table)[\s\xa0]+S?\d+[.:]?")


class _Reader(HTMLParser):
    """Builds blocks; a stack of open elements says what binds the text of each."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = [Block()]
        self._open: list[tuple[str, tuple[str, str] | None, bool]] = []
        self._skipping = 0
        # Blocks of a float's cells, until its caption says who made the table.
        self._floats: list[tuple[int, list[int], list[str]]] = []
        self._bound = 0
        # How many elements were open when each output of a cell began that is open now.
        self._outputs: list[int] = []

    def _kind(self, tag: str, values: dict[str, str]) -> tuple[str, str] | None:
        classes = set(values.get("class", "").split())
        title = values.get("title", "")
        if "result" in classes and "made-by" not in classes:
            return KEY, title.split(" · ")[0]
        if "stated" in classes:
            key = values.get("data-key", "")
            if key.startswith(STUDY_FILE):
                return AUTHORS, key
            return (SOURCE if NO_KEY.search(key) else KEY), key
        if "own" in classes:
            reason = values.get("data-reason", "")
            return (OWN, reason) if reason.strip() else None
        if "counted" in classes:
            return "count", ""
        simple = {
            "byline": "title",
            "citation": "citation",
            "csl-entry": "reference",
            "header-section-number": "number",
            "quarto-xref": "number",
        }
        for name, kind in simple.items():
            if name in classes:
                return kind, ""
        if tag == "pre" and self._outputs:  # within an `own` its reason holds
            return None if any(kind and kind[0] == OWN for _, kind, _ in self._open) else PRINTS
        if tag in ("code", "pre", "kbd") and not self._is_printed():
            return "code", ""
        if values.get("id") == "title-block-header":
            return "title", ""
        if tag == "a" and CROSS_REFERENCE.match(values.get("href", "")):
            return "number", ""
        return None

    def _is_printed(self) -> bool:
        return bool(self._outputs) and any(name == "pre" for name, _, _ in self._open)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = {name: value or "" for name, value in attributes}
        classes = set(values.get("class", "").split())
        if "made-by" in classes and self._floats:
            self._floats[-1][2].append(values.get("title", ""))
        if tag in BREAKS:
            self.blocks.append(Block())
        if tag in VOID:
            return
        skipped = bool(
            tag in SKIPPED or classes & SKIPPED_CLASSES or values.get("id") in SKIPPED_IDS
        )
        self._skipping += skipped
        kind = self._kind(tag, values)
        if kind is not None:
            self._bound += 1
        if "cell-output" in classes:
            self._outputs.append(len(self._open))
        self._open.append((tag, kind, skipped))
        if tag in ("div", "figure") and values.get("id", "").startswith("tbl-"):
            self._floats.append((len(self._open), [], []))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not any(name == tag for name, _, _ in self._open):
            return
        while self._open:
            name, _, skipped = self._open.pop()
            self._skipping -= skipped
            self._close_float()
            if self._outputs and len(self._open) <= self._outputs[-1]:
                self._outputs.pop()
            if name == tag:
                break
        if tag in BREAKS:
            self.blocks.append(Block())

    def _close_float(self) -> None:
        if not self._floats or len(self._open) >= self._floats[-1][0]:
            return
        _, cells, makers = self._floats.pop()
        for number in cells if makers else ():
            block = self.blocks[number]
            block.pieces = [
                each if each.kind else Piece(each.text, TABLE, makers[0]) for each in block.pieces
            ]

    def handle_data(self, data: str) -> None:
        if self._skipping or not data:
            return
        kind = next((each for _, each, _ in reversed(self._open) if each is not None), None)
        block, number = self.blocks[-1], len(self.blocks) - 1
        inside = {name for name, _, _ in self._open}
        if (
            "figcaption" in inside
            and not block.text.strip()
            and (found := CAPTION_NUMBER.match(data))
        ):
            block.pieces.append(Piece(found[0], "number"))
            data = data[found.end() :]
        known, detail = kind or (None, "")
        block.pieces.append(Piece(re.sub(r"\s", " ", data), known, detail, self._bound))
        if self._floats and inside & {"td", "th"} and number not in self._floats[-1][1]:
            self._floats[-1][1].append(number)


def html_blocks(page: Path) -> list[Block]:
    """The blocks of a page that have text."""
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    reader.close()
    return [block for block in reader.blocks if block.text.strip()]
