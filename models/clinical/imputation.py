"""Imputation of missing numbers from the other predictors, never from the outcome."""

from __future__ import annotations

import warnings

import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401  (scikit-learn asks for it)
from sklearn.impute import IterativeImputer

ROUNDS = 20


def fitted_imputer(numbers: pd.DataFrame) -> IterativeImputer:
    """Fitted imputer of missing values by chained equations.

    Chained Bayesian ridge regressions over all columns (van Buuren & Groothuis-Oudshoorn 2011, a
    single deterministic imputation as prediction needs it), bounded by the range of each column.
    Columns without gaps get a regression too, as a new patient may lack them.
    """
    low, high = numbers.min().to_numpy(), numbers.max().to_numpy()
    # scikit-learn wants room between the bounds; a constant column has none.
    imputer = IterativeImputer(
        max_iter=ROUNDS,
        min_value=low - 1e-9,
        max_value=high + 1e-9,
        skip_complete=False,
        random_state=0,
    )
    with warnings.catch_warnings():
        # The last rounds change the third digit; another round is no better a guess.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return imputer.fit(numbers.to_numpy())
