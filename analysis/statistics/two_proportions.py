"""Interval of a weighted sum of two independent proportions.

It is made from Wilson's interval of each (MOVER).

By hand, as statsmodels has it for the plain difference only; tests hold that case to its
confint_proportions_2indep.
"""

from __future__ import annotations

from math import hypot

from analysis.statistics.estimate import Estimate
from analysis.statistics.proportion import proportion


def weighted_proportions(
    first: tuple[int, int],
    second: tuple[int, int],
    weights: tuple[float, float] = (1.0, -1.0),
    level: float = 0.95,
) -> Estimate:
    """Weighted sum of two proportions, with the hybrid score interval.

    weights[0] × p1 + weights[1] × p2, each p given as (count, of); NaN where one is of nobody.

    Each limit moves both proportions to the end of their Wilson interval and adds the two distances
    as independent errors, so that it keeps its coverage in small groups and stays within what the
    two can reach. n: both groups together. Counts below 0 or above their group are a ValueError.
    Source: Newcombe 1998 (method 10); Zou & Donner 2008.

    >>> found = weighted_proportions((56, 70), (48, 80))
    >>> round(found.value, 4), round(found.ci_low, 4), round(found.ci_high, 4)
    (0.2, 0.0524, 0.3339)
    """
    parts = [proportion(*counts, level, "wilson") for counts in (first, second)]
    value = sum(weight * part.value for weight, part in zip(weights, parts, strict=True))
    # A negative weight turns a proportion's ends round.
    reach = [
        sorted((weight * (part.ci_low - part.value), weight * (part.ci_high - part.value)))
        for weight, part in zip(weights, parts, strict=True)
    ]
    low, high = hypot(reach[0][0], reach[1][0]), hypot(reach[0][1], reach[1][1])
    return Estimate(float(value), float(value - low), float(value + high), parts[0].n + parts[1].n)
