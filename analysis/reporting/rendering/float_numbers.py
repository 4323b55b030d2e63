"""Numbers of the figures and tables of article and supplement, for references from one to other.

Quarto and the preview number a document by itself; a reference to a figure of the other document
takes its number from here, by the order in which that document lays out its figures and tables.
"""

from __future__ import annotations

import re
from pathlib import Path

from analysis.reporting.rendering.includes import ASIDE, INCLUDE

# Documents whose figures and tables may be referred to from elsewhere, with what each is called.
DOCUMENTS = {"index": "article", "supplement": "supplement"}
NAMES = {"fig": "Figure", "tbl": "Table"}
# A block or an image with its label; a cell's or an expression's block; a cell's own label.
LABEL = re.compile(
    r"\{#((?:fig|tbl)-[\w.:-]+)"
    r"|_block\(\s*[\"']((?:fig|tbl)-[\w.:-]+)[\"']"
    r"|^#\| label: ((?:fig|tbl)-[\w.:-]+)",
    re.MULTILINE,
)
PREFIX = re.compile(r"\A---\n(?:.*\n)*?float-prefix:[ \t]*(\w+)[ \t]*\n(?:.*\n)*?---\n")


def _whole(text: str, folder: Path) -> str:
    """The document with its includes in their places; one that is not there has no labels."""

    def content(match: re.Match[str]) -> str:
        path = folder / match[1]
        return path.read_text(encoding="utf-8") if path.is_file() else ""

    return INCLUDE.sub(content, ASIDE.sub("", text))


def float_numbers(document: Path) -> dict[str, str]:
    """Label of each figure and table of a document → its number, such as `Figure S3`."""
    text = document.read_text(encoding="utf-8")
    prefix = match[1] if (match := PREFIX.match(text)) else ""
    counts = dict.fromkeys(NAMES, 0)
    found: dict[str, str] = {}
    for groups in LABEL.findall(_whole(text, document.parent)):
        label = next(filter(None, groups))
        if label not in found:
            counts[label[:3]] += 1
            found[label] = f"{NAMES[label[:3]]}\u00a0{prefix}{counts[label[:3]]}"
    return found


def elsewhere(report: Path) -> dict[str, dict[str, str]]:
    """Label of each figure and table of article and supplement → its document and its number.

    A number without a letter says which document it is of.
    """
    found: dict[str, dict[str, str]] = {}
    for stem, called in DOCUMENTS.items():
        document = report / f"{stem}.qmd"
        for label, number in float_numbers(document).items() if document.is_file() else ():
            words = number if re.search(r"\u00a0[A-Z]", number) else f"{number} of the {called}"
            found.setdefault(label, {"document": stem, "words": words})
    return found
