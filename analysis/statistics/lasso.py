"""The lasso of logistic regression on glmnet's scale, by scikit-learn."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from analysis.core.word_lists import counted
from analysis.statistics.checks import as_label


def _standardised(
    table: pd.DataFrame, label: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    values = table.to_numpy(dtype=float)
    if len(values) != len(label) or not np.isfinite(values).all():
        raise ValueError(
            f"table: expected {counted(len(label), 'patient')} without missing values, got shape"
            f" {values.shape}"
        )
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    if (deviation == 0).any():
        raise ValueError(
            f"table: constant columns {', '.join(map(str, table.columns[deviation == 0]))}; leave"
            " them out"
        )
    return (values - mean) / deviation, mean, deviation


def lasso_largest_penalty(table: pd.DataFrame, outcome: Any) -> float:
    """Smallest lambda at which all LASSO coefficients are 0.

    It is max |Z'(y - mean y)| / n, with columns standardised with the 1/n SD.

    Source: Friedman, Hastie & Tibshirani 2010 (glmnet).

    >>> round(lasso_largest_penalty(pd.DataFrame({"x": [0.0, 1, 0, 1]}), [0, 1, 0, 1]), 3)
    0.5
    """
    label = as_label(outcome, name="outcome")
    return float(
        np.abs(_standardised(table, label)[0].T @ (label - label.mean())).max() / len(label)
    )


def lasso_path(table: pd.DataFrame, outcome: Any, penalties: Any) -> pd.DataFrame:
    """LASSO coefficients on the original scale, a row a lambda.

    "(intercept)" and "deviance_ratio" stand beside them.

    Loss: -log-likelihood / n + lambda × Σ|b| on columns standardised with the 1/n SD, intercept
    free, so scikit-learn's C = 1 / (n lambda). Validated against glmnet(family = "binomial", alpha
    = 1).

    >>> lasso_path(pd.DataFrame({"x": [0.0, 1, 0, 1]}), [0, 1, 0, 1], [0.6])["x"].tolist()
    [0.0]
    """
    label = as_label(outcome, name="outcome")
    scaled, mean, deviation = _standardised(table, label)
    penalties = np.atleast_1d(np.asarray(penalties, dtype=float))
    if not (np.isfinite(penalties) & (penalties > 0)).all():
        raise ValueError("penalties: each lambda must be a positive number")
    prevalence = label.mean()
    null = (
        -2
        * len(label)
        * (prevalence * np.log(prevalence) + (1 - prevalence) * np.log(1 - prevalence))
    )
    rows = []
    for penalty in penalties:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            fit = LogisticRegression(
                C=1 / (len(label) * penalty),
                l1_ratio=1.0,
                solver="saga",
                tol=1e-9,
                max_iter=200_000,
                random_state=0,
            ).fit(scaled, label)
        coefficient = fit.coef_[0] / deviation
        # saga judges its convergence by the coefficients alone: where all are 0 it stops before the
        # intercept is there.
        intercept = (
            fit.intercept_[0] if coefficient.any() else np.log(prevalence / (1 - prevalence))
        )
        linear = scaled @ fit.coef_[0] + intercept
        deviance = -2 * np.sum(label * linear - np.logaddexp(0, linear))
        rows.append(
            {
                "(intercept)": float(intercept - mean @ coefficient),
                "deviance_ratio": float(1 - deviance / null),
                **dict(zip(table.columns, coefficient, strict=True)),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(penalties, name="lambda"))
