"""Results that the documents of a study hold, and where.

The module gives the keys of the results that stand at each anchor. They are read from the author's
own files with the sections that these include.
"""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from types import MappingProxyType
from typing import Any

from IPython.display import Markdown

from analysis.reporting import tables
from analysis.reporting.manuscript import MissingResult, Results, Shown
from analysis.reporting.rendering.includes import ASIDE, INCLUDE, included
from analysis.reporting.sections import SECTIONS, Says
from analysis.results import keys
from analysis.results.record import Record

FOLDER = "_generated/"
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
CELL = re.compile(r"^```\{python\}\n.*?^```[ \t]*$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"(?<!`)`\{python\}[ \t]([^`]+)`")
HEADING = re.compile(r"^(#+)[ \t].*?(?:\{#([\w-]+)[^}]*\})?[ \t]*$")
OPENS = re.compile(r"^:::+[ \t]*(?:\{(?:#([\w-]+))?[^}]*\}|\S+)[ \t]*$")
CLOSES = re.compile(r"^:::+[ \t]*$")
REFERENCE = re.compile(r"@((?:fig|tbl)-[\w-]*\w)")
SPAN = re.compile(r"\]\{#([\w-]+)\}")
# The title's anchor, as pandoc and Quarto name it.
TITLE = "title-block-header"
# Marks of the key behind a value; characters that no text has.
BEGIN, END = "\ue000", "\ue001"
KEY = re.compile(f"{BEGIN}([^{END}]*){END}")


@dataclass(frozen=True)
class MarkedResults(Results):
    """Results whose every value, words and settings too, is followed by its key between marks."""

    def linked(self, text: str, record: Record | None) -> str:
        """`text` and the record's key."""
        return text if record is None else f"{text}{BEGIN}{record.key}{END}"

    def made_by(self, function: str, data: str) -> str:
        """Nothing: what made a table is no value of it."""
        return ""

    def figure_block(self, label: str, name: str, caption: str) -> Shown:
        """The figure's place and caption; the file is neither copied nor described."""
        if not self.has_figure(name):
            raise MissingResult(f"figure '{name}' is not among the results")
        return Shown(f"::: {{#{label}}}\n\n![]({name})\n\n{self.fill(caption)}\n\n:::\n")

    def picture(self, name: str) -> str:
        """The same without number and caption."""
        return f"![]({name})"


def _calls(node: ast.expr, known: Mapping[str, Any]) -> bool:
    """Whether an expression is a call of what a document is written with, on texts and results."""
    if not isinstance(node, ast.Call):
        return False
    root = node.func
    while isinstance(root, ast.Attribute):
        root = root.value
    given = [*node.args, *(each.value for each in node.keywords)]
    return (
        isinstance(root, ast.Name)
        and root.id in known
        and all(
            isinstance(each, ast.Constant)
            or (isinstance(each, ast.Name) and each.id == "r")
            or _calls(each, known)
            for each in given
        )
    )


def _called(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """What such an expression (`_calls`) gives; nothing else of the author's code is run."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return known[node.id]
        case ast.Attribute():
            return getattr(_called(node.value, known), node.attr)
        case ast.Call():
            given = [_called(each, known) for each in node.args]
            named = {str(each.arg): _called(each.value, known) for each in node.keywords}
            return _called(node.func, known)(*given, **named)
    raise ValueError(f"{ast.unparse(node)} is no call")


class _Reader:
    def __init__(self, results: MarkedResults, sources: Iterable[str]) -> None:
        paths = [path for source in sources for path in included(source)]
        names = [
            path.removeprefix(FOLDER).removesuffix(".md")
            for path in paths
            if path.startswith(FOLDER)
        ]
        self.says = Says(results, names)
        self.known = {
            **{name: getattr(tables, name) for name in dir(tables) if name.endswith("_markdown")},
            "r": self.says.context.r,
            "says": self.says,
        }

    def value(self, expression: str) -> str:
        """What an inline expression shows; other code of the author's shows no result by key."""
        try:
            tree = ast.parse(expression.strip(), mode="eval")
        except SyntaxError:
            return ""
        if "claims" in expression:
            self.known["claims"] = self.says.context.opened_claims
        if not _calls(tree.body, self.known):
            return ""
        try:
            shown = _called(tree.body, self.known)
        except (KeyError, ValueError, OSError):  # the render names what is wrong
            return ""
        return shown.data if isinstance(shown, Markdown) else str(shown)

    def section(self, name: str) -> str:
        """A generated section, or the body of a generated table or figure.

        The text is empty where the results do not have it.
        """
        try:
            if name.startswith(("tables/", "figures/")):
                for each in SECTIONS:
                    if name not in self.says.context.bodies:
                        self.section(each)
                return self.says.context.bodies.get(name, "")
            return str(self.says(name))
        except (KeyError, ValueError, OSError):
            return ""

    def text(self, source: str) -> str:
        """A document without front matter, comments and cells; its includes and values in place."""
        source = CELL.sub("", FRONT.sub("", source))
        for path in included(source):
            if path.startswith(FOLDER):
                section = self.section(path.removeprefix(FOLDER).removesuffix(".md"))
                source = INCLUDE.sub(partial(_included, path, section), source)
        return INLINE.sub(lambda match: self.value(match[1]), ASIDE.sub("", source))


def _included(path: str, section: str, match: re.Match[str]) -> str:
    """The section where this include names its path; else the include as it stands."""
    return section if match[1] == path else match[0]


def _places(text: str) -> dict[str, str]:
    """Text at each anchor of a document.

    Anchor → text at it: below a heading as far as the next one of its level, within a block, or of
    a marked span its line.
    """
    found: dict[str, list[str]] = {}
    headings: list[tuple[int, str | None]] = []
    blocks: list[str | None] = []
    for line in text.splitlines():
        if heading := HEADING.match(line):
            level = len(heading[1])
            headings = [each for each in headings if each[0] < level] + [(level, heading[2])]
        elif CLOSES.match(line):
            if blocks:
                blocks.pop()
        elif block := OPENS.match(line):
            blocks.append(block[1])
        names = [name for _, name in headings] + blocks
        for name in dict.fromkeys([*names, *SPAN.findall(line)]):
            if name:
                found.setdefault(name, []).append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def plain_text(text: str) -> str:
    """Text without keys, on one line."""
    return " ".join(KEY.sub("", text).split())


@dataclass(frozen=True)
class Documents:
    """Documents of a study, with the keys of their values.

    texts: name of each document → its Markdown, in which the key of each value follows it between
    marks.
    """

    texts: Mapping[str, str]

    @cached_property
    def places(self) -> Mapping[tuple[str, str], str]:
        """Document and anchor → the text there."""
        return MappingProxyType(
            {
                (document, anchor): text
                for document, whole in self.texts.items()
                for anchor, text in _places(whole).items()
            }
        )

    @cached_property
    def anchors(self) -> Mapping[str, frozenset[str]]:
        """Document → its anchors."""
        return {
            document: frozenset(anchor for name, anchor in self.places if name == document)
            for document in self.texts
        }

    def at(self, document: str, anchor: str) -> str:
        """The text at an anchor; empty where there is none.

        With it goes what stands in the figures and tables of another document that it refers to.
        """
        text = self.places.get((document, anchor), "")
        referred = [
            other
            for label in dict.fromkeys(REFERENCE.findall(text))
            if (document, label) not in self.places
            for name in self.texts
            if (other := self.places.get((name, label)))
        ]
        return "\n".join([text, *referred])

    def holds(self, document: str, anchor: str, evidence: str) -> bool:
        """Whether a place of a document shows the evidence.

        The evidence is a key of the results, `column NAME` of a table, `setting.…` in the table of
        settings, or `text …`, an answer in its own words.
        """
        return _holds(self.at(document, anchor), evidence)

    def in_document(self, document: str, evidence: str) -> bool:
        """The same of a whole document."""
        return _holds(self.texts[document], evidence)

    def mark_of(self, field: str) -> tuple[str, str] | None:
        """Document and anchor of the mark that stands where an answer is missing."""
        return next((each for each in self.places if each[1] == f"authors-{field}"), None)


def _holds(text: str, evidence: str) -> bool:
    kind, _, what = evidence.partition(" ")
    if kind == "text":
        return " ".join(what.split()) in plain_text(text)
    if kind == "column":
        headers = [line for line in text.splitlines() if line.startswith("|")]
        return any(what in re.split(r"[|‖]", _bare(line)) for line in headers)
    if evidence.startswith("setting.") and f"`{evidence.removeprefix('setting.')}`" in text:
        return True
    return evidence in {html.unescape(key) for key in KEY.findall(text)}


def _bare(line: str) -> str:
    return re.sub(r"[ \t]*\|[ \t]*", "|", KEY.sub("", line))


def read_documents(results: Results, sources: Mapping[str, str]) -> Documents:
    """Documents of a study as they would be rendered from `results`.

    sources: name of each document (index, supplement) → its text as the author has it.
    """
    marked = MarkedResults(results.records, results.study, results.folder)
    reader = _Reader(marked, sources.values())
    return Documents(
        {name: _titled(reader.text(text), text, marked) for name, text in sources.items()}
    )


def _titled(text: str, source: str, results: Results) -> str:
    """The text below title and keywords; the document's own title, else the study's."""
    front = FRONT.match(source)
    own = re.search(r"^title:[ \t]*(.+)$", front[0], re.MULTILINE) if front else None
    title = own[1] if own else results.text(keys.study_title())
    keywords = "; ".join(results.study.manuscript.keywords)
    return f"::: {{#{TITLE}}}\n{title}\n\n{keywords}\n:::\n\n{text}"
