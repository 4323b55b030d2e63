"""Gradient-boosted trees by XGBoost."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, and depths of its trees."""
    from xgboost import XGBClassifier  # takes seconds to load

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


CLASSIFIER = Classifier(
    "xgboost", "XGBoost", make, "#E69F00", citation="chen2016", software=("xgboost",)
)
