"""Quarto's `{{< include FILE >}}`, for the preview.

As in Quarto (1.9, src/core/handlers/include-standalone.ts): the shortcode stands alone on its line,
and its path, in an included file too, starts from the folder of the document.
"""

from __future__ import annotations

import re
from pathlib import Path

INCLUDE = re.compile(r"^\{\{<[ \t]*include[ \t]+([^\s>]+)[ \t]*>\}\}[ \t]*$", re.MULTILINE)
# What an author has commented out, or shows as code, is no include.
ASIDE = re.compile(r"<!--.*?-->|^(`{3,})[^\n]*\n.*?^\1[ \t]*$", re.DOTALL | re.MULTILINE)


def _outside(text: str, position: int) -> bool:
    return not any(each.start() <= position < each.end() for each in ASIDE.finditer(text))


def included(text: str) -> list[str]:
    """Paths of the files that a document includes itself, in order."""
    return [each[1] for each in INCLUDE.finditer(text) if _outside(text, each.start())]


def with_includes(text: str, folder: Path, within: tuple[str, ...] = ()) -> str:
    """The document's text with the files that it includes in their places.

    folder: of the document. Raises ValueError naming a file that is not there, or that includes
    itself.
    """

    def content(match: re.Match) -> str:
        if not _outside(text, match.start()):
            return match[0]
        name, path = match[1], folder / match[1]
        if name in within:
            raise ValueError(f"{name} includes itself")
        if not path.is_file():
            raise ValueError(f"the included file {name} is not there")
        inner = path.read_text(encoding="utf-8")
        return with_includes(inner, folder, (*within, name)).rstrip("\n")

    return INCLUDE.sub(content, text)
