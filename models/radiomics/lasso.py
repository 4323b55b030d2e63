"""Selection by LASSO, and by the elastic net: the features that keep a coefficient."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.statistics import lasso_cross_validation, lasso_largest_penalty
from models.folds import stratified_folds
from models.radiomics.selector import OutcomeSelector

FOLDS, PENALTIES, SMALLEST = 3, 30, 1e-2


class LassoSelection(OutcomeSelector):
    """Selection by LASSO: at most `features` of its coefficients, the largest first.

    Where LASSO keeps none, it is the first feature that it was given.

    Logistic regression as in R's cv.glmnet: thirty penalties down to a hundredth of the largest,
    columns scaled anew in each of three stratified folds seeded by `seed`. penalty: "min" takes the
    penalty of least cross-validated deviance, "1se" the largest one within a standard error of it.
    Coefficients of one standard deviation are compared. With one patient of an outcome, or a fold
    that leaves one outcome alone, there is nothing to cross-validate on and the first `features`
    stay.
    lasso_: the cross-validation; penalty_: the one taken; offered_: positions of the columns that
    vary.
    """

    def __init__(self, features: int = 12, seed: int = 0, penalty: str = "min"):
        self.features = features
        self.seed = seed
        self.penalty = penalty

    @property
    def _lasso_share(self) -> float:
        """LASSO's share of the penalty, glmnet's alpha."""
        return 1.0

    def _choose(self, values: np.ndarray, event: np.ndarray) -> np.ndarray:
        if self.penalty not in ("min", "1se"):
            raise ValueError(f"penalty: 'min' or '1se', got '{self.penalty}'")
        smallest = int(min(event.sum(), (~event).sum()))
        deviation = values.std(axis=0)
        varies = np.flatnonzero(deviation > 1e-12 * np.maximum(np.abs(values).max(axis=0), 1e-300))
        if smallest < 2:
            return np.arange(values.shape[1])[: self.features]
        if not len(varies):
            return np.arange(1)
        fold = np.zeros(len(event), dtype=int)
        for place, (_, held_out) in enumerate(
            stratified_folds(min(FOLDS, smallest), event, self.seed, self._groups)
        ):
            fold[held_out] = place
        if any(len(np.unique(event[fold != place])) < 2 for place in np.unique(fold)):
            return np.arange(values.shape[1])[: self.features]
        table = pd.DataFrame(values[:, varies])
        largest = lasso_largest_penalty(table, event) / self._lasso_share
        if largest <= 0:
            return np.arange(1)
        found = lasso_cross_validation(
            table,
            event,
            fold,
            list(largest * np.geomspace(1, SMALLEST, PENALTIES)),
            mixing=self._lasso_share,
        )
        self.lasso_, self.offered_ = found, varies
        self.penalty_ = found.at_least if self.penalty == "min" else found.one_standard_error
        weights = np.zeros(values.shape[1])
        weights[varies] = (
            np.abs(found.coefficients.loc[self.penalty_].to_numpy()[1:]) * deviation[varies]
        )
        # At the largest penalty rounding alone may leave a coefficient.
        kept = weights > 1e-8
        order = np.argsort(-weights, kind="stable")[: self.features]
        return order[kept[order]] if kept.any() else np.arange(1)


class ElasticNetSelection(LassoSelection):
    """Selection by the elastic net (Zou & Hastie 2005), otherwise as by LASSO.

    mixing: share of LASSO's penalty, above 0 and at most 1; the rest is ridge's, by which strongly
    correlated features stay together where LASSO keeps one of them.
    """

    def __init__(
        self, features: int = 12, seed: int = 0, penalty: str = "min", mixing: float = 0.5
    ):
        super().__init__(features, seed, penalty)
        self.mixing = mixing

    @property
    def _lasso_share(self) -> float:
        return self.mixing
