"""Running text of pandoc's document tree as a list of words, and a list of words as running text.

Written by hand: no maintained Python library compares two pandoc trees, and a comparison of two
Word files would have lost the keys of the numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Node = dict[str, Any]
# Inlines that hold others, and where among their content.
HOLDS = {
    "Emph": None,
    "Underline": None,
    "Strong": None,
    "Strikeout": None,
    "Superscript": None,
    "Subscript": None,
    "SmallCaps": None,
    "Quoted": 1,
    "Cite": 1,
    "Link": 1,
    "Span": 1,
}
SPACES = ("Space", "SoftBreak", "LineBreak")
BOUND = "bound"  # the mark of a number with its key, as keep_keys.lua names it
NUMERAL = re.compile(r"[−-]?\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True)
class Piece:
    """Piece of a text: a word, a number by its key, a space, a formula or a picture.

    node: as pandoc has it. around: the inlines that hold it, outermost first, as JSON. key: of a
    number, else empty.
    """

    node: Node
    around: tuple[str, ...]
    text: str
    key: str = ""

    @property
    def is_space(self) -> bool:
        """Whether it parts words."""
        return self.node["t"] in SPACES

    @property
    def likeness(self) -> tuple[str, ...]:
        """What two pieces that stand for each other have in common.

        It is a number's key, or the words around other digits.
        """
        if self.is_space:
            return (" ",)
        kinds = [json.loads(each)["t"] for each in self.around]
        alike = f"key {self.key}" if self.key else NUMERAL.sub("0", self.text)
        return (self.node["t"], alike, *kinds)

    @property
    def renumbered(self) -> bool:
        """Whether it is a citation or a reference to a table or figure."""
        return any(json.loads(each)["t"] in ("Cite", "Link") for each in self.around)


def plain_text(node: Any) -> str:
    """The words of a node, of a list of nodes, or of any part of one."""
    if isinstance(node, list):
        return "".join(plain_text(each) for each in node)
    if not isinstance(node, dict):
        return ""
    if node.get("t") == "Str":
        return str(node["c"])
    if node.get("t") in SPACES:
        return " "
    if node.get("t") in ("Math", "Code", "RawInline"):
        return str(node["c"][1])
    if node.get("t") == "Image":
        return ""
    if node.get("t") in ("Para", "Plain", "Header"):
        return plain_text(node["c"]) + " "
    return plain_text(node.get("c"))


def _held(node: Node) -> list[Node]:
    place = HOLDS[node["t"]]
    return node["c"] if place is None else node["c"][place]


def _shell(node: Node) -> str:
    place = HOLDS[node["t"]]
    content = None
    if place is not None:
        content = [[] if number == place else part for number, part in enumerate(node["c"])]
    return json.dumps({"t": node["t"], "c": content}, sort_keys=True)


def _filled(shell: str, inlines: list[Node]) -> Node:
    node = json.loads(shell)
    place = HOLDS[node["t"]]
    if place is None:
        node["c"] = inlines
    else:
        node["c"][place] = inlines
    return node


def _key(node: Node) -> str:
    if node["t"] != "Span" or BOUND not in node["c"][0][1]:
        return ""
    title = dict(node["c"][0][2]).get("title", "")
    return title.partition(" · ")[0] or "?"


def pieces(inlines: Sequence[Node], around: tuple[str, ...] = ()) -> list[Piece]:
    """The pieces of running text, in order; a number with a key is one, whatever it is made of."""
    found = []
    for node in inlines:
        if key := _key(node):
            found.append(Piece(node, around, plain_text(node), key))
        elif node["t"] in HOLDS and _held(node):
            found += pieces(_held(node), (*around, _shell(node)))
        else:
            found.append(Piece(node, around, plain_text(node)))
    return found


@dataclass(frozen=True)
class Marked:
    """A piece and the mark that it gets in Word, as JSON of an empty span; empty for none."""

    piece: Piece
    mark: str = ""


def running_text(marked: Sequence[Marked], depth: int = 0) -> list[Node]:
    """Inlines of marked pieces.

    A mark stands within whatever holds a piece, as Word allows no link in a tracked change.
    """

    def shell(each: Marked) -> str:
        around = each.piece.around
        return around[depth] if len(around) > depth else ""

    inlines: list[Node] = []
    for outer, group in groupby(marked, key=shell):
        if outer:
            inlines.append(_filled(outer, running_text(list(group), depth + 1)))
            continue
        for mark, alike in groupby(group, key=lambda each: each.mark):
            nodes = [each.piece.node for each in alike]
            inlines += [_filled(mark, nodes)] if mark else nodes
    return inlines
