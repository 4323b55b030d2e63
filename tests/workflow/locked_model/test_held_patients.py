"""Which classifiers keep training patients in their fit, and that an export says so."""

import warnings
from collections.abc import Iterator

import numpy as np
import pytest

from analysis.workflow.locked_model.held_patients import holding_patients
from models.classifiers import CLASSIFIERS

ROWS, COLUMNS = 40, 5


def _arrays(value: object, depth: int = 0) -> Iterator[np.ndarray]:
    """Arrays that a fitted estimator holds, at any depth that scikit-learn uses."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _arrays(each, depth)
    elif hasattr(value, "__dict__") and depth < 3:
        for each in vars(value).values():
            yield from _arrays(each, depth + 1)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_that_keeps_patients_is_declared_so(name):
    draw = np.random.default_rng(4)
    features = draw.normal(size=(ROWS, COLUMNS))
    outcome = (features[:, 0] + draw.normal(size=ROWS) > 0).astype(int)
    estimator, _ = CLASSIFIERS[name].make(1, ROWS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a network of few iterations has not converged
        estimator.fit(features, outcome)
    kept = [
        array
        for array in _arrays(estimator)
        if array.ndim == 2
        and array.shape[1] == COLUMNS
        and any((row == features).all(axis=1).any() for row in array)
    ]
    assert bool(kept) is CLASSIFIERS[name].holds_patients


def test_they_are_named_once_and_in_words():
    parts = {"a": {"classifier": "svm"}, "b": {"classifier": "knn"}, "c": {"kind": "clinical"}}
    assert holding_patients({"parts": parts | {"d": {"classifier": "svm"}}}) == [
        "support vector machine",
        "k-nearest neighbours",
    ]
    assert holding_patients({"parts": {"a": {"classifier": "logistic"}}}) == []
