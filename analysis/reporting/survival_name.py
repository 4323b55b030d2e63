"""What survival without a study's event is called, and how far its curves are drawn."""

from __future__ import annotations

from analysis.core.word_lists import counted
from analysis.reporting.results_by_key import ResultsByKey

# A curve ends where fewer patients are at risk: each of them would move it by a large step.
FEWEST_AT_RISK = 5
SURVIVAL = {
    "recurrence": "recurrence-free survival",
    "relapse": "relapse-free survival",
    "progression": "progression-free survival",
    "metastasis": "metastasis-free survival",
    "death": "overall survival",
}


def survival_name(event: str) -> str:
    """Name of survival without `event`, as within a sentence.

    "event-free survival" where it has no name.
    """
    return next(
        (name for word, name in SURVIVAL.items() if word in event.casefold()),
        "event-free survival",
    )


def curve_end(results: ResultsByKey) -> str:
    """The sentence of a caption that says where curves of follow-up end."""
    fewest = results.stated(FEWEST_AT_RISK, f"{__name__}:FEWEST_AT_RISK")
    return (
        "A curve ends at the first event or censoring with fewer than"
        f" {counted(fewest, 'patient')} at risk."
    )
