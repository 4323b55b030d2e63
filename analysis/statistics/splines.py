"""Restricted cubic splines (Harrell, Regression Modeling Strategies).

They are cubic between the knots, linear beyond the outer ones.

By hand, as patsy's natural splines (statsmodels' formulas) have another basis and other knots, so
that coefficients could not be compared with rms's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_vector

OUTER = {3: 0.10, 4: 0.05, 5: 0.05, 6: 0.05, 7: 0.025}
# An extreme that so large a share of the values has is left out, and the next value is the outer
# knot (Hmisc's fractied).
TIED = 0.05
FEW = 100


def spline_knots(values: Any, count: int = 4) -> NDArray[np.float64]:
    """Harrell's knots of a restricted cubic spline.

    They are quantiles (type 7) from .05 to .95 (.10 to .90 for 3 knots, .025 to .975 for 7), evenly
    spaced.

    With fewer than 100 values the outer knots are the fifth smallest and fifth largest value. Where
    at least 5 % of the values share the smallest or the largest, and no value between them is as
    frequent, the value next to that extreme is the outer knot and the others are quantiles of what
    lies within. Validated against Hmisc::rcspline.eval, which warns and takes fewer knots where the
    values are too few or too tied for that many different ones; here that is a ValueError.

    >>> spline_knots(range(200), 3).tolist()
    [19.900000000000002, 99.5, 179.1]
    """
    values = np.sort(as_vector(values, "values"))
    if count not in OUTER:
        raise ValueError(f"count: 3 to 7 knots, got {count}")
    distinct, sizes = np.unique(values, return_counts=True)
    share, outer = sizes / len(values), OUTER[count]
    first, last = [], []
    if len(distinct) - 2 > count and share[1:-1].max() < TIED:
        if share[0] >= TIED:
            first = [distinct[1]]
            values = values[values > distinct[1]]
        if share[-1] >= TIED:
            last = [distinct[-2]]
            values = values[values < distinct[-2]]
    inner = count - len(first) - len(last)
    lowest = 0.5 if inner <= 2 else outer
    knots = np.quantile(values, np.linspace(lowest, 1 - outer, inner))
    if len(values) < FEW and inner > 1 and not (first and last):
        if len(values) < 10:
            raise ValueError(
                f"values: {len(values)} are too few for knots at the fifth smallest and largest"
            )
        knots[0], knots[-1] = knots[0] if first else values[4], knots[-1] if last else values[-5]
    knots = np.array([*first, *knots, *last])
    if (np.diff(knots) <= 0).any():
        raise ValueError(f"values: too many ties for {counted(count, 'different knot')}")
    return knots


def restricted_cubic_spline(values: Any, knots: Any) -> NDArray[np.float64]:
    """Basis of a restricted cubic spline: n × (knots - 1).

    It holds the value itself, then the non-linear terms, scaled by (last - first knot)² as in
    Hmisc.

    Knots not in order are a ValueError. Source: Harrell 2015, section 2.4.5.

    >>> restricted_cubic_spline([0.0, 1.0], [0, 1, 2]).tolist()
    [[0.0, 0.0], [1.0, 0.25]]
    """
    values, knots = as_vector(values, "values"), as_vector(knots, "knots")
    if len(knots) < 3 or (np.diff(knots) <= 0).any():
        raise ValueError("knots: at least 3, each larger than the one before")
    cubes = np.maximum(values[:, None] - knots, 0) ** 3
    last, before = knots[-1], knots[-2]
    terms = (
        cubes[:, :-2]
        - cubes[:, [-2]] * (last - knots[:-2]) / (last - before)
        + cubes[:, [-1]] * (before - knots[:-2]) / (last - before)
    )
    return np.column_stack([values, terms / (last - knots[0]) ** 2])
