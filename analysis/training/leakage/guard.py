"""Leakage guard: its verdict, and how strong evidence must be before it alarms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# fail is an alarm: the article says on its first page that its numbers can't be relied on. note:
# worth knowing, and no leak.
Verdict = Literal["pass", "note", "fail", "not run"]

# Probability that a study without any fault has an alarm, over all of its guards: Bonferroni's
# share of it for each guard that tests something, of which a study has at most ten. Each has a
# least size as well, below which nothing alarms.
FAMILY_LEVEL = 0.01
GUARD_LEVEL = FAMILY_LEVEL / 10
# What is beyond this level and no alarm is a note.
NOTE_LEVEL = 0.05


@dataclass(frozen=True)
class Guard:
    """Verdict of a guard, with what it looked at.

    name: identifier; title: for people; looked_at: what was examined, with its size; finding: what
    was seen, or why it did not run; verdict; named: what an alarm is about, for the first page
    (variables and centres, never patients).
    """

    name: str
    title: str
    looked_at: str
    finding: str
    verdict: Verdict
    named: str = ""


def verdict_of(
    faults: list[str], name: str, title: str, looked_at: str, sound: str, named: str = ""
) -> Guard:
    """fail with the first three faults, or pass with the words of a sound study."""
    if not faults:
        return Guard(name, title, looked_at=looked_at, finding=sound, verdict="pass")
    more = f"; and {len(faults) - 3} more" if len(faults) > 3 else ""
    return Guard(
        name,
        title,
        looked_at=looked_at,
        finding="; ".join(faults[:3]) + more,
        verdict="fail",
        named=named,
    )
