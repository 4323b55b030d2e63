"""Pairs of patients who are far closer to each other than a patient's neighbours are.

Such a pair is one patient entered twice.

By hand, as no library tests single pairs for it: near-duplicate detectors take a fixed distance,
which is too wide for some tables and too narrow for others.
"""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from analysis.training.leakage.guard import GUARD_LEVEL

# The distance of a pair is held against that to the tenth neighbour, so that up to nine copies of a
# patient are found.
NEIGHBOURS = 10
FEWEST_PATIENTS = 12
# Least size: a pair alarms only below this share of the usual distance between neighbours.
LARGEST_SHARE = 0.3
# Directions in which patients vary by less than this variance of a standardised column may be noise
# of the measurement.
LEAST_VARIANCE = 0.01


def uncorrelated(values: np.ndarray) -> np.ndarray:
    """Columns, of any scale and tail, as uncorrelated directions of unit variance.

    A missing value takes its column's median.

    Features come in groups that say the same, by which all patients of a similar size look alike;
    what tells patients apart is in the many directions of less variance. Those below
    LEAST_VARIANCE, and beyond a third of the patients, are left out.
    """
    known = np.isfinite(values)
    values = values[:, known.any(axis=0)]
    middle = np.nanmedian(values, axis=0)
    deviation = np.nanmedian(np.abs(values - middle), axis=0) * 1.4826
    deviation = np.where(deviation > 0, deviation, np.nanstd(values, axis=0))
    varying = deviation > 0
    if not varying.any():
        return np.zeros((len(values), 0))
    # arcsinh is straight in the middle, so that near values stay near, and logarithmic in the
    # tails.
    scaled = np.arcsinh((values[:, varying] - middle[varying]) / deviation[varying])
    scaled = np.where(np.isfinite(scaled), scaled, 0.0)
    scaled -= scaled.mean(axis=0)
    left, singular, _ = np.linalg.svd(scaled, full_matrices=False)
    kept = int(((singular**2 / len(values)) > LEAST_VARIANCE).sum())
    return left[:, : min(kept, max(2, len(values) // 3))] * np.sqrt(len(values))


def twins(values: np.ndarray, level: float = GUARD_LEVEL) -> list[tuple[int, int]]:
    """Pairs of rows (first < second) that are improbably close.

    values: patients × columns on comparable scales, none missing. Where points lie about evenly in
    m dimensions, the nearest of k neighbours is nearer than r times the k-th with probability 1 −
    (1 − r^m)^(k − 1) (Facco et al. 2017, for k = 2). m is that of the cohort itself, from the
    median ratio, which a few twins do not move. A pair is named where this probability, times the
    number of patients and neighbours, is below `level`, and its distance below LARGEST_SHARE of the
    median one to the k-th neighbour. Fewer than 12 patients are too few, and give none.
    """
    count = len(values)
    if count < FEWEST_PATIENTS or not values.shape[1]:
        return []
    neighbours = min(NEIGHBOURS, (count - 1) // 2)
    distance, index = (
        NearestNeighbors(n_neighbors=neighbours + 1, algorithm="brute")
        .fit(values)
        .kneighbors(values)
    )
    # Of equal rows another one may stand first: each row is taken out of its own neighbours by its
    # number.
    own = index == np.arange(count)[:, None]
    own[~own.any(axis=1), -1] = True
    distance, index = distance[~own].reshape(count, -1), index[~own].reshape(count, -1)
    furthest = distance[:, -1]
    usable = furthest > 0
    if not usable.any():
        return []
    ratio = np.where(usable[:, None], distance / np.where(usable, furthest, 1)[:, None], 1.0)
    middle = float(np.median(ratio[usable, 0]))
    if not 0 < middle < 1:
        return []
    dimensions = np.log(1 - 0.5 ** (1 / (neighbours - 1))) / np.log(middle)
    chance = 1 - (1 - ratio**dimensions) ** (neighbours - 1)
    near = (chance * count * neighbours < level) & (distance < LARGEST_SHARE * np.median(furthest))
    pairs = ((int(row), int(index[row, place])) for row, place in np.argwhere(near))
    return sorted({(min(pair), max(pair)) for pair in pairs})
