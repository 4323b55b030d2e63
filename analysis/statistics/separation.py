"""Separation: covariates that separate the outcome, which makes a coefficient infinite."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

# Values that differ by less, as a share of the column's largest, differ by rounding alone.
ROUNDING = 1e-14


def _by_one(values: NDArray[np.float64], label: NDArray[np.float64]) -> bool:
    """As `is_separated` for one column: the values of either outcome lie beside each other."""
    if not np.isfinite(values).all():
        raise ValueError("design: it has values that are not finite")
    of_events, of_others = values[label == 1], values[label != 1]
    if not len(of_events) or not len(of_others):
        return len(values) > 0
    rounding = ROUNDING * np.abs(values).max()
    gap = max(of_events.min() - of_others.max(), of_others.min() - of_events.max())
    return bool(np.ptp(values) > rounding and gap >= -rounding)


def is_separated(design: NDArray[np.float64], label: NDArray[np.float64]) -> bool:
    """True if the outcome is separated, completely or quasi-completely.

    A linear combination of the columns then separates the outcome (Albert & Anderson 1984).

    design: patients × columns without intercept. One column is decided by its values, several by
    linear programming, and neither by a large standard error.

    >>> is_separated(np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 1, 1]))
    True
    """
    if design.shape[1] == 1:
        return _by_one(np.asarray(design[:, 0], dtype=float), label)
    # Columns on one scale, so that the tolerance means the same for each.
    scale = np.abs(design).max(axis=0, initial=1e-300)
    signed = (
        np.column_stack([np.ones(len(design)), design / np.where(scale > 0, scale, 1)])
        * np.where(label == 1, 1.0, -1.0)[:, None]
    )
    solution = linprog(
        -signed.sum(axis=0),
        A_ub=-signed,
        b_ub=np.zeros(len(signed)),
        bounds=[(-1, 1)] * signed.shape[1],
        method="highs",
    )
    return bool(solution.status == 0 and -solution.fun > 1e-7)
