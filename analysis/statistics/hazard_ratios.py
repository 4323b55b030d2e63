"""Wald's table of a hazard regression: coefficients, tests and hazard ratios with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analysis.statistics.checks import as_level


def hazard_ratio_table(
    coefficient: NDArray[np.float64], error: NDArray[np.float64], level: float, index: Any
) -> pd.DataFrame:
    """Hazard ratios with Wald confidence intervals and tests.

    Columns: coefficient, standard_error, z, p, hazard_ratio, ci_low, ci_high (of the hazard ratio).
    There is a row for each column of the design.

    error: standard errors, robust or of the information. index: names of the rows. A level outside
    (0, 1) is a ValueError. Source: Wald 1943.

    >>> table = hazard_ratio_table(np.zeros(1), np.ones(1), 0.95, ["x"])
    >>> table.loc["x", ["p", "hazard_ratio"]].tolist()
    [1.0, 1.0]
    """
    half = norm.ppf((1 + as_level(level)) / 2) * error
    # Few events: a limit may be beyond what a number can hold, and is infinite then.
    with np.errstate(over="ignore"):
        ratio, low, high = (
            np.exp(coefficient),
            np.exp(coefficient - half),
            np.exp(coefficient + half),
        )
    return pd.DataFrame(
        {
            "coefficient": coefficient,
            "standard_error": error,
            "z": coefficient / error,
            "p": 2 * norm.sf(np.abs(coefficient / error)),
            "hazard_ratio": ratio,
            "ci_low": low,
            "ci_high": high,
        },
        index=index,
    )
