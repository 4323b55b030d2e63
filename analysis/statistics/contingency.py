"""Tests of r × c tables: chi-square and Fisher's exact test over all tables with the same margins.

Fisher by hand beyond 2 × 2, as scipy draws tables at random there and so gives another p each call.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import gammaln

from analysis.statistics.estimate import SignificanceTest

MOST_VALUES = 20_000_000
# Tables whose exact odds ratios are kept.
TABLES = 4096


@dataclass(frozen=True)
class OddsRatio:
    """Conditional odds ratio with its exact interval and Fisher's p-value.

    The odds ratio is by conditional maximum likelihood; the p-value is that of Fisher's test.
    """

    odds_ratio: float
    ci_low: float
    ci_high: float
    p: float


def as_counts(table: Any) -> NDArray[np.int_]:
    """2-D counts without empty rows and columns."""
    given = np.asarray(table, dtype=float)
    if given.ndim != 2 or (given < 0).any() or (given != np.round(given)).any():
        raise ValueError(f"table: expected a two-way table of counts, got shape {given.shape}")
    counts: NDArray[np.int_] = given[given.sum(axis=1) > 0][:, given.sum(axis=0) > 0].astype(int)
    if min(counts.shape) < 2:
        raise ValueError(
            "table: expected at least two rows and two columns that aren't empty, got"
            f" {counts.shape}"
        )
    return counts


def chi_square_test(table: Any, continuity: bool = False) -> SignificanceTest:
    """Pearson's chi-square; continuity: Yates' correction, for 2 × 2 only (R's default there).

    >>> chi_square_test([[5, 5], [5, 5]]).p
    1.0
    """
    counts = as_counts(table)
    test = stats.chi2_contingency(counts, correction=continuity)
    return SignificanceTest(
        float(test.statistic),
        int(test.dof),
        float(test.pvalue),
        "chi-square" + (" with Yates' correction" if continuity and counts.shape == (2, 2) else ""),
    )


def _columns(total: int, limits: tuple[int, ...]) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """All ways to put `total` into the places, each up to its limit.

    Returns ways × places, and the sum of −log x! of each way.
    """
    if math.prod(limit + 1 for limit in limits[:-1]) > MOST_VALUES:
        raise OverflowError
    first = [np.arange(limit + 1) for limit in limits[:-1]]
    grid = (
        np.stack(np.meshgrid(*first, indexing="ij"), axis=-1).reshape(-1, len(first))
        if first
        else np.zeros((1, 0), dtype=int)
    )
    rest = total - grid.sum(axis=1)
    inside = (rest >= 0) & (rest <= limits[-1])
    ways = np.column_stack([grid[inside], rest[inside]])
    return ways, -gammaln(ways + 1).sum(axis=1)


def _merged(
    value: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Equal values, to ten digits, once with the sum of their weights."""
    rounded, place = np.unique(np.round(value, 10), return_inverse=True)
    return rounded, np.bincount(place, weights=weight).astype(float)


def _states(
    columns: list[int], rows: tuple[int, ...]
) -> dict[tuple[int, ...], tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Row totals that can remain after the columns of a table are filled.

    What can remain of the row totals once the columns are filled, each with the sums of -log x! on
    the way and their number.

    Remaining totals in any order have the same future, so they are kept sorted, and equal sums are
    merged. Raises OverflowError where more than MOST_VALUES sums would be held.
    """
    states = {tuple(sorted(rows)): (np.zeros(1), np.ones(1))}
    for total in columns:
        following = defaultdict(list)
        held = 0
        for remaining, (value, weight) in states.items():
            ways, step = _columns(total, remaining)
            held += len(ways) * len(value)
            if held > MOST_VALUES:
                raise OverflowError
            left, place = np.unique(
                np.sort(np.array(remaining) - ways, axis=1), axis=0, return_inverse=True
            )
            order = np.argsort(place.ravel(), kind="stable")
            for state, steps in zip(
                map(tuple, left.tolist()),
                np.split(step[order], np.cumsum(np.bincount(place.ravel()))[:-1]),
                strict=True,
            ):
                following[state].append(
                    ((value[:, None] + steps).ravel(), np.repeat(weight, len(steps)))
                )
        states = {
            state: _merged(*map(np.concatenate, zip(*parts, strict=True)))
            for state, parts in following.items()
        }
    return states


def _tail_probability(
    columns: list[int], rows: tuple[int, ...], constant: float, limit: float
) -> float:
    """Probability of all tables whose sum of -log x! is at most the limit.

    The smallest columns are filled one by one; the two largest at once: their sorted sums answer
    every way so far by a search.
    """
    *small, large, _ = sorted(columns)
    probability, work = 0.0, 0
    for remaining, (value, weight) in _states(small, rows).items():
        ways, step = _columns(large, remaining)
        work += len(ways)
        if work > MOST_VALUES:
            raise OverflowError
        step = np.sort(step - gammaln(np.array(remaining) - ways + 1).sum(axis=1))
        below = np.r_[0.0, np.cumsum(np.exp(step - step[-1]))]
        probability += float(
            weight
            * np.exp(value + step[-1] + constant)
            @ below[np.searchsorted(step, limit - value, side="right")]
        )
    return probability


def fisher_exact_test(table: Any) -> SignificanceTest:
    """Two-sided exact p of an r × c table (Fisher's test).

    It is the probability of all tables with these margins that are at most as probable.

    The same p each call. 2 × 2 by scipy, larger ones by enumeration, validated against R's
    fisher.test. A table with too many rivals to enumerate is a ValueError that says so: use
    chi_square_test there, its expected counts are large.

    >>> round(fisher_exact_test([[3, 0], [0, 3]]).p, 3)
    0.1
    """
    counts = as_counts(table)
    if counts.shape == (2, 2):
        return SignificanceTest(
            np.nan, np.nan, float(stats.fisher_exact(counts).pvalue), "Fisher exact"
        )
    if counts.shape[0] > counts.shape[1]:
        counts = counts.T
    rows, columns = tuple(int(v) for v in counts.sum(axis=1)), [int(v) for v in counts.sum(axis=0)]
    constant = float(
        gammaln(np.array(rows) + 1).sum()
        + gammaln(np.array(columns) + 1).sum()
        - gammaln(counts.sum() + 1)
    )
    try:
        # As R does, tables whose probability differs by less than a relative 1e-7 count as equal.
        p = _tail_probability(columns, rows, constant, float(-gammaln(counts + 1).sum()) + 1e-7)
    except OverflowError:
        raise ValueError(
            f"table: too many tables share the margins {rows} and {tuple(columns)} for an exact"
            " test; use chi_square_test"
        ) from None
    return SignificanceTest(np.nan, np.nan, min(p, 1.0), "Fisher exact")


def conditional_odds_ratio(table: Any, level: float = 0.95) -> OddsRatio:
    """Conditional odds ratio of a 2 × 2 table with its exact interval.

    It is the conditional maximum-likelihood odds ratio of a 2 × 2 table with its exact interval and
    Fisher's p: what R's fisher.test prints.

    >>> round(conditional_odds_ratio([[3, 1], [1, 3]]).odds_ratio, 2)
    6.41
    """
    counts = as_counts(table)
    if counts.shape != (2, 2):
        raise ValueError(f"table: expected 2 × 2, got {counts.shape}")
    first, second = counts.tolist()
    return _conditional((*first, *second), level)


# Some milliseconds each; models, folds and cut-offs of a study share many tables.
@lru_cache(maxsize=TABLES)
def _conditional(cells: tuple[int, int, int, int], level: float) -> OddsRatio:
    """As `conditional_odds_ratio`; cells: of the table, row by row."""
    counts = np.reshape(cells, (2, 2))
    fit = stats.contingency.odds_ratio(counts, kind="conditional")
    interval = fit.confidence_interval(level)
    return OddsRatio(
        float(fit.statistic),
        float(interval.low),
        float(interval.high),
        float(stats.fisher_exact(counts).pvalue),
    )


def category_test(table: Any) -> SignificanceTest:
    """Fisher's exact test or chi-square test of a contingency table.

    It is Fisher's exact test where over a fifth of the expected counts is below 5 (Cochran), else
    chi-square, also where the table has too many rivals for an exact test.

    Empty rows and columns are left out. Source: Cochran 1954.

    >>> category_test([[3, 0], [0, 3]]).name
    'Fisher exact'
    """
    counts = as_counts(table)
    if (stats.contingency.expected_freq(counts) < 5).mean() > 0.2:
        try:
            return fisher_exact_test(counts)
        except ValueError:
            return replace(
                chi_square_test(counts), name="chi-square (too many tables for Fisher's exact test)"
            )
    return chi_square_test(counts)
