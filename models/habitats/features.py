"""Features of habitats: their share of the volume, and first-order features of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.habitats.clustering import Clustering
from models.habitats.names import LEAST_VOXELS, MEASURES


def fractions(numbers: np.ndarray, habitats: int) -> np.ndarray:
    """Share of the voxels in each habitat; 0 of one that is absent."""
    return np.bincount(numbers - 1, minlength=habitats) / len(numbers)


def _first_order(values: np.ndarray) -> np.ndarray:
    """MEASURES of each phase, phase after phase; NaN of fewer than LEAST_VOXELS voxels."""
    if len(values) < LEAST_VOXELS:
        return np.full(values.shape[1] * len(MEASURES), np.nan)
    low, high = np.percentile(values, [10, 90], axis=0)
    return np.column_stack([values.mean(axis=0), values.std(axis=0), low, high]).ravel()


def habitat_values(
    clustering: Clustering, values: np.ndarray, features: Sequence[str]
) -> np.ndarray:
    """Features of a patient, in the order of `feature_names`.

    values: voxels × phases. First-order features are of the intensities as they are there, and NaN
    in a habitat of fewer than LEAST_VOXELS voxels.
    """
    number = len(clustering.centres)
    numbers = clustering.assign(values)
    shares, row = fractions(numbers, number), []
    for habitat in range(1, number + 1):
        if "fractions" in features and habitat < number:
            row.append(shares[habitat - 1 : habitat])
        if "first_order" in features:
            row.append(_first_order(values[numbers == habitat]))
    return np.concatenate(row)
