"""ANOVA selection: features ranked by the F statistic of their means in the two outcomes."""

from __future__ import annotations

import numpy as np
from sklearn.feature_selection import f_classif

from models.radiomics.selector import OutcomeSelector


class AnovaFilter(OutcomeSelector):
    """The `features` of largest F statistic (one-way ANOVA by outcome), largest first.

    Equal ones stand in the table's order, constant features last. For two outcomes it is the
    ranking by Student's t; it sees a shift of means, as linear classifiers do.
    """

    def __init__(self, features: int = 20):
        self.features = features

    def _choose(self, values: np.ndarray, event: np.ndarray) -> np.ndarray:
        varies = np.ptp(values, axis=0) > 0
        statistic = np.full(values.shape[1], -1.0)
        if varies.any():
            # Features without spread within the outcomes separate them: infinite, so first.
            with np.errstate(divide="ignore"):
                statistic[varies] = f_classif(values[:, varies], event)[0]
        return np.argsort(-statistic, kind="stable")[: self.features]
