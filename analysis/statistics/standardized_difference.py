"""Standardized mean difference between two groups: how far apart they are, whatever their size.

By hand, as neither statsmodels nor pingouin has the denominators of tableone and smd, or a
category's difference.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.statistics.checks import as_category, as_vector


def _pair(first: Any, second: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    one, two = as_vector(first, "first"), as_vector(second, "second")
    if min(len(one), len(two)) < 2:
        raise ValueError(
            f"first: both groups need at least 2 values, got {len(one)} and {len(two)}"
        )
    return one, two


def standardized_mean_difference(first: Any, second: Any, denominator: int = 1) -> float:
    """Standardized mean difference: |difference of means| / √((v1 + v2) / 2).

    denominator: variances over n - 1 (R's tableone), or n with 0 (R's smd).

    Two constants: 0 if equal, else infinity.

    >>> standardized_mean_difference([1, 2, 3], [2, 3, 4])
    1.0
    """
    one, two = _pair(first, second)
    pooled = np.sqrt((one.var(ddof=denominator) + two.var(ddof=denominator)) / 2)
    difference = abs(one.mean() - two.mean())
    if pooled > 0:
        return float(difference / pooled)
    return 0.0 if difference == 0 else np.inf


def standardized_category_difference(first: Any, second: Any) -> float:
    """Multinomial standardized difference of a category (Yang & Dalton 2012).

    It is √(d' S⁻¹ d) over all levels but the first.

    first, second: one category a patient. Infinite where a combination of levels holds one whole
    group and nobody of the other, as nothing varies along it (0 % against 100 %). Validated against
    R's tableone and smd, which print 0 or a finite number there.

    >>> standardized_category_difference(["a", "b"], ["a", "b"])
    0.0
    >>> standardized_category_difference(["a", "a"], ["b", "b"])
    inf
    """
    one, two = pd.Series(as_category(first, "first")), pd.Series(as_category(second, "second"))
    levels = sorted(set(one) | set(two))
    if not set(one) & set(two):
        return float(np.inf)
    p, q = (np.array([(values == level).mean() for level in levels[1:]]) for values in (one, two))
    spread = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
    # Of groups that share a level the spread has an inverse, as the level left out takes part in
    # it.
    squared = float((p - q) @ np.linalg.solve(spread, p - q)) if len(levels) > 1 else 0.0
    return float(np.sqrt(max(squared, 0.0)))


def standardized_difference_error(difference: float, n_first: int, n_second: int) -> float:
    """Standard error of a standardized difference (Hedges & Olkin 1985).

    It is √((n1 + n2) / (n1 n2) + d² / (2 (n1 + n2))).

    >>> round(standardized_difference_error(0.0, 50, 50), 3)
    0.2
    """
    total = n_first + n_second
    return float(np.sqrt(total / (n_first * n_second) + difference**2 / (2 * total)))


def cohens_d(first: Any, second: Any, corrected: bool = False) -> float:
    """Cohen's d: signed difference of means over the pooled SD, by pingouin.

    corrected: Hedges' g by the exact small-sample factor, for which pingouin has an approximation.
    Validated against effectsize.

    >>> round(cohens_d([1, 2, 3], [2, 3, 4]), 3)
    -1.0
    """
    import pingouin  # takes seconds to load

    one, two = _pair(first, second)
    if np.ptp(one) == 0 and np.ptp(two) == 0:
        raise ValueError(
            "first: both groups are constant, so the standardized difference is undefined"
        )
    freedom = len(one) + len(two) - 2
    factor = (
        np.exp(gammaln(freedom / 2) - gammaln((freedom - 1) / 2)) / np.sqrt(freedom / 2)
        if corrected
        else 1.0
    )
    return float(factor * pingouin.compute_effsize(one, two, eftype="cohen"))
