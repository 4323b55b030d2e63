"""Coefficients of the features that LASSO selected, for their figure and its alternative text."""

from __future__ import annotations

import pandas as pd

# At the largest penalty rounding alone may leave a coefficient.
SMALLEST_COEFFICIENT = 1e-8


def selected_coefficients(path: pd.DataFrame) -> pd.Series:
    """Coefficients of the selected features at the penalty that was taken, the largest first.

    path: feature, penalty, coefficient, chosen (the penalty taken) and selected.
    """
    at = (path["penalty"] - path["chosen"]).abs()
    rows = path[path["selected"] & (at <= 1e-6 * path["chosen"])].set_index("feature")
    return rows["coefficient"].sort_values(key=lambda each: -each.abs(), kind="stable")


def kept_none(coefficients: pd.Series) -> bool:
    """True if LASSO kept no coefficient, and the first feature that it was given stayed."""
    return bool(len(coefficients)) and bool((coefficients.abs() <= SMALLEST_COEFFICIENT).all())
