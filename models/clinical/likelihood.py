"""Maximum likelihood of a logistic model, many times over."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

GAIN, MOST_STEPS = 1e-10, 60


def largest_log_likelihood(columns: np.ndarray, label: np.ndarray) -> tuple[float, int]:
    """Largest log-likelihood of an intercept and these columns, and their rank.

    columns: patients × columns, of about unit size. The largest log-likelihood is the maximum, and
    the rank is how many columns are independent.

    Newton's method with halved steps. Where the columns separate the outcome the likelihood has a
    supremum but no maximum; the supremum is returned, to about 1e-9, so that a likelihood ratio
    exists there too. By hand, as the selection of the CR model in each fold, resample and
    permutation takes some hundred thousand of them, and statsmodels' GLM spends most of its time on
    results that are not looked at; tests hold it to statsmodels.
    """
    design = np.column_stack([np.ones(len(label)), columns])
    coefficient = np.zeros(design.shape[1])

    def likelihood(at: np.ndarray) -> float:
        linear = design @ at
        return float(label @ linear - np.logaddexp(0, linear).sum())

    best = likelihood(coefficient)
    for _ in range(MOST_STEPS):
        probability = expit(design @ coefficient)
        information = (design.T * (probability * (1 - probability))) @ design
        # A trace of ridge in the step alone lets dependent columns share a coefficient; the
        # likelihood is not changed by it.
        information.flat[:: len(information) + 1] += 1e-9 * np.trace(information) + 1e-300
        step, size = np.linalg.solve(information, design.T @ (label - probability)), 1.0
        while (new := likelihood(coefficient + size * step)) < best and size > 1e-6:
            size /= 2
        if new - best < GAIN:
            break
        coefficient, best = coefficient + size * step, new
    return max(new, best), int(np.linalg.matrix_rank(design)) - 1
