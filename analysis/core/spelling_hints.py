"""Spelling hints: guesses at what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# Least similarity. A transposition in a word of three letters (pfd for pdf) has two thirds.
CLOSE, CLOSE_OF_SHORT, SHORT = 0.7, 0.65, 4


def close_to(name: str, among: Iterable[str]) -> str:
    """` (did you mean 'ASAT'?)`, or nothing where no name is close."""
    names = {str(each).strip().casefold(): str(each) for each in among}
    least = CLOSE_OF_SHORT if len(name.strip()) <= SHORT else CLOSE
    # `AST (U/L)` begins as `ast` does, and is not close to it by its letters.
    close = [
        key
        for key in names
        if key.split("(")[0].strip().replace(" ", "_") == name.strip().casefold()
    ]
    # `rotation` is the beginning of `rotation_degrees`, and far from it by its letters.
    beginning = f"{name.strip().casefold()}_"
    close += [key for key in names if key.startswith(beginning) and key not in close]
    close += [
        key
        for key in difflib.get_close_matches(name.strip().casefold(), names, n=3, cutoff=least)
        if key not in close
    ]
    return (
        f" (did you mean {' or '.join(repr(names[each]) for each in close[:3])}?)" if close else ""
    )
