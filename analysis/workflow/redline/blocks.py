"""The blocks of two documents as one with tracked changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.workflow.redline.article import Article
from analysis.workflow.redline.pairing import pairs
from analysis.workflow.redline.running_text import Marked, Node, pieces, plain_text, running_text
from analysis.workflow.redline.steps import WORDS, sentences_of, steps
from analysis.workflow.redline.tables import has_same_columns, merged_table, with_rows_of
from analysis.workflow.redline.tracking import DELETED, INSERTED, REDRAWN, Tracking
from analysis.workflow.redline.uncompared import Uncompared, caption_of
from analysis.workflow.redline.whole_blocks import (
    TEXTS,
    inlines_of,
    marked_blocks,
    texts_of,
    with_inlines,
)

# Where among its content a block has other blocks, or items of blocks; None: it is all of it.
HOLDS = {"Div": 1, "Figure": 2, "BlockQuote": None}
ITEMS = {"BulletList": None, "OrderedList": 1}
FLOATS = ("tbl-", "fig-")
REFERENCES = "refs"  # of citeproc
NEW_PICTURE = "The picture was redrawn from the results of the new state, which is the one shown."


def _identifier(block: Node) -> str:
    return str(block["c"][0][0]) if block["t"] in ("Div", "Figure", "Table") else ""


def _text(block: Node) -> str:
    name = _identifier(block)
    return f"{block['t']} {name}" if name else f"{block['t']} {plain_text(block)}"


def _part(block: Node, place: int | None) -> Any:
    return block["c"] if place is None else block["c"][place]


def _with_part(block: Node, place: int | None, part: Any) -> Node:
    if place is None:
        return {**block, "c": part}
    return {**block, "c": [part if i == place else each for i, each in enumerate(block["c"])]}


def _images(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for each in node for name in _images(each)]
    if not isinstance(node, dict):
        return []
    return [node["c"][2][0]] if node.get("t") == "Image" else _images(node.get("c"))


def _first_of(node: Any, kind: str) -> Node | None:
    if isinstance(node, list):
        return next((found for each in node if (found := _first_of(each, kind))), None)
    if not isinstance(node, dict):
        return None
    return node if node.get("t") == kind else _first_of(node.get("c"), kind)


@dataclass
class Comparison:
    """old, new: the article written from each state; titles: what the states are called."""

    old: Article
    new: Article
    titles: tuple[str, str]
    tracking: Tracking

    def blocks(self, old: list[Node], new: list[Node]) -> list[Node]:
        """One list of blocks."""
        if len(old) == len(new) == 1 and old[0]["t"] == new[0]["t"]:
            return self._block(old[0], new[0])  # a cell or an item: what it says became this
        found: list[Node] = []
        for one, two in pairs(old, new, _text):
            if one is None or two is None:
                found += self._alone(one or two or {}, DELETED if two is None else INSERTED)
            else:
                found += self._block(one, two)
        return found

    def inlines(self, old: list[Node], new: list[Node]) -> list[Node]:
        """One running text."""
        found = steps(pieces(old), pieces(new))
        marked: list[Marked] = []
        noted: set[tuple[str, str]] = set()
        for step, sentences in zip(found, sentences_of(found), strict=True):
            marked += self.tracking.step(step, None if sentences in noted else sentences)
            if step.kind == WORDS:
                noted.add(sentences)
        return running_text(marked)

    def _alone(self, block: Node, name: str) -> list[Node]:
        """A block that one of the two has alone."""
        if block["t"] == "Header" and name == INSERTED:
            self._enter(block)
        if _identifier(block).startswith(FLOATS):
            self.tracking.part = _label(block)
        words = self._said(plain_text(block), name)
        self.tracking.part = ""
        return marked_blocks([block], self.tracking, name, words)

    def _said(self, text: str, name: str) -> str:
        text = " ".join(text.split())
        was, is_ = (text, "") if name == DELETED else ("", text)
        return self.tracking.record("", was, is_) if text else ""

    def _row(self, cells: list[list[Node]], name: str) -> list[list[Node]]:
        """The cells of a row that one of the two has alone."""
        words = self._said(" ".join(plain_text(cell) for cell in cells), name)
        marked = []
        for cell in cells:
            marked.append(marked_blocks(cell, self.tracking, name, words))
            words = ""
        return marked

    def _replaced(self, old: Node, new: Node) -> list[Node]:
        return self._alone(old, DELETED) + self._alone(new, INSERTED)

    def _enter(self, header: Node) -> None:
        self.tracking.section = plain_text(inlines_of(header)).strip()
        self.tracking.part = ""

    def _block(self, old: Node, new: Node) -> list[Node]:
        kind = new["t"]
        if old["t"] != kind:
            return self._replaced(old, new)
        if kind == "Header":
            self._enter(new)
        if kind in TEXTS:
            return [with_inlines(new, self.inlines(inlines_of(old), inlines_of(new)))]
        if _identifier(new).startswith(FLOATS):
            return [self._float(old, new)]
        if kind in HOLDS:
            place = HOLDS[kind]
            self.tracking.silent = kind == "Div" and _identifier(new) == REFERENCES
            part = self.blocks(_part(old, place), _part(new, place))
            self.tracking.silent = False
            return [_with_part(new, place, part)]
        if kind in ITEMS:
            return [self._items(old, new, ITEMS[kind])]
        if kind == "Table":
            return self._table(old, new)
        return [new] if old == new else self._replaced(old, new)

    def _items(self, old: Node, new: Node, place: int | None) -> Node:
        items = []
        for one, two in pairs(
            _part(old, place), _part(new, place), lambda item: f"item {plain_text(item)}"
        ):
            if one is not None and two is not None:
                items.append(self.blocks(one, two))
                continue
            name = DELETED if two is None else INSERTED
            items.append([each for block in one or two or [] for each in self._alone(block, name)])
        return _with_part(new, place, items)

    def _table(self, old: Node, new: Node) -> list[Node]:
        if not has_same_columns(old, new):
            return self._replaced(old, new)
        tracking = self.tracking
        merged = merged_table(old, new, self.blocks, self._row, enter=tracking.enters_cell)
        tracking.enters_cell(None)
        return [merged]

    def _float(self, old: Node, new: Node) -> Node:
        """A table or figure with its number."""
        name = _identifier(new)
        borrowed = [name in each.borrowed for each in (self.old, self.new)]
        self.tracking.part = _label(new)
        words = self._uncompared(new, borrowed)
        tables = [_first_of(each, "Table") for each in (old, new)]
        if any(borrowed) and tables[0] is not None and tables[1] is not None:
            if borrowed[1] and not borrowed[0]:
                new = with_rows_of(new, tables[0])
            else:
                old = with_rows_of(old, tables[1])
        elif not any(borrowed) and self._redrawn(old, new):
            self.tracking.record("", "the earlier picture", REDRAWN)
            words = NEW_PICTURE
        if new["t"] == "Figure":
            caption = self.blocks(old["c"][1][1], new["c"][1][1])
            made = {**new, "c": [new["c"][0], [new["c"][1][0], caption], new["c"][2]]}
        else:
            made = _with_part(new, 1, self.blocks(old["c"][1], new["c"][1]))
        if words:
            self._comment_on(made, words)
        self.tracking.part = ""
        return made

    def _uncompared(self, block: Node, borrowed: list[bool]) -> str:
        if not any(borrowed):
            return ""
        shown = self.titles[0] if borrowed[1] and not borrowed[0] else self.titles[1]
        place = self.tracking.place
        found = Uncompared(
            place,
            caption_of(_caption_words(block), place),
            what="table" if _identifier(block).startswith("tbl-") else "picture",
            lacking=tuple(title for title, lent in zip(self.titles, borrowed, strict=True) if lent),
            shown="the study's results of today" if all(borrowed) else shown,
        )
        self.tracking.uncompared.append(found)
        return found.reason

    def _redrawn(self, old: Node, new: Node) -> bool:
        def content(article: Article, node: Node) -> list[bytes]:
            return [_picture(article.media.parent / name) for name in _images(node)]

        return content(self.old, old) != content(self.new, new)

    def _comment_on(self, block: Node, words: str) -> None:
        """On the caption."""
        caption = _caption(block)
        first = next(texts_of(caption), None)
        if first is not None:
            start, end = self.tracking.comment(words)
            inlines = inlines_of(first)
            inlines[:] = [start, *inlines, end]


def _picture(path: Path) -> bytes:
    file = path if path.is_file() else path.with_name(f"{path.name}.png")
    return file.read_bytes() if file.is_file() else b""


def _caption(block: Node) -> Any:
    if block["t"] == "Figure":
        return block["c"][1][1]
    table = _first_of(block, "Table")
    return block if table is None else table["c"][1][1]


def _caption_words(block: Node) -> str:
    first = next(texts_of(_caption(block)), None)
    return "" if first is None else plain_text(inlines_of(first))


def _label(block: Node) -> str:
    """`Table 3`, as the caption begins."""
    first = _first_of(_caption(block), "Strong")
    words = _identifier(block) if first is None else plain_text(first["c"])
    return words.replace("\N{NO-BREAK SPACE}", " ").strip(" .")
