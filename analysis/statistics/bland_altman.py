"""Limits of agreement of two measurements of the same patients (Bland & Altman 1986).

By hand, as pingouin and statsmodels draw the plot and give no intervals of bias and limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm, t

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_level, as_vector
from analysis.statistics.estimate import Estimate


@dataclass(frozen=True)
class BlandAltman:
    """Bland-Altman bias and limits of agreement.

    bias: mean difference first - second; lower, upper: bias ± z × SD. Each has its interval, in the
    measurements' unit.
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    standard_deviation: float


def bland_altman(first: Any, second: Any, level: float = 0.95) -> BlandAltman:
    """Bland-Altman bias and limits of agreement with t intervals; at least 3 pairs.

    The SE of a limit is SD √(1/n + z²/(2(n - 1))).

    Unit: that of the measurements. Missing values or fewer pairs are a ValueError. Source: Bland &
    Altman 1986, 1999.

    >>> bland_altman([1, 2, 3], [1, 2, 3]).bias.value
    0.0
    """
    one, two = as_vector(first, "first"), as_vector(second, "second")
    if len(one) != len(two):
        raise ValueError(f"second: {counted(len(two), 'value')} for {len(one)} in first")
    n = len(one)
    if n < 3:
        raise ValueError(f"first: {counted(n, 'pair')}; at least 3 are needed")
    difference = one - two
    bias, deviation, z = (
        float(difference.mean()),
        float(difference.std(ddof=1)),
        float(norm.ppf((1 + as_level(level)) / 2)),
    )
    quantile = t.ppf((1 + level) / 2, n - 1)

    def estimate(value: float, error: float) -> Estimate:
        return Estimate(value, float(value - quantile * error), float(value + quantile * error), n)

    of_limit = deviation * np.sqrt(1 / n + z**2 / (2 * (n - 1)))
    return BlandAltman(
        estimate(bias, deviation / np.sqrt(n)),
        estimate(bias - z * deviation, of_limit),
        estimate(bias + z * deviation, of_limit),
        deviation,
    )
