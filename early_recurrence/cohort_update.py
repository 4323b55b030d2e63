"""The page on a cohort that changed: see `analysis.reporting.tables.cohort_update`."""

from analysis.reporting.tables.cohort_update import (
    crossings_markdown,
    figures_words,
    moves_markdown,
    read_update,
    update_patients_markdown,
    update_words,
)

__all__ = [
    "crossings_markdown",
    "figures_words",
    "moves_markdown",
    "read_update",
    "update_patients_markdown",
    "update_words",
]
