"""A fault of the study file: where it is, and what is wrong there."""

from __future__ import annotations

from typing import Any

# Keys from the top of the file down, and numbers where a list holds the next.
Place = tuple[str | int, ...]
# Place and message.
Fault = tuple[Place, str]


def section_of(content: Any, *place: str) -> dict[str, Any]:
    """Section at a place of the file's plain content; empty where there is none, or no section."""
    for part in place:
        content = content.get(part) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else {}
