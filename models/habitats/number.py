"""Number of habitats by a criterion that sees intensities alone, and no outcome."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import calinski_harabasz_score, silhouette_score

from models.habitats.clustering import Clustering

# Voxels that a silhouette, which takes all pairs, is computed on.
SILHOUETTE_VOXELS = 2000


def _bic(values: np.ndarray, found: Clustering) -> float:
    """Bayesian information criterion of a mixture on the standardised voxels (Schwarz 1978)."""
    assert found.weights is not None
    assert found.roots is not None
    scaled = (values - found.mean) / found.deviation
    clusters, phases = found.centres.shape
    logs = np.column_stack(
        [found.nearness(scaled, place) for place in range(clusters)]
    ) - 0.5 * phases * np.log(2 * np.pi)
    highest = logs.max(axis=1, keepdims=True)
    likelihood = (highest[:, 0] + np.log(np.exp(logs - highest).sum(axis=1))).sum()
    parameters = clusters * (phases + phases * (phases + 1) / 2) + clusters - 1
    return float(parameters * np.log(len(values)) - 2 * likelihood)


def goodness(values: np.ndarray, found: Clustering, criterion: str, seed: int) -> float:
    """Goodness of a clustering of these voxels: the higher, the better.

    silhouette (Rousseeuw 1987): its mean over SILHOUETTE_VOXELS voxels drawn by the seed, on
    standardised intensities. calinski_harabasz (1974): on all. bic: minus the criterion, of a
    mixture alone. Minus infinity where all voxels fall into one cluster.
    """
    if criterion == "bic":
        return -_bic(values, found)
    numbers, scaled = found.assign(values), (values - found.mean) / found.deviation
    if criterion == "silhouette" and len(values) > SILHOUETTE_VOXELS:
        drawn = np.random.default_rng(seed).choice(len(values), SILHOUETTE_VOXELS, replace=False)
        numbers, scaled = numbers[drawn], scaled[drawn]
    if not 2 <= len(np.unique(numbers)) < len(numbers):
        return -np.inf
    score = silhouette_score if criterion == "silhouette" else calinski_harabasz_score
    return float(score(scaled, numbers))
