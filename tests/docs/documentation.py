"""Pages of the documentation, and the blocks in them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from tests.conftest import ROOT

DOCS = ROOT / "docs"
sys.path.append(str(DOCS / "_ext"))
README = ROOT / "README.md"
PAGES = sorted(
    path
    for path in DOCS.rglob("*.md")
    if not {"_build", "_ext"} & set(path.relative_to(DOCS).parts)
)
FENCE = re.compile(
    r"^[ ]*(?P<marks>[`:]{3,})(?P<head>[^\n]*)\n(?P<body>.*?)^[ ]*(?P=marks)[ ]*$",
    re.MULTILINE | re.DOTALL,
)
LABEL = re.compile(r"not\s+run\s+here", re.IGNORECASE)


@dataclass(frozen=True)
class Fenced:
    """Fenced block. before: the paragraph above it."""

    head: str
    body: str
    before: str

    @property
    def labelled(self) -> bool:
        """Whether the block, or the paragraph above it, says that it is not run."""
        return bool(LABEL.search(self.body) or LABEL.search(self.before))


def fenced(text: str) -> list[Fenced]:
    """Fenced blocks of a page, from above to below."""
    return [
        Fenced(
            match["head"].strip(),
            match["body"],
            text[: match.start()].rstrip().rsplit("\n\n", 1)[-1],
        )
        for match in FENCE.finditer(text)
    ]


def name_of(path) -> str:
    """`docs/how-to/units.md`."""
    return path.relative_to(ROOT).as_posix()
