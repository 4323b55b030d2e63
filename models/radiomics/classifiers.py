"""The classifiers by name, and their scores."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.classifiers import CLASSIFIERS


def classifier(name: str, seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """Classifier and its grid, the middle value first where nothing is tuned.

    patients: of the smallest set that it is fitted on. Raises ValueError for a name that none is
    declared by.
    """
    if name not in CLASSIFIERS:
        raise ValueError(f"unknown classifier '{name}'")
    return CLASSIFIERS[name].make(seed, patients)


def decision(estimator: Any, values: np.ndarray) -> np.ndarray:
    """Fitted classifier's score of the event.

    It is the decision function, or else the probability, as scikit-learn's scorers take it.
    """
    return (
        estimator.decision_function(values)
        if hasattr(estimator, "decision_function")
        else estimator.predict_proba(values)[:, 1]
    )
