"""Marks of Word's tracked changes and comments, and the list of what changed and where."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from analysis.workflow.redline.running_text import Marked, Node, Piece, plain_text
from analysis.workflow.redline.steps import NUMBER, SAME, Step
from analysis.workflow.redline.tables import Cell
from analysis.workflow.redline.uncompared import Uncompared

AUTHOR = "early-recurrence"
INSERTED, DELETED = "insertion", "deletion"
REDRAWN = "redrawn"
# Of a long text that changed, what the list shows.
SHOWN = 300


@dataclass(frozen=True)
class Change:
    """Change of the article.

    place: section, table or figure of the article. key: of a number, empty for words. was, is_: as
    they stand there, words with their sentence. struck, written: the words alone. keys: of numbers
    among the words. cell: of a table, where the change is in one.
    """

    place: str
    key: str
    was: str
    is_: str
    struck: str = ""
    written: str = ""
    keys: tuple[str, ...] = ()
    cell: Cell | None = None


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rsplit(" ", 1)[0] + " …"


@dataclass
class Tracking:
    """Record of the tracked changes of an article.

    date: of every change, as Word writes it. explain: Change → what a comment says; empty for no
    comment. changes: in the order of the article. uncompared: tables and figures that one state
    does not have. section, part, cell: where the comparison is. silent: whether changes are marked
    and neither commented nor listed, as in the list of references.
    """

    date: str
    explain: Callable[[Change], str]
    changes: list[Change] = field(default_factory=list)
    uncompared: list[Uncompared] = field(default_factory=list)
    section: str = ""
    part: str = ""
    cell: Cell | None = None
    comments: int = 0
    silent: bool = False

    def _mark(self, name: str, more: Sequence[tuple[str, str]] = ()) -> Node:
        attributes = [*more, ("author", AUTHOR), ("date", self.date)]
        return {"t": "Span", "c": [["", [name], [list(each) for each in attributes]], []]}

    def mark(self, name: str) -> str:
        """A span that makes its content an insertion or a deletion, as JSON."""
        return json.dumps(self._mark(name))

    @property
    def place(self) -> str:
        """Where the comparison is, in words."""
        return self.part or self.section or "Beginning"

    def enters_cell(self, cell: Cell | None) -> None:
        """The comparison comes to a cell of a table, or leaves the table."""
        self.cell = cell

    def record(self, key: str, was: str, is_: str) -> str:
        """Record the change of a number, or of a whole block; return what its comment says."""
        return self._noted(
            Change(self.place, key, was=_short(was), is_=_short(is_), struck=was, written=is_)
        )

    def record_words(self, sentences: tuple[str, str], step: Step) -> str:
        """The same of words within a sentence, which is noted once."""
        struck, written = (
            plain_text([each.node for each in pieces]) for pieces in (step.old, step.new)
        )
        was, is_ = (_short(each) for each in sentences)
        keys = tuple(dict.fromkeys(each.key for each in (*step.old, *step.new) if each.key))
        return self._noted(
            Change(self.place, "", was=was, is_=is_, struck=struck, written=written, keys=keys)
        )

    def _noted(self, change: Change) -> str:
        if self.silent:
            return ""
        change = replace(change, cell=self.cell)
        self.changes.append(change)
        return self.explain(change)

    def comment(self, words: str) -> tuple[Node, Node]:
        """Start and end of a comment."""
        name = str(self.comments)
        self.comments += 1
        start = self._mark("comment-start", [("id", name)])
        start["c"][1] = text_nodes(words)
        end = {"t": "Span", "c": [["", ["comment-end"], [["id", name]]], []]}
        return start, end

    def commented(self, marked: list[Marked], words: str) -> list[Marked]:
        """Marked pieces within a comment, where it says anything."""
        if not words or not marked:
            return marked
        start, end = self.comment(words)
        first, last = marked[0].piece.around, marked[-1].piece.around
        return [
            Marked(Piece(start, first, "")),
            *marked,
            Marked(Piece(end, last, "")),
        ]

    def step(self, step: Step, sentences: tuple[str, str] | None) -> list[Marked]:
        """The pieces of one step with their marks, in a comment where something changed.

        sentences: that changed words stand in, old and new; None where they were noted before.
        """
        if step.kind == SAME:
            return [Marked(each) for each in step.new]
        old, new = (
            [Marked(each, self.mark(name)) for each in pieces]
            for name, pieces in ((DELETED, step.old), (INSERTED, step.new))
        )
        if step.kind == NUMBER:
            one, two = step.old[0], step.new[0]
            if two.renumbered and not two.key:  # of a citation or a table, no finding
                return old + new
            return self.commented(old + new, self.record(two.key, one.text, two.text))
        blank = not any(each.text.strip() for each in (*step.old, *step.new))
        if sentences is None or blank:
            return old + new
        return self.commented(old + new, self.record_words(sentences, step))


def text_nodes(words: str) -> list[Node]:
    """Plain words as pandoc's inlines."""
    nodes: list[Node] = []
    for word in words.split():
        nodes += [{"t": "Space"}] if nodes else []
        nodes.append({"t": "Str", "c": word})
    return nodes
