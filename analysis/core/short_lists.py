"""Names in a message: the first few, and how many more."""

from __future__ import annotations

from collections.abc import Collection


def listed(names: Collection[str], most: int = 12) -> str:
    """a, b, c and 17 more."""
    names = [str(name) for name in names]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
