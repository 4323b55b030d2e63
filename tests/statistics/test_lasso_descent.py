"""The path of the elastic net lies where no coefficient could be better."""

import numpy as np
import pytest

from analysis.statistics.lasso_descent import descend


def _near_copies(patients: int, columns: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Standardised columns (a row each) that are near-copies of four others, and an outcome."""
    random = np.random.default_rng(seed)
    factors = random.normal(size=(4, patients))
    values = factors[np.arange(columns) % 4] + 0.3 * random.normal(size=(columns, patients))
    label = (factors[0] + random.normal(size=patients) > 0).astype(float)
    values -= values.mean(axis=1, keepdims=True)
    return np.ascontiguousarray(values / values.std(axis=1, keepdims=True)), label


@pytest.mark.parametrize("mixing", [1.0, 0.5])
@pytest.mark.parametrize(("patients", "columns"), [(40, 30), (120, 12), (25, 60)])
def test_the_conditions_of_the_minimum_hold(patients, columns, mixing):
    values, label = _near_copies(patients, columns, seed=columns)
    largest = np.abs(values @ (label - label.mean())).max() / patients / mixing
    penalties = largest * np.geomspace(1, 1e-2, 30)
    intercepts, coefficients, done = descend(
        values, label, penalties=penalties, mixing=mixing, least_gain=-1.0, tolerance=1e-12
    )
    assert done == 30
    for penalty, intercept, found in zip(penalties, intercepts, coefficients, strict=True):
        probability = 1 / (1 + np.exp(-(intercept + found @ values)))
        slope = values @ (label - probability) / patients - penalty * (1 - mixing) * found
        assert abs((label - probability).mean()) < 1e-6
        assert np.abs(slope).max() < penalty * mixing + 1e-6
        inside = found != 0
        assert slope[inside] == pytest.approx(penalty * mixing * np.sign(found[inside]), abs=1e-6)
    assert (coefficients[-1] != 0).sum() > 5


def test_columns_that_are_copies_end():
    values, label = _near_copies(60, 4, seed=1)
    copies = np.ascontiguousarray(np.repeat(values, 3, axis=0))
    penalties = np.geomspace(0.2, 1e-3, 20)
    alone, _, _ = descend(values, label, penalties, 1.0, least_gain=-1.0, tolerance=1e-12)
    intercepts, coefficients, _ = descend(
        copies, label, penalties, 1.0, least_gain=-1.0, tolerance=1e-12
    )
    assert intercepts == pytest.approx(alone, abs=1e-6)
    assert np.isfinite(coefficients).all()
