"""Correlation of two measures, and what is left of it once others are held: by pingouin."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_level, as_vector

METHODS = ("pearson", "spearman")


def _pair(first: Any, second: Any, method: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one, two = as_vector(first, "first"), as_vector(second, "second")
    if len(one) != len(two) or len(one) < 3:
        raise ValueError(
            f"second: {counted(len(two), 'value')} for {len(one)} in first; at least 3 pairs are"
            " needed"
        )
    if np.ptp(one) == 0 or np.ptp(two) == 0:
        raise ValueError("first: a constant has no correlation")
    if method not in METHODS:
        raise ValueError(f"method: 'pearson' or 'spearman', got '{method}'")
    return one, two


def correlation(
    first: Any, second: Any, method: str = "pearson", level: float = 0.95
) -> tuple[float, float, float, float]:
    """Correlation coefficient of Pearson or Spearman, with interval and p-value.

    Coefficient, ci_low, ci_high, p of "pearson" (Fisher z interval) or "spearman" (t approximation;
    no interval, as Fisher's is too narrow for ranks).

    Ties share midranks. Fewer than 3 pairs, a constant or a missing value is a ValueError; 3 pairs
    have no interval. Source: pingouin; Fisher 1921.

    >>> round(correlation([1, 2, 3, 4], [1, 3, 2, 4], "spearman")[0], 6)
    0.8
    """
    import pingouin  # takes seconds to load

    one, two = _pair(first, second, method)
    with warnings.catch_warnings():  # of its power and interval in three or four pairs, not used
        warnings.simplefilter("ignore")
        found = pingouin.corr(one, two, method=method).iloc[0]
    value, p, low, high = float(found["r"]), float(found["p_val"]), np.nan, np.nan
    if method == "pearson" and len(one) > 3:
        # Its own interval, which corr has rounded to two digits and at 95 % alone.
        low, high = pingouin.compute_esci(
            stat=value,
            nx=len(one),
            ny=len(one),
            eftype="r",
            confidence=as_level(level),
            decimals=15,
        )
    return value, float(low), float(high), p


def partial_correlation(
    first: Any, second: Any, given: Sequence[Any], method: str = "spearman"
) -> tuple[float, float]:
    """Coefficient and p of first and second once the variables `given` are held.

    Validated against ppcor::pcor.test by its definition: correlation of what regressions on `given`
    leave (of ranks for "spearman").

    given: one vector or more, as long as the two. Fewer than 4 pairs more than variables held, a
    constant or a missing value is a ValueError. By pingouin. Source: Kim 2015.

    >>> first, second, held = [1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5], [1, 2, 2, 4, 4, 6]
    >>> -1 <= partial_correlation(first, second, [held])[0] <= 1
    True
    """
    import pingouin  # takes seconds to load

    one, two = _pair(first, second, method)
    held = [as_vector(each, f"given[{place}]") for place, each in enumerate(given)]
    if not held or any(len(each) != len(one) or np.ptp(each) == 0 for each in held):
        raise ValueError(f"given: expected variables of {counted(len(one), 'value')} that differ")
    if len(one) < 4 + len(held):
        raise ValueError(
            f"first: {counted(len(one), 'pair is', 'pairs are')} too few with"
            f" {counted(len(held), 'variable')} held"
        )
    names = [f"given{place}" for place in range(len(held))]
    table = pd.DataFrame({"first": one, "second": two} | dict(zip(names, held, strict=True)))
    found = pingouin.partial_corr(table, x="first", y="second", covar=names, method=method).iloc[0]
    return float(found["r"]), float(found["p_val"])
