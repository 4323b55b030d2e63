"""Variance inflation factors: growth of each variable's variance because others tell the same.

By hand, as statsmodels' factor is that of one column, and a category has several (the generalised
one is of them together).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.statistics.regression import LogisticFit, design_matrix


def _generalised(correlation: NDArray[np.float64], owner: NDArray[np.float64]) -> pd.DataFrame:
    rows = {}
    whole = np.linalg.det(correlation)
    for name in dict.fromkeys(owner):
        at = owner == name
        value = float(
            np.linalg.det(correlation[np.ix_(at, at)])
            * np.linalg.det(correlation[np.ix_(~at, ~at)])
            / whole
        )
        rows[name] = {
            "gvif": value,
            "degrees_of_freedom": int(at.sum()),
            "scaled": value ** (1 / (2 * at.sum())),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def variance_inflation(table: pd.DataFrame) -> pd.DataFrame:
    """Generalised variance inflation factor (VIF) of each variable (Fox & Monette 1992).

    Columns: gvif, degrees_of_freedom, scaled = gvif^(1/2df).

    Of the covariates alone, as in linear regression; for one column it is the plain VIF. Validated
    against car::vif(lm). Constant or linearly dependent columns are a ValueError.

    >>> patients = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, -1, -1, 1]})
    >>> variance_inflation(patients)["gvif"].round(6).tolist()
    [1.0, 1.0]
    """
    matrix, source = design_matrix(table)
    centred = (matrix - matrix.mean()).to_numpy()
    if (
        np.linalg.matrix_rank(centred / np.maximum(np.abs(centred).max(axis=0), 1e-300))
        < centred.shape[1]
    ):
        raise ValueError(
            f"table: the columns {', '.join(map(str, matrix.columns))} are constant or linearly"
            " dependent, so that an inflation is infinite"
        )
    return _generalised(
        np.atleast_2d(np.corrcoef(matrix.to_numpy().T)), np.array(list(source.values()))
    )


def variance_inflation_of_fit(fit: LogisticFit) -> pd.DataFrame:
    """Generalised variance inflation factors of a logistic regression.

    The generalised VIF comes from a logistic fit's covariance, so it is weighted as the likelihood
    weights patients. Validated against rms::vif.

    >>> from analysis.statistics.regression import logistic_regression
    >>> fit = logistic_regression(pd.DataFrame({"x": [1.0, 2, 3, 4]}), [0, 1, 0, 1])
    >>> variance_inflation_of_fit(fit)["gvif"].tolist()
    [1.0]
    """
    covariance = np.asarray(fit.covariance)[1:, 1:]
    deviation = np.sqrt(np.diag(covariance))
    return _generalised(
        covariance / np.outer(deviation, deviation), fit.terms["variable"].to_numpy()
    )
