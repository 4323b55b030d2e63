"""Gradient-boosted trees on histograms, scikit-learn's."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, and leaves of its trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # takes seconds to load

    # A leaf of five: the default of twenty leaves a training set of forty no split. Each split
    # looks at a fifth of the features, as trees of near-copies gain nothing from all of them. With
    # the default of 255 bins a fit would keep the midpoint of every two neighbouring values of a
    # feature, and with them the patients' values.
    boosted = HistGradientBoostingClassifier(
        max_iter=100,
        learning_rate=0.05,
        min_samples_leaf=5,
        max_bins=16,
        max_features=0.2,
        early_stopping=False,
        random_state=seed,
    )
    return boosted, {"max_leaf_nodes": [2, 4, 8]}


CLASSIFIER = Classifier(
    "gradient_boosting",
    "gradient boosting",
    make=make,
    colour="#882255",
    dashes=(0, (6, 2, 1.2, 2)),
    citation="friedman2001",
    by_default=False,
)
