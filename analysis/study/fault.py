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


def extraction_as_written(plain: dict[str, Any], phase: str) -> Any:
    """A phase's extraction as the file has it, its own or that of all phases; None for neither."""
    own = section_of(plain, "phases", phase).get("extraction")
    return section_of(plain, "radiomics").get("extraction") if own is None else own
