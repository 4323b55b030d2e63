"""Separation: covariates that separate the outcome, which makes a coefficient infinite."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog


def is_separated(design: NDArray[np.float64], label: NDArray[np.float64]) -> bool:
    """True if the outcome is separated, completely or quasi-completely.

    A linear combination of the columns then separates the outcome (Albert & Anderson 1984).

    design: patients × columns without intercept. Decided by linear programming, not by a large
    standard error.

    >>> is_separated(np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0, 0, 1, 1]))
    True
    """
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
