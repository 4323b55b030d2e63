"""What Quarto said: why it stopped, in which document, and what it warned of."""

from __future__ import annotations

import re
from collections.abc import Iterator

COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# "[2/4] report/supplement.qmd", as Quarto says before each document of a project.
STEP = re.compile(r"^\[\s*(\d+)/(\d+)\]\s+(\S+)")
# The line of a traceback or of a program's output that says what is wrong.
SAYS_WHY = re.compile(
    r"^\s*(?:ERROR:|error:|[A-Za-z_.]*(?:Error|Exception|Result)\b:|early-recurrence:)"
)
# Lines that tell where and what follow these, up to Quarto's own stack.
WITH_LINES = ("ERROR:", "error:")
STACK = re.compile(r"^(?:Stack trace:|\s*at .*\(?file://)")
WARNED = re.compile(r"^WARN(?:ING)?\b:?\s*(?:\(\S+\)\s*)?(\S.*)$")
# Quarto's word after a document failed, which says nothing itself.
EMPTY_WARNING = "Error encountered when rendering files"
REASON_LINES = 3
SHOWN_LINES = 8


def plain_lines(output: str) -> list[str]:
    """Lines of the output without colours."""
    return COLOUR.sub("", output).splitlines()


def _following(lines: list[str], place: int) -> Iterator[str]:
    for line in lines[place + 1 : place + SHOWN_LINES]:
        if STACK.match(line) or SAYS_WHY.match(line) or WARNED.match(line):
            return
        if line.strip():
            yield line.rstrip()


def reason(output: str) -> str:
    """The lines of what Quarto said that tell why it stopped, without its own stack.

    The document that it was at comes first, where Quarto says which.
    """
    lines = plain_lines(output)
    telling: list[str] = []
    at = ""
    for place, line in enumerate(lines):
        if step := STEP.match(line):
            at = step[3]
        if not SAYS_WHY.match(line) or line.strip() in telling:
            continue
        telling.append(line.strip())
        if line.lstrip().startswith(WITH_LINES):
            telling += _following(lines, place)
    last = [line.strip() for line in lines if line.strip()][-REASON_LINES:]
    said = telling[-SHOWN_LINES:] or last
    return "\n".join([f"at {at}:", *said] if at and said else said)


def warnings(output: str) -> list[str]:
    """What Quarto warned of, each once."""
    found = [match[1].strip() for line in plain_lines(output) if (match := WARNED.match(line))]
    return [each for each in dict.fromkeys(found) if each != EMPTY_WARNING]
