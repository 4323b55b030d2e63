"""Blocks that one of two documents has alone: all of their text inserted, or deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from analysis.workflow.redline.running_text import Marked, Node, pieces, running_text
from analysis.workflow.redline.tracking import Tracking

TEXTS = {"Para": None, "Plain": None, "Header": 2}


def texts_of(node: object) -> Iterator[Node]:
    """Every block of running text within a node, in order; not those of footnotes."""
    if isinstance(node, list):
        for each in node:
            yield from texts_of(each)
    elif isinstance(node, dict) and node.get("t") in TEXTS:
        yield node
    elif isinstance(node, dict):
        yield from texts_of(node.get("c"))


def inlines_of(block: Node) -> list[Node]:
    """The running text of a block of text."""
    place = TEXTS[block["t"]]
    return block["c"] if place is None else block["c"][place]


def with_inlines(block: Node, inlines: list[Node]) -> Node:
    """The block with another running text."""
    place = TEXTS[block["t"]]
    return {**block, "c": inlines if place is None else [*block["c"][:place], inlines]}


def _code_as_text(block: Node) -> Node:
    """Word tracks running text alone."""
    lines = str(block["c"][1]).splitlines()
    inlines: list[Node] = []
    for line in lines:
        inlines += [{"t": "LineBreak"}] if inlines else []
        inlines.append({"t": "Code", "c": [["", [], []], line]})
    style = ["", [], [["custom-style", "Source Code"]]]  # of pandoc's own code blocks
    return {"t": "Div", "c": [style, [{"t": "Para", "c": inlines}]]}


def _marked(node: Any, mark: str, anchors: bool) -> Any:
    """anchors: whether identifiers stay; Word takes each once, and they are the new document's."""
    if isinstance(node, list):
        return [_marked(each, mark, anchors) for each in node]
    if not isinstance(node, dict):
        return node
    if node["t"] == "CodeBlock":
        node = _code_as_text(node)
    if node["t"] in TEXTS:
        text = running_text([Marked(each, mark) for each in pieces(inlines_of(node))])
        node = with_inlines(node, text)
        if node["t"] == "Header" and not anchors:
            level, (_, *attributes), inlines = node["c"]
            node = {**node, "c": [level, ["", *attributes], inlines]}
        return node
    if node["t"] in ("Div", "Figure", "Table") and not anchors:
        (_, *attributes), *rest = node["c"]
        node = {**node, "c": [["", *attributes], *rest]}
    return {**node, "c": _marked(node["c"], mark, anchors)} if "c" in node else node


def marked_blocks(
    blocks: Sequence[Node], tracking: Tracking, name: str, words: str = ""
) -> list[Node]:
    """The blocks with all of their text marked; words: of a comment on the first of them."""
    marked = [_marked(each, tracking.mark(name), name == "insertion") for each in blocks]
    first = next(texts_of(marked), None)
    if first is not None and words:
        start, end = tracking.comment(words)
        inlines = inlines_of(first)
        inlines[:] = [start, *inlines, end]  # of this copy
    return marked
