"""Durations in words."""

from __future__ import annotations


def duration(seconds: float | None) -> str:
    """12 s, 3 min, 2.5 h."""
    if seconds is None:
        return "not timed yet"
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
