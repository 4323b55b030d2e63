"""Concordance of a risk score with survival times (Harrell's C).

Its interval covers in small samples.

By hand because lifelines and scikit-survival give the index without an error. Pairs are counted in
O(n log n).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm, t

from analysis.statistics.auc_interval import score_limits
from analysis.statistics.checks import as_follow_up, as_level, as_score


@dataclass(frozen=True)
class Concordance:
    """Share of comparable pairs in which the higher score has the earlier event."""

    value: float
    ci_low: float
    ci_high: float
    standard_error: float
    comparable: int
    n: int


def concordance_index(
    time: Any, event: Any, score: Any, level: float = 0.95, method: str = "logit"
) -> Concordance:
    """Harrell's C (concordance index).

    A pair is comparable if the earlier time is an event (a censored time at the same moment counts
    as later).

    Tied scores count half; events at the same time aren't compared. Standard error by the
    infinitesimal jackknife. method: "logit", the default, takes the interval on the logit scale by
    Student's t with events - 1 degrees of freedom, which covers .94 to .97 at n = 33 where Wald's
    covers .86 to .93 (benchmarks.coverage); at 0 or 1, where no error is left, it is the score
    interval of an AUC of as many events among as many patients. "wald" is survival::concordance's,
    clipped to [0, 1]. One event: NaN ends, but at 0 and 1. Validated against survival::concordance.
    No comparable pair is a ValueError.

    >>> concordance_index([1, 2, 3], [1, 1, 1], [3, 2, 1]).value
    1.0
    """
    time, event = as_follow_up(time, event)
    value, influence, comparable = concordance_influence(time, event, as_score(score, time))
    error = float(np.sqrt(np.sum(influence**2)))
    low, high = _limits(
        value, error, events=int(event.sum()), n=len(time), level=as_level(level), method=method
    )
    return Concordance(
        value, low, ci_high=high, standard_error=error, comparable=comparable, n=len(time)
    )


def concordance_influence(
    time: NDArray[np.float64], event: NDArray[np.float64], score: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], int]:
    """Concordance, its influence function and the number of comparable pairs.

    C is of checked vectors; the influence function is its derivative to each patient's mass.
    """
    # A censored time comes after an event at the same time; events at the same time have one rank
    # and are not compared.
    rank = 2 * np.unique(time, return_inverse=True)[1] + (event == 0)
    order = np.unique(score, return_inverse=True)[1]
    had, all_patients = (event == 1).astype(float), np.ones(len(time))
    # Of each patient: pairs as the earlier one, who had the event, and as the later one of
    # another's event.
    pairs = had * _later(rank, all_patients) + _later(-rank, had)
    wins = had * _later_and_lower(rank, order, all_patients) + _later_and_lower(
        rank.max() - rank, order.max() - order, had
    )
    total_pairs = pairs.sum() / 2
    if not total_pairs:
        raise ValueError("event: no two patients can be compared")
    value = float(wins.sum() / 2 / total_pairs)
    return value, (wins - value * pairs) / total_pairs, int(total_pairs)


def _limits(
    value: float, error: float, events: int, n: int, level: float, method: str
) -> tuple[float, float]:
    if method == "wald":
        half = float(norm.ppf((1 + level) / 2)) * error
        return max(value - half, 0.0), min(value + half, 1.0)
    if method != "logit":
        raise ValueError(f"method: 'logit' or 'wald', got '{method}'")
    if min(value, 1 - value) < 1e-12:
        return score_limits(value, np.nan, events=events, others=n, level=level)
    if events < 2:
        return np.nan, np.nan
    half = float(t.ppf((1 + level) / 2, events - 1)) * error / (value * (1 - value))
    return float(expit(logit(value) - half)), float(expit(logit(value) + half))


def _later(rank: NDArray[np.intp], counted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum, for each patient, of `counted` over the patients of a larger rank."""
    distinct, place = np.unique(rank, return_inverse=True)
    from_on = np.cumsum(np.bincount(place, counted, len(distinct))[::-1])[::-1]
    after: NDArray[np.float64] = np.r_[from_on[1:], 0.0]
    return after[place]


def _later_and_lower(
    rank: NDArray[np.intp], order: NDArray[np.intp], counted: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sum of `counted` over the patients of a larger rank and a lower order, for each patient.

    Of those of the same order, half of it counts.

    rank, order: whole numbers from 0. Patients stand sorted by order in groups of equal higher bits
    of the rank; those with the next bit count for those without it in the same group, and each
    group is split by that bit: one pass a bit.
    """
    places = np.argsort(order, kind="stable")
    found = np.zeros(len(rank))
    for bit in reversed(range(int(rank.max()).bit_length())):
        group, later = rank[places] >> (bit + 1), (rank[places] >> bit & 1).astype(bool)
        first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
        tie = np.flatnonzero(
            np.r_[True, (group[1:] != group[:-1]) | (order[places][1:] != order[places][:-1])]
        )
        below = np.r_[0.0, np.cumsum(counted[places] * later)]
        size = np.diff(np.r_[tie, len(places)])
        of_group = np.repeat(below[first], np.diff(np.r_[first, len(places)]))
        lower = np.repeat((below[tie] + below[tie + size]) / 2, size) - of_group
        found[places] += np.where(later, 0.0, lower)
        places = places[np.argsort(group * 2 + later, kind="stable")]
    return found
