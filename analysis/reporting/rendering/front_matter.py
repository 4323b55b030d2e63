"""YAML at the head of a document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from analysis.core.yaml_file import parse_yaml

FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)


def parted(source: str, document: Path) -> tuple[dict[str, Any], str]:
    """The front matter of a document and the text behind it; nothing where it has none.

    Raises ValueError, with file and line, where it is no YAML.
    """
    front = FRONT_MATTER.match(source)
    if front is None:
        return {}, source
    # One line stands before it, so that a fault has its line in the document.
    return parse_yaml(f"\n{front[1]}", document, ValueError) or {}, source[front.end() :]
