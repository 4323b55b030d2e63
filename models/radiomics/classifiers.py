"""The five classifiers and the grids that they are tuned over."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from xgboost import XGBClassifier


def classifier(name: str, seed: int, patients: int) -> tuple[BaseEstimator, dict[str, list]]:
    """The classifier and its grid, the middle value first where nothing is tuned; patients: of the
    smallest set that it is fitted on."""
    if name == "logistic":
        return LogisticRegression(max_iter=2000), {"C": [0.01, 0.1, 1.0]}
    if name == "svm":
        return SVC(kernel="rbf", gamma="scale", random_state=seed), {"C": [0.1, 1.0, 10.0]}
    if name == "knn":
        # Uniform weights: with weights by distance every patient is its own nearest neighbour and
        # apparent AUC is 1.
        return KNeighborsClassifier(weights="uniform"), {
            "n_neighbors": [k for k in (9, 15, 21) if k <= patients] or [max(1, patients // 2)]
        }
    if name == "xgboost":
        boosted = XGBClassifier(
            n_estimators=120,
            learning_rate=0.05,
            subsample=0.8,
            colsample_bytree=0.8,
            n_jobs=1,
            random_state=seed,
            tree_method="exact",
        )
        return boosted, {"max_depth": [1, 2, 3]}
    if name == "mlp":
        return MLPClassifier(
            hidden_layer_sizes=(16,), solver="lbfgs", max_iter=2000, tol=1e-3, random_state=seed
        ), {"alpha": [0.1, 1.0, 5.0]}
    raise ValueError(f"unknown classifier '{name}'")


def decision(estimator: Any, values: np.ndarray) -> np.ndarray:
    """A fitted classifier's score of the event: its decision function, or else its probability, as
    scikit-learn's scorers take it."""
    return (
        estimator.decision_function(values)
        if hasattr(estimator, "decision_function")
        else estimator.predict_proba(values)[:, 1]
    )
