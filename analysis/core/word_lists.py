"""Lists and counts in words: several parts as one phrase, numbers with their nouns."""

from __future__ import annotations

from collections.abc import Sequence


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)


def plural(n: object, singular: str, several: str | None = None) -> str:
    """The word that follows a number: `patient` after 1, `patients` after 0, 2 and 1.0.

    n: the number, or its text as it is printed. several: the form after any other number than 1;
    left out, the singular with an s. Each may have a verb, as `row is` and `rows are`.
    """
    if str(n) == "1":
        return singular
    return f"{singular}s" if several is None else several


def counted(n: object, singular: str, several: str | None = None) -> str:
    """A number and its noun: `1 patient`, `2 patients`; the arguments are those of `plural`."""
    return f"{n} {plural(n, singular, several)}"
