"""Cross-validated LASSO or elastic net of logistic regression, as glmnet's cv.glmnet does it.

Columns are scaled in the fold; the penalties are lambda.min and lambda.1se.

By hand, as scikit-learn's LogisticRegressionCV has no lambda.1se and expects columns that were
scaled on all patients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_label

# glmnet's: probabilities in the deviance of left-out patients, and the least gain of explained
# deviance by which a path goes on.
CLIP, LEAST_GAIN, TOLERANCE = 1e-5, 1e-5, 1e-12


@dataclass(frozen=True)
class LassoCrossValidation:
    """Penalties, errors and coefficients of the cross-validated LASSO.

    penalties: lambda, largest first. deviance, error: mean binomial deviance a patient in left-out
    folds and its standard error over folds. at_least, one_standard_error: glmnet's lambda.min and
    lambda.1se. coefficients: of all patients, a row a penalty, on the original scale, with
    "(intercept)" first. folds: how many.
    """

    penalties: NDArray[np.float64]
    deviance: NDArray[np.float64]
    error: NDArray[np.float64]
    at_least: float
    one_standard_error: float
    coefficients: pd.DataFrame
    folds: int


def _path(
    values: NDArray[np.float64],
    label: NDArray[np.float64],
    penalties: NDArray[np.float64],
    mixing: float,
    stop: bool = False,
) -> NDArray[np.float64]:
    """penalties × (intercept, coefficients), on the original scale.

    Columns are standardised with the 1/n SD of these patients; a constant one has coefficient 0.
    mixing: 1 for LASSO. stop: end where nothing more is explained.
    """
    from analysis.statistics.lasso_descent import descend  # numba takes half a second to load

    mean, deviation = values.mean(axis=0), values.std(axis=0)
    varies = deviation > 1e-12 * np.maximum(np.abs(mean), 1e-300)
    columns = np.ascontiguousarray(((values[:, varies] - mean[varies]) / deviation[varies]).T)
    intercepts, coefficients, done = descend(
        columns,
        label,
        penalties=penalties,
        mixing=mixing,
        least_gain=LEAST_GAIN if stop else -1.0,
        tolerance=TOLERANCE,
    )
    found = np.zeros((done, values.shape[1] + 1))
    found[:, 1:][:, varies] = coefficients[:done] / deviation[varies]
    found[:, 0] = intercepts[:done] - found[:, 1:] @ mean
    return found


def lasso_cross_validation(
    table: pd.DataFrame,
    outcome: Any,
    folds: Any,
    penalties: Sequence[float] | int = 100,
    *,
    mixing: float = 1.0,
) -> LassoCrossValidation:
    """Cross-validated deviance along the penalty of the lasso, or of the elastic net.

    Validated against glmnet::cv.glmnet(family = "binomial"); the elastic net against scikit-learn.

    table: patients × numeric columns. folds: a name of the left-out fold a patient (foldid).
    penalties: the values of lambda, or how many of glmnet's own: from the largest, which keeps
    nothing, down to its 1e-4 (1e-2 where there are fewer patients than columns), ending where no
    more is explained. mixing: glmnet's alpha, above 0; the penalty is
    λ(alpha Σ|b| + (1 - alpha) Σb² / 2), the lasso's at 1. Each fold standardises its own patients,
    and the deviance of the left-out ones is averaged by fold; its standard error is that of the
    folds' means. one_standard_error: the largest penalty whose deviance is at most the least one
    plus its standard error. Raises ValueError for a mixing that is not above 0 and at most 1,
    missing values, fewer than two folds, a fold without both outcomes among the others, or constant
    columns. Source: Friedman, Hastie & Tibshirani 2010.

    >>> row = np.arange(24)
    >>> table = pd.DataFrame({"x": row % 12.0, "y": np.tile([0.0, 1.0, 3.0], 8)})
    >>> found = lasso_cross_validation(table, row % 12 > 4, row % 3, penalties=20)
    >>> bool(found.one_standard_error >= found.at_least)
    True
    """
    label = as_label(outcome, name="outcome")
    if not 0 < mixing <= 1:
        raise ValueError(f"mixing: above 0 and at most 1, got {mixing}")
    values = table.to_numpy(dtype=float)
    if len(values) != len(label) or not np.isfinite(values).all():
        raise ValueError(
            f"table: expected {counted(len(label), 'patient')} without missing or infinite values,"
            f" got shape {values.shape}"
        )
    if (values.std(axis=0) == 0).any():
        raise ValueError(
            "table: constant columns"
            f" {', '.join(map(str, table.columns[values.std(axis=0) == 0]))}; leave them out"
        )
    names, fold = np.unique(np.asarray(folds), return_inverse=True)
    if len(fold) != len(label) or len(names) < 2:
        raise ValueError(
            "folds: one name a patient and at least two folds are needed, got"
            f" {counted(len(fold), 'value')} and {counted(len(names), 'fold')}"
        )
    if any(len(np.unique(label[fold != place])) < 2 for place in range(len(names))):
        raise ValueError("folds: without one of the folds all patients have the same outcome")
    if isinstance(penalties, (int, np.integer)):
        if penalties < 1:
            raise ValueError(f"penalties: at least one is needed, got {penalties}")
        scaled = (values - values.mean(axis=0)) / values.std(axis=0)
        largest = float(np.abs(scaled.T @ (label - label.mean())).max() / len(label)) / mixing
        grid = largest * np.geomspace(1, 1e-2 if len(values) < values.shape[1] else 1e-4, penalties)
    else:
        grid = np.sort(np.atleast_1d(np.asarray(penalties, dtype=float)))[::-1]
        if not len(grid) or not (np.isfinite(grid) & (grid > 0)).all():
            raise ValueError("penalties: each lambda must be a positive number")
    whole = _path(values, label, grid, mixing, stop=isinstance(penalties, (int, np.integer)))
    grid = grid[: len(whole)]
    by_fold = np.empty((len(names), len(grid)))
    for place in range(len(names)):
        out = fold == place
        linear = (
            np.column_stack([np.ones(out.sum()), values[out]])
            @ _path(values[~out], label[~out], grid, mixing).T
        )
        probability = np.clip(1 / (1 + np.exp(-np.clip(linear, -500, 500))), CLIP, 1 - CLIP)
        by_fold[place] = -2 * np.where(
            label[out][:, None] == 1, np.log(probability), np.log(1 - probability)
        ).mean(axis=0)
    size = np.bincount(fold)
    deviance = size @ by_fold / size.sum()
    error = np.sqrt(size @ (by_fold - deviance) ** 2 / size.sum() / (len(names) - 1))
    least = int(np.argmin(deviance))
    one = int(np.flatnonzero(deviance <= deviance[least] + error[least])[0])
    coefficients = pd.DataFrame(
        whole, columns=["(intercept)", *table.columns], index=pd.Index(grid, name="lambda")
    )
    return LassoCrossValidation(
        grid,
        deviance,
        error=error,
        at_least=float(grid[least]),
        one_standard_error=float(grid[one]),
        coefficients=coefficients,
        folds=len(names),
    )
