"""What survival without a study's event is called."""

from __future__ import annotations

SURVIVAL = {
    "recurrence": "recurrence-free survival",
    "relapse": "relapse-free survival",
    "progression": "progression-free survival",
    "metastasis": "metastasis-free survival",
    "death": "overall survival",
}


def survival_name(event: str) -> str:
    """What survival without `event` is called, as within a sentence; "event-free survival" where it
    has no name."""
    return next(
        (name for word, name in SURVIVAL.items() if word in event.casefold()),
        "event-free survival",
    )
