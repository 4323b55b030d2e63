"""Empirical Bayes estimates of what a centre does to the location and variance of features."""

from __future__ import annotations

import numpy as np

CONVERGED, MOST_ITERATIONS = 1e-8, 10_000


def empirical_bayes(scaled: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior location and variance of each feature of one centre.

    scaled: its patients × features, standardised over centres.

    Johnson et al. 2007, section 3.1: normal prior of the location, inverse gamma of the variance,
    both by the method of moments.
    """
    patients = len(scaled)
    location = scaled.mean(axis=0)
    mean, spread = location.mean(), location.var(ddof=1)
    # No variance to learn from one patient, or from the copies of one in a bootstrap sample: the
    # location alone, at the variance of the others.
    if patients == 1 or not scaled.var(axis=0).any():
        return (spread * location + mean) / (spread + 1), np.ones_like(location)
    variance = scaled.var(axis=0, ddof=1)
    centre, width = variance.mean(), max(variance.var(ddof=1), 1e-12)
    shape, rate = (2 * width + centre**2) / width, (centre * width + centre**3) / width
    found, found_variance = location, variance
    for _ in range(MOST_ITERATIONS):
        new = (spread * patients * location + found_variance * mean) / (
            spread * patients + found_variance
        )
        squares = ((scaled - new) ** 2).sum(axis=0)
        new_variance = (squares / 2 + rate) / (patients / 2 + shape - 1)
        change = max(np.abs(new - found).max(), np.abs(new_variance - found_variance).max())
        found, found_variance = new, new_variance
        if change < CONVERGED:
            break
    return found, found_variance
