"""k nearest neighbours."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, and numbers of neighbours that there are."""
    from sklearn.neighbors import KNeighborsClassifier  # takes seconds to load

    # Uniform weights: with weights by distance every patient is its own nearest neighbour and
    # apparent AUC is 1.
    neighbours = [k for k in (9, 15, 21) if k <= patients] or [max(1, patients // 2)]
    return KNeighborsClassifier(weights="uniform"), {"n_neighbors": neighbours}


CLASSIFIER = Classifier(
    "knn",
    "k-nearest neighbours",
    make=make,
    colour="#009E73",
    dashes=(0, (5, 1.6)),
    holds_patients=True,
)
