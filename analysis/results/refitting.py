"""A logistic regression fitted in training and applied to other patients."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.statistics import logistic_regression


def linear(probability: pd.Series) -> pd.Series:
    """Log odds, of a probability kept off 0 and 1 by a millionth."""
    return pd.Series(logit(probability.clip(1e-6, 1 - 1e-6)), index=probability.index)


def refitted(design: pd.DataFrame, label: pd.Series, applied: pd.DataFrame) -> np.ndarray:
    """Probability of the rows of `applied`, by the regression of `label` on `design`.

    The columns are the same.
    """
    fit = logistic_regression(design, label, interval="none")
    return np.asarray(
        expit(fit.intercept + applied.to_numpy() @ fit.terms["coefficient"].to_numpy())
    )
