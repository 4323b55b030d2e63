"""Features of habitats: their share of the volume, and first-order features of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from models.habitats.clustering import Clustering
from models.voxels import Voxels

PREFIX = "habitats_"
FRACTION = "fraction"
# First-order features of a habitat in a phase.
MEASURES = ("mean", "deviation", "p10", "p90")
# Fewer voxels have no first-order features: their percentiles would be those of single voxels.
LEAST_VOXELS = 10
NAME = re.compile(rf"{PREFIX}(\d+)of(\d+)_(?:({FRACTION})|(.+)_({'|'.join(MEASURES)}))")


def is_habitat_feature(name: str) -> bool:
    """True of a feature of a habitat."""
    return NAME.fullmatch(name) is not None


def habitat_of_name(name: str) -> tuple[int, int, str | None, str]:
    """Habitat, number of habitats, phase (None for a fraction) and measure of a feature's name.

    `habitats_1of3_late_mean` is (1, 3, "late", "mean"). Raises ValueError for another name.
    """
    found = NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name} is no feature of a habitat")
    habitat, number, fraction, phase, measure = found.groups()
    return int(habitat), int(number), phase, fraction or measure


def feature_names(number: int, phases: Sequence[str], features: Sequence[str]) -> list[str]:
    """Names of the features of `number` habitats, in the order of `habitat_values`.

    Fractions add up to 1, so that of the last habitat is left out: the others say it.
    """
    names = []
    for habitat in range(1, number + 1):
        start = f"{PREFIX}{habitat}of{number}"
        if "fractions" in features and habitat < number:
            names.append(f"{start}_{FRACTION}")
        if "first_order" in features:
            names += [f"{start}_{phase}_{measure}" for phase in phases for measure in MEASURES]
    return names


def fractions(numbers: np.ndarray, habitats: int) -> np.ndarray:
    """Share of the voxels in each habitat; 0 of one that is absent."""
    return np.bincount(numbers - 1, minlength=habitats) / len(numbers)


def _first_order(values: np.ndarray) -> np.ndarray:
    """MEASURES of each phase, phase after phase; NaN of fewer than LEAST_VOXELS voxels."""
    if len(values) < LEAST_VOXELS:
        return np.full(values.shape[1] * len(MEASURES), np.nan)
    low, high = np.percentile(values, [10, 90], axis=0)
    return np.column_stack([values.mean(axis=0), values.std(axis=0), low, high]).ravel()


def habitat_values(clustering: Clustering, voxels: Voxels, features: Sequence[str]) -> np.ndarray:
    """Patients × features, in the order of `feature_names`.

    First-order features are of the intensities as they are in `voxels`, and NaN in a habitat of
    fewer than LEAST_VOXELS voxels.
    """
    number = len(clustering.centres)
    rows = []
    for place in range(len(voxels)):
        values = voxels.patient(place)
        numbers = clustering.assign(values)
        shares, row = fractions(numbers, number), []
        for habitat in range(1, number + 1):
            if "fractions" in features and habitat < number:
                row.append(shares[habitat - 1 : habitat])
            if "first_order" in features:
                row.append(_first_order(values[numbers == habitat]))
        rows.append(np.concatenate(row))
    return np.stack(rows)
