"""Consistency of published proportions with a 2×2 table.

The question is whether published accuracy, sensitivity and specificity can come from one 2×2 table
of n patients.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportedTable:
    """A 2×2 table that agrees with the published proportions.

    It is given by its events and correct decisions; its rounded values are the published ones.
    """

    events: int
    non_events: int
    true_positive: int
    true_negative: int


def _matches(count: int, of: int, reported: float, half_unit: float) -> bool:
    # Either rounding of a half is allowed, so that the last digit's tie decides nothing.
    return of > 0 and abs(count / of - reported) <= half_unit + 1e-12


def check_reported(
    n: int, accuracy: float, sensitivity: float, specificity: float, decimals: int = 3
) -> list[ReportedTable]:
    """All 2×2 tables of n patients whose values round to the reported ones.

    An empty list means that none exists.

    Values outside [0, 1] are a ValueError. Source: the definition, every table of n patients tried.

    >>> check_reported(33, 0.818, 0.800, 0.846)
    [ReportedTable(events=20, non_events=13, true_positive=16, true_negative=11)]
    """
    for name, value in (
        ("accuracy", accuracy),
        ("sensitivity", sensitivity),
        ("specificity", specificity),
    ):
        if not 0 <= value <= 1:
            raise ValueError(f"{name}: must lie in [0, 1], got {value:g}")
    if n < 1:
        raise ValueError(f"n: expected a positive number of patients, got {n}")
    half = 0.5 * 10**-decimals
    found = []
    for events in range(1, n):
        others = n - events
        positives = [tp for tp in range(events + 1) if _matches(tp, events, sensitivity, half)]
        negatives = [tn for tn in range(others + 1) if _matches(tn, others, specificity, half)]
        found += [
            ReportedTable(events, others, tp, tn)
            for tp in positives
            for tn in negatives
            if _matches(tp + tn, n, accuracy, half)
        ]
    return found
