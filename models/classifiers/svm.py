"""Support vector machine with a radial kernel."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, and C."""
    from sklearn.svm import SVC  # takes seconds to load

    return SVC(kernel="rbf", gamma="scale", random_state=seed), {"C": [0.1, 1.0, 10.0]}


# Its support vectors are patients.
CLASSIFIER = Classifier("svm", "support vector machine", make, "#56B4E9", holds_patients=True)
