"""Probabilities from scores, by Platt's sigmoid.

The sigmoid is learnt from scores of patients whom the path had not seen.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV

from models.radiomics.classifiers import decision


class Sigmoid(NamedTuple):
    """Probability = 1 / (1 + exp(-(intercept + slope × score)))."""

    slope: float
    intercept: float

    def probability(self, score: np.ndarray) -> np.ndarray:
        """Probability of a score by Platt scaling: expit(slope × score + intercept)."""
        return expit(self.slope * np.asarray(score, dtype=float) + self.intercept)


class _GivenScore(ClassifierMixin, BaseEstimator):
    """Classifier whose decision is its only column.

    By it scikit-learn's calibration can be given scores.
    """

    def fit(self, X: Any, y: Any) -> Any:
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X: Any) -> Any:
        return X[:, 0]

    def predict(self, X: Any) -> Any:
        return (X[:, 0] > 0).astype(int)


def out_of_fold_sigmoid(score: np.ndarray, label: np.ndarray) -> Sigmoid | None:
    """Platt's sigmoid on out-of-fold scores.

    It is that of Platt 2000, with his smoothed targets; scikit-learn's.

    All classifiers get it, logistic regression too: their features were chosen with the
    outcome of the patients that they learn from, so that the probabilities that they give
    themselves are too extreme. None where the sigmoid falls, that is, where the scores do not rise
    with the outcome out of fold: it would turn every patient's rank round.
    """
    everyone = np.arange(len(score))
    fitted = CalibratedClassifierCV(
        _GivenScore(), method="sigmoid", cv=[(everyone, everyone)], ensemble=False
    ).fit(score[:, None], label)
    platt = fitted.calibrated_classifiers_[0].calibrators[0]
    return Sigmoid(-float(platt.a_), -float(platt.b_)) if platt.a_ < 0 else None


def estimated_probability(
    estimator: Any, sigmoid: Sigmoid | None, values: np.ndarray
) -> np.ndarray:
    """Probability by a fitted classifier.

    The probability is its sigmoid's, else its own, else expit of its decision function. values:
    patients × selected features, scaled, or their components.
    """
    if sigmoid is not None:
        return sigmoid.probability(decision(estimator, values))
    # A support vector machine has no probability of its own; its score takes the place of log odds.
    return (
        estimator.predict_proba(values)[:, 1]
        if hasattr(estimator, "predict_proba")
        else expit(estimator.decision_function(values))
    )
