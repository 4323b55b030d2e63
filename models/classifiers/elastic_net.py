"""Logistic regression with an elastic-net penalty, LASSO's and ridge's together."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, C, and LASSO's share of the penalty."""
    from sklearn.linear_model import LogisticRegression  # takes seconds to load

    # Looser than scikit-learn's tolerance: with thousands of features saga creeps to the last
    # digits, which no ranking of patients shows.
    regression = LogisticRegression(
        solver="saga", l1_ratio=0.5, tol=1e-3, max_iter=5000, random_state=seed
    )
    return regression, {"C": [0.03, 0.1, 0.3, 1.0], "l1_ratio": [0.1, 0.5, 0.9]}


CLASSIFIER = Classifier(
    "elastic_net",
    "elastic net",
    make=make,
    colour="#5B5EA6",
    dashes=(0, (3, 1, 1, 1, 1, 1)),
    citation="zou2005",
    by_default=False,
)
