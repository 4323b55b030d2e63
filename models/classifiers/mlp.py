"""Multilayer perceptron with one hidden layer."""

from __future__ import annotations

from typing import Any

from models.classifiers.declaration import Classifier


def make(seed: int, patients: int) -> tuple[Any, dict[str, list]]:
    """The estimator, and its weight decay."""
    from sklearn.neural_network import MLPClassifier  # takes seconds to load

    network = MLPClassifier(
        hidden_layer_sizes=(16,), solver="lbfgs", max_iter=2000, tol=1e-3, random_state=seed
    )
    return network, {"alpha": [0.1, 1.0, 5.0]}


CLASSIFIER = Classifier(
    "mlp", "multilayer perceptron", make=make, colour="#CC79A7", dashes=(0, (1.2, 1.2))
)
