"""Names of patients out of texts: what a guard found, say, names them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

# A shorter name, or a plain number of three digits, is also something else ("7 patients", "100
# permutations") and can't be told apart.
LEAST = 4


def _pattern(names: Mapping[str, str]) -> re.Pattern[str] | None:
    """A name that stands alone, longest first."""
    distinct = sorted(
        (name for name in names if len(name) >= LEAST or not name.isdigit()), key=len, reverse=True
    )
    return (
        re.compile(
            r"(?<![A-Za-z0-9])(?:" + "|".join(map(re.escape, distinct)) + r")(?![A-Za-z0-9])"
        )
        if distinct
        else None
    )


def scrub_text(text: str, names: Mapping[str, str]) -> str:
    """The text with each patient's name replaced; names: name → pseudonym."""
    pattern = _pattern(names)
    return pattern.sub(lambda found: names[found[0]], text) if pattern else text


def scrubbed(content: Any, names: Mapping[str, str]) -> Any:
    """The same record, list or mapping with every text scrubbed.

    What a guard names as examples is dropped where patients go by short numbers, which no pattern
    can tell from other numbers.
    """
    pattern = _pattern(names)
    short = any(name.isdigit() and len(name) < LEAST for name in names)

    def clean(value: Any, key: str = "") -> Any:
        if isinstance(value, str):
            if short and key.startswith("guard.") and ": " in value:
                return value.split(": ", 1)[0] + ": not shown, as it may name patients"
            return pattern.sub(lambda found: names[found[0]], value) if pattern else value
        if isinstance(value, Mapping):
            return {each: clean(part, key) for each, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [clean(part, key) for part in value]
        return value

    if is_dataclass(content) and not isinstance(content, type):
        key = str(getattr(content, "key", ""))
        return type(content)(
            **{
                name: value if name == "key" else clean(value, key)
                for name, value in asdict(content).items()
            }
        )
    return clean(content)
