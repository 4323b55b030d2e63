"""Random forest."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, and the fewest patients of a leaf."""
    from sklearn.ensemble import RandomForestClassifier  # takes seconds to load

    forest = RandomForestClassifier(n_estimators=200, random_state=seed, n_jobs=1)
    return forest, {"min_samples_leaf": [1, 3, 6]}


CLASSIFIER = Classifier(
    "random_forest",
    "random forest",
    make=make,
    colour="#117733",
    dashes=(0, (4, 1.2, 1.2, 1.2)),
    citation="breiman2001",
    by_default=False,
)
