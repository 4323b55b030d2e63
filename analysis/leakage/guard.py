"""One guard's verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["pass", "fail", "not run"]


@dataclass(frozen=True)
class Guard:
    """name: identifier; title: for people; looked_at: what was examined, with its size; finding: what was seen, or why it
    did not run; verdict."""

    name: str
    title: str
    looked_at: str
    finding: str
    verdict: Verdict


def verdict_of(faults: list[str], name: str, title: str, looked_at: str, sound: str) -> Guard:
    """fail with the first three faults, or pass with the words of a sound study."""
    if not faults:
        return Guard(name, title, looked_at, sound, "pass")
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""
    return Guard(name, title, looked_at, "; ".join(faults[:3]) + more, "fail")
