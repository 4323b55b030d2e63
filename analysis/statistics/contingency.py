"""Tests of r × c tables: chi-square and Fisher's exact test over all tables with the same margins.

Fisher by hand beyond 2 × 2, as scipy draws tables at random there and so gives another p each call.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import gammaln

from analysis.statistics.estimate import SignificanceTest

MOST_STATES = 300_000


@dataclass(frozen=True)
class OddsRatio:
    odds_ratio: float
    ci_low: float
    ci_high: float
    p: float


def as_counts(table: Any) -> np.ndarray:
    """2-D counts without empty rows and columns."""
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or (counts < 0).any() or (counts != np.round(counts)).any():
        raise ValueError(f"table: expected a two-way table of counts, got shape {counts.shape}")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(int)
    if min(counts.shape) < 2:
        raise ValueError(f"table: expected at least two rows and two columns that aren't empty, got {counts.shape}")
    return counts


def chi_square_test(table: Any, continuity: bool = False) -> SignificanceTest:
    """Pearson's chi-square; continuity: Yates' correction, for 2 × 2 only (R's default there).

    >>> chi_square_test([[5, 5], [5, 5]]).p
    1.0
    """
    counts = as_counts(table)
    test = stats.chi2_contingency(counts, correction=continuity)
    return SignificanceTest(float(test.statistic), int(test.dof), float(test.pvalue), "chi-square" + (" with Yates' correction" if continuity and counts.shape == (2, 2) else ""))


@lru_cache(maxsize=100_000)
def _compositions(total: int, limits: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """All ways to put `total` into the places, each up to its limit."""
    if len(limits) == 1:
        return ((total,),) if total <= limits[0] else ()
    rest = sum(limits[1:])
    return tuple((first, *other) for first in range(max(0, total - rest), min(total, limits[0]) + 1) for other in _compositions(total - first, limits[1:]))


def _log_probabilities(columns: list[int], rows: tuple[int, ...]) -> dict[float, float]:
    """Distribution of the tables' log-probability (up to a constant), column by column; equal states are merged.

    Remaining row totals in any order have the same future, so they are kept sorted; the values seen on the way are
    rounded to 10 digits so that equal tables add up in one entry.
    """
    states: dict[tuple[int, ...], dict[float, float]] = {tuple(sorted(rows)): {0.0: 1.0}}
    for total in columns:
        following: dict[tuple[int, ...], dict[float, float]] = defaultdict(lambda: defaultdict(float))
        entries = 0
        for remaining, past in states.items():
            for filled in _compositions(total, remaining):
                step = float(-gammaln(np.array(filled) + 1).sum())
                target = following[tuple(sorted(r - f for r, f in zip(remaining, filled, strict=True)))]
                before = len(target)
                for value, weight in past.items():
                    target[round(value + step, 10)] += weight
                entries += len(target) - before
            if entries > MOST_STATES:
                raise OverflowError
        states = following
    return next(iter(states.values()))


def fisher_exact_test(table: Any) -> SignificanceTest:
    """Two-sided exact p of an r × c table: probability of all tables with these margins that are at most as probable.

    The same p each call. 2 × 2 by scipy, larger ones by enumeration, validated against R's fisher.test. A table with too
    many rivals to enumerate is a ValueError that says so: use chi_square_test there, its expected counts are large.

    >>> round(fisher_exact_test([[3, 0], [0, 3]]).p, 3)
    0.1
    """
    counts = as_counts(table)
    if counts.shape == (2, 2):
        return SignificanceTest(np.nan, np.nan, float(stats.fisher_exact(counts).pvalue), "Fisher exact")
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    rows, columns = tuple(int(v) for v in counts.sum(axis=1)), sorted((int(v) for v in counts.sum(axis=0)), reverse=True)
    try:
        distribution = _log_probabilities(columns, rows)
    except OverflowError:
        raise ValueError(f"table: too many tables share the margins {rows} and {tuple(columns)} for an exact test; use chi_square_test") from None
    constant = gammaln(np.array(rows) + 1).sum() + gammaln(np.array(columns) + 1).sum() - gammaln(counts.sum() + 1)
    observed = -gammaln(counts + 1).sum()
    logs, paths = np.array(list(distribution)), np.array(list(distribution.values()))
    # As R does, tables whose probability differs by less than a relative 1e-7 count as equal.
    p = float(np.sum((paths * np.exp(logs + constant))[logs <= observed + 1e-7]))
    return SignificanceTest(np.nan, np.nan, min(p, 1.0), "Fisher exact")


def conditional_odds_ratio(table: Any, level: float = 0.95) -> OddsRatio:
    """Conditional maximum-likelihood odds ratio of a 2 × 2 table with its exact interval and Fisher's p: what R's fisher.test prints.

    >>> round(conditional_odds_ratio([[3, 1], [1, 3]]).odds_ratio, 2)
    6.41
    """
    counts = as_counts(table)
    if counts.shape != (2, 2):
        raise ValueError(f"table: expected 2 × 2, got {counts.shape}")
    fit = stats.contingency.odds_ratio(counts, kind="conditional")
    interval = fit.confidence_interval(level)
    return OddsRatio(float(fit.statistic), float(interval.low), float(interval.high), float(stats.fisher_exact(counts).pvalue))


def category_test(table: Any) -> SignificanceTest:
    """Fisher's exact test where over a fifth of the expected counts is below 5 (Cochran), else chi-square.

    >>> category_test([[3, 0], [0, 3]]).name
    'Fisher exact'
    """
    counts = as_counts(table)
    if (stats.contingency.expected_freq(counts) < 5).mean() > 0.2:
        return fisher_exact_test(counts)
    return chi_square_test(counts)
