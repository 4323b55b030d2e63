"""The selection as study.yml lists it: its steps in a row, and what was left after each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.radiomics.correlation import CorrelationFilter
from models.radiomics.lasso import LassoSelection
from models.radiomics.mrmr import MinimumRedundancy
from models.radiomics.selector import FeatureSelector, OutcomeSelector
from models.radiomics.univariable import UnivariableFilter
from models.radiomics.variance import NearConstantFilter

STEPS = ("variance", "univariable", "correlation", "mrmr", "lasso")


class FeatureSelection(OutcomeSelector):
    """The named steps one after the other; expects standardised columns.

    steps: any of variance, univariable, correlation, mrmr, lasso, each at most once, in any order.
    most_common: of the near-constant filter. univariable_features, mrmr_features,
    selected_features: how many go on from the ranking, from mRMR and from LASSO. correlation_limit:
    of Spearman's correlation. seed: of LASSO's folds. lasso_penalty: min or 1se. remaining_: step →
    positions left after it, in order; support_ is the last of them.
    """

    def __init__(
        self,
        steps: Sequence[str] = STEPS,
        most_common: float = 0.95,
        univariable_features: int = 60,
        correlation_limit: float = 0.9,
        mrmr_features: int = 30,
        selected_features: int = 12,
        seed: int = 0,
        lasso_penalty: str = "min",
    ):
        self.steps = steps
        self.most_common = most_common
        self.univariable_features = univariable_features
        self.correlation_limit = correlation_limit
        self.mrmr_features = mrmr_features
        self.selected_features = selected_features
        self.seed = seed
        self.lasso_penalty = lasso_penalty

    def _step(self, name: str) -> FeatureSelector:
        match name:
            case "variance":
                return NearConstantFilter(self.most_common)
            case "univariable":
                return UnivariableFilter(self.univariable_features)
            case "correlation":
                return CorrelationFilter(self.correlation_limit)
            case "mrmr":
                return MinimumRedundancy(self.mrmr_features)
            case "lasso":
                return LassoSelection(self.selected_features, self.seed, self.lasso_penalty)
        raise ValueError(
            f"steps: '{name}' is no step of the selection; these are {', '.join(STEPS)}"
        )

    def _choose(self, values: np.ndarray, event: np.ndarray) -> np.ndarray:
        twice = sorted({name for name in self.steps if list(self.steps).count(name) > 1})
        if twice:
            raise ValueError(f"steps: {', '.join(twice)} named more than once")
        left, self.remaining_ = np.arange(values.shape[1]), {}
        for name in self.steps:
            left = left[self._step(name).fit(values[:, left], event, groups=self._groups).support_]
            self.remaining_[name] = left
        return left
