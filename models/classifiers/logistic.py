"""Logistic regression with a ridge penalty."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, and C from strong to no penalty worth the name."""
    from sklearn.linear_model import LogisticRegression  # takes seconds to load

    return LogisticRegression(max_iter=2000), {"C": [0.01, 0.1, 1.0]}


CLASSIFIER = Classifier("logistic", "logistic regression", make, "#0072B2")
