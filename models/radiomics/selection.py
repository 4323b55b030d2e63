"""The selection as study.yml lists it: its steps in a row, and what was left after each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.radiomics.anova import AnovaFilter
from models.radiomics.correlation import CorrelationFilter
from models.radiomics.lasso import ElasticNetSelection, LassoSelection
from models.radiomics.mrmr import MinimumRedundancy
from models.radiomics.selector import FeatureSelector, OutcomeSelector
from models.radiomics.univariable import UnivariableFilter
from models.radiomics.variance import NearConstantFilter
from models.selection_steps import SELECTORS, STEPS


class FeatureSelection(OutcomeSelector):
    """The named steps one after the other; expects standardised columns.

    steps: any of SELECTORS, each at most once, in any order; without any, all features stay.
    most_common: of the near-constant filter. univariable_features, anova_features, mrmr_features,
    selected_features: how many go on from the rankings, from mRMR, and from LASSO or the elastic
    net. correlation_limit: of Spearman's correlation. seed: of LASSO's folds. lasso_penalty: min or
    1se. elastic_net_mixing: share of LASSO's penalty in the elastic net. remaining_: step →
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
        anova_features: int = 20,
        elastic_net_mixing: float = 0.5,
    ):
        self.steps = steps
        self.most_common = most_common
        self.univariable_features = univariable_features
        self.correlation_limit = correlation_limit
        self.mrmr_features = mrmr_features
        self.selected_features = selected_features
        self.seed = seed
        self.lasso_penalty = lasso_penalty
        self.anova_features = anova_features
        self.elastic_net_mixing = elastic_net_mixing

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
            case "anova":
                return AnovaFilter(self.anova_features)
            case "elastic_net":
                return ElasticNetSelection(
                    self.selected_features, self.seed, self.lasso_penalty, self.elastic_net_mixing
                )
        raise ValueError(
            f"steps: '{name}' is no step of the selection; these are {', '.join(SELECTORS)}"
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
