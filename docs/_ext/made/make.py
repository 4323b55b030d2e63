"""The reference of the make targets, from the comments at the head of the Makefile."""

from __future__ import annotations

import re
from pathlib import Path

MAKEFILE = Path(__file__).resolve().parents[3] / "Makefile"


def targets() -> dict[str, str]:
    """Target → what it does; a comment goes on at lines that are indented further."""
    found: dict[str, str] = {}
    name = ""
    for line in MAKEFILE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        words = line[1:].strip()
        for part in re.split(r"(?<=\.) (?=make \w+:)", words):
            if match := re.match(r"make (\w+): +(.*)", part):
                name, words = match[1], match[2]
                found[name] = words
            elif name:
                found[name] += f" {part}"
    return found


def page() -> str:
    """A table of all targets."""
    rows = [f"| `make {name}` | {words} |" for name, words in targets().items()]
    return "| command | what it does |\n|---|---|\n" + "\n".join(rows) + "\n"
