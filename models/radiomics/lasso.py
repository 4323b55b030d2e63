"""Features that LASSO keeps."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LassoCV

from models.folds import stratified_folds
from models.radiomics.selector import OutcomeSelector

FOLDS, PENALTIES, SMALLEST = 3, 30, 1e-2


class LassoSelection(OutcomeSelector):
    """At most `features` of LASSO's coefficients, the largest first; where it keeps none, the first feature that it was given.

    Squared error on the 0/1 outcome (scikit-learn's LassoCV): thirty penalties down to a hundredth of the largest, the one of
    least error in three stratified folds seeded by `seed`. Expects standardised columns, as coefficients are compared. With one
    patient of an outcome there is nothing to cross-validate on and the first `features` stay.
    """

    def __init__(self, features: int = 12, seed: int = 0):
        self.features = features
        self.seed = seed

    def _choose(self, values: np.ndarray, event: np.ndarray) -> np.ndarray:
        smallest = int(min(event.sum(), (~event).sum()))
        if smallest < 2:
            return np.arange(values.shape[1])[: self.features]
        folds = stratified_folds(min(FOLDS, smallest), event, self.seed, self._groups)
        with warnings.catch_warnings():
            # The smallest penalties of a small fold; their error is not the least.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.lasso_ = LassoCV(alphas=PENALTIES, eps=SMALLEST, cv=folds, max_iter=20000).fit(values, event.astype(float))
        weights = np.abs(self.lasso_.coef_)
        order = np.argsort(-weights, kind="stable")[: self.features]
        return order[weights[order] > 0] if (weights > 0).any() else np.arange(1)
